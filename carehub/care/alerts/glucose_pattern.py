"""Patterns of glucose: G-LOREC, G-HI2, G-HIGH, G-TREND and G-UNDX."""

from collections.abc import Sequence
from decimal import Decimal

from carehub.care.alerts.chart import NO_TIMES, Chart, Glucose
from carehub.care.alerts.course import Course, Verdict
from carehub.care.alerts.finding import Case, follow, number, standing
from carehub.care.alerts.glucose import glucose_inputs
from carehub.care.alerts.model import Finding, Level
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import DAY, HOUR
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import MealContext


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return what the rules over several glucose values say now."""
    rules = (_low_again, _high_twice, _often_high, _rising, _undiagnosed)
    return [finding for rule in rules for finding in rule(chart, now)]


def _low_again(chart: Chart, now: int) -> list[Finding]:
    """G-LOREC: two values under 3.9 within 7 days, or one under 3.0; over 7 days after the last."""
    rule = chart.plan.rulebook["G-LOREC"]
    low, very = rule.number("below"), rule.number("very_below")
    items = chart.lows
    window = rule.whole("window_days") * DAY

    def verdict(index: int) -> Verdict:
        again = index > 0 and items[index].at - items[index - 1].at < window
        return Verdict.RAISE if again or items[index].under(very) else Verdict.SILENT

    def describe(state: Course) -> Case:
        near = chart.recent(items, state.raised, window)
        inputs = {"low_values": len(near), "limit_mmol": number(low)}
        return Case(rule.level, [item.reading for item in near], inputs, standing=standing(state))

    return follow(chart, rule, items, verdict, describe, now)


def _high_twice(chart: Chart, now: int) -> list[Finding]:
    """G-HI2: over 13.9 twice, 2 hours or more apart with none clear between, or once with symptoms."""
    rule = chart.plan.rulebook["G-HI2"]
    items = chart.glucose
    limit, clear = rule.number("above"), rule.number("clear")
    apart, window = rule.whole("apart_hours") * HOUR, rule.whole("window_hours") * HOUR
    symptoms = rule.symptoms["urgent"]

    def runs(state: tuple[int, ...], index: int) -> tuple[int, ...]:
        """Return the times over the limit since the last clear value: the first one still near."""
        item = items[index]
        if not item.over(clear):
            return ()
        near = tuple(at for at in state if item.at - at <= window)
        if not item.over(limit):
            return near
        spread = not near or item.at - near[-1] >= _GRAIN
        return (*near, item.at) if spread else near

    seen = chart.walk("G-HI2 runs", items, NO_TIMES, runs)

    def verdict(index: int) -> Verdict:
        item = items[index]
        if not item.over(clear):
            return Verdict.CLEAR
        felt = bool(item.reading.symptoms & symptoms)
        twice = bool(seen[index]) and item.at - seen[index][0] >= apart
        raised = item.over(limit) and (felt or twice)
        return Verdict.RAISE if raised else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        at_risk = chart.profile.has(ConditionCode.DIABETES_TYPE_1)
        at_risk = at_risk or chart.profile.takes(MedicineClass.INSULIN)
        near = chart.recent(items, state.raised, window)
        high = [item.reading for item in near if item.over(limit)]
        return Case(
            level=Level.L3 if at_risk else rule.level,
            readings=high[-8:],
            inputs=glucose_inputs(items[state.raised], rule, "above"),
            occasion="ketones" if chart.plan.ketone_strips else "say",
            standing=standing(state),
        )

    return follow(chart, rule, items, verdict, describe, now)


_GRAIN = 15 * 60_000
"""Times closer than this are remembered as one, so that a sensor's day stays short."""


def _often_high(chart: Chart, now: int) -> list[Finding]:
    """G-HIGH: three of the last five values of one meal context above the range, in 14 days."""
    if not (chart.profile.diabetic or chart.profile.lowers_glucose):
        return []
    rule = chart.plan.rulebook["G-HIGH"]
    return [
        finding
        for context, items in sorted(chart.by_context.items())
        for finding in _often_high_in(chart, rule, context, items, now)
    ]


