"""What the service forgets by itself, once a day: a transaction for each person, never one for all."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from carehub import log
from carehub.platform.accounts import sweeping
from carehub.platform.db import Database
from carehub.platform.records import keeping
from carehub.platform.running import Running

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was forgotten: ops and changes of streams, rows of accounts."""

    ops: int = 0
    changes: int = 0
    accounts: int = 0


async def tidy(db: Database, now: int) -> Tidied:
    """Forget what is older than it has to be known."""
    swept = await db.write(lambda tx: sweeping.sweep(tx, now))
    ops = changes = 0
    for person_id in await db.read(keeping.people):
        done = await _prune(db, person_id, now)
        ops, changes = ops + done.ops, changes + done.changes
    return Tidied(ops, changes, swept)


async def every_day(here: Running) -> None:
    """Tidy a day after the start and each day from then on; an error waits for the next day."""
    while True:
        await asyncio.sleep(DAY_SECONDS)
        try:
            done = await tidy(here.db, here.clock())
        except SQLAlchemyError as error:
            log.platform.warning("nothing was forgotten today: %s", type(error).__name__)
        else:
            log.platform.info("forgotten: %s ops, %s changes", done.ops, done.changes)


async def begin_anew(db: Database) -> int:
    """Give every stream a new epoch, after the database was put back from a backup; return how many."""
    people = await db.read(keeping.people)
    for person_id in people:
        await _begin_anew(db, person_id)
    return len(people)


async def _prune(db: Database, person_id: UUID, now: int) -> keeping.Pruned:
    return await db.write(lambda tx: keeping.prune(tx, person_id, now))


async def _begin_anew(db: Database, person_id: UUID) -> None:
    await db.write(lambda tx: keeping.begin_anew(tx, person_id))
