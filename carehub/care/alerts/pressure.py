"""Patterns of blood pressure over sittings: high, low, standing, irregular, pulse, trend, morning."""

from decimal import Decimal

from carehub.care.alerts.chart import NO_TIMES, Chart, Sitting
from carehub.care.alerts.course import Course, Verdict
from carehub.care.alerts.finding import MOST_READINGS, Case, follow, number, standing
from carehub.care.alerts.model import Finding, Level
from carehub.care.alerts.rulebook import Rule
from carehub.care.alerts.sums import Window
from carehub.care.civil import DAY, MINUTE
from carehub.care.people import ConditionCode
from carehub.care.readings import Flag, Reading


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return what the rules over sittings say now."""
    rules = (_low, _high, _once_high, _standing_drop, _irregular, _rest_pulse, _quality)
    return [finding for rule in rules for finding in rule(chart, now)]


def _high(chart: Chart, now: int) -> list[Finding]:
    """BP-HIGH: the 7-day mean reaches the target, over enough sittings; clear 5 below on both axes."""
    rule = chart.plan.rulebook["BP-HIGH"]
    margin = rule.number("clear_margin")

    def verdict(index: int) -> Verdict:
        if not chart.sittings[index].counts:
            return Verdict.SILENT
        week = _week(chart, rule, index)
        over = week.mean("over_systolic"), week.mean("over_diastolic")
        enough = week.enough(rule.whole("sittings"), rule.whole("days"))
        if enough and week.sums.high >= rule.number("high_sittings") and max(over) >= 0:
            return Verdict.RAISE
        if week.sittings >= rule.number("clear_sittings") and max(over) < -margin:
            return Verdict.CLEAR
        return Verdict.BETWEEN

    def describe(state: Course) -> Case:
        known = chart.profile.has(ConditionCode.HYPERTENSION)
        occasion = "held" if state.held else "say" if known else "undiagnosed"
        latest = len(chart.sittings) - 1 if state.held else state.raised
        return Case(
            level=rule.level,
            readings=_readings(chart, rule, latest),
            inputs=_mean_inputs(chart, rule, latest),
            occasion=occasion,
            standing=standing(state),
        )

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _once_high(chart: Chart, now: int) -> list[Finding]:
    """BP-HIGH1: the latest sitting reaches the target; `rules.look` leaves out what is a crisis now."""
    rule = chart.plan.rulebook["BP-HIGH1"]
    margin = rule.number("clear_margin")

    def verdict(index: int) -> Verdict:
        sitting = chart.sittings[index]
        if sitting.series.standing:
            return Verdict.SILENT
        if sitting.high:
            return Verdict.RAISE
        clear = sitting.systolic < sitting.target.systolic - margin
        clear = clear and sitting.diastolic < sitting.target.diastolic - margin
        return Verdict.CLEAR if clear else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        known = chart.profile.has(ConditionCode.HYPERTENSION)
        return _sitting_case(chart, rule, state, "say" if known else "undiagnosed")

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _low(chart: Chart, now: int) -> list[Finding]:
    """BP-LOW on either axis, for itself: 85/70 and 120/55 are both low whatever the other says."""
    rule = chart.plan.rulebook["BP-LOW"]
    margin = rule.number("clear_margin")

    def verdict(index: int) -> Verdict:
        sitting = chart.sittings[index]
        if sitting.low:
            return Verdict.RAISE
        clear = sitting.systolic >= sitting.target.systolic_low + margin
        clear = clear and sitting.diastolic >= sitting.target.diastolic_low + margin
        return Verdict.CLEAR if clear else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        level, occasion = _how_low(chart, rule, state)
        case = _sitting_case(chart, rule, state, occasion, level)
        sitting = chart.sittings[state.raised]
        rest = rule.whole("rest_minutes") * MINUTE
        felt = sorted(symptom.value for symptom in sitting.series.symptoms)
        return Case(
            level=case.level,
            readings=case.readings,
            inputs={**case.inputs, "symptoms": felt},
            occasion=occasion,
            standing=case.standing,
            recheck_at=sitting.series.ended_at + rest,
        )

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _how_low(chart: Chart, rule: Rule, state: Course) -> tuple[Level, str]:
    """Syncope is an emergency and faintness urgent at once; else twice in 7 days counts more."""
    episode = chart.sittings[state.first or 0 : state.raised + 1]
    recent = chart.recent(chart.sittings, state.raised, rule.whole("together_hours") * 60 * MINUTE)
    felt = {symptom for s in recent if s.low and s in episode for symptom in s.series.symptoms}
    if felt & rule.symptoms["emergency"]:
        return Level.L4, "emergency"
    if felt & rule.symptoms["urgent"]:
        return Level.L3, "urgent"
    week = _week(chart, rule, state.raised)
    again = chart.sittings[state.raised].counts and week.sums.low >= rule.number("low_sittings")
    return (Level.L2, "again") if again else (Level.L1, "say")


def _standing_drop(chart: Chart, now: int) -> list[Finding]:
    """BP-ORTH: a drop on standing up; a second day makes it more than a notice."""
    rule = chart.plan.rulebook["BP-ORTH"]

    def drop(index: int) -> tuple[Decimal, Decimal] | None:
        stood = chart.sittings[index]
        seated = _seated_before(chart, index, rule.whole("within_minutes") * MINUTE)
        if not stood.series.standing or not stood.series.sound or seated is None:
            return None
        return seated.systolic - stood.systolic, seated.diastolic - stood.diastolic

    def verdict(index: int) -> Verdict:
        fell = drop(index)
        if fell is None:
            return Verdict.SILENT
        far = fell[0] >= rule.number("systolic") or fell[1] >= rule.number("diastolic")
        return Verdict.RAISE if far else Verdict.CLEAR

    def describe(state: Course) -> Case:
        fell = drop(state.raised)
        assert fell is not None, "only a drop raises this rule"
        other_day = chart.sittings[state.first or 0].day != chart.sittings[state.raised].day
        drops = {"drop_systolic_mmhg": number(fell[0]), "drop_diastolic_mmhg": number(fell[1])}
        occasion = "say" if other_day else "once"
        level = rule.level if other_day else Level.L1
        case = _sitting_case(chart, rule, state, occasion, level)
        return Case(level, case.readings, {**case.inputs, **drops}, occasion, case.standing)

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _seated_before(chart: Chart, index: int, within: int) -> Sitting | None:
    stood = chart.sittings[index]
    for earlier in reversed(chart.sittings[max(index - 3, 0) : index]):
        if stood.at - earlier.series.ended_at > within:
            return None
        if earlier.counts and earlier.series.setting is stood.series.setting:
            return earlier
    return None


def _irregular(chart: Chart, now: int) -> list[Finding]:
    """BP-IHB: most of one sitting, or two sittings in 7 days; readings with movement do not count."""
    rule = chart.plan.rulebook["BP-IHB"]
    window = rule.whole("window_days") * DAY

    def share(sitting: Sitting) -> tuple[int, int]:
        still = [r for r in sitting.readings if Flag.BODY_MOVEMENT not in r.flags]
        return sum(Flag.IRREGULAR_PULSE in r.flags for r in still), len(still)

    def times(state: tuple[int, ...], index: int) -> tuple[int, ...]:
        sitting = chart.sittings[index]
        since = sitting.at - window
        seen = tuple(at for at in state[-1:] if at > since)
        return (*seen, sitting.at) if share(sitting)[0] else seen

    seen = chart.walk("BP-IHB times", chart.sittings, NO_TIMES, times)

    def verdict(index: int) -> Verdict:
        irregular, still = share(chart.sittings[index])
        if not still:
            return Verdict.SILENT
        mostly = irregular >= rule.number("readings") and irregular * 3 >= still * 2
        again = irregular > 0 and len(seen[index]) >= rule.number("sittings")
        if mostly or again:
            return Verdict.RAISE
        return Verdict.BETWEEN if seen[index] else Verdict.CLEAR

    def describe(state: Course) -> Case:
        return _sitting_case(chart, rule, state)

    return follow(chart, rule, chart.sittings, verdict, describe, now)


def _rest_pulse(chart: Chart, now: int) -> list[Finding]:
    """BP-HR: the resting pulse too fast, or too slow, in two sittings within 7 days."""
    rule = chart.plan.rulebook["BP-HR"]
    margin = rule.number("clear_margin")

    def verdict(index: int) -> Verdict:
        sitting = chart.sittings[index]
        pulse = sitting.series.pulse
        if not sitting.counts or pulse is None:
            return Verdict.SILENT
        week = _week(chart, rule, index).sums
        enough = rule.number("sittings")
        fast = pulse > rule.number("fast") and week.fast >= enough
        if fast or (pulse < rule.number("slow") and week.slow >= enough):
            return Verdict.RAISE
        quiet = rule.number("slow") + margin <= pulse <= rule.number("fast") - margin
        return Verdict.CLEAR if quiet else Verdict.BETWEEN

    def describe(state: Course) -> Case:
        pulse = chart.sittings[state.raised].series.pulse
        case = _sitting_case(chart, rule, state, "say", Level.L2)
        inputs = {**case.inputs, "pulse": number(pulse)}
        return Case(Level.L2, case.readings, inputs, "say", case.standing)

    return follow(chart, rule, chart.sittings, verdict, describe, now)


_WORDS = (
    (Flag.CUFF_LOOSE, "cuff"),
    (Flag.BODY_MOVEMENT, "movement"),
    (Flag.BAD_POSITION, "position"),
    (Flag.PULSE_OUT_OF_RANGE, "pulse"),
)


def _quality(chart: Chart, now: int) -> list[Finding]:
    """BP-Q: the meter doubts its newest reading; a lone irregular pulse is BP-IHB's, and no alert."""
    rule = chart.plan.rulebook["BP-Q"]
    items = chart.pressures

    def words(index: int) -> str | None:
        flags = items[index].reading.flags
        return next((word for flag, word in _WORDS if flag in flags), None)

    def verdict(index: int) -> Verdict:
        return Verdict.CLEAR if words(index) is None else Verdict.RAISE

    def describe(state: Course) -> Case:
        item = items[state.raised]
        flags = sorted(flag.value for flag in item.reading.flags)
        occasion = words(state.raised) or "say"
        return Case(rule.level, item.readings, {"flags": flags}, occasion, standing(state))

    return follow(chart, rule, items, verdict, describe, now)


