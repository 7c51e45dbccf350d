"""Findings of rules that ask for a recheck: wait, confirmed, or never rechecked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from carehub.care.alerts.chart import Chart, Placed
from carehub.care.alerts.course import Danger, Phase, Rechecked, rechecked, timed_out
from carehub.care.alerts.finding import Case, closed, episode_of, found, over_after
from carehub.care.alerts.model import Finding, Level, Standing
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import MINUTE
from carehub.care.readings import Reading

Inputs = Callable[[int], Mapping[str, object]]


def follow_rechecked(
    chart: Chart, rule: Rule, items: Sequence[Placed], danger: Danger, inputs: Inputs, now: int
) -> list[Finding]:
    """Say where a rule with a recheck stands now: at most one finding.

    `inputs(i)` gives the values of measurement i that the alert keeps.
    """
    states = rechecked(chart, items, danger)
    if not states:
        return []
    state = timed_out(states[-1], items, danger, now)
    if state.phase is Phase.NONE:
        ended = state.ended
        return (
            []
            if ended is None
            else [closed(rule, episode_of(items[ended], rule, danger.name), Standing.CLEAR)]
        )
    episode = episode_of(items[state.first], rule, danger.name)
    over_at = over_after(chart, items[-1], danger.expires)
    if now > over_at:
        return [closed(rule, episode, Standing.EXPIRED)]
    describe = _waiting if state.phase is Phase.WAITING else _settled
    case = describe(rule, items, danger, state, inputs)
    if case.changes_at is None:
        case = replace(case, changes_at=over_at + 1)
    return [found(chart, rule, episode, case)]


def _waiting(
    rule: Rule, items: Sequence[Placed], danger: Danger, state: Rechecked, inputs: Inputs
) -> Case:
    """Before the recheck the screen asks for it; a reading the meter doubts asks more quietly."""
    started = items[state.start].at
    return Case(
        level=Level.L1 if danger.doubtful(state.start) else Level.L2,
        readings=_made_by(items, state),
        inputs=inputs(state.last),
        occasion="confirm",
        standing=Standing.CONFIRM,
        recheck_at=started + rule.whole("rest_minutes") * MINUTE,
        changes_at=started + danger.patience + 1,
    )


def _settled(
    rule: Rule, items: Sequence[Placed], danger: Danger, state: Rechecked, inputs: Inputs
) -> Case:
    confirmed = state.phase is Phase.CONFIRMED
    doubtful = danger.doubtful(state.start)
    rest = rule.whole("rest_minutes") * MINUTE
    return Case(
        level=danger.level if confirmed else Level.L1 if doubtful else Level.L2,
        readings=_made_by(items, state),
        inputs=inputs(state.last),
        occasion=danger.occasion if confirmed else "unconfirmed",
        standing=Standing.HOLD if state.held else Standing.RAISE,
        recheck_at=None if danger.rechecks else items[state.start].at + rest,
    )


def _made_by(items: Sequence[Placed], state: Rechecked) -> list[Reading]:
    places = sorted({state.first, state.start, *state.rechecks, state.last})
    return [reading for place in places for reading in items[place].readings]
