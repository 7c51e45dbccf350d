"""What an operator does without the service: on the database itself, from the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from carehub.platform import migrate
from carehub.platform.audit import service as audit
from carehub.platform.db import Database
from carehub.platform.settings import Settings

T = TypeVar("T")


def check_audit(settings: Settings) -> tuple[int, list[audit.Broken]]:
    """Check every audit chain; return how many there are, and where any is broken."""
    return _on(settings, lambda db: db.read(audit.check_all))


def _on(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        db = Database(settings.database, 1)
        try:
            await migrate.to_head(db)
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())
