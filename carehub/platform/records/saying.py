"""What the platform itself reads in a person's stream, and writes there under its own name."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor, Standing
from carehub.platform.records import service, tables
from carehub.platform.records.merge import Kept
from carehub.wire.exchange import Act, Body, EntityKind, Op

PLATFORM = UUID(int=0)
"""The author of what no person wrote."""


async def bodies(
    tx: AsyncConnection, person_id: UUID, kind: EntityKind, rules: Iterable[str] = ()
) -> dict[UUID, Body]:
    """Return what stands of one kind, by id; of alerts only those of some `rules` where given."""
    row = tables.entity
    wanted = select(row.c.entity_id, row.c.body).where(
        row.c.person_id == person_id, row.c.kind == kind.value, row.c.deleted.is_(False)
    )
    if rules:
        wanted = wanted.where(row.c.body["rule"].as_string().in_(sorted(rules)))
    return {line.entity_id: line.body for line in await tx.execute(wanted)}


async def body(
    tx: AsyncConnection, person_id: UUID, kind: EntityKind, entity_id: UUID
) -> Body | None:
    """Return one entity as it stands, locked until the end of the transaction; None where none is."""
    row = tables.entity
    wanted = select(row.c.body).where(
        row.c.person_id == person_id,
        row.c.kind == kind.value,
        row.c.entity_id == entity_id,
        row.c.deleted.is_(False),
    )
    found = (await tx.execute(wanted.with_for_update())).first()
    return None if found is None else found.body


async def owner(tx: AsyncConnection, person_id: UUID) -> UUID:
    """Return the account whose records these are."""
    row = tables.person_stream
    found = await tx.execute(select(row.c.account_id).where(row.c.person_id == person_id))
    account_id: UUID = found.scalar_one()
    return account_id


async def say(
    tx: AsyncConnection,
    person_id: UUID,
    said: Sequence[tuple[EntityKind, UUID, Body]],
    now: int,
    by: UUID = PLATFORM,
) -> None:
    """Set fields of entities as the platform, or in the name of somebody it vouches for.

    It has seen all that stands, so what it says stands; the head moves as for any other change.
    """
    fields = [(kind, entity_id, new) for kind, entity_id, new in said if new]
    if not fields:
        return
    names = [(kind.value, entity_id) for kind, entity_id, _new in fields]
    present = await service.present(tx, person_id, names)
    ops = [
        Op(
            op_id=uuid4(),
            person_id=person_id,
            kind=kind,
            entity_id=entity_id,
            act=Act.ADD if kind is EntityKind.CONSENT else Act.SET,
            at=now,
            base=_seen(present.get((kind.value, entity_id))),
            body=new,
        )
        for kind, entity_id, new in fields
    ]
    standing = Standing(person_id, known=True, own=True)
    await service.put(tx, ops, Actor(by, PLATFORM, PLATFORM), standing, now)


def _seen(kept: Kept | None) -> dict[str, int]:
    return {} if kept is None else {name: mark.rev for name, mark in kept.marks.items() if name}
