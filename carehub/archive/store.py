"""The open archive: an encrypted SQLite file, one writer and many readers, held by one program.

archive = Archive.open(folder, keys, now)
with archive.write() as tx:
    readings.add(tx, reading)
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, func, select, text

from carehub import log
from carehub.archive import (
    backup,
    cipher,
    faults,
    files,
    locking,
    migrate,
    soundness,
    tables,
    vault,
)
from carehub.archive.soundness import Soundness
from carehub.archive.vault import Keys
from carehub.errors import ArchiveDamaged, ArchiveExists, ArchiveMissing, KeyMismatch

DATABASE = "archive.db"
LOCK = "archive.lock"
WRITER_WAIT_SECONDS = 30

Tx = Connection
"""What `read` and `write` lend, and what the functions of the nouns take."""


@dataclass(frozen=True, slots=True)
class Info:
    """What an archive holds, in numbers."""

    revision: str
    created_at: int
    demo: bool
    people: int
    readings: int
    open_ops: int
    bytes_used: int
    newest_backup_at: int | None


class Archive:
    """An archive that is open; it shows neither its key nor what is in it."""

    def __init__(self, folder: Path, keys: Keys, lock: IO[bytes]) -> None:
        self.folder = folder
        self.keys = keys
        self._lock = lock
        self._written = False
        self._closed = False
        self._readers = _engine(self._connector(read_only=True), "BEGIN", size=2)
        self._writer = _engine(self._connector(read_only=False), "BEGIN IMMEDIATE", size=1)
        self.demo = self._meta("demo") == "1"

    def __repr__(self) -> str:
        return f"Archive({self.folder})"

    @classmethod
    def create(cls, folder: Path, keys: Keys, now: int, *, demo: bool = False) -> "Archive":
        """Make an empty archive beside its key file and open it; raises ArchiveExists."""
        vault.check_seal(folder, keys)
        with ExitStack() as undo, faults.named(folder):
            lock = undo.enter_context(locking.take(folder / LOCK))
            _build(folder, keys, now, demo)
            archive = cls(folder, keys, lock)
            undo.pop_all()
        return archive

    @classmethod
    def open(cls, folder: Path, keys: Keys, now: int) -> "Archive":
        """Open an archive, after finishing a restore that was cut short and migrating an older one.

        Raises ArchiveMissing, ArchiveInUse, ArchiveTooNew, KeyMismatch, ArchiveDamaged, DiskFull.
        """
        if not folder.is_dir():
            raise ArchiveMissing
        with ExitStack() as undo, faults.named(folder):
            lock = undo.enter_context(locking.take(folder / LOCK))
            backup.finish_restore(folder)
            keys = _fitting(folder, keys)
            _migrate(folder, keys, now)
            archive = cls(folder, keys, lock)
            undo.pop_all()
        return archive

    @property
    def file(self) -> Path:
        """Return the database file."""
        return self.folder / DATABASE

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection that sees one moment of the archive and cannot change it."""
        with self._named(), self._engine(self._readers).connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend the one writing connection; leaving commits to the disk, an error undoes everything.

        Raises DiskFull, ArchiveDamaged, ArchiveInUse.
        """
        with self._named(), self._engine(self._writer).begin() as connection:
            yield connection
        self._written = True

    def info(self) -> Info:
        """Return what the archive holds, in numbers."""
        made = backup.list_backups(self.folder)
        with self.read() as tx:
            return Info(
                revision=str(
                    tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
                ),
                created_at=int(self._meta("created_at") or 0),
                demo=self.demo,
                people=tx.execute(select(func.count()).select_from(tables.person)).scalar_one(),
                readings=tx.execute(select(func.count()).select_from(tables.reading)).scalar_one(),
                open_ops=tx.execute(
                    select(func.count()).select_from(tables.op).where(text(tables.OPEN_OPS))
                ).scalar_one(),
                bytes_used=self.file.stat().st_size,
                newest_backup_at=made[0].made_at if made else None,
            )

    def check(self) -> Soundness:
        """Examine every page, index and reference; writing waits meanwhile."""
        with self._named():
            cipher.checkpoint(self.file, self.keys.database_key())
            with self._engine(self._writer).begin():
                return soundness.examine(self.file, self.keys.database_key())

    def close(self, now: int) -> None:
        """Back up what was written and close; a backup that fails is raised after closing."""
        if self._closed:
            return
        try:
            if self._written and backup.due(self.folder, now):
                backup.make(self, now)
        finally:
            self._closed = True
            self._readers.dispose()
            self._writer.dispose()
            self._lock.close()

    def dispose(self) -> None:
        """Drop the connections that are open, for a damaged page poisons the one that met it."""
        self._readers.dispose()
        self._writer.dispose()

    def _connector(self, *, read_only: bool) -> Callable[[], sqlite3.Connection]:
        file, keys = self.folder / DATABASE, self.keys
        return lambda: cipher.connect(file, keys.database_key(), read_only=read_only)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            with faults.named(self.folder):
                yield
        except ArchiveDamaged:
            self.dispose()
            raise

    def _engine(self, engine: Engine) -> Engine:
        if self._closed:
            raise RuntimeError("this archive is closed")
        return engine

    def _meta(self, key: str) -> str | None:
        with self.read() as tx:
            found = select(tables.meta.c.value).where(tables.meta.c.key == key)
            return tx.execute(found).scalar()


def _engine(connect: Callable[[], sqlite3.Connection], begin: str, size: int) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        module=cipher.driver,
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if size == 1 else -1,
        pool_timeout=WRITER_WAIT_SECONDS,
        hide_parameters=True,
    )

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", start)
    return engine


def _build(folder: Path, keys: Keys, now: int, demo: bool) -> None:
    """Make the database under another name, so that a half-made one is never taken for an archive."""
    file, fresh = folder / DATABASE, folder / f"{DATABASE}.new"
    if file.exists():
        raise ArchiveExists
    for left in (fresh, *backup.companions(fresh)):
        left.unlink(missing_ok=True)
    cipher.connect(fresh, keys.database_key(), mode="rwc").close()
    migrate.to_head(fresh, keys.database_key())
    connection = cipher.connect(fresh, keys.database_key())
    facts = {"archive_id": keys.archive_id.hex, "created_at": str(now), "demo": str(int(demo))}
    connection.executemany("INSERT INTO meta(key, value) VALUES (?, ?)", list(facts.items()))
    connection.close()
    cipher.checkpoint(fresh, keys.database_key())
    fresh.chmod(files.PRIVATE_FILE)
    try:
        files.move_new(fresh, file)
    except FileExistsError as error:
        raise ArchiveExists from error
    files.sync_folder(folder)


def _fitting(folder: Path, keys: Keys) -> Keys:
    """Return the keys whose generation opens the database, settling a change that was cut short."""
    file = folder / DATABASE
    if not file.exists():
        raise ArchiveMissing
    if file.stat().st_size == 0:
        raise ArchiveDamaged
    if cipher.fits(file, keys.database_key()):
        return keys
    if keys.pending is not None and cipher.fits(file, keys.database_key(keys.pending)):
        log.archive.warning("the change of the database key had been cut short; it is settled now")
        return vault.set_generation(folder, keys, keys.pending, None)
    raise KeyMismatch


def _migrate(folder: Path, keys: Keys, now: int) -> None:
    file = folder / DATABASE
    revision = migrate.revision_of(file, keys.database_key())
    if revision == tables.REVISION:
        return
    if revision is None:
        raise ArchiveDamaged
    backup.keep_before_migration(folder, keys, revision, now)
    migrate.to_head(file, keys.database_key())
