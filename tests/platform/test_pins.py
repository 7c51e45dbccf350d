"""A device bound to a PIN: key and PIN together, waits that grow and last, alarms for a copied key."""

from uuid import uuid4

from carehub.platform.accounts import pins
from tests.helpers import platforms
from tests.helpers.platforms import Clock, Device

PIN = "402718"


async def bound(device, pin=PIN):
    answer = await device.ask("PUT", "/v1/devices/current/pin", json={"pin": pin})
    assert answer.status_code == 200, answer.text
    return answer.json()["device_key"]


async def enter(platform, device, key, pin=PIN, device_id=None):
    asked = {"device_key": key, "pin": pin, "device": {"id": str(device_id or device.device_id)}}
    return await platform.http.post("/v1/sign-in/pin", json=asked)


async def acts(device, person):
    return [row["act"] for row in (await device.get(f"/v1/people/{person}/audit"))["rows"]]


async def test_a_bound_device_takes_the_pin_and_gets_its_next_key(platform):
    home = await platform.register()
    person = await home.open()
    key = await bound(home)
    await home.ask("DELETE", "/v1/sessions/current")

    first = (await enter(platform, home, key)).json()
    second = await enter(platform, home, first["device_key"])

    assert second.status_code == 200
    assert len({key, first["device_key"], second.json()["device_key"]}) == 3
    home.tokens = second.json()
    assert (await acts(home, person)).count("signed_in") == 2


async def test_neither_key_nor_pin_nor_device_does_alone(platform):
    home = await platform.register()
    key = await bound(home)
    for given, code in (
        ({"pin": "402719"}, "wrong_pin"),
        ({"key": "k" * 43}, "not_bound"),
        ({"device_id": uuid4()}, "not_bound"),
    ):
        refused = await enter(platform, home, **({"key": key} | given))
        assert (refused.status_code, refused.json()["code"]) == (401, code)


async def test_waits_grow_last_through_a_restart_and_the_tenth_wrong_pin_ends_it(database):
    clock = Clock()
    async with platforms.service(database, clock=clock) as platform:
        home = await platform.register()
        person = await home.open()
        key = await bound(home)
        for _ in range(5):
            assert (await enter(platform, home, key, "000000")).json()["code"] == "wrong_pin"
        locked = await enter(platform, home, key)
        assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    async with platforms.service(database, clock=clock, keep=True) as platform:
        assert (await enter(platform, home, key)).json()["code"] == "locked"
        waits = []
        for _ in range(pins.MOST_TRIES - 5):
            while (no := await enter(platform, home, key, "000000")).status_code == 429:
                waits.append(int(no.headers["retry-after"]))
                clock.now += waits[-1] * 1000
        clock.now += 3_600_000
        assert waits == [30, 60, 300, 1800, 3600]
        assert (await enter(platform, home, key)).json()["code"] == "not_bound"
        home = await platform.sign_in(home.login, home.device_id)
        told = await acts(home, person)
    assert told.count("pin_locked") == 5
    assert told[-2:] == ["pin_refused", "signed_in"]


async def test_a_lost_answer_may_be_asked_for_again_however_late(platform):
    home = await platform.register()
    key = await bound(home)
    first = (await enter(platform, home, key)).json()
    platform.clock.now += 86_400_000
    again = (await enter(platform, home, key)).json()
    assert again["device_key"] == first["device_key"]


async def test_a_copied_key_ends_every_sign_in_of_the_device_and_raises_an_alarm(platform):
    home = await platform.register()
    person = await home.open()
    other = await platform.sign_in(home.login)
    stolen = await bound(home)
    following = (await enter(platform, home, stolen)).json()["device_key"]
    home.tokens = (await enter(platform, home, following)).json()

    refused = await enter(platform, home, stolen, "000000")

    assert refused.json()["code"] == "token_reused"
    assert (await home.ask("GET", "/v1/account")).json()["code"] == "session_ended"
    assert (await enter(platform, home, home.tokens["device_key"])).json()["code"] == "not_bound"
    assert (await acts(other, person))[-1] == "device_key_reused"


async def test_ending_a_session_elsewhere_ends_its_pin_and_so_does_unbinding(platform):
    lost = await platform.register()
    home = await platform.sign_in(lost.login)
    key = await bound(lost)
    sessions = (await home.get("/v1/sessions"))["sessions"]
    (session,) = [each["id"] for each in sessions if not each["current"]]
    await home.ask("DELETE", f"/v1/sessions/{session}")
    assert (await enter(platform, lost, key)).json()["code"] == "not_bound"

    key = await bound(home)
    assert (await home.ask("DELETE", "/v1/devices/current/pin")).status_code == 204
    assert (await enter(platform, home, key)).json()["code"] == "not_bound"


async def test_binding_anew_ends_the_earlier_key(platform):
    home = await platform.register()
    first, second = await bound(home), await bound(home, "918273")
    assert (await enter(platform, home, first)).json()["code"] == "not_bound"
    assert (await enter(platform, home, second, "918273")).status_code == 200


async def test_reuse_of_a_refresh_token_ends_the_pin_of_its_device(platform):
    home = await platform.register()
    key = await bound(home)
    refresh = {"refresh_token": home.tokens["refresh_token"]}
    await platform.http.post("/v1/tokens/refresh", json=refresh)
    platform.clock.now += 600_001
    await platform.http.post("/v1/tokens/refresh", json=refresh)
    assert (await enter(platform, home, key)).json()["code"] == "not_bound"


async def test_a_kiosk_is_never_bound(platform):
    home = await platform.register()
    device_id = uuid4()
    asked = {"device": {"id": str(device_id)}, "kiosk": True}
    codes = (await platform.http.post("/v1/oauth/device", json=asked)).json()
    await home.post("/v1/oauth/device/answer", {"user_code": codes["user_code"], "yes": True})
    platform.clock.now += 5_000
    form = {"device_code": codes["device_code"],
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}  # fmt: skip
    tokens = (await platform.http.post("/v1/oauth/token", data=form)).json()
    kiosk = Device(platform.http, platform.clock, tokens, home.login, device_id)
    refused = await kiosk.ask("PUT", "/v1/devices/current/pin", json={"pin": PIN})
    assert refused.status_code == 403
