"""Mandates as this machine last heard of them, given and held, and who is no longer here and why.

The platform decides; this is what a page shows without asking, and what must still be told to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection, delete, update

from carehub.archive import rows, tables
from carehub.care.people import Person, Sex

ASKED, REVIEW, ACTIVE = "asked", "review", "active"
WAITING = (ASKED, REVIEW)

_row = tables.mandate
_gone = tables.parting


@dataclass(frozen=True, slots=True)
class Given:
    """A mandate as it was last heard of; `name` and `account` say who holds it.

    Times are UTC milliseconds. `ending_at` is when it was taken back here while the platform has not
    confirmed that yet. `phone` is the number at which whoever sits here rings the person; it never
    leaves this machine.
    """

    id: UUID
    person_id: UUID
    account_id: UUID
    role: str
    scopes: tuple[str, ...]
    state: str
    from_at: int
    until_at: int
    granted_at: int = 0
    relation: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    how: str = "on_screen"
    revoked_at: int | None = None
    ending_at: int | None = None
    phone: str = field(default="", repr=False)

    def open(self, now: int) -> bool:
        """Tell whether it is in force, or may still come to be."""
        over = self.revoked_at is not None or self.until_at <= now
        return not over and self.state in (*WAITING, ACTIVE)


@dataclass(frozen=True, slots=True)
class Parting:
    """Somebody whose records were removed from here, with the code of why; kept until it was read."""

    id: UUID
    name: str = field(repr=False)
    sex: Sex
    relation: str = field(repr=False)
    code: str
    at: int


def put(tx: Connection, given: Given) -> None:
    """Add a mandate, or change the one with this id; what only this machine knows stays."""
    before = get(tx, given.id)
    if before is not None:
        ending = None if given.revoked_at is not None else given.ending_at or before.ending_at
        given = replace(given, ending_at=ending, phone=given.phone or before.phone)
    rows.put(tx, _row, given)


def get(tx: Connection, mandate_id: UUID) -> Given | None:
    """Return a mandate, or None."""
    return rows.first(tx, Given, rows.every(Given, _row).where(_row.c.id == mandate_id))


def of(tx: Connection, person_id: UUID) -> list[Given]:
    """Return the mandates for one person, the newest first."""
    wanted = rows.every(Given, _row).where(_row.c.person_id == person_id)
    return rows.read(tx, Given, wanted.order_by(_row.c.granted_at.desc(), _row.c.id))


def waiting(tx: Connection, person_id: UUID, now: int) -> list[Given]:
    """Return who waits for this person's answer."""
    return [each for each in of(tx, person_id) if each.state == ASKED and each.open(now)]


def held(tx: Connection, account_id: UUID) -> list[Given]:
    """Return the mandates that an account holds or asked for, the newest first."""
    wanted = rows.every(Given, _row).where(_row.c.account_id == account_id)
    return rows.read(tx, Given, wanted.order_by(_row.c.granted_at.desc(), _row.c.id))


def heard(tx: Connection, told: Sequence[Given], before: Iterable[Given]) -> bool:
    """Keep what the platform says in place of `before`; True where anything is new.

    A mandate taken back here stays taken back, whatever the platform has not heard yet.
    """
    known = {each.id: each for each in before}
    gone = known.keys() - {each.id for each in told}
    for each in told:
        put(tx, each)
    for mandate_id in gone:
        tx.execute(delete(_row).where(_row.c.id == mandate_id))
    return bool(gone) or any(get(tx, each.id) != known.get(each.id) for each in told)


def end(tx: Connection, mandate_id: UUID, now: int) -> None:
    """Note that a mandate is taken back, before the platform knows."""
    tx.execute(update(_row).where(_row.c.id == mandate_id).values(ending_at=now))


def over(tx: Connection, mandate_id: UUID, now: int) -> None:
    """Note that the platform knows that a mandate is over."""
    tx.execute(update(_row).where(_row.c.id == mandate_id).values(revoked_at=now))


def ending(tx: Connection) -> list[Given]:
    """Return what was taken back here and the platform has not confirmed yet."""
    wanted = rows.every(Given, _row).where(
        _row.c.ending_at.is_not(None), _row.c.revoked_at.is_(None)
    )
    return rows.read(tx, Given, wanted.order_by(_row.c.ending_at))


def hoped(tx: Connection, account_id: UUID | None) -> bool:
    """Tell whether an account holds a mandate or waits for somebody's yes, as last heard."""
    return account_id is not None and any(each.open(0) for each in held(tx, account_id))


# Who is no longer here


def part(tx: Connection, person: Person, account_id: UUID | None, code: str, now: int) -> None:
    """Note that somebody's records leave this machine, and why, so that it can be told."""
    mine = [each for each in of(tx, person.id) if each.account_id == account_id]
    relation = mine[0].relation if mine else ""
    gone = Parting(person.id, person.greeting_name, person.sex, relation, code, now)
    rows.put(tx, _gone, gone)


def partings(tx: Connection) -> list[Parting]:
    """Return who left, the newest first."""
    return rows.read(tx, Parting, rows.every(Parting, _gone).order_by(_gone.c.at.desc()))


def forget(tx: Connection, person_id: UUID) -> None:
    """Forget that somebody left: it was read, or they are back."""
    tx.execute(delete(_gone).where(_gone.c.id == person_id))
