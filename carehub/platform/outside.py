"""The service's door: sizes, rates, secure headers, one structured line a request, no traces out."""

import json
import traceback
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carehub import log
from carehub.platform.answers import answer, refusal
from carehub.platform.rates import Rates
from carehub.platform.refusals import Refused
from carehub.wire.exchange import SCHEMA, SCHEMA_HEADER

if TYPE_CHECKING:
    from starlette.responses import Response

    from carehub.platform.running import Running

MOST_BODY = 1024 * 1024
"""No request is larger; a push holds a quarter of it, a piece of an upload nearly all."""
SECURE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    SCHEMA_HEADER: SCHEMA,
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
"""Only where this process speaks TLS itself."""
GUESSABLE = (
    "/v1/accounts", "/v1/sign-in", "/v1/tokens", "/v1/oauth", "/v1/mandates", "/v1/clinic/look-up",
)  # fmt: skip
"""Where secrets could be tried out: fewer requests a minute."""

_LETTERS = str.maketrans("0123456789", "ghijkmnpqr")
"""A request's id has no digits, and sizes and times are round: no log line looks like a value."""


class Outside:
    """Wraps the application; every answer, its own too, passes here."""

    def __init__(self, app: ASGIApp, here: "Running") -> None:
        self._app = app
        self._here = here
        self._often = Rates(here.settings.requests_per_minute)
        self._seldom = Rates(here.settings.sign_ins_per_minute)
        self._headers = SECURE | (HSTS if here.settings.tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is no HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self._headers)
        early = self._refused(scope)
        try:
            await (early or self._app)(scope, request.receive, request.send)
        except Exception as error:
            log.platform.error("a bug: %s", "; ".join(_whereabouts(error)))
            if not request.status:
                await answer("bug", path=scope["path"])(scope, request.receive, request.send)
        log.platform.info("%s", request.line())

    def _refused(self, scope: Scope) -> "Response | None":
        """Return the refusal of a request that is too large or comes too often."""
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return answer("malformed", path=scope["path"])
        if int(length) > MOST_BODY:
            return answer("too_large", path=scope["path"])
        guessable = scope["method"] == "POST" and scope["path"].startswith(GUESSABLE)
        address = (scope.get("client") or ("?", 0))[0]
        wait = (self._seldom if guessable else self._often).wait(address, self._here.clock())
        return refusal(Refused("too_many", wait=wait), scope["path"]) if wait else None


class _Request:
    """Watches one request: counts its bytes, adds headers, remembers what the log needs."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        self._scope, self._receive, self._send, self._headers = scope, receive, send, headers
        self._began = monotonic()
        self._id = uuid4().hex.translate(_LETTERS)
        self._bytes = 0
        self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MOST_BODY:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self._id
        await self._send(message)

    def line(self) -> str:
        """Return one JSON line; of the address only the route's pattern, for the rest may name."""
        route = getattr(self._scope.get("route"), "path", "")
        told = {
            "request": self._id,
            "method": self._scope["method"],
            "route": route,
            "status": self.status,
            "kilobytes": self._bytes // 1024,
            "ms": round((monotonic() - self._began) * 100) * 10,
        }
        return json.dumps(told)


def _whereabouts(error: BaseException) -> list[str]:
    """Return the kind and places of an error; its message may hold a value, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [type(error).__qualname__, *(f"{f.filename}:{f.lineno} in {f.name}" for f in frames)]
