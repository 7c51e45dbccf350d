"""What an exchange costs: many ops up and down, many clients at once, bytes, a long history, memory.

    python -m tests.benchmarks.exchange [--database sqlite|postgresql] [--ops N] [--clients N]
        [--many N]

The platform runs in a process of its own, as `carehub platform serve`; beside it stands the least a
service could do on the same store (`bare.py`). PostgreSQL where it is installed, SQLite otherwise.
"""

import argparse
import asyncio
import multiprocessing
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert, update

from carehub.archive import readings
from carehub.archive.store import Archive
from carehub.care.consent import Purpose
from carehub.care.readings import Kind, Reading
from carehub.errors import PlatformBusy, PlatformUnreachable
from carehub.platform.db import Database
from carehub.platform.records import tables
from carehub.sync.account import Asked
from carehub.sync.client import Client
from carehub.sync.turn import PAGE
from carehub.wire.exchange import MOST_OPS, Act, EntityKind, Op, PushRequest
from carehub.wire.values import body_of
from carehub.workflows import outgoing, sync
from carehub.workflows import people as acts
from tests.benchmarks import bare
from tests.benchmarks.row import Row
from tests.faults import sync_processes as processes
from tests.faults.sync_processes import Death, now
from tests.helpers import archives, platforms, records

OPS = 10_000
CLIENTS = 200
EACH = (5, 10)
"""Pushes of each of those clients, and the readings in one."""
LINES = 4
MANY = 100_000
START_SECONDS = 120
_fresh = multiprocessing.get_context("spawn")


@dataclass
class Place:
    """The two services and the store behind both."""

    folder: Path
    database: str
    url: str
    bare_url: str
    pid: int

    @property
    def store(self) -> str:
        return self.database.partition("+")[0]


@dataclass
class Signed:
    """Somebody signed in, with a person of their own."""

    access: str
    device_id: UUID
    person_id: UUID


def measure(
    database: str | None = None, ops: int = OPS, clients: int = CLIENTS, many: int = MANY
) -> Iterator[Row]:
    """Measure everything on one store."""
    database = database or ("sqlite" if platforms.cannot_run_postgres() else "postgresql")
    with _place(database) as place, asyncio.Runner() as loop:
        empty = _memory(place.pid, "VmRSS")
        signed = loop.run(_accounts(place, clients + 2))
        yield from loop.run(_alone(place, signed[0], ops))
        yield from loop.run(_from_archive_to_archive(place, ops))
        yield from loop.run(_at_once(place, signed[2:]))
        yield from loop.run(_long_history(place, signed[1], many))
        yield Row("memory of the service, started", empty, "MB")
        yield Row("memory of the service, at the most", _memory(place.pid, "VmHWM"), "MB")


# ---------------------------------------------------------------- many ops


async def _alone(place: Place, who: Signed, many: int) -> list[Row]:
    """The service alone: ops that are ready to send, and pages that nobody keeps."""
    ops = [_op(who.person_id, n) for n in range(many)]
    async with _client(place) as client, httpx.AsyncClient(timeout=60) as plain:
        up = await _timed(lambda: _push(client, who, ops))
        bare_up = await _timed(lambda: _bare_push(plain, place, ops))
        down = await _timed(lambda: _pull(client, who))
        bare_down = await _timed(lambda: _bare_pull(plain, place, str(who.person_id), many))
    up_200, up_1, down_200 = await _bytes(place, who)
    name = f"{many:,} ops, {place.store}"
    return [
        Row(f"{name}, up, the service alone", up, "s", bare_up, up / bare_up),
        Row(f"{name}, down, the service alone", down, "s", bare_down, down / bare_down),
        Row(f"bytes on the wire for a reading, up, {MOST_OPS} at once", up_200 / MOST_OPS, "B"),
        Row("bytes on the wire for a reading, up, by itself", up_1, "B"),
        Row(f"bytes on the wire for a reading, down, {PAGE} at once", down_200 / PAGE, "B"),
    ]


