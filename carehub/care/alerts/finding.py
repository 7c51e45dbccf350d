"""From what a rule saw to a finding: the freshness gate, the words, and what made it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from carehub.care.alerts.chart import Chart, Placed
from carehub.care.alerts.course import Course, Verdict, course
from carehub.care.alerts.model import Finding, Level, Standing
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import DAY, HOUR
from carehub.care.readings import Reading


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule saw: how grave, made by which readings, and on which occasion its words are.

    `readings` are in time order: the age of the newest at its arrival decides the freshness gate.
    """

    level: Level
    readings: Sequence[Reading]
    inputs: Mapping[str, object] = field(default_factory=dict, repr=False)
    occasion: str = "say"
    standing: Standing = Standing.RAISE
    recheck_at: int | None = None
    changes_at: int | None = None
    tell_family: bool = False


MOST_READINGS = 100
"""An alert names the newest readings that made it; a sensor's week would be thousands."""


def found(chart: Chart, rule: Rule, episode: str, case: Case) -> Finding:
    """Make the finding of a case; readings that were old on arrival cap it (CLINICAL 4.8)."""
    newest = case.readings[-1] if case.readings else None
    cap, historic = _freshness(chart, newest)
    level = min(case.level, cap)
    occasion = "historic" if historic else case.occasion
    waiting = case.standing is Standing.CONFIRM and not historic
    return Finding(
        rule=rule.id,
        version=rule.version,
        family=rule.family,
        level=level,
        standing=Standing.RAISE
        if case.standing is Standing.CONFIRM and not waiting
        else case.standing,
        episode=episode,
        text=rule.text(occasion),
        advice=rule.steps(occasion),
        readings=tuple(reading.id for reading in case.readings[-MOST_READINGS:]),
        replaced=tuple(r.replaces for r in case.readings[-MOST_READINGS:] if r.replaces),
        recheck_at=None if historic else case.recheck_at,
        changes_at=case.changes_at,
        tell_family=case.tell_family and not historic,
        clock_suspect=newest is not None and newest.id in chart.suspect,
        historic=historic,
        inputs=case.inputs,
    )


def closed(rule: Rule, episode: str, standing: Standing) -> Finding:
    """Make the finding that an episode is over, or too old to say."""
    return Finding(
        rule.id, rule.version, rule.family, Level.L0, standing, episode, rule.text("say")
    )


def follow(  # noqa: PLR0913 - six, and a name where courses of one rule run side by side
    chart: Chart,
    rule: Rule,
    items: Sequence[Placed],
    verdict: Callable[[int], Verdict],
    describe: Callable[[Course], Case],
    now: int,
    *,
    name: str = "",
) -> list[Finding]:
    """Follow one rule through its measurements and say where it stands now: at most one finding.

    `verdict(i)` judges measurement i, `describe` tells the case of an open course. `name` sets apart
    the courses of one rule that run side by side.
    """
    expires = rule.whole("expires_hours") * HOUR
    state = course(chart, name or rule.id, items, verdict, expires)
    if state.first is None:
        ended = state.ended
        return (
            []
            if ended is None
            else [closed(rule, episode_of(items[ended], rule, name), Standing.CLEAR)]
        )
    episode = episode_of(items[state.first], rule, name)
    over_at = over_after(chart, items[-1], expires)
    if now > over_at:
        return [closed(rule, episode, Standing.EXPIRED)]
    case = describe(state)
    if case.changes_at is None:
        case = replace(case, changes_at=over_at + 1)
    return [found(chart, rule, episode, case)]


def over_after(chart: Chart, last: Placed, expires: int) -> int:
    """Return the last moment at which an episode still says something of now.

    What arrives late counts from its arrival, so that a dangerous value out of a meter's memory is
    at least mentioned once; beyond a month it is history.
    """
    month = chart.plan.rulebook["ENGINE"].whole("historic_days") * DAY
    arrived = max(reading.received_at for reading in last.readings)
    late = min(arrived + expires, last.at + month)
    return max(last.at + expires, late)


def standing(state: Course) -> Standing:
    """Return whether an open course raises or only holds."""
    return Standing.HOLD if state.held else Standing.RAISE


def episode_of(item: Placed, rule: Rule, name: str = "") -> str:
    """Name an episode after the first reading that raised it: the same on every machine."""
    first = str(item.readings[0].id)
    return first if name in ("", rule.id) else f"{first}:{name.removeprefix(rule.id).strip()}"


def number(value: Decimal | None) -> str | None:
    """Return a number as the plain decimal string that inputs carry, to a tenth at most."""
    if value is None:
        return None
    short = value.quantize(Decimal("0.1")).normalize()
    return f"{short:f}"


def _freshness(chart: Chart, newest: Reading | None) -> tuple[Level, bool]:
    engine = chart.plan.rulebook["ENGINE"]
    if newest is None or not newest.received_at:
        return Level.L4, False
    age = newest.received_at - newest.taken_at
    if age > engine.whole("stale_hours") * HOUR:
        return Level.L1, True
    if age > engine.whole("fresh_hours") * HOUR:
        return Level.L2, True
    return Level.L4, False
