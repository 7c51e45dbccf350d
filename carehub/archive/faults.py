"""What SQLite says when a disk is full or a page is damaged, in the words of our own errors."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from carehub import log
from carehub.archive import cipher
from carehub.archive.files import NO_ROOM
from carehub.errors import ArchiveDamaged, ArchiveError, ArchiveInUse, DiskFull, KeyMismatch

_NAMED: dict[int, type[ArchiveError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: ArchiveDamaged,
    sqlite3.SQLITE_NOTADB: KeyMismatch,
    sqlite3.SQLITE_BUSY: ArchiveInUse,
}
_ROOM = 64 * 1024


@contextmanager
def named(folder: Path) -> Iterator[None]:
    """Turn trouble with the database in `folder` into ArchiveError; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        ours = _ours(error.orig or error, folder)
        if ours is None:
            raise
        raise ours from error
    except cipher.DatabaseError as error:
        ours = _ours(error, folder)
        if ours is None:
            raise
        raise ours from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise


def _ours(error: BaseException, folder: Path) -> ArchiveError | None:
    code = cipher.code_of(error)
    kind = _NAMED.get(code)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        kind = ArchiveDamaged if _has_room(folder) else DiskFull
    if kind is None:
        return None
    log.archive.error("the database answered %s", getattr(error, "sqlite_errorname", code))
    return kind()


def _has_room(folder: Path) -> bool:
    """Tell whether a few pages can still be added; SQLite calls a quota or a limit an I/O error."""
    try:
        largest = max((file.stat().st_size for file in folder.glob("archive.db*")), default=0)
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.seek(largest)
            stream.write(os.urandom(_ROOM))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        if error.errno in NO_ROOM or error.errno == errno.EROFS:
            return False
        raise
    return True
