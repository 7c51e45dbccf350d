"""Consents as rows: append-only; a withdrawal is a row of its own."""

from uuid import UUID

from sqlalchemy import Connection

from carehub.archive import rows, tables
from carehub.care.consent import Consent

_row = tables.consent


def add(tx: Connection, consent: Consent) -> bool:
    """Add a consent or a withdrawal; False where its id is there already."""
    return rows.add(tx, _row, consent)


def of(tx: Connection, person_id: UUID) -> list[Consent]:
    """Return all that a person agreed to and withdrew, oldest first."""
    wanted = rows.every(Consent, _row).where(_row.c.person_id == person_id)
    return rows.read(tx, Consent, wanted.order_by(_row.c.granted_at, _row.c.id))
