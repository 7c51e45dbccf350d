"""A platform in this process and two computers of one account, with a person who agreed to share."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from tests.helpers import clients
from tests.helpers.clients import Machine
from tests.helpers.platforms import Service


@dataclass
class House:
    """Two computers of the same person, both with her records."""

    service: Service
    here: Machine
    there: Machine
    person_id: UUID

    async def both(self, times: int = 2) -> None:
        """Let both exchange until nothing is new."""
        for _ in range(times):
            await self.here.now()
            await self.there.now()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with clients.running(tmp_path / "platform") as running:
        yield running


@pytest.fixture
async def house(service: Service, tmp_path: Path) -> AsyncIterator[House]:
    async with (
        clients.machine(service, tmp_path / "here") as here,
        clients.machine(service, tmp_path / "there") as there,
    ):
        person_id = here.add_person()
        await here.sign_in("mother", new=True)
        await here.now()
        await there.sign_in("mother")
        await there.now()
        assert there.person(person_id) == here.person(person_id)
        yield House(service, here, there, person_id)
