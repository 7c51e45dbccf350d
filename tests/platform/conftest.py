"""The tests of the platform run on SQLite and on a PostgreSQL of our own."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.helpers import platforms
from tests.helpers.platforms import Service

STORES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run one cluster for the whole session."""
    reason = platforms.cannot_run_postgres()
    if reason:
        pytest.skip(reason)
    with platforms.cluster() as url:
        yield url


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run each test on one of the two stores, half of them on each; PLATFORM_STORES=all: on both."""
    if os.environ.get("PLATFORM_STORES") == "all":
        return
    there = not platforms.cannot_run_postgres()
    left = [item for item in items if not _on_its_store(item, there)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]


def _on_its_store(item: pytest.Item, postgres_is_there: bool) -> bool:
    """Tell whether this is the store on which the test runs here; one-store tests always do."""
    marker = item.get_closest_marker("parametrize")
    store = (
        item.callspec.params.get("database")
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else None
    )
    if store is None or (marker is not None and "database" in marker.args[0]):
        return True
    wanted = (
        STORES[crc32(item.nodeid.replace(store, "").encode()) % 2]
        if postgres_is_there
        else STORES[0]
    )
    return bool(store == wanted)


# The same code ran on SQLite: measuring it once more only costs time.
@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.unmeasured)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, once for each store."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/platform.db"
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Service]:
    """Run a platform with nothing in it."""
    async with platforms.service(database) as running:
        yield running
