"""Every route of the running application, asked by every role, with the ids of one other person.

A new route fails here until it is given a line in `MATRIX`: who may, and what has to be sent.
"""

import base64
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from carehub.care.consent import Purpose
from carehub.platform.directory import service as directory
from carehub.platform.directory.service import Clinic, Part, Staff
from tests.helpers import platforms
from tests.helpers.platforms import Device, op
from tests.platform.test_family import asked, consent, mandated, reviewed

VALUE = "187"
"""What the person's own reading says; nobody without leave ever sees it in an answer."""
OUTSIDERS = ("other", "asking", "revoked", "expired", "worker", "doctor")
FAMILY = ("viewer", "carer", "guardian")
ROLES = (*OUTSIDERS, *FAMILY)
ALL = ("self", *ROLES)
# Who is let in beyond the gate. `self` is tried last, with somebody of its own for each route.
DOOR = (*ALL, "nobody")
MINE = ALL  # about the asking account itself, whoever that is
SELF = ("self",)
VIEW = ("self", *FAMILY)
RECORD = ("self", "carer", "guardian")
CONSENTED = ("carer", "guardian")  # a relative's own word on being told
STAFF = ("worker", "doctor")
RIGHT = ("self", "guardian")  # a copy of everything, and its erasure
DEVICE = {"id": str(uuid4())}
PERSON = "/v1/people/{person_id}"
MANDATE = PERSON + "/mandates/{mandate_id}"
CLINIC = "/v1/clinic/mandates/{person_id}/{mandate_id}"
UPLOAD = PERSON + "/uploads"
KINDS = (
    "Observation", "AllergyIntolerance", "Condition", "MedicationStatement", "RelatedPerson",
    "Procedure", "FamilyMemberHistory", "Consent", "Flag", "Device", "Provenance",
)  # fmt: skip


class Line(NamedTuple):
    """Who is let in, and what is sent; `query` names the parameter that takes the person's id."""

    who: tuple[str, ...]
    body: Any = None
    query: str = ""


def _said(**told: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())


