"""Acknowledge an alert, put it off, or say what one feels beside a dangerous value."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from carehub.archive import alerts as alert_rows
from carehub.archive import readings as reading_rows
from carehub.care import alerts as care_alerts
from carehub.care.alerts import Alert
from carehub.care.readings import Symptom
from carehub.errors import InputError
from carehub.i18n import _
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing, readings, rounds
from carehub.workflows.readings import Taken

if TYPE_CHECKING:
    from carehub.archive.store import Archive


def acknowledge(archive: "Archive", alert_id: UUID, by: str, now: int) -> Taken:
    """Note that `by` has seen the alert; it stays listed until its rule clears."""
    return _change(archive, alert_id, lambda alert: care_alerts.acknowledge(alert, by, now), now)


def snooze(archive: "Archive", alert_id: UUID, minutes: int, now: int) -> Taken:
    """Be told again in `minutes`; raises NotAllowed where the alert's level forbids it."""
    return _change(archive, alert_id, lambda alert: care_alerts.snooze(alert, minutes, now), now)


def tell_symptoms(
    archive: "Archive", reading_id: UUID, symptoms: Iterable[Symptom], now: int
) -> Taken:
    """Add what the person feels to a reading, as a correction with the same values, and judge again."""
    with archive.write() as tx:
        reading = readings.in_force(tx, reading_id)
        if reading is None or reading.person_id is None:
            raise InputError(_("There is no such reading. Open the list again."))
        felt = replace(
            reading,
            id=uuid7(),
            replaces=reading.id,
            symptoms=reading.symptoms | frozenset(symptoms),
        )
        reading_rows.add(tx, felt)
        person_id = reading.person_id
        outgoing.queue(tx, EntityKind.READING, Act.ADD, felt, person_id=person_id, now=now)
        step = rounds.visit(tx, person_id, now)
    return Taken(added=(felt,), alerts=step.changed, notices=step.notices)


def _change(
    archive: "Archive", alert_id: UUID, change: Callable[[Alert], Alert], now: int
) -> Taken:
    with archive.write() as tx:
        alert = alert_rows.get(tx, alert_id)
        if alert is None:
            raise InputError(_("There is no such alert. Open the list again."))
        changed = change(alert)
        alert_rows.put(tx, changed)
        person_id = alert.person_id
        outgoing.queue(
            tx, EntityKind.ALERT, Act.SET, changed, before=alert, person_id=person_id, now=now
        )
    return Taken(alerts=(changed,))
