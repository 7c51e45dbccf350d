"""A household for rules: evaluate a history, and live through it reading by reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from carehub.care.alerts import Alert, Finding, Level, Notice, Standing, advance, evaluate
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Reading
from tests.helpers.builders import PERSON, at, make_plan, make_profile

LIVE = (Standing.RAISE, Standing.CONFIRM, Standing.HOLD)


def live(
    history: Sequence[Reading],
    now: str | int,
    profile: Profile | None = None,
    plan: Plan | None = None,
) -> dict[str, Finding]:
    """Return the live findings by rule; of two of one rule the graver."""
    moment = at(now) if isinstance(now, str) else now
    found = evaluate(history, profile or make_profile(), plan or make_plan(), moment)
    ordered = sorted((f for f in found if f.standing in LIVE), key=lambda f: f.level)
    return {finding.rule: finding for finding in ordered}


def gravest(findings: Iterable[Finding]) -> Level:
    """Return the highest level of these findings."""
    return max((finding.level for finding in findings), default=Level.L0)


@dataclass
class Household:
    """One person at home: readings arrive, rounds are made, notices are told."""

    profile: Profile = field(default_factory=make_profile)
    plan: Plan = field(default_factory=make_plan)
    history: list[Reading] = field(default_factory=list)
    alerts: dict[UUID, Alert] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    next_due: int | None = None

    def round(self, now: str | int) -> list[Notice]:
        """Make one round and return what it tells."""
        moment = at(now) if isinstance(now, str) else now
        found = evaluate(self.history, self.profile, self.plan, moment)
        step = advance(PERSON, tuple(self.alerts.values()), found, self.plan, moment)
        self.alerts |= {alert.id: alert for alert in step.changed}
        self.notices += step.notices
        self.next_due = step.next_due
        return list(step.notices)

    def take(self, *readings: Reading) -> list[Notice]:
        """Take readings in, each at its arrival, and return what is told."""
        told: list[Notice] = []
        for reading in readings:
            self.history.append(reading)
            told += self.round(reading.received_at)
        return told

    def until(self, now: str | int) -> list[Notice]:
        """Let time pass, with a round whenever one is due, and return what is told."""
        moment = at(now) if isinstance(now, str) else now
        told: list[Notice] = []
        while self.next_due is not None and self.next_due <= moment:
            told += self.round(self.next_due)
        return told + self.round(moment)

    def open(self, rule: str) -> Alert:
        """Return the one open alert of a rule."""
        (alert,) = [a for a in self.alerts.values() if a.rule == rule and a.open]
        return alert

    def rules(self) -> set[str]:
        """Return the rules with an open alert."""
        return {alert.rule for alert in self.alerts.values() if alert.open}

    def put(self, alert: Alert) -> None:
        """Keep an alert that a person has acted on."""
        self.alerts[alert.id] = alert
