"""Opening an encrypted database file: the one place that imports SQLCipher.

The cipher's page, kdf and hmac pragmas are never touched: other page sizes are slower and some of
those pragmas damage the file (sqlcipher/sqlcipher#613).
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Literal, cast
from urllib.parse import quote

from sqlcipher3 import dbapi2

Mode = Literal["rw", "rwc"]
BUSY_MS = 5000
driver = dbapi2
"""The DB-API module that SQLAlchemy drives."""
DatabaseError = cast("type[Exception]", driver.DatabaseError)

# Each pragma with the answer it must give when it is asked again.
PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", str(BUSY_MS), BUSY_MS),
    # FILE writes rows in the open into the temporary folder.
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("cache_size", "-8000", -8000),
)


def connect(
    file: Path, key: str, *, mode: Mode = "rw", foreign_keys: bool = True, read_only: bool = False
) -> sqlite3.Connection:
    """Open `file` with a raw key of 64 hex digits; mode "rw" never makes a file.

    Raises DatabaseError of SQLCipher; "file is not a database" means that the key does not fit.
    """
    place = f"file:{quote(str(file))}?mode={mode}"
    opened = driver.connect(
        place, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    connection = cast("sqlite3.Connection", opened)
    try:
        _set_up(connection, key, foreign_keys=foreign_keys)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
    except DatabaseError:
        connection.close()
        raise
    return connection


def fits(file: Path, key: str) -> bool:
    """Tell whether the key opens the database; raises DatabaseError for any other trouble."""
    try:
        with closing(connect(file, key)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError as error:
        if code_of(error) == sqlite3.SQLITE_NOTADB:
            return False
        raise
    return True


def checkpoint(file: Path, key: str) -> None:
    """Bring the write-ahead log into the main file, as far as readers allow."""
    with closing(connect(file, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def code_of(error: BaseException) -> int:
    """Return SQLite's primary result code of an error, or 0."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def answers(connection: sqlite3.Connection, statement: str) -> list[tuple[object, ...]]:
    """Return all rows of one statement."""
    rows: Iterable[tuple[object, ...]] = connection.execute(statement)
    return list(rows)


def _set_up(connection: sqlite3.Connection, key: str, *, foreign_keys: bool) -> None:
    # The library's own log would put page numbers and file names on stderr.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{key}'\"")
    for name, value, expected in PRAGMAS:
        if name == "foreign_keys" and not foreign_keys:
            continue
        connection.execute(f"PRAGMA {name}={value}").fetchall()
        answer = connection.execute(f"PRAGMA {name}").fetchone()
        if answer is None or answer[0] != expected:
            raise RuntimeError(f"the database did not accept {name}={value}")
