"""Raw frames as rows: kept before they are decoded, and afterwards beside what was decoded."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text, update

from carehub.archive import rows, tables
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
