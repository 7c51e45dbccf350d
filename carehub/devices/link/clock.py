"""A meter's clock in a session: read it, set it where the meter allows, and prove it by reading back.

A clock is set when it was never set, or is off by more than a minute. What it showed before and after
is kept as frames: the first says how far the stored records are off, the last that it was set.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from carehub import log
from carehub.devices import gatt
from carehub.devices.gatt.civil_time import CurrentTime, DateTime
from carehub.devices.meters import ClockPlace
from carehub.errors import MalformedFrame

_ENOUGH = timedelta(minutes=1)
"""Smaller differences are left alone: setting a clock costs the meter's battery, and some beep."""

Read = Callable[[], Awaitable[bytes]]
Write = Callable[[bytes], Awaitable[bool]]


async def tend(place: ClockPlace, now: datetime, read: Read, write: Write | None) -> list[bytes]:
    """Return what the clock showed, and what it showed after it was set.

    `now` is civil time at the meter; `write` is None for a clock that cannot be set, and returns
    whether the meter took the time. A clock that can only be written shows nothing either way. A
    meter that wants the time first is told it even where its clock is right: it waits for that.
    """
    characteristic = place.characteristic
    found = await read()
    shown = [found] if found else []
    right = found and not wrong(characteristic, found, now)
    if write is None or (right and not place.first):
        return shown
    if not await write(told(characteristic, now)):
        return shown
    after = await read()
    if after and wrong(characteristic, after, now):
        log.meters.warning("the meter took the time and still shows another one")
    return [*shown, after] if after else shown


def wrong(characteristic: str, data: bytes, now: datetime) -> bool:
    """Tell whether a clock shows no time, or one more than a minute from `now`."""
    try:
        value = gatt.decode(characteristic, data)
    except MalformedFrame:
        return True
    moment = value.time if isinstance(value, CurrentTime) else value
    civil = moment.civil() if isinstance(moment, DateTime) else None
    return civil is None or abs(civil - now) > _ENOUGH


def told(characteristic: str, now: datetime) -> bytes:
    """Return the bytes that set a clock to `now`, as its characteristic has them."""
    if characteristic == "2A08":
        return DateTime.of(now).encode()
    return CurrentTime.of(now).encode()


def civil(moment: int, zone_offset: int) -> datetime:
    """Return the civil time of UTC milliseconds, `zone_offset` minutes east of UTC."""
    shown = datetime.fromtimestamp(moment / 1000, UTC) + timedelta(minutes=zone_offset)
    return shown.replace(tzinfo=None)
