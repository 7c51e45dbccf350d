"""A clinic's part in mandates: a yes in presence, a guardian's document, a refusal with its reason."""

import hashlib
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from carehub.platform.attachments import tables as attachments
from tests.helpers.platforms import ONE_STORE
from tests.platform.test_escalation import House
from tests.platform.test_family import asked, consent, mandated, refusal

pytestmark = ONE_STORE
PNG = b"\x89PNG\r\n\x1a\n" + b"paper" * 9


@pytest.fixture
async def house(platform):
    elder = await platform.register()
    found = House(platform, elder, await elder.open())
    found.child = await platform.register()
    found.worker_here = await found.worker("W1")
    return found


async def ask(house, role="carer", **given):
    body = {"login": house.elder.login, "role": role, "relation": "女儿", "name": "王小示", **given}
    await house.child.post("/v1/mandates/ask", body)
    (row,) = (await house.elder.get(f"/v1/people/{house.person}/mandates"))["mandates"]
    return row


async def paper(house, device):
    """Return a whole upload of the device's own person."""
    own = await device.open()
    attachment_id = uuid4()
    sha256 = hashlib.sha256(PNG).digest()
    now = house.platform.clock()
    row = {
        "person_id": own, "id": attachment_id, "account_id": device.account_id,
        "media_type": "image/png", "sha256": sha256, "size": len(PNG), "received": len(PNG),
        "created_at": now, "expires_at": now + 10**9, "completed_at": now,
    }  # fmt: skip
    await house.here.db.write(lambda tx: tx.execute(insert(attachments.upload).values(row)))
    house.here.shelf.add(own, attachment_id, 0, PNG)
    house.here.shelf.finish(own, attachment_id, sha256, "image/png")
    return {"person_id": str(own), "attachment_id": str(attachment_id), "clinic": "C1"}


def path(house, row, act):
    return f"/v1/clinic/mandates/{house.person}/{row['id']}/{act}"


async def test_a_parent_without_a_screen_says_yes_at_the_clinic(house):
    row = await ask(house)
    assert (row["name"], row["relation"], row["alerts"]) == ("王小示", "女儿", False)
    looked = await house.worker_here.post("/v1/clinic/look-up", {"login": house.elder.login})
    assert [each["id"] for each in looked["mandates"]] == [row["id"]]
    for login in ("nobody-here", "+99 0"):
        assert (await house.worker_here.post("/v1/clinic/look-up", {"login": login})) == {
            "mandates": []
        }
    said = await house.worker_here.post(path(house, row, "confirm"))
    assert (said["state"], said["how"], said["clinic"]) == ("active", "witnessed", "C1")
    assert await refusal(house.child, house.person) == ""
    again = await house.worker_here.ask("POST", path(house, row, "confirm"))
    assert again.json()["code"] == "not_now"
    rows = (await house.elder.get(f"/v1/people/{house.person}/consents"))["consents"]
    assert [(r["purpose"], r["method"]) for r in rows] == [("family_sharing", "witnessed")]
    acts = [r["act"] for r in (await house.elder.get(f"/v1/people/{house.person}/audit"))["rows"]]
    assert {"looked_up", "confirmed_at_clinic"} <= set(acts)
    assert [r["who"] for r in (await house.elder.get(f"/v1/people/{house.person}/audit"))["rows"]
            if r["act"] == "confirmed_at_clinic"] == [house.worker_here.login]  # fmt: skip


async def test_a_worker_cannot_give_again_what_the_person_took_back(house):
    given = await consent(house.elder, house.person, "family_sharing")
    await house.elder.post(f"/v1/people/{house.person}/consents/{given['id']}/withdraw")
    row = await ask(house)
    await house.worker_here.post(path(house, row, "confirm"))
    assert await refusal(house.child, house.person) == "consent_withdrawn"


async def test_nobody_confirms_what_concerns_themselves(house):
    house.child = house.worker_here
    row = await ask(house)
    answer = await house.worker_here.ask("POST", path(house, row, "confirm"))
    assert answer.json()["code"] == "not_allowed"


async def test_the_elders_machine_learns_that_somebody_asks(house):
    before = (await house.elder.get("/v1/sync/heads"))["grants_rev"]
    await ask(house)
    assert (await house.elder.get("/v1/sync/heads"))["grants_rev"] > before


