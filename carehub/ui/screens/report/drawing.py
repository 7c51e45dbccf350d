"""From days and readings to the columns and traces of a chart; free of Qt."""

from collections.abc import Sequence
from decimal import Decimal

from carehub.care.civil import date_of, local_day, start_of_day
from carehub.care.glances import Taken
from carehub.care.readings import Kind
from carehub.care.trends import DAYS, Period
from carehub.care.units import in_mmhg, in_mmol
from carehub.i18n import _
from carehub.ui import phrases
from carehub.ui.charts import Column, End, Trace
from carehub.ui.screens.report.days import Bar, Mark

_HALF_DAY = 43_200_000
_WEEK = 7


def columns(days: Sequence[Bar], since: int, zone_offset: int) -> tuple[Column, ...]:
    """Return one column for each day of the week that begins at `since`; the last one is today."""
    known = {day.day: day for day in days}
    first = local_day(since, zone_offset)
    numbers = range(first, first + DAYS[Period.WEEK])
    made = []
    for number in numbers:
        today = number == numbers[-1]
        name = _("Today") if today else _(phrases.SHORT_DAYS[date_of(number).weekday()])
        day = known.get(number)
        top, bottom = (day.top, day.bottom) if day is not None else (None, None)
        made.append(Column(name, _end(top), _end(bottom), today))
    return tuple(made)


def _end(mark: Mark | None) -> End | None:
    return End(mark.value, mark.shown, mark.in_target) if mark is not None else None


def traces(
    readings: Sequence[Taken], days: Sequence[Bar], kind: Kind, period: Period, zone_offset: int
) -> tuple[Trace, ...]:
    """Return the traces of a longer chart: of days, or for a year of weeks over all readings."""
    marks = days if period is not Period.YEAR else _weeks(days)
    names = (_("After food"), _("Fasting")) if kind is Kind.GLUCOSE else (_("Upper"), _("Lower"))
    tops = [(bar, bar.top) for bar in marks if bar.top is not None]
    bottoms = [(bar, bar.bottom) for bar in marks if bar.bottom is not None]
    made = [_trace(names[0], tops, zone_offset), _trace(names[1], bottoms, zone_offset)]
    if period is Period.YEAR:
        made += _clouds(readings, kind, names)
    return tuple(trace for trace in made if trace.at)


def _trace(name: str, marks: Sequence[tuple[Bar, Mark]], zone_offset: int) -> Trace:
    return Trace(
        name,
        [start_of_day(day.day, zone_offset) + _HALF_DAY for day, _mark in marks],
        [float(mark.value) for _day, mark in marks],
        [mark.in_target for _day, mark in marks],
    )


def _weeks(days: Sequence[Bar]) -> list[Bar]:
    """Gather days by week; a week is in target where most of its days were."""
    by_week: dict[int, list[Bar]] = {}
    last = days[-1].day
    for day in days:
        by_week.setdefault((last - day.day) // _WEEK, []).append(day)
    made = []
    for week, members in sorted(by_week.items(), reverse=True):
        tops = [day.top for day in members if day.top is not None]
        bottoms = [day.bottom for day in members if day.bottom is not None]
        made.append(Bar(last - week * _WEEK - _WEEK // 2, _middle(tops), _middle(bottoms)))
    return made


def _middle(marks: Sequence[Mark]) -> Mark | None:
    if not marks:
        return None
    mean = sum((mark.value for mark in marks), Decimal(0)) / len(marks)
    good = sum(mark.in_target for mark in marks) * 2 >= len(marks)
    return Mark(mean, "", good)


def _clouds(readings: Sequence[Taken], kind: Kind, names: tuple[str, str]) -> list[Trace]:
    """Return every single reading, to be drawn faintly behind the means."""
    if kind is Kind.GLUCOSE:
        rows = [(r.taken_at, in_mmol(r.v1, r.unit)) for r in readings if r.v1 is not None]
        return [_cloud(names[0], rows)]
    uppers = [(r.taken_at, in_mmhg(r.v1, r.unit)) for r in readings if r.v1 is not None]
    lowers = [(r.taken_at, in_mmhg(r.v2, r.unit)) for r in readings if r.v2 is not None]
    return [_cloud(names[0], uppers), _cloud(names[1], lowers)]


def _cloud(name: str, rows: Sequence[tuple[int, Decimal]]) -> Trace:
    return Trace(
        name, [at for at, _v in rows], [float(v) for _at, v in rows], [True] * len(rows), faint=True
    )
