"""Dangerous blood pressures and pulses: BP-CRIT, BP-CRIT-S, BP-EXT and the grave half of BP-HR."""

from collections.abc import Sequence
from decimal import Decimal

from carehub.care.alerts.chart import Chart, Pressure
from carehub.care.alerts.course import Course, Danger, Phase, Verdict, rechecked
from carehub.care.alerts.finding import Case, follow, number, standing
from carehub.care.alerts.model import Finding, Level
from carehub.care.alerts.recheck import follow_rechecked
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import HOUR, MINUTE
from carehub.care.series import LONGEST, spoilt

Values = tuple[Decimal, ...]


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return what the crisis rules say now."""
    return [
        *_emergency(chart, now),
        *_extreme(chart, now),
        *_crisis(chart, now),
        *_grave_pulse(chart, now),
    ]


def _reaches(rule: Rule, values: Values) -> bool:
    """Tell whether a pressure is at or above the limit on either axis, each for itself."""
    systolic, diastolic = values
    return systolic >= rule.number("systolic") or diastolic >= rule.number("diastolic")


def _is_clear(rule: Rule, values: Values) -> bool:
    systolic, diastolic = values
    low = systolic < rule.number("clear_systolic")
    return low and diastolic < rule.number("clear_diastolic")


def _danger(chart: Chart, rule: Rule) -> Danger:
    """BP-CRIT rechecks; BP-EXT (no rechecks) raises at once, but not on a reading in doubt (BP-Q)."""
    items = chart.pressures
    rechecks = rule.whole("rechecks")

    def values(index: int) -> Values:
        return items[index].systolic, items[index].diastolic

    def raises(index: int) -> bool:
        sure = rechecks > 0 or not items[index].doubtful
        return sure and _reaches(rule, values(index))

    return Danger(
        name=rule.id,
        level=rule.level,
        values=values,
        grave=lambda v: _reaches(rule, v),
        clear=lambda v: _is_clear(rule, v),
        raises=raises,
        rechecks=rechecks,
        patience=rule.whole("patience_minutes") * MINUTE,
        apart=LONGEST,
        anew=rule.whole("anew_hours") * HOUR,
        expires=rule.whole("expires_hours") * HOUR,
        doubtful=lambda index: items[index].doubtful,
        spoilt=lambda index: spoilt(items[index].reading),
    )


def _crisis(chart: Chart, now: int) -> list[Finding]:
    rule = chart.plan.rulebook["BP-CRIT"]
    return _pressure_findings(chart, rule, now)


def _extreme(chart: Chart, now: int) -> list[Finding]:
    rule = chart.plan.rulebook["BP-EXT"]
    return _pressure_findings(chart, rule, now)


def _pressure_findings(chart: Chart, rule: Rule, now: int) -> list[Finding]:
    items = chart.pressures

    def inputs(index: int) -> dict[str, object]:
        return pressure_inputs(items[index], rule)

    return follow_rechecked(chart, rule, items, _danger(chart, rule), inputs, now)


def _emergency(chart: Chart, now: int) -> list[Finding]:
    """BP-CRIT, even unconfirmed, with an emergency symptom in the same half hour: never waits."""
    book = chart.plan.rulebook
    rule, crisis = book["BP-CRIT-S"], book["BP-CRIT"]
    items = chart.pressures
    states = rechecked(chart, items, _danger(chart, crisis))
    window = rule.whole("together_minutes") * MINUTE
    symptoms = rule.symptoms["emergency"]

    def together(index: int) -> Sequence[Pressure]:
        return chart.recent(items, index, window)

    def verdict(index: int) -> Verdict:
        if states[index].phase is Phase.NONE:
            return Verdict.CLEAR
        near = together(index)
        grave = any(_reaches(crisis, (item.systolic, item.diastolic)) for item in near)
        felt = any(item.reading.symptoms & symptoms for item in near)
        return Verdict.RAISE if grave and felt else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        near = together(state.raised)
        felt = {name.value for item in near for name in item.reading.symptoms & symptoms}
        gravest = max(near, key=lambda item: (item.systolic, item.diastolic))
        return Case(
            level=rule.level,
            readings=[item.reading for item in near],
            inputs=pressure_inputs(gravest, crisis) | {"symptoms": sorted(felt)},
            standing=standing(state),
        )

    return follow(chart, rule, items, verdict, describe, now)


def _grave_pulse(chart: Chart, now: int) -> list[Finding]:
    """Pulse under 40 or over 130 that the next reading confirms."""
    rule = chart.plan.rulebook["BP-HR"]
    items = chart.pulses

    def values(index: int) -> Values:
        pulse = items[index].pulse
        assert pulse is not None, "only readings with a pulse are in this list"
        return (pulse,)

    def grave(pulses: Values) -> bool:
        return pulses[0] < rule.number("grave_slow") or pulses[0] > rule.number("grave_fast")

    def clear(pulses: Values) -> bool:
        return rule.number("clear_grave_slow") <= pulses[0] <= rule.number("clear_grave_fast")

    danger = Danger(
        name="BP-HR grave",
        level=Level.L3,
        values=values,
        grave=grave,
        clear=clear,
        raises=lambda index: grave(values(index)),
        rechecks=rule.whole("rechecks"),
        patience=rule.whole("patience_minutes") * MINUTE,
        apart=LONGEST,
        anew=rule.whole("anew_hours") * HOUR,
        expires=rule.whole("expires_hours") * HOUR,
        doubtful=lambda index: items[index].doubtful,
        spoilt=lambda index: spoilt(items[index].reading),
        occasion="grave",
    )

    def inputs(index: int) -> dict[str, object]:
        return {"pulse": number(items[index].pulse), "unit": "1/min"}

    return follow_rechecked(chart, rule, items, danger, inputs, now)


def pressure_inputs(item: Pressure, rule: Rule) -> dict[str, object]:
    """Return a pressure as it was measured, beside the limits it was held against."""
    return {
        "systolic": number(item.reading.v1),
        "diastolic": number(item.reading.v2),
        "unit": item.reading.unit.value,
        "taken_at": item.at,
        "limit_systolic_mmhg": number(rule.number("systolic")),
        "limit_diastolic_mmhg": number(rule.number("diastolic")),
    }
