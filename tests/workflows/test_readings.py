"""Readings typed in, taken from a meter, claimed, corrected and voided."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from carehub.archive import frames as frame_rows
from carehub.archive import meters as meter_rows
from carehub.archive import people as people_rows
from carehub.archive import readings as rows
from carehub.care.alerts.model import Level, State
from carehub.care.changes import Changes
from carehub.care.meters import Measurement
from carehub.care.readings import Kind, Setting, Source, TimeQuality, Unit
from carehub.errors import InputError, NotAllowed
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import people, readings
from tests.helpers.records import DAY, MINUTE, NOON, frame, glucose, meter, pressure


def measured(key: str = "1", systolic: int = 128, **given: object) -> Measurement:
    """Return what a cuff's driver decodes."""
    usual = {
        "meter_id": "CUFF-1", "record_key": key, "kind": Kind.BLOOD_PRESSURE, "unit": Unit.MMHG,
        "received_at": NOON, "v1": Decimal(systolic), "v2": Decimal(82), "v3": Decimal(70),
        "device_time": "2026-08-01T12:00:00", "time_quality": TimeQuality.OK, "user_slot": 1,
    }  # fmt: skip
    return Measurement(**usual | given)


def take(archive, *measurements, now=NOON, **given):
    return readings.take(archive, meter(**given), measurements, zone_offset=480, now=now)


def in_force(archive, person_id, kind=Kind.BLOOD_PRESSURE):
    with archive.read() as tx:
        return rows.between(tx, person_id, kind, 0, NOON + 10 * DAY)


def test_what_is_typed_in_is_kept_sent_and_judged(archive, person, ops):
    ops()
    taken = readings.type_in(archive, pressure(person.id, 205, 112), NOON)
    (reading,) = taken.added
    assert (reading.source, reading.received_at) == (Source.KEYPAD, NOON)
    assert in_force(archive, person.id) == [reading]
    assert taken.changes == Changes.READINGS | Changes.ALERTS
    assert Level.L3 in {alert.level for alert in taken.alerts}
    assert Level.L3 in {notice.level for notice in taken.notices}
    sent = ops()
    assert (sent[0].kind, sent[0].act, sent[0].entity_id) == (
        EntityKind.READING, Act.ADD, reading.id,
    )  # fmt: skip
    assert {alert.id for alert in taken.alerts} == {
        op.entity_id for op in sent if op.kind is EntityKind.ALERT
    }


@pytest.mark.parametrize(
    "wrong",
    [
        pressure(uuid4(), 400, 82),
        pressure(uuid4(), 82, 128),
        glucose(uuid4(), "99"),
        pressure(uuid4(), taken_at=NOON + 11 * MINUTE),
    ],
)
def test_what_cannot_be_true_is_refused_and_leaves_nothing(archive, person, ops, wrong):
    ops()
    with pytest.raises(InputError):
        readings.type_in(archive, replace(wrong, person_id=person.id), NOON)
    with archive.read() as tx:
        assert archive.info().readings == 0
        assert rows.unassigned(tx) == []
    assert ops() == []


def test_an_unknown_user_of_a_meter_waits_in_the_tray_until_claimed(archive, person, ops):
    ops()
    taken = take(archive, measured())
    (waiting,) = taken.unassigned
    assert (taken.added, taken.alerts, taken.changes) == ((), (), Changes.READINGS)
    assert ops() == []
    given = readings.claim(archive, [waiting.id, uuid4()], person.id, NOON)
    assert [reading.id for reading in given.added] == [waiting.id]
    assert in_force(archive, person.id)[0].id == waiting.id
    assert next(op.entity_id for op in ops()) == waiting.id
    # From now on this user of the meter is known.
    assert take(archive, measured("2", 131)).added[0].person_id == person.id
    assert take(archive, measured("3", user_slot=2)).unassigned


