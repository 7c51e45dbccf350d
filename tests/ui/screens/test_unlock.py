"""The lock: right and wrong PINs over restarts, other ways in, a keyring that is gone or changed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from carehub.archive import vault
from carehub.archive.keyrings import MemoryKeys
from carehub.config import Config
from carehub.errors import UnlockError
from carehub.ui import clock
from tests.helpers.builders import bp
from tests.helpers.front_door import PIN, FrontDoor, NoKeys, front_door, made_archive

WRONG = "918273"


@pytest.fixture
def store() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "archive"


@pytest.fixture
def code(folder: Path, store: MemoryKeys) -> str:
    return made_archive(folder, store)


def said(door: FrontDoor, words: str) -> bool:
    return words in door.text("unlock.said")


def come(door: FrontDoor) -> None:
    door.session.begin()
    door.until_page("Unlock")
    door.until(lambda: bool(door.text("unlock.asked")))


@pytest.fixture
def door(folder: Path, store: MemoryKeys, code: str) -> Iterator[FrontDoor]:
    with front_door(folder, store) as made:
        come(made)
        yield made


def test_the_right_pin_opens_home(door: FrontDoor) -> None:
    door.keyboard(PIN)
    door.until_page("Home")
    assert door.shell.visit.person is not None


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_right_one_still_opens(
    door: FrontDoor,
) -> None:
    door.keys("unlock.pin.keys", WRONG)
    door.until(lambda: bool(door.text("unlock.said")))
    assert "Tries left: 9" in door.text("unlock.said")
    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")


def test_wrong_pins_make_one_wait_even_after_a_restart(
    folder: Path, store: MemoryKeys, code: str
) -> None:
    with front_door(folder, store) as first:
        come(first)
        for left in (9, 8, 7, 6, 5):
            first.keys("unlock.pin.keys", WRONG)
            first.until(partial(said, first, f": {left}."))
    with front_door(folder, store) as second:
        come(second)
        assert second.text("unlock.wait").startswith("Wait ")
        assert not second.part("unlock.pin.keys.1").isEnabled()
        assert second.there("unlock.to.recovery")


def test_ten_wrong_pins_end_the_pin_and_the_code_leads_in_to_set_a_new_one(
    folder: Path, store: MemoryKeys, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        with pytest.raises(UnlockError):
            vault.unlock_with_pin(folder, WRONG, 10**12 + n * 10**8, store=store)
    monkeypatch.setattr(clock, "now", lambda: 2 * 10**12)
    with front_door(folder, store) as door:
        come(door)
        door.keys("unlock.pin.keys", WRONG)
        door.until(lambda: "ten wrong tries" in door.text("unlock.said"))
        assert not door.there("unlock.to.pin")
        door.write("unlock.code.line", code.lower())
        door.press("unlock.open")
        door.until_page("Home")
        door.notice("notice.pin.set")
        door.until(lambda: "six new digits" in door.text("pin.now"))
        door.keys("pin.keys", WRONG + WRONG)
        door.until_page("Home")
    with front_door(folder, store) as again:
        come(again)
        again.keys("unlock.pin.keys", WRONG)
        again.until_page("Home")


def test_the_code_may_be_typed_in_any_way(door: FrontDoor, code: str) -> None:
    door.press("unlock.to.recovery")
    assert not door.part("unlock.open").isEnabled()
    door.write("unlock.code.line", code.replace("-", " ").lower().replace("0", "o"))
    assert door.part("unlock.code.line").text().count("-") == 7
    door.press("unlock.open")
    door.until_page("Home")


def test_who_forgot_the_pin_sets_a_new_one_after_the_code(door: FrontDoor, code: str) -> None:
    door.press("unlock.to.recovery")
    door.write("unlock.code.line", code)
    door.press("unlock.open")
    door.until_page("Home")
    door.notice("notice.pin.set")
    door.until(lambda: "six new digits" in door.text("pin.now"))
    door.keys("pin.keys", WRONG + PIN)
    assert "not the same" in door.text("pin.complaint")
    door.keys("pin.keys", WRONG + WRONG)
    door.until_page("Home")
    door.shell.open("mine.pin")
    door.until(lambda: "have now" in door.text("pin.now"))


def test_a_wrong_code_says_what_to_compare(door: FrontDoor) -> None:
    door.press("unlock.to.recovery")
    door.write("unlock.code.line", "A" * 32)
    door.press("unlock.open")
    door.until(lambda: "printed sheet" in door.text("unlock.said"))
    door.press("unlock.to.pin")
    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")


@pytest.mark.parametrize(("store_now", "words"), [(NoKeys(), "not available"), (MemoryKeys(), "")])
def test_a_keyring_that_is_gone_or_changed_leads_to_the_code(
    folder: Path, code: str, store_now: object, words: str
) -> None:
    with front_door(folder, store_now) as door:  # type: ignore[arg-type]  # both are key stores
        come(door)
        door.keys("unlock.pin.keys", PIN)
        door.until(lambda: door.there("unlock.code.line"))
        assert words in door.text("unlock.said")
        assert "recovery code" in door.text("unlock.said")
        assert not door.there("unlock.to.pin")
        door.write("unlock.code.line", code)
        door.press("unlock.open")
        door.until_page("Home")


def test_a_new_pin_after_a_changed_keyring_opens_again(folder: Path, code: str) -> None:
    fresh = MemoryKeys()
    with front_door(folder, fresh) as door:
        come(door)
        door.keys("unlock.pin.keys", PIN)
        door.write("unlock.code.line", code)
        door.press("unlock.open")
        door.until_page("Home")
        door.rest()
        door.session.door.change_pin(WRONG)
    with front_door(folder, fresh) as again:
        come(again)
        again.keys("unlock.pin.keys", WRONG)
        again.until_page("Home")


def test_locking_hides_everything_and_tells_only_that_something_is_urgent(
    door: FrontDoor,
) -> None:
    from carehub.workflows import readings

    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")
    person = door.shell.visit.person
    assert person is not None
    now = clock.now()
    for minutes in (20, 12):
        reading = bp(187, 118, now - minutes * 60_000, person_id=person.id)
        readings.type_in(door.opened, reading, now)
    door.session.lock()
    door.until(lambda: door.there("unlock.urgent"))
    assert door.shell.visit.person is None
    assert door.shell.visit.archive is not None
    assert "187" not in door.spoken()
    door.keys("unlock.pin.keys", PIN)
    door.until_page("AlertPage")


def test_what_is_urgent_and_was_seen_does_not_stand_before_home(door: FrontDoor) -> None:
    from carehub.workflows import alerts, readings

    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")
    person = door.shell.visit.person
    assert person is not None
    now = clock.now()
    taken = readings.type_in(door.opened, bp(205, 118, now, person_id=person.id), now)
    for alert in taken.alerts:
        alerts.acknowledge(door.opened, alert.id, "王示例", now)
    door.session.lock()
    door.until_page("Unlock")
    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")


def test_never_locking_opens_by_the_keyring_alone(
    folder: Path, store: MemoryKeys, code: str
) -> None:
    config = Config(language="en", voice=False, sound=False, lock_minutes=0)
    with front_door(folder, store, config) as door:
        door.session.begin()
        door.until_page("Home")
    with front_door(folder, NoKeys(), config) as bare:
        bare.session.begin()
        bare.until_page("Unlock")
