"""Signing in and tokens: one renewal at a time, on the disk before use, and answers that get lost."""

import asyncio
import ssl
from uuid import uuid4

import httpx
import pytest

from carehub.archive import accounts, streams
from carehub.errors import (
    InputError,
    NotAllowed,
    NotLetIn,
    NotSignedIn,
    PlatformRefused,
    PlatformUnreachable,
    PlatformUntrusted,
    SchemaTooOld,
    SignedOut,
    SignInRefused,
)
from carehub.sync import account
from carehub.sync.account import Asked, Session
from carehub.sync.client import Client
from carehub.wire.exchange import HeadMoved
from carehub.workflows import sync
from tests.helpers import clients
from tests.helpers.clients import URL
from tests.helpers.platforms import PASSWORD

HOUR = 3_600_000


def tokens(machine):
    with machine.archive.read() as tx:
        return accounts.get(tx)


async def later(house, hours=1):
    for clock in (house.service.clock, house.here.clock, house.there.clock):
        clock.now += hours * HOUR


def refreshes(request):
    return request.url.path.endswith("/refresh")


async def test_several_callers_renew_once(house):
    await later(house)
    session = Session(house.here.archive, house.here.client, house.here.clock)
    house.here.wire.asked.clear()
    await asyncio.gather(*(session.run(house.here.client.heads) for _ in range(5)))
    assert house.here.wire.asked.count("POST /v1/tokens/refresh") == 1


async def test_a_lost_successor_is_asked_for_again(house):
    await later(house)
    before = tokens(house.here)
    house.here.wire.lose = refreshes
    with pytest.raises(PlatformUnreachable):
        await house.here.now()
    assert tokens(house.here).refresh == before.refresh
    house.here.wire.lose = lambda _request: False
    await house.here.now()
    assert tokens(house.here).refresh != before.refresh


async def test_a_token_the_platform_no_longer_takes_is_renewed_and_used_once_more(house):
    with house.here.archive.write() as tx:
        accounts.note(tx, access="x" * 40)
    await house.here.now()
    assert tokens(house.here).access != "x" * 40


async def test_a_successor_is_on_the_disk_before_it_is_used(house):
    await later(house)
    session = Session(house.here.archive, house.here.client, house.here.clock)

    async def look(access):
        assert tokens(house.here).access == access

    await session.run(look)


async def test_a_kiosk_without_a_refresh_token_is_signed_out_with_its_access(house):
    with house.here.archive.write() as tx:
        accounts.note(tx, refresh="")
    await house.here.now()
    await later(house)
    with pytest.raises(SignedOut):
        await house.here.now()


async def test_signing_in_again_keeps_the_device_and_another_account_is_refused(house):
    before = tokens(house.here)
    await house.here.sign_in("mother")
    again = tokens(house.here)
    assert (again.device_id, again.id) == (before.device_id, before.id)
    assert again.access != before.access
    await house.service.register("stranger")
    with pytest.raises(NotAllowed, match="another account"):
        await house.here.sign_in("stranger")
    assert tokens(house.here) == again


@pytest.mark.parametrize("new", [True, False])
async def test_what_cannot_be_a_name_is_said_before_anything_leaves(house, new):
    house.here.wire.asked.clear()
    asked = Asked(URL, "x", "short", new)
    with pytest.raises(InputError, match="3 to 64"):
        await sync.sign_in(house.here.archive, house.here.client, asked, house.here.clock)
    assert house.here.wire.asked == []


async def test_signing_out_ends_it_here_even_where_nobody_answers(house):
    house.here.wire.cut = True
    with pytest.raises(PlatformUnreachable):
        await sync.sign_out(house.here.archive, house.here.client, house.here.clock)
    assert not sync.status(house.here.archive).signed_in
    with pytest.raises(NotSignedIn):
        await house.here.now()
    await sync.sign_out(house.there.archive, house.there.client, house.there.clock)
    with pytest.raises(NotSignedIn):
        account.kept(house.there.archive)


def answering(*answers):
    given = iter(answers)
    return Client(URL, httpx.MockTransport(lambda _request: next(given)))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, text="<html>Please sign in to our Wi-Fi</html>"), PlatformUnreachable),
        (httpx.Response(200, json={"heads": "none"}), PlatformUnreachable),
        (httpx.Response(302, headers={"Location": "https://wifi.example"}), PlatformUnreachable),
        (httpx.Response(426, json={"code": "schema", "sentence": ""}), SchemaTooOld),
        (httpx.Response(401), SignedOut),
        (httpx.Response(418, text="no JSON"), PlatformRefused),
    ],
)
async def test_every_answer_that_is_none_has_its_error(answer, error):
    client = answering(answer)
    with pytest.raises(error):
        await client.heads("token")
    await client.close()


