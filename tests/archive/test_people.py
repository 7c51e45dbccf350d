"""People, their health archive, alerts, meters, consents and what leaves."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from carehub.archive import (
    alerts,
    consents,
    frames,
    meters,
    outbox,
    people,
    readings,
    search,
    tables,
)
from carehub.archive.outbox import OpState
from carehub.care.alerts.model import State
from carehub.care.consent import Consent, Purpose
from carehub.care.people import ConditionCode, EmergencyContact, Target
from carehub.care.plans import GlucosePlan
from carehub.wire.exchange import EntityKind
from tests.helpers import archives, records
from tests.helpers.records import DAY, NOON


@pytest.fixture
def person():
    return records.person()


@pytest.fixture
def tx(archive, person):
    with archive.write() as connection:
        people.add(connection, person)
        yield connection


def test_a_person_is_added_once_and_changed_by_put(tx, person):
    assert not people.add(tx, replace(person, name="别人"))
    assert people.get(tx, person.id) == person
    people.put(tx, replace(person, called="奶奶"))
    assert people.everyone(tx) == [replace(person, called="奶奶")]
    assert people.get(tx, uuid4()) is None


def test_people_stand_in_the_order_in_which_they_came(tx, person):
    older = records.person(created_at=NOON - DAY)
    people.add(tx, older)
    assert people.everyone(tx) == [older, person]


def test_a_profile_of_nobody_is_a_bug(tx):
    with pytest.raises(LookupError):
        people.profile(tx, uuid4())


def test_changing_a_line_keeps_one(tx, person):
    condition = records.condition(person.id)
    people.put_condition(tx, condition)
    people.put_condition(tx, replace(condition, code=ConditionCode.STROKE))
    assert [c.code for c in people.profile(tx, person.id).conditions] == [ConditionCode.STROKE]


def test_contacts_stand_in_the_order_of_calling(tx, person):
    for order in (2, 1, 3):
        people.put_contact(tx, EmergencyContact(uuid4(), person.id, f"家人{order}", order=order))
    assert [c.order for c in people.profile(tx, person.id).contacts] == [1, 2, 3]


def test_no_target_is_none(tx, person):
    assert people.target(tx, person.id) is None
    people.put_target(tx, person.id, Target())
    assert people.target(tx, person.id) == Target()


def test_a_glucose_plan_is_kept_and_forgotten(tx, person):
    assert people.glucose_plan(tx, person.id) is None
    people.put_glucose_plan(tx, person.id, GlucosePlan(every=3))
    assert people.glucose_plan(tx, person.id) == GlucosePlan(every=3)
    people.remove_glucose_plan(tx, person.id)
    assert people.glucose_plan(tx, person.id) is None


def test_erasing_a_person_leaves_nothing_of_them_and_everything_of_others(archive, tx, person):
    other = records.person(name="李示例")
    people.add(tx, other)
    for owner in (person, other):
        people.put_medicine(tx, records.medicine(owner.id))
        people.put_target(tx, owner.id, Target())
        people.put_glucose_plan(tx, owner.id, GlucosePlan())
        readings.add(tx, records.pressure(owner.id, note="头晕"))
        alerts.put(tx, records.alert(owner.id))
        consents.add(tx, Consent(uuid4(), owner.id, Purpose.ARCHIVE, "1", NOON))
        outbox.add(tx, records.op(EntityKind.PERSON, owner.id, owner.id))
    people.erase(tx, person.id)
    for table in tables.metadata.tables.values():
        if "person_id" in table.c:
            left = {
                row[0] for row in tx.execute(table.select().with_only_columns(table.c.person_id))
            }
            assert left <= {other.id}, table.name
    assert people.everyone(tx) == [other]
    assert {hit.person_id for hit in search.find(tx, "头晕")} == {other.id}


def kept_frame(tx, meter_id, reading=None):
    frame = records.frame(meter_id=meter_id)
    frames.keep(tx, frame)
    if reading is not None:
        readings.add(tx, reading)
        frames.became(tx, [frame.id], reading.id)
    return frame.id


def frames_left(tx):
    return set(tx.execute(select(tables.frame.c.id)).scalars())


def test_erasing_a_person_takes_the_raw_frames_of_their_readings(tx, person):
    other = records.person(name="李示例")
    people.add(tx, other)
    meters.put(tx, records.meter(id="hers", slots=((None, person.id),)))
    meters.put(tx, records.meter(id="both", slots=((1, person.id), (2, other.id))))
    kept_frame(tx, "hers", records.pressure(person.id))
    kept_frame(tx, "both", records.pressure(person.id))
    kept_frame(tx, "hers")
    left = {
        kept_frame(tx, "both", records.pressure(other.id)),
        kept_frame(tx, "hers", records.pressure(other.id)),
        kept_frame(tx, "both"),
    }
    people.erase(tx, person.id)
    assert frames_left(tx) == left
    assert [meter.slots for meter in meters.everyone(tx) if meter.slots] == [((2, other.id),)]
    people.erase(tx, other.id)
    assert frames_left(tx) == set()


def test_open_alerts_are_those_somebody_has_to_look_at(tx, person):
    kept = {state: records.alert(person.id, state=state) for state in State}
    for alert in kept.values():
        alerts.put(tx, alert)
    assert {a.state for a in alerts.open(tx, person.id)} == {
        State.PENDING,
        State.ACTIVE,
        State.ACKNOWLEDGED,
    }
    assert alerts.open(tx, uuid4()) == []
    closed = replace(kept[State.ACTIVE], state=State.RESOLVED, cleared_at=NOON)
    alerts.put(tx, closed)
    assert alerts.get(tx, closed.id) == closed
    assert alerts.get(tx, uuid4()) is None


def test_alerts_between_take_their_beginning_and_not_their_end(tx, person):
    kept = [records.alert(person.id, raised_at=NOON + n) for n in range(4)]
    for alert in kept:
        alerts.put(tx, alert)
    assert alerts.between(tx, person.id, NOON + 1, NOON + 3) == kept[1:3]


def test_frames_wait_until_something_is_made_of_them(tx):
    kept = [records.frame(received_at=NOON + n) for n in range(3)]
    for frame in reversed(kept):
        assert frames.keep(tx, frame)
    assert not frames.keep(tx, kept[0])
    assert frames.pending(tx) == kept
    assert frames.done(tx, [kept[0].id, kept[2].id, uuid4()], "taken") == 2
    assert frames.pending(tx) == [kept[1]]
    assert frames.of_transfer(tx, kept[0].transfer_id) == [kept[0]]


def test_meters_are_changed_by_put(tx):
    old = records.meter(last_read_at=1)
    new = records.meter(id="CUFF-2", last_read_at=2)
    meters.put(tx, old)
    meters.put(tx, new)
    assert meters.everyone(tx) == [new, old]
    owned = replace(old, slots=((None, uuid4()), (2, uuid4())), last_read_at=3)
    meters.put(tx, owned)
    assert meters.everyone(tx) == [owned, new]
    assert meters.get(tx, "CUFF-3") is None


def test_a_consent_is_never_edited(archive, person):
    given = Consent(uuid4(), person.id, Purpose.ARCHIVE, "1", NOON)
    with archive.write() as tx:
        people.add(tx, person)
        assert consents.add(tx, given)
        assert not consents.add(tx, replace(given, withdrawn_at=NOON))
        withdrawn = replace(given, id=uuid4(), granted_at=NOON + 1, withdrawn_at=NOON + 1)
        consents.add(tx, withdrawn)
        assert consents.of(tx, person.id) == [given, withdrawn]
    with pytest.raises(IntegrityError, match="never edited"), archive.write() as tx:
        tx.execute(update(tables.consent).values(withdrawn_at=NOON))


def test_ops_wait_in_order_and_are_settled_by_their_own_id(tx, person):
    kept = [records.op(EntityKind.PERSON, person.id, person.id) for _ in range(3)]
    for op in kept:
        assert outbox.add(tx, op)
    assert not outbox.add(tx, kept[0])
    assert outbox.waiting(tx) == kept
    assert outbox.settle(tx, [kept[1].op_id], OpState.DONE) == 1
    assert outbox.settle(tx, [kept[2].op_id, uuid4()], OpState.REJECTED) == 1
    assert outbox.waiting(tx) == kept[:1]


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("simulated", [False, True])
def test_what_stems_from_a_pretend_meter_leaves_only_a_demo(tmp_path, person, demo, simulated):
    archive = archives.new(tmp_path / "a", demo=demo)
    with archive.write() as tx:
        people.add(tx, person)
        reading = records.pressure(person.id, simulated=simulated)
        alert = records.alert(person.id, readings=(uuid4(), reading.id))
        readings.add(tx, reading)
        alerts.put(tx, alert)
        leaves = demo or not simulated
        for kind, entity in ((EntityKind.READING, reading.id), (EntityKind.ALERT, alert.id)):
            assert outbox.add(tx, records.op(kind, entity, person.id)) is leaves
        assert len(outbox.waiting(tx)) == 2 * leaves
    archive.close(NOON)


def test_an_op_of_an_alert_or_reading_that_is_not_here_may_leave(tx, person):
    for kind in (EntityKind.ALERT, EntityKind.READING):
        assert outbox.add(tx, records.op(kind, uuid4(), person.id))


def test_an_op_and_its_change_are_kept_together_or_not_at_all(archive, person):
    with archive.write() as tx:
        people.add(tx, person)
    reading = records.pressure(person.id)
    with pytest.raises(RuntimeError, match="pulled"):
        _pull_the_plug(archive, reading)
    with archive.read() as tx:
        assert readings.get(tx, reading.id) is None
        assert outbox.waiting(tx) == []


def _pull_the_plug(archive, reading):
    with archive.write() as tx:
        readings.add(tx, reading)
        outbox.add(tx, records.op(EntityKind.READING, reading.id, reading.person_id))
        raise RuntimeError("the plug was pulled")
