"""The matrix: every route, asked by everybody who has no business there, with another's ids."""

from collections import defaultdict
from uuid import uuid4

import pytest

from carehub.platform.fhir.search import PARAMETERS
from carehub.wire.attachments import PIECE_TYPE, TUS, metadata_text
from tests.helpers.platforms import op
from tests.platform.test_family import consent, mandated, reviewed

OPEN_TO_ALL = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("POST", "/v1/accounts"),
    ("POST", "/v1/sign-in"),
    ("POST", "/v1/sign-in/pin"),
    ("GET", "/v1/oauth/authorize"),
    ("POST", "/v1/oauth/authorize"),
    ("POST", "/v1/tokens/refresh"),
    ("POST", "/v1/oauth/device"),
    ("POST", "/v1/oauth/token"),
    ("GET", "/fhir/metadata"),
}
OF_NOBODY_ELSE = {
    ("GET", "/v1/account"),
    ("GET", "/v1/sessions"),
    ("PUT", "/v1/devices/current/pin"),
    ("DELETE", "/v1/devices/current/pin"),
    ("DELETE", "/v1/sessions/current"),
    ("DELETE", "/v1/sessions/{session_id}"),
    ("GET", "/v1/sync/heads"),
    ("GET", "/v1/sync/events"),
    ("POST", "/v1/oauth/device/look"),
    ("POST", "/v1/oauth/device/answer"),
    ("GET", "/v1/mandates"),
    ("POST", "/v1/mandates/accept"),
    ("POST", "/v1/mandates/ask"),
    ("POST", "/v1/people"),
    ("POST", "/v1/sync/push"),
}
"""Routes that name no person in their path or query; what they may touch is tested by itself."""
READING = {("GET", "/v1/sync/pull"), ("GET", "/v1/sync/snapshot"), ("GET", "/v1/sync/digest")}
READING |= {("GET", "/fhir/Patient/{person_id}/$everything")}
READING |= {("GET", f"/fhir/{kind}") for kind in PARAMETERS if kind != "Patient"}
OF_NOBODY_ELSE |= {("GET", "/fhir/Patient"), ("GET", "/fhir/Patient/$everything")}
OF_NOBODY_ELSE |= {("GET", f"/fhir/{kind}/{{resource_id}}") for kind in PARAMETERS}
BODIES = {
    "/v1/people/{person_id}/invitations": {"role": "viewer"},
    "/v1/people/{person_id}/consents": {
        "id": str(uuid4()), "purpose": "archive", "text_version": "1", "granted_at": 1,
    },
}  # fmt: skip
BODIES |= {
    "/v1/people/{person_id}/alerts/consent": {"agreed": True, "text_version": "1"},
    "/v1/people/{person_id}/carers": {"carers": []},
    "/v1/people/{person_id}/clinic": {"code": ""},
    "/v1/people/{person_id}/mandates/{mandate_id}/document": {
        "person_id": str(uuid4()), "attachment_id": str(uuid4()),
    },
    "/v1/clinic/mandates/{person_id}/{mandate_id}/review": {"good": True},
    "/v1/clinic/tasks/{person_id}/{task_id}/close": {"outcome": "reached"},
}  # fmt: skip
OF_NOBODY_ELSE |= {
    ("GET", "/v1/clinics"),
    ("GET", "/v1/clinic/me"),
    ("GET", "/v1/clinic/tasks"),
    ("GET", "/v1/clinic/reviews"),
    ("POST", "/v1/clinic/look-up"),
}
BEING_TOLD = {
    ("POST", "/v1/people/{person_id}/alerts/{alert_id}/received"): ("viewer", "carer", "guardian"),
    ("POST", "/v1/people/{person_id}/alerts/consent"): ("carer", "guardian"),
}
"""What a relative says of themselves, and which roles may."""
UPLOADS = "/v1/people/{person_id}/uploads"
BRINGING = {
    ("OPTIONS", UPLOADS): 204,
    ("POST", UPLOADS): 201,
    **{(method, UPLOADS + "/{upload_id}"): 404 for method in ("HEAD", "PATCH", "DELETE")},
}
"""Routes that a carer may use as well, with what they answer to one who may."""
FILE = ("GET", "/v1/people/{person_id}/attachments/{attachment_id}")
"""A route that every mandate opens; there is no such file."""
SAID = metadata_text({"id": str(uuid4()), "sha256": "0" * 64, "media_type": "image/png"})
HEADERS = {
    "Tus-Resumable": TUS, "Upload-Length": "1", "Upload-Offset": "0", "Upload-Metadata": SAID,
    "Content-Type": PIECE_TYPE,
}  # fmt: skip
ROLES = ("stranger", "asking", "revoked", "expired", "viewer", "carer", "guardian")


