"""The report of one kind over one period: sentence, chart, mean, days; free of Qt.

One view feeds the screen, the paper and the voice. What is true comes from `care.trends`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from carehub import i18n
from carehub.care import trends
from carehub.care.civil import date_of, local_day
from carehub.care.glances import Glance, glances
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import HIGH, LOW, Kind, MealContext, Reading
from carehub.care.sittings import pulses
from carehub.care.standing import Place
from carehub.care.targets import GlucoseRange, PressureTarget
from carehub.care.trends import DAYS, Period, Summary
from carehub.care.units import in_mmol, whole_beside
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.charts import Band, Chart
from carehub.ui.screens.report.days import BEFORE, Bar, glucose_bars, pressure_bars
from carehub.ui.screens.report.drawing import columns, traces

PERIOD_NAMES: dict[Period, str] = {
    Period.WEEK: N_("7 d"),
    Period.MONTH: N_("30 d"),
    Period.QUARTER: N_("3 mo"),
    Period.YEAR: N_("1 yr"),
}
"""Short, for four of them stand beside each other with much else."""

_THIS: dict[Period, str] = {
    Period.WEEK: N_("this week"),
    Period.MONTH: N_("this month"),
    Period.QUARTER: N_("these 3 months"),
    Period.YEAR: N_("this year"),
}
_LAST: dict[Period, str] = {
    Period.WEEK: N_("last week"),
    Period.MONTH: N_("last month"),
    Period.QUARTER: N_("the 3 months before"),
    Period.YEAR: N_("last year"),
}
_ALIKE = Decimal(2)
"""Means that differ by less than this are said to be much the same."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The card of the mean: caption, number, unit, and a line below."""

    caption: str
    value: str = field(default="–", repr=False)
    unit: str = ""
    extra: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the mean stands beside the period before; `better` None: much the same."""

    words: str = field(default="", repr=False)
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class DayState:
    """The mark of one day: its short name, and whether it was in target (None: not measured)."""

    name: str
    in_target: bool | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the report shows; without a `chart` there is nothing to report yet."""

    kind: Kind
    period: Period
    sentence: str = field(repr=False)
    detail: str = field(default="", repr=False)
    chart: Chart | None = None
    mean: Mean = field(default_factory=lambda: Mean(""))
    comparison: Comparison = field(default_factory=Comparison)
    days: tuple[DayState, ...] = field(default=(), repr=False)
    tally: str = field(default="", repr=False)
    spread: str = field(default="", repr=False)
    targets: str = ""
    person: str = field(default="", repr=False)
    simulated: bool = False

    @property
    def spoken(self) -> list[str]:
        """Return what is read aloud, all of which stands on the page."""
        mean = f"{self.mean.caption} {self.mean.value}"
        said = [self.sentence, self.detail]
        if self.chart is not None:
            said += [mean, self.mean.extra, self.comparison.words, self.tally, self.spread]
        return [each for each in said if each]


def reach(period: Period, now: int, zone_offset: int) -> tuple[int, int, int]:
    """Return where the period before begins, where this one begins, and where it ends."""
    since, until = trends.stretch(period, now, zone_offset)
    return since - (until - since), since, until


def view_of(
    readings: Sequence[Reading],
    who: tuple[Profile, Plan],
    kind: Kind,
    period: Period,
    now: int,
) -> ReportView:
    """Return the report; `readings` also hold those of the period before, for comparison."""
    return view_at(glances(readings, who[0].person.id, kind), who, kind, period, now)


def view_at(
    readings: Sequence[Glance], who: tuple[Profile, Plan], kind: Kind, period: Period, now: int
) -> ReportView:
    """Return the report from a glance at readings in force of one person and one kind."""
    profile, plan = who
    zone = profile.person.zone_offset
    _before, since, until = reach(period, now, zone)
    told = trends.summary_of(readings, who, kind, (since, until), now)
    inside = [r for r in readings if since <= r.taken_at < until]
    pressure, ranges = trends.limits(profile, plan, now)
    glucose = kind is Kind.GLUCOSE
    targets, bands = _glucose_targets(ranges) if glucose else _pressure_targets(pressure)
    bars = glucose_bars(inside, profile, plan) if glucose else pressure_bars(told.days, pressure)
    sentence = _(told.sentence).format(**told.parameters).rstrip("。.")
    if not bars:
        return ReportView(kind, period, sentence, _invitation(kind), targets=targets)
    week = period is Period.WEEK
    chart = Chart(
        period,
        since,
        until,
        zone,
        columns(bars, since, zone) if week else (),
        () if week else traces(inside, bars, kind, period, zone),
        bands,
        1 if glucose else 0,
        sentence,
    )
    return ReportView(
        kind,
        period,
        sentence,
        _detail(bars, kind, period),
        chart,
        _glucose_mean(inside, told, period)
        if glucose
        else _pressure_mean(inside, told, period, pressure),
        _comparison(told, period),
        _states(bars, since, zone) if week else (),
        "" if week else _tally(bars),
        "" if week else _spread(told, inside),
        targets,
        profile.person.greeting_name,
        any(reading.simulated for reading in inside),
    )


# Sentences


def _invitation(kind: Kind) -> str:
    if kind is Kind.GLUCOSE:
        return _("Test it in the morning before breakfast; it will show here.")
    return _("Measure in the morning and in the evening; it will show here.")