async def _push(client: Client, who: Signed, ops: list[Op], size: int = MOST_OPS) -> None:
    for first in range(0, len(ops), size):
        part = ops[first : first + size]
        parcel = PushRequest(device_id=who.device_id, client_time=now(), ops=part)
        answer = await client.push(who.access, parcel)
        assert all(result.status == "ok" for result in answer.results)


async def _pull(client: Client, who: Signed) -> int:
    since = 0
    while True:
        page = await client.pull(who.access, who.person_id, since, None, PAGE)
        since = page.next
        if since >= page.head:
            return since


async def _bare_push(plain: httpx.AsyncClient, place: Place, ops: list[Op]) -> None:
    for first in range(0, len(ops), MOST_OPS):
        part = [op.model_dump(mode="json") for op in ops[first : first + MOST_OPS]]
        await _bare_one(plain, place, str(ops[0].person_id), first, part)


async def _bare_one(
    plain: httpx.AsyncClient, place: Place, person: str, first: int, part: list[Any]
) -> None:
    asked = {"person": person, "first": first}
    answer = await plain.post(f"{place.bare_url}/push", params=asked, json=part)
    assert answer.is_success, answer.text


async def _bare_pull(plain: httpx.AsyncClient, place: Place, person: str, many: int) -> None:
    for since in range(-1, many - 1, PAGE):
        asked: dict[str, str | int] = {"person": person, "since": since, "limit": PAGE}
        page = (await plain.get(f"{place.bare_url}/pull", params=asked)).json()
        assert len(page) == PAGE


async def _bytes(place: Place, who: Signed) -> list[int]:
    """Return the bytes both ways, without TLS: 200 readings up, one up, a page of them down."""
    found = []
    async with _counted(place) as (client, count):
        for work in (
            lambda: _push(client, who, [_op(who.person_id, n) for n in range(MOST_OPS)]),
            lambda: _push(client, who, [_op(who.person_id, 0)]),
            lambda: client.pull(who.access, who.person_id, 0, None, PAGE),
        ):
            count.clear()
            await work()
            found.append(sum(count))
    return found


@asynccontextmanager
async def _counted(place: Place) -> AsyncIterator[tuple[Client, list[int]]]:
    """Give a client whose every byte passes here, and the sizes of what passed."""
    count: list[int] = []
    port = int(place.url.rpartition(":")[2])

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            count.append(len(data))
            sink.write(data)
            await sink.drain()
        sink.close()

    async def relay(inward: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        outward, onward = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(inward, onward), carry(outward, back))

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    client = Client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield client, count
    finally:
        await client.close()
        server.close()
        await server.wait_closed()


# ---------------------------------------------------------------- from archive to archive


async def _from_archive_to_archive(place: Place, many: int) -> list[Row]:
    """The whole way: one archive sends what waits, another one of the same account takes it in."""
    async with _client(place) as client:
        with _archive(place, "here") as here, _archive(place, "there") as there:
            person = acts.add(
                here, name="王示例", purposes=(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC),
                text_version="1", now=now(),
            )  # fmt: skip
            for archive, new in ((here, True), (there, False)):
                asked = Asked(place.url, "archive", platforms.PASSWORD, new)
                await sync.sign_in(archive, client, asked, now)
                await processes.sharing(archive, client).now()
            fresh = [_reading(person.id, n) for n in range(many)]
            with here.write() as tx:
                for reading in fresh:
                    readings.add(tx, reading)
                outgoing.queue_new(tx, fresh, person.id, now())
            up = await _timed(processes.sharing(here, client).now)
            down = await _timed(processes.sharing(there, client).now)
            assert _count(there, person.id) == many
            whole = await _one_more(place, here, _reading(person.id, many))
    name = f"{many:,} ops, {place.store}"
    return [
        Row(f"{name}, out of an archive and heard back", up, "s"),
        Row(f"{name}, into another archive", down, "s"),
        Row("bytes on the wire, a whole exchange with one new reading", whole, "B"),
    ]


