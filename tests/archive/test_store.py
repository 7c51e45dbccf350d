"""The open archive: one writer, many readers, one program, and no secret on show."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from carehub.archive import backup, cipher, files, locking, people, readings, vault
from carehub.archive.store import Archive
from carehub.care.readings import Kind
from carehub.errors import (
    ArchiveDamaged,
    ArchiveExists,
    ArchiveInUse,
    ArchiveMissing,
    ArchiveTooNew,
    KeyMismatch,
)
from tests.helpers import archives, records
from tests.helpers.records import NOON

BP = Kind.BLOOD_PRESSURE


def pragma(tx, name):
    return tx.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize("lend", ["read", "write"])
def test_every_connection_has_every_pragma(archive, lend):
    with getattr(archive, lend)() as tx:
        for name, _, expected in cipher.PRAGMAS:
            assert pragma(tx, name) == expected, name
        assert str(pragma(tx, "cipher_version")).startswith("4.")


def test_pragmas_come_in_order_with_the_key_before_all_that_touch_the_file(monkeypatch, tmp_path):
    said = []
    real = cipher.driver.connect

    def listening(*given, **named):
        connection = real(*given, **named)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(cipher.driver, "connect", listening)
    cipher.connect(tmp_path / "x.db", "ab" * 32, mode="rwc").close()
    settings = [s.split("=")[0].split()[-1] for s in said if "=" in s]
    assert settings == ["cipher_log_level", "key", *[name for name, _, _ in cipher.PRAGMAS]]


def test_a_pragma_that_is_not_taken_is_a_bug(monkeypatch, tmp_path):
    monkeypatch.setattr(cipher, "PRAGMAS", (("journal_mode", "WAL", "delete"),))
    with pytest.raises(RuntimeError, match="journal_mode"):
        cipher.connect(tmp_path / "x.db", "ab" * 32, mode="rwc")


def test_the_key_shows_nowhere(archive, folder):
    key = archive.keys.database_key()
    with archive.read() as tx:
        shown = [repr(archive), repr(archive.keys), str(tx.engine.url), repr(tx.engine), repr(tx)]
    with pytest.raises(OperationalError) as failure, archive.read() as tx:
        tx.exec_driver_sql("SELECT * FROM nothing WHERE name = ?", ("王示例",))
    shown += [str(failure.value), repr(failure.value)]
    for text in shown:
        assert key not in text
        assert "王示例" not in text


def test_a_reader_cannot_write(archive):
    with pytest.raises(OperationalError, match="readonly"), archive.read() as tx:
        people.add(tx, records.person())


def test_reading_goes_on_while_somebody_writes(archive):
    person = records.person()
    with archive.write() as tx:
        people.add(tx, person)
        with archive.read() as other:
            assert people.everyone(other) == []
    with archive.read() as tx:
        assert people.everyone(tx) == [person]


def test_a_reader_sees_one_moment(archive):
    with archive.read() as tx:
        assert people.everyone(tx) == []
        with archive.write() as other:
            people.add(other, records.person())
        assert people.everyone(tx) == []


def test_writers_of_several_threads_take_turns(archive):
    person = records.person()
    with archive.write() as tx:
        people.add(tx, person)

    def write(number):
        for n in range(10):
            with archive.write() as tx:
                readings.add(tx, records.pressure(person.id, taken_at=NOON + number * 100 + n))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with archive.read() as tx:
        assert len(readings.between(tx, person.id, BP, 0, NOON * 2)) == 60


def test_an_archive_is_opened_by_one_program_at_a_time(archive, folder):
    with pytest.raises(ArchiveInUse):
        Archive.open(folder, archive.keys, NOON)
    done = subprocess.run(
        [sys.executable, "-c", _TAKE, str(folder)], check=False, capture_output=True, text=True
    )
    assert done.stdout.strip() == ArchiveInUse.code, done.stderr
    archive.close(NOON)
    Archive.open(folder, archive.keys, NOON).close(NOON)


_TAKE = """
import sys
from pathlib import Path
from carehub.archive import locking
from carehub.errors import ArchiveInUse
try:
    locking.take(Path(sys.argv[1]) / "archive.lock")
except ArchiveInUse as error:
    print(error.code)
