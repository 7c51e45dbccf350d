"""The walk of an alert: told to who agreed, seen to arrive, taken in hand; honest where it is not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from carehub.archive import alerts, streams
from carehub.care.alerts.model import State
from carehub.care.escalation import Progress
from carehub.care.family import Role
from carehub.platform.alerts import runner
from carehub.sync import telling as routes
from carehub.wire.clinic import HandIn, Outcome
from carehub.workflows import alerts as alert_acts
from carehub.workflows import escalations, rounds
from carehub.workflows import telling as acts
from carehub.workflows.clinic import Clinic
from carehub.workflows.telling import Telling
from tests.helpers import clients
from tests.platform.test_escalation import add_staff
from tests.walks.test_two_clients import Family, measure, open_alerts

MINUTE = 60_000


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
        await clients.give_mandate(service, person_id, daughter_id, name="王小示")
        await daughter.now()
        yield Family(service, mother, daughter, person_id, daughter_id)


async def step(family: Family, minutes: int = 0) -> None:
    family.later(minutes)
    await runner.turn(family.service.app.state.running)


def telling(family: Family, machine) -> Telling:
    return Telling(machine.archive, machine.client, machine.clock)


def standing(machine, alert) -> Any:
    with machine.archive.read() as tx:
        return escalations.standing(tx, alert)


def escalation_of(machine, alert) -> Any:
    return acts.escalation_of(machine.archive, alert)


def state_of(machine, alert) -> Any:
    with machine.archive.read() as tx:
        found: Any = alerts.get(tx, alert.id)
        return found.state


async def test_a_daughter_who_agreed_is_told_and_everybody_sees_that_she_was(family):
    mother, daughter, person_id = family.mother, family.daughter, family.person_id
    await telling(family, daughter).agree_to_alerts(person_id, agreed=True)
    measure(mother, person_id, 196, 124)
    (alert,) = [a for a in open_alerts(mother, person_id) if a.level >= 3]
    assert escalation_of(mother, alert) is None
    assert standing(mother, alert) == escalations.Telling(shares=True)

    await mother.now()
    told = standing(mother, alert)
    assert (told.sent, told.failing, told.escalation.unreached) == (True, False, False)
    got = await daughter.now()
    assert [n.alerts for n in got.notices] == [(alert.id,)]
    await mother.now()
    (carer,) = [t for t in escalation_of(mother, alert).told if t.rung == "first_carer"]
    assert (carer.name, carer.delivered_at is not None) == ("王小示", True)
    await daughter.now()
    assert escalations.escalations(daughter.archive, person_id)[0].told[1] == carer

    alert_acts.acknowledge(daughter.archive, alert.id, "女儿", daughter.clock())
    await daughter.now()
    await mother.now()
    over = escalation_of(mother, alert)
    assert (over.state, over.acknowledged_by) == (Progress.ACKNOWLEDGED, "女儿")
    await step(family, 61)
    await mother.now()
    assert len(escalation_of(mother, alert).told) == 2


async def test_who_did_not_agree_sees_the_alert_and_is_not_alarmed(family):
    mother, daughter, person_id = family.mother, family.daughter, family.person_id
    measure(mother, person_id, 196, 124)
    await mother.now()
    got = await daughter.now()
    assert [n for n in got.notices if n.level >= 3] == []
    assert any(a.level >= 3 for a in open_alerts(daughter, person_id))
    family.later(15)
    assert [
        n for n in rounds.make(daughter.archive, daughter.clock()).notices if n.level >= 3
    ] == []
    (alert,) = [a for a in open_alerts(mother, person_id) if a.level >= 3]
    await mother.now()
    assert escalation_of(mother, alert).unreached

    # She agrees, and is the next to be told.
    await telling(family, daughter).agree_to_alerts(person_id, agreed=True)
    await step(family)
    late = await daughter.now()
    assert [n.alerts for n in late.notices] == [(alert.id,)]
    assert (await daughter.now()).notices == ()
    await mother.now()
    assert not escalation_of(mother, alert).unreached


async def test_a_silent_machine_is_told_to_the_daughter(family):
    daughter, person_id = family.daughter, family.person_id
    await telling(family, daughter).agree_to_alerts(person_id, agreed=True)
    await step(family)
    day = 24 * 60
    family.mother.wire.cut = True
    for _ in range(6):
        await step(family, day)
        await daughter.now()
    zone = 8 * 60
    to_eight = (8 * 60 - (family.service.clock() // MINUTE + zone) % day) % day
    await step(family, to_eight)
    got = await daughter.now()
    assert [n.rule for n in got.notices if n.rule.startswith("STALE")] == ["STALE-CLIENT"]
    with daughter.archive.read() as tx:
        (alert,) = [a for a in alerts.open(tx, person_id) if a.rule == "STALE-CLIENT"]
    rounds.make(daughter.archive, daughter.clock())
    assert state_of(daughter, alert) is State.ACTIVE

    family.mother.wire.cut = False
    await family.mother.now()
    await step(family, 10)
    await daughter.now()
    assert state_of(daughter, alert) is State.RESOLVED


async def test_offline_it_is_true_that_nobody_was_told(family):
    measure(family.mother, family.person_id, 196, 124)
    (alert,) = [a for a in open_alerts(family.mother, family.person_id) if a.level >= 3]
    family.mother.wire.cut = True
    with pytest.raises(Exception, match="reached"):
        await family.mother.now()
    told = standing(family.mother, alert)
    assert (told.shares, told.sent, told.failing) == (True, False, True)


async def test_a_mandate_that_ended_meanwhile_confirms_nothing(family, monkeypatch):
    daughter, person_id = family.daughter, family.person_id
    await telling(family, daughter).agree_to_alerts(person_id, agreed=True)
    measure(family.mother, person_id, 196, 124)
    await family.mother.now()
    confirm = routes.Telling.received

    async def too_late(self, access, person_id, alert_id):
        await clients.revoke(family.service, person_id, family.daughter_id)
        return await confirm(self, access, person_id, alert_id)

    monkeypatch.setattr(routes.Telling, "received", too_late)
    got = await daughter.now()
    assert got.troubled == {person_id: "grant_revoked"}


async def test_a_clinic_and_the_order_of_relatives(family):
    mother, person_id, service = family.mother, family.person_id, family.service
    here = service.app.state.running
    await here.db.write(lambda tx: add_staff(tx, service.clock(), "W1"))
    mine = telling(family, mother)
    assert [c.code for c in await mine.clinics()] == ["C1"]
    await mine.choose_clinic(person_id, "C1")
    assert [c.account_id for c in await mine.carers(person_id)] == [family.daughter_id]
    assert (await mine.circle(person_id)).clinic == "C1"
    ordered = await mine.order_carers(person_id, [family.daughter_id])
    assert [c.agreed for c in ordered] == [False]

    from carehub.platform.directory import service as directory

    await here.db.write(lambda tx: directory.link(tx, "W1", family.daughter_id, service.clock()))
    worker = Clinic(family.daughter.archive, family.daughter.client, family.daughter.clock)
    assert (await worker.me()).clinic.name == "示例社区诊所"
    measure(mother, person_id, 196, 124)
    await mother.now()
    await step(family, 60)
    (task,) = await worker.tasks()
    detail = await worker.claim(person_id, task.id)
    assert detail.name == "王示例"
    assert (await worker.close(person_id, task.id, Outcome.REACHED, "好")).state == "closed"
    assert (await worker.tasks(), await worker.reviews()) == ([], [])
    assert await worker.look_up("mother") == []


async def test_a_guardian_at_the_clinic(family, tmp_path):
    service, person_id = family.service, family.person_id
    here = service.app.state.running
    await here.db.write(lambda tx: add_staff(tx, service.clock(), "W1"))
    async with clients.machine(service, tmp_path / "worker") as desk:
        worker_id = await desk.sign_in("worker", new=True)
        son = family.daughter
        from carehub.platform.directory import service as directory

        await here.db.write(lambda tx: directory.link(tx, "W1", worker_id, service.clock()))
        mandate = await clients.give_mandate(
            service, person_id, family.daughter_id, Role.GUARDIAN, state="asked"
        )
        worker = Clinic(desk.archive, desk.client, desk.clock)
        (row,) = [m for m in await worker.look_up("mother") if m.id == mandate]
        assert (await worker.confirm_here(person_id, row.id)).state == "review"
        paper = HandIn(person_id=person_id, attachment_id=mandate, clinic="C1")
        with pytest.raises(Exception, match="no such thing"):
            await telling(family, son).hand_in(person_id, row.id, paper)
        with pytest.raises(Exception, match="leave"):
            await worker.review(person_id, row.id, good=True)
        with pytest.raises(Exception, match="leave"):
            await Clinic(son.archive, son.client, son.clock).me()


def test_on_a_machine_that_shares_with_nobody_nothing_is_known(family_alone):
    machine, alert = family_alone
    assert standing(machine, alert) == escalations.Telling()
    with machine.archive.read() as tx:
        assert escalations.named(tx) == frozenset()
        assert streams.of_kind(tx, alert.person_id, "escalation") == []


@pytest.fixture
async def family_alone(tmp_path):
    async with (
        clients.running(tmp_path / "platform") as service,
        clients.machine(service, tmp_path / "alone") as machine,
    ):
        person_id = machine.add_person()
        measure(machine, person_id, 196, 124)
        (alert,) = [a for a in open_alerts(machine, person_id) if a.level >= 3]
        yield machine, alert
