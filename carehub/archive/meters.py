"""The meters this machine knows, as rows."""

from sqlalchemy import Connection, delete

from carehub.archive import rows, tables
from carehub.care.meters import Meter

_row = tables.meter


def put(tx: Connection, meter: Meter) -> None:
    """Add a meter, or change the one with this id."""
    rows.put(tx, _row, meter)


def get(tx: Connection, meter_id: str) -> Meter | None:
    """Return a meter by its id (serial number or address), or None."""
    return rows.first(tx, Meter, rows.every(Meter, _row).where(_row.c.id == meter_id))


def everyone(tx: Connection) -> list[Meter]:
    """Return all meters, the one read last first."""
    return rows.read(
        tx, Meter, rows.every(Meter, _row).order_by(_row.c.last_read_at.desc(), _row.c.id)
    )


def remove(tx: Connection, meter_id: str) -> None:
    """Forget a meter; its readings stay, and when it is met again its owner is asked for anew."""
    tx.execute(delete(_row).where(_row.c.id == meter_id))
