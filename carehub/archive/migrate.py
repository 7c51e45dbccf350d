"""Bringing an archive to today's tables: a verified copy first, then all revisions in one transaction.

Foreign keys are off meanwhile, for a rebuild of a parent would delete its children. Before the commit
every reference is checked and every row counted; whatever fails leaves the archive as it was.
"""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, event

from carehub import log
from carehub.archive import cipher, tables
from carehub.errors import ArchiveTooNew

SCRIPTS = Path(__file__).parent / "migrations"

Counts = Mapping[str, int]


class RowsLost(RuntimeError):
    """A migration of ours lost or made rows, or left references that lead nowhere: a bug."""


def revision_of(file: Path, key: str) -> str | None:
    """Return the revision an archive has, or None where it has no tables yet."""
    connection = cipher.connect(file, key)
    try:
        known = cipher.answers(
            connection, "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        )
        found = (
            cipher.answers(connection, "SELECT version_num FROM alembic_version") if known else []
        )
    finally:
        connection.close()
    return str(found[0][0]) if found else None


def to_head(file: Path, key: str, scripts: Path = SCRIPTS, to: str = "head") -> None:
    """Bring the database at `file` to revision `to`, or leave it as it was and raise.

    Raises ArchiveTooNew for a revision we do not know, RowsLost where a check fails.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        module=cipher.driver,
        creator=lambda: cipher.connect(file, key, foreign_keys=False),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    with engine.begin() as tx:
        before = counts(tx)
        _run(tx, scripts, to)
        _check(tx, before)
    log.archive.info("the archive is at revision %s", tables.REVISION)


def counts(tx: Connection) -> dict[str, int]:
    """Count the rows of each table of ours, without those that SQLite and FTS5 keep for themselves."""
    names = tx.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name NOT LIKE 'search%' AND name NOT LIKE '_alembic%' AND name <> 'alembic_version'"
    ).scalars()
    return {name: _count(tx, name) for name in list(names)}


def _run(tx: Connection, scripts: Path, to: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise ArchiveTooNew from error


def _check(tx: Connection, before: Counts) -> None:
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RowsLost("references lead nowhere")
    after = counts(tx)
    lost = [name for name, count in before.items() if after.get(name, count) != count]
    if lost:
        raise RowsLost(f"rows changed in {', '.join(sorted(lost))}")


def _count(tx: Connection, name: str) -> int:
    return int(tx.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
