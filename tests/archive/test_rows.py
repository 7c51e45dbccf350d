"""Every value of `care` comes back from the archive as it went in."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carehub.archive import alerts, consents, frames, meters, outbox, people, readings
from carehub.archive.columns import from_micro, micro
from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Frame, Meter
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
from carehub.errors import InputError
from tests.helpers import records, strategies

ROUND_TRIP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SOMEBODY = records.person()
OWNER = st.just(SOMEBODY.id)


@pytest.fixture
def tx(archive):
    with archive.write() as connection:
        people.add(connection, SOMEBODY)
        yield connection


@contextmanager
def undone(tx):
    """Take back what one example wrote."""
    with tx.begin_nested() as point:
        yield
        point.rollback()


@ROUND_TRIP
@given(strategies.of(Person))
def test_a_person(tx, person):
    with undone(tx):
        people.put(tx, person)
        assert people.get(tx, person.id) == person
        assert person in people.everyone(tx)


@ROUND_TRIP
@given(
    st.lists(strategies.of(Condition, person_id=OWNER), max_size=3),
    st.lists(strategies.of(Allergy, person_id=OWNER), max_size=3),
    st.lists(strategies.of(Medicine, person_id=OWNER), max_size=3),
    st.lists(strategies.of(HistoryLine, person_id=OWNER), max_size=3),
    st.lists(strategies.of(EmergencyContact, person_id=OWNER), max_size=3),
)
def test_the_health_archive(tx, conditions, allergies, medicines, history, contacts):
    with undone(tx):
        for put, lines in (
            (people.put_condition, conditions),
            (people.put_allergy, allergies),
            (people.put_medicine, medicines),
            (people.put_history, history),
            (people.put_contact, contacts),
        ):
            for line in lines:
                put(tx, line)
        found = people.profile(tx, SOMEBODY.id)
        assert set(found.conditions) == set(conditions)
        assert set(found.allergies) == set(allergies)
        assert set(found.medicines) == set(medicines)
        assert set(found.history) == set(history)
        assert set(found.contacts) == set(contacts)
        assert [c.order for c in found.contacts] == sorted(c.order for c in contacts)
        for line in (*conditions, *allergies, *medicines, *history, *contacts):
            people.remove(tx, line)
        assert people.profile(tx, SOMEBODY.id) == type(found)(SOMEBODY)


@ROUND_TRIP
@given(strategies.of(Target))
def test_a_target(tx, target):
    with undone(tx):
        people.put_target(tx, SOMEBODY.id, target)
        assert people.target(tx, SOMEBODY.id) == target


@ROUND_TRIP
@given(strategies.of(GlucosePlan))
def test_a_glucose_plan(tx, plan):
    with undone(tx):
        people.put_glucose_plan(tx, SOMEBODY.id, plan)
        assert people.glucose_plan(tx, SOMEBODY.id) == plan


@ROUND_TRIP
@given(strategies.reading(None) | strategies.reading(SOMEBODY.id))
def test_a_reading(tx, reading):
    with undone(tx):
        assert readings.add(tx, reading)
        assert readings.get(tx, reading.id) == reading


@ROUND_TRIP
@given(strategies.of(Alert, person_id=OWNER))
def test_an_alert(tx, alert):
    with undone(tx):
        alerts.put(tx, alert)
        assert alerts.get(tx, alert.id) == alert
        assert (alert in alerts.open(tx, SOMEBODY.id)) == alert.open


@ROUND_TRIP
@given(strategies.of(Frame))
def test_a_frame(tx, frame):
    with undone(tx):
        assert frames.keep(tx, frame)
        assert frame in frames.pending(tx)
        assert frame in frames.of_transfer(tx, frame.transfer_id)


@ROUND_TRIP
@given(strategies.of(Meter))
def test_a_meter(tx, meter):
    with undone(tx):
        meters.put(tx, meter)
        assert meters.get(tx, meter.id) == meter
        assert meter in meters.everyone(tx)


@ROUND_TRIP
@given(strategies.of(Consent, person_id=OWNER))
def test_a_consent(tx, consent):
    with undone(tx):
        assert consents.add(tx, consent)
        assert consent in consents.of(tx, SOMEBODY.id)


@ROUND_TRIP
@given(strategies.op(SOMEBODY.id))
def test_an_op(tx, op):
    with undone(tx):
        assert outbox.add(tx, op)
        assert outbox.waiting(tx)[-1] == op


@given(strategies.values)
def test_a_decimal_of_six_places_is_kept_exactly(value):
    assert from_micro(micro(value)) == value


@pytest.mark.parametrize(
    ("given", "shown"),
    [("120", "120"), ("120.0", "120"), ("5.60", "5.6"), ("-0.000001", "-0.000001")],
)
def test_a_decimal_is_shown_as_it_was_measured(given, shown):
    assert f"{from_micro(micro(Decimal(given))):f}" == shown
    assert "E" not in str(from_micro(micro(Decimal(1000))))


@pytest.mark.parametrize(
    "value", ["0.0000001", "NaN", "Infinity", "-Infinity", "sNaN", "1E12", "1E-7"]
)
def test_what_cannot_be_kept_exactly_is_refused(tx, value):
    with pytest.raises(InputError):
        readings.add(tx, records.pressure(SOMEBODY.id, v1=Decimal(value)))
    assert readings.latest(tx, SOMEBODY.id, records.Kind.BLOOD_PRESSURE) == []