async def _one_more(place: Place, here: Archive, reading: Reading) -> int:
    """Return the bytes of an exchange with one reading that waits."""
    assert reading.person_id is not None
    with here.write() as tx:
        readings.add(tx, reading)
        outgoing.queue_new(tx, [reading], reading.person_id, now())
    async with _counted(place) as (client, count):
        await processes.sharing(here, client).now()
        return sum(count)


# ---------------------------------------------------------------- many clients


async def _at_once(place: Place, everyone: list[Signed]) -> list[Row]:
    """Everybody pushes at the same moment, several times; each waits for the answer."""
    times, size = EACH
    limits = httpx.Limits(max_connections=None)
    again = 0
    async with AsyncExitStack() as stack:
        plain = await stack.enter_async_context(httpx.AsyncClient(timeout=120, limits=limits))
        # Each holds a hundred lines at the most; to make one for each client takes long.
        lines = [await stack.enter_async_context(_client(place)) for _ in range(LINES)]
        took: list[float] = []
        bare_took: list[float] = []

        async def one(number: int, who: Signed) -> None:
            nonlocal again
            for turn in range(times):
                ops = [_op(who.person_id, turn * size + n) for n in range(size)]
                began = time.perf_counter()
                while not await _answered(lines[number % LINES], who, ops):
                    again += 1
                took.append(time.perf_counter() - began)

        async def bare_one(who: Signed) -> None:
            for turn in range(times):
                ops = [_op(who.person_id, turn * size + n) for n in range(size)]
                part = [op.model_dump(mode="json") for op in ops]
                began = time.perf_counter()
                await _bare_one(plain, place, str(who.person_id), turn * size, part)
                bare_took.append(time.perf_counter() - began)

        whole = await _timed(lambda: asyncio.gather(*map(one, range(len(everyone)), everyone)))
        bare_whole = await _timed(lambda: asyncio.gather(*map(bare_one, everyone)))
    name = f"{len(everyone)} clients at once, {place.store}, {times} pushes of {size}"
    return [
        Row(f"{name}, all", whole, "s", bare_whole, whole / bare_whole),
        _share(f"{name}, one push, median", took, bare_took, 0.5),
        _share(f"{name}, one push, p99", took, bare_took, 0.99),
        Row(f"{name}, pushes that had to be sent again", again, "times"),
    ]


async def _answered(client: Client, who: Signed, ops: list[Op]) -> bool:
    """Push once; False where nobody answered in time, so that it is to be sent again."""
    parcel = PushRequest(device_id=who.device_id, client_time=now(), ops=ops)
    try:
        answer = await client.push(who.access, parcel)
    except (PlatformUnreachable, PlatformBusy):
        return False
    assert {result.status for result in answer.results} <= {"ok", "duplicate"}
    return True


# ---------------------------------------------------------------- one long history


