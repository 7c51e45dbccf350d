"""First run from the first page to home, through a real encrypted archive; and broken off midway."""

from datetime import date
from pathlib import Path

import pytest

from carehub import config as settings
from carehub import i18n, paths
from carehub.archive import consents, people, vault
from carehub.archive.keyrings import MemoryKeys
from carehub.care.consent import Purpose
from carehub.care.people import ConditionCode, HistoryKind, Sex
from carehub.errors import NoPrinter
from carehub.ui import theme
from carehub.ui.screens.first_run.consent import VERSION
from carehub.workflows import first_run
from carehub.workflows.first_run import Next
from tests.helpers import pages
from tests.helpers.front_door import (
    PIN,
    FrontDoor,
    NoKeys,
    code_on_screen,
    finish,
    front_door,
    prove_code,
    through_the_first_steps,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "archive"


def test_an_elder_comes_from_the_first_page_to_home(folder: Path) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", PIN)
        assert "Once more" in door.text("pin.now")
        assert not vault.exists(folder)
        door.keys("pin.keys", PIN)
        code = code_on_screen(door)
        prove_code(door, code)
        door.tick("conditions.hypertension")
        door.tick("conditions.diabetes_type_2")
        door.tick("conditions.diabetes_type_2", on=False)
        door.write("conditions.other.line", "骨质疏松")
        door.press("conditions.add")
        door.press("conditions.next")
        door.press("allergies.none")
        door.tick("medicines.antihypertensive")
        door.press("medicines.next")
        door.write("entry.name.line", "王芳")
        door.write("entry.relation.line", "女儿")
        door.keys("entry.pad", "13800000000")
        door.tick("entry.alerts")
        door.press("entry.save")
        door.until_page("Home")
        door.rest()
        with door.opened.read() as tx:
            (person,) = people.everyone(tx)
            profile = people.profile(tx, person.id)
            agreed = consents.of(tx, person.id)
        assert (person.name, person.called, person.born) == ("王示例", "王奶奶", date(1946, 3, 8))
        assert person.sex is Sex.UNKNOWN
        assert [each.purpose for each in agreed] == [Purpose.ARCHIVE]
        assert agreed[0].text_version == VERSION
        assert {each.code for each in profile.conditions} == {
            ConditionCode.HYPERTENSION,
            ConditionCode.OTHER,
        }
        assert [(h.kind, h.text) for h in profile.history] == [(HistoryKind.NO_ALLERGY, "none")]
        assert [m.medicine_class for m in profile.medicines] == ["antihypertensive"]
        assert [(c.relation, c.phone, c.alerts) for c in profile.contacts] == [
            ("女儿", "13800000000", True)
        ]
        assert first_run.pending(folder) is None
        assert not folder.with_name("archive.making").exists()
    assert vault.ways(folder) == {vault.Way.PIN, vault.Way.KEYRING, vault.Way.RECOVERY}


def test_the_language_and_the_size_are_kept_as_settings(folder: Path) -> None:
    with front_door(folder) as door:
        door.session.begin()
        door.press("first_run.zh_CN")
        assert i18n.language() == "zh_CN"
        assert door.text("header.title") == "字要多大？"
        door.press("first_run.standard")
        assert theme.look().mode == "standard"
        door.rest()
        kept = settings.load(paths.settings_file())
        assert (kept.language, kept.mode) == ("zh_CN", "standard")
    theme.apply(pages.app())


def test_nothing_is_ticked_and_what_is_needed_must_be(folder: Path) -> None:
    with front_door(folder) as door:
        door.session.begin()
        door.press("first_run.en")
        door.press("first_run.elder")
        door.until(lambda: door.there("consent.archive"))
        assert not door.part("first_run.next").isEnabled()
        door.tick("consent.device_data")
        assert not door.part("first_run.next").isEnabled()
        door.tick("consent.archive")
        assert door.part("first_run.next").isEnabled()


def test_going_back_keeps_what_was_typed(folder: Path) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.until_page("FirstPin")
        for page in ("Who", "Consent", "Size"):
            door.press("header.back")
            door.until_page(page)
        door.press("first_run.elder")
        assert door.part("consent.archive").isChecked()
        door.press("first_run.next")
        assert door.part("person.name.line").text() == "王示例"
        assert door.part("person.born.date.month").text() == "3"


@pytest.mark.parametrize("pin", ["123456", "111111", "121212"])
def test_an_easy_pin_is_refused_with_a_sentence(folder: Path, pin: str) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", pin)
        assert "easy to guess" in door.text("pin.complaint")
        assert door.text("pin.now") == "Press six digits"
        assert not vault.exists(folder)


def test_two_different_pins_begin_again(folder: Path) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.keyboard(PIN)
        door.keyboard("918273")
        assert "not the same" in door.text("pin.complaint")
        door.keyboard(PIN + PIN)
        code_on_screen(door)


def test_without_a_keyring_a_passphrase_is_asked_for_and_says_why(folder: Path) -> None:
    with front_door(folder, NoKeys()) as door:
        through_the_first_steps(door)
        door.until_page("FirstPassphrase")
        assert "no safe place" in door.text("passphrase.why")
        door.write("passphrase.first.line", "four plain example words")
        door.write("passphrase.second.line", "four plain example")
        door.press("first_run.next")
        assert "not the same" in door.text("passphrase.second.trouble")
        door.write("passphrase.second.line", "four plain example words")
        door.press("first_run.next")
        prove_code(door, code_on_screen(door))
    assert vault.ways(folder) == {vault.Way.PASSPHRASE, vault.Way.RECOVERY}


def test_the_code_is_asked_back_and_can_be_seen_again(folder: Path, tmp_path: Path) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", PIN + PIN)
        code = code_on_screen(door)
        assert not set(code.split("-")) & set(door.spoken().split())
        door.press("code.print")
        assert door.text("code.told") in (NoPrinter().sentence(), "Sent to the printer.")
        panel = door.part("code")
        panel.keep(tmp_path / "papers")
        assert (tmp_path / "papers" / "CareHub-recovery-code.pdf").exists()
        assert code.split("-")[0] in panel.paper().big
        door.press("code.written")
        door.write("code.answer.line", "zzzz")
        door.press("code.check")
        assert "not group" in door.text("code.answer.trouble")
        door.press("code.again")
        assert door.there("code.group.0")
        prove_code(door, code)
        door.until_page("FirstConditions")


def _unlock(door: FrontDoor) -> None:
    door.session.begin()
    door.until_page("Unlock")
    door.until(lambda: door.there("unlock.pin"))
    door.keys("unlock.pin.keys", PIN)


def test_breaking_off_before_the_pin_leaves_nothing(folder: Path) -> None:
    with front_door(folder) as door:
        through_the_first_steps(door)
    assert not folder.exists()


def test_breaking_off_at_the_code_shows_a_new_one_next_time(folder: Path) -> None:
    store = MemoryKeys()
    with front_door(folder, store) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", PIN + PIN)
        first = code_on_screen(door)
    with front_door(folder, store) as door:
        _unlock(door)
        second = code_on_screen(door)
        assert second != first
        assert not door.there("header.back")
        prove_code(door, second)
        finish(door)


def test_breaking_off_later_goes_on_where_it_was(folder: Path) -> None:
    store = MemoryKeys()
    with front_door(folder, store) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", PIN + PIN)
        prove_code(door, code_on_screen(door))
        door.tick("conditions.stroke")
        door.press("conditions.next")
        door.until_page("FirstAllergies")
        door.rest()
        assert first_run.pending(folder) is Next.ALLERGIES
    with front_door(folder, store) as door:
        _unlock(door)
        door.until_page("FirstAllergies")
        door.press("header.back")
        door.until(lambda: door.there("conditions.stroke"))
        door.until(lambda: door.part("conditions.stroke").isChecked())


def test_a_half_made_folder_of_a_killed_first_run_is_no_archive(folder: Path) -> None:
    making = folder.with_name("archive.making")
    making.mkdir(parents=True)
    (making / "archive.keys").write_text("half")
    with front_door(folder) as door:
        door.session.begin()
        door.until_page("Language")
        assert not vault.exists(folder)
        through_the_first_steps(door)
        door.keys("pin.keys", PIN + PIN)
        code_on_screen(door)
    assert not making.exists()


def test_what_lies_in_the_archives_place_is_kept_aside(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_text("mine")
    with front_door(folder) as door:
        through_the_first_steps(door)
        door.keys("pin.keys", PIN + PIN)
        code_on_screen(door)
    (aside,) = folder.parent.glob("archive.before-*")
    assert (aside / "letter.txt").read_text() == "mine"
