"""What the first run accepts: consents, PINs, passphrases, and the group that is typed back."""

import pytest

from carehub.care.consent import Purpose
from carehub.ui.screens.first_run.consent import CHOICES, VERSION
from carehub.ui.screens.first_run.model import (
    STEPS,
    Draft,
    asked_group,
    group_fits,
    groups,
    may_go_on,
    passphrase_trouble,
    pin_trouble,
    progress,
)
from carehub.ui.screens.people.model import Typed

CODE = "7K2M-9QXA-B4TN-0HRD-5VWE-J3CP-8ZGS-6F01"


def test_a_draft_makes_the_wish_in_the_order_of_the_text() -> None:
    draft = Draft({Purpose.DEVICE_DATA, Purpose.ARCHIVE}, Typed("王示例", "王奶奶"))
    wish = draft.wish(480)
    assert wish.purposes == tuple(choice.purpose for choice in CHOICES)
    assert (wish.name, wish.called, wish.text_version) == ("王示例", "王奶奶", VERSION)
    assert "王" not in repr(draft)


def test_only_what_is_needed_is_needed() -> None:
    assert not may_go_on([])
    assert not may_go_on([Purpose.DEVICE_DATA])
    assert may_go_on([Purpose.ARCHIVE])


def test_steps_are_counted_from_one() -> None:
    assert progress("language") == (1, len(STEPS))
    assert progress("contact") == (len(STEPS), len(STEPS))


def test_pins_and_passphrases_are_refused_with_a_sentence() -> None:
    assert pin_trouble("123456")
    assert pin_trouble("402857") == ""
    assert passphrase_trouble("short", "short")
    assert passphrase_trouble("four plain example words", "four plain")
    assert passphrase_trouble("four plain example words", "four plain example words") == ""


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("6F01", True), (" 6fo1 ", True), ("6f-0l", True), ("6F02", False), ("6F0", False)],
)
def test_a_group_is_read_as_kindly_as_the_code(typed: str, fits: bool) -> None:
    assert group_fits(CODE, 7, typed) is fits


def test_each_code_asks_for_one_of_its_groups() -> None:
    assert len(groups(CODE)) == 8
    assert 0 <= asked_group(CODE) < 8