TUS = {
    "Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Offset": "0",
    "Content-Type": "application/offset+octet-stream",
    "Upload-Metadata": _said(id=str(uuid4()), sha256="0" * 64, media_type="image/png"),
}  # fmt: skip
CONSENT = {"id": str(uuid4()), "purpose": "archive", "text_version": "1", "granted_at": 1}
MATRIX: dict[tuple[str, str], Line] = {
    ("GET", "/health"): Line(DOOR),
    ("GET", "/ready"): Line(DOOR),
    ("GET", "/openapi.json"): Line(DOOR),
    ("GET", "/fhir/metadata"): Line(DOOR),
    ("POST", "/v1/accounts"): Line(DOOR, {"login": "x"}),
    ("POST", "/v1/sign-in"): Line(DOOR, {"login": "x"}),
    ("POST", "/v1/sign-in/pin"): Line(DOOR, {"pin": "x"}),
    ("POST", "/v1/tokens/refresh"): Line(DOOR, {"refresh_token": "x"}),
    ("POST", "/v1/oauth/device"): Line(DOOR, {"device": DEVICE}),
    ("POST", "/v1/oauth/token"): Line(DOOR),
    ("GET", "/v1/oauth/authorize"): Line(DOOR),
    ("POST", "/v1/oauth/authorize"): Line(DOOR),
    ("GET", "/v1/account"): Line(MINE),
    ("GET", "/v1/sessions"): Line(MINE),
    ("PUT", "/v1/devices/current/pin"): Line(MINE, {"pin": "402718"}),
    ("DELETE", "/v1/devices/current/pin"): Line(MINE),
    ("DELETE", "/v1/sessions/{session_id}"): Line(MINE),
    ("DELETE", "/v1/sessions/current"): Line(MINE),
    ("POST", "/v1/oauth/device/look"): Line(MINE, {"user_code": "ABCDEFGH"}),
    ("POST", "/v1/oauth/device/answer"): Line(MINE, {"user_code": "ABCDEFGH", "yes": True}),
    ("POST", "/v1/people"): Line(MINE, {"person_id": str(uuid4())}),
    ("POST", "/v1/sync/push"): Line(MINE, {}),
    ("GET", "/v1/sync/heads"): Line(MINE),
    ("GET", "/v1/sync/events"): Line(MINE),
    ("GET", "/v1/sync/pull"): Line(VIEW, query="person"),
    ("GET", "/v1/sync/snapshot"): Line(VIEW, query="person"),
    ("GET", "/v1/sync/digest"): Line(VIEW, query="person"),
    ("GET", "/v1/mandates"): Line(MINE),
    ("POST", "/v1/mandates/accept"): Line(MINE, {"code": "ABCDEFGH"}),
    ("POST", "/v1/mandates/ask"): Line(MINE, {"login": "nobody-at-all", "role": "viewer"}),
    ("POST", PERSON + "/invitations"): Line(SELF, {"role": "viewer"}),
    ("GET", PERSON + "/mandates"): Line(SELF),
    ("POST", MANDATE + "/confirm"): Line(SELF, {}),
    ("POST", MANDATE + "/decline"): Line(SELF, {}),
    ("DELETE", MANDATE): Line(SELF),
    ("GET", PERSON + "/consents"): Line(SELF),
    ("POST", PERSON + "/consents"): Line(SELF, CONSENT),
    ("POST", PERSON + "/consents/{consent_id}/withdraw"): Line(SELF, {}),
    ("POST", PERSON + "/consents/withdraw"): Line(SELF, CONSENT | {"withdrawn_at": 1}),
    ("GET", PERSON + "/audit"): Line(SELF),
    ("GET", PERSON + "/looks"): Line(SELF),
    ("OPTIONS", UPLOAD): Line(RECORD),
    ("POST", UPLOAD): Line(RECORD),
    ("HEAD", UPLOAD + "/{upload_id}"): Line(RECORD),
    ("PATCH", UPLOAD + "/{upload_id}"): Line(RECORD),
    ("DELETE", UPLOAD + "/{upload_id}"): Line(RECORD),
    ("GET", PERSON + "/attachments/{attachment_id}"): Line(VIEW),
    ("POST", PERSON + "/alerts/{alert_id}/received"): Line(VIEW),
    ("POST", PERSON + "/alerts/consent"): Line(CONSENTED, {"agreed": True, "text_version": "1"}),
    ("GET", PERSON + "/carers"): Line(SELF),
    ("PUT", PERSON + "/carers"): Line(SELF, {"carers": []}),
    ("PUT", PERSON + "/clinic"): Line(SELF, {"code": ""}),
    ("POST", MANDATE + "/document"): Line(
        (), {"person_id": str(uuid4()), "attachment_id": str(uuid4())}
    ),  # the holder of that very mandate
    ("GET", "/v1/clinics"): Line(MINE),
    ("GET", "/v1/clinic/me"): Line(MINE),
    ("POST", "/v1/clinic/look-up"): Line(STAFF, {"login": "nobody-at-all"}),
    ("GET", "/v1/clinic/tasks"): Line(STAFF),
    ("POST", "/v1/clinic/tasks/{person_id}/{task_id}/claim"): Line(STAFF),
    ("POST", "/v1/clinic/tasks/{person_id}/{task_id}/close"): Line(STAFF, {"outcome": "reached"}),
    ("GET", "/v1/clinic/reviews"): Line(STAFF),
    ("GET", CLINIC + "/document"): Line(STAFF),
    ("POST", CLINIC + "/confirm"): Line(STAFF, {}),
    ("POST", CLINIC + "/review"): Line(STAFF, {"good": True}),
    ("POST", PERSON + "/copies"): Line(RIGHT, {}),
    ("GET", PERSON + "/copies"): Line(RIGHT),
    ("DELETE", PERSON + "/copies/{copy_id}"): Line(RIGHT),
    ("GET", "/v1/copies/{token}"): Line(DOOR),  # the link itself is the key
    ("POST", PERSON + "/erasures"): Line(RIGHT),
    ("GET", PERSON + "/erasures"): Line(SELF),  # and a guardian's own, once there is one
    ("GET", "/fhir/Patient"): Line(MINE),
    ("GET", "/fhir/Patient/$everything"): Line(MINE),
    ("GET", "/fhir/Patient/{person_id}/$everything"): Line(VIEW),
    **{("GET", f"/fhir/{kind}"): Line(VIEW, query="patient") for kind in KINDS},
    # Ids of single resources are guessed here: nobody is told whether there is one.
    **{("GET", f"/fhir/{kind}/{{resource_id}}"): Line(MINE) for kind in ("Patient", *KINDS)},
}


