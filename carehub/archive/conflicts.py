"""Edits made at once in two places: the value that stands, the one that does not, who wrote each."""

from dataclasses import dataclass
from dataclasses import field as given
from uuid import UUID

from sqlalchemy import Connection

from carehub.archive import rows, tables

_row = tables.conflict


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values for one field; `kept` stands in the entity, `lost` only here.

    `kept` and `lost` are JSON values. `needs_confirmation` marks what no machine settles (allergies,
    medicines, emergency contacts). `field` is empty where one side removed what the other changed.
    """

    id: UUID
    person_id: UUID
    kind: str
    entity_id: UUID
    field: str
    kept: object = given(repr=False)
    lost: object = given(repr=False)
    kept_by: UUID
    lost_by: UUID
    at: int
    needs_confirmation: bool = False
    resolved_at: int | None = None


def put(tx: Connection, conflict: Conflict) -> None:
    """Add a conflict, or change the one with this id."""
    rows.put(tx, _row, conflict)


def get(tx: Connection, conflict_id: UUID) -> Conflict | None:
    """Return a conflict, or None."""
    return rows.first(tx, Conflict, rows.every(Conflict, _row).where(_row.c.id == conflict_id))


def unsettled(tx: Connection, person_id: UUID) -> list[Conflict]:
    """Return a person's conflicts that nobody has looked at yet, oldest first."""
    wanted = rows.every(Conflict, _row).where(
        _row.c.person_id == person_id, _row.c.resolved_at.is_(None)
    )
    return rows.read(tx, Conflict, wanted.order_by(_row.c.at, _row.c.id))
