"""Accounts: register, sign in, refresh with grace, reuse, sessions, lockout, nothing plain at rest."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from carehub.platform.accounts.secrets import normal_login, shown_login
from carehub.platform.refusals import Refused
from tests.helpers.canaries import PHONE
from tests.helpers.platforms import PASSWORD, Device

MINUTE = 60_000
DAY = 86_400_000


async def refresh(device: Device, token: str | None = None):
    return await device.http.post(
        "/v1/tokens/refresh", json={"refresh_token": token or device.tokens["refresh_token"]}
    )


async def try_password(platform, login, password):
    device = {"id": str(uuid4())}
    body = {"login": login, "password": password, "device": device}
    return await platform.http.post("/v1/sign-in", json=body)


async def test_a_telephone_number_is_one_login_however_it_is_written(platform):
    await platform.register(PHONE)

    await platform.sign_in(f"+86 {PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}")

    taken = await platform.http.post(
        "/v1/accounts",
        json={"login": f"86{PHONE}", "password": PASSWORD, "device": {"id": str(uuid4())}},
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "login_taken")


async def test_nothing_that_opens_an_account_is_kept_plain(platform):
    device = await platform.register(PHONE)
    secrets = [PHONE, PASSWORD, device.tokens["access_token"], device.tokens["refresh_token"]]

    async def everything(tx):
        names = ("account", "login", "token", "session", "wrong_try")
        return [str((await tx.execute(text(f"SELECT * FROM {name}"))).all()) for name in names]

    kept = " ".join(await platform.app.state.running.db.read(everything))

    assert not [secret for secret in secrets if secret in kept]
    assert shown_login(PHONE) in kept


async def test_wrong_password_and_unknown_login_look_the_same(platform):
    known = await platform.register()

    wrong = await try_password(platform, known.login, "not-it-at-all")
    unknown = await try_password(platform, "nobody-at-all", "not-it-at-all")
    unusable = await try_password(platform, "0 0 0", "not-it-at-all")

    assert wrong.status_code == 401
    assert wrong.json() == unknown.json() == unusable.json()


async def test_five_wrong_passwords_lock_even_the_right_one_out_for_a_while(platform):
    known = await platform.register()
    for _ in range(5):
        assert (await try_password(platform, known.login, "wrong-one")).status_code == 401

    locked = await try_password(platform, known.login, PASSWORD)

    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert locked.headers["retry-after"] == "30"
    platform.clock.now += 30_000
    await platform.sign_in(known.login)
    assert (await try_password(platform, known.login, "wrong-one")).status_code == 401


async def test_waiting_grows_and_a_quiet_day_forgives(platform):
    known = await platform.register()
    waits = []
    for _ in range(8):
        while (answer := await try_password(platform, known.login, "wrong-one")).status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            platform.clock.now += waits[-1] * 1000
    platform.clock.now += 2 * DAY

    assert waits == [30, 60, 300]
    for _ in range(4):
        assert (await try_password(platform, known.login, "wrong-one")).status_code == 401
    await platform.sign_in(known.login)


async def test_an_access_token_lasts_ten_minutes(platform):
    device = await platform.register()
    assert device.tokens["expires_in"] == 600
    platform.clock.now += 10 * MINUTE - 1
    assert (await device.ask("GET", "/v1/account")).status_code == 200

    platform.clock.now += 1

    late = await device.ask("GET", "/v1/account")
    assert (late.status_code, late.json()["code"]) == (401, "expired")
    assert late.headers["www-authenticate"] == "Bearer"


async def test_a_refresh_whose_answer_was_lost_gives_the_same_successor(platform):
    device = await platform.register()

    first = (await refresh(device)).json()
    platform.clock.now += 10 * MINUTE
    again = (await refresh(device)).json()

    assert first["refresh_token"] == again["refresh_token"] != device.tokens["refresh_token"]
    device.tokens = again
    assert (await device.ask("GET", "/v1/account")).status_code == 200


async def test_two_refreshes_at_once_agree(platform):
    device = await platform.register()

    answers = await asyncio.gather(*(refresh(device) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_reuse_after_the_grace_ends_the_session_and_raises_an_alarm(platform):
    device = await platform.register()
    person = await device.open()
    stolen = device.tokens["refresh_token"]
    device.tokens = (await refresh(device)).json()
    platform.clock.now += 10 * MINUTE + 1

    reused = await refresh(device, stolen)

    assert (reused.status_code, reused.json()["code"]) == (401, "token_reused")
    after = await refresh(device)
    assert (after.status_code, after.json()["code"]) == (401, "session_ended")
    anew = await platform.sign_in(device.login)
    told = await anew.get(f"/v1/people/{person}/audit")
    assert "token_reused" in [row["act"] for row in told["rows"]]
    ended = (await anew.get("/v1/sessions"))["sessions"]
    assert [each["ended_because"] for each in ended] == ["", "reused"]


async def test_a_session_is_over_after_a_year_however_often_it_was_renewed(platform):
    device = await platform.register()
    for _ in range(4):
        platform.clock.now += 80 * DAY
        device.tokens = (await refresh(device)).json()
    platform.clock.now += 80 * DAY

    answer = await refresh(device)

    assert (answer.status_code, answer.json()["code"]) == (401, "expired")
    assert platform.clock.now == 1_790_000_000_000 + 400 * DAY


async def test_a_refresh_token_unused_for_ninety_days_is_worth_nothing(platform):
    device = await platform.register()
    platform.clock.now += 90 * DAY

    assert (await refresh(device)).json()["code"] == "expired"


@pytest.mark.parametrize("token", ["x" * 20, "\N{SNOWMAN}" * 20])
async def test_a_made_up_token_opens_nothing(platform, token):
    device = await platform.register()

    assert (await refresh(device, token)).json()["code"] == "not_signed_in"
    assert (await refresh(device, device.tokens["access_token"])).status_code == 401
    headers = {"Authorization": f"Bearer {device.tokens['refresh_token']}"}
    assert (await platform.http.get("/v1/account", headers=headers)).status_code == 401


async def test_sessions_are_listed_and_ended_by_the_person(platform):
    home = await platform.register()
    platform.clock.now += 1
    away = await platform.sign_in(home.login)
    listed = (await home.get("/v1/sessions"))["sessions"]
    assert [each["current"] for each in listed] == [False, True]

    gone = await home.ask("DELETE", f"/v1/sessions/{away.tokens['session_id']}")

    assert gone.status_code == 204
    assert (await away.ask("GET", "/v1/account")).json()["code"] == "session_ended"
    assert (await home.ask("DELETE", "/v1/sessions/current")).status_code == 204
    assert (await home.ask("GET", "/v1/account")).status_code == 401


async def test_nobody_ends_the_session_of_another(platform):
    mine, theirs = await platform.register(), await platform.register()

    refused = await mine.ask("DELETE", f"/v1/sessions/{theirs.tokens['session_id']}")

    assert refused.status_code == 404
    assert (await theirs.ask("GET", "/v1/account")).status_code == 200


async def test_signing_in_again_on_a_device_replaces_its_session(platform):
    first = await platform.register()
    second = await platform.sign_in(first.login, first.device_id)

    assert (await first.ask("GET", "/v1/account")).json()["code"] == "session_ended"
    account = await second.get("/v1/account")
    assert account == {
        "account_id": str(first.account_id),
        "login": first.login,
        "people": [],
    }


async def test_being_heard_from_is_noted_once_a_minute(platform):
    device = await platform.register()
    platform.clock.now += 2 * MINUTE
    await device.get("/v1/account")

    (session,) = (await device.get("/v1/sessions"))["sessions"]

    assert session["seen_at"] == platform.clock.now


async def test_many_registering_one_name_at_once_leaves_one_account(platform):
    async def register():
        body = {"login": "same-name", "password": PASSWORD, "device": {"id": str(uuid4())}}
        return (await platform.http.post("/v1/accounts", json=body)).status_code

    codes = await asyncio.gather(*(register() for _ in range(6)))

    assert sorted(codes) == [201] + [409] * 5


async def test_a_sign_in_without_a_token_is_asked_for(platform):
    answer = await platform.http.get("/v1/account")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("login", ["ab", "a b c", "12345", "+1 555 0100", "x" * 65, "'; --x"])
def test_what_is_neither_name_nor_telephone_is_refused(login):
    with pytest.raises(Refused):
        normal_login(login)


@pytest.mark.parametrize(
    ("login", "normal"),
    [
        ("\uff21nna", "anna"),
        (" 王示例 ", "王示例"),
        (f"(+86) {PHONE}", PHONE),
        ("A.b@c-d", "a.b@c-d"),
    ],
)
def test_a_login_has_one_form(login, normal):
    assert normal_login(login) == normal
