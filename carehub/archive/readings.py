"""Readings as rows: added once by id, never edited; voided and corrected ones stay, out of force."""

from collections.abc import Iterable
from functools import cache
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, select, update

from carehub.archive import rows, search, tables
from carehub.archive.columns import Id, from_micro
from carehub.care.glances import Glance
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    TimeQuality,
    Unit,
)

Point = tuple[int, float | None, float | None, float | None, str, str, str, int]
"""taken_at, v1, v2, v3 in the unit as measured, unit, context, text (HI or LO), simulated (0 or 1)."""

_row = tables.reading
_REPLACED = select(exists().where(_row.c.replaces == bindparam("id", type_=Id)))
_IN_FORCE = _row.c.in_force.is_(True)

# Straight from the driver: building a million-row chart through typed columns takes ten times as long.
POINTS = """
SELECT taken_at, v1 / 1e6, v2 / 1e6, v3 / 1e6, unit, context, text, simulated
FROM reading INDEXED BY ix_reading_chart
WHERE person_id = ? AND kind = ? AND taken_at >= ? AND taken_at < ? AND in_force = 1
ORDER BY taken_at
"""


_Millionths = int | None
_Numbers = tuple[int, int, int, bytes, str, _Millionths, _Millionths, _Millionths]
_Seen = tuple[*_Numbers, str, str, str, str, int, str, str, int]
"""A row of GLANCES."""
_UNITS = {str(word): word for word in Unit}
_CONTEXTS = {str(word): word for word in MealContext}
_SETTINGS = {str(word): word for word in Setting}
_POSTURES = {str(word): word for word in Posture}
_QUALITIES = {str(word): word for word in TimeQuality}

GLANCES = """
SELECT taken_at, received_at, ifnull(sequence, -1), id, unit, v1, v2, v3, text, context,
    setting, posture, zone_offset, time_quality, flags, simulated
FROM reading INDEXED BY ix_reading_chart
WHERE person_id = ? AND kind = ? AND taken_at >= ? AND taken_at < ? AND in_force = 1
ORDER BY taken_at
"""


def add(tx: Connection, reading: Reading) -> bool:
    """Add a reading; False where its id is there already, which changes nothing but a void.

    What it replaces goes out of force, also where that arrives later. Raises InputError for a value
    that cannot be kept exactly.
    """
    replaced = tx.execute(_REPLACED, {"id": reading.id}).scalar_one()
    in_force = not (reading.voided or replaced)
    if not rows.add(tx, _row, reading, in_force=in_force):
        if reading.voided:
            void(tx, reading.id, reading.received_at)
        return False
    if reading.replaces is not None:
        tx.execute(update(_row).where(_row.c.id == reading.replaces).values(in_force=False))
    if reading.note:
        search.keep(tx, reading.person_id, "Reading", reading.id, reading.note)
    return True


def get(tx: Connection, reading_id: UUID) -> Reading | None:
    """Return a reading, in force or not, or None."""
    return rows.first(tx, Reading, _every().where(_row.c.id == reading_id))


def between(
    tx: Connection, person_id: UUID, kind: Kind, since: int, until: int, *, in_force: bool = True
) -> list[Reading]:
    """Return a person's readings with since <= taken_at < until, oldest first."""
    wanted = _of(person_id, kind).where(_row.c.taken_at >= since, _row.c.taken_at < until)
    if in_force:
        wanted = wanted.where(_IN_FORCE)
    return rows.read(tx, Reading, wanted.order_by(_row.c.taken_at, _row.c.id))


def latest(tx: Connection, person_id: UUID, kind: Kind, n: int = 1) -> list[Reading]:
    """Return the newest `n` readings in force, newest first."""
    wanted = _of(person_id, kind).where(_IN_FORCE)
    return rows.read(
        tx, Reading, wanted.order_by(_row.c.taken_at.desc(), _row.c.id.desc()).limit(n)
    )


def span(tx: Connection, person_id: UUID, kind: Kind) -> tuple[int, int] | None:
    """Return when a person's first and last reading in force were taken, or None for none."""
    wanted = select(func.min(_row.c.taken_at), func.max(_row.c.taken_at))
    row = wanted.where(_row.c.person_id == person_id, _row.c.kind == kind, _IN_FORCE)
    first, last = tx.execute(row).one()
    return None if first is None else (first, last)


def points(tx: Connection, person_id: UUID, kind: Kind, since: int, until: int) -> list[Point]:
    """Return what a chart needs of the readings in force, since <= taken_at < until, oldest first."""
    found = tx.exec_driver_sql(POINTS, (person_id.bytes, str(kind), since, until))
    return cast("list[Point]", list(map(tuple, found)))


def glances(tx: Connection, person_id: UUID, kind: Kind, since: int, until: int) -> list[Glance]:
    """Return what a report needs of the readings in force, since <= taken_at < until, oldest first.

    They are read straight from the driver too: twice a year's readings, and the person waits.
    """
    found = tx.exec_driver_sql(GLANCES, (person_id.bytes, str(kind), since, until))
    return [_glance(kind, row) for row in cast("Iterable[_Seen]", map(tuple, found))]


def _glance(kind: Kind, row: _Seen) -> Glance:
    (taken_at, received_at, sequence, key, unit, v1, v2, v3, text) = row[:9]
    (context, setting, posture, zone_offset, time_quality, flags, simulated) = row[9:]
    return Glance(
        taken_at,
        received_at,
        sequence,
        key,
        kind,
        _UNITS[unit],
        None if v1 is None else from_micro(v1),
        None if v2 is None else from_micro(v2),
        None if v3 is None else from_micro(v3),
        text,
        _CONTEXTS[context],
        _SETTINGS[setting],
        _POSTURES[posture],
        zone_offset,
        _QUALITIES[time_quality],
        _flags(flags),
        bool(simulated),
    )


@cache
def _flags(text: str) -> frozenset[Flag]:
    return frozenset(map(Flag, text.split()))


def pretended(tx: Connection, person_id: UUID) -> int:
    """Count a person's readings that a pretend meter sent."""
    wanted = select(func.count()).select_from(_row).where(_row.c.person_id == person_id)
    return int(tx.execute(wanted.where(_row.c.simulated.is_(True))).scalar_one())


def unassigned(tx: Connection) -> list[Reading]:
    """Return the tray: readings in force that belong to nobody yet, oldest first."""
    wanted = _every().where(_row.c.person_id.is_(None), _IN_FORCE)
    return rows.read(tx, Reading, wanted.order_by(_row.c.received_at, _row.c.id))


def assign(tx: Connection, ids: Iterable[UUID], person_id: UUID) -> int:
    """Give readings of the tray to a person; return how many, for one that has an owner keeps it."""
    mine = update(_row).where(_row.c.id.in_(list(ids)), _row.c.person_id.is_(None))
    return tx.execute(mine.values(person_id=person_id)).rowcount


def void(tx: Connection, reading_id: UUID, now: int) -> bool:
    """Take a reading out of force for good; False where it is not there or was void already."""
    row = update(_row).where(_row.c.id == reading_id, _row.c.voided.is_(False))
    return tx.execute(row.values(voided=True, voided_at=now, in_force=False)).rowcount == 1


def _every() -> rows.Wanted:
    return rows.every(Reading, _row)


def _of(person_id: UUID, kind: Kind) -> rows.Wanted:
    return _every().where(_row.c.person_id == person_id, _row.c.kind == kind)
