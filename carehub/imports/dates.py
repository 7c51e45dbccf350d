"""Dates and clocks as files write them: which is the day, which the month, and what AM and PM mean."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from carehub.care.civil import DAY, MINUTE, day_of
from carehub.imports.months import MONTHS
from carehub.imports.rows import Dates

FURTHEST = 14 * 60
"""Minutes that any zone of the world lies from UTC."""
_EARLIEST, _LATEST = 1900, 2200
_CENTURY = 100
_FIRST, _LAST = (day_of(date(year, 1, 1)) * DAY for year in (_EARLIEST, _LATEST))
_PIVOT = 70
_MONTHS_IN_YEAR = 12
_EPOCH = re.compile(r"\d{10}(?:\.0+)?|\d{13}")
_SECONDS = 10
_TIME = re.compile(
    r"(?P<h>\d{1,2})[:.h时点](?P<m>\d{2})(?:[:.分](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?[分秒]?"
    r"\s*(?P<p>am|pm|a\.m\.|p\.m\.|上午|下午|午前|午後)?\s*(?P<z>z|utc|gmt|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"^(?P<day>.*?\S)(?:\s*[,;T]\s*|\s+-\s+|\s+)(?P<clock>(?:上午|下午)?\s*\d{1,2}[:.h]\d{2}.*)$"
)
_NUMBERS = re.compile(r"(\d{1,4})\s*([./年\-\s])\s*(\d{1,2})\s*[./月\-\s]\s*(\d{1,4})\s*日?")
_WORDS = re.compile(r"\d+|[^\W\d_]+", re.UNICODE)
_YEAR_DIGITS = 4
_AFTERNOON = ("pm", "p.m.", "下午", "午後")
_NOON = 12


def split(text: str) -> tuple[str, str]:
    """Part a date from the clock that follows it in the same cell."""
    if len(text) > 10 and text[4:5] == "-" and text[10] in "T ":
        return text[:10], text[11:]
    found = _AT_END.match(text)
    return (found["day"], found["clock"]) if found else (text, "")


@lru_cache(maxsize=4096)
def evidence(day: str) -> Dates | None:
    """Return the only order in which a date can be read, or None where it shows none.

    Raises ValueError where day and month cannot be told apart: it is a date in both orders, and
    another one in each.
    """
    found = _NUMBERS.fullmatch(day.strip())
    if found is None or len(found[1]) == _YEAR_DIGITS:
        return None
    if found[2] == ".":
        return Dates.DMY
    first, second = int(found[1]), int(found[3])
    if first > _MONTHS_IN_YEAR >= second:
        return Dates.DMY
    if second > _MONTHS_IN_YEAR >= first:
        return Dates.MDY
    if first == second or max(first, second) > _MONTHS_IN_YEAR:
        return None
    raise ValueError("two readings")


def moment(day: str, clock: str, order: Dates | None, zone_offset: int) -> tuple[int, int]:
    """Return UTC milliseconds and minutes east of UTC; raises ValueError where it is no moment."""
    if not clock:
        if _EPOCH.fullmatch(day.strip()):
            number = int(day.strip().partition(".")[0])
            return number * (1000 if len(str(number)) <= _SECONDS else 1), zone_offset
        day, clock = split(day.strip())
    since_midnight, zone = _clock(clock)
    if zone is None:
        zone = zone_offset
    return _day(day, order) * DAY + since_midnight - zone * MINUTE, zone


@lru_cache(maxsize=8192)
def _clock(text: str) -> tuple[int, int | None]:
    """Return milliseconds since midnight, and the zone where the clock names one."""
    plain = text.strip()
    early = plain[:2] in ("上午", "下午")
    found = _TIME.fullmatch(plain[2:].strip() + plain[:2] if early else plain)
    if found is None:
        raise ValueError("no clock")
    hour, minute = int(found["h"]), int(found["m"])
    half = (found["p"] or "").casefold()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError("no clock")
        hour = hour % _NOON + (_NOON if half in _AFTERNOON else 0)
    seconds = int(found["s"] or 0)
    if hour > 23 or minute > 59 or seconds > 59:
        raise ValueError("no clock")
    millis = int((found["f"] or "0")[:3].ljust(3, "0"))
    return ((hour * 60 + minute) * 60 + seconds) * 1000 + millis, _zone(found["z"])


def _zone(text: str | None) -> int | None:
    if text is None:
        return None
    if text.isalpha():
        return 0
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes > FURTHEST:
        raise ValueError("no zone")
    return -minutes if text[0] == "-" else minutes


@lru_cache(maxsize=8192)
def _day(text: str, order: Dates | None) -> int:
    """Return the civil day number."""
    plain = text.strip().rstrip(",")
    try:
        return day_of(_checked(date.fromisoformat(plain)))
    except ValueError:
        pass
    numbers = _NUMBERS.fullmatch(plain)
    year, month, day = _in_order(numbers, order) if numbers else _in_words(plain)
    return day_of(_checked(date(_full(year), month, day)))


def _checked(day: date) -> date:
    if not _EARLIEST <= day.year <= _LATEST:
        raise ValueError("no year of ours")
    return day


def _full(year: int) -> int:
    if year >= _CENTURY:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _in_order(found: re.Match[str], order: Dates | None) -> tuple[int, int, int]:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == _YEAR_DIGITS or (order is Dates.YMD and len(found[4]) != _YEAR_DIGITS):
        return first, second, third
    if len(found[4]) < 2:
        raise ValueError("no year")
    if found[2] != "." and order is Dates.MDY:
        return third, first, second
    return third, second, first


def _in_words(text: str) -> tuple[int, int, int]:
    """Read a date whose month has a name: Jan 12 2025, 12 janv. 2025, 12. Januar 2025."""
    numbers: list[int] = []
    month = 0
    for word in _WORDS.findall(unicodedata.normalize("NFKC", text.casefold())):
        if word.isdecimal():
            numbers.append(int(word))
        else:
            month = month or MONTHS.get(word, 0)
    if not month or len(numbers) != 2:
        raise ValueError("no date")
    day, year = numbers if numbers[0] <= 31 else numbers[::-1]
    return year, month, day


def within(moment_of_row: int, now: int, slack: int = 10 * MINUTE) -> bool:
    """Tell whether a moment is not still to come; `slack` is how wrong a clock may be."""
    return moment_of_row <= now + slack


def known(moment_of_row: int) -> bool:
    """Tell whether a moment lies in the years that anything of ours can have."""
    return _FIRST <= moment_of_row < _LAST
