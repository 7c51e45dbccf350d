"""Escalation on the platform: steps by due time, consent at each, seen by all, exactly once."""

import asyncio
from uuid import uuid4

import pytest

from carehub.care.alerts.model import Level
from carehub.platform.alerts import runner, service
from carehub.platform.directory import service as directory
from carehub.platform.directory.service import Clinic, Part, Staff
from carehub.wire.values import body_of
from tests.helpers import platforms, records
from tests.helpers.platforms import ONE_STORE, op
from tests.platform.test_family import consent, mandated

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


class House:
    """An elder with an alert, relatives, and the platform's clock."""

    def __init__(self, platform, elder, person):
        self.platform, self.elder, self.person = platform, elder, person
        self.here = platform.app.state.running

    async def relative(self, *, role="carer", agrees=True, relation="女儿"):
        device = await self.platform.register()
        self.platform.clock.now += 1
        given = await mandated(self.elder, device, self.person, role, relation=relation)
        if agrees:
            await self.agree(device)
        return device, given

    async def agree(self, device, agreed=True):
        path = f"/v1/people/{self.person}/alerts/consent"
        body = {"agreed": agreed, "text_version": "1"}
        return await device.ask("POST", path, json=body)

    async def raise_alert(self, level=Level.L3, **given):
        usual = {
            "level": level,
            "state": "active",
            "rule": "BP-EXT",
            "raised_at": self.platform.clock(),
        }
        alert = records.alert(self.person, **usual | given)
        await self.set_alert(alert.id, **body_of(alert))
        return alert.id

    async def set_alert(self, alert_id, *, by=None, **body):
        known = (await self.entities("alert")).get(str(alert_id))
        base = known["fields"] if known else {}
        base = {name: rev for name, rev in base.items() if name in body}
        sent = op(self.person, "alert", "set", entity_id=alert_id, body=body, base=base,
                  at=self.platform.clock())  # fmt: skip
        (answer,) = await (by or self.elder).push(sent)
        assert answer["status"] == "ok", answer

    async def entities(self, kind):
        found = await self.elder.get("/v1/sync/snapshot", person=str(self.person))
        return {e["entity_id"]: e for e in found["entities"] if e["kind"] == kind}

    async def state(self, alert_id):
        return (await self.entities("escalation"))[str(alert_id)]["body"]

    async def told(self, alert_id):
        body = await self.state(alert_id)
        return [(t["rung"], t["name"], t["skipped"]) for t in body["told"]]

    async def later(self, minutes):
        self.platform.clock.now += int(minutes * MINUTE)
        self.elder = await self.platform.sign_in(self.elder.login, self.elder.device_id)
        return await runner.turn(self.here)

    async def back(self, device):
        return await self.platform.sign_in(device.login, device.device_id)

    async def received(self, device, alert_id):
        path = f"/v1/people/{self.person}/alerts/{alert_id}/received"
        return await device.ask("POST", path, json={})

    async def worker(self, code="W1"):
        await self.here.db.write(lambda tx: add_staff(tx, self.platform.clock(), code))
        device = await self.platform.register()
        await self.here.db.write(
            lambda tx: directory.link(tx, code, device.account_id, self.platform.clock())
        )
        return device


async def add_staff(tx, now, code):
    if await directory.clinic(tx, "C1") is None:
        await directory.add_clinic(tx, Clinic("C1", "示例社区诊所"), now)
    await directory.add_staff(tx, Staff(code, Part.WORKER, "李示例", "C1"), now)


@pytest.fixture
async def house(platform):
    elder = await platform.register()
    person = await elder.open()
    await consent(elder, person, "platform_sync")
    await consent(elder, person, "family_sharing")
    return House(platform, elder, person)


async def test_an_alert_climbs_the_ladder_and_everybody_sees_how_far(house):
    worker = await house.worker()
    daughter, _ = await house.relative(relation="女儿")
    await house.relative(relation="儿子")
    await house.elder.ask("PUT", f"/v1/people/{house.person}/clinic", json={"code": "C1"})
    alert_id = await house.raise_alert()

    assert await house.told(alert_id) == [("self", "", False), ("first_carer", "女儿", False)]
    assert (await daughter.pull(house.person))["changes"][-1]["kind"] == "escalation"
    assert not (await house.state(alert_id))["unreached"]
    await house.later(4)
    assert not (await house.state(alert_id))["unreached"]
    await house.later(1)
    assert (await house.state(alert_id))["unreached"]
    daughter = await house.back(daughter)
    assert (await house.received(daughter, alert_id)).json() == {"noted": True}
    state = await house.state(alert_id)
    assert not state["unreached"]
    assert state["told"][1]["delivered_at"] == house.platform.clock()

    await house.later(10)
    assert (await house.told(alert_id))[2:] == [("second_carer", "儿子", False)]
    assert (await (await house.back(worker)).get("/v1/clinic/tasks"))["tasks"] == []
    await house.later(45)
    assert (await house.told(alert_id))[3:] == [("clinic", "示例社区诊所", False)]
    (task,) = (await (await house.back(worker)).get("/v1/clinic/tasks"))["tasks"]
    assert (task["alert_id"], task["state"], task["level"]) == (str(alert_id), "open", 3)
    await house.later(600)
    assert len(await house.told(alert_id)) == 4


