"""Databases of other programs (SQLite): opened for reading only, and nothing in them is run."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports.sources import Source

_MARK = b"SQLite format 3\x00"
_LARGEST_IN_MEMORY = 64 * 1024**2
_LONGEST_VALUE = 1024**2
_STEPS = 10_000_000
"""How many steps of SQLite's machine may pass between two rows."""

Cell = str | int | float | bytes | None


def looks_like(source: Source) -> bool:
    """Tell whether a file is a SQLite database."""
    return source.head.startswith(_MARK)


def columns(source: Source) -> dict[str, frozenset[str]]:
    """Return the columns of each table; a view or a virtual table is none."""
    if not looks_like(source):
        return {}
    try:
        with _opened(source) as database:
            named = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
            )
            names = [str(name) for (name,) in database.execute(named)]
            return {name: _columns(database, name) for name in names}
    except FileRefused:
        return {}


def _columns(database: sqlite3.Connection, name: str) -> frozenset[str]:
    found = database.execute("SELECT name FROM pragma_table_info(?)", (name,))
    return frozenset(str(column) for (column,) in found)


def select(source: Source, question: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a question; raises FileRefused where the database is damaged."""
    with _opened(source) as database:
        yield from database.execute(question)


@contextmanager
def _opened(source: Source) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_connection(source)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            database.set_progress_handler(lambda: 1, _STEPS)
            database.text_factory = lambda raw: raw.decode(errors="replace")
            yield database
    except sqlite3.Error:
        raise FileRefused(_("This database is damaged, or is not what it seems.")) from None


def _connection(source: Source) -> sqlite3.Connection:
    if source.path is not None:
        place = quote(str(Path(source.path).absolute()))
        return sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True)
    if source.size > _LARGEST_IN_MEMORY:
        raise FileRefused(_("This database is too large to be read from a ZIP. Unpack it first."))
    database = sqlite3.connect(":memory:")
    with source.open() as stream:
        database.deserialize(stream.read())
    return database
