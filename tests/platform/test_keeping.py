"""How long the platform remembers, and what a device that comes later, or after a restore, is told."""

from uuid import uuid4

from sqlalchemy import func, select

from carehub.platform import tidying
from carehub.platform.accounts import tables as accounts
from carehub.platform.db import metadata
from carehub.platform.records import tables
from carehub.platform.records.keeping import REMEMBERED
from tests.helpers.platforms import op

DAY = 86_400_000


async def tidy(platform):
    return await tidying.tidy(platform.app.state.running.db, platform.clock())


async def count(platform, table):
    async def work(tx):
        return (await tx.execute(select(func.count()).select_from(table))).scalar_one()

    return await platform.app.state.running.db.read(work)


async def test_an_op_is_known_again_after_a_year_offline(platform):
    home = await platform.register()
    person = await home.open()
    sent = op(person)
    await home.push(sent)
    platform.clock.now += 366 * DAY
    assert await tidy(platform) == tidying.Tidied(accounts=1)  # the access token

    home = await platform.sign_in(home.login, home.device_id)

    assert [each["status"] for each in await home.push(sent)] == ["duplicate"]
    assert len((await home.pull(person))["changes"]) == 1


async def test_what_was_long_ago_is_forgotten_and_who_comes_so_late_begins_anew(platform):
    home = await platform.register()
    person = await home.open()
    early = [op(person, body={"v1": str(n)}) for n in range(3)]
    await home.push(*early)
    platform.clock.now += REMEMBERED - DAY
    home = await platform.sign_in(home.login, home.device_id)
    await home.push(op(person))
    platform.clock.now += DAY + 1

    done = await tidy(platform)

    assert (done.ops, done.changes) == (3, 3)
    assert await tidy(platform) == tidying.Tidied()
    home = await platform.sign_in(home.login, home.device_id)
    late = await home.ask("GET", "/v1/sync/pull", params={"person": str(person), "since": 2})
    assert (late.status_code, late.json()["code"]) == (410, "resync")
    assert [each["seq"] for each in (await home.pull(person, since=3))["changes"]] == [4]
    everything = await home.get("/v1/sync/snapshot", person=str(person))
    assert len(everything["entities"]) == 4
    assert (await home.head(person))["floor"] == 3


async def test_a_reading_sent_once_more_after_all_that_time_is_not_doubled(platform):
    home = await platform.register()
    person = await home.open()
    sent = op(person)
    await home.push(sent)
    platform.clock.now += REMEMBERED + 1
    await tidy(platform)
    home = await platform.sign_in(home.login, home.device_id)

    (again,) = await home.push(sent)

    assert (again["status"], again["rev"]) == ("duplicate", 1)
    assert (await home.head(person))["head"] == 1


async def test_after_a_restore_every_place_of_before_is_refused(platform):
    home = await platform.register()
    person, other = await home.open(), await home.open()
    await home.push(op(person), op(other))
    before = (await home.head(person))["epoch"]

    assert await tidying.begin_anew(platform.app.state.running.db) == 2

    asked = {"person": str(person), "since": 1, "epoch": before}
    assert (await home.ask("GET", "/v1/sync/pull", params=asked)).status_code == 410
    assert (await home.pull(person, since=1, epoch=before + 1))["changes"] == []


async def test_codes_tokens_and_sessions_that_are_over_are_forgotten(platform):
    home = await platform.register()
    await platform.http.post("/v1/oauth/device", json={"device": {"id": str(uuid4())}})
    wrong = {"login": "nobody", "password": "x", "device": {"id": str(uuid4())}}
    await platform.http.post("/v1/sign-in", json=wrong)
    await home.ask("PUT", "/v1/devices/current/pin", json={"pin": "402718"})
    await home.ask("DELETE", "/v1/devices/current/pin")
    platform.clock.now += 10 * DAY
    await tidy(platform)
    assert await count(platform, accounts.device_code) == 0
    assert await count(platform, accounts.wrong_try) == 0
    assert await count(platform, accounts.token) == 1  # the refresh token, to notice its reuse
    assert await count(platform, accounts.device_key) == 1
    platform.clock.now += 800 * DAY
    await tidy(platform)
    left = {name: await count(platform, table) for name, table in metadata.tables.items()}
    assert {name: n for name, n in left.items() if n} == {"account": 1, "login": 1}


async def test_the_service_tidies_by_itself_and_a_store_that_is_away_waits_for_the_next_day(
    platform, monkeypatch, caplog
):
    import asyncio

    from sqlalchemy.exc import OperationalError

    days = []

    async def a_day(_seconds):
        days.append(len(days))
        if len(days) > 2:
            raise asyncio.CancelledError

    async def away(_db, _now):
        if len(days) == 1:
            raise OperationalError("", {}, Exception())
        return tidying.Tidied(ops=7)

    monkeypatch.setattr(tidying.asyncio, "sleep", a_day)
    monkeypatch.setattr(tidying, "tidy", away)
    task = asyncio.ensure_future(tidying.every_day(platform.app.state.running))
    await asyncio.wait([task])
    assert "nothing was forgotten today: OperationalError" in caplog.text
    assert "forgotten: 7 ops" in caplog.text


def test_the_streams_are_the_tables_that_are_pruned():
    """Entities are never pruned: they are the records."""
    assert {tables.change.name, tables.op_seen.name} < set(metadata.tables)
