"""Person streams over HTTP: answers per op, places without gaps, pages, resync, digest, bad input."""

import asyncio
import gzip
import hashlib
import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.platform.records import service
from tests.helpers.platforms import op


async def push_raw(device, raw, **headers):
    headers = {"Content-Type": "application/json"} | headers
    return await device.ask("POST", "/v1/sync/push", content=raw, headers=headers)


def parcel(device, ops):
    return {"device_id": str(device.device_id), "client_time": 1, "ops": ops}


async def test_ops_that_others_keep_crossing_are_to_be_sent_again_and_spoil_no_others(
    platform, monkeypatch
):
    device = await platform.register()
    crossed, calm = await device.open(), await device.open()
    real = service.push

    class Crossed(Exception):
        sqlstate = "40001"

    async def push(tx, person_id, *given):
        if person_id == crossed:
            raise DBAPIError("", {}, Crossed())
        return await real(tx, person_id, *given)

    monkeypatch.setattr(service, "push", push)
    first, second = op(crossed), op(calm)
    answers = await device.push(first, second, op(crossed))
    assert [(each["status"], each["code"]) for each in answers] == [
        ("retry", "busy"), ("ok", ""), ("retry", "busy"),
    ]  # fmt: skip
    monkeypatch.undo()
    answers = await device.push(first, second)
    assert [each["status"] for each in answers] == ["ok", "duplicate"]


async def test_a_mistake_in_a_push_is_not_called_busy(platform, monkeypatch):
    device = await platform.register()
    person = await device.open()

    async def push(*_given):
        raise DBAPIError("", {}, Exception())

    monkeypatch.setattr(service, "push", push)
    body = {"device_id": str(device.device_id), "client_time": 0, "ops": [op(person)]}
    assert (await device.ask("POST", "/v1/sync/push", json=body)).status_code == 500


async def test_eight_writers_on_one_person_leave_no_gap_and_lose_nothing(platform):
    owner = await platform.register()
    person = await owner.open()
    writers = [await platform.sign_in(owner.login) for _ in range(8)]
    shared = uuid4()
    missed, cursor, done = [], 0, asyncio.Event()

    async def write(device, number):
        for n in range(10):
            own = op(person, body={"n": n, "writer": number})
            both = op(
                person, "person", "set", entity_id=str(shared), body={"called": f"{number}.{n}"}
            )
            answers = await device.push(own, both)
            assert {each["status"] for each in answers} <= {"ok", "conflict"}

    async def read():
        nonlocal cursor
        while not done.is_set() or (await owner.head(person))["head"] > cursor:
            page = await owner.pull(person, cursor, limit=7)
            missed.extend(change["seq"] for change in page["changes"])
            cursor = page["next"]
            await asyncio.sleep(0)

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(device, n) for n, device in enumerate(writers)))
    done.set()
    await reader

    head = (await owner.head(person))["head"]
    assert missed == list(range(1, head + 1))
    entities = (await owner.get("/v1/sync/snapshot", person=str(person)))["entities"]
    assert sum(each["kind"] == "reading" for each in entities) == 80
    # Each of the 80 names stands, was replaced by its own device's next, or is in a conflict.
    assert sum(each["kind"] == "person" for each in entities) == 1


async def test_each_op_has_its_own_answer_in_the_order_sent(platform):
    owner = await platform.register()
    person, other = await owner.open(), await owner.open()
    first = op(person)
    answers = await owner.push(
        first,
        op(other),
        op(person, act="set"),
        op(uuid4()),
        first | {"op_id": str(uuid4())},
        {"op_id": str(uuid4()), "junk": True},
        op(person, body={"note": "nul \0"}),
        op(person, body={"id": str(uuid4())}),
        op(person, body={"person_id": str(uuid4())}),
        op(person, body={"note": float("1e300"), "deep": json.loads("[" * 30 + "]" * 30)}),
        op(person, body={"n": 2**60}),
        op(person, body={"note": "x" * 70_000}),
        op(person, "conflict", "add"),
        op(person, "consent", body={"id": "?"}),
        op(person, "person", "void"),
    )
    assert [(each["status"], each["code"]) for each in answers] == [
        ("ok", ""),
        ("ok", ""),
        ("rejected", "append_only"),
        ("blocked", "not_allowed"),
        ("duplicate", ""),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "not_allowed"),
        ("rejected", "malformed"),
        ("rejected", "act_unknown"),
    ]


