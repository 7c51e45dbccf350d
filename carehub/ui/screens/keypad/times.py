"""When a reading that is typed in was measured: big choices, a day and a time of the clock; no Qt."""

from dataclasses import dataclass

from carehub.care.civil import HOUR, MINUTE, date_of, local_day, start_of_day
from carehub.i18n import N_, _
from carehub.ui import phrases

DAYS_BACK = 7
"""An older reading is remembered badly and told too late to say anything."""
_HOURS, _MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One big button: so many days back, at this hour."""

    key: str
    words: str
    days_back: int
    hour: int


CHOICES = (
    Choice("morning", N_("This morning"), 0, 7),
    Choice("noon", N_("Today at noon"), 0, 12),
    Choice("evening", N_("This evening"), 0, 19),
    Choice("last_evening", N_("Yesterday evening"), 1, 19),
    Choice("last_noon", N_("Yesterday at noon"), 1, 12),
    Choice("last_morning", N_("Yesterday morning"), 1, 7),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The moment that was chosen (UTC ms), or what is wrong with it."""

    at: int | None = None
    trouble: str = ""


def choices(now: int, zone_offset: int) -> tuple[Choice, ...]:
    """Return the choices that are over by now, the latest day first."""
    return tuple(c for c in CHOICES if _moment(c.days_back, c.hour, 0, now, zone_offset) <= now)


def day_words(days_back: int, now: int, zone_offset: int) -> str:
    """Return a day as people say it: 今天, 昨天, or its weekday, each with the date."""
    day = date_of(local_day(now, zone_offset) - days_back)
    near = (N_("Today"), N_("Yesterday"))
    name = near[days_back] if days_back < len(near) else phrases.WEEKDAYS[day.weekday()]
    return _("{weekday}, {day}").format(weekday=_(name), day=phrases.day(day))


def chosen(days_back: int, hour: str, minute: str, now: int, zone_offset: int) -> Chosen:
    """Return the moment that was typed; the minutes may stay empty."""
    if not hour.isdecimal() or int(hour) >= _HOURS:
        return Chosen(trouble=_("Please give the hour, 0 to 23."))
    if minute and (not minute.isdecimal() or int(minute) >= _MINUTES):
        return Chosen(trouble=_("Please give the minutes, 0 to 59."))
    at = _moment(days_back, int(hour), int(minute or 0), now, zone_offset)
    if at > now:
        return Chosen(trouble=_("That time is still to come. Give the time of the measurement."))
    return Chosen(at)


def shown(at: int, now: int, zone_offset: int) -> tuple[int, str, str]:
    """Return what the page shows of a moment: days back, hour and minute."""
    moment = phrases.local(at, zone_offset)
    days = local_day(now, zone_offset) - local_day(at, zone_offset)
    return days, str(moment.hour), f"{moment.minute:02d}"


def _moment(days_back: int, hour: int, minute: int, now: int, zone_offset: int) -> int:
    day = start_of_day(local_day(now, zone_offset) - days_back, zone_offset)
    return day + hour * HOUR + minute * MINUTE
