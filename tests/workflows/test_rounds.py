"""The ward round: what it looks at, keeps, tells and when it wants to come again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from carehub.archive import people as people_rows
from carehub.archive import readings as reading_rows
from carehub.care.alerts.model import Level
from carehub.care.changes import Changes
from carehub.care.people import Target
from carehub.care.plans import GlucosePlan, HealthGroup
from carehub.care.protocol import Protocol
from carehub.workflows import people, readings, rounds
from carehub.workflows.rulebook import protocol, rulebook
from tests.helpers.records import DAY, MINUTE, NOON, pressure


def test_a_quiet_house_has_nothing_to_tell(archive, person):
    told = rounds.make(archive, NOON)
    assert (told.alerts, told.notices, told.changes) == ((), (), Changes.NONE)


def test_an_alert_nobody_has_seen_is_told_again(archive, person):
    readings.type_in(archive, pressure(person.id, 205, 100), NOON)
    soon = rounds.make(archive, NOON + MINUTE)
    assert soon.notices == ()
    assert soon.next_due == NOON + 15 * MINUTE
    again = rounds.make(archive, NOON + 15 * MINUTE)
    assert Level.L3 in {notice.level for notice in again.notices}
    assert again.changes is Changes.ALERTS
    assert rounds.make(archive, NOON + 15 * MINUTE).notices == ()


def test_everyone_is_visited(archive, person):
    other = people.add(archive, name="李示例", now=NOON)
    with archive.write() as tx:
        for owner in (person.id, other.id):
            reading_rows.add(tx, pressure(owner, 205, 100))
    told = rounds.make(archive, NOON)
    assert {alert.person_id for alert in told.alerts} == {person.id, other.id}


def test_old_readings_are_left_alone(archive, person):
    with archive.write() as tx:
        reading_rows.add(
            tx, pressure(person.id, 205, 100, taken_at=NOON - (rounds.HISTORY_DAYS + 1) * DAY)
        )
        step = rounds.visit(tx, person.id, NOON)
    assert not [alert for alert in step.changed if alert.level >= Level.L2]


def test_the_plan_is_the_shipped_rules_with_a_doctors_target(archive, person):
    moved = replace(person, zone_offset=420)
    people.change(archive, moved, NOON)
    with archive.read() as tx:
        plan = rounds.plan_of(tx, people_rows.profile(tx, person.id))
    assert (plan.target, plan.zone_offset) == (Target(), 420)
    assert plan.rulebook is rulebook()
    target = Target(systolic=Decimal(150), diastolic=Decimal(90))
    people.agree_target(archive, person.id, target, NOON)
    with archive.read() as tx:
        assert rounds.plan_of(tx, people_rows.profile(tx, person.id)).target == target


def test_the_plan_is_what_was_agreed_about_glucose(archive, person):
    agreed = GlucosePlan(Decimal("6.8"), date(2026, 1, 5), 3, 0, HealthGroup.POOR, True)
    people.agree_glucose_plan(archive, person.id, agreed, NOON)
    with archive.read() as tx:
        plan = rounds.plan_of(tx, people_rows.profile(tx, person.id))
    assert (plan.last_hba1c, plan.glucose_every, plan.glucose_since) == (agreed.hba1c_on, 3, NOON)
    assert (plan.health_group, plan.ketone_strips) == (HealthGroup.POOR, True)


def test_the_rules_and_the_protocol_are_read_once():
    assert rulebook()["BP-CRIT"].number("systolic") == 180
    assert rulebook() is rulebook()
    assert isinstance(protocol(), Protocol)
    assert protocol() is protocol()
