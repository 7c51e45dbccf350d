"""The audit is a chain: whatever is changed, taken out or put in behind it is found."""

import pytest
from sqlalchemy import text

from carehub.platform.audit import service
from tests.helpers.platforms import op
from tests.helpers.shown import shown


async def spoil(platform, statement):
    async def work(tx):
        await tx.execute(text(statement))

    await platform.app.state.running.db.write(work)


async def check(platform):
    return await platform.app.state.running.db.read(service.check_all)


@pytest.fixture
async def person(platform):
    device = await platform.register()
    person = await device.open()
    for _ in range(3):
        await device.post(f"/v1/people/{person}/invitations", {"role": "viewer"})
    return person


async def test_a_whole_chain_holds(platform, person):
    assert await check(platform) == (1, [])


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET act = 'opened' WHERE n = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE n = 3", 3),
        ("DELETE FROM audit WHERE n = 2", 2),
        ("DELETE FROM audit WHERE n = 4", 4),
        ("DELETE FROM audit_end", None),
        ("UPDATE audit SET previous = hash WHERE n = 1", 1),
        ("UPDATE audit SET actor = NULL WHERE n = 4", 4),
    ],
)
async def test_whatever_is_spoilt_is_found(platform, person, statement, line):
    await spoil(platform, statement)
    here = platform.app.state.running
    broken = await here.db.read(lambda tx: service.check(tx, person))
    assert broken is not None
    assert line is None or broken.n == line


async def test_the_person_reads_it_in_pages(platform, person):
    device = await platform.register()
    own = await device.open()
    for _ in range(4):
        await device.post(f"/v1/people/{own}/invitations", {"role": "viewer"})
    first = await device.get(f"/v1/people/{own}/audit", limit=3)
    rest = await device.get(f"/v1/people/{own}/audit", limit=3, after=first["next"])
    assert [row["n"] for row in first["rows"] + rest["rows"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None
    assert first["rows"][1]["previous"] == first["rows"][0]["hash"]
    assert (await device.get(f"/v1/people/{own}/looks"))["rows"] == []


async def test_no_line_holds_a_health_value(platform):
    device = await platform.register()
    person = await device.open()
    await device.push(op(person, body={"v1": "213", "note": "王示例"}))
    rows = (await device.get(f"/v1/people/{person}/audit"))["rows"]
    assert "213" not in shown([row["detail"] for row in rows])
