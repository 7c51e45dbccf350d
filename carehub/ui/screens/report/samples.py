"""Reports of a week, a month and a year, of glucose, and of somebody who has measured nothing."""

import math
from dataclasses import replace
from uuid import UUID

from carehub.care.plans import Plan
from carehub.care.readings import Kind, MealContext, Reading
from carehub.care.trends import DAYS, Period
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.report.model import ReportView, view_of
from carehub.ui.screens.sample import NOW, PERSON, PROFILE, Sample

_DAY = 86_400_000
_WEEK = ((138, 86), (131, 83), (129, 82), (151, 93), (127, 80), (130, 82), (128, 82))
# The sample person is past 80; the picture's target is that of somebody younger.
_YOUNGER = replace(PROFILE, person=replace(PERSON, born=None))


def _plan() -> Plan:
    from carehub.workflows.rulebook import rulebook

    return Plan(rulebook())


def _report(readings: list[Reading], kind: Kind, period: Period) -> ReportView:
    return view_of(readings, (_YOUNGER, _plan()), kind, period, NOW)


def _week(higher: int = 0, back: int = 0) -> list[Reading]:
    last = len(_WEEK) - 1 + back
    return [
        pressure(upper + higher, lower, NOW - (last - n) * _DAY - 7_000_000, n + 50 * back)
        for n, (upper, lower) in enumerate(_WEEK)
    ]


def week() -> ReportView:
    """Return the week of the design."""
    return _report([*_week(4, back=7), *_week()], Kind.BLOOD_PRESSURE, Period.WEEK)


def pretended() -> ReportView:
    """Return the same week from a pretend meter."""
    return replace(week(), simulated=True)


def gaps() -> ReportView:
    """Return a week of a pretend meter with days that were left out."""
    some = [replace(r, simulated=True) for r in _week()[1:5:2]]
    return _report(some, Kind.BLOOD_PRESSURE, Period.WEEK)


def _long(days: int) -> list[Reading]:
    made = []
    for back in range(days):
        wave = 8 * math.sin(back / 5) + 4 * math.cos(back / 31) + (6 if back % 17 == 0 else 0)
        at = NOW - back * _DAY - 6_000_000
        made.append(pressure(round(129 + wave), round(79 + wave / 2), at, 1000 + back))
    return made[::-1]


def long(period: Period) -> ReportView:
    """Return a longer report."""
    return _report(_long(DAYS[period] * 3 // 2), Kind.BLOOD_PRESSURE, period)


def _sweet() -> list[Reading]:
    made = []
    fasting = ("6.3", "7.6", "6.1", "6.6", "5.9", "6.4")
    after = ("8.9", "9.4", "", "11.2", "8.1", "9.0")
    for n, (low, high) in enumerate(zip(fasting, after, strict=True)):
        at = NOW - n * _DAY
        made.append(replace(glucose(low, at - 7_800_000, n), context=MealContext.FASTING))
        if high:
            made.append(
                replace(glucose(high, at - 1_000_000, 50 + n), context=MealContext.AFTER_MEAL)
            )
    return [replace(r, id=UUID(int=2000 + n)) for n, r in enumerate(made)]


def sweet() -> ReportView:
    """Return a week of glucose."""
    return _report(_sweet(), Kind.GLUCOSE, Period.WEEK)


def nothing() -> ReportView:
    """Return the report of somebody who has measured nothing."""
    return _report([], Kind.BLOOD_PRESSURE, Period.WEEK)


SAMPLES = (
    Sample("report", "week", week),
    Sample("report", "pretended", pretended),
    Sample("report", "gaps", gaps),
    Sample("report", "month", lambda: long(Period.MONTH), {"period": "month"}),
    Sample("report", "quarter", lambda: long(Period.QUARTER), {"period": "quarter"}),
    Sample("report", "year", lambda: long(Period.YEAR), {"period": "year"}),
    Sample("report", "glucose", sweet, {"kind": "glucose"}),
    Sample("report", "nothing", nothing),
)
