"""The service's door: sizes, rates, headers, one shape of refusal, no trace and no value in a log."""

import json
import logging

import pytest

from carehub.platform import outside
from carehub.platform.rates import MOST_KNOWN, Rates
from carehub.platform.settings import Settings, secret_in, url
from tests.helpers import platforms
from tests.helpers.canaries import NAME, PIN


@pytest.fixture
def database(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/one.db"


async def test_every_answer_carries_the_secure_headers(platform):
    for path in ("/health", "/nowhere", "/v1/account"):
        headers = (await platform.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


async def test_with_tls_of_our_own_browsers_are_told_to_stay_with_it(database):
    async with platforms.service(database, tls=True) as platform:
        headers = (await platform.http.get("/health")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/nowhere", "not_found"), ("PUT", "/health", "wrong_method"),
     ("POST", "/v1/sign-in", "malformed")],
)  # fmt: skip
async def test_every_refusal_has_one_shape(platform, method, path, code):
    answer = await platform.http.request(method, path)
    assert answer.json().keys() == {"code", "sentence"}
    assert answer.json()["code"] == code


async def test_a_refusal_never_repeats_what_was_sent(platform, caplog):
    body = {"login": NAME, "password": PIN, "device": {"id": NAME}}
    answer = await platform.http.post("/v1/sign-in", json=body)
    assert answer.status_code == 422
    assert NAME not in answer.text
    assert PIN not in answer.text


async def test_what_is_too_large_is_not_read(platform):
    large = await platform.http.post("/v1/sign-in", content=b"x" * (outside.MOST_BODY + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")

    async def pieces():
        for _ in range(20):
            yield b"x" * 100_000

    streamed = await platform.http.post("/v1/sign-in", content=pieces())
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too_large")
    odd = await platform.http.get("/health", headers={"Content-Length": "-1"})
    assert odd.status_code == 422


async def test_secrets_cannot_be_tried_out_quickly(database):
    async with platforms.service(database, sign_ins_per_minute=3) as platform:
        codes = [(await platform.http.post("/v1/sign-in", json={})).status_code for _ in range(5)]
        answer = await platform.http.post("/v1/tokens/refresh", json={})
        platform.clock.now += 60_000
        later = await platform.http.post("/v1/sign-in", json={})
        quiet = await platform.http.get("/health")
    assert codes == [422, 422, 422, 429, 429]
    assert (answer.json()["code"], answer.headers["retry-after"]) == ("too_many", "20")
    assert (later.status_code, quiet.status_code) == (422, 200)


async def test_a_mistake_of_ours_shows_no_trace_and_logs_no_value(platform, caplog):
    async def fail():
        raise RuntimeError(NAME)

    platform.app.add_api_route("/fail", fail)
    answer = await platform.http.get("/fail")
    assert (answer.status_code, answer.json()["code"]) == (500, "bug")
    assert NAME not in answer.text
    assert "RuntimeError" in caplog.text


async def test_a_store_that_does_not_answer_is_busy_not_broken(platform):
    await platform.http.get("/ready")
    here = platform.app.state.running

    async def lose(_work):
        from sqlalchemy.exc import OperationalError

        raise OperationalError("", {}, Exception())

    here.db.read = lose
    answer = await platform.http.get("/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


async def test_one_line_a_request_names_the_route_and_nobody(platform, caplog):
    caplog.set_level(logging.INFO)
    device = await platform.register()
    person = await device.open()
    caplog.clear()
    await device.ask("GET", f"/v1/people/{person}/looks", params={"limit": 7})
    (line,) = [each.getMessage() for each in caplog.records if each.name == "carehub.platform"]
    told = json.loads(line)
    assert (told["method"], told["route"], told["status"]) == (
        "GET", "/v1/people/{person_id}/looks", 200,
    )  # fmt: skip
    assert str(person) not in line


async def test_the_api_describes_itself(platform):
    page = (await platform.http.get("/openapi.json")).json()
    push = page["paths"]["/v1/sync/push"]["post"]
    shape = push["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert "ops" in page["components"]["schemas"][shape.rsplit("/", 1)[1]]["properties"]
    assert "Op" in page["components"]["schemas"]


def test_the_longest_unheard_is_forgotten_first():
    rates = Rates(1)
    assert rates.wait("first", 0) == 0
    for n in range(MOST_KNOWN):
        rates.wait(str(n), 0)
    assert rates.wait("first", 0) == 0
    assert rates.wait("9999", 0) > 0


def test_the_secret_is_made_once_and_for_us_alone(tmp_path):
    file = tmp_path / "deep" / "secret"
    first = secret_in(file)
    assert secret_in(file) == first
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("typed", "driven"),
    [
        ("postgresql://a@b/c", "postgresql+asyncpg://a@b/c"),
        ("postgres://a@b/c", "postgresql+asyncpg://a@b/c"),
        ("sqlite:////x.db", "sqlite+aiosqlite:////x.db"),
        ("postgresql+asyncpg://a/b", "postgresql+asyncpg://a/b"),
    ],
)
def test_the_driver_is_named_for_the_operator(typed, driven):
    assert url(typed) == driven


def test_settings_hide_what_is_secret():
    assert "pw" not in repr(Settings("postgresql://a:pw@b/c", b"pw"))


async def test_the_pages_of_a_stream_are_packed_for_whoever_takes_it(platform):
    mother = await platform.register()
    person_id = await mother.open()
    await mother.push(*(platforms.op(person_id, body={"note": "x" * 300}) for _ in range(9)))
    asked = {"params": {"person": str(person_id)}}

    packed = await mother.ask("GET", "/v1/sync/pull", **asked)
    plain = await mother.ask(
        "GET", "/v1/sync/pull", headers={"Accept-Encoding": "identity"}, **asked
    )

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json()["changes"] == plain.json()["changes"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.headers["cache-control"] == "no-store"


async def test_nothing_but_pages_is_packed(platform):
    answer = await platform.http.get("/openapi.json")
    assert len(answer.content) > 100_000
    assert "content-encoding" not in answer.headers
