"""Readings: once, never edited, void for good, and quick to draw."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError

from carehub.archive import people, readings, search, tables
from carehub.care.glances import Glance
from carehub.care.readings import (
    HIGH,
    Flag,
    Kind,
    MealContext,
    Posture,
    Setting,
    TimeQuality,
    Unit,
    in_force,
)
from tests.helpers import records
from tests.helpers.records import MINUTE, NOON, glucose, pressure

BP, BG = Kind.BLOOD_PRESSURE, Kind.GLUCOSE
FOREVER = (0, NOON * 2)


@pytest.fixture
def person(archive):
    somebody = records.person()
    with archive.write() as tx:
        people.add(tx, somebody)
    return somebody


@pytest.fixture
def tx(archive, person):
    with archive.write() as connection:
        yield connection


def test_the_same_reading_is_kept_once(tx, person):
    reading = pressure(person.id)
    assert readings.add(tx, reading)
    assert not readings.add(tx, reading)
    assert not readings.add(tx, replace(reading, v1=Decimal(200)))
    assert readings.between(tx, person.id, BP, *FOREVER) == [reading]


def test_between_takes_its_beginning_and_not_its_end(tx, person):
    kept = [pressure(person.id, taken_at=NOON + n * MINUTE) for n in range(5)]
    for reading in reversed(kept):
        readings.add(tx, reading)
    readings.add(tx, glucose(person.id))
    found = readings.between(tx, person.id, BP, NOON + MINUTE, NOON + 3 * MINUTE)
    assert found == kept[1:3]
    assert readings.latest(tx, person.id, BP, 2) == [kept[4], kept[3]]
    assert readings.latest(tx, uuid4(), BP) == []


def test_a_void_is_for_good(tx, person):
    reading = pressure(person.id, note="手抖")
    readings.add(tx, reading)
    assert readings.void(tx, reading.id, NOON)
    assert not readings.void(tx, reading.id, NOON + 1)
    assert readings.between(tx, person.id, BP, *FOREVER) == []
    voided = replace(reading, voided=True)
    assert readings.between(tx, person.id, BP, *FOREVER, in_force=False) == [voided]
    assert not readings.add(tx, reading), "the meter's memory was read again"
    assert readings.get(tx, reading.id) == voided
    assert readings.latest(tx, person.id, BP) == []
    assert readings.points(tx, person.id, BP, *FOREVER) == []
    assert not readings.void(tx, uuid4(), NOON)


def test_a_void_that_comes_from_elsewhere_is_for_good_too(tx, person):
    reading = pressure(person.id)
    readings.add(tx, reading)
    assert not readings.add(tx, replace(reading, voided=True))
    assert readings.get(tx, reading.id) == replace(reading, voided=True)


def test_corrections_in_any_order_leave_what_care_leaves(archive, person):
    first = pressure(person.id)
    second = pressure(person.id, 138, replaces=first.id)
    third = pressure(person.id, 135, replaces=second.id)
    for order in permutations([first, second, third]):
        with archive.write() as tx:
            for reading in order:
                readings.add(tx, reading)
            everything = readings.between(tx, person.id, BP, *FOREVER, in_force=False)
            assert readings.between(tx, person.id, BP, *FOREVER) == [third] == in_force(everything)
            tx.rollback()


def test_a_voided_correction_does_not_bring_the_old_one_back(tx, person):
    old = pressure(person.id)
    new = pressure(person.id, 138, replaces=old.id)
    for reading in (old, new):
        readings.add(tx, reading)
    readings.void(tx, new.id, NOON)
    assert readings.between(tx, person.id, BP, *FOREVER) == []
    assert in_force(readings.between(tx, person.id, BP, *FOREVER, in_force=False)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"v1": Decimal(1)},
        {"taken_at": 1},
        {"text": "HI"},
        {"note": "x"},
        {"symptoms": frozenset()},
        {"unit": Unit.KPA},
    ],
    ids=str,
)
def test_the_database_itself_refuses_to_edit_a_reading(archive, person, change):
    reading = pressure(person.id)
    with archive.write() as tx:
        readings.add(tx, reading)
    with pytest.raises(IntegrityError, match="never edited"), archive.write() as tx:
        tx.execute(update(tables.reading).values(**change))
    with archive.read() as tx:
        assert readings.get(tx, reading.id) == reading


@pytest.mark.parametrize(
    "change", [{"voided": False}, {"in_force": True}, {"person_id": None}], ids=str
)
def test_the_database_itself_keeps_a_void_and_an_owner(archive, person, change):
    reading = pressure(person.id)
    with archive.write() as tx:
        readings.add(tx, reading)
        readings.void(tx, reading.id, NOON)
    with pytest.raises(IntegrityError), archive.write() as tx:
        tx.execute(update(tables.reading).values(**change))


def test_the_tray_holds_what_belongs_to_nobody_until_somebody_claims_it(archive, tx, person):
    other = records.person(name="李示例")
    people.add(tx, other)
    stray = [pressure(None, received_at=NOON + n) for n in range(3)]
    for reading in stray:
        readings.add(tx, reading)
    readings.void(tx, stray[2].id, NOON)
    assert readings.unassigned(tx) == stray[:2]
    assert readings.assign(tx, [stray[0].id, uuid4()], person.id) == 1
    assert readings.assign(tx, [stray[0].id], other.id) == 0
    assert readings.unassigned(tx) == stray[1:2]
    assert readings.latest(tx, person.id, BP) == [replace(stray[0], person_id=person.id)]


def test_a_person_must_be_there(archive):
    with pytest.raises(IntegrityError), archive.write() as tx:
        readings.add(tx, pressure(uuid4()))


def test_points_carry_what_a_chart_needs(tx, person):
    readings.add(tx, pressure(person.id, "17.1", "10.9", unit=Unit.KPA, v3=None, simulated=True))
    readings.add(tx, glucose(person.id, v1=None, text=HIGH, context=MealContext.FASTING))
    assert readings.points(tx, person.id, BP, NOON, NOON + 1) == [
        (NOON, 17.1, 10.9, None, "kPa", "random", "", 1)
    ]
    assert readings.points(tx, person.id, BG, NOON, NOON + 1) == [
        (NOON, None, None, None, "mmol/L", "fasting", "HI", 0)
    ]
    assert type(readings.points(tx, person.id, BG, NOON, NOON + 1)[0]) is tuple


def test_the_chart_is_served_by_the_covering_index_alone(tx):
    plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {readings.POINTS}", (b"", "", 0, 0)).all()
    assert "COVERING INDEX ix_reading_chart" in plan[0][3]
    assert len(plan) == 1, "no sorting step"


@pytest.mark.parametrize("call", [readings.latest, readings.between], ids=["latest", "between"])
def test_other_questions_are_served_by_that_index_too(tx, person, call):
    asked = []

    def note(connection, cursor, statement, parameters, context, executemany):
        asked.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", note)
    call(tx, person.id, BP, *((1,) if call is readings.latest else FOREVER))
    event.remove(tx, "before_cursor_execute", note)
    (statement, parameters), *_ = asked
    plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "ix_reading_chart" in plan[0][3]


def test_a_note_is_found(tx, person):
    reading = pressure(person.id, note="早上起来头晕")
    readings.add(tx, reading)
    assert [hit.entity_id for hit in search.find(tx, "头晕")] == [reading.id]


def test_a_glance_is_that_of_the_whole_reading(tx, person):
    plain = pressure(person.id, v3=None)
    odd = pressure(
        person.id,
        Decimal("17.25"),
        v2=Decimal("11.5"),
        unit=Unit.KPA,
        taken_at=NOON + MINUTE,
        sequence=7,
        posture=Posture.STANDING_1_MIN,
        setting=Setting.KIOSK,
        time_quality=TimeQuality.SKEWED,
        zone_offset=-300,
        flags=frozenset({Flag.CUFF_LOOSE, Flag.BODY_MOVEMENT}),
        simulated=True,
    )
    sweet = glucose(person.id, v1=None, text=HIGH, context=MealContext.FASTING)
    voided = pressure(person.id, taken_at=NOON + 2 * MINUTE)
    for reading in (odd, plain, sweet, voided):
        readings.add(tx, reading)
    readings.void(tx, voided.id, NOON)
    found = readings.glances(tx, person.id, BP, *FOREVER)
    assert found == [Glance.of(plain), Glance.of(odd)]
    assert [type(one) for one in found] == [Glance, Glance]
    assert readings.glances(tx, person.id, BG, *FOREVER) == [Glance.of(sweet)]
    assert readings.glances(tx, person.id, BP, NOON + MINUTE, NOON + 2 * MINUTE) == found[1:]
    assert readings.glances(tx, person.id, BP, NOON, NOON + MINUTE) == found[:1]