def _often_high_in(
    chart: Chart, rule: Rule, context: MealContext, items: Sequence[Glucose], now: int
) -> list[Finding]:
    def last(index: int) -> Sequence[Glucose]:
        recent = items[max(0, index + 1 - rule.whole("last")) : index + 1]
        since = items[index].at - rule.whole("window_days") * DAY
        return [item for item in recent if item.at > since]

    def verdict(index: int) -> Verdict:
        few = last(index)
        high = sum(item.above for item in few)
        if high >= rule.number("high"):
            return Verdict.RAISE
        return Verdict.CLEAR if len(few) - high >= rule.number("in_range") else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        few = last(state.raised)
        inputs = {
            "context": context.value,
            "high_values": sum(item.above for item in few),
            "values": len(few),
            "range_high_mmol": number(few[-1].range.high),
        }
        return Case(rule.level, [i.reading for i in few], inputs, standing=standing(state))

    name = f"{rule.id} {context.value}"
    return follow(chart, rule, items, verdict, describe, now, name=name)


def _rising(chart: Chart, now: int) -> list[Finding]:
    """G-TREND: the fasting mean of 14 days against the 28 days before."""
    rule = chart.plan.rulebook["G-TREND"]
    items = chart.fasting
    rise, least = rule.number("rise"), rule.whole("values")
    window, before = rule.whole("window_days") * DAY, rule.whole("previous_days") * DAY

    def means(index: int) -> tuple[Decimal, Decimal] | None:
        recent = chart.recent(items, index, window + before)
        since = items[index].at - window
        late = [item.value for item in recent if item.at > since and item.value is not None]
        early = [item.value for item in recent if item.at <= since and item.value is not None]
        if len(late) < least or len(early) < least:
            return None
        return sum(late, Decimal(0)) / len(late), sum(early, Decimal(0)) / len(early)

    def verdict(index: int) -> Verdict:
        both = means(index)
        if both is None:
            return Verdict.SILENT
        moved = both[0] - both[1]
        if moved >= rise:
            return Verdict.RAISE
        return Verdict.CLEAR if moved <= rise / 2 else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        both = means(state.raised)
        assert both is not None, "only two full windows raise this rule"
        inputs = {"mean_mmol": number(both[0]), "previous_mmol": number(both[1])}
        recent = chart.recent(items, state.raised, window)
        return Case(rule.level, [i.reading for i in recent], inputs, standing=standing(state))

    return follow(chart, rule, items, verdict, describe, now)


def _undiagnosed(chart: Chart, now: int) -> list[Finding]:
    """G-UNDX: no diabetes on record, but values a hospital should look at; another day confirms."""
    rule = chart.plan.rulebook["G-UNDX"]
    items = chart.glucose
    if chart.profile.diabetic or chart.profile.lowers_glucose:
        return []

    def verdict(index: int) -> Verdict:
        grave = _suspicious(rule, items[index]) or _near(rule, items[index])
        return Verdict.RAISE if grave else Verdict.BETWEEN

    seen = _suspicious_days(chart, rule)

    def describe(state: Course) -> Case:
        days = seen[state.raised]
        again = len(days) >= rule.number("days")
        since = max(state.first or 0, state.raised - 7)
        return Case(
            level=rule.level if again else Level.L1,
            readings=[item.reading for item in items[since : state.raised + 1]],
            inputs=glucose_inputs(items[state.raised], rule),
            occasion="say" if again else "once" if days else "near",
            standing=standing(state),
        )

    return follow(chart, rule, items, verdict, describe, now)


def _suspicious(rule: Rule, item: Glucose) -> bool:
    fasting = item.reading.context is MealContext.FASTING
    return item.reaches(rule.number("fasting" if fasting else "random"))


def _near(rule: Rule, item: Glucose) -> bool:
    return item.reading.context is MealContext.FASTING and item.reaches(rule.number("near"))


def _suspicious_days(chart: Chart, rule: Rule) -> list[tuple[int, ...]]:
    """Return after each value the first days of its episode on which one was suspicious."""
    items = chart.glucose
    expires = rule.whole("expires_hours") * HOUR

    def step(state: tuple[int, ...], index: int) -> tuple[int, ...]:
        if index and items[index].at - items[index - 1].at > expires:
            state = NO_TIMES
        day = items[index].day
        fresh = _suspicious(rule, items[index]) and day not in state
        return (*state, day) if fresh and len(state) < rule.number("days") else state

    return chart.walk("G-UNDX days", items, NO_TIMES, step)
