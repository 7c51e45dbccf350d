"""Taking back the sharing: the platform hears of it until it has heard, and of nothing else."""

import json
from decimal import Decimal

import httpx
import pytest

from carehub.care.consent import Purpose
from carehub.errors import NotAllowed, PlatformUnreachable
from carehub.workflows import readings as reading_acts
from carehub.workflows import sync
from tests.helpers import clients, records

WITHDRAW = "consents/withdraw"


def measure(machine, person_id, v1=187):
    reading = records.pressure(person_id, v1=Decimal(v1), taken_at=machine.clock())
    reading_acts.type_in(machine.archive, reading, machine.clock())


async def stopped(machine):
    with pytest.raises(NotAllowed):
        await machine.now()


async def withdrawn(service, device, person_id):
    rows = (await device.get(f"/v1/people/{person_id}/consents"))["consents"]
    return [row for row in rows if row["purpose"] == "platform_sync"][-1][
        "withdrawn_at"
    ] is not None


async def test_the_platform_stops_at_once_and_a_relative_with_it(house, tmp_path):
    async with clients.machine(house.service, tmp_path / "daughter") as daughter:
        account_id = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(house.service, house.person_id, account_id)
        await daughter.now()
        house.here.withdraw(house.person_id)
        await stopped(house.here)
        await daughter.now()
        assert daughter.stream(house.person_id).paused == "consent_withdrawn"
    await house.there.now()
    assert house.there.stream(house.person_id).paused == "consent_withdrawn"


async def test_what_leaves_is_the_withdrawal_and_holds_no_value(house):
    house.here.wire.sent.clear()
    house.here.wire.asked.clear()
    measure(house.here, house.person_id)
    house.here.withdraw(house.person_id)
    measure(house.here, house.person_id, 196)
    for _ in range(3):
        await stopped(house.here)
    (asked,) = house.here.wire.asked
    assert asked.endswith(WITHDRAW)
    (sent,) = house.here.wire.sent
    body = json.loads(sent[sent.index(b"{") :])
    assert set(body) == {"id", "purpose", "text_version", "method", "granted_at", "withdrawn_at"}
    assert b"187" not in json.dumps({**body, "id": "", "granted_at": 0, "withdrawn_at": 0}).encode()
    device = await house.service.sign_in("mother")
    assert await withdrawn(house.service, device, house.person_id)


async def test_it_is_told_again_until_it_was_heard(house):
    house.here.withdraw(house.person_id)
    house.here.wire.cut = True
    for _ in range(2):
        with pytest.raises(PlatformUnreachable):
            await house.here.now()
    house.here.wire.cut = False
    house.here.wire.lose = lambda request: request.url.path.endswith(WITHDRAW)
    with pytest.raises(PlatformUnreachable):
        await house.here.now()
    house.here.restart()
    house.here.wire.lose = lambda _request: False
    house.here.wire.asked.clear()
    await stopped(house.here)
    await stopped(house.here)
    assert len(house.here.wire.asked) == 1
    device = await house.service.sign_in("mother")
    rows = (await device.get(f"/v1/people/{house.person_id}/consents"))["consents"]
    assert len([row for row in rows if row["withdrawn_at"] is not None]) == 1


async def test_one_person_withdraws_and_the_other_still_travels(house):
    other = house.here.add_person("李示例")
    await house.here.now()
    house.here.withdraw(house.person_id)
    house.here.wire.asked.clear()
    await house.here.now()
    await house.here.now()
    assert len([each for each in house.here.wire.asked if each.endswith(WITHDRAW)]) == 1
    measure(house.here, other)
    await house.here.now()
    assert sync.status(house.here.archive).waiting == 0


async def test_agreeing_again_is_as_easy_and_sends_what_waited(house):
    house.here.withdraw(house.person_id)
    await stopped(house.here)
    measure(house.here, house.person_id)
    house.here.clock.now += 1
    house.here.agree(house.person_id)
    await house.here.now()
    assert sync.status(house.here.archive).waiting == 0
    device = await house.service.sign_in("mother")
    assert not await withdrawn(house.service, device, house.person_id)
    await house.there.now()
    assert house.there.stream(house.person_id).paused == ""


async def test_agreeing_before_it_was_heard_tells_both_in_their_order(house):
    house.here.withdraw(house.person_id)
    house.here.clock.now += 1
    house.here.agree(house.person_id)
    await house.here.now()
    device = await house.service.sign_in("mother")
    assert not await withdrawn(house.service, device, house.person_id)


async def test_where_the_platform_has_no_such_records_there_is_nothing_to_stop(house, monkeypatch):
    house.here.withdraw(house.person_id)
    refused = {"code": "not_allowed", "sentence": ""}

    async def answer(_request):
        return httpx.Response(403, json=refused)

    monkeypatch.setattr(house.here.wire, "handle_async_request", answer)
    await stopped(house.here)
    monkeypatch.undo()
    house.here.wire.asked.clear()
    await stopped(house.here)
    assert house.here.wire.asked == []


async def test_another_refusal_is_no_hearing(house, monkeypatch):
    house.here.withdraw(house.person_id)

    async def answer(_request):
        return httpx.Response(422, json={"code": "malformed", "sentence": ""})

    monkeypatch.setattr(house.here.wire, "handle_async_request", answer)
    with pytest.raises(Exception, match=r"."):
        await house.here.now()
    monkeypatch.undo()
    await stopped(house.here)
    assert house.here.wire.asked[-1].endswith(WITHDRAW)


async def test_family_sharing_alone_travels_like_any_change(house):
    house.here.withdraw(house.person_id, Purpose.FAMILY_SHARING)
    house.here.wire.asked.clear()
    await house.here.now()
    assert not [each for each in house.here.wire.asked if each.endswith(WITHDRAW)]
    assert sync.status(house.here.archive).waiting == 0


async def test_only_the_person_takes_back_and_twice_is_once(house):
    device = await house.service.sign_in("mother")
    told = {
        "id": "6b7c1d3e-0000-4000-8000-000000000001", "purpose": "platform_sync",
        "text_version": "1", "granted_at": 1, "withdrawn_at": 2,
    }  # fmt: skip
    path = f"/v1/people/{house.person_id}/{WITHDRAW}"
    stranger = await house.service.register()
    assert (await stranger.ask("POST", path, json=told)).status_code == 403
    assert (await device.ask("POST", path, json=told | {"v1": "187"})).status_code == 422
    for _ in range(2):
        assert (await device.ask("POST", path, json=told)).status_code == 200
    rows = (await device.get(f"/v1/people/{house.person_id}/consents"))["consents"]
    assert len([row for row in rows if row["id"] == told["id"]]) == 1
