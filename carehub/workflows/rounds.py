"""The ward round: what the rules say of a person after any change and every minute."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import accounts, attachments, streams
from carehub.archive import alerts as alert_rows
from carehub.archive import people as people_rows
from carehub.archive import readings as reading_rows
from carehub.care.alerts import Alert, Notice, Step, advance, evaluate
from carehub.care.changes import Changes
from carehub.care.people import Profile, Target
from carehub.care.plans import GlucosePlan, Plan
from carehub.care.readings import Kind
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import escalations, outgoing
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
    gone: tuple[UUID, ...] = ()
    """People whose mandate ran out: what was kept of them here is gone."""

    @property
    def changes(self) -> Changes:
        """Return the flags of what changed."""
        changes = Changes.ALERTS if self.alerts else Changes.NONE
        return changes | (streams.EVERYTHING if self.gone else Changes.NONE)


def make(archive: "Archive", now: int) -> Round:
    """Look at everyone whose records are here, in one transaction; a mandate that ran out ends."""
    with archive.write() as tx:
        gone = streams.end_overdue(tx, now + accounts.clock_offset(tx))
        steps = [visit(tx, person.id, now) for person in people_rows.everyone(tx)]
    if gone:
        attachments.sweep(archive)
    due = [step.next_due for step in steps if step.next_due is not None]
    return Round(
        alerts=tuple(alert for step in steps for alert in step.changed),
        notices=tuple(notice for step in steps for notice in step.notices),
        next_due=min(due, default=None),
        gone=gone,
    )


def visit(tx: "Tx", person_id: UUID, now: int, *, elsewhere: bool = False) -> Step:
    """Run the rules for one person and keep what they change, inside the caller's transaction.

    `elsewhere` says that what happened came from another machine, which tells the platform itself.
    """
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
    told = not elsewhere and streams.may(tx, person_id, EntityKind.ALERT)
    for alert in step.changed:
        before = alert_rows.get(tx, alert.id)
        alert_rows.put(tx, alert)
        if told:
            outgoing.queue(
                tx, EntityKind.ALERT, Act.SET, alert, before=before, person_id=person_id, now=now
            )
    return escalations.for_here(tx, person_id, step)


def plan_of(tx: "Tx", profile: Profile) -> Plan:
    """Return what was agreed for this person: the shipped rules, a doctor's target, a glucose plan."""
    person = profile.person
    glucose = people_rows.glucose_plan(tx, person.id) or GlucosePlan()
    return Plan(
        rulebook(),
        target=people_rows.target(tx, person.id) or Target(),
        health_group=glucose.health_group,
        last_hba1c=glucose.hba1c_on,
        glucose_every=glucose.every,
        glucose_since=glucose.every_since,
        ketone_strips=glucose.ketone_strips,
        zone_offset=person.zone_offset,
    )
