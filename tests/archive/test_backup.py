"""Backups are sound, stay apart, and go back whatever happens on the way."""

import json
import shutil

import pytest

from carehub.archive import (
    attachments,
    backup,
    cipher,
    files,
    people,
    readings,
    renewal,
    soundness,
    vault,
)
from carehub.archive.store import Archive
from carehub.care.readings import Kind
from carehub.errors import ArchiveDamaged, ArchiveInUse, ArchiveMissing, KeyMismatch
from tests.helpers import archives, records
from tests.helpers.records import DAY, MINUTE, NOON


@pytest.fixture
def person(archive):
    somebody = records.person()
    with archive.write() as tx:
        people.add(tx, somebody)
        readings.add(tx, records.pressure(somebody.id))
    return somebody


def names(folder):
    return [b.made_at for b in backup.list_backups(folder) if not b.before]


def test_a_backup_is_a_whole_archive_under_the_same_key(archive, folder, person):
    made = backup.make(archive, NOON)
    assert made.file.name == "carehub-20260801T040000.000000.db"
    found = soundness.examine(made.file, archive.keys.database_key())
    assert found.sound
    assert found.counts == archive.check().counts
    copy = vault.key_file_copy(folder)
    assert copy is not None
    assert copy.parent == made.file.parent
    assert not [f for f in made.file.parent.iterdir() if f.suffix in (".tmp", ".db-wal")]


def test_people_go_on_working_while_a_backup_is_made(archive, person, monkeypatch):
    real = soundness.counts
    calls = []

    def busy(file, key):
        found = real(file, key)
        if len(calls) < 2:
            with archive.write() as tx:
                readings.add(tx, records.pressure(person.id, taken_at=len(calls)))
        calls.append(file)
        return found

    monkeypatch.setattr(soundness, "counts", busy)
    made = backup.make(archive, NOON)
    monkeypatch.undo()
    assert 1 <= real(made.file, archive.keys.database_key())["reading"] <= 3


@pytest.mark.parametrize("lie", [{"reading": 5}, {"reading": 0}, {"extra": 1}], ids=str)
def test_a_backup_with_other_rows_is_refused(archive, folder, person, monkeypatch, lie):
    real = soundness.counts

    def lying(file, key):
        found = real(file, key)
        return found | lie if file.suffix == ".tmp" else found

    monkeypatch.setattr(soundness, "counts", lying)
    with pytest.raises(ArchiveDamaged):
        backup.make(archive, NOON)
    monkeypatch.undo()
    assert backup.list_backups(folder) == []


def test_one_of_each_of_the_three_newest_days_is_kept(archive, folder):
    times = [NOON + day * DAY + n * MINUTE for day in range(5) for n in range(3)]
    for time in times:
        backup.make(archive, time)
    assert names(folder) == [NOON + day * DAY + 2 * MINUTE for day in (4, 3, 2)]


def test_other_files_beside_the_backups_are_left_alone(archive, folder):
    backup.make(archive, NOON)
    for name in ("holiday.db", "carehub-x.db", "carehub-20260801T040000.db", "note.txt"):
        (folder / "backups" / name).write_text("mine")
    for day in range(6):
        backup.make(archive, NOON + day * DAY)
    assert (folder / "backups" / "holiday.db").read_text() == "mine"
    assert len(backup.list_backups(folder)) == 3


def test_closing_backs_up_what_was_written(archive, folder, person):
    archive.close(NOON)
    assert names(folder) == [NOON]
    again = Archive.open(folder, archive.keys, NOON + DAY)
    again.close(NOON + DAY)
    assert names(folder) == [NOON], "nothing was written"


def test_closing_again_within_minutes_makes_no_other(archive, folder, person):
    archive.close(NOON)
    for later, expected in ((MINUTE, [NOON]), (11 * MINUTE, [NOON + 11 * MINUTE])):
        again = Archive.open(folder, archive.keys, NOON + later)
        with again.write() as tx:
            people.add(tx, records.person())
        again.close(NOON + later)
        assert names(folder) == expected


def test_a_clock_that_was_ahead_does_not_stop_backups(archive, folder, person):
    backup.make(archive, NOON + 400 * DAY)
    assert backup.due(folder, NOON)
    archive.close(NOON)
    assert NOON in names(folder)


def test_once_a_day_is_enough_while_it_stays_open(archive, folder):
    assert backup.daily(archive, NOON)
    assert backup.daily(archive, NOON + DAY - 1) is None
    assert backup.daily(archive, NOON + DAY)


def test_a_failing_backup_still_closes(archive, folder, person, monkeypatch):
    def fail(*given):
        raise ArchiveDamaged

    monkeypatch.setattr(backup, "make", fail)
    with pytest.raises(ArchiveDamaged):
        archive.close(NOON)
    Archive.open(folder, archive.keys, NOON).close(NOON)


