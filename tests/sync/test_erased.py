"""After an erasure: others' copies go at their next contact, the person's own archive stays."""

import pytest

from carehub.archive import consents
from carehub.care.consent import Purpose, permitted
from carehub.errors import NotAllowed
from carehub.workflows import sync
from tests.helpers import clients
from tests.sync.test_withdrawing import measure


def agreed(machine, person_id, purpose=Purpose.PLATFORM_SYNC):
    with machine.archive.read() as tx:
        return permitted(purpose, consents.of(tx, person_id))


async def erase(house):
    device = await house.service.sign_in("mother")
    row = await device.post(f"/v1/people/{house.person_id}/erasures")
    assert row["state"] == "done"
    return device


async def test_others_are_wiped_and_the_own_archive_stays(house, tmp_path):
    async with clients.machine(house.service, tmp_path / "daughter") as daughter:
        account_id = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(house.service, house.person_id, account_id)
        measure(house.here, house.person_id)
        await house.here.now()
        await daughter.now()
        assert daughter.person(house.person_id) is not None
        device = await erase(house)
        await daughter.now()
        assert daughter.person(house.person_id) is None
        assert daughter.stream(house.person_id) is None

    # The exchange in which it hears of it still has somebody who agreed; the next asks nobody.
    await house.here.now()
    assert house.here.stream(house.person_id).paused == "erased"
    assert house.here.person(house.person_id) is not None
    assert not agreed(house.here, house.person_id)
    assert not agreed(house.here, house.person_id, Purpose.FAMILY_SHARING)
    measure(house.here, house.person_id, 196)
    house.here.wire.asked.clear()
    with pytest.raises(NotAllowed):
        await house.here.now()
    assert house.here.wire.asked == []
    snapshot = await device.ask("GET", "/v1/sync/snapshot", params={"person": str(house.person_id)})
    assert snapshot.json()["code"] == "erased"


async def test_who_agrees_anew_brings_back_what_is_kept_here(house):
    measure(house.here, house.person_id)
    await house.here.now()
    device = await erase(house)
    await house.here.now()
    measure(house.here, house.person_id, 196)
    house.here.clock.now += 2
    house.here.agree(house.person_id)
    await house.here.now()
    await house.here.now()
    assert sync.status(house.here.archive).waiting == 0
    found = await device.get("/v1/sync/snapshot", person=str(house.person_id))
    values = sorted(e["body"]["v1"] for e in found["entities"] if e["kind"] == "reading")
    assert values == ["187", "196"]
    assert agreed(house.here, house.person_id)


async def test_a_machine_that_never_knew_the_records_takes_nothing(house, tmp_path):
    await erase(house)
    async with clients.machine(house.service, tmp_path / "third") as third:
        await third.sign_in("mother")
        await third.now()
        assert third.person(house.person_id) is None
        assert third.stream(house.person_id).paused == "erased"
