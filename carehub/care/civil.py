"""A moment as the person's own calendar and clock show it, from UTC milliseconds and a zone offset."""

from datetime import date

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = date(1970, 1, 1).toordinal()


def local_day(moment: int, zone_offset: int) -> int:
    """Return the number of the civil day (0 is 1970-01-01) at `zone_offset` minutes east of UTC."""
    return (moment + zone_offset * MINUTE) // DAY


def local_minute(moment: int, zone_offset: int) -> int:
    """Return the minute of the civil day, 0 to 1439."""
    return (moment + zone_offset * MINUTE) % DAY // MINUTE


def local_date(moment: int, zone_offset: int) -> date:
    """Return the civil date; moments beyond the calendar give its first or last day."""
    return date_of(local_day(moment, zone_offset))


def date_of(day: int) -> date:
    """Return the date of a civil day number, kept within the calendar."""
    return date.fromordinal(min(max(day + _EPOCH, 1), date.max.toordinal()))


def day_of(day: date) -> int:
    """Return the civil day number of a date."""
    return day.toordinal() - _EPOCH


def start_of_day(day: int, zone_offset: int) -> int:
    """Return the UTC milliseconds at which civil day number `day` begins."""
    return day * DAY - zone_offset * MINUTE


def next_minute_of_day(after: int, minute: int, zone_offset: int) -> int:
    """Return the first moment later than `after` at which the civil clock shows `minute`."""
    today = start_of_day(local_day(after, zone_offset), zone_offset) + minute * MINUTE
    return today if today > after else today + DAY
