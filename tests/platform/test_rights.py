"""A person's rights: a copy of everything by link, and an erasure that is whole, honest and final."""

import asyncio
import csv
import io
import json
import zipfile
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from carehub.platform.alerts import runner
from carehub.platform.db import metadata
from carehub.platform.rights import copies, erasing, routes
from carehub.platform.rights.tables import copy
from carehub.wire.rights import Receipt
from tests.helpers import held, platforms
from tests.helpers.platforms import op
from tests.platform.test_family import mandated, reviewed

HOUR = 3_600_000


@pytest.fixture
async def elder(platform):
    return await platform.register()


@pytest.fixture
async def person(elder):
    person = await elder.open()
    await held.fill(elder, person)
    return person


def here_of(platform):
    return platform.app.state.running


async def guardian_of(platform, elder, person):
    child = await platform.register()
    await reviewed(platform, await mandated(elder, child, person, "guardian"))
    return child


async def made(platform, device, person, **asked):
    """Ask for a copy and wait until it is made."""
    row = await device.post(f"/v1/people/{person}/copies", asked)
    await here_of(platform).jobs.idle()
    return await one(device, person, row["id"])


async def one(device, person, copy_id):
    rows = (await device.get(f"/v1/people/{person}/copies"))["copies"]
    return next(row for row in rows if row["id"] == copy_id)


async def rows_of(platform, person):
    """Count what each person table holds of somebody."""

    async def work(tx):
        return {
            table.name: (await tx.execute(table.select().where(table.c.person_id == person))).all()
            for table in metadata.sorted_tables
            if table.info["distribution"] == "person"
        }

    found = await here_of(platform).db.read(work)
    return {name: rows for name, rows in found.items() if rows}


