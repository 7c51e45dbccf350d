"""What a person's acts on people leave: rows, an op in the same transaction, and flags."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from carehub.archive import attachments, consents
from carehub.archive import people as rows
from carehub.care.changes import Changes
from carehub.care.consent import Purpose
from carehub.care.people import (
    Allergy,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Sex,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.errors import InputError
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import people, readings
from tests.helpers.records import NOON, condition, medicine, pressure


def test_a_person_is_added_with_an_op(archive, ops):
    added = people.add(
        archive,
        name=" 王示例 ", called=" 王奶奶 ", born=date(1948, 3, 12), sex=Sex.FEMALE, zone_offset=420,
        now=NOON,
    )  # fmt: skip
    assert (added.name, added.called, added.created_at) == ("王示例", "王奶奶", NOON)
    with archive.read() as tx:
        assert rows.get(tx, added.id) == added
    (op,) = ops()
    assert (op.kind, op.act, op.entity_id, op.person_id) == (
        EntityKind.PERSON, Act.ADD, added.id, added.id,
    )  # fmt: skip
    assert op.body["born"] == "1948-03-12"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "  "}, "A name is needed."),
        ({"born": date(2030, 1, 1)}, "That birthday cannot be right."),
        ({"born": date(1890, 1, 1)}, "That birthday cannot be right."),
    ],
)
def test_what_cannot_be_right_leaves_nothing(archive, ops, given, told):
    with pytest.raises(InputError, match=told):
        people.add(archive, **{"name": "王示例", "now": NOON} | given)
    with archive.read() as tx:
        assert rows.everyone(tx) == []
    assert ops() == []


def test_a_person_may_change(archive, person, ops):
    ops()
    changed = replace(person, called=" 奶奶 ", born=date(1948, 3, 12))
    assert people.change(archive, changed, NOON) == Changes.PEOPLE | Changes.ALERTS
    with archive.read() as tx:
        assert rows.get(tx, person.id) == replace(changed, called="奶奶")
    assert next((op.kind, op.act) for op in ops()) == (EntityKind.PERSON, Act.SET)
    with pytest.raises(InputError):
        people.change(archive, replace(person, name=""), NOON)


def lines(person_id):
    return {
        EntityKind.CONDITION: condition(person_id, id=uuid4(), name="高血压"),
        EntityKind.ALLERGY: Allergy(uuid4(), person_id, "青霉素", "起皮疹"),
        EntityKind.MEDICINE: medicine(person_id),
        EntityKind.HISTORY_LINE: HistoryLine(uuid4(), person_id, HistoryKind.SURGERY, "手术"),
        EntityKind.EMERGENCY_CONTACT: EmergencyContact(uuid4(), person_id, "王小样", "女儿"),
    }


def kept(archive, person):
    with archive.read() as tx:
        profile = rows.profile(tx, person.id)
    return {
        *profile.conditions, *profile.allergies, *profile.medicines, *profile.history,
        *profile.contacts,
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(lines(uuid4())))
def test_each_line_of_the_health_archive_is_noted_and_struck(archive, person, ops, kind):
    line = lines(person.id)[kind]
    ops()
    assert people.note(archive, line, NOON) == Changes.PEOPLE | Changes.ALERTS
    assert line in kept(archive, person)
    assert (kind, Act.SET, line.id) in [(op.kind, op.act, op.entity_id) for op in ops()]
    assert people.strike(archive, line, NOON) == Changes.PEOPLE | Changes.ALERTS
    assert line not in kept(archive, person)
    assert (kind, Act.REMOVE, line.id) in [(op.kind, op.act, op.entity_id) for op in ops()]


def test_a_doctors_target_is_what_readings_are_judged_by(archive, person, ops):
    taken = readings.type_in(archive, pressure(person.id, 142, 84, taken_at=NOON), NOON)
    assert "BP-HIGH1" in {alert.rule for alert in taken.alerts}
    ops()
    target = Target(systolic=Decimal(160), diastolic=Decimal(95))
    assert people.agree_target(archive, person.id, target, NOON) & Changes.ALERTS
    with archive.read() as tx:
        assert rows.target(tx, person.id) == target
    sent = ops()
    assert (sent[0].kind, sent[0].entity_id) == (EntityKind.TARGET, person.id)
    assert EntityKind.ALERT in {op.kind for op in sent}


def test_an_agreed_interval_counts_from_when_it_was_agreed(archive, person):
    def since(plan, now):
        people.agree_glucose_plan(archive, person.id, plan, now)
        with archive.read() as tx:
            kept = rows.glucose_plan(tx, person.id)
        assert kept is not None
        return kept.every_since

    assert since(GlucosePlan(every=3), NOON) == NOON
    assert since(GlucosePlan(every=3, ketone_strips=True), NOON + 5) == NOON
    assert since(GlucosePlan(every=7), NOON + 9) == NOON + 9


@pytest.mark.parametrize(
    "plan",
    [
        GlucosePlan(Decimal("2.9"), date(2026, 1, 5)),
        GlucosePlan(Decimal("20.1"), date(2026, 1, 5)),
        GlucosePlan(Decimal("6.8"), date(2099, 1, 5)),
    ],
)
def test_an_hba1c_that_cannot_be_is_refused(archive, person, plan):
    with pytest.raises(InputError):
        people.agree_glucose_plan(archive, person.id, plan, NOON)
    with archive.read() as tx:
        assert rows.glucose_plan(tx, person.id) is None


def test_consent_is_kept_with_the_version_of_its_text(archive, person, ops):
    ops()
    assert people.consent(archive, person.id, Purpose.ARCHIVE, "2026-1", NOON) is Changes.PEOPLE
    with archive.read() as tx:
        (row,) = consents.of(tx, person.id)
    assert (row.purpose, row.text_version, row.granted_at) == (Purpose.ARCHIVE, "2026-1", NOON)
    assert [(op.kind, op.entity_id) for op in ops()] == [(EntityKind.CONSENT, row.id)]


def test_several_lines_are_settled_at_once(archive, person, ops):
    allergy, other = (lines(person.id)[EntityKind.ALLERGY] for _ in range(2))
    people.note(archive, allergy, NOON)
    ops()
    assert people.settle(archive, [other], [allergy], NOON) == Changes.PEOPLE | Changes.ALERTS
    assert {op.act for op in ops() if op.kind is EntityKind.ALLERGY} == {Act.SET, Act.REMOVE}
    assert allergy not in kept(archive, person)
    assert people.settle(archive, [], [], NOON) is Changes.NONE
    assert people.new_id() != people.new_id()


def test_a_consent_taken_back_is_a_row_of_its_own(archive, person, ops):
    people.consent(archive, person.id, Purpose.FAMILY_SHARING, "2026-1", NOON)
    with archive.read() as tx:
        (given,) = consents.of(tx, person.id)
    ops()
    people.withdraw(archive, given, NOON + 1)
    with archive.read() as tx:
        rows_now = consents.of(tx, person.id)
    assert given in rows_now
    assert [row.withdrawn_at for row in rows_now if row != given] == [NOON + 1]
    assert [op.kind for op in ops()] == [EntityKind.CONSENT]


def test_a_photo_is_kept_in_the_archive(archive, person):
    people.keep_photo(archive, person, b"\x89PNG example", "image/png", NOON)
    with archive.read() as tx:
        kept_person = rows.get(tx, person.id)
    assert kept_person is not None
    assert attachments.read(archive, kept_person.photo_id) == b"\x89PNG example"
