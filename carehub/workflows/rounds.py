"""The ward round: what the rules say of a person after any change and every minute."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import alerts as alert_rows
from carehub.archive import people as people_rows
from carehub.archive import readings as reading_rows
from carehub.care.alerts import Alert, Notice, Step, advance, evaluate
from carehub.care.changes import Changes
from carehub.care.people import Profile, Target
from carehub.care.plans import Plan
from carehub.care.readings import Kind
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing
from carehub.workflows.rulebook import rulebook

if TYPE_CHECKING:
    from carehub.archive.store import Archive, Tx

HISTORY_DAYS = 100
"""How far back the rules look at most: HbA1c and the 28-day means before a 14-day window."""

_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Round:
    """What a round changed, whom it tells what, and when (UTC ms) the next is due at the latest."""

    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    next_due: int | None = None

    @property
    def changes(self) -> Changes:
        """Return the flags of what changed."""
        return Changes.ALERTS if self.alerts else Changes.NONE


def make(archive: "Archive", now: int) -> Round:
    """Look at everyone whose records are here, in one transaction."""
    with archive.write() as tx:
        steps = [visit(tx, person.id, now) for person in people_rows.everyone(tx)]
    due = [step.next_due for step in steps if step.next_due is not None]
    return Round(
        alerts=tuple(alert for step in steps for alert in step.changed),
        notices=tuple(notice for step in steps for notice in step.notices),
        next_due=min(due, default=None),
    )


def visit(tx: "Tx", person_id: UUID, now: int) -> Step:
    """Run the rules for one person and keep what they change, inside the caller's transaction."""
    profile = people_rows.profile(tx, person_id)
    plan = plan_of(tx, profile)
    history = [
        reading
        for kind in Kind
        for reading in reading_rows.between(
            tx, person_id, kind, now - HISTORY_DAYS * _DAY, now + _DAY
        )
    ]
    findings = evaluate(history, profile, plan, now)
    # Alerts that closed within the last day count for the day's limit of notices.
    known = {a.id: a for a in alert_rows.between(tx, person_id, now - _DAY, now + 1)}
    known |= {a.id: a for a in alert_rows.open(tx, person_id)}
    step = advance(person_id, tuple(known.values()), findings, plan, now)
    for alert in step.changed:
        alert_rows.put(tx, alert)
        outgoing.queue(
            tx, EntityKind.ALERT, Act.SET, alert, person_id=person_id, now=now
        )
    return step


def plan_of(tx: "Tx", profile: Profile) -> Plan:
    """Return what was agreed for this person: the shipped rules and a doctor's target, if any."""
    target = people_rows.target(tx, profile.person.id) or Target()
    return Plan(rulebook(), target=target, zone_offset=profile.person.zone_offset)
