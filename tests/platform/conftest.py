"""Every test of the platform runs on SQLite and on a PostgreSQL of our own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.helpers import platforms
from tests.helpers.platforms import Service


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run one cluster for the whole session."""
    reason = platforms.cannot_run_postgres()
    if reason:
        pytest.skip(reason)
    with platforms.cluster() as url:
        yield url


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