def _week(chart: Chart, rule: Rule, index: int) -> Window:
    return chart.window(index, rule.whole("window_days") * DAY)


def _readings(chart: Chart, rule: Rule, index: int) -> list[Reading]:
    since = chart.sittings[index].at - rule.whole("window_days") * DAY
    found: list[Reading] = []
    for place in range(index, -1, -1):
        sitting = chart.sittings[place]
        if sitting.at <= since or len(found) >= MOST_READINGS:
            break
        found += reversed(sitting.readings) if sitting.counts else ()
    return found[::-1]


def _mean_inputs(chart: Chart, rule: Rule, index: int) -> dict[str, object]:
    week = _week(chart, rule, index)
    target = chart.sittings[index].home_target
    return {
        "mean_systolic_mmhg": number(week.mean("systolic")),
        "mean_diastolic_mmhg": number(week.mean("diastolic")),
        "target_systolic_mmhg": number(target.systolic),
        "target_diastolic_mmhg": number(target.diastolic),
        "sittings": week.sittings,
        "days": week.days,
        "high_sittings": week.sums.high,
        "window_days": rule.whole("window_days"),
        "until": chart.sittings[index].at,
    }


def _sitting_case(
    chart: Chart, rule: Rule, state: Course, occasion: str = "say", level: Level | None = None
) -> Case:
    sitting = chart.sittings[state.raised]
    return Case(
        level=rule.level if level is None else level,
        readings=sitting.readings,
        inputs={
            "systolic_mmhg": number(sitting.systolic),
            "diastolic_mmhg": number(sitting.diastolic),
            "target_systolic_mmhg": number(sitting.target.systolic),
            "target_diastolic_mmhg": number(sitting.target.diastolic),
            "taken_at": sitting.at,
        },
        occasion=occasion,
        standing=standing(state),
    )
