"""Mandates: code, asking from afar, the person's yes, review, revocation, expiry, who looked."""

from uuid import UUID, uuid4

import pytest

from carehub.platform.family import reviewing
from carehub.platform.family import service as family
from tests.helpers.platforms import Device, Service, op

DAY = 86_400_000


async def invited(elder: Device, person, role="carer", **given):
    return await elder.post(f"/v1/people/{person}/invitations", {"role": role, **given})


async def asked(elder: Device, child: Device, person, role="carer", **given):
    code = (await invited(elder, person, role, **given))["code"]
    return await child.post("/v1/mandates/accept", {"code": code})


async def mandated(elder: Device, child: Device, person, role="carer", **given):
    mandate = await asked(elder, child, person, role, **given)
    return await elder.post(f"/v1/people/{person}/mandates/{mandate['id']}/confirm")


async def reviewed(platform: Service, mandate, *, good=True):
    here = platform.app.state.running
    person_id, mandate_id = UUID(mandate["person_id"]), UUID(mandate["id"])

    async def work(tx):
        found = await family.mandate(tx, person_id, mandate_id)
        return await reviewing.review(tx, found, reviewing.Finding(good), platform.clock())

    return await here.db.write(work)


@pytest.fixture
async def elder(platform):
    return await platform.register()


@pytest.fixture
async def child(platform):
    return await platform.register()


@pytest.fixture
async def person(elder):
    person = await elder.open()
    await elder.push(op(person, body={"v1": "187"}))
    return person


async def refusal(device: Device, person):
    answer = await device.ask("GET", "/v1/sync/pull", params={"person": str(person), "since": 0})
    return answer.json().get("code", "")


async def test_a_code_and_a_yes_let_the_child_see_and_write(elder, child, person):
    waiting = await asked(elder, child, person)
    assert waiting["state"] == "asked"
    assert await refusal(child, person) == "not_allowed"
    assert await child.head(person) is None

    given = await elder.post(f"/v1/people/{person}/mandates/{waiting['id']}/confirm")

    assert given["state"] == "active"
    head = await child.head(person)
    assert (head["role"], head["paused"]) == ("carer", "")
    assert head["until_at"] == given["until_at"] == given["from_at"] + 365 * DAY
    assert (await child.pull(person))["changes"][0]["body"] == {"v1": "187"}
    (answer,) = await child.push(op(person, body={"v1": "120"}))
    assert answer["status"] == "ok"


async def test_the_elder_sees_who_looked_and_who_wrote(platform, elder, child, person):
    await mandated(elder, child, person)
    for _ in range(3):
        await child.pull(person)
    await child.get("/v1/sync/snapshot", person=str(person))
    platform.clock.now += 2 * 3_600_000
    child = await platform.sign_in(child.login)
    elder = await platform.sign_in(elder.login)
    await child.pull(person)
    await child.push(op(person))

    looks = (await elder.get(f"/v1/people/{person}/looks"))["rows"]
    acts = [row["act"] for row in (await elder.get(f"/v1/people/{person}/audit"))["rows"]]

    assert [row["who"] for row in looks] == [child.login] * 2
    assert acts == [
        "opened", "invited", "asked", "confirmed", "consented", "looked", "signed_in", "looked",
        "wrote",
    ]  # fmt: skip


async def test_a_code_works_once_and_for_half_an_hour(platform, elder, child, person):
    code = (await invited(elder, person))["code"]
    spoken = f"{code[:5].lower()}-{code[5:]}"
    await child.post("/v1/mandates/accept", {"code": spoken})
    other = await platform.register()
    again = await other.ask("POST", "/v1/mandates/accept", json={"code": code})
    assert (again.status_code, again.json()["code"]) == (404, "code_wrong")

    late = (await invited(elder, person))["code"]
    platform.clock.now += 1_800_000
    other = await platform.sign_in(other.login)
    answer = await other.ask("POST", "/v1/mandates/accept", json={"code": late})
    assert answer.json()["code"] == "code_wrong"


