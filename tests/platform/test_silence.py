"""Silence as the platform hears it: told to carers, ended by a word, never where none is due."""

import pytest

from carehub.care.alerts.model import PLATFORM_RULES
from carehub.platform.alerts import listening, runner
from carehub.wire.values import body_of
from tests.helpers import records
from tests.helpers.platforms import ONE_STORE, op
from tests.platform.test_escalation import House
from tests.platform.test_family import consent

HOUR = 3_600_000
DAY = 24 * HOUR
MORNING = 20_718 * DAY  # 08:00 on the person's clock


@pytest.fixture
async def house(platform):
    platform.clock.now = MORNING
    elder = await platform.register()
    person = await elder.open()
    found = House(platform, elder, person)
    found.given = {
        purpose: await consent(elder, person, purpose)
        for purpose in ("platform_sync", "family_sharing")
    }
    await runner.turn(found.here)
    return found


async def at(house, days, hours=0):
    """Move the clock, without a word from anybody, and let the service look."""
    house.platform.clock.now = MORNING + int(days * DAY + hours * HOUR)
    await runner.turn(house.here)


async def alerts(house):
    """Return the platform's own alerts, as the tables have them: asking would be a word."""
    from carehub.platform.records import saying
    from carehub.wire.exchange import EntityKind

    found = await house.here.db.read(
        lambda tx: saying.bodies(tx, house.person, EntityKind.ALERT, PLATFORM_RULES)
    )
    return sorted((body["rule"], body["state"]) for body in found.values())


async def back(house):
    house.elder = await house.platform.sign_in(house.elder.login, house.elder.device_id)


async def pressure(house, **given):
    reading = records.pressure(house.person, taken_at=house.platform.clock(), **given)
    sent = op(house.person, "reading", "add", entity_id=reading.id, body=body_of(reading),
              at=house.platform.clock())  # fmt: skip
    assert (await house.elder.push(sent))[0]["status"] == "ok"


async def hypertension(house):
    condition = records.condition(house.person)
    body = body_of(condition) | {"code": "hypertension"}
    await house.elder.push(op(house.person, "condition", "set", entity_id=condition.id, body=body))


async def test_a_silent_machine_is_told_to_carers_and_ends_with_the_next_word(house):
    await house.relative(relation="女儿")
    await house.relative(agrees=False)
    await at(house, 2.9)
    assert await alerts(house) == []
    await at(house, 3)
    assert await alerts(house) == [("STALE-CLIENT", "active")]
    await at(house, 4)
    assert await alerts(house) == [("STALE-CLIENT", "active")]
    await back(house)
    await at(house, 4, hours=1)
    assert await alerts(house) == [("STALE-CLIENT", "resolved")]
    await back(house)
    (escalation,) = (await house.entities("escalation")).values()
    assert [t["name"] for t in escalation["body"]["told"]] == ["女儿"]
    assert escalation["body"]["state"] == "over"


@ONE_STORE
@pytest.mark.parametrize("purpose", ["platform_sync", "family_sharing"])
async def test_no_alarm_where_sharing_was_switched_off(house, purpose):
    row = house.given[purpose]
    await house.elder.post(f"/v1/people/{house.person}/consents/{row['id']}/withdraw")
    await at(house, 3)
    await at(house, 40)
    assert await alerts(house) == []


@ONE_STORE
async def test_no_alarm_about_a_machine_that_was_signed_out(house):
    await house.elder.ask("DELETE", "/v1/sessions/current")
    await at(house, 3)
    await at(house, 40)
    assert await alerts(house) == []


@ONE_STORE
async def test_switching_sharing_off_ends_an_alarm(house):
    await at(house, 3)
    await back(house)
    row = house.given["family_sharing"]
    house.platform.clock.now += 1
    await house.elder.post(f"/v1/people/{house.person}/consents/{row['id']}/withdraw")
    await at(house, 3, hours=2)
    assert await alerts(house) == [("STALE-CLIENT", "resolved")]


async def test_a_reading_that_was_due_and_did_not_come(house):
    await hypertension(house)
    await pressure(house)
    for day in (2.5, 5, 7.5, 9.9):
        await at(house, day)
        await back(house)
        assert await alerts(house) == []
    await at(house, 10)
    assert await alerts(house) == [("STALE-DATA", "active")]
    house.platform.clock.now += 1
    await back(house)
    await pressure(house)
    await runner.turn(house.here)
    assert await alerts(house) == [("STALE-DATA", "resolved")]


@ONE_STORE
async def test_who_begins_late_looks_at_all_that_came_before(platform):
    platform.clock.now = MORNING
    elder = await platform.register()
    house = House(platform, elder, await elder.open())
    await pressure(house)
    await pressure(house, voided=True)
    await house.elder.push(op(house.person, "reading", body={"kind": "glucose", "taken_at": "x"}))
    await runner.turn(house.here)
    line = await house.here.db.read(lambda tx: listening.due(tx, MORNING + DAY, 9))
    assert line == [house.person]


@ONE_STORE
async def test_one_bad_person_holds_up_nobody(house, monkeypatch):
    await house.relative()
    step = listening.step

    async def failing(tx, person_id, now):
        raise RuntimeError("bad")

    monkeypatch.setattr(listening, "step", failing)
    await at(house, 3)
    assert await alerts(house) == []
    monkeypatch.setattr(listening, "step", step)
    await at(house, 3, hours=0.5)
    assert await alerts(house) == [("STALE-CLIENT", "active")]
