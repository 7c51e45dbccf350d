"""Bringing the platform's database to today's tables, on both stores, one starter at a time."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub import log
from carehub.platform.db import Database
from carehub.platform.schema import REVISION, metadata

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x43617265
"""PostgreSQL's advisory lock that lets one of several starting services migrate."""


async def to_head(db: Database, to: str = "head") -> None:
    """Bring the database to revision `to` in one transaction, or leave it as it was and raise."""

    async def work(tx: AsyncConnection) -> None:
        if not db.sqlite:
            await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await tx.run_sync(_upgrade, to)

    await db.write(work)
    log.platform.info("the database is at revision %s", REVISION)


def differences(connection: Connection) -> list[object]:
    """Return how the database differs from the tables as described; empty where it does not."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, metadata)
    return found


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
