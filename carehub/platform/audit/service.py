"""Writing a person's audit, and proving that its chain is whole."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.audit import tables
from carehub.wire.exchange import Json
from carehub.wire.family import AuditRow

BEGINNING = "0" * 64
LOOK_EVERY = 3_600_000
"""Milliseconds: who looks again within the hour is written down once."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold: the first line that is wrong, missing or changed."""

    person_id: UUID
    n: int


async def begin(tx: AsyncConnection, person_id: UUID) -> None:
    """Begin the chain of a new person."""
    await tx.execute(insert(tables.audit_end).values(person_id=person_id, n=0, hash=BEGINNING))


async def note(
    tx: AsyncConnection,
    person_id: UUID,
    actor: UUID | None,
    act: str,
    detail: Mapping[str, Json],
    *,
    now: int,
) -> None:
    """Add one line; `detail` never holds a health value, a name or a secret."""
    end = tables.audit_end
    row = (
        await tx.execute(
            select(end.c.n, end.c.hash).where(end.c.person_id == person_id).with_for_update()
        )
    ).one()
    line = {"n": row.n + 1, "at": now, "actor": actor, "act": act, "detail": dict(detail)}
    chained = _hash(row.hash, person_id, line)
    await tx.execute(
        insert(tables.audit).values(person_id=person_id, previous=row.hash, hash=chained, **line)
    )
    await tx.execute(
        update(end).where(end.c.person_id == person_id).values(n=row.n + 1, hash=chained)
    )


async def end_of(tx: AsyncConnection, person_id: UUID) -> tuple[int, str]:
    """Return the number of the last line of a person's chain and its hash."""
    end = tables.audit_end
    row = (await tx.execute(select(end.c.n, end.c.hash).where(end.c.person_id == person_id))).one()
    return row.n, row.hash


async def looked(tx: AsyncConnection, person_id: UUID, actor: UUID, now: int) -> None:
    """Note that somebody other than the person read the records, once an hour."""
    seen = (
        select(tables.audit.c.n)
        .where(
            tables.audit.c.person_id == person_id,
            tables.audit.c.act == "looked",
            tables.audit.c.at > now - LOOK_EVERY,
            tables.audit.c.actor == actor,
        )
        .limit(1)
    )
    if (await tx.execute(seen)).first() is None:
        await note(tx, person_id, actor, "looked", {}, now=now)


async def rows(tx: AsyncConnection, person_id: UUID, after: int, limit: int) -> list[AuditRow]:
    """Return a page of a person's audit, oldest first."""
    found = await tx.execute(
        select(tables.audit)
        .where(tables.audit.c.person_id == person_id, tables.audit.c.n > after)
        .order_by(tables.audit.c.n)
        .limit(limit)
    )
    return [_row(row) for row in found.mappings()]


async def looks(tx: AsyncConnection, person_id: UUID, limit: int) -> list[AuditRow]:
    """Return who looked, the newest first."""
    found = await tx.execute(
        select(tables.audit)
        .where(tables.audit.c.person_id == person_id, tables.audit.c.act == "looked")
        .order_by(tables.audit.c.n.desc())
        .limit(limit)
    )
    return [_row(row) for row in found.mappings()]


async def check(tx: AsyncConnection, person_id: UUID) -> Broken | None:
    """Return where a person's chain is broken, or None where every line holds."""
    previous, n = BEGINNING, 0
    wanted = select(tables.audit).where(tables.audit.c.person_id == person_id)
    async with tx.stream(wanted.order_by(tables.audit.c.n)) as lines:
        async for row in lines.mappings():
            n += 1
            line = {key: row[key] for key in ("n", "at", "actor", "act", "detail")}
            if row["n"] != n or row["previous"] != previous:
                return Broken(person_id, n)
            if row["hash"] != _hash(previous, person_id, line):
                return Broken(person_id, n)
            previous = row["hash"]
    end = select(tables.audit_end).where(tables.audit_end.c.person_id == person_id)
    last = (await tx.execute(end)).first()
    if last is None or (last.n, last.hash) != (n, previous):
        return Broken(person_id, n + 1)
    return None


async def check_all(tx: AsyncConnection) -> tuple[int, list[Broken]]:
    """Check everybody's chain; return how many there are, and where any is broken."""
    people = list((await tx.execute(select(tables.audit_end.c.person_id))).scalars())
    found = [await check(tx, person_id) for person_id in people]
    return len(people), [broken for broken in found if broken is not None]


def _hash(previous: str, person_id: UUID, line: Mapping[str, object]) -> str:
    text = json.dumps(
        [previous, str(person_id), line["n"], line["at"], str(line["actor"] or ""), line["act"],
         line["detail"]],
        ensure_ascii=True, separators=(",", ":"), sort_keys=True,
    )  # fmt: skip
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _row(row: RowMapping) -> AuditRow:
    return AuditRow.model_validate(
        {name: row[name] for name in AuditRow.model_fields if name in row}
    )
