"""Signing in through a browser: code with PKCE, to this machine only, once, for a minute."""

import itertools
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from sqlalchemy import text

from carehub.wire import authorization
from tests.helpers.platforms import PASSWORD, Device

BACK = "http://127.0.0.1:53211/signed-in"
VERIFIER = "v" * 43


def query(device_id=None, **given):
    usual = {
        "client_id": "carehub-desktop",
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge": authorization.challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        "state": "a-state",
        "device_id": str(device_id or uuid4()),
        "device_name": "书房",
    }
    return usual | given


async def answer(platform, asked, login, password=PASSWORD, **given):
    form = {"login": login, "password": password} | given
    return await platform.http.post(authorization.PATH, params=asked, data=form)


async def code_for(platform, login, asked):
    back = await answer(platform, asked, login)
    assert back.status_code == 303, back.text
    told = parse_qs(urlsplit(back.headers["location"]).query)
    assert told["state"] == ["a-state"]
    return told["code"][0]


async def redeem(platform, code, **given):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": BACK,
        "client_id": "carehub-desktop",
    } | given
    return await platform.http.post("/v1/oauth/token", data=form)


async def acts(device, person):
    return [row["act"] for row in (await device.get(f"/v1/people/{person}/audit"))["rows"]]


async def test_the_page_is_chinese_first_runs_nothing_and_leads_nowhere_else(platform):
    page = await platform.http.get(authorization.PATH, params=query())
    assert page.status_code == 200
    assert page.text.index("登录") < page.text.index("Sign in to CareHub")
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:53211" in policy
    assert page.headers["x-frame-options"] == "DENY"


async def test_a_code_brings_tokens_for_the_device_that_asked(platform):
    home = await platform.register()
    person = await home.open()
    device_id = uuid4()
    code = await code_for(platform, home.login, query(device_id))

    tokens = (await redeem(platform, code)).json()

    device = Device(platform.http, platform.clock, tokens, home.login, device_id)
    assert (await device.get("/v1/account"))["people"] == [str(person)]
    assert tokens["refresh_token"]
    named = (await device.get("/v1/sessions"))["sessions"]
    assert "书房" in [each["device"]["name"] for each in named]
    assert (await acts(device, person))[-1] == "signed_in"


async def test_a_code_used_twice_ends_what_it_began_and_raises_an_alarm(platform):
    home = await platform.register()
    person = await home.open()
    device_id = uuid4()
    code = await code_for(platform, home.login, query(device_id))
    tokens = (await redeem(platform, code)).json()
    device = Device(platform.http, platform.clock, tokens, home.login, device_id)

    again = await redeem(platform, code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    ended = await device.ask("GET", "/v1/account")
    assert ended.json()["code"] == "session_ended"
    assert (await acts(home, person))[-1] == "code_reused"


async def test_a_code_is_worth_nothing_to_another_and_spent_by_the_try(platform):
    home = await platform.register()
    for given in (
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code_verifier": authorization.challenge_of(VERIFIER)},  # "plain" is not spoken
        {"redirect_uri": "http://127.0.0.1:1/signed-in"},
        {"client_id": "somebody"},
    ):
        code = await code_for(platform, home.login, query())
        assert (await redeem(platform, code, **given)).json()["error"] == "invalid_grant"
        assert (await redeem(platform, code)).json()["error"] == "invalid_grant"


async def test_a_code_lasts_a_minute_and_only_its_hash_is_kept(platform):
    home = await platform.register()
    code = await code_for(platform, home.login, query())

    async def rows(tx):
        return str((await tx.execute(text("SELECT * FROM auth_code"))).all())

    assert code not in await platform.app.state.running.db.read(rows)
    platform.clock.now += 60_000
    assert (await redeem(platform, code)).json()["error"] == "invalid_grant"
    assert (await redeem(platform, "never-given")).json()["error"] == "invalid_grant"


async def test_a_wrong_password_shows_the_page_again_and_is_counted(platform):
    home = await platform.register()
    for _ in range(5):
        page = await answer(platform, query(), home.login, "wrong-one")
        assert (page.status_code, "不对" in page.text) == (401, True)
        assert "wrong-one" not in page.text

    locked = await answer(platform, query(), home.login)

    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    assert locked.headers["content-type"].startswith("text/html")


async def test_who_says_no_is_led_back_without_a_code(platform):
    back = await answer(platform, query(), "", "", answer="no")
    assert back.headers["location"] == f"{BACK}?error=access_denied&state=a-state"


async def test_what_the_standard_does_not_allow_is_led_back(platform):
    for method, (given, error) in itertools.product(("GET", "POST"), (
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
    )):  # fmt: skip
        back = await platform.http.request(method, authorization.PATH, params=query(**given))
        assert back.status_code == 303
        assert f"error={error}" in back.headers["location"]


async def test_nobody_is_led_to_another_place(platform):
    for method, given in itertools.product(("GET", "POST"), (
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1.evil.example:80/"},
        {"redirect_uri": "http://127.0.0.1:80/x?y=z"},
        {"redirect_uri": "http://user@127.0.0.1:80/"},
        {"client_id": "somebody"},
        {"device_id": "x"},
    )):  # fmt: skip
        asked = await platform.http.request(method, authorization.PATH, params=query(**given))
        assert asked.status_code == 422
        assert "location" not in asked.headers


async def test_what_stands_in_the_address_is_shown_as_text_only(platform):
    asked = query(state='"><script>alert(1)</script>', device_name="<b>x</b>")
    page = await platform.http.get(authorization.PATH, params=asked)
    assert "<script" not in page.text
    assert "<b>" not in page.text