def routes(router: Any) -> Iterator[tuple[str, str]]:
    """Give every method and path the application answers, those outside its own description too."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner)
        elif isinstance(route, APIRoute) or route.path == "/openapi.json":
            methods = route.methods or set()
            yield from ((method, route.path) for method in methods - ({"HEAD"} & _implied(methods)))


def _implied(methods: set[str]) -> set[str]:
    return {"HEAD"} if "GET" in methods else set()


@pytest.fixture
def database(tmp_path):
    """One store: who may do what is decided above it."""
    return f"sqlite+aiosqlite:///{tmp_path}/one.db"


READING = {route for route, line in MATRIX.items() if line.who is VIEW and route[0] == "GET"} - {
    ("GET", PERSON + "/attachments/{attachment_id}")
}


class World(NamedTuple):
    """A person with a reading, a consent and somebody who waits; and who asks for what is theirs."""

    platform: Any
    elder: Device
    ids: dict[str, Any]


async def world(platform, path="{consent_id}{mandate_id}") -> World:
    """Return a person with as much as the path names."""
    elder = await platform.register()
    person = await elder.open()
    await elder.push(op(person, body={"v1": VALUE}))
    ids = {"person_id": person}
    if "{consent_id}" in path:
        ids["consent_id"] = (await consent(elder, person, Purpose.PLATFORM_SYNC))["id"]
    if "{mandate_id}" in path:
        ids["mandate_id"] = (await asked(elder, await platform.register(), person))["id"]
    return World(platform, elder, ids)


async def somebody(at: World, role: str) -> Device:
    """Return a device of somebody who stands to the person in this way."""
    platform, elder, person = at.platform, at.elder, at.ids["person_id"]
    device: Device = await platform.register()
    if role in STAFF:
        await _employ(platform, device, Part(role))
    elif role == "asking":
        await asked(elder, device, person, "guardian")
    elif role != "other":
        kind = role if role in FAMILY else "guardian"
        mandate = await mandated(elder, device, person, kind, days=1 if role == "expired" else 30)
        if kind == "guardian":
            await reviewed(platform, mandate)
        if role == "revoked":
            await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    return device


async def _employ(platform, device: Device, part: Part) -> None:
    """Make the account a health worker's or a doctor's, of a clinic nobody here has chosen."""

    async def work(tx: Any) -> None:
        if not await directory.clinics(tx):
            await directory.add_clinic(tx, Clinic("C1", "示例社区卫生服务中心"), 0)
        member = Staff(part.name, part, "李示例", "C1", "L-1")
        await directory.add_staff(tx, member, 0)
        await directory.link(tx, part.name, device.account_id, 0)

    await platform.app.state.running.db.write(work)


async def ask(device: Device | None, at: World, route: tuple[str, str]) -> Any:
    """Ask for one route with the other person's ids; without a device, with no token at all."""
    method, path = route
    line = MATRIX[route]
    ids = {name: str(at.ids.get(name, uuid4())) for name in NAMES}
    given: dict[str, Any] = {"params": {line.query: ids["person_id"]}} if line.query else {}
    if path.startswith(UPLOAD):
        given["headers"] = TUS
    elif line.body is not None:
        given["json"] = line.body
    if path == "/v1/sync/events" and device is not None:
        at.platform.app.state.running.bell.close()  # the stream ends after what there is to tell
    asking = at.platform.http.request if device is None else device.ask
    return await asking(method, path.format(**ids), **given)


NAMES = (
    "person_id", "mandate_id", "consent_id", "session_id", "upload_id", "attachment_id", "alert_id",
    "task_id", "resource_id", "copy_id", "token",
)  # fmt: skip


