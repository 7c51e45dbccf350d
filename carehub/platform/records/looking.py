"""A person's entities as `care` values: the lines of the health archive, and readings in time order.

What the platform keeps may come from a newer program: of each entity we take what we understand.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind, Reading
from carehub.care.record import Attachment, Record
from carehub.platform.records import tables
from carehub.wire.exchange import Body, EntityKind
from carehub.wire.values import understood

T = TypeVar("T")
Place = tuple[int, UUID]
"""When a reading was taken, and its id: its place in time order."""
LINES: dict[EntityKind, type[object]] = {
    EntityKind.PERSON: Person,
    EntityKind.EMERGENCY_CONTACT: EmergencyContact,
    EntityKind.CONDITION: Condition,
    EntityKind.ALLERGY: Allergy,
    EntityKind.MEDICINE: Medicine,
    EntityKind.HISTORY_LINE: HistoryLine,
    EntityKind.CONSENT: Consent,
    EntityKind.ALERT: Alert,
    EntityKind.ATTACHMENT: Attachment,
}
"""What is not a reading: few enough to be read together."""
_BATCH = 500
_row = tables.entity


@dataclass(frozen=True, slots=True)
class Span:
    """Times from `since` up to, but not at, `until` (UTC ms; None is open); or all others."""

    since: int | None = None
    until: int | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings: in any span of each group, of these kinds, in which order.

    `start` is the first place that counts, in that order.
    """

    spans: tuple[tuple[Span, ...], ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)
    newest_first: bool = False
    start: Place | None = None


async def lines(tx: AsyncConnection, person_id: UUID) -> list[object]:
    """Return everything about a person that is understood and is no reading, by kind and id."""
    wanted = select(_row.c.kind, _row.c.entity_id, _row.c.body).where(
        _row.c.person_id == person_id,
        _row.c.kind.in_([str(kind) for kind in LINES]),
        _row.c.deleted.is_(False),
    )
    found = (await tx.execute(wanted)).all()
    order = {str(kind): n for n, kind in enumerate(LINES)}
    rows = sorted(found, key=lambda row: (order[row.kind], row.entity_id))
    values = (_value(LINES[EntityKind(r.kind)], person_id, r.entity_id, r.body) for r in rows)
    return [value for value in values if value is not None]


async def whole(tx: AsyncConnection, person_id: UUID) -> Record:
    """Return all that is held of a person and understood; what was taken back is among it."""
    found = await lines(tx, person_id)
    every = [one async for _, one in readings(tx, person_id, Wanted())]

    def of(kind: type[T]) -> tuple[T, ...]:
        return tuple(one for one in found if isinstance(one, kind))

    known = next(iter(of(Person)), None) or Person(person_id, "")
    return Record(
        profile=Profile(
            known,
            conditions=of(Condition),
            allergies=of(Allergy),
            medicines=of(Medicine),
            history=of(HistoryLine),
            contacts=of(EmergencyContact),
        ),
        target=await _one(tx, Target, EntityKind.TARGET, person_id, person_id),
        glucose_plan=await _one(tx, GlucosePlan, EntityKind.GLUCOSE_PLAN, person_id, person_id),
        readings=tuple(every),
        alerts=of(Alert),
        consents=of(Consent),
        meters=tuple(Meter(d, "", "", "", kind) for d, kind in await devices(tx, person_id)),
        attachments=of(Attachment),
    )


async def person(tx: AsyncConnection, person_id: UUID) -> Person | None:
    """Return the person, or None where the platform has not heard their name yet."""
    return await _one(tx, Person, EntityKind.PERSON, person_id, person_id)


async def reading(tx: AsyncConnection, person_id: UUID, reading_id: UUID) -> Reading | None:
    """Return one reading of a person, or None."""
    return await _one(tx, Reading, EntityKind.READING, person_id, reading_id)


async def readings(
    tx: AsyncConnection, person_id: UUID, wanted: Wanted
) -> AsyncIterator[tuple[Place, Reading]]:
    """Yield readings with their places, a batch at a time; those without a time are left out."""
    start, seen = wanted.start, None
    while True:
        rows = (await tx.execute(_batch(tx, person_id, wanted, start))).all()
        for row in rows:
            place = (int(row.taken), row.entity_id)
            value = _value(Reading, person_id, row.entity_id, row.body)
            if place != seen and value is not None:
                yield place, value
        if len(rows) < _BATCH:
            return
        start = seen = (int(rows[-1].taken), rows[-1].entity_id)