async def test_asking_from_afar_tells_nothing_and_needs_the_parents_yes(
    platform, elder, child, person
):
    body = {"login": elder.login, "role": "carer", "relation": "女儿"}
    known = await child.post("/v1/mandates/ask", body)
    unknown = await child.post("/v1/mandates/ask", body | {"login": "nobody-here"})
    unusable = await child.post("/v1/mandates/ask", body | {"login": "+99 0"})
    assert known == unknown == unusable == {"sent": True}
    assert await refusal(child, person) == "not_allowed"

    (row,) = (await elder.get(f"/v1/people/{person}/mandates"))["mandates"]
    assert (row["state"], row["account"], row["relation"]) == ("asked", child.login, "女儿")
    await child.post("/v1/mandates/ask", body)
    assert len((await elder.get(f"/v1/people/{person}/mandates"))["mandates"]) == 1

    await elder.post(f"/v1/people/{person}/mandates/{row['id']}/confirm", {"how": "witnessed"})
    (mine,) = (await child.get("/v1/mandates"))["mandates"]
    assert (mine["state"], mine["how"]) == ("active", "witnessed")


async def test_no_means_no(elder, child, person):
    waiting = await asked(elder, child, person)
    path = f"/v1/people/{person}/mandates/{waiting['id']}"
    assert (await elder.post(f"{path}/decline"))["state"] == "declined"
    for act in ("decline", "confirm"):
        assert (await elder.ask("POST", f"{path}/{act}", json={})).json()["code"] == "not_now"
    assert (await elder.ask("DELETE", path)).json()["code"] == "not_now"
    assert await refusal(child, person) == "not_allowed"


async def test_revocation_ends_it_at_once_and_ops_that_wait_are_blocked(elder, child, person):
    mandate = await mandated(elder, child, person)
    before = (await child.get("/v1/sync/heads"))["grants_rev"]
    gone = await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")

    assert gone.json()["state"] == "revoked"
    assert await refusal(child, person) == "grant_revoked"
    assert await child.head(person) is None
    assert (await child.get("/v1/sync/heads"))["grants_rev"] > before
    (answer,) = await child.push(op(person))
    assert (answer["status"], answer["code"]) == ("blocked", "grant_revoked")


async def test_who_holds_a_mandate_may_give_it_up(elder, child, person):
    mandate = await mandated(elder, child, person)
    gone = await child.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    assert gone.json()["state"] == "revoked"


async def test_a_mandate_runs_out(platform, elder, child, person):
    await mandated(elder, child, person, days=1)
    platform.clock.now += DAY
    child = await platform.sign_in(child.login)
    assert await refusal(child, person) == "grant_revoked"
    assert (await child.get("/v1/mandates"))["mandates"][0]["state"] == "expired"


async def test_what_was_written_between_two_mandates_stays_blocked(platform, elder, child, person):
    mandate = await mandated(elder, child, person)
    await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    between = platform.clock.now + DAY
    platform.clock.now += 2 * DAY
    child, elder = await platform.sign_in(child.login), await platform.sign_in(elder.login)
    await mandated(elder, child, person)

    answers = await child.push(
        op(person, at=between), op(person, at=platform.clock.now), op(person, at=2 * 10**12)
    )

    assert [each["status"] for each in answers] == ["blocked", "ok", "ok"]


@pytest.mark.parametrize(
    ("role", "kind", "answer"),
    [
        ("viewer", "reading", "rejected"),
        ("carer", "reading", "ok"),
        ("carer", "alert", "ok"),
        ("carer", "allergy", "rejected"),
        ("carer", "emergency_contact", "rejected"),
        ("carer", "consent", "rejected"),
        ("carer", "something_new", "rejected"),
        ("guardian", "allergy", "ok"),
        ("guardian", "emergency_contact", "ok"),
        ("guardian", "consent", "rejected"),
    ],
)
async def test_each_role_writes_what_it_may(platform, elder, child, person, role, kind, answer):
    mandate = await mandated(elder, child, person, role)
    if role == "guardian":
        assert mandate["state"] == "review"
        assert await refusal(child, person) == "not_allowed"
        await reviewed(platform, mandate)
    act = "add" if kind in ("reading", "consent") else "set"
    (result,) = await child.push(op(person, kind, act))
    assert result["status"] == answer


