"""Forget a meter that is no longer used, and take that back."""

from typing import TYPE_CHECKING

from carehub.archive import meters as meter_rows
from carehub.care.changes import Changes
from carehub.care.meters import Meter

if TYPE_CHECKING:
    from carehub.archive.store import Archive


def forget(archive: "Archive", meter_id: str) -> Changes:
    """Forget a meter and whose slots it has; its readings stay where they are."""
    with archive.write() as tx:
        meter_rows.remove(tx, meter_id)
    return Changes.METERS


def remember(archive: "Archive", meter: Meter) -> Changes:
    """Know a meter again, with its slots, after it was forgotten."""
    with archive.write() as tx:
        meter_rows.put(tx, meter)
    return Changes.METERS
