"""Asks a platform from a page: one client for one act, built beside the pages and closed after it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from carehub.ui import background

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client
    from carehub.workflows.family import Family
    from carehub.workflows.telling import Telling


@asynccontextmanager
async def platform_at(url: str) -> AsyncIterator["Client"]:
    """Give a client of the platform at an address; building it takes a third of a second."""
    from carehub.workflows import live

    client = await asyncio.to_thread(live.client_of, url)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def platform(archive: "Archive") -> AsyncIterator["Client"]:
    """Give a client of the platform that this archive is signed in to; raises NotSignedIn."""
    from carehub.workflows.family import platform_of

    async with platform_at(platform_of(archive)) as client:
        yield client


@asynccontextmanager
async def family(archive: "Archive") -> AsyncIterator["Family"]:
    """Give what this archive's account can do about its family; raises NotSignedIn."""
    from carehub.workflows.family import Family

    async with platform(archive) as client:
        yield Family(archive, client, background.now)


@asynccontextmanager
async def telling(archive: "Archive") -> AsyncIterator["Telling"]:
    """Give what this archive's account decides about who is told; raises NotSignedIn."""
    from carehub.workflows.telling import Telling

    async with platform(archive) as client:
        yield Telling(archive, client, background.now)
