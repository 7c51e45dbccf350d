"""Signing in through the browser: the answer comes back to a door of this machine (RFC 8252)."""

import asyncio
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.errors import NotLetIn
from carehub.i18n import _
from carehub.sync.account import Asked, device_of, enter
from carehub.wire import authorization

if TYPE_CHECKING:
    from carehub.archive.accounts import Account
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

PATIENCE = 600.0
"""Seconds in which the person signs in on the page."""
HEARING = 10.0
"""Seconds in which somebody who knocks says what they want."""
PLACE = "/signed-in"
HERE = "127.0.0.1"


async def sign_in(
    archive: "Archive",
    client: "Client",
    url: str,
    show: Callable[[str], object],
    *,
    new_id: Callable[[], UUID],
    clock: Callable[[], int],
) -> "Account":
    """Sign this archive in at the page that `show` opens.

    The password goes from the browser to the platform; nothing here ever sees it. Raises NotLetIn where
    the answer was no or none came, and what `account.sign_in` raises.
    """
    device = device_of(archive, new_id)
    verifier, door = authorization.new_verifier(), Door(authorization.new_verifier())
    server = await asyncio.start_server(door.opened, HERE, 0)
    async with server:
        back = f"http://{HERE}:{server.sockets[0].getsockname()[1]}{PLACE}"
        show(authorization.address(url, verifier, door.state, back, device.id))
        code = await door.wait()
    tokens = await client.redeem(code, verifier, back)
    known = await client.account(tokens.access_token)
    return enter(archive, Asked(url, known.login, ""), device, tokens, clock())


class Door:
    """Hears the one answer that names our `state`; whoever else knocks is shown out."""

    def __init__(self, state: str) -> None:
        self.state = state
        self._told: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    async def wait(self) -> str:
        """Return the code that came back; raises NotLetIn."""
        try:
            told = await asyncio.wait_for(self._told, PATIENCE)
        except TimeoutError as error:
            raise NotLetIn from error
        if "code" not in told:
            raise NotLetIn
        return told["code"]

    async def opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one who knocks."""
        try:
            async with asyncio.timeout(HEARING):
                told = self._understood(await reader.readuntil(b"\r\n\r\n"))
            writer.write(_page(told))
            await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            return  # nobody we know
        finally:
            writer.close()
        if told is not None and not self._told.done():
            self._told.set_result(told)

    def _understood(self, asked: bytes) -> dict[str, str] | None:
        words = asked.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(words) != 3 or words[0] != "GET" or words[1].partition("?")[0] != PLACE:
            return None
        return authorization.told(words[1], self.state)


def _page(told: dict[str, str] | None) -> bytes:
    """Return what the browser shows at the end, as a whole HTTP answer."""
    if told is None:
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    good = _("That went well. Close this page and go back to CareHub.")
    bad = _("You were not signed in. Close this page and go back to CareHub.")
    sentence = escape(good if "code" in told else bad)
    body = (
        '<!doctype html><meta charset="utf-8"><title>CareHub</title>'
        f'<p style="font: 24px/1.5 sans-serif; margin: 3em">{sentence}</p>'
    ).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
