"""What a device reads: heads, pages of changes, a snapshot, a digest."""

import hashlib
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor, Standing, standing
from carehub.platform.accounts import tables as accounts
from carehub.platform.records import tables
from carehub.platform.records.merge import EXISTENCE
from carehub.platform.refusals import Refused
from carehub.wire.exchange import (
    Change,
    Digest,
    Entity,
    Head,
    Heads,
    KindDigest,
    Pull,
    Snapshot,
)

_CHANGE = tuple(Change.model_fields)


async def heads(tx: AsyncConnection, actor: Actor, now: int) -> Heads:
    """Return where every stream stands that this account may see."""
    row = accounts.account
    grants = await tx.execute(select(row.c.grants_rev).where(row.c.id == actor.account_id))
    people = await tx.execute(
        select(accounts.account_person.c.person_id)
        .where(accounts.account_person.c.account_id == actor.account_id)
        .order_by(accounts.account_person.c.person_id)
    )
    found = [await _head(tx, person_id, actor, now) for person_id in list(people.scalars())]
    return Heads(
        grants_rev=grants.scalar_one(),
        heads=[head for head in found if head is not None],
        server_time=now,
    )


async def _head(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> Head | None:
    found = await standing(tx, person_id, actor)
    role = found.role(now)
    if role is None:
        return None
    stream = await _stream(tx, person_id)
    return Head(
        person_id=person_id,
        head=stream["head"],
        floor=stream["floor"],
        epoch=stream["epoch"],
        role=role,
        scopes=sorted(found.scopes(now)),
        until_at=found.until(now),
        paused=found.paused(),
    )


async def pull(
    tx: AsyncConnection, found: Standing, since: int, epoch: int | None, limit: int, now: int
) -> Pull:
    """Return a page of changes; Refused("resync") where the cursor is not of this stream."""
    stream = await _stream(tx, found.person_id)
    lost = since < stream["floor"] or since > stream["head"]
    if lost or (epoch is not None and epoch != stream["epoch"]):
        raise Refused("resync")
    row = tables.change
    page = await tx.execute(
        select(*(row.c[name] for name in _CHANGE))
        .where(row.c.person_id == found.person_id, row.c.seq > since)
        .order_by(row.c.seq)
        .limit(limit)
    )
    changes = [Change.model_validate(dict(each)) for each in page.mappings()]
    return Pull(
        changes=changes,
        next=changes[-1].seq if changes else since,
        head=stream["head"],
        epoch=stream["epoch"],
        server_time=now,
    )


async def snapshot(
    tx: AsyncConnection, found: Standing, after: str | None, limit: int, now: int
) -> Snapshot:
    """Return a page of entities in the order of kind and id, removed ones too."""
    stream = await _stream(tx, found.person_id)
    row = tables.entity
    wanted = select(row).where(row.c.person_id == found.person_id)
    if after is not None:
        kind, _, entity_id = after.partition(":")
        wanted = wanted.where(tuple_(row.c.kind, row.c.entity_id) > tuple_(kind, _uuid(entity_id)))
    page = await tx.execute(wanted.order_by(row.c.kind, row.c.entity_id).limit(limit))
    rows = list(page.mappings())
    more = f"{rows[-1]['kind']}:{rows[-1]['entity_id']}" if len(rows) == limit else None
    return Snapshot(
        entities=[_entity(each) for each in rows],
        after=more,
        head=stream["head"],
        epoch=stream["epoch"],
        server_time=now,
    )


async def digest(tx: AsyncConnection, found: Standing) -> Digest:
    """Return what a person's entities add up to."""
    stream = await _stream(tx, found.person_id)
    row = tables.entity
    sums: dict[str, tuple[int, int]] = {}
    wanted = select(row.c.kind, row.c.entity_id, row.c.rev)
    async with tx.stream(wanted.where(row.c.person_id == found.person_id)) as entities:
        async for kind, entity_id, rev in entities:
            count, xor = sums.get(kind, (0, 0))
            sums[kind] = (count + 1, xor ^ _share(entity_id, rev))
    kinds = {kind: KindDigest(count=n, xor=f"{xor:016x}") for kind, (n, xor) in sums.items()}
    return Digest(head=stream["head"], epoch=stream["epoch"], kinds=kinds)


def _share(entity_id: UUID, rev: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{entity_id}|{rev}".encode()).digest()[:8], "big")


def _entity(row: RowMapping) -> Entity:
    return Entity(
        kind=row["kind"],
        entity_id=row["entity_id"],
        rev=row["rev"],
        body=row["body"],
        fields={name: mark[0] for name, mark in row["fields"].items() if name != EXISTENCE},
        deleted=row["deleted"],
    )


async def _stream(tx: AsyncConnection, person_id: UUID) -> RowMapping:
    row = tables.person_stream
    found = await tx.execute(select(row).where(row.c.person_id == person_id))
    return found.mappings().one()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("malformed") from error
