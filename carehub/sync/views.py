"""What people see of an entity: what the platform said, with what still waits here laid over it."""

import re
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from carehub.archive import (
    alerts,
    attachments,
    conflicts,
    consents,
    outbox,
    people,
    readings,
    streams,
)
from carehub.archive.store import Tx
from carehub.care.alerts.model import Alert
from carehub.care.changes import Changes
from carehub.care.consent import Consent
from carehub.care.escalation import Escalation
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Reading
from carehub.care.record import Attachment
from carehub.wire.exchange import Act, Body, EntityKind
from carehub.wire.values import understood

L = TypeVar("L", bound=people.Line)

_HASH = re.compile(r"[0-9a-f]{64}")
UNNAMED = "…"
"""What stands for a person of whom something arrived before their name did."""

Write = Callable[[Tx, UUID, UUID, Body | None], Changes]
"""Makes the row of an entity what `body` says, or takes it out for None; returns what changed."""


def show(tx: Tx, person_id: UUID, kind: str, entity_id: UUID, cursor: int) -> Changes:
    """Make what people see of an entity what it is now; a kind nobody here knows is only kept."""
    write = _WRITERS.get(kind)
    heard = streams.entity(tx, person_id, kind, entity_id)
    waiting = outbox.laid_over(tx, person_id, kind, entity_id, cursor)
    if write is None or (heard is None and not waiting):
        return Changes.NONE
    body: Body | None = None if heard is None or heard.deleted else dict(heard.body)
    for op in waiting:
        body = (
            None if op.act is Act.REMOVE else (body or dict(heard.body if heard else {})) | op.body
        )
    return write(tx, person_id, entity_id, body)


def show_reading(tx: Tx, person_id: UUID, entity_id: UUID, body: Body) -> Changes:
    """Add a reading, or take one out of force; one is never changed and never forgotten."""
    kept = readings.get(tx, entity_id)
    if kept is None:
        _expect(tx, person_id)
        reading = understood(Reading, _named(body, person_id, entity_id))
        added = reading is not None and readings.add(tx, reading)
        return Changes.READINGS if added else Changes.NONE
    if body.get("voided") is not True or kept.voided:
        return Changes.NONE
    readings.void(tx, entity_id, kept.received_at)
    return Changes.READINGS


def _show_person(tx: Tx, person_id: UUID, _entity_id: UUID, body: Body | None) -> Changes:
    person = understood(Person, (body or {}) | {"id": str(person_id)})
    if person is None or person == people.get(tx, person_id):
        return Changes.NONE
    people.put(tx, person)
    return Changes.PEOPLE


def _expect(tx: Tx, person_id: UUID) -> None:
    """Have a row for a person of whom something arrives before their name."""
    if people.get(tx, person_id) is None:
        people.add(tx, Person(person_id, UNNAMED))


def _line(kind: type[L], put: Callable[[Tx, L], None]) -> Write:
    def write(tx: Tx, person_id: UUID, entity_id: UUID, body: Body | None) -> Changes:
        kept = people.line(tx, kind, entity_id)
        if body is None:
            if kept is not None:
                people.remove(tx, kept)
            return Changes.NONE if kept is None else Changes.PEOPLE
        value = understood(kind, _named(body, person_id, entity_id))
        if value is None or value == kept:
            return Changes.NONE
        _expect(tx, person_id)
        put(tx, value)
        return Changes.PEOPLE

    return write


def _show_target(tx: Tx, person_id: UUID, _entity_id: UUID, body: Body | None) -> Changes:
    target = None if body is None else understood(Target, body)
    if target == people.target(tx, person_id):
        return Changes.NONE
    _expect(tx, person_id)
    if target is None:
        people.remove_target(tx, person_id)
    else:
        people.put_target(tx, person_id, target)
    return Changes.PEOPLE


def _show_glucose_plan(tx: Tx, person_id: UUID, _entity_id: UUID, body: Body | None) -> Changes:
    plan = None if body is None else understood(GlucosePlan, body)
    if plan == people.glucose_plan(tx, person_id):
        return Changes.NONE
    _expect(tx, person_id)
    if plan is None:
        people.remove_glucose_plan(tx, person_id)
    else:
        people.put_glucose_plan(tx, person_id, plan)
    return Changes.PEOPLE


def _show_alert(tx: Tx, person_id: UUID, entity_id: UUID, body: Body | None) -> Changes:
    alert = understood(Alert, _named(body or {}, person_id, entity_id))
    if alert is None or alert == alerts.get(tx, entity_id):
        return Changes.NONE
    _expect(tx, person_id)
    alerts.put(tx, alert)
    return Changes.ALERTS


def _show_consent(tx: Tx, person_id: UUID, entity_id: UUID, body: Body | None) -> Changes:
    consent = understood(Consent, _named(body or {}, person_id, entity_id))
    if consent is None:
        return Changes.NONE
    _expect(tx, person_id)
    return Changes.PEOPLE if consents.add(tx, consent) else Changes.NONE


def _show_attachment(tx: Tx, person_id: UUID, entity_id: UUID, body: Body | None) -> Changes:
    """Expect a file that is elsewhere; one that was removed goes from here as well."""
    if body is None:
        gone = attachments.drop(tx, entity_id)
        return Changes.PEOPLE | Changes.FAMILY if gone else Changes.NONE
    attachment = understood(Attachment, _named(body, person_id, entity_id))
    if attachment is None or not _HASH.fullmatch(attachment.sha256) or attachment.size < 1:
        return Changes.NONE
    _expect(tx, person_id)
    return Changes.PEOPLE if attachments.expect(tx, attachment) else Changes.NONE


def _show_conflict(tx: Tx, person_id: UUID, entity_id: UUID, body: Body | None) -> Changes:
    conflict = understood(conflicts.Conflict, _named(body or {}, person_id, entity_id))
    if conflict is None or conflict == conflicts.get(tx, entity_id):
        return Changes.NONE
    conflicts.put(tx, conflict)
    return Changes.FAMILY | Changes.PEOPLE


def _show_escalation(_tx: Tx, _person: UUID, _entity_id: UUID, body: Body | None) -> Changes:
    """Who was told stands nowhere but in what the platform said; whoever shows an alert reads it."""
    return Changes.NONE if understood(Escalation, body or {}) is None else Changes.ALERTS


def _named(body: Body, person_id: UUID, entity_id: UUID) -> Body:
    """Return the body under the names it came by: a stream speaks of its own person only."""
    return body | {"id": str(entity_id), "person_id": str(person_id)}


_WRITERS: dict[str, Write] = {
    EntityKind.PERSON: _show_person,
    EntityKind.CONDITION: _line(Condition, people.put_condition),
    EntityKind.ALLERGY: _line(Allergy, people.put_allergy),
    EntityKind.MEDICINE: _line(Medicine, people.put_medicine),
    EntityKind.HISTORY_LINE: _line(HistoryLine, people.put_history),
    EntityKind.EMERGENCY_CONTACT: _line(EmergencyContact, people.put_contact),
    EntityKind.TARGET: _show_target,
    EntityKind.GLUCOSE_PLAN: _show_glucose_plan,
    EntityKind.ALERT: _show_alert,
    EntityKind.CONSENT: _show_consent,
    EntityKind.CONFLICT: _show_conflict,
    EntityKind.ESCALATION: _show_escalation,
    EntityKind.ATTACHMENT: _show_attachment,
}
