"""From findings to alerts: open, update, supersede, close; repeat until somebody has seen it.

`advance` is pure. The caller keeps what changed, tells the notices, and calls again at `next_due`,
after any change of readings, and at least once a minute.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from carehub.care.alerts.matching import Match, matched, winners
from carehub.care.alerts.model import PLATFORM_RULES, Alert, Finding, Level, Standing, State
from carehub.care.alerts.notice import (
    Audience,
    Notice,
    Reason,
    bundled,
    is_quiet,
    ladder,
    may_tell,
    next_morning,
    told,
    waits_for_morning,
)
from carehub.care.civil import DAY, MINUTE
from carehub.care.plans import Plan
from carehub.errors import NotAllowed
from carehub.i18n import _

SNOOZE = "snooze_minutes"
"""Kept with an alert's inputs: how long the rulebook lets it be put off."""
FAMILY_TOLD = "family_told"
REMINDERS = "reminders"
LOW_GLUCOSE = "glucose_low"

AT_ONCE = {
    Level.L3: (Audience.SELF, Audience.FIRST_CARER),
    Level.L4: (Audience.SELF, Audience.EVERYONE),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one round changed, what is to be told, and when time alone will change something."""

    changed: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    next_due: int | None = None


@dataclass(slots=True)
class _Round:
    """One round for one person, while it is being worked out."""

    plan: Plan
    now: int
    known: list[Alert]
    notices: list[Notice] = field(default_factory=list)
    waiting: list[Alert] = field(default_factory=list)

    def tell(self, alert: Alert, reason: Reason, audience: Iterable[Audience]) -> None:
        self.notices.append(told(alert, reason, audience, self.plan, self.now))

    def length(self, name: str, unit: int) -> int:
        return self.plan.rulebook["ENGINE"].whole(name) * unit

    def after(self, name: str, unit: int) -> int:
        return self.now + self.length(name, unit)


def advance(
    person_id: UUID,
    open_alerts: Sequence[Alert],
    findings: Sequence[Finding],
    plan: Plan,
    now: int,
) -> Step:
    """Compare what the rules find with what is open, and return what changes and what to tell.

    Alerts of the last day that are closed may be given as well: they count for the daily limit.
    """
    told_here = (a for a in open_alerts if a.rule not in PLATFORM_RULES)
    mine = {a.id: a for a in told_here if a.person_id == person_id}
    best = winners(findings, plan.rulebook)
    matches = matched([a for a in mine.values() if a.open], findings, best)
    r = _Round(plan, now, list(mine.values()))
    after = [_meet(r, match) for match in matches]
    met = {id(match.finding) for match in matches}
    for finding in best:
        if id(finding) not in met and _opens(finding, plan):
            after = _with(r, after, person_id, finding)
    after = [_on_time(r, alert) for alert in after]
    if r.waiting:
        r.notices.append(bundled(r.waiting, plan, now))
    changed = tuple(alert for alert in after if mine.get(alert.id) != alert)
    return Step(changed, tuple(r.notices), _next_due(after, findings, now))


def acknowledge(alert: Alert, by: str, now: int) -> Alert:
    """Note that a person has seen the alert; it stays open until its rule clears."""
    if not alert.open:
        return alert
    weekly = alert.level is Level.L2 and alert.state is State.ACTIVE
    keeps = weekly and not waits_for_morning(alert)
    return replace(
        alert,
        state=State.ACKNOWLEDGED,
        acknowledged_at=now,
        acknowledged_by=by,
        snoozed_until=None,
        due_at=alert.due_at if keeps else None,
    )


def snooze(alert: Alert, minutes: int, now: int) -> Alert:
    """Be told again in `minutes`: at most 15 for low glucose and urgent alerts, else 60.

    Raises NotAllowed for an emergency and for a longer time.
    """
    most = snooze_limit(alert)
    if not most:
        raise NotAllowed(
            _("An emergency cannot be put off. Call 120, or say that you have seen it.")
        )
    if not 0 < minutes <= most:
        raise NotAllowed(
            _("This can be put off by {minutes} minutes at most.").format(minutes=most)
        )
    until = now + minutes * MINUTE
    return replace(alert, snoozed_until=until, due_at=until) if alert.open else alert


def snooze_limit(alert: Alert) -> int:
    """Return the minutes this alert may be put off; 0 where it may not."""
    kept = alert.inputs.get(SNOOZE)
    return kept if isinstance(kept, int) and alert.level < Level.L4 else 0


def alert_id(person_id: UUID, rule: str, episode: str) -> UUID:
    """Return the id that every machine mints for the same person, rule and episode."""
    return uuid5(person_id, f"{rule}/{episode}")


def _opens(finding: Finding, plan: Plan) -> bool:
    """Tell whether a finding may open an alert: one that only holds does so for a crisis alone."""
    if finding.standing is not Standing.HOLD:
        return True
    return bool(plan.rulebook[finding.rule].numbers.get("opens_when_held"))


def _open(r: _Round, person_id: UUID, finding: Finding) -> Alert:
    alert = Alert(
        id=alert_id(person_id, finding.rule, finding.episode),
        person_id=person_id,
        rule=finding.rule,
        version=finding.version,
        family=finding.family,
        level=finding.level,
        state=State.ACTIVE,
        episode=finding.episode,
        text=finding.text,
        raised_at=r.now,
    )
    return _announced(r, _told_of(r, alert, finding), finding, Reason.RAISED)


def _with(r: _Round, after: list[Alert], person_id: UUID, finding: Finding) -> list[Alert]:
    """Open an alert unless one of its family that nobody has dismissed is as grave."""
    rivals = [a for a in after if a.open and a.family == finding.family]
    if any(rival.level >= finding.level for rival in rivals):
        return after
    closed = {rival.id: _close(rival, State.SUPERSEDED, r.now) for rival in rivals}
    return [*(closed.get(a.id, a) for a in after), _open(r, person_id, finding)]


def _meet(r: _Round, match: Match) -> Alert:
    """Bring one open alert up to what its rule says now."""
    alert, finding = match.alert, match.finding
    unseen = alert.state is not State.ACKNOWLEDGED
    if finding is None:
        return _close(alert, State.RESOLVED, r.now)
    if finding.standing is Standing.CLEAR:
        dismissed = alert.level < Level.L4 or not unseen
        return _close(alert, State.RESOLVED, r.now) if dismissed else alert
    if finding.standing is Standing.EXPIRED:
        kept = alert.level >= Level.L3 and unseen
        return alert if kept else _close(alert, State.EXPIRED, r.now)
    if not match.wins:
        return _close(alert, State.SUPERSEDED, r.now)
    return _update(r, alert, finding)


def _close(alert: Alert, state: State, now: int) -> Alert:
    return replace(alert, state=state, cleared_at=now, due_at=None)


def _update(r: _Round, alert: Alert, finding: Finding) -> Alert:
    if finding.level > alert.level:
        return _announced(r, _unseen(_told_of(r, alert, finding)), finding, Reason.GRAVER)
    if finding.level < alert.level and alert.level >= Level.L3 and alert.acknowledged_at is None:
        return alert
    updated = _told_of(r, alert, finding)
    if finding.standing is Standing.CONFIRM:
        same = alert.state is not State.ACTIVE and alert.recheck_at == finding.recheck_at
        return updated if same else _announced(r, _unseen(updated), finding, Reason.RECHECK)
    ripened = alert.recheck_at is not None and finding.recheck_at is None
    if alert.state is State.PENDING or (ripened and finding.standing is Standing.RAISE):
        return _announced(r, _unseen(updated), finding, Reason.RAISED)
    if updated.inputs.get(REMINDERS) != alert.inputs.get(REMINDERS):
        return _announced(r, _unseen(updated), finding, Reason.AGAIN)
    if updated.level >= Level.L3:
        return _followed(r, alert, updated, finding)
    weekly = updated.level is Level.L2 and updated.due_at is None
    return replace(updated, due_at=r.after("repeat_days_l2", DAY)) if weekly else updated


def _told_of(r: _Round, alert: Alert, finding: Finding) -> Alert:
    """Return the alert with what the finding says; id, episode and times stay."""
    inputs = {**finding.inputs, SNOOZE: _snooze_minutes(r.plan, finding)}
    if alert.inputs.get(FAMILY_TOLD):
        inputs[FAMILY_TOLD] = True
    return replace(
        alert,
        version=finding.version,
        level=finding.level,
        text=finding.text,
        advice=finding.advice,
        readings=finding.readings,
        recheck_at=finding.recheck_at,
        clock_suspect=finding.clock_suspect,
        historic=finding.historic,
        inputs=inputs,
    )


def _snooze_minutes(plan: Plan, finding: Finding) -> int:
    urgent = finding.level is Level.L3
    low = finding.family == LOW_GLUCOSE
    name = "snooze_minutes_low_glucose" if low else "snooze_minutes_l3" if urgent else SNOOZE
    return plan.rulebook["ENGINE"].whole(name)


def _unseen(alert: Alert) -> Alert:
    return replace(
        alert,
        state=State.ACTIVE,
        acknowledged_at=None,
        acknowledged_by="",
        snoozed_until=None,
    )


def _announced(r: _Round, alert: Alert, finding: Finding, reason: Reason) -> Alert:
    """Tell of an alert as its level asks, and set when it is due again."""
    if finding.standing is Standing.CONFIRM:
        alert = replace(alert, state=State.PENDING, due_at=finding.recheck_at)
        r.tell(alert, reason, (Audience.SELF,))
        return alert
    if finding.tell_family:
        alert = replace(alert, inputs={**alert.inputs, FAMILY_TOLD: True})
    if alert.level >= Level.L3:
        urgent = alert.level is Level.L3
        wide = urgent and finding.tell_family
        r.tell(alert, reason, ladder(1, 0) if wide else AT_ONCE[alert.level])
        return replace(alert, due_at=r.after("repeat_minutes_l3", MINUTE) if urgent else None)
    if alert.level is Level.L0:
        return replace(alert, due_at=None)
    if alert.level is Level.L2 and may_tell(r.known, r.plan, r.now):
        r.tell(alert, reason, (Audience.SELF,))
        alert = replace(alert, due_at=r.after("repeat_days_l2", DAY))
    else:
        alert = replace(alert, due_at=next_morning(r.plan, r.now))
    r.known.append(alert)
    return alert


def _for_the_family(r: _Round, alert: Alert) -> Alert:
    """Nobody rechecked, or it stayed low: the family is told although somebody may have seen it."""
    alert = replace(
        _unseen(alert),
        inputs={**alert.inputs, FAMILY_TOLD: True},
        renotified_at=(*alert.renotified_at, r.now),
        due_at=r.after("repeat_minutes_l3", MINUTE),
    )
    r.tell(alert, Reason.AGAIN, ladder(1, 0))
    return alert


def _followed(r: _Round, before: Alert, alert: Alert, finding: Finding) -> Alert:
    """Follow an urgent alert: silent while only held, told anew when a new value is dangerous."""
    if finding.tell_family and not before.inputs.get(FAMILY_TOLD):
        return _for_the_family(r, alert)
    if finding.standing is Standing.HOLD:
        return replace(alert, due_at=None)
    seen_at = alert.acknowledged_at
    going_on = alert.due_at is not None or (alert.level is Level.L4 and seen_at is None)
    corrected = set(finding.replaced) & set(before.readings)
    fresh = len(set(finding.readings) - set(before.readings)) > len(corrected)
    if going_on or not fresh or not (seen_at is None or _rested(r, before, seen_at)):
        return alert
    told_again = replace(_unseen(alert), renotified_at=(*alert.renotified_at, r.now))
    return _announced(r, told_again, finding, Reason.AGAIN)


def _rested(r: _Round, before: Alert, seen_at: int) -> bool:
    """Tell whether a new dangerous value is news: a recheck that was ahead when seen always is."""
    asked_at = before.recheck_at
    if asked_at is not None and seen_at < asked_at:
        return r.now >= asked_at - r.length("recheck_early_minutes", MINUTE)
    return r.now >= seen_at + r.length("repeat_minutes_l3", MINUTE)


def _on_time(r: _Round, alert: Alert) -> Alert:
    """Tell what has become due; L1 and L2 wait out the quiet hours."""
    if not alert.open or alert.due_at is None or alert.due_at > r.now:
        return alert
    if alert.state is State.PENDING:
        r.tell(alert, Reason.RECHECK, (Audience.SELF,))
        return replace(alert, due_at=None)
    if alert.level >= Level.L3:
        return _repeated(r, alert)
    if is_quiet(r.plan, r.now):
        return replace(alert, due_at=next_morning(r.plan, r.now))
    again = r.after("repeat_days_l2", DAY) if alert.level is Level.L2 else None
    if alert.level is Level.L1 or waits_for_morning(alert):
        r.waiting.append(alert)
        return replace(alert, due_at=again)
    r.tell(alert, Reason.AGAIN, (Audience.SELF,))
    return replace(alert, due_at=again, renotified_at=(*alert.renotified_at, r.now))


def _repeated(r: _Round, alert: Alert) -> Alert:
    """Repeat an urgent alert that nobody has acknowledged, to more people each time."""
    most = r.plan.rulebook["ENGINE"].whole("most_repeats_l3")
    times = (*alert.renotified_at, r.now)
    alert = replace(alert, renotified_at=times, snoozed_until=None)
    r.tell(alert, Reason.AGAIN, ladder(len(times), most))
    over = len(times) >= most
    return replace(alert, due_at=None if over else r.after("repeat_minutes_l3", MINUTE))


def _next_due(alerts: Iterable[Alert], findings: Iterable[Finding], now: int) -> int | None:
    moments = [alert.due_at for alert in alerts if alert.open]
    moments += [finding.changes_at for finding in findings]
    return min((m for m in moments if m is not None and m > now), default=None)
