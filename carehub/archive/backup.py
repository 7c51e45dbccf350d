"""Verified rolling backups, and putting one back.

A backup is the whole database under the same key, made while people go on working, reopened and
examined before it counts. Beside the backups lie one copy of the key file, renewed with each, and one
of each attachment's file, which all backups that name it share.
"""

import json
import re
import shutil
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from carehub import log
from carehub.archive import cipher, faults, files, locking, sealed, soundness, vault
from carehub.archive.vault import Keys, keyfile
from carehub.errors import ArchiveDamaged, ArchiveMissing, KeyMismatch

if TYPE_CHECKING:
    from carehub.archive.store import Archive

FOLDER = keyfile.COPIES
MARKER = "archive.restore"
KEPT = 3
STAMP = "%Y%m%dT%H%M%S.%f"
NAMED = re.compile(r"carehub-(?P<stamp>\d{8}T\d{6}\.\d{6})(-before-(?P<before>\w+))?\.db")
DAY_MS = 86_400_000
QUIET_MS = 10 * 60 * 1000
"""A close within this time of the last backup makes no other."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; `before` is the revision it was migrated from, or empty for a rolling one."""

    file: Path
    made_at: int
    before: str = ""


def companions(file: Path) -> tuple[Path, Path]:
    """Return the write-ahead log and its index, which belong to a database file."""
    return file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups of the archive in `folder`, the newest first."""
    found = [_read_name(file) for file in (folder / FOLDER).glob("*.db")]
    return sorted((b for b in found if b is not None), key=lambda b: b.made_at, reverse=True)


def due(folder: Path, now: int, quiet: int = QUIET_MS) -> bool:
    """Tell whether the newest backup is older than `quiet` ms, or from a clock ahead of this one."""
    made = [b.made_at for b in list_backups(folder) if not b.before]
    return not made or not 0 <= now - made[0] < quiet


def daily(archive: "Archive", now: int) -> Backup | None:
    """Make a backup where none was made in the last day."""
    return make(archive, now) if due(archive.folder, now, DAY_MS) else None


def make(archive: "Archive", now: int) -> Backup:
    """Make a backup, examine it, and let the oldest go; raises DiskFull or ArchiveDamaged.

    Where it fails, the earlier backups stay as they are.
    """
    made = _make(archive.folder, archive.keys, now, "")
    _prune(archive.folder)
    _prune_files(archive.folder, archive.keys)
    return made


def keep_before_migration(folder: Path, keys: Keys, revision: str, now: int) -> Backup:
    """Keep a backup from before a migration; there is one for each revision left behind."""
    made = _make(folder, keys, now, revision)
    for other in list_backups(folder):
        if other.before == revision and other.file != made.file:
            other.file.unlink()
    return made


def restore(folder: Path, backup_file: Path, keys: Keys, now: int) -> None:
    """Put a backup in place of the database; what was there is kept beside it.

    A crash on the way is made good at the next opening. Raises ArchiveDamaged where the backup is
    not sound, KeyMismatch where the keys do not open it, DiskFull, ArchiveInUse.
    """
    if not backup_file.is_file():
        raise ArchiveMissing
    files.make_folder(folder)
    with locking.held(folder / "archive.lock"), faults.named(folder):
        finish_restore(folder)
        for left in folder.glob("archive.db.restored-*"):
            left.unlink()
        fresh = folder / f"archive.db.restored-{now}"
        with ExitStack() as undo:
            undo.callback(_discard, fresh)
            shutil.copyfile(backup_file, fresh)
            _fit(fresh, keys)
            files.sync_file(fresh)
            _take_files(fresh, keys, backup_file.parent, folder, distrust=True)
            undo.pop_all()
        _place_key_file(folder, backup_file.parent)
        marker = {"fresh": fresh.name, "kept": _unused(folder, f"archive.db.damaged-{now}")}
        files.replace(folder / MARKER, json.dumps(marker).encode())
        finish_restore(folder)


def finish_restore(folder: Path) -> None:
    """Carry out the restore that `folder` is marked for, from wherever it was cut short."""
    marker = folder / MARKER
    if not marker.exists():
        return
    names = json.loads(marker.read_bytes())
    fresh, kept, file = folder / names["fresh"], folder / names["kept"], folder / "archive.db"
    if fresh.exists():
        # The old log goes first: left beside the new file, it would be played into it.
        sources = (*companions(file), file)
        for source, place in zip(sources, (*companions(kept), kept), strict=True):
            if source.exists() and not place.exists():
                source.rename(place)
        fresh.rename(file)
        files.sync_folder(folder)
    marker.unlink()
    files.sync_folder(folder)
    log.archive.warning("a backup was put in place of the database")


def _make(folder: Path, keys: Keys, now: int, before: str) -> Backup:
    place = folder / FOLDER
    files.make_folder(place)
    made = Backup(place / _name(now, before), now, before)
    fresh = made.file.with_suffix(".tmp")
    fresh.unlink(missing_ok=True)
    with faults.named(folder):
        try:
            _copy(folder / "archive.db", keys, fresh)
            files.sync_file(fresh)
            _take_files(fresh, keys, folder, place)
            fresh.replace(made.file)
        finally:
            _discard(fresh)
        vault.check_seal(folder, keys)
        keyfile.write_copy(folder, keyfile.read(folder))
    return made


def _copy(source: Path, keys: Keys, fresh: Path) -> None:
    key = keys.database_key()
    before = soundness.counts(source, key)
    with closing(cipher.connect(source, key)) as connection:
        connection.execute("VACUUM INTO ?", (str(fresh),))
    fresh.chmod(files.PRIVATE_FILE)
    after = soundness.counts(source, key)
    _examine(fresh, key)
    counted = soundness.counts(fresh, key)
    # People go on working meanwhile, so each count lies between the one before and the one after.
    for name, count in counted.items():
        least, most = sorted((before.get(name, -1), after.get(name, -1)))
        if not least <= count <= most:
            raise ArchiveDamaged
    if set(counted) != set(after):
        raise ArchiveDamaged


def _examine(file: Path, key: str) -> None:
    cipher.checkpoint(file, key)
    if not soundness.examine(file, key).sound:
        raise ArchiveDamaged


def _unused(folder: Path, name: str) -> str:
    """Return `name`, or the first of its followers that is free: what was kept is never overwritten."""
    taken = {file.name for file in folder.iterdir()}
    return name if name not in taken else _unused(folder, f"{name}-again")


def _discard(file: Path) -> None:
    for left in (file, *companions(file)):
        left.unlink(missing_ok=True)


def _fit(file: Path, keys: Keys) -> None:
    """Examine a backup, and give one of an earlier key generation today's key."""
    key, found = keys.database_key(), _key_of(file, keys)
    if found is None:
        raise KeyMismatch
    _examine(file, found)
    if found != key:
        with closing(cipher.connect(file, found)) as connection:
            connection.execute(f"PRAGMA rekey=\"x'{key}'\"").fetchall()
        cipher.checkpoint(file, key)