async def test_events_are_read_until_the_line_ends():
    lines = (
        b'event: head\ndata: {"person_id": null, "head": null}\n\n'
        b": still here\n\n"
        b"event: news\ndata: {}\n\n"
    )
    stream = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=lines)
    client = answering(stream, httpx.Response(403, json={"code": "not_allowed", "sentence": ""}))
    heard = [moved.head async for moved in client.events("token")]
    assert heard == [None]
    with pytest.raises(PlatformRefused):
        await anext(client.events("token"))
    await client.close()
    broken = answering(httpx.Response(200, text="no event stream"))
    with pytest.raises(PlatformUnreachable):
        await anext(broken.events("token"))
    await broken.close()


def test_no_secret_is_shown():
    asked = Asked(URL, "mother", PASSWORD)
    assert PASSWORD not in repr(asked)
    assert "mother" not in repr(asked)
    assert clients.URL in repr(asked)


async def test_who_cannot_prove_to_be_the_platform_is_told_nothing():
    def refuse(_request):
        reason = ssl.SSLCertVerificationError(1, "certificate verify failed")
        raise httpx.ConnectError("no line") from reason

    client = Client(URL, httpx.MockTransport(refuse))
    with pytest.raises(PlatformUntrusted, match="date"):
        await client.heads("token")
    with pytest.raises(PlatformUntrusted):
        await anext(client.events("token"))
    await client.close()


async def test_a_wrong_password_is_said_as_such():
    wrong = httpx.Response(401, json={"code": "wrong_credentials", "sentence": "no"})
    client = answering(wrong)
    with pytest.raises(SignInRefused, match="password is not right"):
        await client.heads("token")
    await client.close()


CODES = {
    "device_code": "ABCDEFGH.secret",
    "user_code": "ABCD-EFGH",
    "verification_uri": "carehub:device",
    "verification_uri_complete": "carehub:device?user_code=ABCD-EFGH",
    "expires_in": 600,
    "interval": 5,
}


def refused(word):
    return httpx.Response(400, json={"error": word, "code": word, "sentence": ""})


@pytest.fixture
def naps(monkeypatch):
    """Sleep no longer; remember how long it would have been."""
    taken = []

    async def nap(seconds):
        taken.append(seconds)

    monkeypatch.setattr(account.asyncio, "sleep", nap)
    return taken


async def by_code(house, clock, *answers):
    client = answering(httpx.Response(200, json=CODES), *answers)
    shown = []
    try:
        return shown, await sync.sign_in_by_code(
            house.there.archive, client, URL, lambda codes: shown.append(codes.user_code), clock
        )
    finally:
        await client.close()


async def test_a_code_is_shown_and_waited_for_ever_more_slowly(house, naps):
    tokens_given = {
        "access_token": "a" * 20,
        "refresh_token": "r" * 20,
        "expires_in": 600,
        "account_id": str(tokens(house.there).id),
        "session_id": str(tokens(house.there).id),
        "server_time": 0,
    }
    shown, signed_in = await by_code(
        house,
        house.there.clock,
        refused("authorization_pending"),
        refused("slow_down"),
        httpx.Response(503),
        httpx.Response(200, json=tokens_given),
    )
    assert shown == ["ABCD-EFGH"]
    assert signed_in.access == "a" * 20
    assert signed_in.login  # the name of before stays, for the code names none
    assert naps == [5.0, 5.0, 10.0, 15.0]


@pytest.mark.parametrize("word", ["access_denied", "expired_token", "invalid_grant"])
async def test_a_code_that_was_refused_lets_nobody_in(house, naps, word):
    before = tokens(house.there)
    with pytest.raises(NotLetIn):
        await by_code(house, house.there.clock, refused(word))
    assert tokens(house.there) == before


async def test_a_code_that_nobody_answers_ends_by_itself(house, naps):
    times = iter((0, 1, 600_001))
    with pytest.raises(NotLetIn):
        await by_code(house, lambda: next(times), refused("authorization_pending"))


async def test_a_code_too_short_is_said_before_it_leaves(house):
    with pytest.raises(InputError, match="No computer shows"):
        await sync.look_code(house.here.archive, house.here.client, "X", house.here.clock)


async def test_a_stream_that_is_refused_is_opened_once_more_with_a_new_token(house):
    session = Session(house.here.archive, house.here.client, house.here.clock)
    given = []

    async def events(access):
        given.append(access)
        if len(given) == 1:
            raise SignedOut
        yield "news"

    assert [each async for each in session.follow(events)] == ["news"]
    assert given[0] != given[1]


async def test_only_what_is_not_here_yet_is_news(house, monkeypatch):
    await house.here.now()
    with house.here.archive.read() as tx:
        (stream,) = streams.everyone(tx)
    known = stream.person_id

    async def events(_access):
        yield HeadMoved(person_id=known, head=stream.cursor)
        yield HeadMoved(person_id=known, head=stream.cursor + 1)
        yield HeadMoved(person_id=uuid4(), head=1)
        yield HeadMoved(person_id=None, head=None)

    monkeypatch.setattr(house.here.client, "events", events)
    assert len([sign async for sign in house.here.sharing.news()]) == 3