"""


def test_a_killed_program_leaves_no_lock(folder, tmp_path):
    keys = archives.new_keys(folder)
    Archive.create(folder, keys, NOON).close(NOON)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    with pytest.raises(ArchiveInUse):
        Archive.open(folder, keys, NOON)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert (folder / "archive.lock").exists()
    Archive.open(folder, keys, NOON).close(NOON)


_HOLD = """
import sys, time
from pathlib import Path
from carehub.archive import locking
lock = locking.take(Path(sys.argv[1]) / "archive.lock")
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_may_be_waited_for(tmp_path):
    with locking.held(tmp_path / "x", wait=True), pytest.raises(ArchiveInUse):
        locking.take(tmp_path / "x")
    locking.take(tmp_path / "x").close()


def test_nothing_there_is_missing(folder):
    keys = archives.new_keys(folder)
    with pytest.raises(ArchiveMissing):
        Archive.open(folder, keys, NOON)
    with pytest.raises(ArchiveMissing):
        Archive.open(folder / "nowhere", keys, NOON)


def test_an_archive_is_never_made_over_another(archive, folder):
    person = records.person()
    with archive.write() as tx:
        people.add(tx, person)
    archive.close(NOON)
    with pytest.raises(ArchiveExists):
        Archive.create(folder, archive.keys, NOON)
    again = Archive.open(folder, archive.keys, NOON)
    with again.read() as tx:
        assert people.everyone(tx) == [person]
    again.close(NOON)


def test_what_a_crash_left_of_making_one_is_cleared(folder):
    keys = archives.new_keys(folder)
    (folder / "archive.db.new").write_bytes(b"half")
    (folder / "archive.db.new-wal").write_bytes(b"half")
    Archive.create(folder, keys, NOON).close(NOON)
    assert not list(folder.glob("*.new*"))


def test_two_programs_cannot_both_make_it(folder, monkeypatch):
    keys = archives.new_keys(folder)
    monkeypatch.setattr(files, "move_new", _taken)
    with pytest.raises(ArchiveExists):
        Archive.create(folder, keys, NOON)


def _taken(fresh, file):
    raise FileExistsError


def test_a_wrong_key_opens_nothing_and_changes_nothing(archive, folder, tmp_path):
    archive.close(NOON)
    before = archive.file.read_bytes()
    with pytest.raises(KeyMismatch):
        Archive.open(folder, archives.new_keys(tmp_path / "other"), NOON)
    assert archive.file.read_bytes() == before
    Archive.open(folder, archive.keys, NOON).close(NOON)


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\0" * 5000])
def test_what_is_no_database_of_ours_is_left_as_it_is(archive, folder, content):
    archive.close(NOON)
    archive.file.write_bytes(content)
    with pytest.raises(KeyMismatch):
        Archive.open(folder, archive.keys, NOON)
    assert archive.file.read_bytes() == content


def test_an_empty_file_is_damage_and_not_a_new_archive(archive, folder):
    archive.close(NOON)
    archive.file.write_bytes(b"")
    with pytest.raises(ArchiveDamaged):
        Archive.open(folder, archive.keys, NOON)
    assert archive.file.read_bytes() == b""


def test_a_database_without_our_tables_is_damage(folder):
    keys = archives.new_keys(folder)
    connection = cipher.connect(folder / "archive.db", keys.database_key(), mode="rwc")
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(ArchiveDamaged):
        Archive.open(folder, keys, NOON)


def test_an_archive_of_the_future_is_left_as_it_is(archive, folder):
    archive.close(NOON)
    connection = cipher.connect(archive.file, archive.keys.database_key())
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ArchiveTooNew):
        Archive.open(folder, archive.keys, NOON)


def test_a_closed_archive_is_not_used(archive):
    archive.close(NOON)
    archive.close(NOON)
    with pytest.raises(RuntimeError, match="closed"), archive.read():
        pass
    with pytest.raises(RuntimeError, match="closed"), archive.write():
        pass


def test_info_counts(folder):
    archive = archives.new(folder, demo=True)
    person = records.person()
    with archive.write() as tx:
        people.add(tx, person)
        readings.add(tx, records.pressure(person.id))
    info = archive.info()
    assert (info.people, info.readings, info.open_ops, info.demo) == (1, 1, 0, True)
    assert info.created_at == NOON
    assert info.newest_backup_at is None
    assert info.bytes_used > 0
    made = backup.make(archive, NOON + 5)
    assert archive.info().newest_backup_at == made.made_at == NOON + 5
    archive.close(NOON)


def test_a_demo_stays_a_demo(folder):
    archive = archives.new(folder, demo=True)
    archive.close(NOON)
    again = Archive.open(folder, archive.keys, NOON)
    assert again.demo
    again.close(NOON)


def test_a_sound_archive_is_found_sound(archive):
    with archive.write() as tx:
        people.add(tx, records.person())
    found = archive.check()
    assert found.sound
    assert found.counts["person"] == 1


