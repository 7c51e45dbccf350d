"""How blood pressure moves over weeks: BP-TREND, BP-DROP, BP-MORN and BP-PP."""

from collections.abc import Callable
from decimal import Decimal

from carehub.care.alerts.chart import Chart
from carehub.care.alerts.course import Course, Verdict
from carehub.care.alerts.finding import Case, follow, number, standing
from carehub.care.alerts.model import Finding
from carehub.care.alerts.rulebook import Rule
from carehub.care.alerts.sums import Window
from carehub.care.civil import DAY, local_date
from carehub.care.people import MedicineClass

Change = tuple[Decimal, Decimal]


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return what the rules over weeks say now."""
    rules = (_rise, _drop, _mornings, _pulse_pressure)
    return [finding for rule in rules for finding in rule(chart, now)]


def _rise(chart: Chart, now: int) -> list[Finding]:
    """BP-TREND: this week against the four before it; a rise smaller than 10 is within error."""
    rule = chart.plan.rulebook["BP-TREND"]
    systolic, diastolic = rule.number("systolic"), rule.number("diastolic")

    def judge(change: Change, _week: Window) -> Verdict:
        if change[0] >= systolic or change[1] >= diastolic:
            return Verdict.RAISE
        half = change[0] <= systolic / 2 and change[1] <= diastolic / 2
        return Verdict.CLEAR if half else Verdict.BETWEEN

    return _compared(chart, rule, judge, now)


def _drop(chart: Chart, now: int) -> list[Finding]:
    """BP-DROP: the same downwards, for a person who takes medicine against high pressure."""
    rule = chart.plan.rulebook["BP-DROP"]
    if not chart.profile.takes(MedicineClass.ANTIHYPERTENSIVE):
        return []
    systolic, below = rule.number("systolic"), rule.number("mean_below")

    def judge(change: Change, week: Window) -> Verdict:
        if change[0] <= systolic and week.mean("systolic") < below:
            return Verdict.RAISE
        over = week.mean("systolic") >= below + rule.number("clear_margin")
        return Verdict.CLEAR if over or change[0] >= systolic / 2 else Verdict.BETWEEN

    return _compared(chart, rule, judge, now)


def _compared(
    chart: Chart, rule: Rule, judge: Callable[[Change, Window], Verdict], now: int
) -> list[Finding]:
    length, before = rule.whole("window_days") * DAY, rule.whole("previous_days") * DAY

    def windows(index: int) -> tuple[Window, Window]:
        return chart.window(index, length), chart.window(index, before, length)

    def change(index: int) -> Change:
        week, earlier = windows(index)
        return (
            week.mean("systolic") - earlier.mean("systolic"),
            week.mean("diastolic") - earlier.mean("diastolic"),
        )

    def verdict(index: int) -> Verdict:
        enough = (rule.whole("sittings"), rule.whole("days"))
        both = chart.sittings[index].counts and all(w.enough(*enough) for w in windows(index))
        return judge(change(index), windows(index)[0]) if both else Verdict.SILENT

    def describe(state: Course) -> Case:
        week, earlier = windows(state.raised)
        moved = change(state.raised)
        recent = chart.recent(chart.sittings, state.raised, length)
        return Case(
            level=rule.level,
            readings=[r for sitting in recent if sitting.counts for r in sitting.readings],
            inputs={
                "mean_systolic_mmhg": number(week.mean("systolic")),
                "mean_diastolic_mmhg": number(week.mean("diastolic")),
                "previous_systolic_mmhg": number(earlier.mean("systolic")),
                "previous_diastolic_mmhg": number(earlier.mean("diastolic")),
                "change_systolic_mmhg": number(moved[0]),
                "change_diastolic_mmhg": number(moved[1]),
                "sittings": week.sittings,
                "previous_sittings": earlier.sittings,
            },
            standing=standing(state),
        )

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _mornings(chart: Chart, now: int) -> list[Finding]:
    """BP-MORN: mornings high while evenings are in target, over 14 days; for the report only."""
    rule = chart.plan.rulebook["BP-MORN"]
    length = rule.whole("window_days") * DAY
    limits = rule.number("systolic"), rule.number("diastolic")

    def parts(index: int) -> tuple[Window, Window]:
        until = chart.sittings[index].at
        return (
            chart.mornings.between(until - length, until),
            chart.evenings.between(until - length, until),
        )

    def reaches(window: Window) -> bool:
        systolic, diastolic = window.mean("systolic"), window.mean("diastolic")
        return systolic >= limits[0] or diastolic >= limits[1]

    def verdict(index: int) -> Verdict:
        mornings, evenings = parts(index)
        if mornings.days < rule.number("mornings") or evenings.days < rule.number("evenings"):
            return Verdict.SILENT
        high = reaches(mornings) and not reaches(evenings)
        return Verdict.RAISE if high else Verdict.CLEAR

    def describe(state: Course) -> Case:
        mornings, evenings = parts(state.raised)
        inputs = {
            "morning_systolic_mmhg": number(mornings.mean("systolic")),
            "morning_diastolic_mmhg": number(mornings.mean("diastolic")),
            "evening_systolic_mmhg": number(evenings.mean("systolic")),
            "evening_diastolic_mmhg": number(evenings.mean("diastolic")),
            "mornings": mornings.days,
        }
        readings = chart.sittings[state.raised].readings
        return Case(rule.level, readings, inputs, standing=standing(state))

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _pulse_pressure(chart: Chart, now: int) -> list[Finding]:
    """BP-PP: a wide pulse pressure from 65 on, 7-day mean; for the report only."""
    rule = chart.plan.rulebook["BP-PP"]
    length = rule.whole("window_days") * DAY
    limit, margin = rule.number("pulse_pressure"), rule.number("clear_margin")

    def width(index: int) -> Decimal:
        week = chart.window(index, length)
        return week.mean("systolic") - week.mean("diastolic")

    def verdict(index: int) -> Verdict:
        sitting = chart.sittings[index]
        on = local_date(sitting.at, sitting.series.zone_offset)
        age = chart.profile.person.age_on(on)
        week = chart.window(index, length)
        enough = week.enough(rule.whole("sittings"), rule.whole("days"))
        if age is None or age < rule.number("age_from") or not enough or not sitting.counts:
            return Verdict.SILENT
        if width(index) > limit:
            return Verdict.RAISE
        return Verdict.CLEAR if width(index) <= limit - margin else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        inputs = {"pulse_pressure_mmhg": number(width(state.raised))}
        readings = chart.sittings[state.raised].readings
        return Case(rule.level, readings, inputs, standing=standing(state))

    return follow(chart, rule, chart.sittings, verdict, describe, now)
