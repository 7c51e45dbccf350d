"""How readings went over a stretch of days: means, days in target, the home week, one sentence first.

Days are civil days where the person lives. Pressures are home sittings in mmHg (a sitting at a kiosk
or in a clinic is shown as it would be at home), glucose single values in mmol/L. Finger-stick
glucose is told as so many values in range of so many: never as time in range, GMI or estimated HbA1c.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from carehub.care.alerts.chart import Chart, Glucose, Sitting
from carehub.care.civil import DAY, date_of, local_day, local_minute, start_of_day
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Kind, MealContext, Reading, Setting
from carehub.care.standing import Place, axis_place, glucose_place, joined_place
from carehub.care.targets import GlucoseRange, PressureTarget, glucose_range, pressure_target
from carehub.care.units import whole_beside
from carehub.i18n import N_

Parameters = Mapping[str, object]


class Period(StrEnum):
    """The stretches a report shows."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day: the number of sittings or values, their mean and how they stand.

    Glucose has its mean in `first`; `in_range` of `count` values were in their range. A day of
    pressures is in target where its mean is; a day of glucose where every value is.
    """

    day: int
    count: int
    place: Place
    first: Decimal | None = field(repr=False)
    second: Decimal | None = field(default=None, repr=False)
    in_range: int = 0

    @property
    def in_target(self) -> bool:
        """Tell whether the day counts as in target."""
        return self.place is Place.IN_TARGET


@dataclass(frozen=True, slots=True)
class HomeWeek:
    """The home protocol: mornings and evenings of up to 7 days without the first.

    `days` counts those that entered the mean; `enough` tells whether three days were measured at all.
    """

    systolic: Decimal | None = field(repr=False)
    diastolic: Decimal | None = field(repr=False)
    days: int
    readings: int
    enough: bool
    place: Place = Place.UNKNOWN


@dataclass(frozen=True, slots=True)
class Summary:
    """One stretch of one kind; values in mmHg or mmol/L, None where nothing was measured.

    `mean` are the exact means, `shown` whole pressures (or tenths) that never contradict the target.
    `change` is this mean less that of the stretch before, None where that has too little.
    `sentence` is a msgid for `parameters`; `more` are further sentences in the same form.
    """

    kind: Kind
    since: int
    until: int
    count: int
    mean: tuple[Decimal, ...] = field(repr=False)
    shown: tuple[Decimal, ...] = field(repr=False)
    place: Place
    days: tuple[Day, ...] = field(repr=False)
    in_range: int = 0
    change: tuple[Decimal, ...] | None = field(default=None, repr=False)
    home_week: HomeWeek | None = field(default=None, repr=False)
    highest: Decimal | None = field(default=None, repr=False)
    lowest: Decimal | None = field(default=None, repr=False)
    sentence: str = ""
    parameters: Parameters = field(default_factory=dict, repr=False)
    more: tuple[tuple[str, Parameters], ...] = field(default=(), repr=False)

    @property
    def days_in_target(self) -> int:
        """Return on how many measured days the person was in target."""
        return sum(day.in_target for day in self.days)


def stretch(period: Period, now: int, zone_offset: int) -> tuple[int, int]:
    """Return a period as UTC milliseconds: whole civil days, today the last of them."""
    tomorrow = local_day(now, zone_offset) + 1
    return (
        start_of_day(tomorrow - DAYS[period], zone_offset),
        start_of_day(tomorrow, zone_offset),
    )


def summary(  # noqa: PLR0913 - the six that every screen has, and which kind
    readings: Iterable[Reading],
    profile: Profile,
    plan: Plan,
    since: int,
    until: int,
    now: int,
    *,
    kind: Kind = Kind.BLOOD_PRESSURE,
) -> Summary:
    """Summarise the readings of one kind from `since` to before `until`.

    Give readings from as long before `since` as the stretch is, so that it can be compared.
    """
    chart = Chart.of((r for r in readings if r.kind is kind), profile, plan, now)
    if kind is Kind.GLUCOSE:
        return _glucose(chart, since, until)
    return _pressure(chart, since, until)


def home_week(
    readings: Iterable[Reading], profile: Profile, plan: Plan, until: int, now: int
) -> HomeWeek:
    """Return the home protocol's mean over the 7 days before `until` (CLINICAL 1.2-3)."""
    chart = Chart.of((r for r in readings if r.kind is Kind.BLOOD_PRESSURE), profile, plan, now)
    return _home_week(chart, until)


