"""Keeping consent rows, and reading what a person agrees to now."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.platform.consents import tables
from carehub.wire.exchange import Body
from carehub.wire.family import ConsentRow


async def rows(tx: AsyncConnection, person_id: UUID) -> list[ConsentRow]:
    """Return all consent rows of a person in the order in which they were given or taken back."""
    found = (
        await tx.execute(
            select(tables.consent)
            .where(tables.consent.c.person_id == person_id)
            .order_by(tables.consent.c.received_at, tables.consent.c.id)
        )
    ).mappings()
    return [ConsentRow(**{name: row[name] for name in ConsentRow.model_fields}) for row in found]


def withdrawn(rows: Iterable[ConsentRow], purpose: Purpose) -> bool:
    """Tell whether the person was asked and does not agree to `purpose` now.

    The rows count in the order in which they came: a device's clock may be years off. Somebody whom
    nobody has asked yet has refused nothing (the rule of `care.consent.refused`).
    """
    newest = {row.purpose: row for row in rows}
    row = newest.get(purpose)
    return bool(newest) and (row is None or row.withdrawn_at is not None)


def row_of(body: Body, by: UUID) -> ConsentRow:
    """Return the consent row an op carries; raises pydantic.ValidationError where it is none."""
    return ConsentRow.model_validate({**body, "by": by})


async def keep(tx: AsyncConnection, person_id: UUID, given: Iterable[ConsentRow], now: int) -> None:
    """Keep new rows; nothing that was agreed is ever rewritten."""
    lines = [{"person_id": person_id, "received_at": now, **row.model_dump()} for row in given]
    if lines:
        await tx.execute(insert(tables.consent), lines)


def usable(body: Body) -> bool:
    """Tell whether a body is a consent row that can be kept."""
    try:
        row_of(body, UUID(int=0))
    except ValueError:
        return False
    return True