def test_the_database_is_for_this_user_only(archive):
    assert stat.S_IMODE(archive.file.stat().st_mode) == 0o600


def test_a_folder_may_have_any_name(tmp_path):
    for name in ("档案 一?", "a%20b#c", "it's"):
        archive = archives.new(tmp_path / name)
        archive.close(NOON)
        Archive.open(tmp_path / name, archive.keys, NOON).close(NOON)


def test_no_row_is_written_in_the_open_anywhere(folder, tmp_path, monkeypatch):
    """Run in a process of its own, with its own temporary folder, and look at every byte."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = os.environ | {
        "TMPDIR": str(temporary),
        "SQLITE_TMPDIR": str(temporary),
        "CAREHUB_HOME": str(tmp_path / "home"),
    }
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(folder)],
        check=False,
        capture_output=True,
        env=env,
        cwd=Path.cwd(),
    )
    assert done.returncode == 0, done.stderr
    written = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    names = {file.name for file in written}
    assert {"archive.db", "archive.db-wal", "archive.db-shm", "archive.keys"} <= names
    assert [name for name in names if name.startswith("carehub-")], "a backup was made"
    assert [file for file in written if file.suffix == ".sealed"], "an attachment was kept"
    assert not list(temporary.iterdir()), "a big sort spilled into the temporary folder"
    keys = vault.unlock_with_passphrase(folder, archives.PASSPHRASE)
    hidden = [keys.master(), bytes.fromhex(keys.database_key()), keys.database_key().encode()]
    for marker in [*(text.encode() for text in _MARKERS), *hidden, b"SQLite format 3"]:
        assert not [file.name for file, content in written.items() if marker in content]


_MARKERS = ("MARKERNAME", "标记标记", "MARKERNOTE", "MARKERPHOTO", "MARKEROP", "four plain example")
_FILL = """
import os, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from carehub.archive import attachments, backup, outbox, people, readings
from carehub.archive.store import Archive
from carehub.wire.exchange import EntityKind
from tests.helpers import archives, records

folder = Path(sys.argv[1])
archive = Archive.create(folder, archives.new_keys(folder), records.NOON)
person = records.person(name="MARKERNAME", called="标记标记")
with archive.write() as tx:
    people.add(tx, person)
    people.put_medicine(tx, records.medicine(person.id, name="标记标记片"))
    for n in range(3000):
        readings.add(tx, records.pressure(person.id, taken_at=n, note=f"MARKERNOTE {n}" * 20))
    outbox.add(
        tx, records.op(EntityKind.PERSON, person.id, person.id, body={"note": "MARKEROP"})
    )
attachments.add(archive, b"MARKERPHOTO" * 9000, "image/png")
attachments.add(archive, b"MARKERPHOTO", "image/png")
with archive.read() as tx:
    tx.exec_driver_sql("SELECT note FROM reading ORDER BY note || id DESC").fetchall()
backup.make(archive, records.NOON)
with archive.write() as tx:
    readings.add(tx, records.pressure(person.id, note="MARKERNOTE"))
os._exit(0)
"""


def test_a_temporary_file_would_show_in_that_test(tmp_path):
    """The scan is not blind: with temp_store=FILE the same sort does spill."""
    done = subprocess.run(
        [sys.executable, "-c", _SPILL],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"SQLITE_TMPDIR": str(tmp_path)},
    )
    assert int(done.stdout) > 0, done.stderr


_SPILL = """
import os
from sqlcipher3 import dbapi2
connection = dbapi2.connect(":memory:")
connection.execute("PRAGMA temp_store=FILE")
connection.execute("PRAGMA cache_size=10")
connection.execute("CREATE TABLE t (x)")
connection.executemany("INSERT INTO t VALUES (?)", [(os.urandom(999).hex(),) for _ in range(4000)])
rows = connection.execute("SELECT x FROM t ORDER BY x || x")
rows.fetchone()
print(sum("etilqs" in os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
          if os.path.islink(f"/proc/self/fd/{fd}") and os.path.lexists(f"/proc/self/fd/{fd}")))
"""


def test_a_copied_folder_is_an_archive(archive, tmp_path):
    with archive.write() as tx:
        people.add(tx, records.person())
    archive.close(NOON)
    shutil.copytree(archive.folder, tmp_path / "copy")
    keys = vault.unlock_with_passphrase(tmp_path / "copy", archives.PASSPHRASE)
    again = Archive.open(tmp_path / "copy", keys, NOON)
    assert again.info().people == 1
    again.close(NOON)