@pytest.fixture
def damaged(archive, folder, person):
    """Return an archive with a backup, a later reading and then a damaged first page."""
    made = backup.make(archive, NOON)
    with archive.write() as tx:
        readings.add(tx, records.pressure(person.id, taken_at=1))
    archive.close(NOON)
    raw = bytearray(archive.file.read_bytes())
    raw[50] ^= 1
    archive.file.write_bytes(raw)
    with pytest.raises(KeyMismatch):
        Archive.open(folder, archive.keys, NOON)
    return made


def test_a_restored_backup_opens_and_the_damaged_file_is_kept(archive, folder, damaged, person):
    broken = archive.file.read_bytes()
    backup.restore(folder, damaged.file, archive.keys, NOON + 1)
    again = Archive.open(folder, archive.keys, NOON + 2)
    with again.read() as tx:
        assert people.everyone(tx) == [person]
        assert len(readings.between(tx, person.id, Kind.BLOOD_PRESSURE, 0, NOON * 2)) == 1
    again.close(NOON + 2)
    assert (folder / f"archive.db.damaged-{NOON + 1}").read_bytes() == broken
    assert damaged.file.exists()


@pytest.mark.parametrize("steps", range(7))
def test_a_restore_cut_short_anywhere_is_finished_at_the_next_opening(
    archive, folder, damaged, person, monkeypatch, steps
):
    archive.file.with_name("archive.db-wal").write_bytes(b"an old log that must not be played")
    left = iter(range(steps))

    def stumble(real):
        def act(*given, **named):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return real(*given, **named)

        return act

    path = type(folder)
    with monkeypatch.context() as patch:
        patch.setattr(path, "rename", stumble(path.rename))
        patch.setattr(files, "sync_folder", stumble(files.sync_folder))
        patch.setattr(files, "sync_file", stumble(files.sync_file))
        with pytest.raises(KeyboardInterrupt):
            backup.restore(folder, damaged.file, archive.keys, NOON + 1)
    if not (folder / backup.MARKER).exists():
        backup.restore(folder, damaged.file, archive.keys, NOON + 2)
    again = Archive.open(folder, archive.keys, NOON + 3)
    assert again.info().readings == 1
    assert again.check().sound
    again.close(NOON + 3)
    assert list(folder.glob("archive.db.damaged-*"))
    assert not (folder / backup.MARKER).exists()


def test_what_was_kept_is_never_overwritten(archive, folder, damaged):
    broken = archive.file.read_bytes()
    for _ in range(3):
        backup.restore(folder, damaged.file, archive.keys, NOON)
    kept = sorted(folder.glob("archive.db.damaged-*"))
    assert len(kept) == 3
    assert kept[0].read_bytes() == broken


def test_a_damaged_backup_is_not_put_in_place(archive, folder, person):
    made = backup.make(archive, NOON)
    archive.close(NOON)
    raw = bytearray(made.file.read_bytes())
    raw[3 * 4096 + 9] ^= 1
    made.file.write_bytes(raw)
    before = archive.file.read_bytes()
    with pytest.raises(ArchiveDamaged):
        backup.restore(folder, made.file, archive.keys, NOON)
    assert archive.file.read_bytes() == before
    assert not list(folder.glob("*restored*"))


def test_a_backup_of_another_archive_is_not_put_in_place(archive, folder, tmp_path, person):
    other = archives.new(tmp_path / "other")
    made = backup.make(other, NOON)
    other.close(NOON)
    archive.close(NOON)
    with pytest.raises(KeyMismatch):
        backup.restore(folder, made.file, archive.keys, NOON)
    Archive.open(folder, archive.keys, NOON).close(NOON)


def test_nothing_is_restored_under_an_open_archive(archive, folder, person):
    made = backup.make(archive, NOON)
    with pytest.raises(ArchiveInUse):
        backup.restore(folder, made.file, archive.keys, NOON)


def test_a_backup_that_is_not_there_is_missing(archive, folder):
    with pytest.raises(ArchiveMissing):
        backup.restore(folder, folder / "backups" / "nothing.db", archive.keys, NOON)


def test_backups_carried_to_a_new_computer_are_enough(archive, folder, tmp_path, person):
    keys = vault.unlock_with_passphrase(folder, archives.PASSPHRASE)
    code = vault.new_recovery_code(folder, keys)
    archive.close(NOON)
    stick = tmp_path / "stick"
    shutil.copytree(folder / "backups", stick)
    new_home = tmp_path / "new" / "archive"
    (made,) = stick.glob("*.db")
    carried = vault.unlock_with_recovery(stick, code)
    backup.restore(new_home, made, carried, NOON)
    assert vault.unlock_with_recovery(new_home, code).database_key() == keys.database_key()
    again = Archive.open(new_home, carried, NOON)
    with again.read() as tx:
        assert people.everyone(tx) == [person]
    again.close(NOON)


def test_a_lost_database_is_restored(archive, folder, person):
    archive.close(NOON)
    archive.file.unlink()
    with pytest.raises(ArchiveMissing):
        Archive.open(folder, archive.keys, NOON)
    backup.restore(folder, backup.list_backups(folder)[0].file, archive.keys, NOON)
    again = Archive.open(folder, archive.keys, NOON)
    assert again.info().people == 1
    again.close(NOON)


