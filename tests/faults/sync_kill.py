"""Kill -9 of a client and of the platform at each named point of an exchange; nothing may be lost.

    python -m tests.faults.sync_kill --runs 200 [--database sqlite|postgresql] [--side client|server]
        [--seconds N]

A platform is served by `carehub platform serve`, a client in a process of its own enters readings,
edits and pictures and exchanges; another machine of the same person does so too. In each run one of
the two dies by SIGKILL, is started again, and both machines exchange until nothing moves. Then every
change that somebody saw kept must be in both archives and on the platform exactly once.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from carehub.archive import accounts, attachments, conflicts, people, readings, streams
from carehub.archive.store import Archive
from carehub.care.consent import Purpose
from carehub.care.readings import Kind
from carehub.errors import SyncError
from carehub.platform.db import Database
from carehub.platform.records import tables
from carehub.sync.account import Asked
from carehub.sync.client import Client
from carehub.workflows import people as acts
from carehub.workflows import sync
from tests.faults import sync_processes as processes
from tests.faults.sync_processes import CLIENT_POINTS, SERVER_POINTS, Death, Told
from tests.helpers import archives, platforms

ANY = "any moment"
POINTS = [("client", point) for point in (*CLIENT_POINTS, ANY)]
POINTS += [("server", point) for point in (*SERVER_POINTS, ANY)]
PATIENCE = 60.0
TURNS = 12
"""Exchanges of both machines after which they must have come to rest."""
_fresh = multiprocessing.get_context("forkserver")
_fresh.set_forkserver_preload(["tests.faults.sync_processes", "carehub.platform.serving"])


@dataclass
class Tally:
    """What the runs at one point showed."""

    runs: int = 0
    killed: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    disagreeing: int = 0

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.disagreeing)

    def __str__(self) -> str:
        numbers = (self.runs, self.killed, self.acknowledged, self.lost, self.doubled)
        return "".join(f"{n:13}" for n in (*numbers, self.disagreeing))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


@dataclass
class World:
    """A platform that can be ended, the archive of the client that can be, and another machine."""

    place: Path
    database: str
    loop: asyncio.Runner
    told: list[Told] = field(default_factory=list)
    platform: BaseProcess | None = None
    port: int = 0
    lasts: float = 0.5
    """Seconds a client lives that nobody ends."""
    found: set[tuple[str, str]] = field(default_factory=set)
    """What was found lost or doubled, so that it counts once."""

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines = [Client(self.url), Client(self.url)]

    # ------------------------------------------------------------ the platform
    def start(self, death: Death | None = None) -> None:
        """Start the platform and wait until it answers."""
        given = (self.place, self.database, self.port, death or Death())
        self.platform = _fresh.Process(target=processes.serve, args=given)
        self.platform.start()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.platform.is_alive():
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/ready", trust_env=False).is_success:
                    return
            time.sleep(0.01)
        raise RuntimeError((self.place / "said").read_text(errors="replace")[-2000:])

    def dead(self) -> bool:
        """Tell whether the platform has ended."""
        return self.platform is None or not self.platform.is_alive()

    def end(self) -> None:
        """End the platform as a power cut would, if it still lives."""
        if self.platform is not None:
            self.platform.kill()
            self.platform.join()
            self.platform.close()
            self.platform = None

    # ------------------------------------------------------------ the machines
    @contextmanager
    def archive(self, name: str) -> Iterator[Archive]:
        """Open one machine's archive as after a start."""
        archive = processes.opened(self.place / name)
        yield archive
        archive.close(processes.now())

    def begin(self) -> None:
        """Sign both machines in and bring the person to both."""
        for number, name in enumerate(("here", "there")):
            archives.new(self.place / name).close(processes.now())
            with self.archive(name) as archive:
                if number == 0:
                    agreed = (Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
                    now = processes.now()
                    acts.add(archive, name="王示例", purposes=agreed, text_version="1", now=now)
                asked = Asked(self.url, "mother", platforms.PASSWORD, number == 0)
                line = self.lines[number]
                self.loop.run(sync.sign_in(archive, line, asked, processes.now))
                self.loop.run(processes.sharing(archive, line).now())

    def leave_news(self, number: int) -> None:
        """Let the other machine write something that the client has not read."""
        with self.archive("there") as there:
            self.told += processes.enter(there, f"there {number}", processes.now())
            self.loop.run(processes.sharing(there, self.lines[1]).now())

    def live(self, number: int, death: Death, side: str = "", after: float | None = None) -> bool:
        """Let the client live once, or end one side `after` seconds; return whether it was ended."""
        heard, told = _fresh.Pipe(duplex=False)
        given = (self.place / "here", self.url, number, death, told)
        client = _fresh.Process(target=processes.use, args=given)
        client.start()
        told.close()
        if after is not None:
            client.join(after)
            ended_by_us = client if side == "client" else self.platform
            assert ended_by_us is not None
            ended_by_us.kill()
        with heard, suppress(EOFError, OSError):
            while True:
                self.told.append(heard.recv())
        client.join()
        ended, code = client.exitcode == -9, client.exitcode
        client.close()
        if code not in (0, -9):
            raise RuntimeError("the client failed by itself")
        return ended

    def settle(self) -> bool:
        """Start both machines and exchange until nothing moves; False where that never comes."""
        with self.archive("here") as here, self.archive("there") as there:
            both = list(zip((here, there), self.lines, strict=True))
            for _ in range(TURNS):
                done = [self._exchange(archive, line) for archive, line in both]
                if done == [0, 0]:
                    return True
        return False

    def _exchange(self, archive: Archive, line: Client) -> int:
        try:
            done = self.loop.run(processes.sharing(archive, line).now())
        except SyncError:
            return 1
        return done.sent + done.fetched

    # ------------------------------------------------------------ what must hold
    def judge(self, tally: Tally) -> None:
        """Compare what was told with what is there."""
        changes, digest = self.loop.run(self._told_by_the_platform())
        kept = [self._kept("here", digest), self._kept("there", digest)]
        names = Counter(
            change.body["called"]
            for change in changes
            if change.kind == "person" and "called" in change.body
        )
        entities = Counter((change.kind, str(change.entity_id)) for change in changes)
        applied = Counter((change.op_id, change.kind, change.entity_id) for change in changes)
        for one in self.told:
            kind = "attachment" if one.what == "file" else one.what
            there = names[one.name] if one.what == "name" else entities[kind, one.name]
            everywhere = one.name in kept[0][one.what] and one.name in kept[1][one.what]
            beaten = one.name in kept[0]["beaten"] and one.name in kept[1]["beaten"]
            if not (there or beaten) or not (everywhere or one.what == "name"):
                self._find(tally, "lost", one.name)
            if there > 1:
                self._find(tally, "doubled", one.name)
        for op, times in applied.items():
            if times > 1:
                self._find(tally, "doubled", str(op))
        same = kept[0] == kept[1] and all(each["digest"] and each["quiet"] for each in kept)
        tally.disagreeing += not same

    def _find(self, tally: Tally, what: str, name: str) -> None:
        if (what, name) not in self.found:
            self.found.add((what, name))
            setattr(tally, what, getattr(tally, what) + 1)

    async def _told_by_the_platform(self) -> Any:
        store = Database(self.database)
        try:
            found = await store.read(lambda tx: tx.execute(select(tables.change)))
            changes = found.all()
        finally:
            await store.close()
        with self.archive("there") as there, there.read() as tx:
            (person,) = people.everyone(tx)
            account = accounts.get(tx)
        assert account is not None
        return changes, await self.lines[1].digest(account.access, person.id)

    def _kept(self, name: str, told: Any) -> Any:
        with self.archive(name) as archive:
            standing = sync.status(archive)
            with archive.read() as tx:
                (person,) = people.everyone(tx)
                found = readings.between(tx, person.id, Kind.BLOOD_PRESSURE, 0, 2**52)
                files = [each.id for each in attachments.of(tx, person.id)]
                digest = streams.digest(tx, person.id)
                return {
                    "person": person,
                    "name": {person.called},
                    "reading": {str(reading.id) for reading in found},
                    "file": {str(each) for each in files if attachments.is_here(tx, each)},
                    "beaten": {c.lost for c in conflicts.unsettled(tx, person.id)},
                    "digest": digest == {k: (v.count, v.xor) for k, v in told.kinds.items()},
                    "quiet": (standing.waiting, standing.refused) == (0, ()),
                }


def _close(loop: asyncio.Runner, line: Client) -> None:
    loop.run(line.close())


@contextmanager
def world(database: str) -> Iterator[World]:
    """Set up two machines and a platform on a store of its own."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-kill-")))
        stack.enter_context(archives.cheap_keys())
        url = f"sqlite+aiosqlite:///{place}/platform.db"
        if database == "postgresql":
            url = stack.enter_context(platforms.cluster())
        loop = stack.enter_context(asyncio.Runner())
        made = World(place, url, loop)
        stack.callback(made.end)
        for line in made.lines:
            stack.callback(_close, loop, line)
        made.start()
        made.begin()
        began = time.monotonic()
        made.live(-1, Death())
        made.lasts = time.monotonic() - began
        made.settle()
        yield made


def run(here: World, side: str, point: str, number: int) -> Tally:
    """End one of the two at a point, start it again, and see what is there."""
    chance = random.Random(f"{side} {point} {number}")
    before = len(here.told)
    here.leave_news(number)
    death = Death("" if point == ANY else point, 1 if "file" in point else chance.choice((1, 1, 2)))
    after = chance.uniform(0.02, here.lasts) if point == ANY else None
    if side == "client":
        killed = here.live(number, death, side, after)
    else:
        here.end()
        here.start(death)
        here.live(number, Death(), side, after)
        killed = here.dead()
        here.end()
        here.start()
    tally = Tally(runs=1, killed=killed)
    tally.disagreeing += not here.settle()
    here.judge(tally)
    tally.acknowledged = len(here.told) - before
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no run later")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--side", choices=("client", "server"))
    asked = parser.parse_args()
    points = [each for each in POINTS if asked.side in (None, each[0])]
    tallies = {each: Tally() for each in points}
    began = time.monotonic()
    with world(asked.database) as here:
        for number, each in zip(range(asked.runs), itertools.cycle(points), strict=False):
            if time.monotonic() - began > asked.seconds:
                break
            tallies[each] += run(here, *each, asked.seed * 1_000_000 + number)
            total = sum(tallies.values(), Tally())
            print(f"\r{total}", end="", file=sys.stderr, flush=True)
    print(f"\n{asked.database}, seed {asked.seed}, {time.monotonic() - began:.0f} s")
    columns = ("runs", "killed", "acknowledged", "lost", "doubled", "disagreeing")
    print(f"{'':22}" + "".join(f"{name:>13}" for name in columns))
    for (side, point), tally in tallies.items():
        print(f"{side + ' ' + point:22}{tally}")
    total = sum(tallies.values(), Tally())
    print(f"{'all':22}{total}")
    return 0 if total.good else 1


if __name__ == "__main__":
    sys.exit(main())
