"""Raw frames as rows: kept before they are decoded, and afterwards beside what was decoded."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, delete, exists, or_, select, text, update

from carehub.archive import meters, rows, tables
from carehub.care.meters import Frame

_row = tables.frame


def keep(tx: Connection, frame: Frame) -> bool:
    """Keep a frame; False where its id is there already."""
    return rows.add(tx, _row, frame)


def pending(tx: Connection) -> list[Frame]:
    """Return the frames that nothing was made of yet, in the order in which they came."""
    wanted = rows.every(Frame, _row).where(text("outcome IS NULL"))
    return rows.read(tx, Frame, wanted.order_by(_row.c.received_at, text("rowid")))


def done(tx: Connection, ids: Iterable[UUID], outcome: str) -> int:
    """Note what became of frames ("taken", "refused", "read"); the first word stays.

    Returns how many were still open.
    """
    found = update(_row).where(_row.c.id.in_(list(ids)), text("outcome IS NULL"))
    return tx.execute(found.values(outcome=outcome)).rowcount


def of_transfer(tx: Connection, transfer_id: UUID) -> list[Frame]:
    """Return the frames of one transfer, so that a better decoder can run again."""
    wanted = rows.every(Frame, _row).where(_row.c.transfer_id == transfer_id)
    return rows.read(tx, Frame, wanted.order_by(_row.c.received_at, text("rowid")))


def became(tx: Connection, ids: Iterable[UUID], reading_id: UUID) -> None:
    """Note which reading was made of frames, so that they go when it is erased."""
    tx.execute(update(_row).where(_row.c.id.in_(list(ids))).values(reading_id=reading_id))


def erase(tx: Connection, person_id: UUID) -> int:
    """Remove the frames a person's readings were made of; return how many there were.

    What could not be read, or was refused, goes as well where it can be nobody else's: its meter is
    this person's alone, or nobody else lives here. The meters forget whose slot it was.
    """
    reading = tables.reading
    theirs = select(reading.c.id).where(reading.c.person_id == person_id)
    kept = exists().where(reading.c.id == _row.c.reading_id)
    alone = _nobody_else(tx, person_id)
    own = [meter.id for meter in meters.everyone(tx) if alone or _only(meter.slots, person_id)]
    unread = ~kept if alone else _row.c.meter_id.in_(own) & ~kept
    gone = tx.execute(delete(_row).where(or_(_row.c.reading_id.in_(theirs), unread))).rowcount
    for meter in meters.everyone(tx):
        slots = tuple(slot for slot in meter.slots if slot[1] != person_id)
        if slots != meter.slots:
            meters.put(tx, replace(meter, slots=slots))
    return gone


def _nobody_else(tx: Connection, person_id: UUID) -> bool:
    others = select(tables.person.c.id).where(tables.person.c.id != person_id)
    return tx.execute(others.limit(1)).first() is None


def _only(slots: tuple[tuple[int | None, UUID], ...], person_id: UUID) -> bool:
    return bool(slots) and all(owner == person_id for _slot, owner in slots)