def _detail(bars: Sequence[Bar], kind: Kind, period: Period) -> str:
    out = [bar for bar in bars if not bar.in_target]
    if not out:
        return _("Keep measuring like this.")
    worst = max(out, key=lambda bar: max(mark.weight for mark in bar.marks))
    day = date_of(worst.day)
    when = _(phrases.SHORT_DAYS[day.weekday()]) if period is Period.WEEK else phrases.day(day)
    marks = worst.marks
    if kind is Kind.GLUCOSE:
        marks = (max(marks, key=lambda mark: mark.weight),)
    value = "/".join(mark.shown for mark in marks)
    said = _("{when} stood out most: {value}.").format(when=when, value=value)
    space = "" if i18n.language() == "zh_CN" else " "
    return f"{said}{space}{_('You can show this report to a doctor.')}"


def _tally(bars: Sequence[Bar]) -> str:
    good = sum(bar.in_target for bar in bars)
    return _("{good} of {days} days in target").format(good=good, days=len(bars))


def _spread(told: Summary, readings: Sequence[Glance]) -> str:
    if told.highest is None or told.lowest is None:
        return ""
    glucose = told.kind is Kind.GLUCOSE
    high, low = (
        str(end) if glucose else str(whole_beside(end)) for end in (told.highest, told.lowest)
    )
    beyond = {reading.text for reading in readings}
    high, low = (HIGH if HIGH in beyond else high), (LOW if LOW in beyond else low)
    pattern = (
        _("Highest {high}, lowest {low}") if glucose else _("Upper: highest {high}, lowest {low}")
    )
    return pattern.format(high=high, low=low)


# Means


def _pressure_mean(
    readings: Sequence[Glance], told: Summary, period: Period, target: PressureTarget
) -> Mean:
    caption = _("Mean of {period}").format(period=_(_THIS[period]))
    value = "/".join(str(number) for number in told.shown)
    beats = pulses(readings)
    unit = _("mmHg")
    if beats:
        mean = sum(beats, Decimal(0)) / len(beats)
        whole = mean.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        unit = f"{unit} ・ {_('Pulse {pulse}').format(pulse=whole)}"
    return Mean(caption, value, unit, _home_week(told, target) if period is Period.WEEK else "")


def _home_week(told: Summary, target: PressureTarget) -> str:
    week = told.home_week
    if week is None or week.systolic is None or week.diastolic is None:
        return ""
    upper = whole_beside(week.systolic, target.systolic_low, target.systolic)
    value = f"{upper}/{whole_beside(week.diastolic, target.diastolic_low, target.diastolic)}"
    pattern = _("Morning and evening mean {value}")
    return pattern.format(value=value)


def _glucose_mean(readings: Sequence[Glance], told: Summary, period: Period) -> Mean:
    """Return the fasting mean and, below it, the mean after food and how many were in target.

    Finger-stick values give no time in range and no estimated HbA1c (CLINICAL 2).
    """
    values = [(r.context in BEFORE, in_mmol(r.v1, r.unit)) for r in readings if r.v1 is not None]
    fasting = [value for before, value in values if before]
    other = [value for before, value in values if not before]
    extra = _("{good} of {all} in target").format(good=told.in_range, all=told.count)
    if fasting and other:
        extra = f"{_('After food {value}').format(value=_tenth(other))} ・ {extra}"
    caption = _("Fasting, mean of {period}") if fasting else _("Mean of {period}")
    caption = caption.format(period=_(_THIS[period]))
    return Mean(caption, _tenth(fasting or other), "mmol/L", extra)


def _tenth(values: Sequence[Decimal]) -> str:
    if not values:
        return "–"
    mean = sum(values, Decimal(0)) / len(values)
    return str(mean.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def _comparison(told: Summary, period: Period) -> Comparison:
    if told.change is None:
        return Comparison()
    change = told.change[0]
    last = _(_LAST[period])
    if abs(change) < _ALIKE:
        return Comparison(_("Much the same as {period}").format(period=last))
    pattern = (
        _("{number} lower than {period}") if change < 0 else _("{number} higher than {period}")
    )
    better = change < 0 and told.place not in (Place.LOW, Place.HIGH_AND_LOW)
    return Comparison(pattern.format(number=whole_beside(abs(change)), period=last), better)


# Days and targets


def _states(bars: Sequence[Bar], since: int, zone_offset: int) -> tuple[DayState, ...]:
    known = {bar.day: bar.in_target for bar in bars}
    first = local_day(since, zone_offset)
    made = []
    for number in range(first, first + DAYS[Period.WEEK]):
        name = _(phrases.SHORT_DAYS[date_of(number).weekday()])
        short = name[-1:] if i18n.language() == "zh_CN" else name[:2]
        made.append(DayState(short, known.get(number)))
    return tuple(made)


def _pressure_targets(target: PressureTarget) -> tuple[str, tuple[Band, ...]]:
    text = _("Target: upper below {upper}, lower below {lower} (measured at home)")
    below = _("below {value}")
    upper, lower = target.systolic, target.diastolic
    bands = (
        Band(target.systolic_low, upper, _("Upper target"), below.format(value=upper)),
        Band(target.diastolic_low, lower, _("Lower target"), below.format(value=lower)),
    )
    return text.format(upper=upper, lower=lower), bands


def _glucose_targets(
    ranges: dict[MealContext, GlucoseRange],
) -> tuple[str, tuple[Band, ...]]:
    fasting, other = ranges[MealContext.FASTING], ranges[MealContext.RANDOM]
    text = _("Target: fasting {low} to {high}, after food up to {other}")
    within = f"{fasting.low}–{fasting.high}"
    bands = [Band(fasting.low, fasting.high, _("Fasting target"), within)]
    if other.high > fasting.high:
        up_to = _("up to {value}").format(value=other.high)
        bands.append(Band(fasting.high, other.high, _("After food"), up_to))
    said = text.format(low=fasting.low, high=fasting.high, other=other.high)
    return said, tuple(bands)