def test_a_meter_without_users_is_asked_about_where_several_people_live(archive, person):
    waiting = take(archive, measured(user_slot=None)).unassigned
    readings.claim(archive, [waiting[0].id], person.id, NOON)
    assert take(archive, measured("2", user_slot=None)).added
    people.add(archive, name="李示例", now=NOON)
    assert take(archive, measured("3", user_slot=None)).unassigned
    readings.claim(archive, [take(archive, measured("4", user_slot=None)).unassigned[0].id],
                   person.id, NOON)  # fmt: skip
    assert take(archive, measured("5", user_slot=None)).unassigned


def test_a_claimed_reading_keeps_its_owner(archive, person):
    other = people.add(archive, name="李示例", now=NOON)
    (waiting,) = take(archive, measured()).unassigned
    readings.claim(archive, [waiting.id], person.id, NOON)
    assert readings.claim(archive, [waiting.id], other.id, NOON).added == ()
    assert in_force(archive, other.id) == []


@pytest.mark.parametrize(("hours", "level"), [(2, Level.L3), (3, Level.L2), (25, Level.L1)])
def test_what_waited_in_the_tray_is_no_emergency_of_this_moment(archive, person, hours, level):
    """CLINICAL 4.8: for the rules it arrives when somebody claims it."""
    (waiting,) = take(archive, measured(systolic=205)).unassigned
    later = NOON + hours * 60 * MINUTE
    given = readings.claim(archive, [waiting.id], person.id, later)
    (alert,) = [a for a in given.alerts if a.rule == "BP-EXT"]
    assert (alert.level, alert.historic) == (level, level < Level.L3)
    (kept,) = in_force(archive, person.id)
    assert (kept.taken_at, kept.v1) == (waiting.taken_at, Decimal(205))
    assert take(archive, measured(systolic=205), now=later).known == (waiting.id,)
    assert in_force(archive, person.id) == [kept]
    with archive.read() as tx:
        assert rows.unassigned(tx) == []


def test_what_a_crash_kept_back_for_hours_is_no_emergency_of_this_moment(archive, person):
    waiting = take(archive, measured("0")).unassigned
    readings.claim(archive, [waiting[0].id], person.id, NOON)
    taken = take(archive, measured(systolic=205), now=NOON + 180 * MINUTE)
    (alert,) = [a for a in taken.alerts if a.rule == "BP-EXT"]
    assert (alert.level, alert.historic) == (Level.L2, True)


def test_the_slot_of_somebody_who_was_removed_is_nobody_s(archive, person):
    waiting = take(archive, measured("0")).unassigned
    readings.claim(archive, [waiting[0].id], person.id, NOON)
    other = people.add(archive, name="李示例", now=NOON)
    with archive.write() as tx:
        people_rows.erase(tx, person.id)
    (stray,) = take(archive, measured("1")).unassigned
    readings.claim(archive, [stray.id], other.id, NOON)
    assert take(archive, measured("2")).added[0].person_id == other.id


def test_reading_a_meter_again_adds_nothing(archive, person, ops):
    first = take(archive, measured("1"), measured("2", 131))
    ops()
    again = take(archive, measured("1"), measured("2", 131), measured("3", 127))
    assert set(again.known) == {reading.id for reading in first.unassigned}
    assert len(again.unassigned) == 1
    assert take(archive).changes is Changes.NONE


def test_the_same_record_of_another_meter_is_another_reading(archive, person):
    first = take(archive, measured())
    second = take(archive, measured(), id="CUFF-2")
    assert first.unassigned[0].id != second.unassigned[0].id


def test_an_unbelievable_record_is_refused_with_a_sentence_and_its_bytes_stay(archive, person):
    sent = frame()
    with archive.write() as tx:
        frame_rows.keep(tx, sent)
    taken = take(archive, measured(systolic=400, frames=(sent.id,)), measured("2"))
    assert len(taken.refused) == 1
    assert len(taken.unassigned) == 1
    with archive.read() as tx:
        assert frame_rows.pending(tx) == []
        assert frame_rows.of_transfer(tx, sent.transfer_id) == [sent]