async def test_an_acknowledgement_stops_it_and_is_seen_by_all(house):
    daughter, _ = await house.relative()
    await house.relative(relation="儿子")
    alert_id = await house.raise_alert()
    seen = {"state": "acked", "acknowledged_at": 1, "acknowledged_by": "女儿"}
    await house.set_alert(alert_id, by=daughter, **seen)
    state = await house.state(alert_id)
    assert (state["state"], state["acknowledged_by"]) == ("acknowledged", "女儿")
    await house.later(120)
    assert len(await house.told(alert_id)) == 2


@ONE_STORE
async def test_only_who_agreed_and_may_is_told(house):
    await house.relative(role="viewer", agrees=False)
    viewer, _ = await house.relative(role="viewer", agrees=False)
    assert (await house.agree(viewer)).json()["code"] == "not_allowed"
    await house.relative(agrees=False)
    took_back, _ = await house.relative()
    assert (await house.agree(took_back, agreed=False)).status_code == 200
    _revoked, given = await house.relative()
    await house.elder.ask("DELETE", f"/v1/people/{house.person}/mandates/{given['id']}")
    assert (await house.agree(house.elder)).json()["code"] == "not_allowed"
    alert_id = await house.raise_alert(Level.L4)
    state = await house.state(alert_id)
    assert state["unreached"]
    assert [t["rung"] for t in state["told"] if not t["skipped"]] == ["self"]
    stranger = await house.platform.register()
    assert (await house.received(stranger, alert_id)).status_code == 403
    assert (await house.agree(stranger, agreed=False)).status_code == 403


@ONE_STORE
async def test_family_sharing_taken_back_tells_nobody(house):
    await house.relative()
    given = (await house.elder.get(f"/v1/people/{house.person}/consents"))["consents"]
    row = next(each for each in given if each["purpose"] == "family_sharing")
    await house.elder.post(f"/v1/people/{house.person}/consents/{row['id']}/withdraw")
    alert_id = await house.raise_alert()
    assert [t[2] for t in await house.told(alert_id)] == [False, True]


@ONE_STORE
async def test_the_person_decides_who_is_told_first(house):
    first, _ = await house.relative(relation="女儿")
    second, _ = await house.relative(relation="儿子")
    path = f"/v1/people/{house.person}/carers"
    assert [c["name"] for c in (await house.elder.get(path))["carers"]] == ["女儿", "儿子"]
    order = {"carers": [str(second.account_id), str(first.account_id)]}
    answer = await house.elder.ask("PUT", path, json=order)
    assert [(c["name"], c["agreed"]) for c in answer.json()["carers"]] == [
        ("儿子", True), ("女儿", True),
    ]  # fmt: skip
    alert_id = await house.raise_alert()
    assert (await house.told(alert_id))[1][1] == "儿子"


@ONE_STORE
async def test_no_client_writes_who_was_told(house):
    alert_id = await house.raise_alert()
    forged = op(house.person, "escalation", "set", entity_id=alert_id, body={"unreached": False})
    (answer,) = await house.elder.push(forged)
    assert (answer["status"], answer["code"]) == ("rejected", "not_allowed")


@ONE_STORE
async def test_what_is_old_when_it_arrives_wakes_nobody(house):
    await house.relative()
    house.platform.clock.now += 2 * DAY
    house.elder = await house.platform.sign_in(house.elder.login, house.elder.device_id)
    alert = records.alert(house.person, level=Level.L3, state="active", rule="BP-EXT")
    old = op(house.person, "alert", "set", entity_id=alert.id, body=body_of(alert))
    assert (await house.elder.push(old))[0]["status"] == "ok"
    assert await house.entities("escalation") == {}
    odd = op(house.person, "alert", "set", body={"level": "grave"}, at=house.platform.clock())
    assert (await house.elder.push(odd))[0]["status"] == "ok"
    assert await house.entities("escalation") == {}


