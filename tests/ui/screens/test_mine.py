"""Under Mine: the menu, meters, privacy, display, language, the lock's own settings, and about."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from carehub import config as settings
from carehub import i18n, paths
from carehub.archive import backup, consents, meters, readings, vault
from carehub.archive.keyrings import MemoryKeys
from carehub.care.consent import Consent, Purpose, refused, standing
from carehub.care.meters import Meter
from carehub.care.readings import Kind
from carehub.ui import clock, theme
from carehub.ui.screens.family.samples import given as holder
from carehub.ui.screens.mine.model import (
    meters_of,
    minute_words,
    privacy_of,
    sharing_of,
    view_of,
)
from carehub.ui.screens.people.model import face_of
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers import pages
from tests.helpers.builders import bp
from tests.helpers.front_door import (
    PIN,
    FrontDoor,
    code_on_screen,
    front_door,
    made_archive,
    prove_code,
)

CUFF = Meter("A1", "示例血压计", "blood_pressure", "00:00", Kind.BLOOD_PRESSURE, last_read_at=NOW)


@pytest.fixture
def store() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def folder(tmp_path: Path, store: MemoryKeys) -> Path:
    place = tmp_path / "home" / "archive"
    made_archive(place, store)
    return place


@pytest.fixture
def door(folder: Path, store: MemoryKeys) -> Iterator[FrontDoor]:
    with front_door(folder, store) as made:
        made.session.begin()
        made.until(lambda: made.there("unlock.pin"))
        made.keys("unlock.pin.keys", PIN)
        made.until_page("Home")
        made.shell.open("mine")
        made.until(lambda: made.there("mine.health"))
        yield made
    theme.apply(pages.app())


@pytest.mark.parametrize(
    ("tile", "page"),
    [
        ("health", "Health"),
        ("readings", "Readings"),
        ("people", "People"),
        ("meters", "Meters"),
        ("privacy", "Privacy"),
        ("display", "Display"),
        ("language", "Language"),
        ("lock", "Lock"),
        ("about", "About"),
    ],
)
def test_each_tile_opens_its_page_and_back_returns(door: FrontDoor, tile: str, page: str) -> None:
    door.press(f"mine.{tile}")
    door.until_page(page)
    door.rest()
    door.press("header.back")
    door.until_page("Mine")


def test_the_tray_is_on_the_menu_only_while_something_waits(door: FrontDoor) -> None:
    assert not door.there("mine.tray")
    with door.opened.write() as tx:
        readings.add(tx, bp(128, 82, NOW, person_id=None))
    door.shell.open("mine")
    door.press("mine.tray")
    door.until_page("Tray")


def test_a_meter_is_forgotten_and_known_again_with_its_owner(door: FrontDoor) -> None:
    person = door.shell.visit.person
    assert person is not None
    cuff = replace(CUFF, slots=((1, person.id),))

    def known() -> list[Meter]:
        with door.opened.read() as tx:
            return meters.everyone(tx)

    with door.opened.write() as tx:
        meters.put(tx, cuff)
    door.press("mine.meters")
    door.until(lambda: "user 1: 王奶奶" in door.text("meters.0.note"))
    door.press("meters.0.forget")
    door.until(lambda: known() == [])
    door.until(lambda: door.there("meters.nothing"))
    door.press("undo.press")
    door.until(lambda: known() == [cuff])


def test_a_consent_is_taken_back_with_one_press_and_given_again(door: FrontDoor) -> None:
    person = door.shell.visit.person
    assert person is not None

    def agreed(purpose: Purpose) -> bool:
        with door.opened.read() as tx:
            return not refused(consents.of(tx, person.id), purpose)

    door.press("mine.privacy")
    door.press("privacy.device_data.agree")
    door.until(lambda: agreed(Purpose.DEVICE_DATA))
    door.press("privacy.device_data.withdraw")
    door.until(lambda: not agreed(Purpose.DEVICE_DATA))
    door.until(lambda: "Taken back on" in door.text("privacy.device_data.state"))
    door.press("undo.press")
    door.until(lambda: agreed(Purpose.DEVICE_DATA))
    with door.opened.read() as tx:
        assert len(consents.of(tx, person.id)) == 4


def test_a_backup_can_be_made_now(door: FrontDoor) -> None:
    before = len(backup.list_backups(door.opened.folder))
    door.press("mine.privacy")
    door.press("privacy.backup")
    door.until(lambda: door.part("privacy.backup").isEnabled())
    made = backup.list_backups(door.opened.folder)
    assert made
    assert len(made) >= before


def test_size_colours_voice_and_sound_are_kept_and_shown_at_once(door: FrontDoor) -> None:
    door.press("mine.display")
    door.press("display.size.standard")
    assert theme.look().mode == "standard"
    door.press("display.colours.contrast")
    assert theme.look().palette == "contrast"
    door.press("display.voice")
    door.press("display.sound")
    door.rest()
    kept = settings.load(paths.settings_file())
    assert (kept.mode, kept.palette, kept.voice, kept.sound) == ("standard", "contrast", True, True)


def test_the_language_changes_at_once(door: FrontDoor) -> None:
    door.press("mine.language")
    door.press("mine.zh_CN")
    assert i18n.language() == "zh_CN"
    door.until(lambda: door.text("header.title") == "语言")


def test_the_screen_locks_when_asked_to_and_after_the_chosen_minutes(door: FrontDoor) -> None:
    door.press("mine.lock")
    door.press("lock.minutes.5")
    assert door.shell.visit.config.lock_minutes == 5
    door.press("lock.now")
    door.until_page("Unlock")
    assert door.shell.visit.person is None


def test_the_pin_is_changed_by_who_knows_the_old_one(
    door: FrontDoor, folder: Path, store: MemoryKeys
) -> None:
    door.press("mine.lock")
    door.press("lock.pin")
    door.until(lambda: "have now" in door.text("pin.now"))
    door.keys("pin.keys", "918273")
    door.until(lambda: "not right" in door.text("pin.complaint"))
    door.keys("pin.keys", PIN)
    door.until(lambda: "six new" in door.text("pin.now"))
    door.keys("pin.keys", "111111")
    assert "easy to guess" in door.text("pin.complaint")
    door.keyboard("918273918273")
    door.until_page("Lock")
    assert vault.unlock_with_pin(folder, "918273", clock.now(), store=store)


def test_a_new_recovery_code_ends_the_old_one(door: FrontDoor, folder: Path) -> None:
    door.press("mine.lock")
    door.press("lock.code")
    door.press("code.make")
    code = code_on_screen(door)
    prove_code(door, code)
    door.until_page("Lock")
    assert vault.unlock_with_recovery(folder, code)


def test_a_passphrase_is_changed_by_who_knows_the_old_one(door: FrontDoor, folder: Path) -> None:
    door.session.door.set_passphrase("four plain example words")
    door.press("mine.lock")
    door.press("lock.passphrase")
    door.write("passphrase.first.line", "other plain example words")
    door.write("passphrase.second.line", "other plain example words")
    door.write("passphrase.old.line", "something else entirely")
    door.press("passphrase.save")
    door.until(lambda: "does not open" in door.text("passphrase.old.trouble"))
    door.write("passphrase.old.line", "four plain example words")
    door.press("passphrase.save")
    door.until_page("Lock")
    assert vault.unlock_with_passphrase(folder, "other plain example words")


def test_about_says_what_it_cannot_do(door: FrontDoor) -> None:
    door.press("mine.about")
    door.until_page("About")
    said = door.spoken()
    assert "No clinician" in said
    assert "no real meter" in said


# The model


def test_the_menu_counts_and_leaves_out_what_does_not_apply() -> None:
    face = face_of(PERSON, NOW)
    full = view_of(face, people=2, meters=1, waiting=3, demo=False)
    assert full.several
    texts = {entry.key: entry.under for entry in full.entries}
    assert (texts["people"], texts["meters"], texts["tray"]) == (
        "2 people",
        "1 meter known",
        "3 readings wait",
    )
    demo = view_of(face, people=1, meters=0, waiting=0, demo=True)
    assert {"tray", "lock"} & {entry.key for entry in demo.entries} == set()
    assert not demo.several


def test_meters_say_what_they_are_and_whose() -> None:
    mine = replace(CUFF, slots=((None, PERSON.id), (2, UUID(int=9))), simulated=True)
    fresh = replace(CUFF, name="", model="M-1", last_read_at=0)
    one, two = meters_of([mine, fresh], [PERSON], NOW).lines
    assert one.note == "Blood pressure ・ last read Today 9:32 ・ pretend meter, for practice"
    assert one.owners == "王奶奶  user 2: somebody"
    assert (two.title, two.note, two.owners) == ("M-1", "Blood pressure", "")
    assert meters_of([replace(fresh, model="")], [], NOW).lines[0].title == "A1"


def test_privacy_says_since_when() -> None:
    given = Consent(UUID(int=1), PERSON.id, Purpose.ARCHIVE, "1", NOW)
    back = replace(given, id=UUID(int=2), withdrawn_at=NOW + 86_400_000)
    nobody = sharing_of([], [], signed_in=False, now=NOW)
    asked = privacy_of([given], [], "/x", NOW, 480, nobody)
    assert [line.note for line in asked.lines] == ["Agreed on 22 November 2026", "Not agreed to"]
    assert "No backup yet" in asked.kept[1]
    taken = privacy_of([given, back], [], "/x", NOW, 480, nobody)
    assert (taken.lines[0].note, taken.lines[0].given) == ("Taken back on 23 November 2026", None)
    made = [backup.Backup(Path("x"), NOW)]
    assert asked.kept[2:] == (
        "Nothing is sent to anybody.",
        "All of it can be copied into one file with the command carehub export.",
    )
    assert "1 verified" in privacy_of([], made, "/x", NOW, 480, nobody).kept[1]


def test_with_whom_records_are_shared_is_said_in_one_sentence() -> None:
    alone = Consent(UUID(int=1), PERSON.id, Purpose.PLATFORM_SYNC, "1", NOW)
    agreed = [alone, replace(alone, id=UUID(int=2), purpose=Purpose.FAMILY_SHARING)]
    given = [
        holder(1, PERSON, "daughter", "王小样"),
        holder(2, PERSON, "son", "x", state="asked"),
        holder(3, PERSON, "son", "y", until_at=NOW),
    ]
    assert sharing_of([], given, signed_in=True, now=NOW).sentence == "Nothing is sent to anybody."
    assert "not signed in" in sharing_of(agreed, given, signed_in=False, now=NOW).sentence
    assert "nobody but you" in sharing_of(agreed, given[1:], signed_in=True, now=NOW).sentence
    assert "nobody but you" in sharing_of([alone], given, signed_in=True, now=NOW).sentence
    said = sharing_of(agreed, given, signed_in=True, now=NOW).sentence
    assert said == "Your records are on the platform; Daughter 王小样 can see them."


def test_privacy_leads_to_the_pages_of_sharing(door: FrontDoor) -> None:
    for part, page in (("sync", "Sync"), ("trusted", "Trusted")):
        door.shell.open("mine.privacy")
        door.press(f"privacy.{part}")
        door.until_page(page)


def test_minutes_are_said() -> None:
    assert [minute_words(n) for n in (0, 1, 10)] == ["Never", "1 minute", "10 minutes"]


def test_only_who_was_asked_can_have_refused() -> None:
    given = Consent(UUID(int=1), PERSON.id, Purpose.ARCHIVE, "1", NOW)
    back = replace(given, id=UUID(int=2), withdrawn_at=NOW + 1)
    again = replace(given, id=UUID(int=3), granted_at=NOW + 2)
    assert not refused([], Purpose.DEVICE_DATA)
    assert not refused([given], Purpose.ARCHIVE)
    assert refused([given], Purpose.DEVICE_DATA)
    assert refused([back, given], Purpose.ARCHIVE)
    assert not refused([again, back, given], Purpose.ARCHIVE)
    assert standing([given, back])[Purpose.ARCHIVE] == back
