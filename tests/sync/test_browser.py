"""The whole sign-in through a browser, which httpx plays: page, password, and back to this machine."""

import asyncio
import contextlib
from uuid import uuid4

import httpx
import pytest

from carehub.errors import InputError, NotLetIn, SignedOut
from carehub.sync import browser, pins
from carehub.workflows import sync
from tests.helpers import clients
from tests.helpers.clients import URL
from tests.helpers.platforms import PASSWORD


class Browser:
    """Opens the page on the platform, fills it in, and follows where it leads."""

    def __init__(self, service, **form):
        self.service, self.form = service, form
        self.seen: list[httpx.Response] = []
        self.running: list[asyncio.Task[None]] = []

    def open(self, page):
        self.running.append(asyncio.ensure_future(self._use(page)))

    async def _use(self, page):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.service.app)) as platform:
            self.seen.append(await platform.get(page))
            back = await platform.post(page, data=self.form)
            self.seen.append(back)
        async with httpx.AsyncClient() as here:
            where = back.headers["location"]
            door = where.partition("?")[0]
            self.seen.append(await here.get(door.replace("/signed-in", "/favicon.ico")))
            self.seen.append(await here.get(f"{door}?code=guessed&state=guessed"))
            self.seen.append(await here.post(where))
            self.seen.append(await here.get(where))


async def signed_in(machine, browsing):
    try:
        return await sync.sign_in_by_browser(
            machine.archive, machine.client, URL, browsing.open, machine.clock
        )
    finally:
        await asyncio.gather(*browsing.running)


@pytest.fixture
async def machine(service, tmp_path):
    async with clients.machine(service, tmp_path / "desk") as made:
        yield made


async def test_the_browser_brings_a_code_and_the_archive_is_signed_in(service, machine):
    await service.register("mother")
    browsing = Browser(service, login="mother", password=PASSWORD)

    account = await signed_in(machine, browsing)

    assert [each.status_code for each in browsing.seen] == [200, 303, 404, 404, 404, 200]
    assert "go back to CareHub" in browsing.seen[-1].text
    assert (account.login, account.url, account.signed_in) == ("mother", URL, True)
    assert PASSWORD.encode() not in b"".join(machine.wire.sent)
    machine.add_person()
    assert (await machine.now()).sent > 0


async def test_who_says_no_is_not_let_in(service, machine):
    browsing = Browser(service, answer="no")
    with pytest.raises(NotLetIn):
        await signed_in(machine, browsing)
    assert "were not signed in" in browsing.seen[-1].text
    assert not sync.status(machine.archive).signed_in


async def test_a_page_nobody_answers_is_given_up(machine, monkeypatch):
    monkeypatch.setattr(browser, "PATIENCE", 0.01)
    with pytest.raises(NotLetIn):
        await sync.sign_in_by_browser(
            machine.archive, machine.client, URL, lambda _page: None, machine.clock
        )


async def test_who_knocks_and_says_nothing_is_shown_out(monkeypatch):
    monkeypatch.setattr(browser, "HEARING", 0.01)
    door = browser.Door("state")
    server = await asyncio.start_server(door.opened, "127.0.0.1", 0, limit=100)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for said in (b"", b"x" * 500, b"GET / HTTP"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
    assert not door._told.done()  # noqa: SLF001 - that nothing was heard shows nowhere else


async def test_a_bound_computer_signs_in_with_the_pin_as_often_as_it_likes(service, machine):
    await machine.sign_in("mother", new=True)
    await pins.bind(machine.archive, machine.client, "402718", machine.clock)
    for _ in range(3):
        await sync.sign_out(machine.archive, machine.client, machine.clock)
        account = await pins.sign_in(machine.archive, machine.client, "402718", machine.clock)
        assert account.signed_in
    machine.add_person()
    assert (await machine.now()).sent > 0


async def test_a_wrong_pin_is_said_and_a_key_that_ended_is_forgotten(service, machine):
    with pytest.raises(InputError, match="takes no PIN now"):
        await pins.sign_in(machine.archive, machine.client, "402718", machine.clock)
    await machine.sign_in("mother", new=True)
    with pytest.raises(InputError, match="six to twelve"):
        await pins.bind(machine.archive, machine.client, "12", machine.clock)
    await pins.bind(machine.archive, machine.client, "402718", machine.clock)
    with pytest.raises(InputError, match="PIN is not right"):
        await pins.sign_in(machine.archive, machine.client, "999999", machine.clock)
    other = await service.sign_in("mother", uuid4())
    for session in (await other.get("/v1/sessions"))["sessions"]:
        if not session["current"]:
            await other.ask("DELETE", f"/v1/sessions/{session['id']}")
    asked = len(machine.wire.asked)
    for _ in range(2):
        with pytest.raises(InputError, match="takes no PIN now"):
            await pins.sign_in(machine.archive, machine.client, "402718", machine.clock)
    assert len(machine.wire.asked) == asked + 1
    with pytest.raises(SignedOut):
        await machine.now()


async def test_a_lost_answer_of_a_sign_in_with_a_pin_harms_nothing(service, machine):
    await machine.sign_in("mother", new=True)
    await pins.bind(machine.archive, machine.client, "402718", machine.clock)
    machine.wire.lose = lambda request: request.url.path.endswith("/pin")
    with pytest.raises(Exception, match="cannot be reached"):
        await pins.sign_in(machine.archive, machine.client, "402718", machine.clock)
    machine.wire.lose = lambda _request: False
    service.clock.now += 86_400_000
    await pins.sign_in(machine.archive, machine.client, "402718", machine.clock)
    assert sync.status(machine.archive).signed_in
