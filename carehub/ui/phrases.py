"""How times and days are said to people, in both languages; free of Qt, so models may use it."""

from datetime import UTC, date, datetime, timedelta

from carehub import i18n
from carehub.i18n import N_, _

_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_TENS = ("初", "十", "廿", "三")
_DIGITS = "一二三四五六七八九十"
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
SHORT_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def local(at: int, zone_offset: int) -> datetime:
    """Return the civil time of `at` (UTC milliseconds), `zone_offset` minutes east, without zone."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at, minutes=zone_offset)
    return moment.replace(tzinfo=None)


def clock(moment: datetime) -> str:
    """Return the time of day as 7:30."""
    return f"{moment.hour}:{moment.minute:02d}"


def day(value: date, *, year: bool = False) -> str:
    """Return a day as 11月22日, or with its year."""
    pattern = _("{day} {month} {year}") if year else _("{day} {month}")
    name = str(value.month) if i18n.language() == "zh_CN" else _(_MONTHS[value.month - 1])
    return pattern.format(day=value.day, month=name, year=value.year)


def month(year: int, number: int) -> str:
    """Return a month with its year, 2026年11月."""
    name = str(number) if i18n.language() == "zh_CN" else _(_MONTHS[number - 1])
    return _("{month} {year}").format(month=name, year=year)


def when(at: int, now: int, zone_offset: int) -> str:
    """Return when something was, seen from `now`: 今早 7:30, 昨天 20:10, 11月3日 7:30."""
    moment, today = local(at, zone_offset), local(now, zone_offset).date()
    gone = (today - moment.date()).days
    if gone == 0:
        pattern = _("This morning {time}") if 4 <= moment.hour < 9 else _("Today {time}")
        return pattern.format(time=clock(moment))
    if gone == 1:
        return _("Yesterday {time}").format(time=clock(moment))
    named = day(moment.date(), year=moment.year != today.year)
    return _("{day} {time}").format(day=named, time=clock(moment))


def greeting(now: int, zone_offset: int) -> str:
    """Return the greeting of this hour."""
    hour = local(now, zone_offset).hour
    bounds = (
        (5, N_("Good evening")),
        (9, N_("Good morning")),
        (12, N_("Good day")),
        (18, N_("Good afternoon")),
    )
    fitting = [words for until, words in bounds if hour < until]
    return _(fitting[0]) if fitting else _("Good evening")


def today(now: int, zone_offset: int) -> str:
    """Return today's date with weekday and, in Chinese, the lunar date."""
    value = local(now, zone_offset).date()
    weekday = _(WEEKDAYS[value.weekday()])
    line = _("{weekday}, {day}").format(weekday=weekday, day=day(value))
    return f"{line} ・ {lunar(value)}" if i18n.language() == "zh_CN" else line


def lunar(value: date) -> str:
    """Return the Chinese lunar date, 农历十月十四."""
    from lunardate import LunarDate

    moon = LunarDate.from_solar_date(value.year, value.month, value.day)
    leap = "闰" if moon.is_leap_month else ""
    return f"农历{leap}{_LUNAR_MONTHS[moon.month - 1]}月{_lunar_day(moon.day)}"


def _lunar_day(number: int) -> str:
    if number in (10, 20, 30):
        return ("初十", "二十", "三十")[number // 10 - 1]
    return _TENS[number // 10] + _DIGITS[number % 10 - 1]
