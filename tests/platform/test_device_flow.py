"""The device flow (RFC 8628): a kiosk or second machine shows a code, a signed-in device says yes."""

from uuid import uuid4

import pytest

from carehub.wire.accounts import DEVICE_GRANT
from tests.helpers.platforms import Device


async def begin(platform, *, kiosk=False, name="kitchen"):
    asked = {"device": {"id": str(uuid4()), "name": name}, "kiosk": kiosk}
    answer = await platform.http.post("/v1/oauth/device", json=asked)
    assert answer.status_code == 200
    return asked, answer.json()


async def poll(platform, codes, **given):
    platform.clock.now += 5_000
    form = {"grant_type": DEVICE_GRANT, "device_code": codes["device_code"]} | given
    return await platform.http.post("/v1/oauth/token", data=form)


async def test_a_second_machine_is_let_in(platform):
    home = await platform.register()
    person = await home.open()
    asked, codes = await begin(platform)
    assert codes["verification_uri_complete"].endswith(codes["user_code"])
    waiting = await poll(platform, codes)
    assert (waiting.status_code, waiting.json()["error"]) == (400, "authorization_pending")

    seen = await home.post("/v1/oauth/device/look", {"user_code": codes["user_code"].lower()})
    assert (seen["device"]["name"], seen["kiosk"]) == ("kitchen", False)
    await home.post("/v1/oauth/device/answer", {"user_code": codes["user_code"], "yes": True})

    tokens = (await poll(platform, codes)).json()
    device = Device(platform.http, platform.clock, tokens, home.login, asked["device"]["id"])
    assert (await device.get("/v1/account"))["people"] == [str(person)]
    assert tokens["refresh_token"]
    assert (await poll(platform, codes)).json()["error"] == "invalid_grant"
    acts = [row["act"] for row in (await home.get(f"/v1/people/{person}/audit"))["rows"]]
    assert acts[-1] == "device_let_in"


async def test_a_kiosk_stays_a_quarter_of_an_hour_and_gets_no_refresh_token(platform):
    home = await platform.register()
    _, codes = await begin(platform, kiosk=True)
    await home.post("/v1/oauth/device/answer", {"user_code": codes["user_code"], "yes": True})

    tokens = (await poll(platform, codes)).json()

    assert tokens["refresh_token"] is None
    assert tokens["expires_in"] == 600


async def test_no_means_no_and_the_code_is_spent(platform):
    home = await platform.register()
    _, codes = await begin(platform)
    answer = {"user_code": codes["user_code"], "yes": False}
    await home.post("/v1/oauth/device/answer", answer)
    assert (await poll(platform, codes)).json()["error"] == "access_denied"
    again = await home.ask("POST", "/v1/oauth/device/answer", json=answer | {"yes": True})
    assert again.json()["code"] == "code_wrong"


async def test_who_asks_too_often_is_told_to_slow_down(platform):
    _, codes = await begin(platform)
    await poll(platform, codes)
    platform.clock.now -= 1
    assert (await poll(platform, codes)).json()["error"] == "slow_down"


async def test_a_code_lasts_ten_minutes(platform):
    _, codes = await begin(platform)
    platform.clock.now += 600_000
    home = await platform.register()
    assert (await poll(platform, codes)).json()["error"] == "expired_token"
    late = await home.ask("POST", "/v1/oauth/device/look", json={"user_code": codes["user_code"]})
    assert late.json()["code"] == "code_wrong"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"device_code": "WRONG"}, "invalid_grant"),
        ({"device_code": ""}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_what_is_no_grant_is_refused(platform, given, error):
    _, codes = await begin(platform)
    assert (await poll(platform, codes, **given)).json()["error"] == error


async def test_the_shown_code_alone_opens_nothing(platform):
    home = await platform.register()
    _, codes = await begin(platform)
    await home.post("/v1/oauth/device/answer", {"user_code": codes["user_code"], "yes": True})
    shown = codes["user_code"].replace("-", "")
    assert (await poll(platform, codes, device_code=f"{shown}.x")).json()[
        "error"
    ] == "invalid_grant"
    raw = await platform.http.post("/v1/oauth/token", content=b"\xff&" * 20)
    assert raw.status_code == 422
