"""The two processes that `sync_kill` ends: a client of one archive, and the platform it talks to.

Each dies by SIGKILL of its own hand at the point it was told of, or lives on. The points are put in
from here, around the program's own functions; no setting of the program leads to them.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

from carehub import cli
from carehub.archive import attachments, people, vault
from carehub.archive.store import Archive
from carehub.errors import SyncError
from carehub.platform import serving
from carehub.platform.attachments.shelf import Shelf
from carehub.platform.records import pages, routes, service
from carehub.platform.serving import Address
from carehub.platform.settings import Settings
from carehub.sync import exchange
from carehub.sync.client import Client
from carehub.sync.turn import Steps
from carehub.workflows import people as acts
from carehub.workflows import readings as reading_acts
from carehub.workflows.sync import Sharing
from tests.helpers import archives, records

PNG = b"\x89PNG\r\n\x1a\n"
CLIENT_POINTS = (
    "entered", "push.chosen", "push.answered", "push.noting", "push.noted", "pull.answered",
    "pull.applying", "pull.applied", "file.begun", "file.piece", "file.fetched",
)  # fmt: skip
SERVER_POINTS: dict[str, tuple[Any, str, bool]] = {
    "push.received": (routes, "_push_one", False),
    "push.merged": (service, "_move_head", False),
    "push.placed": (service, "_move_head", True),
    "push.written": (service, "_write", True),
    "push.committed": (routes, "_push_one", True),
    "pull.read": (pages, "pull", True),
    "file.added": (Shelf, "add", True),
    "file.named": (Shelf, "finish", True),
}
"""Where the platform ends itself: a function, and whether before (False) or after it."""


@dataclass(frozen=True)
class Told:
    """A change that was kept here, as somebody saw it kept."""

    what: str
    name: str


@dataclass(frozen=True)
class Death:
    """Where a process ends itself: at the `turn`-th time it comes to a point."""

    point: str = ""
    turn: int = 1

    def watch(self) -> Callable[[str], None]:
        """Return what is to be called at every point."""
        left = self.turn

        def reach(point: str) -> None:
            nonlocal left
            if point != self.point:
                return
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        return reach


def now() -> int:
    return time.time_ns() // 1_000_000


def opened(folder: Path) -> Archive:
    """Open an archive as the program does after a start."""
    return Archive.open(folder, vault.unlock_with_passphrase(folder, archives.PASSPHRASE), now())


# ---------------------------------------------------------------- the platform


def serve(place: Path, database: str, port: int, death: Death) -> None:
    """Run `carehub platform serve` until killed; what it says goes to a file."""
    os.environ["CAREHUB_HOME"] = str(place)
    said = os.open(place / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    # What a house does in a day happens here in a second.
    plain = serving.serve

    def often(settings: Settings, address: Address, clock: Callable[[], int]) -> bool:
        quick = replace(settings, requests_per_minute=1_000_000, sign_ins_per_minute=1_000_000)
        return plain(quick, address, clock)

    serving.serve = often
    if death.point:
        _arm(*SERVER_POINTS[death.point], death)
    cli.main(["platform", "serve", "--port", str(port), "--database", database])


def _arm(holder: Any, name: str, after: bool, death: Death) -> None:
    plain, reach = getattr(holder, name), death.watch()

    @wraps(plain)
    async def waiting(*given: Any, **named: Any) -> Any:
        if not after:
            reach(death.point)
        done = await plain(*given, **named)
        if after:
            reach(death.point)
        return done

    @wraps(plain)
    def at_once(*given: Any, **named: Any) -> Any:
        done = plain(*given, **named)
        reach(death.point)
        return done

    setattr(holder, name, waiting if asyncio.iscoroutinefunction(plain) else at_once)


# ---------------------------------------------------------------- the client


def use(folder: Path, url: str, number: int, death: Death, told: Connection) -> None:
    """Enter changes and exchange, twice; tell of each change once it is kept."""
    archive, reach = opened(folder), death.watch()
    client = Client(url)

    async def live() -> None:
        for half in range(2):
            for change in enter(archive, f"{number}.{half}", now()):
                reach("entered")
                told.send(change)
            try:
                await sharing(archive, client, reach).now()
            except SyncError:
                continue  # nobody answers: it stays here, and goes out another time
        await client.close()

    asyncio.run(live())
    archive.close(now())
    told.close()


def enter(archive: Archive, seed: str, at: int) -> Iterator[Told]:
    """Make the changes of one sitting; each is given when it is kept."""
    chance = random.Random(seed)
    with archive.read() as tx:
        (person,) = people.everyone(tx)
    for n in range(chance.randint(1, 4)):
        # Each at a time of its own, so that the rules see sittings and not one long one.
        taken_at = at - chance.randrange(1, 80) * 86_400_000 - n
        reading = records.pressure(person.id, chance.choice((118, 128, 166)), taken_at=taken_at)
        kept = reading_acts.type_in(archive, reading, at).added[0]
        yield Told("reading", str(kept.id))
    for n in range(chance.randint(0, 2)):
        called = f"示例{seed}.{n}.{chance.getrandbits(32):x}"
        with archive.read() as tx:
            person = people.get(tx, person.id) or person
        acts.change(archive, replace(person, called=called), at)
        yield Told("name", called)
    if chance.random() < 0.5:
        yield Told("file", str(_picture(archive, person.id, chance)))


def _picture(archive: Archive, person_id: UUID, chance: random.Random) -> UUID:
    content = PNG + chance.randbytes(200_000)
    shown_by = ("person", person_id)
    return attachments.add(archive, content, "image/png", person_id=person_id, belongs_to=shown_by)


def sharing(
    archive: Archive, client: Client, reach: Callable[[str], None] | None = None
) -> Sharing:
    """Return an exchange that never waits, and stops at the points where it is told to."""

    def turn_page(archive: Any, person_id: UUID, page: Any, see: Any) -> Any:
        with archive.write() as tx:
            changes = exchange.apply(tx, person_id, page, see)
            if reach is not None:
                reach("pull.applying")
        return changes

    steps = Steps(turn_page=turn_page, reach=reach) if reach is not None else Steps()
    return Sharing(archive, client, now, chance=lambda: 0.0, steps=steps)
