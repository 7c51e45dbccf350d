"""Readings run through the rules as it would have happened, row by row and timer by timer.

Each reading arrives when it was taken. The engine also runs whenever it said that time alone would
change something (a recheck is due, an alert is to be told again, measuring is overdue). Nobody
acknowledges anything. After the last row the clock runs on for seven days, so that open alerts are
told again as they would be; reminders that a measurement is missing do not start there, for the file
ends where the measuring may have gone on. A value whose recheck was fine was asked for again but
never raised, and is not in the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from carehub.care.alerts.absence import QUIET_RULES
from carehub.care.alerts.chart import Chart
from carehub.care.alerts.engine import advance
from carehub.care.alerts.model import Alert, Finding, Level, State
from carehub.care.alerts.notice import counts_for_limit
from carehub.care.alerts.rules import look
from carehub.care.civil import DAY
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Reading, in_force
from carehub.care.series import order

TAIL = 7 * DAY


@dataclass(frozen=True, slots=True)
class ReplayedAlert:
    """One alert as it would have gone: its gravest level, and when it was raised, told and cleared.

    Times are UTC milliseconds; `cleared_at` None is still open at the end; `state` says how it ended.
    """

    rule: str
    version: str
    level: Level
    raised_at: int
    renotified_at: tuple[int, ...] = ()
    cleared_at: int | None = None
    state: State = State.ACTIVE
    text: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class _Diary:
    """What happened so far."""

    chart: Chart
    alerts: dict[UUID, Alert] = field(default_factory=dict)
    entries: dict[tuple[UUID, int], ReplayedAlert] = field(default_factory=dict)
    next_due: int | None = None

    def step(self, now: int, *, after_end: bool = False) -> None:
        findings = [f for f in look(self.chart, now) if not after_end or self._goes_on(f)]
        person_id = self.chart.profile.person.id
        done = advance(person_id, tuple(self.alerts.values()), findings, self.chart.plan, now)
        for alert in done.changed:
            self._note(alert, now)
            self.alerts[alert.id] = alert
        self.alerts = {
            alert_id: alert
            for alert_id, alert in self.alerts.items()
            if alert.open or (counts_for_limit(alert) and now - (alert.cleared_at or 0) < DAY)
        }
        self.next_due = done.next_due

    def _goes_on(self, finding: Finding) -> bool:
        started = {(alert.rule, alert.episode) for alert in self.alerts.values() if alert.open}
        return finding.rule not in QUIET_RULES or (finding.rule, finding.episode) in started

    def _note(self, alert: Alert, now: int) -> None:
        """Write down an alert once it is active: waiting for a recheck is not yet raised."""
        key = (alert.id, alert.raised_at)
        known = self.entries.get(key)
        if known is None and (alert.state is State.PENDING or not alert.open):
            return
        graver = known is None or alert.level > known.level
        self.entries[key] = ReplayedAlert(
            rule=alert.rule,
            version=alert.version,
            level=alert.level if graver or known is None else known.level,
            raised_at=now if known is None else known.raised_at,
            renotified_at=alert.renotified_at,
            cleared_at=alert.cleared_at,
            state=alert.state,
            text=alert.text if graver or known is None else known.text,
            inputs=alert.inputs if graver or known is None else known.inputs,
        )


def replay(readings: Iterable[Reading], profile: Profile, plan: Plan) -> list[ReplayedAlert]:
    """Return the alerts these readings would have raised, in the order in which they were raised.

    The readings are this person's, in any order; `received_at` is taken to be `taken_at`.
    """
    diary = _Diary(Chart(profile, plan))
    ordered = sorted((r for r in in_force(readings) if r.person_id == profile.person.id), key=order)
    now = 0
    for now, together in groupby(ordered, key=lambda reading: reading.taken_at):
        _run_timers(diary, now)
        for reading in together:
            diary.chart.add(reading)
        diary.step(now)
    if ordered:
        _run_timers(diary, now + TAIL + 1, after_end=True)
    return sorted(
        diary.entries.values(), key=lambda entry: (entry.raised_at, -entry.level, entry.rule)
    )


def _run_timers(diary: _Diary, until: int, *, after_end: bool = False) -> None:
    while diary.next_due is not None and diary.next_due < until:
        diary.step(diary.next_due, after_end=after_end)
