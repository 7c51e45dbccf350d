"""What did not happen: BP-MISS, G-MISS and the overdue HbA1c. Quiet reminders, never alarms."""

from collections.abc import Sequence

from carehub.care.alerts.chart import Chart, Placed
from carehub.care.alerts.model import Finding, Level, Standing
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import DAY, day_of, start_of_day
from carehub.care.people import ConditionCode

QUIET_RULES = frozenset({"BP-MISS", "G-MISS", "G-A1C"})
"""Rules that time alone raises."""


def findings(chart: Chart, now: int) -> list[Finding]:
    """Return the reminders that are due, and those that will be, with the moment they change."""
    return [*_no_pressure(chart, now), *_no_glucose(chart, now), *_hba1c(chart, now)]


def _no_pressure(chart: Chart, now: int) -> list[Finding]:
    rule = chart.plan.rulebook["BP-MISS"]
    if not chart.profile.has(ConditionCode.HYPERTENSION):
        return []
    days = [rule.whole(name) for name in ("remind_day", "again_day", "family_day")]
    return _missing(chart, rule, chart.sittings, days, 0, now)


def _no_glucose(chart: Chart, now: int) -> list[Finding]:
    rule = chart.plan.rulebook["G-MISS"]
    every = chart.plan.glucose_every
    if every is None or every < 1:
        return []
    days = [every, every, every + rule.whole("family_after_days")]
    return _missing(chart, rule, chart.glucose, days, chart.plan.glucose_since, now)


def _missing(
    chart: Chart, rule: Rule, items: Sequence[Placed], days: Sequence[int], since: int, now: int
) -> list[Finding]:
    """Remind on the first and second of `days` after the last measurement, the family on the third.

    The days count from `since`, when it was planned, where nothing was measured after that.
    """
    measured = items[-1].at if items else None
    last = max(chart.profile.person.created_at if measured is None else measured, since)
    if not last:
        return []
    episode = str(items[-1].readings[0].id) if items else "never"
    due, again, family = (last + count * DAY for count in days)
    passed = [moment for moment in (due, again, family) if moment <= now]
    ahead = [moment for moment in (due, again, family) if moment > now]
    return [
        Finding(
            rule.id,
            rule.version,
            rule.family,
            rule.level if passed else Level.L0,
            Standing.RAISE if passed else Standing.CLEAR,
            episode,
            rule.text("say"),
            rule.steps("say"),
            changes_at=min(ahead, default=None),
            tell_family=now >= family,
            inputs={"last_at": measured, "reminders": len(set(passed))},
        )
    ]


def _hba1c(chart: Chart, now: int) -> list[Finding]:
    """G-A1C: 90 days after the last test, with a reminder a week before and two weeks after."""
    rule = chart.plan.rulebook["G-A1C"]
    tested = chart.plan.last_hba1c
    if tested is None or not chart.profile.diabetic:
        return []
    offset = chart.plan.zone_offset
    due = day_of(tested) + rule.whole("days")
    dues = [due - rule.whole("days_before"), due, due + rule.whole("days_after")]
    moments = [start_of_day(day, offset) for day in dues]
    passed = [moment for moment in moments if moment <= now]
    ahead = [moment for moment in moments if moment > now]
    return [
        Finding(
            rule.id,
            rule.version,
            rule.family,
            rule.level if passed else Level.L0,
            Standing.RAISE if passed else Standing.CLEAR,
            f"hba1c:{tested.isoformat()}",
            rule.text("say" if now >= moments[1] else "soon"),
            rule.steps("say"),
            changes_at=min(ahead, default=None),
            inputs={"last_test": tested.isoformat(), "reminders": len(passed)},
        )
    ]