async def test_a_copy_holds_everything_and_its_link_needs_no_sign_in(platform, elder, person):
    row = await made(platform, elder, person)
    assert (row["state"], row["done"], row["of"]) == ("ready", 14, 14)
    answer = await platform.http.get(row["link"])
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content) == row["size"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as whole:
        names = set(whole.namelist())
        record = json.loads(whole.read("record.json"))
        table = list(csv.reader(io.StringIO(whole.read("readings.csv").decode("utf-8-sig"))))
        if "record.pdf" in names:
            assert whole.read("record.pdf").startswith(b"%PDF")
    assert {"record.json", "fhir.json", "readings.csv", "allergies.csv"} <= names
    assert names & {"record.pdf", "README.txt"}
    assert [each["v1"] for each in record["readings"]] == ["120", "121", "6.10", "123"]
    assert record["allergies"][0]["substance"] == "青霉素"
    assert len(table) == 5
    acts = [row["act"] for row in (await elder.get(f"/v1/people/{person}/audit"))["rows"]]
    assert acts[-2:] == ["copy_asked", "copied"]


async def test_a_link_ends_with_its_day_with_a_cancel_and_with_the_mandate(platform, elder, person):
    child = await guardian_of(platform, elder, person)
    theirs, mine = await made(platform, child, person), await made(platform, elder, person)
    assert await one(elder, person, mine["id"]) == mine
    stranger = await platform.register()
    assert (await stranger.ask("GET", f"/v1/people/{person}/copies")).status_code == 403
    assert (
        await child.ask("DELETE", f"/v1/people/{person}/copies/{mine['id']}")
    ).status_code == 404
    for token in ("x", "x" * 200, mine["link"][:-4] + "AAA="):
        assert (
            await platform.http.get(f"/v1/copies/{token.rpartition('/')[2]}")
        ).status_code == 404

    assert (await platform.http.get(theirs["link"])).status_code == 200
    mandate = (await child.get("/v1/mandates"))["mandates"][0]
    await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    assert (await platform.http.get(theirs["link"])).status_code == 403

    gone = (await elder.ask("DELETE", f"/v1/people/{person}/copies/{mine['id']}")).json()
    assert (gone["state"], gone["link"], gone["size"]) == ("cancelled", "", 0)
    assert (await platform.http.get(mine["link"])).status_code == 404
    again = await elder.ask("DELETE", f"/v1/people/{person}/copies/{mine['id']}")
    assert again.json()["state"] == "cancelled"

    late = await made(platform, elder, person)
    platform.clock.now += 25 * HOUR
    elder = await platform.sign_in(elder.login)
    assert (await platform.http.get(late["link"])).status_code == 404
    assert (await one(elder, person, late["id"]))["state"] == "expired"
    await here_of(platform).db.write(lambda tx: copies.sweep(tx, platform.clock()))
    assert "copy_part" not in await rows_of(platform, person)


async def test_a_copy_is_for_the_person_and_a_guardian_even_when_sharing_is_off(
    platform, elder, person
):
    child = await guardian_of(platform, elder, person)
    carer = await platform.register()
    await mandated(elder, carer, person, "carer")
    for path in ("copies", "erasures"):
        answer = await carer.ask("POST", f"/v1/people/{person}/{path}", json={})
        assert answer.status_code == 403
        stranger = await platform.register()
        assert (
            await stranger.ask("POST", f"/v1/people/{person}/{path}", json={})
        ).status_code == 403
    rows = (await elder.get(f"/v1/people/{person}/consents"))["consents"]
    given = next(row for row in rows if row["purpose"] == "platform_sync")
    await elder.post(f"/v1/people/{person}/consents/{given['id']}/withdraw")
    assert (await made(platform, elder, person))["state"] == "ready"
    refused = await child.ask("POST", f"/v1/people/{person}/copies", json={})
    assert refused.json()["code"] == "consent_withdrawn"


async def test_a_copy_can_be_given_up_while_it_is_made_and_two_makers_make_one(
    platform, elder, person, monkeypatch
):
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    pages = copies.parcel.pages

    def slow(record, now, **given):
        for name, page in pages(record, now, **given):
            if now:
                loop.call_soon_threadsafe(begun.set)
                asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            yield name, page

    monkeypatch.setattr(copies.parcel, "pages", slow)
    row = await elder.post(f"/v1/people/{person}/copies", {"language": "en"})
    again = await elder.post(f"/v1/people/{person}/copies")
    assert again["id"] == row["id"]
    await asyncio.wait_for(begun.wait(), 60)
    assert (await one(elder, person, row["id"]))["state"] == "making"
    await elder.ask("DELETE", f"/v1/people/{person}/copies/{row['id']}")
    go_on.set()
    await here_of(platform).jobs.idle()
    assert (await one(elder, person, row["id"]))["state"] == "cancelled"
    assert "copy_part" not in await rows_of(platform, person)


async def test_what_a_stopped_service_left_is_made_by_the_next(platform, elder, person):
    here, copy_id = here_of(platform), uuid4()
    values = {
        "person_id": person, "id": copy_id, "account_id": elder.account_id, "language": "en",
        "state": "making", "done": 3, "total": 14, "size": 0, "asked_at": 1,
        "until_at": platform.clock() + HOUR, "leased_until": platform.clock(),
    }  # fmt: skip
    await here.db.write(lambda tx: tx.execute(insert(copy).values(values)))
    await routes.resume(here)
    await here.jobs.idle()
    assert (await one(elder, person, str(copy_id)))["state"] == "ready"


def test_every_table_of_a_person_is_emptied_or_kept_with_a_reason():
    people = {t.name for t in metadata.sorted_tables if t.info["distribution"] == "person"}
    assert set(erasing.KEPT) <= people
    assert {table.name for table in erasing.emptied()} == people - set(erasing.KEPT)
    assert all(what and why for what, why in erasing.KEPT.values())


async def test_erased_is_erased_and_the_receipt_says_what_stays(platform, elder, person):
    child = await platform.register()
    await mandated(elder, child, person, "carer")
    await elder.post(f"/v1/people/{person}/invitations", {"role": "viewer"})
    await made(platform, elder, person)
    for _ in range(2):
        await elder.push(*(op(person) for _ in range(200)))

    answer = await elder.ask("POST", f"/v1/people/{person}/erasures")
    assert answer.status_code == 202
    row = answer.json()
    assert row["state"] == "done"
    left = await rows_of(platform, person)
    assert set(left) <= set(erasing.KEPT)
    kept = json.dumps([list(map(str, line)) for rows in left.values() for line in rows])
    for value in ("青霉素", "示例片", "13800000000"):
        assert value not in kept
        assert json.dumps(value)[1:-1] not in kept

    receipt = Receipt.model_validate(row["receipt"])
    assert receipt.erased["entity"] > 400
    assert len(receipt.kept) == len(erasing.KEPT)
    assert "plat" in receipt.sentences.en.lower()
    settings = here_of(platform).settings
    assert erasing.genuine(settings, receipt)
    assert not erasing.genuine(settings, receipt.model_copy(update={"done_at": 1}))
    audit = (await elder.get(f"/v1/people/{person}/audit", limit=200))["rows"]
    assert audit[-1]["act"] == "erased"
    assert audit[-1]["detail"]["receipt"] == receipt.hash
    assert (audit[-2]["n"], audit[-2]["hash"]) == (receipt.audit.n, receipt.audit.hash)

    listed = (await elder.get(f"/v1/people/{person}/erasures"))["erasures"]
    assert listed == [row]
    assert (await elder.post(f"/v1/people/{person}/erasures")) == row
    assert await child.head(person) is None
    mine = await elder.head(person)
    assert (mine["paused"], mine["epoch"]) == ("erased", 2)
    refused = await elder.push(op(person))
    assert (refused[0]["status"], refused[0]["code"]) == ("blocked", "erased")
    answer = await elder.ask("GET", "/v1/sync/pull", params={"person": str(person)})
    assert (answer.status_code, answer.json()["code"]) == (403, "erased")


async def test_a_kill_in_the_middle_is_finished_by_the_next_start(platform, elder, person):
    here = here_of(platform)
    await elder.push(*(op(person) for _ in range(200)))

    async def ask(tx):
        from carehub.platform.access import Actor

        actor = Actor(elder.account_id, uuid4(), elder.device_id)
        return await erasing.ask(tx, person, actor, platform.clock())

    row = await here.db.write(ask)
    answer = await elder.ask("GET", "/v1/sync/snapshot", params={"person": str(person)})
    assert answer.json()["code"] == "erased"
    assert await here.db.write(lambda tx: erasing.step(tx, here, person, row.id))
    assert set(await rows_of(platform, person)) - set(erasing.KEPT)
    await routes.resume(here)
    await routes.resume(here)
    await here.jobs.idle()
    (told,) = (await elder.get(f"/v1/people/{person}/erasures"))["erasures"]
    assert told["state"] == "done"
    assert told["receipt"]["erased"]["entity"] > 200
    assert set(await rows_of(platform, person)) <= set(erasing.KEPT)
    assert not await here.db.write(lambda tx: erasing.step(tx, here, person, row.id))
    assert await here.db.read(erasing.unfinished) == []


async def test_a_guardian_may_ask_and_keeps_the_receipt(platform, elder, person):
    child = await guardian_of(platform, elder, person)
    row = await child.post(f"/v1/people/{person}/erasures")
    assert row["receipt"]["asked_by"] == "guardian"
    assert (await child.get(f"/v1/people/{person}/erasures"))["erasures"] == [row]
    assert (await child.post(f"/v1/people/{person}/erasures")) == row
    stranger = await platform.register()
    for method in ("GET", "POST"):
        answer = await stranger.ask(method, f"/v1/people/{person}/erasures")
        assert answer.status_code == 403
    assert len((await elder.get(f"/v1/people/{person}/erasures"))["erasures"]) == 1


async def test_who_agrees_again_begins_anew_and_may_erase_again(platform, elder, person):
    first = await elder.post(f"/v1/people/{person}/erasures")
    await runner.turn(here_of(platform))
    assert "watch" not in await rows_of(platform, person)
    agreed = {"id": str(uuid4()), "purpose": "platform_sync", "text_version": "1", "granted_at": 1}
    await elder.post(f"/v1/people/{person}/consents", agreed)
    assert (await elder.push(op(person)))[0]["status"] == "ok"
    await runner.turn(here_of(platform))
    assert "watch" in await rows_of(platform, person)
    answer = await elder.ask("GET", "/v1/sync/pull", params={"person": str(person), "since": 0})
    assert answer.status_code == 410
    second = await elder.post(f"/v1/people/{person}/erasures")
    assert second["id"] != first["id"]
    assert UUID(second["id"])


async def test_the_files_of_a_person_go_as_well(tmp_path):
    uploads = tmp_path / "files"
    url = f"sqlite+aiosqlite:///{tmp_path}/p.db"
    async with platforms.service(url, uploads=uploads) as platform:
        elder = await platform.register()
        person = await elder.open()
        await held.fill(elder, person, many=1)
        folder = uploads / person.hex
        folder.mkdir(parents=True)
        (folder / ("0" * 64)).write_bytes(b"x")
        row = await elder.post(f"/v1/people/{person}/erasures")
        assert row["receipt"]["erased"]["files"] == 1
        assert not folder.exists()