async def test_a_guardian_whose_papers_do_not_do_is_refused(platform, elder, child, person):
    mandate = await mandated(elder, child, person, "guardian")
    row = await reviewed(platform, mandate, good=False)
    assert row.state == "declined"
    assert await refusal(child, person) == "not_allowed"
    with pytest.raises(Exception, match="not_now"):
        await reviewed(platform, mandate)


async def test_a_mandate_holds_no_more_than_its_role(elder, child, person):
    given = await mandated(elder, child, person, "viewer", scopes=["view", "contacts"])
    assert given["scopes"] == ["view"]
    own = await elder.ask("POST", f"/v1/people/{person}/invitations", json={"role": "self"})
    assert own.status_code == 403


async def test_one_is_not_ones_own_carer_nor_twice_the_same(elder, child, person):
    for device, before in ((elder, None), (child, True)):
        if before:
            await mandated(elder, child, person)
        code = (await invited(elder, person))["code"]
        answer = await device.ask("POST", "/v1/mandates/accept", json={"code": code})
        assert answer.json()["code"] == "not_now"


async def test_nobody_is_buried_in_questions(platform, elder, person):
    for _ in range(22):
        stranger = await platform.register()
        await stranger.post("/v1/mandates/ask", {"login": elder.login, "role": "viewer"})
    rows = (await elder.get(f"/v1/people/{person}/mandates"))["mandates"]
    assert len(rows) == family.MOST_ASKED


async def consent(elder, person, purpose, **given):
    body = {"id": str(uuid4()), "purpose": purpose, "text_version": "1", "granted_at": 5} | given
    return await elder.post(f"/v1/people/{person}/consents", body)


async def test_consent_taken_back_stops_every_byte_and_can_be_given_again(elder, child, person):
    await mandated(elder, child, person)
    given = await consent(elder, person, "platform_sync")
    assert await refusal(child, person) == ""

    await elder.post(f"/v1/people/{person}/consents/{given['id']}/withdraw")

    for device in (elder, child):
        assert await refusal(device, person) == "consent_withdrawn"
        assert (await device.head(person))["paused"] == "consent_withdrawn"
        (answer,) = await device.push(op(person))
        assert (answer["status"], answer["code"]) == ("blocked", "consent_withdrawn")
    for path in ("snapshot", "digest"):
        answer = await elder.ask("GET", f"/v1/sync/{path}", params={"person": str(person)})
        assert answer.json()["code"] == "consent_withdrawn"

    row = {"id": str(uuid4()), "purpose": "platform_sync", "text_version": "2", "method": "tap",
           "granted_at": 9, "withdrawn_at": None}  # fmt: skip
    again = op(person, "consent", entity_id=row["id"], body=row)
    answers = await elder.push(op(person), again, op(person))
    assert [each["status"] for each in answers] == ["blocked", "ok", "ok"]
    rows = (await elder.get(f"/v1/people/{person}/consents"))["consents"]
    assert [(each["purpose"], each["withdrawn_at"] is None) for each in rows] == [
        ("family_sharing", True), ("platform_sync", True), ("platform_sync", False),
        ("platform_sync", True),
    ]  # fmt: skip


async def test_family_sharing_taken_back_stops_the_family_alone(elder, child, person):
    await mandated(elder, child, person)
    await consent(elder, person, "platform_sync")
    (row, _) = (await elder.get(f"/v1/people/{person}/consents"))["consents"]
    await elder.post(f"/v1/people/{person}/consents/{row['id']}/withdraw")
    assert await refusal(child, person) == "consent_withdrawn"
    assert await refusal(elder, person) == ""
    missing = await elder.ask("POST", f"/v1/people/{person}/consents/{uuid4()}/withdraw")
    assert missing.status_code == 404


async def test_who_was_asked_and_did_not_agree_shares_nothing(elder, person):
    await consent(elder, person, "archive")
    assert await refusal(elder, person) == "consent_withdrawn"