def test_a_marker_without_its_file_is_cleared(archive, folder):
    archive.close(NOON)
    marker = {"fresh": "gone", "kept": "archive.db.damaged-1"}
    (folder / backup.MARKER).write_text(json.dumps(marker))
    Archive.open(folder, archive.keys, NOON).close(NOON)
    assert not (folder / backup.MARKER).exists()


def test_a_renewed_key_opens_the_archive_and_its_earlier_backups(archive, folder, person):
    made = backup.make(archive, NOON)
    with pytest.raises(ArchiveInUse):
        renewal.renew(folder, archive.keys, NOON)
    archive.close(NOON)
    keys = renewal.renew(folder, archive.keys, NOON)
    assert keys.generation == 2
    assert keys.database_key() != archive.keys.database_key()
    assert not cipher.fits(archive.file, archive.keys.database_key())
    fresh = vault.unlock_with_passphrase(folder, archives.PASSPHRASE)
    assert (fresh.generation, fresh.pending) == (2, None)
    again = Archive.open(folder, fresh, NOON)
    assert again.info().people == 1
    assert again.check().sound
    again.close(NOON)
    backup.restore(folder, made.file, fresh, NOON + 1)
    restored = Archive.open(folder, fresh, NOON + 2)
    assert restored.info().people == 1
    assert restored.check().sound
    restored.close(NOON + 2)


@pytest.mark.parametrize("rekeyed", [False, True])
def test_a_renewal_cut_short_is_settled_at_the_next_opening(archive, folder, person, rekeyed):
    archive.close(NOON)
    keys = vault.set_generation(folder, archive.keys, 1, 2)
    if rekeyed:
        connection = cipher.connect(archive.file, keys.database_key(1))
        connection.execute(f"PRAGMA rekey=\"x'{keys.database_key(2)}'\"").fetchall()
        connection.close()
    unlocked = vault.unlock_with_passphrase(folder, archives.PASSPHRASE)
    again = Archive.open(folder, unlocked, NOON)
    assert again.keys.generation == (2 if rekeyed else 1)
    assert again.info().people == 1
    again.close(NOON)


DOCUMENT = b"%PDF-" + b"a document " * 9000


def copies(folder):
    return sorted(file.name for file in (folder / backup.FOLDER / "attachments").glob("*"))


def test_a_backup_brings_the_files_of_attachments_back(archive, folder, tmp_path):
    kept = attachments.add(archive, DOCUMENT, "application/pdf")
    small = attachments.add(archive, b"small", "text/plain")
    made = [backup.make(archive, NOON + n * DAY) for n in range(3)]
    assert copies(folder) == [f"{kept.hex}.sealed"]
    archive.close(NOON)
    moved = tmp_path / "new computer"
    backup.restore(moved, made[-1].file, archive.keys, NOON)
    again = Archive.open(moved, archive.keys, NOON)
    assert attachments.read(again, kept) == DOCUMENT
    assert attachments.read(again, small) == b"small"
    again.close(NOON)


@pytest.mark.parametrize("damage", ["missing", "cut", "altered"])
def test_a_file_that_was_lost_comes_back_with_the_backup(archive, folder, damage):
    kept = attachments.add(archive, DOCUMENT, "application/pdf")
    made = backup.make(archive, NOON)
    (file,) = (folder / "attachments").glob("*")
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"?" * (damage == "altered"))
    archive.close(NOON)
    backup.restore(folder, made.file, archive.keys, NOON + 1)
    again = Archive.open(folder, archive.keys, NOON + 1)
    assert attachments.read(again, kept) == DOCUMENT
    again.close(NOON + 1)


def test_a_damaged_file_keeps_no_reading_from_being_backed_up(archive, folder, person, caplog):
    kept = attachments.add(archive, DOCUMENT, "application/pdf")
    (file,) = (folder / "attachments").glob("*")
    file.write_bytes(b"x" * file.stat().st_size)
    made = backup.make(archive, NOON)
    assert "missing or damaged" in caplog.text
    assert copies(folder) == []
    assert soundness.examine(made.file, archive.keys.database_key()).counts["reading"] == 1
    with archive.write() as tx:
        attachments.drop(tx, kept)
    assert attachments.sweep(archive) == 1


def test_files_go_with_the_last_backup_that_names_them(archive, folder):
    kept = attachments.add(archive, DOCUMENT, "application/pdf")
    backup.make(archive, NOON)
    with archive.write() as tx:
        attachments.drop(tx, kept)
    attachments.sweep(archive)
    for n in range(1, 3):
        backup.make(archive, NOON + n * DAY)
        assert copies(folder) == [f"{kept.hex}.sealed"]
    backup.make(archive, NOON + 3 * DAY)
    assert copies(folder) == []


def test_where_a_backup_cannot_be_asked_every_file_stays(archive, folder):
    kept = attachments.add(archive, DOCUMENT, "application/pdf")
    made = backup.make(archive, NOON)
    made.file.write_bytes(b"damaged" * 1000)
    with archive.write() as tx:
        attachments.drop(tx, kept)
    backup.make(archive, NOON + DAY)
    assert copies(folder) == [f"{kept.hex}.sealed"]