async def test_a_clinic_takes_a_task_in_hand_and_closes_it(house):
    worker, other = await house.worker("W1"), await house.worker("W2")
    await house.elder.ask("PUT", f"/v1/people/{house.person}/clinic", json={"code": "C1"})
    alert_id = await house.raise_alert(Level.L4)
    (task,) = (await worker.get("/v1/clinic/tasks"))["tasks"]
    path = f"/v1/clinic/tasks/{house.person}/{task['id']}"
    early = await worker.ask("POST", f"{path}/close", json={"outcome": "reached"})
    assert early.json()["code"] == "not_now"
    detail = await worker.post(f"{path}/claim")
    assert (detail["task"]["state"], detail["text"]) == ("claimed", "Example")
    assert (await worker.post(f"{path}/claim"))["task"]["state"] == "claimed"
    assert (await other.ask("POST", f"{path}/claim", json={})).json()["code"] == "not_now"
    state = await house.state(alert_id)
    assert (state["state"], state["acknowledged_by"]) == ("acknowledged", "李示例")
    alert = (await house.entities("alert"))[str(alert_id)]["body"]
    assert (alert["state"], alert["acknowledged_by"]) == ("acked", "李示例")
    refused = await other.ask("POST", f"{path}/close", json={"outcome": "reached"})
    assert refused.json()["code"] == "not_now"
    closed = await worker.post(f"{path}/close", {"outcome": "visited", "note": "已上门"})
    assert (closed["state"], closed["outcome"]) == ("closed", "visited")
    assert (await worker.get("/v1/clinic/tasks"))["tasks"] == []
    acts = [r["act"] for r in (await house.elder.get(f"/v1/people/{house.person}/audit"))["rows"]]
    assert {"task_claimed", "task_closed", "looked"} <= set(acts)
    gone = await worker.ask("POST", f"/v1/clinic/tasks/{house.person}/{uuid4()}/claim", json={})
    assert gone.status_code == 403


@ONE_STORE
async def test_a_clinic_is_asked_only_where_the_person_chose_one(house):
    worker = await house.worker()
    path = f"/v1/people/{house.person}/clinic"
    assert (await house.elder.ask("PUT", path, json={"code": "none"})).status_code == 404
    await house.elder.ask("PUT", path, json={"code": "C1"})
    assert [c["code"] for c in (await house.elder.get("/v1/clinics"))["clinics"]] == ["C1"]
    await house.elder.ask("PUT", path, json={"code": ""})
    alert_id = await house.raise_alert(Level.L4)
    assert ("clinic", "", True) in await house.told(alert_id)
    assert (await worker.get("/v1/clinic/tasks"))["tasks"] == []
    for method, where in (("GET", "/v1/clinic/tasks"), ("GET", "/v1/clinic/me")):
        assert (await house.elder.ask(method, where)).json()["code"] == "not_allowed"
    assert (await worker.get("/v1/clinic/me"))["clinic"]["name"] == "示例社区诊所"


async def test_two_services_take_each_step_once(database):
    """Both step the same database at the same moment, again and again."""
    async with platforms.service(database) as platform:
        elder = await platform.register()
        houses = [House(platform, elder, await elder.open()) for _ in range(2)]
        for house in houses:
            await house.relative()
            await house.relative()
        ids = [await house.raise_alert() for house in houses]
        clock = platform.clock
        async with platforms.service(database, clock=clock, keep=True) as second:
            clock.now += 15 * MINUTE
            pair = [platform.app.state.running, second.app.state.running]
            await asyncio.gather(*(runner.turn(here) for here in pair * 2))
        for house, alert_id in zip(houses, ids, strict=True):
            house.elder = await platform.sign_in(elder.login, elder.device_id)
            told = await house.told(alert_id)
            assert [t[0] for t in told] == ["self", "first_carer", "second_carer"]
            changes = (await house.elder.pull(house.person))["changes"]
            assert sum(each["kind"] == "escalation" for each in changes) == 2


@ONE_STORE
async def test_one_bad_row_holds_up_nobody(house, monkeypatch):
    await house.relative()
    await house.relative()
    bad, good = await house.raise_alert(), await house.raise_alert()
    step = service.step

    async def failing(tx, person_id, alert_id, now):
        if alert_id == bad:
            raise RuntimeError("bad")
        return await step(tx, person_id, alert_id, now)

    monkeypatch.setattr(service, "step", failing)
    await house.later(15)
    assert len(await house.told(good)) == 3
    assert len(await house.told(bad)) == 2
    monkeypatch.undo()
    await house.later(1)
    assert len(await house.told(bad)) == 3


@ONE_STORE
async def test_an_alert_that_was_removed_is_told_to_nobody_further(house):
    await house.relative()
    await house.relative()
    alert_id = await house.raise_alert()
    await house.elder.push(
        op(house.person, "alert", "remove", entity_id=alert_id, at=house.platform.clock(), body={})
    )
    await house.later(15)
    assert len(await house.told(alert_id)) == 2


@ONE_STORE
async def test_the_runner_runs_inside_the_service_and_stops_with_it(database):
    async with platforms.service(database, look_every=0.01) as platform:
        elder = await platform.register()
        house = House(platform, elder, await elder.open())
        await house.relative()
        alert_id = await house.raise_alert()
        platform.clock.now += 5 * MINUTE
        for _ in range(600):
            if (await house.state(alert_id))["unreached"]:
                break
            await asyncio.sleep(0.05)
        assert (await house.state(alert_id))["unreached"]
