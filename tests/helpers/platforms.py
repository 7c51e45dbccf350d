"""A platform in this process, its stores, and people's devices that talk to it."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import text

from carehub.platform import app as platform_app
from carehub.platform.accounts.secrets import Passwords
from carehub.platform.db import metadata
from carehub.platform.settings import Settings

POSTGRES = Path("/usr/lib/postgresql/15/bin")
NOON = 1_790_000_000_000
PASSWORD = "a-plain-test-password"
_names = itertools.count(1)


ONE_STORE = pytest.mark.parametrize(
    "database",
    ["sqlite", "postgresql"] if os.environ.get("PLATFORM_STORES") == "all" else ["sqlite"],
    indirect=True,
)
"""For tests whose SQL others run on both stores; PLATFORM_STORES=all runs them on both as well."""


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@dataclass
class Device:
    """A signed-in machine of somebody."""

    http: httpx.AsyncClient
    clock: Clock
    tokens: dict[str, Any]
    login: str
    device_id: UUID = field(default_factory=uuid4)
    name: str = "test"

    @property
    def account_id(self) -> UUID:
        return UUID(self.tokens["account_id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = self.headers | given.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **given)

    async def get(self, path: str, **query: Any) -> Any:
        found = await self.ask("GET", path, params=query)
        assert found.status_code == 200, found.text
        return found.json()

    async def post(self, path: str, body: Any = None) -> Any:
        found = await self.ask("POST", path, json=body or {})
        assert found.status_code < 300, found.text
        return found.json() if found.content else None

    async def open(self, person_id: UUID | None = None) -> UUID:
        person_id = person_id or uuid4()
        await self.post("/v1/people", {"person_id": str(person_id)})
        return person_id

    async def push(self, *ops: dict[str, Any]) -> list[dict[str, Any]]:
        body = {"device_id": str(self.device_id), "client_time": self.clock(), "ops": list(ops)}
        found: list[dict[str, Any]] = (await self.post("/v1/sync/push", body))["results"]
        return found

    async def pull(self, person_id: UUID, since: int = 0, **query: Any) -> Any:
        return await self.get("/v1/sync/pull", person=str(person_id), since=since, **query)

    async def head(self, person_id: UUID) -> Any:
        heads = (await self.get("/v1/sync/heads"))["heads"]
        return next((each for each in heads if each["person_id"] == str(person_id)), None)


@dataclass
class Service:
    """A running platform and the way in."""

    app: FastAPI
    http: httpx.AsyncClient
    clock: Clock

    async def register(self, login: str | None = None, **given: Any) -> Device:
        login = login or f"person{next(_names)}"
        device_id = given.get("device_id") or uuid4()
        answer = await self.http.post(
            "/v1/accounts",
            json={"login": login, "password": PASSWORD, "device": {"id": str(device_id)}},
        )
        assert answer.status_code == 201, answer.text
        return Device(self.http, self.clock, answer.json(), login, device_id)

    async def sign_in(self, login: str, device_id: UUID | None = None) -> Device:
        device_id = device_id or uuid4()
        answer = await self.http.post(
            "/v1/sign-in",
            json={"login": login, "password": PASSWORD, "device": {"id": str(device_id)}},
        )
        assert answer.status_code == 200, answer.text
        return Device(self.http, self.clock, answer.json(), login, device_id)


def op(person_id: UUID, kind: str = "reading", act: str = "add", **given: Any) -> dict[str, Any]:
    """Return an op as it travels; `body` gets its id by itself."""
    entity_id = given.pop("entity_id", None) or uuid4()
    usual = {
        "op_id": str(uuid4()),
        "person_id": str(person_id),
        "kind": kind,
        "entity_id": str(entity_id),
        "act": act,
        "at": NOON,
        "base": {},
        "body": {"note": "x"},
    }
    return usual | given


def fast_passwords() -> Passwords:
    """Return a hasher that is quick and useless outside tests."""
    return Passwords(2, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@asynccontextmanager
async def service(database: str, **given: Any) -> AsyncIterator[Service]:
    """Run a platform on `database`, emptied first unless `keep` is said."""
    keep = given.pop("keep", False)
    clock = given.pop("clock", None) or Clock()
    faults = given.pop("faults", frozenset())
    usual = {"sign_ins_per_minute": 100_000, "requests_per_minute": 1_000_000, "pool_size": 8,
             "look_every": 0.0}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="carehub-uploads-") as uploads:
        given = {"uploads": Path(uploads)} | given
        settings = Settings(database=database, secret=b"s" * 32, **usual | given)
        async with _served(settings, clock, faults, keep=keep) as running:
            yield running


@asynccontextmanager
async def _served(
    settings: Settings, clock: Any, faults: frozenset[str], *, keep: bool
) -> AsyncIterator[Service]:
    app = platform_app.make(settings, clock, passwords=fast_passwords(), faults=faults)
    async with app.router.lifespan_context(app):
        if not keep:
            await empty(app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://platform") as http:
            yield Service(app, http, clock)


async def empty(app: FastAPI) -> None:
    """Take every row out of every table."""

    async def work(tx: Any) -> None:
        for table in metadata.tables.values():
            await tx.execute(text(f'DELETE FROM "{table.name}"'))

    await app.state.running.db.write(work)


@contextmanager
def cluster() -> Iterator[str]:
    """Run a PostgreSQL of our own in a folder; give the URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="carehub-pg-"))
    try:
        _own(folder)
        _run(
            "initdb",
            "--no-sync",
            "--auth=trust",
            "-U",
            "carehub",
            "-E",
            "UTF8",
            "-D",
            f"{folder}/data",
        )
        quick = " ".join(
            f"-c {each}"
            for each in (
                "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal",
                "max_wal_senders=0", "autovacuum=off", "listen_addresses=''", "max_connections=300",
                f"unix_socket_directories={folder}",
            )
        )  # fmt: skip
        _run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", quick, "start")
        try:
            _run("createdb", "-h", str(folder), "-U", "carehub", "carehub")
            yield f"postgresql+asyncpg://carehub@/carehub?host={folder}"
        finally:
            _run("pg_ctl", "-D", f"{folder}/data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cannot_run_postgres() -> str:
    """Return why no cluster can be started here, or an empty text."""
    if not (POSTGRES / "initdb").exists():
        return "PostgreSQL 15 is not installed"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL refuses root, and there is no runuser"
    return ""


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _run(program: str, *words: str) -> None:
    line: Sequence[str] = [str(POSTGRES / program), *words]
    if os.geteuid() == 0:
        line = ["runuser", "-u", "postgres", "--", *line]
    subprocess.run(line, check=True, capture_output=True, cwd="/", stdin=subprocess.DEVNULL)
