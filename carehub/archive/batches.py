"""Imports as rows: each batch with its readings, so that exactly those can be taken out again."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select, update

from carehub.archive import rows, search, tables
from carehub.archive.outbox import OpState
from carehub.care.readings import Reading

_batch = tables.import_batch
_link = tables.import_reading
_reading = tables.reading
_op = tables.op
_AT_ONCE = 400
"""How many ids one question may name."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One import: for whom, from which file, when (UTC ms), and how many readings it added."""

    id: UUID
    person_id: UUID
    format: str
    name: str = field(repr=False)
    at: int
    readings: int
    undone_at: int | None = None


def put(tx: Connection, batch: Batch) -> None:
    """Add a batch, or change the one with this id."""
    rows.put(tx, _batch, batch)


def get(tx: Connection, batch_id: UUID) -> Batch | None:
    """Return a batch, undone or not, or None."""
    return rows.first(tx, Batch, rows.every(Batch, _batch).where(_batch.c.id == batch_id))


def everyone(tx: Connection) -> list[Batch]:
    """Return all batches, the newest first."""
    return rows.read(tx, Batch, rows.every(Batch, _batch).order_by(_batch.c.at.desc(), _batch.c.id))


def owners(tx: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, bool]]:
    """Return whose those readings are that are here, and whether an undo took them out of force."""
    wanted = select(_reading.c.id, _reading.c.person_id, _link.c.undone).select_from(
        _reading.outerjoin(_link, _link.c.reading_id == _reading.c.id)
    )
    return {
        row.id: (row.person_id, bool(row.undone))
        for part in _parts(ids)
        for row in tx.execute(wanted.where(_reading.c.id.in_(part)))
    }


def add(tx: Connection, batch_id: UUID, readings: Sequence[Reading]) -> None:
    """Add readings that are not here yet, as part of a batch."""
    replaced = _replaced(tx, readings)
    rows.add_all(tx, _reading, [_row(reading, replaced) for reading in readings])
    links = [
        {"reading_id": r.id, "person_id": r.person_id, "batch_id": batch_id, "undone": False}
        for r in readings
    ]
    rows.add_all(tx, _link, links)
    corrected = [r.replaces for r in readings if r.replaces is not None]
    for part in _parts(corrected):
        tx.execute(update(_reading).where(_reading.c.id.in_(part)).values(in_force=False))
    for reading in readings:
        if reading.note:
            search.keep(tx, reading.person_id, "Reading", reading.id, reading.note)


def _row(reading: Reading, replaced: Collection[UUID]) -> dict[str, object]:
    in_force = not (reading.voided or reading.id in replaced)
    return rows.values_of(reading) | {"in_force": in_force}


def _replaced(tx: Connection, readings: Sequence[Reading]) -> set[UUID]:
    """Return those of these readings that another one, here or among them, corrects."""
    corrects = _reading.c.replaces
    found = {r.replaces for r in readings if r.replaces is not None}
    if tx.execute(select(exists().where(corrects.is_not(None)))).scalar():
        for part in _parts([reading.id for reading in readings]):
            found |= set(tx.execute(select(corrects).where(corrects.in_(part))).scalars())
    return found


def standing(tx: Connection, batch_id: UUID) -> list[Reading]:
    """Return the readings of a batch that are not void, in no order."""
    wanted = rows.every(Reading, _reading).join(_link, _link.c.reading_id == _reading.c.id)
    return rows.read(
        tx, Reading, wanted.where(_link.c.batch_id == batch_id, _reading.c.voided.is_(False))
    )


def told(tx: Connection, batch_id: UUID) -> set[UUID]:
    """Return the readings of a batch known elsewhere, or named by an alert or a correction."""
    mine = select(_link.c.reading_id).where(_link.c.batch_id == batch_id)
    left = select(_op.c.entity_id).where(
        _op.c.entity_id.in_(mine), (_op.c.attempts > 0) | (_op.c.state != str(OpState.PENDING))
    )
    heard = select(tables.stream_entity.c.entity_id).where(
        tables.stream_entity.c.entity_id.in_(mine)
    )
    corrected = select(_reading.c.replaces).where(_reading.c.replaces.in_(mine))
    found: set[UUID] = set()
    for question in (left, heard, corrected):
        found |= set(tx.execute(question).scalars())
    return found | _pointed_at(tx, batch_id)


def _pointed_at(tx: Connection, batch_id: UUID) -> set[UUID]:
    whose = select(_batch.c.person_id).where(_batch.c.id == batch_id).scalar_subquery()
    lists = tx.execute(select(tables.alert.c.readings).where(tables.alert.c.person_id == whose))
    return {reading_id for ids in lists.scalars() for reading_id in ids}


def erase(tx: Connection, ids: Sequence[UUID]) -> None:
    """Remove readings of which nobody knows, with their waiting ops and links."""
    for part in _parts(ids):
        tx.execute(delete(_op).where(_op.c.entity_id.in_(part)))
        tx.execute(delete(_link).where(_link.c.reading_id.in_(part)))
        tx.execute(delete(_reading).where(_reading.c.id.in_(part)))
    for reading_id in _noted(tx, ids):
        search.forget(tx, reading_id)


def _noted(tx: Connection, ids: Sequence[UUID]) -> set[UUID]:
    entry = tables.search_entry.c.entity_id
    return {
        found
        for part in _parts(ids)
        for found in tx.execute(select(entry).where(entry.in_(part))).scalars()
    }


def undone(tx: Connection, ids: Sequence[UUID]) -> None:
    """Note that an undo, not a person, took these readings out of force."""
    for part in _parts(ids):
        tx.execute(update(_link).where(_link.c.reading_id.in_(part)).values(undone=True))


def _parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    known = list(ids)
    for start in range(0, len(known), _AT_ONCE):
        yield known[start : start + _AT_ONCE]