async def test_a_conflict_reaches_every_device_and_is_settled_once(platform):
    home = await platform.register()
    person = await home.open()
    away = await platform.sign_in(home.login)
    entity = str(uuid4())
    await home.push(op(person, "allergy", "set", entity_id=entity, body={"substance": "a"}))

    (answer,) = await away.push(
        op(person, "allergy", "set", entity_id=entity, body={"substance": "b"})
    )

    assert (answer["status"], answer["rev"]) == ("conflict", 1)
    conflict = (await home.pull(person, 1))["changes"][0]
    assert conflict["kind"] == "conflict"
    told = conflict["body"]
    assert (told["field"], told["kept"], told["lost"]) == ("substance", "a", "b")
    assert told["needs_confirmation"] is True
    settle = op(
        person, "conflict", "set", entity_id=conflict["entity_id"],
        body={"resolved_at": 5}, base={"resolved_at": conflict["seq"]},
    )  # fmt: skip
    assert (await home.push(settle))[0]["status"] == "ok"
    assert (await away.pull(person, 2))["changes"][0]["body"] == {"resolved_at": 5}
    tampered = settle | {"op_id": str(uuid4()), "body": {"kept": "c"}}
    assert (await home.push(tampered))[0]["code"] == "not_allowed"


async def test_a_chain_in_one_parcel_is_no_conflict(platform):
    home = await platform.register()
    person = await home.open()
    entity = str(uuid4())
    edits = [op(person, "person", "set", entity_id=entity, body={"called": name}) for name in "abc"]
    answers = await home.push(*edits)
    assert [each["status"] for each in answers] == ["ok"] * 3
    assert [(each["seq"], each["rev"]) for each in answers] == [(1, 1), (2, 2), (3, 3)]
    (entity,) = (await home.get("/v1/sync/snapshot", person=str(person)))["entities"]
    assert (entity["body"]["called"], entity["fields"]["called"]) == ("c", 3)


async def test_what_we_do_not_know_is_kept_as_it_came(platform):
    home = await platform.register()
    person = await home.open()
    strange = {"mood": "fine", "scale": [1, 2.5, None, {"deep": "值"}], "big": 2**53 - 1}
    await home.push(op(person, "mood_diary", "add", body=strange))
    (change,) = (await home.pull(person))["changes"]
    assert (change["kind"], change["body"]) == ("mood_diary", strange)


async def test_pages_follow_each_other(platform):
    home = await platform.register()
    person = await home.open()
    await home.push(*(op(person) for _ in range(7)))
    seen, since = [], 0
    while True:
        page = await home.pull(person, since, limit=3)
        seen += [change["seq"] for change in page["changes"]]
        since = page["next"]
        if since == page["head"]:
            break
    assert seen == list(range(1, 8))


@pytest.mark.parametrize("query", [{"since": 99}, {"since": 0, "epoch": 2}])
async def test_a_cursor_from_another_history_must_begin_anew(platform, query):
    home = await platform.register()
    person = await home.open()
    await home.push(op(person))
    answer = await home.ask("GET", "/v1/sync/pull", params={"person": str(person), **query})
    assert (answer.status_code, answer.json()["code"]) == (410, "resync")


async def test_a_cursor_below_the_floor_must_begin_anew(platform):
    home = await platform.register()
    person = await home.open()
    await home.push(op(person))

    async def prune(tx):
        await tx.execute(text("UPDATE person_stream SET floor = 1"))

    await platform.app.state.running.db.write(prune)
    answer = await home.ask("GET", "/v1/sync/pull", params={"person": str(person), "since": 0})
    assert answer.status_code == 410


async def test_a_snapshot_in_pages_holds_every_entity_once(platform):
    home = await platform.register()
    person = await home.open()
    await home.push(*(op(person, kind, "add") for kind in ("reading", "person", "target") * 3))
    entities, after = [], None
    while True:
        query = {"person": str(person), "limit": 2} | ({"after": after} if after else {})
        page = await home.get("/v1/sync/snapshot", **query)
        entities += [(each["kind"], each["entity_id"]) for each in page["entities"]]
        after = page["after"]
        if after is None:
            break
    assert len(entities) == len(set(entities)) == 9
    assert entities == sorted(entities)
    bad = await home.ask("GET", "/v1/sync/snapshot", params={"person": str(person), "after": "x:y"})
    assert bad.status_code == 422


