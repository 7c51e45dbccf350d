"""What the lock offers after each kind of trouble."""

import pytest

from carehub.errors import (
    KeyringChanged,
    KeyringUnavailable,
    PinDestroyed,
    PinLocked,
    WayMissing,
    WrongPin,
)
from carehub.ui.door import Ways
from carehub.ui.screens.unlock.model import (
    after,
    counted,
    grouped,
    turned_to,
    view_of,
    wait_words,
    waited,
)

ALL = Ways(exists=True, pin=True, passphrase=True, keyring=True)
ONLY_PIN = Ways(exists=True, pin=True, keyring=True)


def test_the_pin_is_asked_first_then_the_passphrase_then_the_code() -> None:
    assert view_of(ALL).how == "pin"
    assert view_of(Ways(exists=True, passphrase=True)).how == "passphrase"
    bare = view_of(Ways(exists=True))
    assert (bare.how, bool(bare.said)) == ("recovery", True)


def test_other_ways_are_offered_and_only_those() -> None:
    assert view_of(ALL).others == ("passphrase", "recovery")
    assert view_of(ONLY_PIN).others == ("recovery",)
    assert turned_to(view_of(ALL), "recovery").others == ("pin", "passphrase")


def test_a_wait_counts_down_and_ends() -> None:
    view = after(view_of(ONLY_PIN), PinLocked(seconds=2))
    assert view.waiting
    assert not waited(waited(view)).waiting
    assert waited(waited(waited(view))).wait == 0


def test_a_wrong_pin_stays_with_the_pin() -> None:
    view = after(view_of(ONLY_PIN), WrongPin(left=4))
    assert view.how == "pin"
    assert "4" in view.said


def test_a_destroyed_pin_is_offered_no_more() -> None:
    view = after(view_of(ALL), PinDestroyed())
    assert view.how == "recovery"
    assert "pin" not in view.others
    assert after(view_of(ALL), WayMissing()).how == "recovery"


def test_a_lost_keyring_leads_to_the_passphrase_where_there_is_one() -> None:
    assert after(view_of(ALL), KeyringUnavailable()).how == "passphrase"
    view = after(view_of(ONLY_PIN), KeyringChanged())
    assert (view.how, view.others) == ("recovery", ())


def test_a_code_is_grouped_and_counted_while_it_is_typed() -> None:
    assert grouped("ab12cd") == "AB12-CD"
    assert grouped("a" * 40).count("-") == 7
    assert counted("AB12-CD") == 6


@pytest.mark.parametrize(("seconds", "words"), [(294, "Wait 4 min 54 s"), (30, "Wait 30 s")])
def test_waiting_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert wait_words(seconds) == words
