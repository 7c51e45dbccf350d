"""What every rule says of one person now."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from carehub.care.alerts import absence, crisis, glucose, glucose_pattern, pressure, pressure_trend
from carehub.care.alerts.chart import Chart
from carehub.care.alerts.matching import LIVE
from carehub.care.alerts.model import Finding, Level
from carehub.care.civil import HOUR
from carehub.care.people import Person, Profile
from carehub.care.plans import Plan
from carehub.care.readings import Reading

CRISIS = "pressure_crisis"
NOBODY = UUID(int=0)
"""Stands for whoever is at the meter when a reading belongs to no one yet."""


def evaluate(history: Sequence[Reading], profile: Profile, plan: Plan, now: int) -> list[Finding]:
    """Return what the rules find: pure, and the same whatever the order of `history`.

    Readings of other people and of nobody, voided and corrected ones, control solution, and those of
    a meter whose clock was never set are left out. `now` is UTC milliseconds. Each rule looks back
    42 days from the newest reading at most, but for the start of an episode that is still open.
    """
    return look(Chart.of(history, profile, plan, now), now)


def look(chart: Chart, now: int) -> list[Finding]:
    """Return what the rules find in a chart now."""
    found: list[Finding] = []
    if chart.pressures:
        found += crisis.findings(chart, now)
        found += pressure.findings(chart, now)
        found += pressure_trend.findings(chart, now)
    if chart.glucose:
        found += glucose.findings(chart, now)
        found += glucose_pattern.findings(chart, now)
    return _without_crisis(found) + absence.findings(chart, now)


def _without_crisis(found: list[Finding]) -> list[Finding]:
    """Leave out "a little high" while the same readings are a crisis; a fine recheck brings it back."""
    grave = {
        reading
        for finding in found
        if finding.family == CRISIS and finding.standing in LIVE
        for reading in finding.readings
    }
    return [f for f in found if f.rule != "BP-HIGH1" or not grave & set(f.readings)]


def evaluate_unassigned(readings: Sequence[Reading], plan: Plan, now: int) -> list[Finding]:
    """Return what must be shown at once to whoever stands at the meter: L3 and L4 only.

    Readings that belong to nobody yet raise nothing else and open no alert (CLINICAL 4.9).
    """
    fresh = plan.rulebook["ENGINE"].whole("fresh_hours") * HOUR
    nobody = Profile(Person(NOBODY, name=""))
    recent = [
        replace(reading, person_id=NOBODY)
        for reading in readings
        if reading.person_id is None and now - reading.taken_at <= fresh
    ]
    return [f for f in evaluate(recent, nobody, plan, now) if f.level >= Level.L3]
