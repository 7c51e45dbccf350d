"""How long a stream remembers, and beginning it anew: the floor, the ops seen, the epoch."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.records import tables

DAY = 86_400_000
REMEMBERED = 400 * DAY
"""A device may be away for a year and a month: until then an op sent twice is known, and a pull goes
on where it stopped. Later a repeated reading is still known by its id, and an edit by its fields."""


class Pruned(NamedTuple):
    """How much a stream forgot."""

    ops: int = 0
    changes: int = 0


async def people(tx: AsyncConnection) -> list[UUID]:
    """Return everybody who has a stream."""
    row = tables.person_stream
    return list((await tx.execute(select(row.c.person_id).order_by(row.c.person_id))).scalars())


async def prune(tx: AsyncConnection, person_id: UUID, now: int) -> Pruned:
    """Forget the ops a stream took in long ago, and raise its floor above their changes.

    Who comes with an older place is sent the entities as they stand (410); those are all kept.
    """
    seen, change = tables.op_seen, tables.change
    old = (seen.c.person_id == person_id, seen.c.at < now - REMEMBERED)
    answers = list((await tx.execute(select(seen.c.answer).where(*old))).scalars())
    if not answers:
        return Pruned()
    floor = max(answer["seq"] or 0 for answer in answers)
    await tx.execute(delete(seen).where(*old))
    gone = await tx.execute(
        delete(change).where(change.c.person_id == person_id, change.c.seq <= floor)
    )
    await _raise(tx, person_id, floor)
    return Pruned(len(answers), gone.rowcount)


async def begin_anew(tx: AsyncConnection, person_id: UUID) -> None:
    """Give a stream a new epoch: after a restore each device compares all it has with all there is."""
    row = tables.person_stream
    await tx.execute(update(row).where(row.c.person_id == person_id).values(epoch=row.c.epoch + 1))


async def _raise(tx: AsyncConnection, person_id: UUID, floor: int) -> None:
    row = tables.person_stream
    await tx.execute(
        update(row).where(row.c.person_id == person_id, row.c.floor < floor).values(floor=floor)
    )