def _pressure(chart: Chart, since: int, until: int) -> Summary:
    sittings = _within(chart.sittings, since, until)
    if not sittings:
        return _nothing(chart, Kind.BLOOD_PRESSURE, since, until)
    target = sittings[-1].home_target
    mean = _means(sittings)
    days = _pressure_days(chart, sittings, since, until)
    place = _place(chart, mean, target)
    crisis = chart.plan.rulebook["BP-CRIT"]
    shown = (
        whole_beside(mean[0], target.systolic_low, target.systolic, crisis.number("systolic")),
        whole_beside(mean[1], target.diastolic_low, target.diastolic, crisis.number("diastolic")),
    )
    before = _within(chart.sittings, since - (until - since), since)
    change = _change(chart, sittings, before)
    return Summary(
        Kind.BLOOD_PRESSURE,
        since,
        until,
        len(sittings),
        mean,
        shown,
        place,
        days,
        in_range=sum(
            _place(chart, _means([s]), s.home_target) is Place.IN_TARGET for s in sittings
        ),
        change=change,
        home_week=_home_week(chart, until),
        highest=max(s.home_systolic for s in sittings),
        lowest=min(s.home_systolic for s in sittings),
        sentence=_PRESSURE_SENTENCES[place],
        parameters=_good_days(days),
        more=_change_sentence(change),
    )


_PRESSURE_SENTENCES = {
    Place.IN_TARGET: N_("Blood pressure in target on average; in target on {good} of {days} days."),
    Place.HIGH: N_("Blood pressure above target on average; in target on {good} of {days} days."),
    Place.CRISIS: N_("Blood pressure far above target on average; call your doctor today."),
    Place.LOW: N_("Blood pressure on the low side on average; in target on {good} of {days} days."),
    Place.HIGH_AND_LOW: N_(
        "One number above target, the other on the low side; in target on {good} of {days} days."
    ),
}
_NOTHING = {
    Kind.BLOOD_PRESSURE: N_("No blood pressure was measured in this time."),
    Kind.GLUCOSE: N_("No glucose was measured in this time."),
}
_GLUCOSE_SENTENCE = N_("Glucose in range {good} of {count} times.")
_LOWER = N_("{number} lower than the time before.")
_HIGHER = N_("{number} higher than the time before.")
_SAME = N_("About the same as the time before.")


def _nothing(chart: Chart, kind: Kind, since: int, until: int) -> Summary:
    days = tuple(Day(day, 0, Place.UNKNOWN, None) for day in _civil_days(chart, since, until))
    return Summary(kind, since, until, 0, (), (), Place.UNKNOWN, days, sentence=_NOTHING[kind])


def _within(sittings: Sequence[Sitting], since: int, until: int) -> list[Sitting]:
    return [s for s in sittings if s.counts and since <= s.at < until]


def _means(sittings: Sequence[Sitting]) -> tuple[Decimal, Decimal]:
    count = len(sittings)
    return (
        sum((s.home_systolic for s in sittings), Decimal(0)) / count,
        sum((s.home_diastolic for s in sittings), Decimal(0)) / count,
    )


def _place(chart: Chart, mean: tuple[Decimal, Decimal], target: PressureTarget) -> Place:
    crisis = chart.plan.rulebook["BP-CRIT"]
    return joined_place(
        axis_place(mean[0], target.systolic_low, target.systolic, crisis.number("systolic")),
        axis_place(mean[1], target.diastolic_low, target.diastolic, crisis.number("diastolic")),
    )


def _civil_days(chart: Chart, since: int, until: int) -> range:
    zone = chart.profile.person.zone_offset
    return range(local_day(since, zone), local_day(until - 1, zone) + 1)


def _pressure_days(
    chart: Chart, sittings: Sequence[Sitting], since: int, until: int
) -> tuple[Day, ...]:
    zone = chart.profile.person.zone_offset
    by_day = {
        day: list(same) for day, same in groupby(sittings, key=lambda s: local_day(s.at, zone))
    }
    return tuple(
        _pressure_day(chart, day, by_day.get(day, [])) for day in _civil_days(chart, since, until)
    )


def _pressure_day(chart: Chart, day: int, sittings: Sequence[Sitting]) -> Day:
    if not sittings:
        return Day(day, 0, Place.UNKNOWN, None)
    mean = _means(sittings)
    place = _place(chart, mean, sittings[0].home_target)
    good = sum(_place(chart, _means([s]), s.home_target) is Place.IN_TARGET for s in sittings)
    return Day(day, len(sittings), place, mean[0], mean[1], good)


def _good_days(days: Sequence[Day]) -> dict[str, object]:
    measured = [day for day in days if day.count]
    return {"good": sum(day.in_target for day in measured), "days": len(measured)}


def _change(
    chart: Chart, sittings: Sequence[Sitting], before: Sequence[Sitting]
) -> tuple[Decimal, ...] | None:
    """Compare two means only where each rests on enough sittings; the numbers are BP-TREND's."""
    rule = chart.plan.rulebook["BP-TREND"]
    for some in (sittings, before):
        days = {sitting.day for sitting in some}
        if len(some) < rule.number("sittings") or len(days) < rule.number("days"):
            return None
    late, early = _means(sittings), _means(before)
    return late[0] - early[0], late[1] - early[1]


