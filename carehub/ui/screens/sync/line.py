"""A line to the platform for one act of these pages; it is closed when the act is done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from carehub.errors import NotSignedIn

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client


@asynccontextmanager
async def to_url(url: str) -> "AsyncIterator[Client]":
    """Give a client of the platform at this address; for the background thread."""
    from carehub.workflows.live import client_of

    # Building it reads all certificates of the system: no page waits for that.
    client = await asyncio.to_thread(client_of, url)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def of(archive: "Archive") -> "AsyncIterator[Client]":
    """Give a client of the platform this archive is signed in to; raises NotSignedIn."""
    from carehub.workflows import sync

    url = sync.status(archive).url
    if not url:
        raise NotSignedIn
    async with to_url(url) as client:
        yield client
