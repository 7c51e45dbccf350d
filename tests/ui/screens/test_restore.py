"""Damage: a broken database page, a half-written key file, no backup; nothing is ever deleted."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from carehub.archive import people
from carehub.archive.backup import Backup
from carehub.archive.keyrings import MemoryKeys
from carehub.errors import ArchiveDamaged, BluetoothOff
from carehub.ui.screens.restore.model import view_of_backups, view_of_keys
from carehub.ui.screens.sample import NOW
from tests.helpers.front_door import PIN, FrontDoor, front_door, made_archive


@pytest.fixture
def store() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def folder(tmp_path: Path, store: MemoryKeys) -> Path:
    place = tmp_path / "home" / "archive"
    made_archive(place, store)
    return place


def unlock(door: FrontDoor) -> None:
    door.until_page("Unlock")
    door.until(lambda: door.there("unlock.pin"))
    door.keys("unlock.pin.keys", PIN)


def test_a_damaged_database_is_restored_from_its_backup(folder: Path, store: MemoryKeys) -> None:
    database = folder / "archive.db"
    damaged = b"\0" * 8192 + database.read_bytes()[8192:]
    database.write_bytes(damaged)
    with front_door(folder, store) as door:
        door.session.begin()
        unlock(door)
        door.until_page("Restore")
        door.until(lambda: door.there("restore.backup.0"))
        assert not door.there("header.back")
        door.press("restore.begin")
        door.until_page("Home")
        with door.opened.read() as tx:
            assert [person.name for person in people.everyone(tx)] == ["王示例"]
    kept = list(folder.glob("archive.db.damaged-*"))
    assert [file.read_bytes() for file in kept] == [damaged]


def test_damage_met_while_the_archive_is_open_leads_to_the_backups(
    folder: Path, store: MemoryKeys
) -> None:
    database = folder / "archive.db"
    with front_door(folder, store) as door:
        door.session.begin()
        unlock(door)
        door.until_page("Home")
        door.shell.show_error(BluetoothOff())
        assert door.shell.findChild(QAbstractButton, "error.restore") is None
        whole = database.read_bytes()
        database.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))
        # SQLite may still have every page in its memory; a page that it must read again says this.
        door.shell.background.failed.emit(ArchiveDamaged())
        button = door.shell.findChild(QAbstractButton, "error.restore")
        assert button is not None
        button.click()
        door.until_page("Restore")
        door.until(lambda: door.there("restore.backup.0"))
        door.press("restore.begin")
        door.until_page("Home")
        with door.opened.read() as tx:
            assert [person.name for person in people.everyone(tx)] == ["王示例"]


def test_a_half_written_key_file_gives_way_to_its_copy(folder: Path, store: MemoryKeys) -> None:
    keys = folder / "archive.keys"
    half = keys.read_bytes()[:120]
    keys.write_bytes(half)
    with front_door(folder, store) as door:
        door.session.begin()
        door.until_page("Restore")
        door.until(lambda: "key file" in door.text("restore.what"))
        door.press("restore.begin")
        unlock(door)
        door.until_page("Home")
    assert [file.read_bytes() for file in folder.glob("archive.keys.damaged-*")] == [half]


def test_without_a_copy_nothing_is_offered_that_cannot_be_done(
    folder: Path, store: MemoryKeys
) -> None:
    (folder / "archive.keys").write_bytes(b"{")
    for copy in (folder / "backups").glob("archive.keys*"):
        copy.unlink()
    with front_door(folder, store) as door:
        door.session.begin()
        door.until_page("Restore")
        door.until(lambda: "no copy" in door.text("restore.what"))
        assert not door.there("restore.begin")
        door.press("restore.again")
        door.until_page("Restore")
    assert (folder / "archive.db").exists()


def test_a_backup_that_is_damaged_too_is_said_and_another_can_be_tried(
    folder: Path, store: MemoryKeys
) -> None:
    for file in (folder / "archive.db", *(folder / "backups").glob("*.db")):
        file.write_bytes(b"\0" * file.stat().st_size)
    with front_door(folder, store) as door:
        door.session.begin()
        unlock(door)
        door.until_page("Restore")
        door.press("restore.begin")
        door.until(lambda: door.part("restore.begin").isEnabled())
        assert door.page() == "Restore"


def test_the_page_says_which_backups_there_are() -> None:
    made = [Backup(Path("a.db"), NOW - 7_200_000), Backup(Path("b.db"), NOW - 86_400_000, "0001")]
    view = view_of_backups(made, NOW, 480)
    assert [(c.when, c.note) for c in view.choices] == [
        ("This morning 7:32", "the newest"),
        ("Yesterday 9:32", "before an update"),
    ]
    assert view.possible


def test_without_backups_or_copies_it_says_what_not_to_do() -> None:
    for view in (view_of_backups([], NOW, 480), view_of_keys(copy=False)):
        assert not view.possible
        assert "Do not delete" in view.steps[0]
    assert view_of_keys(copy=True).possible
