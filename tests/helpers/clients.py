"""Real archives that exchange with a real platform in this process, and a network that can fail."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert, update

from carehub.archive import consents, people, streams
from carehub.archive.store import Archive
from carehub.care.consent import Consent, Purpose
from carehub.care.family import SCOPES, YEAR, Role
from carehub.platform.accounts import service as platform_accounts
from carehub.platform.family import tables as family
from carehub.sync.account import Asked
from carehub.sync.client import Client
from carehub.sync.turn import Steps
from carehub.wire.values import body_of as body_of  # noqa: PLC0414 - tests build ops with it
from carehub.workflows import people as people_acts
from carehub.workflows import sync
from carehub.workflows.sync import Sharing, Synced
from tests.helpers import archives, platforms
from tests.helpers.platforms import PASSWORD, Clock, Service

URL = "https://platform.example"
# It writes several lines for each statement, and every test keeps them.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


class Wire(httpx.AsyncBaseTransport):
    """A way to the platform that can be cut, lose what comes back, or deliver twice."""

    def __init__(self, app: Any) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.cut = False
        self.lose: Callable[[httpx.Request], bool] = lambda _request: False
        self.twice: Callable[[httpx.Request], bool] = lambda _request: False
        self.asked: list[str] = []
        self.sent: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("the line is cut")
        self.asked.append(f"{request.method} {request.url.path}")
        self.sent.append(str(request.url).encode() + request.content)
        if self.twice(request):
            await (await self._app.handle_async_request(request)).aread()
        response = await self._app.handle_async_request(request)
        if self.lose(request):
            await response.aread()
            raise httpx.ReadError("the answer was lost")
        return response


@dataclass
class Machine:
    """One person's computer: an archive, the way out, and a clock of its own."""

    archive: Archive
    wire: Wire
    client: Client
    clock: Clock
    steps: Steps = field(default_factory=Steps)
    sharing: Sharing = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that was only in memory."""
        self.sharing = Sharing(
            self.archive, self.client, self.clock, chance=lambda: 0.0, steps=self.steps
        )

    async def sign_in(self, login: str, *, new: bool = False) -> UUID:
        asked = Asked(URL, login, PASSWORD, new)
        account = await sync.sign_in(self.archive, self.client, asked, self.clock)
        return account.id

    async def now(self) -> Synced:
        return await self.sharing.now()

    def add_person(self, name: str = "王示例") -> UUID:
        """Add a person who agreed to share."""
        purposes = (Purpose.ARCHIVE, Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)
        person = people_acts.add(
            self.archive, name=name, purposes=purposes, text_version="1", now=self.clock()
        )
        return person.id

    def profile(self, person_id: UUID) -> Any:
        with self.archive.read() as tx:
            return people.profile(tx, person_id)

    def stream(self, person_id: UUID) -> Any:
        with self.archive.read() as tx:
            return streams.get(tx, person_id)

    def person(self, person_id: UUID) -> Any:
        with self.archive.read() as tx:
            return people.get(tx, person_id)

    def withdraw(self, person_id: UUID, purpose: Purpose = Purpose.PLATFORM_SYNC) -> None:
        with self.archive.read() as tx:
            given = next(c for c in consents.of(tx, person_id) if c.purpose is purpose)
        people_acts.withdraw(self.archive, given, self.clock())

    def agree(self, person_id: UUID, purpose: Purpose = Purpose.PLATFORM_SYNC) -> None:
        people_acts.consent(self.archive, person_id, purpose, "1", self.clock())


@asynccontextmanager
async def machine(
    service: Service, folder: Path, *, skew: int = 0, demo: bool = False, **steps: Any
) -> AsyncIterator[Machine]:
    """Set up a computer with an empty archive; its clock is off by `skew` milliseconds."""
    with archives.cheap_keys():
        archive = archives.new(folder, demo=demo)
    wire = Wire(service.app)
    client = Client(URL, wire)
    try:
        yield Machine(archive, wire, client, Clock(service.clock() + skew), Steps(**steps))
    finally:
        await client.close()
        archive.close(service.clock())


@asynccontextmanager
async def running(folder: Path, **given: Any) -> AsyncIterator[Service]:
    """Run a platform on a SQLite file beside `folder`."""
    async with platforms.service(f"sqlite+aiosqlite:///{folder}.db", **given) as service:
        yield service


async def give_mandate(
    service: Service, person_id: UUID, account_id: UUID, role: Role = Role.CARER, **given: Any
) -> UUID:
    """Write a confirmed mandate, as the family's own routes do after the person said yes."""
    now = service.clock()
    row: dict[str, Any] = {
        "person_id": person_id,
        "id": uuid4(),
        "account_id": account_id,
        "role": role,
        "scopes": sorted(SCOPES[role]),
        "relation": "女儿",
        "how": "on_screen",
        "state": "active",
        "granted_at": now,
        "from_at": now,
        "until_at": now + YEAR,
        "revoked_at": None,
    } | given

    async def work(tx: Any) -> None:
        await tx.execute(insert(family.mandate).values(row))
        await platform_accounts.join(tx, account_id, person_id, own=False)

    await service.app.state.running.db.write(work)
    mandate_id: UUID = row["id"]
    return mandate_id


async def agree_to_alerts(service: Service, person_id: UUID, account_id: UUID) -> None:
    """Let a relative's account agree to be told of alerts, as its own screen does."""
    row = {"person_id": person_id, "account_id": account_id, "n": 1, "agreed": True}
    values = row | {"text_version": "1", "at": service.clock()}

    async def work(tx: Any) -> None:
        await tx.execute(insert(family.alert_consent).values(values))

    await service.app.state.running.db.write(work)


async def revoke(service: Service, person_id: UUID, account_id: UUID) -> None:
    """Take a mandate back."""
    mandate = family.mandate

    async def work(tx: Any) -> None:
        await tx.execute(
            update(mandate)
            .where(mandate.c.person_id == person_id, mandate.c.account_id == account_id)
            .values(revoked_at=service.clock())
        )

    await service.app.state.running.db.write(work)


def consent(person_id: UUID, purpose: Purpose, now: int) -> Consent:
    """Return a consent given now."""
    return Consent(uuid4(), person_id, purpose, "1", now)