def _key_of(file: Path, keys: Keys) -> str | None:
    """Return the key of whichever generation opens a database, or None."""
    older = [keys.database_key(generation) for generation in range(keys.generation - 1, 0, -1)]
    return next((k for k in (keys.database_key(), *older) if cipher.fits(file, k)), None)


def _files_of(file: Path, key: str) -> dict[UUID, bytes]:
    """Return the attachments that a database has as files, with the hash of each."""
    with closing(cipher.connect(file, key)) as connection:
        columns = {row[1] for row in cipher.answers(connection, "PRAGMA table_info(attachment)")}
        if not columns:
            return {}  # from before there were any
        here = " AND here" if "here" in columns else ""
        wanted = f"SELECT id, sha256 FROM attachment WHERE data IS NULL{here}"  # noqa: S608
        found = connection.execute(wanted).fetchall()
    return {UUID(bytes=each): sha256 for each, sha256 in found}


def _take_files(
    database: Path, keys: Keys, source: Path, target: Path, *, distrust: bool = False
) -> None:
    """Bring the files that a database names from one folder to the other, each examined.

    One that is damaged or missing keeps no reading from being backed up or put back. `distrust`
    examines what is in the other folder already; a file is never written twice.
    """
    for attachment_id, sha256 in _files_of(database, keys.database_key()).items():
        file, copy = (sealed.file_of(folder, attachment_id) for folder in (source, target))
        known = copy.exists() and (not file.exists() or _same_size(file, copy))
        if known and not (distrust and not sealed.is_sound(copy, keys, attachment_id, sha256)):
            continue
        if not sealed.is_sound(file, keys, attachment_id, sha256):
            log.archive.error("the file of an attachment is missing or damaged")
            continue
        files.make_folder(copy.parent)
        files.replace(copy, file.read_bytes())


def _same_size(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size


def _prune_files(folder: Path, keys: Keys) -> None:
    """Let go of the files that no backup names any more; where one cannot be asked, keep all."""
    needed: set[UUID | None] = set()
    for backup in list_backups(folder):
        key = _key_of(backup.file, keys)
        if key is None:
            return
        needed |= _files_of(backup.file, key).keys()
    for file in (folder / FOLDER / sealed.FOLDER).glob("*"):
        if sealed.attachment_of(file) not in needed:
            file.unlink()


def _place_key_file(folder: Path, source: Path) -> None:
    copy = source / keyfile.NAME
    if not keyfile.path(folder).exists() and copy.exists():
        keyfile.write(folder, keyfile.read_file(copy))


def _prune(folder: Path) -> None:
    """Keep one for each of the three newest days, so that one bad day cannot push out the rest."""
    seen: set[int] = set()
    for backup in list_backups(folder):
        day = backup.made_at // DAY_MS
        if backup.before:
            continue
        if day in seen or len(seen) == KEPT:
            backup.file.unlink()
        seen.add(day)


def _name(now: int, before: str) -> str:
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime(STAMP)
    return f"carehub-{stamp}-before-{before}.db" if before else f"carehub-{stamp}.db"


def _read_name(file: Path) -> Backup | None:
    found = NAMED.fullmatch(file.name)
    if found is None:
        return None
    moment = datetime.strptime(found["stamp"], STAMP).replace(tzinfo=UTC)
    made_at = int(moment.timestamp()) * 1000 + moment.microsecond // 1000
    return Backup(file, made_at, found["before"] or "")
