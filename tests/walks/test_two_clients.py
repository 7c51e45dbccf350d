"""Walks 1 and 2: a mother's reading reaches her daughter far away, and what she does comes back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from carehub.archive import alerts, outbox, people, readings
from carehub.archive.outbox import OpState
from carehub.care.alerts.model import Alert, State
from carehub.care.changes import Changes
from carehub.care.family import Role
from carehub.care.readings import Kind
from carehub.workflows import alerts as alert_acts
from carehub.workflows import readings as reading_acts
from carehub.workflows import rounds, sync
from tests.helpers import clients, records
from tests.helpers.clients import Machine
from tests.helpers.platforms import Service

MINUTE = 60_000


@dataclass
class Family:
    """Mother's machine, the daughter's, the platform between them."""

    service: Service
    mother: Machine
    daughter: Machine
    person_id: UUID
    daughter_id: UUID

    def later(self, minutes: int) -> None:
        for clock in (self.service.clock, self.mother.clock, self.daughter.clock):
            clock.now += minutes * MINUTE


@pytest.fixture
async def family(tmp_path: Path) -> AsyncIterator[Family]:
    async with (
        clients.running(tmp_path / "platform") as service,
        clients.machine(service, tmp_path / "mother") as mother,
        clients.machine(service, tmp_path / "daughter") as daughter,
    ):
        person_id = mother.add_person()
        await mother.sign_in("mother", new=True)
        daughter_id = await daughter.sign_in("daughter", new=True)
        await mother.now()
        await clients.give_mandate(service, person_id, daughter_id)
        await clients.agree_to_alerts(service, person_id, daughter_id)
        yield Family(service, mother, daughter, person_id, daughter_id)


def measure(machine: Machine, person_id: UUID, systolic: int = 187, diastolic: int = 112) -> UUID:
    reading = records.pressure(person_id, systolic, diastolic, taken_at=machine.clock())
    taken = reading_acts.type_in(machine.archive, reading, machine.clock())
    return taken.added[0].id


def open_alerts(machine: Machine, person_id: UUID) -> list[Alert]:
    with machine.archive.read() as tx:
        return alerts.open(tx, person_id)


async def test_a_reading_crosses_and_the_answer_comes_back(family: Family) -> None:
    mother, daughter, person_id = family.mother, family.daughter, family.person_id
    reading_id = measure(mother, person_id, 196, 124)
    (raised, *_rest) = open_alerts(mother, person_id)

    sent = await mother.now()
    got = await daughter.now()

    assert sent.sent >= 2
    with daughter.archive.read() as tx:
        assert people.get(tx, person_id) == mother.person(person_id)
        with mother.archive.read() as there:
            assert readings.get(tx, reading_id) == readings.get(there, reading_id)
    assert {a.id for a in open_alerts(daughter, person_id)} == {
        a.id for a in open_alerts(mother, person_id)
    }
    assert Changes.READINGS in got.changes
    assert Changes.ALERTS in got.changes

    family.later(1)
    alert_acts.acknowledge(daughter.archive, raised.id, "女儿", daughter.clock())
    await daughter.now()
    back = await mother.now()

    assert Changes.ALERTS in back.changes
    seen = next(a for a in open_alerts(mother, person_id) if a.id == raised.id)
    assert (seen.state, seen.acknowledged_by) == (State.ACKNOWLEDGED, "女儿")
    assert seen == next(a for a in open_alerts(daughter, person_id) if a.id == raised.id)
    # Nothing doubled, nothing waits, nothing was refused, on either side.
    for machine in (mother, daughter):
        standing = sync.status(machine.archive)
        assert (standing.waiting, standing.refused, standing.conflicts) == (0, (), ())
        with machine.archive.read() as tx:
            found = readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, machine.clock() + 1)
        assert [r.id for r in found] == [reading_id]
    quiet = await mother.now()
    assert (quiet.sent, quiet.fetched, quiet.changes) == (0, 0, Changes.NONE)


async def test_the_daughter_is_told_once_and_not_of_what_is_taken_in_hand(family: Family) -> None:
    measure(family.mother, family.person_id, 196, 124)
    (raised, *_rest) = open_alerts(family.mother, family.person_id)
    await family.mother.now()
    got = await family.daughter.now()
    assert raised.id in {alert_id for notice in got.notices for alert_id in notice.alerts}
    assert rounds.make(family.daughter.archive, family.daughter.clock()).notices == ()
    assert (await family.daughter.now()).notices == ()

    family.later(60 * 24)
    measure(family.mother, family.person_id, 198, 126)
    for alert in open_alerts(family.mother, family.person_id):
        alert_acts.acknowledge(family.mother.archive, alert.id, "妈妈", family.mother.clock())
    await family.mother.now()
    assert (await family.daughter.now()).notices == ()


async def test_a_mandate_taken_back_refuses_with_a_reason_and_wipes(family: Family) -> None:
    mother, daughter, person_id = family.mother, family.daughter, family.person_id
    measure(mother, person_id, 196, 124)
    await mother.now()
    await daughter.now()
    alert = open_alerts(daughter, person_id)[0]
    family.later(1)
    await clients.revoke(family.service, person_id, family.daughter_id)
    family.later(30)
    alert_acts.acknowledge(daughter.archive, alert.id, "女儿", daughter.clock())

    told = await daughter.now()

    assert Changes.PEOPLE in told.changes
    assert daughter.person(person_id) is None
    assert daughter.stream(person_id) is None
    standing = sync.status(daughter.archive)
    assert {(r.state, r.code) for r in standing.refused} == {(OpState.BLOCKED, "grant_revoked")}
    assert {r.op.entity_id for r in standing.refused} == {alert.id}
    await mother.now()
    assert open_alerts(mother, person_id)[0].acknowledged_by == ""


async def test_a_mandate_that_ran_out_wipes_without_any_contact(family: Family) -> None:
    daughter, person_id = family.daughter, family.person_id
    measure(family.mother, person_id, 196, 124)
    await family.mother.now()
    await daughter.now()
    until = daughter.stream(person_id).until_at
    daughter.wire.cut = True
    alert = open_alerts(daughter, person_id)[0]
    alert_acts.acknowledge(daughter.archive, alert.id, "女儿", daughter.clock())
    daughter.clock.now = until - 1
    assert rounds.make(daughter.archive, daughter.clock()).gone == ()
    daughter.clock.now = until
    made = rounds.make(daughter.archive, daughter.clock())
    assert made.gone == (person_id,)
    assert Changes.PEOPLE in made.changes
    assert daughter.person(person_id) is None
    with daughter.archive.read() as tx:
        kept = outbox.refused(tx)
    assert {r.code for r in kept} == {"mandate_over"}
    assert alert.id in {r.op.entity_id for r in kept}


async def test_a_viewer_sees_and_cannot_write(family: Family, tmp_path: Path) -> None:
    async with clients.machine(family.service, tmp_path / "son") as son:
        son_id = await son.sign_in("son", new=True)
        await clients.give_mandate(family.service, family.person_id, son_id, Role.VIEWER)
        measure(family.mother, family.person_id, 196, 124)
        await family.mother.now()
        await son.now()
        alert = open_alerts(son, family.person_id)[0]
        with pytest.raises(Exception, match="not given leave"):
            alert_acts.acknowledge(son.archive, alert.id, "儿子", son.clock())
        assert open_alerts(son, family.person_id)[0].acknowledged_by == ""
        assert sync.status(son.archive).refused == ()
