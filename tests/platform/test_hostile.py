"""Whatever is sent to whatever route, the answer is never a 500 and always one of those described."""

import itertools
import json
from collections import defaultdict
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import platforms
from tests.helpers.platforms import op

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", str(uuid4()), "reading", "' OR 1=1 --", "9" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


async def check(platform, device, method, path, content):
    page = platform.app.openapi()["paths"]
    answer = await device.ask(method, path.format_map(defaultdict(uuid4)), content=content)
    assert answer.status_code != 500, (method, path)
    assert str(answer.status_code) in page[path][method.lower()]["responses"], (method, path)


def bodies(platform):
    page = platform.app.openapi()["paths"]
    for path, methods in page.items():
        for method, told in methods.items():
            if "requestBody" in told:
                yield method.upper(), path


def names(platform, path, method):
    """Return the field names a body may have, so that odd values reach beyond the first check."""
    parts = platform.app.openapi()["components"]["schemas"]
    told = platform.app.openapi()["paths"][path][method.lower()]["requestBody"]["content"]
    shape = next(iter(told.values()))["schema"]
    shape = parts[shape["$ref"].rsplit("/", 1)[1]] if "$ref" in shape else shape
    return sorted(shape.get("properties", {}))


@pytest.mark.slow
async def test_no_odd_body_is_a_mistake_of_ours(database):
    async with platforms.service(database) as platform:
        device = await platform.register()
        person = await device.open()
        drawn: list[object] = []

        @settings(max_examples=6, suppress_health_check=list(HealthCheck), database=None)
        @given(ODD)
        def draw(value: object) -> None:
            drawn.append(value)

        draw()
        for method, path in bodies(platform):
            fields = names(platform, path, method)
            for value in drawn:
                body = dict.fromkeys(fields, value) if fields else value
                await check(platform, device, method, path, json.dumps(body))
        for value in drawn:
            for field in ("op_id", "kind", "entity_id", "act", "at", "base", "body"):
                ops = [op(person) | {field: value}, op(person, body={"note": value})]
                parcel = {"device_id": str(device.device_id), "client_time": 0, "ops": ops}
                await check(platform, device, "POST", "/v1/sync/push", json.dumps(parcel))


VALUES = ("", "x", "-1", "1e9", "9" * 30, "\0", "%ff", "1' OR '1'='1")


async def test_no_odd_query_is_a_mistake_of_ours(platform):
    """Each parameter takes two of the values; schemathesis asks with many more."""
    device = await platform.register()
    person = await device.open()
    values = itertools.cycle(VALUES)
    for path, methods in platform.app.openapi()["paths"].items():
        query = [each["name"] for each in methods.get("get", {}).get("parameters", [])
                 if each["in"] == "query"]  # fmt: skip
        known = {"person": str(person)} if "person" in query else {}
        where = path.format_map(defaultdict(uuid4, person_id=person))
        for name in (*query, *query):
            answer = await device.ask("GET", where, params=known | {name: next(values)})
            assert answer.status_code != 500, (path, name)


@pytest.mark.parametrize("text", ["\0", "a\nb", "\ud800", "\x7f"])
async def test_no_text_breaks_a_store(platform, text):
    device = await platform.register()
    person = await device.open()
    device_id = {"id": str(uuid4()), "name": text}
    account = {"login": f"x{text}y", "password": f"long enough{text}", "device": device_id}
    asked = [
        ("/v1/accounts", account),
        ("/v1/accounts", account | {"login": uuid4().hex}),
        ("/v1/sign-in", account),
        ("/v1/oauth/device", {"device": device_id}),
        ("/v1/oauth/device/look", {"user_code": f"ABCD{text}EFGH"}),
        ("/v1/tokens/refresh", {"refresh_token": text * 16}),
        ("/v1/mandates/accept", {"code": f"ABCDEF{text}"}),
        ("/v1/mandates/ask", {"login": f"abc{text}", "role": "viewer", "relation": text}),
        (f"/v1/people/{person}/invitations", {"role": "viewer", "relation": f"a{text}b"}),
        (f"/v1/people/{person}/consents", {
            "id": str(uuid4()), "purpose": "archive", "text_version": f"1{text}", "granted_at": 1,
        }),
    ]  # fmt: skip
    for path, body in asked:
        answer = await device.ask("POST", path, content=json.dumps(body))
        assert answer.status_code < 500, path
    row = {"id": str(uuid4()), "purpose": text, "text_version": text, "method": text}
    odd = op(person, "consent", entity_id=row["id"], body=row | {"granted_at": "soon"})
    parcel = {"device_id": str(device.device_id), "client_time": 0, "ops": [odd]}
    answer = await device.ask("POST", "/v1/sync/push", content=json.dumps(parcel))
    assert answer.status_code == 422 or answer.json()["results"][0]["status"] == "rejected"