def _change_sentence(change: tuple[Decimal, ...] | None) -> tuple[tuple[str, Parameters], ...]:
    if change is None:
        return ()
    whole = whole_beside(abs(change[0]))
    if not whole:
        return ((_SAME, {}),)
    return ((_HIGHER if change[0] > 0 else _LOWER, {"number": whole}),)


def _home_week(chart: Chart, until: int) -> HomeWeek:
    """Mornings and evenings of 7 days; the first measured day is dropped; three days at least."""
    zone = chart.profile.person.zone_offset
    sittings = [s for s in _within(chart.sittings, until - 7 * DAY, until) if _timely(chart, s)]
    sittings = [s for s in sittings if s.series.setting is Setting.HOME]
    days = sorted({local_day(s.at, zone) for s in sittings})
    if len(days) < chart.plan.rulebook["BP-HIGH"].number("days"):
        return HomeWeek(None, None, 0, 0, enough=False)
    used = [s for s in sittings if local_day(s.at, zone) != days[0]]
    mean = _means(used)
    count = sum(len(s.readings) for s in used)
    place = _place(chart, mean, used[-1].home_target)
    return HomeWeek(mean[0], mean[1], len(days) - 1, count, enough=True, place=place)


def _timely(chart: Chart, sitting: Sitting) -> bool:
    rule = chart.plan.rulebook["BP-MORN"]
    hour = Decimal(local_minute(sitting.at, sitting.series.zone_offset)) / 60
    return any(
        rule.number(f"{part}_from") <= hour < rule.number(f"{part}_until")
        for part in ("morning", "evening")
    )


def _glucose(chart: Chart, since: int, until: int) -> Summary:
    values = [item for item in chart.glucose if since <= item.at < until]
    if not values:
        return _nothing(chart, Kind.GLUCOSE, since, until)
    numbers = [item.value for item in values if item.value is not None]
    mean = (sum(numbers, Decimal(0)) / len(numbers),) if numbers else ()
    good = sum(_in_range(chart, item) for item in values)
    return Summary(
        Kind.GLUCOSE,
        since,
        until,
        len(values),
        mean,
        tuple(value.quantize(Decimal("0.1")) for value in mean),
        _glucose_together(chart, values),
        _glucose_days(chart, values, since, until),
        in_range=good,
        highest=max(numbers, default=None),
        lowest=min(numbers, default=None),
        sentence=_GLUCOSE_SENTENCE,
        parameters={"good": good, "count": len(values)},
    )


def _in_range(chart: Chart, item: Glucose) -> bool:
    """Tell whether a value is in target, as its chip on the screen says."""
    return glucose_place(item.reading, chart.profile, chart.plan)[0] is Place.IN_TARGET


def _glucose_days(
    chart: Chart, values: Sequence[Glucose], since: int, until: int
) -> tuple[Day, ...]:
    zone = chart.profile.person.zone_offset
    by_day = {
        day: list(same) for day, same in groupby(values, key=lambda item: local_day(item.at, zone))
    }
    return tuple(
        _glucose_day(chart, day, by_day.get(day, [])) for day in _civil_days(chart, since, until)
    )


def _glucose_day(chart: Chart, day: int, values: Sequence[Glucose]) -> Day:
    if not values:
        return Day(day, 0, Place.UNKNOWN, None)
    numbers = [item.value for item in values if item.value is not None]
    mean = sum(numbers, Decimal(0)) / len(numbers) if numbers else None
    good = sum(_in_range(chart, item) for item in values)
    return Day(day, len(values), _glucose_together(chart, values), mean, in_range=good)


_GRAVEST = (Place.CRISIS, Place.VERY_LOW)


def _glucose_together(chart: Chart, values: Sequence[Glucose]) -> Place:
    """Join single values so that none hides another: a low is not outweighed by a high."""
    places = {glucose_place(item.reading, chart.profile, chart.plan)[0] for item in values}
    grave = next((place for place in _GRAVEST if place in places), None)
    if grave is not None:
        return grave
    if {Place.HIGH, Place.LOW} <= places:
        return Place.HIGH_AND_LOW
    return next((place for place in (Place.LOW, Place.HIGH) if place in places), Place.IN_TARGET)


def limits(
    profile: Profile, plan: Plan, now: int
) -> tuple[PressureTarget, dict[MealContext, GlucoseRange]]:
    """Return what "in target" means today at home: for the line under a chart."""
    from_date = date_of(local_day(now, profile.person.zone_offset))
    ranges = {context: glucose_range(profile, plan, context, from_date) for context in MealContext}
    return pressure_target(profile, plan, Setting.HOME, from_date), ranges
