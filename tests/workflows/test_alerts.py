"""Alerts acknowledged, put off, and made graver by what a person feels."""

from uuid import uuid4

import pytest

from carehub.archive import alerts as rows
from carehub.care.alerts.model import Level, State
from carehub.care.changes import Changes
from carehub.care.readings import Symptom
from carehub.errors import InputError, NotAllowed
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import alerts, readings
from tests.helpers.records import MINUTE, NOON, pressure


@pytest.fixture
def danger(archive, person):
    """Return a reading and the urgent alert that it raised at once."""
    taken = readings.type_in(archive, pressure(person.id, 205, 100), NOON)
    (urgent,) = [alert for alert in taken.alerts if alert.level is Level.L3]
    return taken.added[0], urgent


def stored(archive, alert_id):
    with archive.read() as tx:
        return rows.get(tx, alert_id)


def test_whoever_has_seen_it_is_noted_and_sent(archive, danger, ops):
    _, alert = danger
    ops()
    taken = alerts.acknowledge(archive, alert.id, "王小样", NOON + MINUTE)
    assert taken.changes is Changes.ALERTS
    kept = stored(archive, alert.id)
    assert (kept.state, kept.acknowledged_by, kept.acknowledged_at) == (
        State.ACKNOWLEDGED, "王小样", NOON + MINUTE,
    )  # fmt: skip
    assert kept.open
    assert [(op.kind, op.act, op.entity_id) for op in ops()] == [
        (EntityKind.ALERT, Act.SET, alert.id)
    ]


def test_an_urgent_alert_is_put_off_for_a_while_only(archive, danger):
    _, alert = danger
    alerts.snooze(archive, alert.id, 10, NOON)
    assert stored(archive, alert.id).snoozed_until == NOON + 10 * MINUTE
    with pytest.raises(NotAllowed):
        alerts.snooze(archive, alert.id, 24 * 60, NOON)
    assert stored(archive, alert.id).snoozed_until == NOON + 10 * MINUTE


def test_what_is_felt_beside_a_dangerous_value_is_an_emergency(archive, danger, ops):
    reading, _ = danger
    ops()
    taken = alerts.tell_symptoms(archive, reading.id, [Symptom.CHEST_PAIN], NOON + MINUTE)
    (felt,) = taken.added
    assert (felt.replaces, felt.v1, felt.symptoms) == (
        reading.id, reading.v1, {Symptom.CHEST_PAIN},
    )  # fmt: skip
    assert Level.L4 in {alert.level for alert in taken.alerts}
    assert Level.L4 in {notice.level for notice in taken.notices}
    assert ops()[0].entity_id == felt.id
    with pytest.raises(InputError, match="There is no such reading"):
        alerts.tell_symptoms(archive, reading.id, [Symptom.FAINT], NOON)


def test_what_is_not_there_cannot_be_answered(archive, person):
    for act in (
        lambda: alerts.acknowledge(archive, uuid4(), "王小样", NOON),
        lambda: alerts.snooze(archive, uuid4(), 10, NOON),
        lambda: alerts.tell_symptoms(archive, uuid4(), [Symptom.FAINT], NOON),
    ):
        with pytest.raises(InputError, match="There is no such"):
            act()
