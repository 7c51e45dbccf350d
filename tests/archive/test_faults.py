"""A full disk and damaged pages: one clear sentence, and nothing lost that was saved."""

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from carehub.archive import backup, cipher, faults, files, people, readings
from carehub.archive.store import Archive
from carehub.care.readings import Kind
from carehub.errors import ArchiveDamaged, ArchiveError, ArchiveInUse, DiskFull
from tests.helpers import archives, records
from tests.helpers.records import NOON

PAGE = 4096
BP = Kind.BLOOD_PRESSURE


@pytest.fixture
def person(archive):
    somebody = records.person()
    with archive.write() as tx:
        people.add(tx, somebody)
        for n in range(300):
            readings.add(tx, records.pressure(somebody.id, taken_at=NOON + n))
    return somebody


def test_a_full_disk_is_said_and_what_was_saved_is_safe(archive, person):
    with archive.write() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull, match="disk is full"):
        write_much(archive, person)
    with archive.read() as tx:
        assert len(readings.between(tx, person.id, BP, 0, NOON * 2)) == 300
    with archive.write() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count=1000000")
        readings.add(tx, records.pressure(person.id))
    assert archive.check().sound


def write_much(archive, person):
    with archive.write() as tx:
        for n in range(1000):
            readings.add(tx, records.pressure(person.id, taken_at=NOON + 1000 + n, note="x" * 500))


def test_a_disk_that_fills_under_the_program_is_said(folder):
    """The limit on file size stands for a full disk or a quota: the write itself fails."""
    keys = archives.new_keys(folder)
    Archive.create(folder, keys, NOON).close(NOON)
    done = subprocess.run(
        [sys.executable, "-c", _UNTIL_FULL, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    assert done.stdout.split()[0] == DiskFull.code, done.stderr
    kept = int(done.stdout.split()[1])
    archive = Archive.open(folder, keys, NOON)
    assert archive.info().readings == kept > 0
    assert archive.check().sound
    archive.close(NOON)


_UNTIL_FULL = """
import os, resource, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from carehub.archive import people, readings, vault
from carehub.archive.store import Archive
from carehub.errors import ArchiveError
from tests.helpers import archives, records

folder = Path(sys.argv[1])
archive = Archive.open(folder, vault.unlock_with_passphrase(folder, archives.PASSPHRASE), records.NOON)
person = records.person()
with archive.write() as tx:
    people.add(tx, person)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
kept = 0
try:
    while True:
        with archive.write() as tx:
            readings.add(tx, records.pressure(person.id, taken_at=kept, note="x" * 5000))
        kept += 1
except ArchiveError as error:
    print(error.code, kept)
os._exit(0)
"""


def test_a_damaged_page_is_said_and_other_pages_can_still_be_read(archive, folder, person):
    archive.close(NOON)
    root = damage(archive, "reading")
    again = Archive.open(folder, archive.keys, NOON)
    with pytest.raises(ArchiveDamaged), again.read() as tx:
        readings.between(tx, person.id, BP, 0, NOON * 2)
    with again.read() as tx:
        assert people.everyone(tx) == [person]
    found = again.check()
    assert not found.sound
    assert str(root) in found.faults[0]
    assert found.counts == {}
    with pytest.raises(ArchiveDamaged):
        backup.make(again, NOON + 3_600_000)
    again.close(NOON)


def damage(archive, table):
    """Flip one bit in the first page of a table; return the number of that page."""
    connection = cipher.connect(archive.file, archive.keys.database_key())
    question = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    (root,) = connection.execute(question, (table,)).fetchone()
    connection.close()
    raw = bytearray(archive.file.read_bytes())
    raw[(root - 1) * PAGE + 100] ^= 1
    archive.file.write_bytes(raw)
    return root


def test_a_backup_of_a_damaged_archive_pushes_out_no_good_one(archive, folder, person):
    good = backup.make(archive, NOON)
    archive.close(NOON)
    damage(archive, "reading")
    again = Archive.open(folder, archive.keys, NOON)
    for day in range(1, 9):
        with pytest.raises(ArchiveError):
            backup.make(again, NOON + day * records.DAY)
    assert backup.list_backups(folder) == [good]
    assert not list((folder / "backups").glob("*.tmp*"))
    again.close(NOON)


def test_a_damaged_index_or_reference_is_found(archive, person):
    with closing(cipher.connect(archive.file, archive.keys.database_key())) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM person")
    assert archive.check().faults == ("references lead nowhere",)
    with pytest.raises(ArchiveDamaged):
        archive.close(NOON)


class Failure(cipher.DatabaseError):  # type: ignore[misc,valid-type]  # the driver has no types
    def __init__(self, code):
        super().__init__("failed")
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_CORRUPT, ArchiveDamaged),
        (sqlite3.SQLITE_BUSY, ArchiveInUse),
        (sqlite3.SQLITE_IOERR, ArchiveDamaged),
        (sqlite3.SQLITE_IOERR_READ, ArchiveDamaged),
        (sqlite3.SQLITE_ERROR, Failure),
    ],
    ids=str,
)
def test_sqlite_s_codes_have_names(tmp_path, code, named):
    with pytest.raises(named), faults.named(tmp_path):
        raise Failure(code)


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG], ids=errno.errorcode.get
)
def test_an_i_o_error_of_a_full_disk_is_a_full_disk(tmp_path, monkeypatch, number):
    def full(handle):
        raise OSError(number, "no room")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull), faults.named(tmp_path):
        raise Failure(sqlite3.SQLITE_IOERR)
    with pytest.raises(DiskFull):
        files.replace(tmp_path / "file", b"x")
    assert list(tmp_path.iterdir()) == []


def test_other_trouble_with_files_keeps_its_name(tmp_path, monkeypatch):
    def broken(handle):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="broken"), faults.named(tmp_path):
        raise Failure(sqlite3.SQLITE_IOERR)
    with pytest.raises(OSError, match="broken"):
        files.replace(tmp_path / "file", b"x")
    with pytest.raises(OSError, match="broken"), faults.named(tmp_path):
        broken(0)
    with pytest.raises(DiskFull), faults.named(tmp_path):
        raise OSError(errno.ENOSPC, "no room")


def test_a_stick_without_hard_links_still_takes_files(tmp_path, monkeypatch):
    def refuse(*given):
        raise OSError(errno.EPERM, "not here")

    monkeypatch.setattr("os.link", refuse)
    files.create(tmp_path / "file", b"x")
    assert (tmp_path / "file").read_bytes() == b"x"
    with pytest.raises(FileExistsError):
        files.create(tmp_path / "file", b"y")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
