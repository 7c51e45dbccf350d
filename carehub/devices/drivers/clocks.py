"""How far a meter's clock can be trusted, judged from what the meter said about its time.

A meter's clock is civil time without a zone. Three things can speak about it: the meter's own
Current Time read in the same session, a value sent while the cuff was filling (so it is of now), and
plain impossibility: a time that is not yet, or from before such meters talked to this program.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from carehub.care.meters import Frame
from carehub.care.readings import TimeQuality
from carehub.devices import gatt
from carehub.errors import MalformedFrame

CURRENT_TIME = "2A2B"
TOLERANCE = timedelta(minutes=10)
_FACTORY_YEAR = 2020
"""Clocks that were never set start in 1970, 2000 or 2010; an earlier year is one of those."""


def received(frame: Frame, zone_offset: int) -> datetime:
    """Return the civil time at which a frame came, `zone_offset` minutes east of UTC."""
    moment = datetime.fromtimestamp(frame.received_at / 1000, UTC) + timedelta(minutes=zone_offset)
    return moment.replace(tzinfo=None)


def clock_offset(frames: Sequence[Frame], zone_offset: int) -> int | None:
    """Return how far the meter's clock is ahead in milliseconds, or None where it did not say."""
    for frame in frames:
        if frame.characteristic == CURRENT_TIME:
            return _ahead(frame, zone_offset)
    return None


def _ahead(frame: Frame, zone_offset: int) -> int | None:
    try:
        shown = gatt.decode(CURRENT_TIME, frame.data)
    except MalformedFrame:
        return None
    civil = shown.time.civil() if isinstance(shown, gatt.CurrentTime) else None
    if civil is None:
        return None
    return (civil - received(frame, zone_offset)) // timedelta(milliseconds=1)


def quality(
    shown: datetime | None, arrived: datetime, *, offset: int | None, live: bool
) -> TimeQuality:
    """Judge the time a record carries; `shown` None means it was sent unset or is no time at all.

    `offset` is from `clock_offset`; `live` means the value was measured during this session.
    """
    if shown is None:
        return TimeQuality.UNSET
    if offset is not None and abs(timedelta(milliseconds=offset)) <= TOLERANCE:
        return TimeQuality.OK if shown <= arrived + TOLERANCE else TimeQuality.SKEWED
    if shown.year < _FACTORY_YEAR:
        return TimeQuality.UNSET
    wrong = offset is not None or shown > arrived + TOLERANCE
    late = live and shown < arrived - TOLERANCE
    return TimeQuality.SKEWED if wrong or late else TimeQuality.OK