def routes(app):
    """Return each method and path the service describes."""
    return {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


async def test_no_route_is_forgotten(platform):
    """A new route must be put into the matrix, or it fails here."""
    private = {route for route in routes(platform.app) if "{person_id}" in route[1]}
    assert routes(platform.app) - private - READING - OPEN_TO_ALL <= OF_NOBODY_ELSE


async def test_without_a_token_only_the_doors_answer(platform):
    for method, path in routes(platform.app) - OPEN_TO_ALL:
        asked = path.format_map(defaultdict(uuid4))
        answer = await platform.http.request(method, asked)
        assert answer.status_code == 401, (method, path)


async def other(platform, elder, person, role):
    """Return a device of somebody who stands to the person in this way."""
    device = await platform.register()
    if role == "stranger":
        return device
    kind = role if role in ("viewer", "carer", "guardian") else "carer"
    if role == "asking":
        await device.post("/v1/mandates/ask", {"login": elder.login, "role": "guardian"})
        return device
    mandate = await mandated(elder, device, person, kind, days=1)
    if role == "guardian":
        await reviewed(platform, mandate)
    if role == "revoked":
        await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    if role == "expired":
        platform.clock.now += 86_400_000
        device = await platform.sign_in(device.login)
    return device


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_and_role_against_another_persons_data(platform, role):
    elder = await platform.register()
    person = await elder.open()
    await elder.push(op(person, body={"v1": "187"}))
    given = await consent(elder, person, "platform_sync")
    third = await platform.register()
    waiting = await mandated(elder, third, person)
    device = await other(platform, elder, person, role)
    named = {"person_id": person, "mandate_id": waiting["id"], "consent_id": given["id"]}
    ids = defaultdict(uuid4, **named)

    files = {**BRINGING, FILE: 404}
    for method, path in sorted(routes(platform.app) - OPEN_TO_ALL - OF_NOBODY_ELSE - set(files)):
        name = "patient" if path.startswith("/fhir") else "person"
        query = {name: str(person)} if (method, path) in READING else {}
        answer = await device.ask(
            method, path.format_map(ids), params=query, json=BODIES.get(path, {})
        )
        sees = (method, path) in READING and role in ("viewer", "carer", "guardian")
        sees |= role in BEING_TOLD.get((method, path), ())
        assert answer.status_code == (200 if sees else 403), (method, path, answer.text)
        assert sees or "187" not in answer.text

    for (method, path), answered in files.items():
        asked = path.format_map(defaultdict(uuid4, person_id=person))
        answer = await device.ask(method, asked, headers=HEADERS)
        may = role in ("carer", "guardian") or ((method, path) == FILE and role == "viewer")
        assert answer.status_code == (answered if may else 403), (method, path)

    elder = await platform.sign_in(elder.login)
    rows = (await elder.get(f"/v1/people/{person}/mandates"))["mandates"]
    assert next(row for row in rows if row["id"] == waiting["id"])["revoked_at"] is None


@pytest.mark.parametrize("role", ["stranger", "asking", "revoked", "expired", "viewer"])
async def test_no_op_gets_in_for_whom_it_is_not_meant(platform, role):
    elder = await platform.register()
    person = await elder.open()
    device = await other(platform, elder, person, role)
    kinds = ("reading", "alert", "person", "allergy", "consent", "conflict", "attachment", "new")
    answers = await device.push(*(op(person, kind, "add") for kind in kinds))
    assert {each["status"] for each in answers} <= {"rejected", "blocked"}
    elder = await platform.sign_in(elder.login)
    snapshot = await elder.get("/v1/sync/snapshot", person=str(person))
    assert {each["kind"] for each in snapshot["entities"]} <= {"consent"}


async def test_a_stranger_cannot_tell_a_person_from_none(platform):
    elder, stranger = await platform.register(), await platform.register()
    person = await elder.open()
    for method, path in READING:
        name = "patient" if path.startswith("/fhir") else "person"
        told = [
            (
                await stranger.ask(method, path.format(person_id=each), params={name: str(each)})
            ).json()
            for each in (person, uuid4())
        ]
        assert told[0] == told[1]


async def test_ids_of_one_person_open_nothing_of_another(platform):
    one, two = await platform.register(), await platform.register()
    mine, theirs = await one.open(), await two.open()
    child = await platform.register()
    mandate = await mandated(two, child, theirs)
    given = await consent(two, theirs, "platform_sync")
    for method, path in (
        ("DELETE", f"/v1/people/{mine}/mandates/{mandate['id']}"),
        ("POST", f"/v1/people/{mine}/mandates/{mandate['id']}/confirm"),
        ("POST", f"/v1/people/{mine}/consents/{given['id']}/withdraw"),
    ):
        assert (await one.ask(method, path, json={})).status_code in (403, 404)
    assert (await child.head(theirs))["paused"] == ""
