"""What to send and what to apply, without any network: each step on a real archive."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from carehub.archive import accounts, conflicts, consents, outbox, people, readings, streams
from carehub.archive.outbox import OpState
from carehub.archive.streams import Entity, Stream
from carehub.care.changes import Changes
from carehub.care.consent import Consent, Purpose
from carehub.care.people import Target
from carehub.care.plans import GlucosePlan
from carehub.errors import NotAllowed
from carehub.sync import exchange, views
from carehub.wire.exchange import (
    Act,
    Change,
    Digest,
    EntityKind,
    Head,
    KindDigest,
    Op,
    OpResult,
    Pull,
    Snapshot,
    Status,
)
from carehub.wire.exchange import Entity as Told
from carehub.wire.values import body_of
from tests.helpers import archives, records
from tests.helpers.records import NOON

DEVICE = uuid4()


@pytest.fixture
def tx(tmp_path):
    with archives.cheap_keys():
        archive = archives.new(tmp_path / "archive")
    with archive.write() as connection:
        yield connection
    archive.close(NOON)


@pytest.fixture
def person(tx):
    """A person who agreed, whose stream is open and read to its beginning."""
    added = records.person()
    people.add(tx, added)
    agree(tx, added.id)
    streams.put(tx, Stream(added.id))
    return added


def found(value: Any) -> Any:
    assert value is not None
    return value


def agree(tx, person_id, purpose=Purpose.PLATFORM_SYNC, **given):
    consents.add(tx, Consent(uuid4(), person_id, purpose, "1", NOON, **given))


def change(seq, kind, entity_id, body, act=Act.SET, **given):
    usual = {"fields": dict.fromkeys(body, seq), "op_id": uuid4(), "author": uuid4()}
    shape = {"seq": seq, "kind": kind, "entity_id": entity_id, "act": act, "body": body}
    return Change(**shape | usual | {"device": DEVICE, "at": NOON} | given)


def page(*changes, next=None, head=None, epoch=1):
    last = changes[-1].seq if changes else 0
    end = last if next is None else next
    return Pull(changes=changes, next=end, head=head or end, epoch=epoch, server_time=NOON)


def apply(tx, person_id, *changes, **given):
    looked = []
    done = exchange.apply(
        tx, person_id, page(*changes, **given), lambda _tx, who: looked.append(who)
    )
    return done, looked


def queue(tx, person_id, kind=EntityKind.CONDITION, entity_id=None, act=Act.SET, **body):
    op = records.op(kind, entity_id or uuid4(), person_id, act=act, body=body)
    outbox.add(tx, op)
    return op


def chosen(tx, most=200, now=NOON):
    return [each.op.op_id for each in exchange.choose(tx, now, most)]


def result(op, status=Status.OK, **given):
    return OpResult(op_id=op.op_id, status=status, **given)


def acknowledge(tx, sent, *results):
    return exchange.acknowledge(tx, sent, results, NOON, lambda n: n * 1000)


# ---------------------------------------------------------------- consent
def test_the_gate_is_asked_for_each_person(tx, person):
    other = records.person(name="李示例")
    people.add(tx, other)
    exchange.clear(tx, person.id)
    with pytest.raises(NotAllowed):
        exchange.clear(tx, other.id)
    assert exchange.concerned(tx) == [person.id]
    assert not exchange.quiet(tx)


def test_it_is_quiet_where_people_are_and_nobody_agreed(tx):
    assert not exchange.quiet(tx)
    owner = records.person()
    people.add(tx, owner)
    assert exchange.quiet(tx)
    streams.put(tx, Stream(uuid4(), role="carer"))
    assert not exchange.quiet(tx)


def test_a_stream_is_read_unless_paused_or_taken_back(tx, person):
    mother, paused, second = uuid4(), uuid4(), uuid4()
    streams.put(tx, Stream(mother, role="carer"))
    streams.put(tx, Stream(paused, role="carer", paused="consent_withdrawn"))
    streams.put(tx, Stream(second))
    readable = {stream.person_id for stream in exchange.readable(tx)}
    assert readable == {person.id, mother, second}
    agree(tx, person.id, withdrawn_at=NOON + 1)
    assert person.id not in {stream.person_id for stream in exchange.readable(tx)}


# ---------------------------------------------------------------- choosing
def test_ops_leave_oldest_first_and_no_more_than_asked(tx, person):
    ops = [queue(tx, person.id, note="x") for _ in range(5)]
    assert chosen(tx, 3) == [op.op_id for op in ops[:3]]
    assert outbox.counts(tx)[OpState.INFLIGHT] == 3


def test_an_op_that_waits_holds_back_its_own_entity_only(tx, person):
    entity = uuid4()
    first = queue(tx, person.id, entity_id=entity, note="a")
    queue(tx, person.id, entity_id=entity, note="b")
    other = queue(tx, person.id, note="c")
    outbox.postpone(tx, [first.op_id], NOON + 1)
    assert chosen(tx) == [other.op_id]
    assert len(chosen(tx, now=NOON + 1)) == 3


def test_a_push_has_an_end_in_bytes(tx, person):
    ops = [queue(tx, person.id, note="x" * 60_000) for _ in range(6)]
    assert chosen(tx) == [op.op_id for op in ops[:4]]


def test_an_op_no_push_can_hold_is_refused_and_others_leave(tx, person):
    huge = queue(tx, person.id, note="x" * 70_000)
    small = queue(tx, person.id, note="x")
    assert chosen(tx) == [small.op_id]
    assert [(r.op.op_id, r.code) for r in outbox.refused(tx)] == [(huge.op_id, "too_large")]


def test_a_paused_stream_takes_consents_alone_and_an_unknown_one_nothing(tx, person):
    stream = found(streams.get(tx, person.id))
    queue(tx, person.id, note="x")
    again = queue(tx, person.id, EntityKind.CONSENT, act=Act.ADD)
    streams.put(tx, replace(stream, paused="consent_withdrawn"))
    assert chosen(tx) == [again.op_id]
    streams.put(tx, replace(stream, paused="consent_withdrawn", role="carer"))
    assert chosen(tx) == []
    other = records.person(name="李示例")
    people.add(tx, other)
    agree(tx, other.id)
    queue(tx, other.id, note="x")
    assert chosen(tx) == []


# ---------------------------------------------------------------- acknowledging
def test_each_op_is_acknowledged_by_its_own_id(tx, person):
    ops = [queue(tx, person.id, note="x") for _ in range(6)]
    sent = exchange.choose(tx, NOON, 200)
    late = queue(tx, person.id, note="late")
    acknowledge(
        tx,
        sent,
        result(ops[0], seq=1, rev=1),
        result(ops[1], Status.DUPLICATE, seq=2, rev=2),
        result(ops[2], Status.REJECTED, code="malformed"),
        result(ops[3], Status.BLOCKED, code="grant_revoked"),
        result(ops[4], Status.RETRY),
        result(late, seq=9),
    )
    counted = outbox.counts(tx)
    assert counted[OpState.DONE] == 2
    assert [(r.state, r.code) for r in outbox.refused(tx)] == [
        (OpState.REJECTED, "malformed"),
        (OpState.BLOCKED, "grant_revoked"),
    ]
    assert [op.op_id for op in outbox.waiting(tx)] == [ops[4].op_id, ops[5].op_id, late.op_id]
    assert chosen(tx) == [late.op_id]
    assert len(chosen(tx, now=NOON + 1000)) == 3


def test_a_refused_edit_is_taken_back_on_the_screen(tx, person):
    apply(tx, person.id, change(1, EntityKind.PERSON, person.id, body_of(person), Act.ADD))
    op = queue(tx, person.id, EntityKind.PERSON, person.id, name="李示例")
    people.put(tx, replace(person, name="李示例"))
    sent = exchange.choose(tx, NOON, 1)
    assert acknowledge(tx, sent, result(op, Status.REJECTED, code="x")) == Changes.PEOPLE
    assert found(people.get(tx, person.id)).name == person.name


def test_a_refused_reading_stays_where_it_is(tx, person):
    reading = records.pressure(person.id)
    readings.add(tx, reading)
    op = queue(tx, person.id, EntityKind.READING, reading.id, Act.ADD)
    sent = exchange.choose(tx, NOON, 1)
    assert acknowledge(tx, sent, result(op, Status.REJECTED, code="x")) == Changes.NONE
    assert readings.get(tx, reading.id) == reading


def test_an_edit_is_shown_until_its_stream_holds_it(tx, person):
    body = body_of(person)
    apply(tx, person.id, change(1, EntityKind.PERSON, person.id, body, Act.ADD))
    op = queue(tx, person.id, EntityKind.PERSON, person.id, name="李示例")
    sent = exchange.choose(tx, NOON, 1)
    acknowledge(tx, sent, result(op, seq=3, rev=3))
    apply(tx, person.id, change(2, EntityKind.PERSON, person.id, {"called": "奶奶"}))
    assert (found(people.get(tx, person.id)).name, found(people.get(tx, person.id)).called) == (
        "李示例",
        "奶奶",
    )
    apply(tx, person.id, change(3, EntityKind.PERSON, person.id, {"name": "张示例"}))
    assert found(people.get(tx, person.id)).name == "张示例"


def test_a_push_too_large_is_halved_down_to_one(tx, person):
    ops = [queue(tx, person.id, note="x") for _ in range(5)]
    sent = exchange.choose(tx, NOON, 5)
    assert exchange.too_large(tx, sent, NOON) == 2
    assert len(outbox.waiting(tx)) == 5
    (one,) = exchange.choose(tx, NOON, 1)
    assert exchange.too_large(tx, [one], NOON) == 1
    assert [r.op.op_id for r in outbox.refused(tx)] == [ops[0].op_id]


# ---------------------------------------------------------------- heads
def head(person_id, **given):
    usual = {"head": 0, "floor": 0, "epoch": 1, "role": "self", "scopes": ["view"]}
    return Head(**{"person_id": person_id} | usual | given)


def test_who_is_not_listed_any_more_is_removed_and_one_s_own_never(tx, person):
    mother = records.person(name="李示例")
    people.add(tx, mother)
    streams.put(tx, Stream(mother.id, role="carer", scopes=("view", "acknowledge")))
    op = queue(tx, mother.id, EntityKind.ALERT, note="x")
    assert exchange.meet(tx, [], NOON) == streams.EVERYTHING
    assert people.get(tx, mother.id) is None
    assert people.get(tx, person.id) == person
    assert [(r.op, r.code) for r in outbox.refused(tx)] == [(op, "grant_revoked")]


def test_a_head_is_noted_and_the_place_read_to_stays(tx, person):
    streams.move(tx, person.id, cursor=7, head=7, epoch=3)
    told = head(person.id, head=9, epoch=4, until_at=NOON)
    assert exchange.meet(tx, [told], NOON) == Changes.FAMILY
    noted = found(streams.get(tx, person.id))
    assert (noted.head, noted.cursor, noted.epoch, noted.until_at) == (9, 7, 3, NOON)
    assert exchange.meet(tx, [told], NOON) == Changes.NONE


def test_what_a_withdrawn_consent_blocked_goes_out_when_it_is_given_again(tx, person):
    op, other = queue(tx, person.id, note="x"), queue(tx, person.id, note="y")
    sent = exchange.choose(tx, NOON, 2)
    acknowledge(
        tx,
        sent,
        result(op, Status.BLOCKED, code="consent_withdrawn"),
        result(other, Status.REJECTED, code="malformed"),
    )
    exchange.meet(tx, [head(person.id, paused="consent_withdrawn")], NOON)
    assert [r.op for r in outbox.refused(tx)] == [op, other]
    exchange.meet(tx, [head(person.id)], NOON)
    assert [r.op for r in outbox.refused(tx)] == [other]
    assert outbox.waiting(tx) == [op]


def test_what_was_written_for_somebody_goes_out_when_there_is_a_mandate_again(tx):
    mother = records.person()
    people.add(tx, mother)
    streams.put(tx, Stream(mother.id, role="carer", scopes=("acknowledge",), until_at=NOON))
    op = queue(tx, mother.id, EntityKind.ALERT, note="x")
    assert streams.end_overdue(tx, NOON - 1) == ()
    assert streams.end_overdue(tx, NOON) == (mother.id,)
    assert [(r.op, r.code) for r in outbox.refused(tx)] == [(op, "mandate_over")]
    exchange.meet(tx, [head(uuid4(), role="carer")], NOON)
    assert outbox.waiting(tx) == []
    exchange.meet(tx, [head(mother.id, role="carer")], NOON)
    assert outbox.waiting(tx) == [op]


# ---------------------------------------------------------------- applying
def test_a_page_and_its_place_are_kept_together_and_hearing_twice_changes_nothing(tx, person):
    reading = records.pressure(person.id)
    line = records.condition(person.id)
    said = (
        change(1, EntityKind.READING, reading.id, body_of(reading) | {"odour": "none"}, Act.ADD),
        change(2, EntityKind.CONDITION, line.id, body_of(line)),
    )
    done, looked = apply(tx, person.id, *said)
    assert done == Changes.READINGS | Changes.PEOPLE | Changes.ALERTS
    assert looked == [person.id]
    assert readings.get(tx, reading.id) == reading
    assert found(streams.get(tx, person.id)).cursor == 2
    kept = found(streams.entity(tx, person.id, "reading", reading.id))
    assert (kept.body, kept.fields, kept.rev) == ({"odour": "none"}, {}, 1)
    assert apply(tx, person.id, *said) == (Changes.NONE, [])
    void = change(3, EntityKind.READING, reading.id, {"voided": True}, Act.VOID)
    assert apply(tx, person.id, void)[0] == Changes.READINGS | Changes.ALERTS
    assert apply(tx, person.id, void) == (Changes.NONE, [])
    assert found(readings.get(tx, reading.id)).voided


def test_things_that_arrive_before_the_person_wait_under_a_sign(tx):
    somebody = uuid4()
    streams.put(tx, Stream(somebody))
    reading, alert = records.pressure(somebody), records.alert(somebody)
    target = change(3, EntityKind.TARGET, somebody, body_of(Target()))
    agreed = GlucosePlan(hba1c=Decimal("6.8"), every=3)
    glucose = change(3, EntityKind.GLUCOSE_PLAN, somebody, body_of(agreed))
    consent = Consent(uuid4(), somebody, Purpose.PLATFORM_SYNC, "1", NOON)
    unseen = change(1, EntityKind.PERSON, somebody, {"called": "奶奶"})
    assert apply(tx, somebody, unseen)[0] == Changes.NONE
    apply(tx, somebody, change(1, EntityKind.ALERT, alert.id, body_of(alert)))
    apply(
        tx, somebody, change(2, EntityKind.READING, reading.id, body_of(reading), Act.ADD), target
    )
    assert apply(tx, somebody, target) == (Changes.NONE, [])
    assert apply(tx, somebody, glucose)[0] & Changes.PEOPLE
    assert apply(tx, somebody, glucose) == (Changes.NONE, [])
    apply(tx, somebody, change(4, EntityKind.CONSENT, consent.id, body_of(consent), Act.ADD))
    assert found(people.get(tx, somebody)).name == views.UNNAMED
    assert people.target(tx, somebody) == Target()
    assert people.glucose_plan(tx, somebody) == agreed
    assert consents.of(tx, somebody) == [consent]
    owner = records.person(id=somebody)
    apply(tx, somebody, change(5, EntityKind.PERSON, somebody, body_of(owner), Act.ADD))
    assert people.get(tx, somebody) == owner
    gone = change(6, EntityKind.TARGET, somebody, {}, Act.REMOVE)
    assert apply(tx, somebody, gone)[0] & Changes.PEOPLE
    assert people.target(tx, somebody) is None
    apply(tx, somebody, change(7, EntityKind.GLUCOSE_PLAN, somebody, {}, Act.REMOVE))
    assert people.glucose_plan(tx, somebody) is None


def test_a_line_removed_elsewhere_goes_and_may_come_back(tx, person):
    line = records.medicine(person.id)
    apply(tx, person.id, change(1, EntityKind.MEDICINE, line.id, body_of(line)))
    gone = change(2, EntityKind.MEDICINE, line.id, {}, Act.REMOVE)
    assert apply(tx, person.id, gone)[0] & Changes.PEOPLE
    assert people.profile(tx, person.id).medicines == ()
    assert apply(tx, person.id, gone)[0] == Changes.NONE
    apply(tx, person.id, change(3, EntityKind.MEDICINE, line.id, {"stopped": True}))
    assert people.profile(tx, person.id).medicines == (replace(line, stopped=True),)


def test_a_removal_that_waits_is_shown_over_what_the_platform_says(tx, person):
    line = records.medicine(person.id)
    apply(tx, person.id, change(1, EntityKind.MEDICINE, line.id, body_of(line)))
    queue(tx, person.id, EntityKind.MEDICINE, line.id, Act.REMOVE)
    apply(tx, person.id, change(2, EntityKind.MEDICINE, line.id, {"dose": "60 mg"}))
    assert people.profile(tx, person.id).medicines == ()
    queue(tx, person.id, EntityKind.MEDICINE, line.id, Act.SET, dose="90 mg")
    apply(tx, person.id, change(3, EntityKind.MEDICINE, line.id, {"timing": "早"}))
    assert people.profile(tx, person.id).medicines == (replace(line, dose="90 mg", timing="早"),)


OF_NOTHING = (EntityKind.PERSON, EntityKind.TARGET, EntityKind.GLUCOSE_PLAN)
"""Kinds that mean something even where no field of them is known."""


@pytest.mark.parametrize("kind", [k for k in EntityKind if k not in OF_NOTHING])
def test_what_is_not_understood_is_kept_and_not_shown(tx, person, kind):
    entity = uuid4()
    assert apply(tx, person.id, change(1, kind, entity, {"glow": 1}))[0] == Changes.NONE
    kept = found(streams.entity(tx, person.id, kind, entity))
    assert kept.rev == 1
    assert kept.body == {"glow": 1}


def test_a_kind_nobody_knows_is_kept_whole(tx, person):
    entity = uuid4()
    apply(tx, person.id, change(1, "hologram", entity, {"glow": 1}))
    apply(tx, person.id, change(2, "hologram", entity, {"hue": "red"}))
    kept = found(streams.entity(tx, person.id, "hologram", entity))
    assert (kept.body, kept.rev) == ({"glow": 1, "hue": "red"}, 2)


def test_a_body_speaks_of_its_own_stream_s_person_only(tx, person):
    stranger = uuid4()
    line = records.condition(stranger)
    apply(tx, person.id, change(1, EntityKind.CONDITION, line.id, body_of(line)))
    assert people.profile(tx, person.id).conditions[0].person_id == person.id
    renamed = change(2, EntityKind.PERSON, person.id, {"id": str(stranger), "name": "李示例"})
    apply(tx, person.id, renamed)
    assert people.get(tx, stranger) is None
    assert found(people.get(tx, person.id)).name == "李示例"


def test_a_conflict_is_shown_until_it_is_settled(tx, person):
    clash = conflicts.Conflict(
        uuid4(), person.id, "person", person.id, "name", "甲", "乙", uuid4(), uuid4(), NOON
    )
    body = {name: value for name, value in body_of(clash).items() if name != "person_id"}
    apply(tx, person.id, change(1, EntityKind.CONFLICT, clash.id, body, Act.ADD))
    assert conflicts.unsettled(tx, person.id) == [clash]
    apply(tx, person.id, change(2, EntityKind.CONFLICT, clash.id, {"resolved_at": NOON}))
    assert conflicts.unsettled(tx, person.id) == []


def test_an_alert_of_elsewhere_is_laid_over_what_the_rules_here_say(tx, person):
    reading, alert = records.pressure(person.id, 196, 124), records.alert(person.id)
    order = []

    def see(connection, _person_id):
        from carehub.archive import alerts

        order.append(alerts.get(connection, alert.id))

    said = page(
        change(1, EntityKind.ALERT, alert.id, body_of(alert)),
        change(2, EntityKind.READING, reading.id, body_of(reading), Act.ADD),
    )
    done = exchange.apply(tx, person.id, said, see)
    assert order == [None]
    assert Changes.ALERTS in done
    assert apply(tx, person.id, change(1, EntityKind.ALERT, alert.id, body_of(alert)))[1] == []


# ---------------------------------------------------------------- snapshots and digests
def told(kind, entity_id, body, rev, **given):
    fields = dict.fromkeys(body, rev)
    return Told(kind=kind, entity_id=entity_id, rev=rev, body=body, fields=fields, **given)


def test_a_snapshot_takes_the_place_of_everything_and_gives_back_what_was_lost(tx, person):
    kept, lost = records.pressure(person.id), records.pressure(person.id, 150)
    line, gone = records.condition(person.id), records.medicine(person.id)
    clash = uuid4()
    apply(
        tx,
        person.id,
        change(1, EntityKind.READING, kept.id, body_of(kept), Act.ADD),
        change(2, EntityKind.READING, lost.id, body_of(lost), Act.ADD),
        change(3, EntityKind.CONDITION, line.id, body_of(line) | {"severity": 3}),
        change(4, EntityKind.MEDICINE, gone.id, body_of(gone)),
        change(5, EntityKind.MEDICINE, gone.id, {}, Act.REMOVE),
        change(6, EntityKind.CONFLICT, clash, {"glow": 1}, Act.ADD),
    )
    waiting = queue(tx, person.id, EntityKind.PERSON, person.id, called="奶奶")
    done = queue(tx, person.id, EntityKind.PERSON, person.id, name="李示例")
    outbox.settle(tx, [done.op_id], OpState.DONE, seq=6, now=NOON)
    entities = [
        told(EntityKind.PERSON, person.id, body_of(person), 1),
        told(EntityKind.READING, kept.id, body_of(kept), 1),
    ]
    exchange.apply_snapshot(tx, person.id, entities, lambda _tx, _who: None)
    first = Snapshot(entities=entities, after=None, head=1, epoch=2, server_time=NOON)
    named = {("person", person.id), ("reading", kept.id)}
    exchange.end_snapshot(tx, person.id, first, named, NOON, uuid4)
    here = found(streams.get(tx, person.id))
    assert (here.cursor, here.epoch) == (1, 2)
    back = {(op.kind, op.entity_id, op.act) for op in outbox.waiting(tx)}
    assert back == {
        (EntityKind.PERSON, person.id, Act.SET),
        (EntityKind.READING, lost.id, Act.ADD),
        (EntityKind.CONDITION, line.id, Act.SET),
    }
    assert {waiting.op_id, done.op_id} <= {op.op_id for op in outbox.waiting(tx)}
    again = next(op for op in outbox.waiting(tx) if op.kind is EntityKind.CONDITION)
    assert again.body["severity"] == 3
    assert found(people.get(tx, person.id)).called == "奶奶"
    assert found(people.get(tx, person.id)).name == "李示例"


def test_who_may_not_write_gives_nothing_back(tx, person):
    streams.put(tx, Stream(person.id, role="viewer", scopes=("view",)))
    streams.keep(tx, Entity(person.id, "condition", uuid4(), 1, {"code": "other"}))
    streams.keep(tx, Entity(person.id, "reading", uuid4(), 1))
    first = Snapshot(entities=[], after=None, head=0, epoch=2, server_time=NOON)
    exchange.end_snapshot(tx, person.id, first, set(), NOON, uuid4)
    assert outbox.waiting(tx) == []


def test_a_snapshot_of_an_unknown_person_needs_no_stream(tx):
    somebody = records.person()
    entity = told(EntityKind.PERSON, somebody.id, body_of(somebody), 1)
    exchange.apply_snapshot(tx, somebody.id, [entity], lambda _tx, _who: None)
    assert people.get(tx, somebody.id) == somebody


def test_drift_is_a_different_sum_at_the_same_place(tx, person):
    apply(tx, person.id, change(1, EntityKind.PERSON, person.id, body_of(person), Act.ADD))
    ((kind, (count, xor)),) = streams.digest(tx, person.id).items()

    def drifted(head=1, epoch=1, **kinds):
        return exchange.drifted(tx, person.id, Digest(head=head, epoch=epoch, kinds=kinds))

    assert not drifted(**{kind: KindDigest(count=count, xor=xor)})
    assert drifted(**{kind: KindDigest(count=count, xor="0" * 16)})
    assert drifted()
    assert not drifted(head=2)
    assert not drifted(epoch=2)
    assert not exchange.drifted(tx, uuid4(), Digest(head=0, epoch=0, kinds={}))


# ---------------------------------------------------------------- what the archive keeps of it
def test_what_was_on_the_wire_waits_again_after_a_stop(tx, person):
    queue(tx, person.id, note="x")
    sent = exchange.choose(tx, NOON, 1)
    assert outbox.recall(tx) == 1
    (again,) = exchange.choose(tx, NOON, 1)
    assert (sent[0].attempts, again.attempts) == (0, 1)


def test_acknowledged_ops_are_forgotten_in_time_and_others_never(tx, person):
    ops = [queue(tx, person.id, note="x") for _ in range(3)]
    outbox.settle(tx, [ops[0].op_id], OpState.DONE, seq=1, now=NOON)
    outbox.settle(tx, [ops[1].op_id], OpState.REJECTED, now=NOON)
    assert outbox.prune(tx, NOON) == 0
    assert outbox.prune(tx, NOON + 1) == 1
    assert len(outbox.refused(tx)) == 1
    assert outbox.again(tx, [op.op_id for op in ops]) == 1


def test_one_account_at_a_time(tx):
    assert accounts.get(tx) is None
    assert accounts.clock_offset(tx) == 0
    first = accounts.Account(uuid4(), "https://platform.example", "mother", uuid4(), access="x" * 9)
    accounts.put(tx, first)
    accounts.put(tx, replace(first, id=UUID(int=5), clock_offset=7))
    assert found(accounts.get(tx)).id == UUID(int=5)
    assert accounts.clock_offset(tx) == 7
    assert "mother" not in repr(first)
    assert "x" * 9 not in repr(first)


def test_an_op_of_ours_comes_back_as_it_was(tx, person):
    op = Op(
        op_id=uuid4(), person_id=person.id, kind=EntityKind.PERSON, entity_id=person.id,
        act=Act.SET, at=NOON, base={"name": 3}, body={"name": "李示例"},
    )  # fmt: skip
    outbox.add(tx, op)
    assert outbox.waiting(tx) == [op]


def test_what_was_agreed_to_leaves_before_what_was_entered_earlier(tx):
    person_id = uuid4()
    kinds = (EntityKind.CONDITION, EntityKind.CONSENT)
    ops = [
        Op(op_id=uuid4(), person_id=person_id, kind=k, entity_id=uuid4(), act=Act.ADD, at=NOON)
        for k in kinds
    ]
    for op in ops:
        outbox.add(tx, op)
    left = [op.op_id for op, _attempts in outbox.sendable(tx, [person_id], NOON)]
    assert left == [ops[1].op_id, ops[0].op_id]
