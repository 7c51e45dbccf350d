"""Which copies of a person's records were made here, when, in which form and for whom."""

import json
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, insert, select

from carehub.archive import tables

_row = tables.meta


@dataclass(frozen=True, slots=True)
class Copied:
    """One copy that left the archive; `to` is who it was for, empty for the person themselves."""

    person_id: UUID
    at: int
    form: str
    to: str = field(default="", repr=False)


def note(tx: Connection, copied: Copied) -> None:
    """Note one copy; what was noted is never changed."""
    known = len(of(tx, copied.person_id))
    told = {"at": copied.at, "form": copied.form, "to": copied.to}
    key = f"{_prefix(copied.person_id)}{known:06d}"
    tx.execute(insert(_row).values(key=key, value=json.dumps(told)))


def of(tx: Connection, person_id: UUID) -> list[Copied]:
    """Return what was noted of a person, the newest first."""
    wanted = select(_row.c.value).where(_row.c.key.startswith(_prefix(person_id), autoescape=True))
    found = tx.execute(wanted.order_by(_row.c.key.desc())).scalars()
    return [Copied(person_id, **json.loads(value)) for value in found]


def _prefix(person_id: UUID) -> str:
    return f"copy/{person_id}/"