async def test_the_digest_is_the_xor_of_what_the_snapshot_shows(platform):
    home = await platform.register()
    person = await home.open()
    gone = str(uuid4())
    await home.push(op(person), op(person), op(person, "condition", "set", entity_id=gone))
    await home.push(op(person, "condition", "remove", entity_id=gone, base={"note": 3}))
    digest = await home.get("/v1/sync/digest", person=str(person))
    entities = (await home.get("/v1/sync/snapshot", person=str(person)))["entities"]
    expected = {}
    for each in entities:
        count, xor = expected.get(each["kind"], (0, 0))
        share = hashlib.sha256(f"{each['entity_id']}|{each['rev']}".encode()).digest()[:8]
        expected[each["kind"]] = (count + 1, xor ^ int.from_bytes(share, "big"))
    assert digest["kinds"] == {
        kind: {"count": count, "xor": f"{xor:016x}"} for kind, (count, xor) in expected.items()
    }
    assert [each["deleted"] for each in entities if each["kind"] == "condition"] == [True]


async def test_a_parcel_may_be_packed(platform):
    home = await platform.register()
    person = await home.open()
    raw = json.dumps(parcel(home, [op(person)])).encode()
    packed = {"Content-Encoding": "gzip"}

    answer = await push_raw(home, gzip.compress(raw), **packed)

    assert answer.json()["results"][0]["status"] == "ok"
    assert (await push_raw(home, gzip.compress(raw)[:-9], **packed)).status_code == 422
    assert (await push_raw(home, raw, **packed)).status_code == 422
    assert (await push_raw(home, gzip.compress(b" " * 9_000_000), **packed)).status_code == 413
    assert (await push_raw(home, b" " * 300_000)).status_code == 413


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"device_id": 1}', b"[" * 100_000,
        b'{"device_id":"x","client_time":1e999,"ops":[]}',
    ],
)  # fmt: skip
async def test_a_malformed_parcel_is_refused_whole(platform, raw):
    home = await platform.register()
    answer = await push_raw(home, raw)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_an_op_without_an_id_or_too_many_ops_are_refused(platform):
    home = await platform.register()
    person = await home.open()
    for ops in ([{"junk": 1}], [op(person)] * 201):
        answer = await push_raw(home, json.dumps(parcel(home, ops)).encode())
        assert answer.status_code == 422
    surrogate = op(person, body={"note": "\ud800"})
    answer = await push_raw(home, json.dumps(parcel(home, [surrogate])).encode())
    assert answer.status_code in (200, 422)
    assert (await home.head(person))["head"] == 0


async def test_a_device_pushes_only_as_itself(platform):
    home = await platform.register()
    body = parcel(home, []) | {"device_id": str(uuid4())}
    answer = await push_raw(home, json.dumps(body).encode())
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_device")


@pytest.mark.parametrize(
    ("spoken", "status"),
    [("1-1", 200), ("1-9", 200), ("2-9", 426), ("0-0", 426), ("x", 422), (None, 200)],
)
async def test_a_schema_in_common_is_needed(platform, spoken, status):
    home = await platform.register()
    headers = {} if spoken is None else {"CareHub-Schema": spoken}
    answer = await home.ask("GET", "/v1/sync/heads", headers=headers)
    assert answer.status_code == status
    assert answer.headers["carehub-schema"] == "1-1"


async def test_opening_a_person_twice_is_once_and_never_another_accounts(platform):
    mine, other = await platform.register(), await platform.register()
    person = await mine.open()
    await mine.open(person)
    taken = await other.ask("POST", "/v1/people", json={"person_id": str(person)})
    assert (taken.status_code, taken.json()["code"]) == (409, "person_taken")
    assert [UUID(each) for each in (await mine.get("/v1/account"))["people"]] == [person]


async def test_many_claiming_one_person_at_once_leaves_one_owner(platform):
    devices = [await platform.register() for _ in range(5)]
    body = {"person_id": str(uuid4())}
    answers = await asyncio.gather(
        *(device.ask("POST", "/v1/people", json=body) for device in devices)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4


async def test_many_adding_one_reading_at_once_leaves_one(platform):
    owner = await platform.register()
    person = await owner.open()
    devices = [await platform.sign_in(owner.login) for _ in range(6)]
    entity = str(uuid4())
    answers = await asyncio.gather(
        *(device.push(op(person, entity_id=entity)) for device in devices)
    )
    assert sorted(each[0]["status"] for each in answers) == ["duplicate"] * 5 + ["ok"]
    assert (await owner.head(person))["head"] == 1
