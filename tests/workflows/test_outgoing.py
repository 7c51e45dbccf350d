"""An op carries what changed and which revision was seen; what no mandate covers does not leave."""

from dataclasses import replace

import pytest

from carehub.archive import accounts, alerts, outbox, streams
from carehub.archive.outbox import OpState
from carehub.archive.streams import Entity, Stream
from carehub.care.people import Target
from carehub.care.plans import GlucosePlan
from carehub.errors import NotAllowed
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import alerts as alert_acts
from carehub.workflows import people, rounds
from tests.helpers import archives, records
from tests.helpers.records import NOON, uuid4


def heard(archive, person, **revisions):
    with archive.write() as tx:
        streams.put(tx, Stream(person.id, cursor=9))
        streams.keep(tx, Entity(person.id, "person", person.id, 9, {}, {"": 1, **revisions}))
        outbox.settle(tx, [op.op_id for op in outbox.waiting(tx)], OpState.DONE, seq=9, now=NOON)


def test_an_edit_carries_the_changed_fields_and_what_was_seen(archive, person, ops):
    heard(archive, person, name=4, called=7)
    ops()
    people.change(archive, replace(person, called="奶奶"), NOON)
    (op,) = [op for op in ops() if op.kind is EntityKind.PERSON]
    assert (op.act, op.body, op.base) == (Act.SET, {"called": "奶奶"}, {"called": 7})


def test_an_edit_that_changes_nothing_does_not_leave(archive, person, ops):
    heard(archive, person, name=4)
    ops()
    people.change(archive, person, NOON)
    assert ops() == []


def test_a_chain_of_edits_keeps_the_revision_its_first_link_saw(archive, person, ops):
    heard(archive, person, name=4, called=7)
    people.change(archive, replace(person, called="奶奶"), NOON)
    with archive.write() as tx:
        streams.keep(tx, Entity(person.id, "person", person.id, 12, {}, {"called": 12, "name": 11}))
    ops()
    people.change(archive, replace(person, called="外婆", name="李示例"), NOON)
    (op,) = [op for op in ops() if op.kind is EntityKind.PERSON]
    assert op.base == {"called": 7, "name": 11}


def test_a_new_entity_leaves_whole_and_a_removal_says_what_it_saw(archive, person, ops):
    ops()
    line = records.medicine(person.id)
    people.note(archive, line, NOON)
    (added,) = [op for op in ops() if op.kind is EntityKind.MEDICINE]
    assert added.body["name"] == line.name
    assert added.base == {}
    with archive.write() as tx:
        fields = {"": 3, "name": 3, "dose": 5}
        streams.keep(tx, Entity(person.id, "medicine", line.id, 5, {}, fields))
        outbox.settle(tx, [added.op_id], OpState.DONE, seq=3, now=NOON)
        streams.put(tx, Stream(person.id, cursor=5))
    people.strike(archive, line, NOON)
    (gone,) = [op for op in ops() if op.kind is EntityKind.MEDICINE]
    assert (gone.act, gone.body, gone.base) == (Act.REMOVE, {}, {"name": 3, "dose": 5})


def test_a_second_target_carries_what_differs(archive, person, ops):
    ops()
    people.agree_target(archive, person.id, Target(), NOON)
    people.agree_target(archive, person.id, replace(Target(), systolic=records.Decimal(150)), NOON)
    first, second = [op for op in ops() if op.kind is EntityKind.TARGET]
    assert set(first.body) > {"systolic", "diastolic"}
    assert second.body == {"systolic": "150"}


def test_a_changed_glucose_plan_carries_what_differs(archive, person, ops):
    ops()
    people.agree_glucose_plan(archive, person.id, GlucosePlan(every=3), NOON)
    people.agree_glucose_plan(archive, person.id, GlucosePlan(every=7), NOON + 5)
    first, second = [op for op in ops() if op.kind is EntityKind.GLUCOSE_PLAN]
    assert (first.entity_id, first.body["every_since"]) == (person.id, NOON)
    assert second.body == {"every": 7, "every_since": NOON + 5}


def test_an_op_carries_the_platform_s_time(archive, person, ops):
    with archive.write() as tx:
        fresh = accounts.Account(uuid4(), "https://platform.example", "m", uuid4(), clock_offset=-7)
        accounts.put(tx, fresh)
    ops()
    people.note(archive, records.medicine(person.id), NOON)
    assert {op.at for op in ops()} == {NOON - 7}
    with archive.write() as tx:
        accounts.note(tx, heard_at=NOON)
    people.note(archive, records.medicine(person.id), NOON - 10 * 365 * records.DAY)
    assert {op.at for op in ops()} == {NOON}


def test_what_the_mandate_does_not_cover_is_refused_and_not_done(archive, person, ops):
    alert = records.alert(person.id)
    with archive.write() as tx:
        alerts.put(tx, alert)
        streams.put(tx, Stream(person.id, role="viewer", scopes=("view",)))
    ops()
    with pytest.raises(NotAllowed, match="not given leave"):
        alert_acts.acknowledge(archive, alert.id, "儿子", NOON)
    with pytest.raises(NotAllowed):
        people.change(archive, replace(person, name="李示例"), NOON)
    with archive.read() as tx:
        assert alerts.get(tx, alert.id) == alert
    assert ops() == []
    rounds.make(archive, NOON)
    assert ops() == []


def test_a_mandate_that_ran_out_ends_with_the_round(tmp_path):
    with archives.cheap_keys():
        archive = archives.new(tmp_path / "other")
    owner = people.add(archive, name="李示例", now=NOON)
    with archive.write() as tx:
        streams.put(tx, Stream(owner.id, role="carer", until_at=NOON + 5))
    assert rounds.make(archive, NOON + 4).gone == ()
    made = rounds.make(archive, NOON + 5)
    assert (made.gone, made.changes) == ((owner.id,), streams.EVERYTHING)
    with archive.read() as tx:
        assert {r.code for r in outbox.refused(tx)} == {"mandate_over"}
        assert outbox.waiting(tx) == []
    archive.close(NOON)
