"""Packs the pages of a stream on their way out: names and marks repeat in every row of them.

Nothing else is packed: what a stranger may put beside a secret must not show in an answer's length.
"""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

PAGES = frozenset({"/v1/sync/pull", "/v1/sync/snapshot"})
SMALLEST = 1_000
"""Bytes of an answer that is worth packing."""
LEVEL = 4


class Packed:
    """Wraps the application; pages of a stream are packed for whoever takes gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        page = scope["type"] == "http" and scope["path"] in PAGES
        await (self._packing if page else self._plain)(scope, receive, send)