async def test_a_guardians_document_is_looked_at_before_it_counts(house):
    row = await mandated(house.elder, house.child, house.person, "guardian")
    assert row["state"] == "review"
    where = f"/v1/people/{house.person}/mandates/{row['id']}/document"
    handed = await paper(house, house.child)
    early = await house.worker_here.ask("POST", path(house, row, "review"), json={"good": True})
    assert early.json()["code"] == "not_allowed"
    for wrong in ({"clinic": "none"}, {"attachment_id": str(uuid4())}):
        answer = await house.child.ask("POST", where, json=handed | wrong)
        assert answer.json()["code"] == "not_found"
    strange = await house.child.ask("POST", where, json=handed | {"person_id": str(uuid4())})
    assert strange.json()["code"] == "not_allowed"
    assert (await house.elder.ask("POST", where, json=handed)).json()["code"] == "not_allowed"
    assert (await house.child.post(where, handed))["document_id"] == handed["attachment_id"]

    (waiting,) = (await house.worker_here.get("/v1/clinic/reviews"))["mandates"]
    assert waiting["id"] == row["id"]
    file = await house.worker_here.ask("GET", path(house, row, "document"))
    assert (file.content, file.headers["content-disposition"][:10]) == (PNG, "attachment")
    told = {"good": True}
    done = await house.worker_here.post(path(house, row, "review"), told)
    assert (done["state"], done["how"]) == ("active", "guardian")
    assert await refusal(house.child, house.person) == ""
    again = await house.worker_here.ask("POST", path(house, row, "review"), json=told)
    assert again.json()["code"] == "not_allowed"
    late = await house.child.ask("POST", where, json=handed)
    assert late.json()["code"] == "not_now"


async def test_a_refusal_says_why(house):
    row = await mandated(house.elder, house.child, house.person, "guardian")
    where = f"/v1/people/{house.person}/mandates/{row['id']}/document"
    await house.child.post(where, await paper(house, house.child))
    answer = await house.worker_here.ask("POST", path(house, row, "review"), json={"good": False})
    assert answer.json()["code"] == "malformed"
    told = {"good": False, "reason": "看不清公章，请重新拍照"}
    await house.worker_here.post(path(house, row, "review"), told)
    (mine,) = (await house.child.get("/v1/mandates"))["mandates"]
    assert (mine["state"], mine["reason"]) == ("declined", "看不清公章，请重新拍照")


async def test_a_worker_does_not_look_at_their_own_document(house):
    row = await mandated(house.elder, house.worker_here, house.person, "guardian")
    where = f"/v1/people/{house.person}/mandates/{row['id']}/document"
    await house.worker_here.post(where, await paper(house, house.worker_here))
    answer = await house.worker_here.ask("POST", path(house, row, "review"), json={"good": True})
    assert answer.json()["code"] == "not_allowed"


async def test_a_lost_document_is_not_found(house):
    row = await mandated(house.elder, house.child, house.person, "guardian")
    where = f"/v1/people/{house.person}/mandates/{row['id']}/document"
    handed = await paper(house, house.child)
    await house.child.post(where, handed)
    await house.elder.ask("PUT", f"/v1/people/{house.person}/clinic", json={"code": "C1"})
    again = await house.child.post(where, handed | {"clinic": ""})
    assert again["clinic"] == "C1"
    await house.here.db.write(
        lambda tx: tx.execute(
            attachments.upload.update()
            .where(attachments.upload.c.person_id == UUID(handed["person_id"]))
            .values(sha256=b"0" * 32)
        )
    )
    assert (await house.worker_here.ask("GET", path(house, row, "document"))).status_code == 404


async def test_an_invitation_keeps_the_name_of_who_answers_it(house):
    row = await asked(house.elder, house.child, house.person)
    assert row["name"] == ""
    code = (await house.elder.post(f"/v1/people/{house.person}/invitations", {"role": "viewer"}))[
        "code"
    ]
    other = await house.platform.register()
    told = {"code": code, "name": "王小示", "alerts": "v1"}
    row = await other.post("/v1/mandates/accept", told)
    assert (row["name"], row["alerts"]) == ("王小示", True)


async def test_who_asks_from_afar_may_agree_to_be_told_at_once(house):
    assert (await ask(house, alerts="v1"))["alerts"]