async def _long_history(place: Place, who: Signed, many: int) -> list[Row]:
    """One person with many readings: all pages, and into an empty archive."""
    await _fill(place, who, many)
    async with _client(place) as client:
        whole = await _timed(lambda: _pull(client, who))
        pages = [
            await _timed(lambda at=at: client.pull(who.access, who.person_id, at, None, PAGE))  # type: ignore[misc]  # bound now
            for at in range(max(0, many - 50 * PAGE), many, PAGE)
        ]
    name = f"{many:,} readings of one person, {place.store}"
    return [
        Row(f"{name}, pulled whole", whole, "s"),
        Row(f"{name}, the last pages, one, median", sorted(pages)[len(pages) // 2] * 1000, "ms"),
    ]


async def _fill(place: Place, who: Signed, many: int) -> None:
    """Write the rows as pushes would have left them."""
    store = Database(place.database)
    usual = {"person_id": who.person_id, "kind": "reading"}
    made_by = {"author": who.device_id, "device": who.device_id, "act": "add", "at": records.NOON}

    async def part(tx: Any, numbers: range) -> None:
        bodies = {n: _op(who.person_id, n) for n in numbers}
        await tx.execute(
            insert(tables.change),
            [
                usual | made_by | {"seq": n + 1, "entity_id": op.entity_id, "op_id": op.op_id}
                | {"body": op.body, "fields": dict.fromkeys(op.body, n + 1)}
                for n, op in bodies.items()
            ],
        )  # fmt: skip
        moved = update(tables.person_stream).values(head=numbers.stop)
        await tx.execute(moved.where(tables.person_stream.c.person_id == who.person_id))

    try:
        for first in range(0, many, 5_000):
            numbers = range(first, min(many, first + 5_000))
            await store.write(lambda tx, numbers=numbers: part(tx, numbers))  # type: ignore[misc]  # bound now
    finally:
        await store.close()


# ---------------------------------------------------------------- the place


@contextmanager
def _place(database: str) -> Iterator[Place]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exchange-")))
        stack.enter_context(archives.cheap_keys())
        if database == "postgresql":
            url = bare_store = stack.enter_context(platforms.cluster())
        else:
            url, bare_store = (f"sqlite+aiosqlite:///{folder}/{n}.db" for n in ("ours", "bare"))
        ports = [_free_port(), _free_port()]
        ours = _fresh.Process(target=processes.serve, args=(folder, url, ports[0], Death()))
        least = _fresh.Process(target=bare.serve, args=(bare_store, ports[1]))
        for process, port in zip((ours, least), ports, strict=True):
            process.start()
            stack.callback(process.join)
            stack.callback(process.kill)
            _wait_for(f"http://127.0.0.1:{port}/ready")
        assert ours.pid is not None
        ours_at, bare_at = (f"http://127.0.0.1:{port}" for port in ports)
        yield Place(folder, url, ours_at, bare_at, ours.pid)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        time.sleep(0.05)
    raise TimeoutError("the service does not come up")


@asynccontextmanager
async def _client(place: Place) -> AsyncIterator[Client]:
    client = Client(place.url)
    yield client
    await client.close()


@contextmanager
def _archive(place: Place, name: str) -> Iterator[Archive]:
    archive = archives.new(place.folder / name)
    yield archive
    archive.close(now())


async def _accounts(place: Place, many: int) -> list[Signed]:
    """Make accounts with a person each who agreed; their passwords are hashed for show only."""
    made = []
    given = {"keep": True, "clock": now, "look_every": 0.0}
    async with platforms.service(place.database, **given) as service:
        for n in range(many):
            device = await service.register(f"client{n}")
            person_id = await device.open()
            made.append(Signed(device.tokens["access_token"], device.device_id, person_id))
    return made


# ---------------------------------------------------------------- small things


def _reading(person_id: UUID, n: int) -> Reading:
    at = records.NOON - n * 600_000
    return records.pressure(
        person_id, 110 + n % 30, 70 + n % 20, taken_at=at, received_at=at, id=uuid4()
    )


def _op(person_id: UUID, n: int) -> Op:
    reading = _reading(person_id, n)
    return Op(
        op_id=uuid4(), person_id=person_id, kind=EntityKind.READING, entity_id=reading.id,
        act=Act.ADD, at=records.NOON, body=body_of(reading),
    )  # fmt: skip


def _count(archive: Archive, person_id: UUID) -> int:
    with archive.read() as tx:
        return len(readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, 2**52))


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _share(figure: str, took: list[float], bare_took: list[float], part: float) -> Row:
    ours, least = (sorted(each)[int(len(each) * part)] * 1000 for each in (took, bare_took))
    return Row(figure, ours, "ms", least, ours / least)


def _memory(pid: int, name: str) -> float:
    """Return a process's megabytes from the system."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--ops", type=int, default=OPS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--many", type=int, default=MANY)
    asked = parser.parse_args()
    for row in measure(asked.database, asked.ops, asked.clients, asked.many):
        least = "" if row.baseline is None else f"{row.baseline:.3g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}x"
        print(f"{row.figure:<72}{row.value:>10.4g} {row.unit:<2}{least:>10}{ratio:>8}", flush=True)


if __name__ == "__main__":
    main()