def test_only_the_newest_record_of_a_skewed_meter_counts_as_just_measured(archive, person):
    skewed = {"device_time": "2026-08-01T15:00:00", "sequence": 2}
    old = {"device_time": "2020-01-01T07:00:00", "sequence": 1, "time_quality": TimeQuality.UNSET}
    taken = take(archive, measured("2", **skewed), measured("1", **old))
    quality = {one.sequence: (one.time_quality, one.taken_at) for one in taken.unassigned}
    assert quality[2] == (TimeQuality.SKEWED, NOON)
    assert quality[1][0] is TimeQuality.UNSET


def test_a_meter_is_remembered_as_it_was_last_met(archive, person):
    take(archive, measured(), model="M1", last_read_at=1)
    readings.claim(archive, [one.id for one in take(archive, measured("2")).unassigned],
                   person.id, NOON)  # fmt: skip
    take(archive, name="", address="", model="")
    with archive.read() as tx:
        known = meter_rows.get(tx, "CUFF-1")
    assert known is not None
    assert (known.name, known.model, known.owner(1)) == ("Example cuff", "M1", person.id)


def test_a_pretend_reading_never_leaves(archive, person, ops):
    (waiting,) = take(archive, measured(systolic=205, simulated=True), simulated=True).unassigned
    ops()
    given = readings.claim(archive, [waiting.id], person.id, NOON)
    assert given.alerts
    assert ops() == []


def test_a_correction_ends_the_alert_the_slip_had_raised(archive, person):
    (slip,) = readings.type_in(archive, pressure(person.id, 218, 82), NOON).added
    right = replace(slip, v1=Decimal(128), setting=Setting.CLINIC)
    taken = readings.correct(archive, slip.id, right, NOON + MINUTE)
    (new,) = taken.added
    assert (new.replaces, new.v1, new.setting) == (slip.id, Decimal(128), Setting.HOME)
    assert in_force(archive, person.id) == [new]
    assert not [alert for alert in taken.alerts if alert.open and alert.level >= Level.L3]
    assert any(not alert.open for alert in taken.alerts)


def test_a_reading_is_corrected_once_and_then_its_correction_is(archive, person):
    (slip,) = readings.type_in(archive, pressure(person.id, 182, 82), NOON).added
    (new,) = readings.correct(archive, slip.id, slip, NOON).added
    with pytest.raises(NotAllowed, match="can no longer be corrected"):
        readings.correct(archive, slip.id, slip, NOON)
    assert readings.correct(archive, new.id, new, NOON).added
    assert len(in_force(archive, person.id)) == 1
    with pytest.raises(NotAllowed):
        readings.correct(archive, uuid4(), slip, NOON)
    with pytest.raises(InputError):
        readings.correct(archive, new.id, replace(new, v1=Decimal(900)), NOON)


def test_a_reading_in_the_tray_can_be_corrected_too(archive, person):
    (waiting,) = take(archive, measured()).unassigned
    (new,) = readings.correct(archive, waiting.id, waiting, NOON).unassigned
    with archive.read() as tx:
        assert rows.unassigned(tx) == [new]


def test_a_void_is_for_good_and_ends_its_alerts(archive, person, ops):
    (reading,) = readings.type_in(archive, pressure(person.id, 205, 112), NOON).added
    ops()
    taken = readings.void(archive, reading.id, NOON + MINUTE)
    assert taken.added[0].voided
    assert in_force(archive, person.id) == []
    assert taken.alerts
    assert State.ACTIVE not in {alert.state for alert in taken.alerts}
    assert (EntityKind.READING, Act.VOID) in {(op.kind, op.act) for op in ops()}
    with pytest.raises(NotAllowed):
        readings.correct(archive, reading.id, reading, NOON)
    with pytest.raises(InputError, match="There is no such reading"):
        readings.void(archive, uuid4(), NOON)


def test_a_reading_in_the_tray_is_voided_quietly(archive, person, ops):
    (waiting,) = take(archive, measured()).unassigned
    ops()
    assert readings.void(archive, waiting.id, NOON).changes is Changes.NONE
    with archive.read() as tx:
        assert rows.unassigned(tx) == []
    assert ops() == []
