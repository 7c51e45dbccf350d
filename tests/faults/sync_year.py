"""A machine without a network for a year, then connected: everything comes together, and is seen to.

    python -m tests.faults.sync_year [--changes 20000] [--database sqlite|postgresql]

A simulated year: each day readings, a corrected name and a medicine's new dose are kept here, while
another machine of the same person goes on exchanging; the platform forgets meanwhile what it may.
Then the line comes back. Prints the progress a page would show, seconds, and the peak of memory.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid4

from carehub.archive import accounts, outbox, people, readings, streams
from carehub.archive.outbox import OpState
from carehub.care.people import Medicine
from carehub.care.readings import Kind
from carehub.errors import SignedOut
from carehub.platform import tidying
from carehub.sync.turn import Progress
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing
from carehub.workflows import people as acts
from carehub.workflows.sync import Sharing, Synced
from tests.helpers import clients, platforms, records
from tests.helpers.clients import Machine
from tests.helpers.platforms import Service

DAYS = 365
CHANGES = 20_000
EDITS = 2
"""Of the changes of one sitting those that are edits: a name, and the dose of a medicine."""
MONTH = 30
"""Sittings between two exchanges of the other machine."""
TURNS = 8


@dataclass
class Year:
    """What came of it: how the exchange went, and whether both machines and the platform agree."""

    waiting: int = 0
    seconds: float = 0.0
    there_seconds: float = 0.0
    shown: list[Progress] = field(default_factory=list)
    left_waiting: int = 0
    refused: int = 0
    kept: int = 0
    readings: list[int] = field(default_factory=list)
    agree: bool = False

    @property
    def good(self) -> bool:
        return self.agree and not self.left_waiting and not self.refused and self._whole()

    def _whole(self) -> bool:
        return all(count == self.kept for count in self.readings)


async def live(
    house: tuple[Service, Machine, Machine],
    changes: int,
    tell: Callable[[str], None],
    sittings: int = DAYS,
) -> Year:
    """Live the year and connect; `tell` is given each line that is to be seen."""
    service, here, there = house
    person_id = here.add_person()
    await here.sign_in("mother", new=True)
    await here.now()
    await there.sign_in("mother")
    await there.now()
    year = Year()
    medicine = records.medicine(person_id, id=uuid4())
    a_day = max(1, round(changes / sittings) - EDITS)
    for day in range(sittings):
        for clock in (service.clock, here.clock, there.clock):
            clock.now += DAYS * records.DAY // sittings
        medicine = replace(medicine, dose=f"{day} mg")
        kept = _a_day(here, person_id, a_day, medicine)
        year.kept += kept
        if day % MONTH == 0:
            year.kept += _a_day(there, person_id, 1, replace(medicine, id=uuid4()))
            await connect(there, lambda _progress: None)
    await tidying.tidy(service.app.state.running.db, service.clock())
    year.waiting = _waiting(here)
    tell(f"{year.waiting} changes wait after a year without a network")
    await _meet(here, there, year, tell)
    await _compare(here, there, person_id, year)
    return year


def _a_day(machine: Machine, person_id: UUID, many: int, medicine: Medicine) -> int:
    """Keep a day's readings, a name and a dose; return how many readings.

    As the acts do, but for the ward round after each of them, which is not what is looked at.
    """
    now = machine.clock()
    fresh = [
        records.pressure(person_id, 118 + n % 9, taken_at=now - n * 600_000, received_at=now)
        for n in range(many)
    ]
    with machine.archive.write() as tx:
        for reading in fresh:
            readings.add(tx, reading)
        outgoing.queue_new(tx, fresh, person_id, now)
        before = people.get(tx, person_id)
        assert before is not None
        after = replace(before, called=f"示例{now}")
        people.put(tx, after)
        outgoing.queue(
            tx, EntityKind.PERSON, Act.SET, after, before=before, person_id=person_id, now=now
        )
        acts.keep(tx, medicine, now)
    return many


async def connect(machine: Machine, show: Callable[[Progress], None]) -> Synced:
    """Exchange once; who was away for so long signs in again first, as the page asks."""
    sharing = Sharing(machine.archive, machine.client, machine.clock, chance=_none, tell=show)
    try:
        return await sharing.now()
    except SignedOut:
        await machine.sign_in("mother")
        return await sharing.now()


def _none() -> float:
    return 0.0


async def _meet(here: Machine, there: Machine, year: Year, tell: Callable[[str], None]) -> None:
    def show(progress: Progress) -> None:
        year.shown.append(progress)
        tell(
            f"  {progress.sent} sent, {progress.waiting} wait · "
            f"{progress.fetched} fetched, {progress.left} to come"
        )

    began = time.perf_counter()
    await connect(here, show)
    year.seconds = time.perf_counter() - began
    tell(f"this machine: {year.seconds:.1f} s; now the other one")
    began = time.perf_counter()
    await connect(there, show)
    year.there_seconds = time.perf_counter() - began
    tell(f"the other machine: {year.there_seconds:.1f} s")
    for _ in range(TURNS):
        done = [await connect(machine, lambda _progress: None) for machine in (here, there)]
        if not any(each.sent or each.fetched for each in done):
            return
    raise AssertionError("the machines never come to rest")


async def _compare(here: Machine, there: Machine, person_id: UUID, year: Year) -> None:
    digests = []
    for machine in (here, there):
        with machine.archive.read() as tx:
            digests.append(streams.digest(tx, person_id))
            found = readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, 2**52)
            year.readings.append(len(found))
            counts = outbox.counts(tx)
        year.left_waiting += counts[OpState.PENDING] + counts[OpState.INFLIGHT]
        year.refused += counts[OpState.REJECTED] + counts[OpState.BLOCKED]
    told = await _told(here, person_id)
    same_person = here.person(person_id) == there.person(person_id)
    year.agree = same_person and digests[0] == digests[1] == told


async def _told(machine: Machine, person_id: UUID) -> dict[str, tuple[int, str]]:
    """Return what the platform's records add up to."""
    with machine.archive.read() as tx:
        account = accounts.get(tx)
    assert account is not None
    digest = await machine.client.digest(account.access, person_id)
    return {kind: (each.count, each.xor) for kind, each in digest.kinds.items()}


def _waiting(machine: Machine) -> int:
    with machine.archive.read() as tx:
        return outbox.counts(tx)[OpState.PENDING]


@asynccontextmanager
async def place(folder: Path, database: str) -> AsyncIterator[tuple[Service, Machine, Machine]]:
    """Run a platform on a store and two machines beside it."""
    async with (
        platforms.service(database, pool_size=4) as service,
        clients.machine(service, folder / "here") as here,
        clients.machine(service, folder / "there") as there,
    ):
        yield service, here, there


async def _run(folder: Path, database: str, changes: int) -> Year:
    async with place(folder, database) as house:
        return await live(house, changes, lambda line: print(line, flush=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--changes", type=int, default=CHANGES)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sync-year-")))
        database = f"sqlite+aiosqlite:///{folder}/platform.db"
        if asked.database == "postgresql":
            database = stack.enter_context(platforms.cluster())
        began = time.perf_counter()
        year = asyncio.run(_run(folder, database, asked.changes))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{year.waiting} changes: {year.seconds:.1f} s here, {year.there_seconds:.1f} s there, "
        f"{len(year.shown)} steps shown, peak {peak:.0f} MB with the platform in this process, "
        f"{time.perf_counter() - began:.0f} s in all"
    )
    print("converged" if year.good else f"DID NOT CONVERGE: {replace(year, shown=[])}")
    return 0 if year.good else 1


if __name__ == "__main__":
    sys.exit(main())