async def test_every_route_has_a_line(platform):
    there = set(routes(platform.app))
    assert there - MATRIX.keys() == set(), "say in MATRIX who may use it"


async def test_nobody_is_answered_only_at_the_doors(platform):
    at = await world(platform)
    for route in sorted(set(routes(platform.app))):
        answer = await ask(None, at, route)
        assert (answer.status_code != 401) == ("nobody" in MATRIX[route].who), route
        assert VALUE not in answer.text


async def test_every_route_and_role_against_another_persons_records(database):
    async with platforms.service(database) as platform:
        at = await world(platform)
        devices = {role: await somebody(at, role) for role in ROLES}
        platform.clock.now += 86_400_000
        for role, device in devices.items():
            devices[role] = await platform.sign_in(device.login, device.device_id)
        erasing = ("POST", PERSON + "/erasures")
        every = sorted(set(routes(platform.app)) - {erasing}, key=_last)
        for route, (role, device) in product(every, devices.items()):
            answer = await ask(device, at, route)
            allowed = role in MATRIX[route].who
            assert answer.status_code != 401, (role, route)
            assert answer.status_code < 500, (role, route)
            if allowed and MATRIX[route].who is not MINE:
                assert answer.status_code != 403 or role in STAFF, (role, route, answer.text)
            elif not allowed:
                assert answer.status_code == 403, (role, route, answer.text)
            if allowed and route in READING:
                assert answer.status_code == 200, (role, route)
            assert role in FAMILY or VALUE not in answer.text, (role, route)
        elder = await platform.sign_in(at.elder.login)
        rows = (await elder.get(f"/v1/people/{at.ids['person_id']}/mandates"))["mandates"]
        waiting = next(row for row in rows if row["id"] == at.ids["mandate_id"])
        assert waiting["revoked_at"] is None
        assert waiting["how"] == "witnessed"  # nobody but the clinic's people could say yes
        for role, device in devices.items():  # last of all, for nothing is left after it
            again = await platform.sign_in(device.login)
            answer = await ask(again, at, erasing)
            assert answer.status_code == (202 if role in MATRIX[erasing].who else 403), role


async def test_the_person_is_let_in_everywhere(database):
    async with platforms.service(database) as platform:
        shared = await world(platform)
        for route in sorted(set(routes(platform.app)), key=_last):
            if MATRIX[route].who is DOOR or "self" not in MATRIX[route].who:
                continue
            at = shared if route[0] == "GET" else await world(platform, route[1])
            answer = await ask(at.elder, at, route)
            assert answer.status_code not in (401, 403) or not _about(route), (route, answer.text)


def _about(route: tuple[str, str]) -> bool:
    """Tell whether the route is about the person; others may refuse for a reason of their own."""
    return "{person_id}" in route[1] or bool(MATRIX[route].query)


def _last(route: tuple[str, str]) -> tuple[bool, bool, str, str]:
    """Signing out comes last, and the end of live events after everything that could ring."""
    method, path = route
    return path == "/v1/sessions/current", path == "/v1/sync/events", path, method


async def test_no_op_gets_in_for_whom_it_is_not_meant(database):
    async with platforms.service(database) as platform:
        at = await world(platform)
        person = at.ids["person_id"]
        kinds = (
            "reading",
            "alert",
            "person",
            "allergy",
            "consent",
            "conflict",
            "attachment",
            "new",
        )
        for role in (*OUTSIDERS, "viewer"):
            device = await somebody(at, role)
            if role == "expired":
                platform.clock.now += 86_400_000
                device = await platform.sign_in(device.login, device.device_id)
                at.elder.tokens = (await platform.sign_in(at.elder.login)).tokens
            answers = await device.push(*(op(person, kind, "add") for kind in kinds))
            assert {each["status"] for each in answers} <= {"rejected", "blocked"}, role
        elder = await platform.sign_in(at.elder.login)
        kept = (await elder.get("/v1/sync/snapshot", person=str(person)))["entities"]
        assert {each["kind"] for each in kept} == {"reading", "consent"}


async def test_a_stranger_cannot_tell_a_person_from_none(platform):
    elder, stranger = await platform.register(), await platform.register()
    person = await elder.open()
    for method, path in sorted(READING):
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
