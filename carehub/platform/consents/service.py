"""Keeping consent rows, and reading what a person agrees to now."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.platform.consents import tables
from carehub.wire.exchange import Body
from carehub.wire.family import ConsentRow

BY_MANDATE = "mandate"
"""The text version of a consent that a confirmed mandate carries: the mandate is the text."""


async def rows(tx: AsyncConnection, person_id: UUID) -> list[ConsentRow]:
    """Return all consent rows of a person in the order in which they were given or taken back."""
    found = (
        await tx.execute(
            select(tables.consent)
            .where(tables.consent.c.person_id == person_id)
            .order_by(tables.consent.c.seq)
        )
    ).mappings()
    return [ConsentRow(**{name: row[name] for name in ConsentRow.model_fields}) for row in found]


async def received(tx: AsyncConnection, person_id: UUID) -> dict[UUID, int]:
    """Return when each consent row of a person came here, by this service's clock."""
    row = tables.consent
    found = await tx.execute(
        select(row.c.id, row.c.received_at).where(row.c.person_id == person_id)
    )
    return {line.id: line.received_at for line in found}


def withdrawn(rows: Iterable[ConsentRow], purpose: Purpose) -> bool:
    """Tell whether the person was asked and does not agree to `purpose` now.

    The rows count in the order in which they came: a device's clock may be years off. Somebody whom
    nobody has asked yet has refused nothing (the rule of `care.consent.refused`); a mandate's own
    consent is no such asking.
    """
    newest = {row.purpose: row for row in rows}
    row = newest.get(purpose)
    if row is not None:
        return row.withdrawn_at is not None
    return any(each.text_version != BY_MANDATE for each in newest.values())


def newest_method(rows: Iterable[ConsentRow], purpose: Purpose) -> str:
    """Return how the newest row of a purpose came about, or an empty text."""
    return {row.purpose: row.method for row in rows}.get(purpose, "")


def row_of(body: Body, by: UUID) -> ConsentRow:
    """Return the consent row an op carries; raises pydantic.ValidationError where it is none."""
    return ConsentRow.model_validate({**body, "by": by})


async def keep(
    tx: AsyncConnection, person_id: UUID, given: Iterable[tuple[int, ConsentRow]], now: int
) -> None:
    """Keep new rows, each at its place in the stream; nothing that was agreed is ever rewritten.

    After an erasure devices give back what they have; a row that was kept has its place already.
    """
    kept = tables.consent.c
    held = await tx.execute(select(kept.id).where(kept.person_id == person_id))
    known = set(held.scalars())
    lines = [
        {"person_id": person_id, "seq": seq, "received_at": now, **row.model_dump()}
        for seq, row in given
        if row.id not in known
    ]
    if lines:
        await tx.execute(insert(tables.consent), lines)


def usable(body: Body) -> bool:
    """Tell whether a body is a consent row that can be kept."""
    try:
        row_of(body, UUID(int=0))
    except ValueError:
        return False
    return True