async def superseded(tx: AsyncConnection, person_id: UUID) -> dict[UUID, UUID]:
    """Return for each reading that was corrected the one that replaces it."""
    replaces = _row.c.body["replaces"].as_string()
    wanted = _readings(person_id, select(_row.c.entity_id, replaces.label("replaces")))
    found = await tx.execute(wanted.where(replaces.is_not(None)))
    pairs = [(_uuid(row.replaces), row.entity_id) for row in found]
    return {old: new for old, new in pairs if old is not None}


async def ids(tx: AsyncConnection, person_id: UUID) -> Sequence[UUID]:
    """Return the ids of all readings of a person."""
    return list((await tx.execute(_readings(person_id, select(_row.c.entity_id)))).scalars())


async def devices(tx: AsyncConnection, person_id: UUID) -> list[tuple[str, Kind]]:
    """Return the meters that a person's readings name, each with what it measures."""
    named, kind = _row.c.body["device_id"].as_string(), _row.c.body["kind"].as_string()
    wanted = select(named.label("device_id"), kind.label("kind")).where(
        named != "", kind.in_([str(each) for each in Kind])
    )
    found = await tx.execute(_readings(person_id, wanted.distinct()))
    return sorted({row.device_id: Kind(row.kind) for row in found}.items())


def _batch(
    tx: AsyncConnection, person_id: UUID, wanted: Wanted, start: Place | None
) -> Select[tuple[int, UUID, Body]]:
    taken = _taken(tx)
    chosen = _readings(
        person_id, select(taken.label("taken"), _row.c.entity_id, _row.c.body)
    ).where(taken.is_not(None))
    if len(wanted.kinds) < len(Kind):
        kinds = [str(kind) for kind in wanted.kinds]
        chosen = chosen.where(_row.c.body["kind"].as_string().in_(kinds))
    for group in wanted.spans:
        chosen = chosen.where(or_(*(_within(taken, span) for span in group)))
    if start is not None:
        at, entity_id = start
        later = taken < at if wanted.newest_first else taken > at
        chosen = chosen.where(or_(later, and_(taken == at, _row.c.entity_id >= entity_id)))
    order = taken.desc() if wanted.newest_first else taken
    return chosen.order_by(order, _row.c.entity_id).limit(_BATCH)


def _within(taken: ColumnElement[int], span: Span) -> ColumnElement[bool]:
    bounds = []
    if span.since is not None:
        bounds.append(taken >= span.since)
    if span.until is not None:
        bounds.append(taken < span.until)
    inside = and_(*bounds)
    return not_(inside) if span.outside else inside


def _taken(tx: AsyncConnection) -> ColumnElement[int]:
    """Return when a reading was taken, NULL where its author wrote no number there."""
    if tx.dialect.name == "sqlite":
        number = func.json_type(_row.c.body, "$.taken_at") == "integer"
        at: ColumnElement[int] = _row.c.body["taken_at"].as_integer()
    else:
        written = _row.c.body["taken_at"].as_string()
        number = written.regexp_match("^-?[0-9]{1,16}$")
        at = as_type(written, BigInteger)
    return type_coerce(case((number, at)), BigInteger)


def _readings(person_id: UUID, wanted: "Select[T]") -> "Select[T]":
    return wanted.where(
        _row.c.person_id == person_id,
        _row.c.kind == str(EntityKind.READING),
        _row.c.deleted.is_(False),
    )


async def _one(
    tx: AsyncConnection, shape: type[T], kind: EntityKind, person_id: UUID, entity_id: UUID
) -> T | None:
    wanted = select(_row.c.body).where(
        _row.c.person_id == person_id,
        _row.c.kind == str(kind),
        _row.c.entity_id == entity_id,
        _row.c.deleted.is_(False),
    )
    body = (await tx.execute(wanted)).scalar()
    return None if body is None else _value(shape, person_id, entity_id, body)


def _value(shape: type[T], person_id: UUID, entity_id: UUID, body: Body) -> T | None:
    """Return what is understood of a body; whose it is, its place in the stream tells."""
    ours: Body = {"id": str(entity_id), "person_id": str(person_id)}
    return understood(shape, body | ours)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
