"""Opening the stream of a person: the account's own care record."""

from uuid import UUID

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor
from carehub.platform.accounts import service as accounts
from carehub.platform.audit import service as audit
from carehub.platform.records import tables
from carehub.platform.refusals import Refused


async def open_person(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> None:
    """Open a stream owned by the actor's account; refuses one that is another's."""
    stream = tables.person_stream
    owner = (
        await tx.execute(select(stream.c.account_id).where(stream.c.person_id == person_id))
    ).scalar()
    if owner == actor.account_id:
        return
    if owner is not None:
        raise Refused("person_taken")
    await tx.execute(
        insert(stream).values(
            person_id=person_id,
            account_id=actor.account_id,
            head=0,
            floor=0,
            epoch=1,
            created_at=now,
        )
    )
    await accounts.join(tx, actor.account_id, person_id, own=True)
    await audit.begin(tx, person_id)
    await audit.note(tx, person_id, actor.account_id, "opened", {}, now=now)


async def begin_anew(tx: AsyncConnection, person_id: UUID, places: int) -> int:
    """Let every cursor of a stream lead nowhere; return the first of the `places` it goes on by.

    Its numbers go on, so that nothing written later is ever taken for something older.
    """
    stream = tables.person_stream
    moved = await tx.execute(
        update(stream)
        .where(stream.c.person_id == person_id)
        .values(
            head=stream.c.head + places,
            floor=stream.c.head + places,
            epoch=stream.c.epoch + 1,
        )
        .returning(stream.c.head)
    )
    return int(moved.scalar_one()) - places + 1


async def others(
    tx: AsyncConnection, known: Select[tuple[UUID]], most: int
) -> list[tuple[UUID, int]]:
    """Return some people who are not among the `known` ones, and when their streams were opened.

    A stream that was begun anew has nobody behind it until something is written there again.
    """
    stream = tables.person_stream
    lives = or_(stream.c.epoch == 1, stream.c.head > stream.c.floor)
    found = await tx.execute(
        select(stream.c.person_id, stream.c.created_at)
        .where(stream.c.person_id.not_in(known), lives)
        .order_by(stream.c.person_id)
        .limit(most)
    )
    return [(line.person_id, line.created_at) for line in found]
