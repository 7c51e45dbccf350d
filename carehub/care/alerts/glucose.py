"""Single glucose values: G-LO2, G-LO1, G-LOW-E, G-HI-S, G-HI3 and G-HIGH1."""

from collections.abc import Callable
from decimal import Decimal

from carehub.care.alerts.chart import Chart, Glucose
from carehub.care.alerts.course import Course, Danger, Verdict
from carehub.care.alerts.finding import Case, follow, number, standing
from carehub.care.alerts.model import Finding, Level, Standing
from carehub.care.alerts.recheck import follow_rechecked
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import HOUR, MINUTE
from carehub.care.readings import Symptom
from carehub.care.series import LONGEST


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return what the rules over single glucose values say now."""
    rules = (_very_low, _low, _under_own_range, _beyond_meter, _very_high, _over_own_range)
    return [finding for rule in rules for finding in rule(chart, now)]


def _very_low(chart: Chart, now: int) -> list[Finding]:
    """G-LO2: under 3.0 or LO."""
    rule = chart.plan.rulebook["G-LO2"]
    return _lowered(chart, rule, lambda item: item.under(rule.number("below")), now)


def _low(chart: Chart, now: int) -> list[Finding]:
    """G-LO1: 3.0 to 3.8; urgent for who takes medicine that lowers glucose, or feels it."""
    rule = chart.plan.rulebook["G-LO1"]
    very = chart.plan.rulebook["G-LO2"].number("below")

    def raises(item: Glucose) -> bool:
        return item.under(rule.number("below")) and not item.under(very)

    return _lowered(chart, rule, raises, now)


def _lowered(
    chart: Chart, rule: Rule, raises: Callable[[Glucose], bool], now: int
) -> list[Finding]:
    """Act first, recheck in 15 minutes; no recheck in 20, or low twice again: the family is told."""
    items = chart.glucose

    def verdict(index: int) -> Verdict:
        if raises(items[index]):
            return Verdict.RAISE
        over = items[index].reaches(rule.number("clear"))
        return Verdict.CLEAR if over else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        first, latest = state.first or 0, state.raised
        # A recheck under 3.9 is not yet better, whatever the rule's own limit: nothing falls silent.
        still_low = state.held and items[-1].under(rule.number("low_again"))
        if still_low:
            latest = len(items) - 1
        held = state.held and not still_low
        level, occasion = _low_level(chart, rule, items[first : latest + 1])
        start = _run_start(items, first, latest, rule)
        after = items[start + 1 :]
        family_at = items[start].at + rule.whole("family_minutes") * MINUTE
        still = sum(item.under(rule.number("low_again")) for item in after[:_FEW])
        urgent = level >= Level.L3 and not held
        unheard = (not after and now >= family_at) or still >= rule.number("low_times")
        return Case(
            level=level,
            readings=[item.reading for item in items[first : latest + 1][-_FEW:]],
            inputs=glucose_inputs(items[latest], rule, "below"),
            occasion=occasion,
            standing=Standing.HOLD if held else Standing.RAISE,
            recheck_at=items[latest].at + rule.whole("recheck_minutes") * MINUTE,
            changes_at=family_at if urgent and not after and now < family_at else None,
            tell_family=urgent and unheard,
        )

    return follow(chart, rule, items, verdict, describe, now)


_FEW = 8


def _run_start(items: list[Glucose], first: int, raised: int, rule: Rule) -> int:
    """Return where the latest run of low values began, within the episode."""
    start = raised
    while start > first and items[start - 1].under(rule.number("low_again")):
        start -= 1
    return start


def _low_level(chart: Chart, rule: Rule, episode: list[Glucose]) -> tuple[Level, str]:
    felt: set[Symptom] = set()
    since = episode[-1].at - rule.whole("together_hours") * HOUR
    for item in episode[-_FEW:]:
        felt |= item.reading.symptoms if item.at >= since else set()
    if felt & rule.symptoms["emergency"]:
        return Level.L4, "emergency"
    mild = rule.numbers.get("only_when_treated") and not chart.profile.lowers_glucose
    return (Level.L1, "mild") if mild and not felt else (Level.L3, "say")


def _under_own_range(chart: Chart, now: int) -> list[Finding]:
    """G-LOW-E: under the personal lower bound while on insulin, sulfonylurea or glinide."""
    rule = chart.plan.rulebook["G-LOW-E"]
    low = chart.plan.rulebook["G-LO1"].number("below")
    if not chart.profile.risks_low_glucose:
        return []

    def verdict(index: int) -> Verdict:
        item = chart.glucose[index]
        if item.below and not item.under(low):
            return Verdict.RAISE
        clear = item.reaches(item.range.low + rule.number("clear_margin"))
        return Verdict.CLEAR if clear else Verdict.BETWEEN

    return _single(chart, rule, verdict, now)


def _over_own_range(chart: Chart, now: int) -> list[Finding]:
    """G-HIGH1: once above the personal range (severity table: out of personal range once)."""
    rule = chart.plan.rulebook["G-HIGH1"]
    if not (chart.profile.diabetic or chart.profile.lowers_glucose):
        return []

    def verdict(index: int) -> Verdict:
        item = chart.glucose[index]
        if item.above:
            return Verdict.RAISE
        clear = not item.over(item.range.high - rule.number("clear_margin"))
        return Verdict.CLEAR if clear else Verdict.BETWEEN

    return _single(chart, rule, verdict, now)


def _single(chart: Chart, rule: Rule, verdict: Callable[[int], Verdict], now: int) -> list[Finding]:
    def describe(state: Course) -> Case:
        item = chart.glucose[state.raised]
        inputs = glucose_inputs(item, rule) | {
            "range_low_mmol": number(item.range.low),
            "range_high_mmol": number(item.range.high),
        }
        return Case(rule.level, item.readings, inputs, standing=standing(state))

    return follow(chart, rule, chart.glucose, verdict, describe, now)


def _beyond_meter(chart: Chart, now: int) -> list[Finding]:
    """G-HI-S: the meter says HI: urgent at once, emergency with symptoms."""
    rule = chart.plan.rulebook["G-HI-S"]
    items = chart.glucose

    def verdict(index: int) -> Verdict:
        if items[index].hi:
            return Verdict.RAISE
        over = items[index].reaches(rule.number("clear"))
        return Verdict.BETWEEN if over else Verdict.CLEAR

    def describe(state: Course) -> Case:
        near = chart.recent(items, state.raised, rule.whole("together_hours") * HOUR)
        felt = any(item.reading.symptoms & rule.symptoms["emergency"] for item in near)
        return Case(
            level=Level.L4 if felt else rule.level,
            readings=items[state.raised].readings,
            inputs=glucose_inputs(items[state.raised], rule),
            occasion="emergency" if felt else "say",
            standing=standing(state),
            recheck_at=items[state.raised].at + rule.whole("recheck_minutes") * MINUTE,
        )

    return follow(chart, rule, items, verdict, describe, now)


def _very_high(chart: Chart, now: int) -> list[Finding]:
    """G-HI3: 16.7 or more: wash the hands and measure again; with symptoms it never waits."""
    rule = chart.plan.rulebook["G-HI3"]
    items = chart.glucose

    def grave(values: tuple[Decimal, ...]) -> bool:
        return values[0] >= rule.number("glucose")

    danger = Danger(
        name=rule.id,
        level=rule.level,
        values=lambda index: (_as_number(items[index], rule),),
        grave=grave,
        clear=lambda values: values[0] < rule.number("clear"),
        raises=lambda index: items[index].reaches(rule.number("glucose")),
        rechecks=rule.whole("rechecks"),
        patience=rule.whole("patience_minutes") * MINUTE,
        apart=LONGEST,
        anew=rule.whole("anew_hours") * HOUR,
        expires=rule.whole("expires_hours") * HOUR,
    )
    found = follow_rechecked(
        chart, rule, items, danger, lambda index: glucose_inputs(items[index], rule, "glucose"), now
    )
    return [*_with_symptoms(chart, rule, now), *found]


def _as_number(item: Glucose, rule: Rule) -> Decimal:
    """Return the value for a mean; HI and LO stand just beyond what any meter shows."""
    beyond = rule.number("beyond_high" if item.hi else "beyond_low")
    return beyond if item.value is None else item.value


def _with_symptoms(chart: Chart, rule: Rule, now: int) -> list[Finding]:
    """Follow the emergency half of G-HI3, an episode of its own."""
    items = chart.glucose
    window = rule.whole("together_hours") * HOUR
    emergency = rule.symptoms["emergency"]

    def verdict(index: int) -> Verdict:
        near = chart.recent(items, index, window)
        felt = any(item.reading.symptoms & emergency for item in near)
        high = items[index].reaches(rule.number("glucose"))
        if high and felt:
            return Verdict.RAISE
        over = items[index].reaches(rule.number("clear"))
        return Verdict.BETWEEN if over else Verdict.CLEAR

    def describe(state: Course) -> Case:
        near = chart.recent(items, state.raised, window)
        return Case(
            level=Level.L4,
            readings=[item.reading for item in near][-_FEW:],
            inputs=glucose_inputs(items[state.raised], rule, "glucose"),
            occasion="emergency",
            standing=standing(state),
        )

    return follow(chart, rule, items, verdict, describe, now, name="G-HI3 symptoms")


def glucose_inputs(item: Glucose, rule: Rule, limit: str = "") -> dict[str, object]:
    """Return a value as it was measured, beside the limit it was held against."""
    inputs: dict[str, object] = {
        "glucose": number(item.reading.v1) or item.reading.text,
        "unit": item.reading.unit.value,
        "context": item.reading.context.value,
        "taken_at": item.at,
    }
    if item.reading.symptoms:
        inputs["symptoms"] = sorted(symptom.value for symptom in item.reading.symptoms)
    return inputs | ({"limit_mmol": number(rule.number(limit))} if limit else {})
