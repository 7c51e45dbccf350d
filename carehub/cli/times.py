"""Times as commands read and write them: ISO 8601 with an offset outside, UTC milliseconds inside."""

import argparse
import time
from datetime import UTC, date, datetime, timedelta, timezone

from carehub.errors import InputError
from carehub.i18n import _

DAY = 86_400_000
FAR_AWAY = 253_402_214_400_000
"""The last day of the year 9999: later than any reading."""


def now() -> int:
    """Return this computer's time in UTC milliseconds; the one place where commands read the clock."""
    return time.time_ns() // 1_000_000


def local_offset(moment: int) -> int:
    """Return this computer's minutes east of UTC at `moment`."""
    offset = datetime.fromtimestamp(moment / 1000, UTC).astimezone().utcoffset()
    return int((offset or timedelta()).total_seconds()) // 60


def written(moment: int, zone_offset: int) -> str:
    """Write UTC milliseconds as ISO 8601 in a zone; milliseconds are left out where there are none."""
    zone = timezone(timedelta(minutes=zone_offset))
    local = datetime.fromtimestamp(moment // 1000, zone).replace(microsecond=moment % 1000 * 1000)
    return local.isoformat(timespec="milliseconds" if moment % 1000 else "seconds")


def written_or_none(moment: int | None, zone_offset: int) -> str | None:
    """Write a time that may not have come yet."""
    return None if moment is None else written(moment, zone_offset)


def read(text: str, zone_offset: int) -> int:
    """Read an ISO 8601 date and time; one without an offset is meant in `zone_offset`.

    Raises InputError where it is none.
    """
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            _("{text} is not a date and time. Write it like 2025-06-01T07:30+08:00.").format(
                text=text
            )
        ) from error
    if told.tzinfo is None:
        told = told.replace(tzinfo=timezone(timedelta(minutes=zone_offset)))
    return (told - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def read_end(text: str, zone_offset: int) -> int:
    """Read the end of a span, the first millisecond after it: a day is meant whole."""
    whole_day = len(text.strip()) <= len("2025-06-01")
    return read(text, zone_offset) + (DAY if whole_day else 1)


def span(args: argparse.Namespace, zone_offset: int) -> tuple[int, int]:
    """Return the span between `--since` and `--until`; a bound that was not given is far away."""
    since = 0 if args.since is None else read(args.since, zone_offset)
    return since, FAR_AWAY if args.until is None else read_end(args.until, zone_offset)


def read_day(text: str) -> date:
    """Read a date; raises InputError where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            _("{text} is not a date. Write it like 1948-03-12.").format(text=text)
        ) from error


def read_zone(text: str) -> int:
    """Read an offset from UTC such as +08:00 as minutes; raises InputError where it is none."""
    try:
        zone = datetime.strptime(text.strip(), "%z").utcoffset()
    except ValueError as error:
        raise InputError(
            _("{text} is not an offset from UTC. Write it like +08:00.").format(text=text)
        ) from error
    return int((zone or timedelta()).total_seconds()) // 60


def day_and_time(moment: int, zone_offset: int) -> str:
    """Write a time for people: 2025-06-01 07:30."""
    zone = timezone(timedelta(minutes=zone_offset))
    return datetime.fromtimestamp(moment // 1000, zone).strftime("%Y-%m-%d %H:%M")
