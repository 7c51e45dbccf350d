"""Three real archives and a real platform under partitions, losses, crashes and wrong clocks.

What must hold in the end: all archives hold the same, the platform too; each reading is there once;
no op was applied twice; each edit stands, was overwritten by somebody who saw it, or is kept as a
conflict; nothing waits and nothing was refused.
"""

import asyncio
import atexit
import contextlib
import os
import shutil
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from carehub.archive import conflicts, outbox, readings, streams
from carehub.archive.outbox import OpState
from carehub.care.family import Role
from carehub.care.readings import Kind
from carehub.errors import SyncError
from carehub.platform.records import tables as platform_tables
from carehub.platform.records.seeded import GlobalSequence
from carehub.sync import exchange
from carehub.sync.turn import Steps
from carehub.workflows import people as acts
from carehub.workflows import readings as reading_acts
from carehub.workflows import sync
from tests.helpers import clients, platforms, records
from tests.helpers.clients import Machine

MACHINES = 3
POINTS = (
    "push.chosen", "push.answered", "push.noting", "push.noted", "pull.answered", "pull.applying",
    "pull.applied",
)  # fmt: skip
SKEWS = (0, -3_600_000, 2 * 86_400_000, -2 * 86_400_000, 10 * 365 * 86_400_000)
FIELDS = ("called", "name")

who = st.integers(0, MACHINES - 1)


class Crash(BaseException):
    """The program ends here."""


@dataclass(frozen=True)
class Edit:
    """What somebody set a field to, and what they saw there before."""

    field: str
    value: str
    saw: str


class Convergence(RuleBasedStateMachine):
    """The world; subclasses switch a seeded fault on."""

    faults: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="convergence-"))
        self.machines: list[Machine] = []
        self.crash: list[str] = [""] * MACHINES
        self.meanwhile: list[Any] = [None] * MACHINES
        self.passing: Any = None
        self.measured: set[UUID] = set()
        self.edits: list[Edit] = []
        self.count = 0

    def run(self, work: Any) -> Any:
        return self.loop.run(work)

    @initialize()
    def begin(self) -> None:
        self.run(self._begin())

    async def _begin(self) -> None:
        enter = self.stack.enter_async_context
        faults = self.faults
        if "global_sequence" in faults:
            faults = GlobalSequence.seeded(self._pass)
        self.service = await enter(
            platforms.service(_database(self.folder), faults=faults, pool_size=4)
        )
        for number in range(MACHINES):
            machine = await enter(clients.machine(self.service, self.folder / f"m{number}"))
            machine.steps = self._steps(number)
            machine.restart()
            self.machines.append(machine)
        self.person_id = self.machines[0].add_person()
        await self.machines[0].sign_in("mother", new=True)
        await self.machines[0].now()
        await self.machines[1].sign_in("mother")
        guardian = await self.machines[2].sign_in("daughter", new=True)
        await clients.give_mandate(self.service, self.person_id, guardian, Role.GUARDIAN)
        for machine in self.machines[1:]:
            await machine.now()

    async def _pass(self) -> None:
        """Let another machine's whole exchange pass a push that has its place but is not written."""
        act, self.passing = self.passing, None
        if act is not None:
            await act()

    def _steps(self, number: int) -> Steps:
        def reach(point: str) -> None:
            act, self.meanwhile[number] = self.meanwhile[number], None
            if act is not None and point == "push.chosen":
                act()
            else:
                self.meanwhile[number] = act
            if self.crash[number] == point:
                self.crash[number] = ""
                raise Crash

        def turn_page(archive: Any, person_id: UUID, page: Any, see: Any) -> Any:
            if "cursor_before_apply" in self.faults:
                with archive.write() as tx:
                    streams.move(tx, person_id, cursor=page.next, head=page.head, epoch=page.epoch)
                reach("pull.applying")
            with archive.write() as tx:
                changes = exchange.apply(tx, person_id, page, see)
                reach("pull.applying")
            return changes

        def all_pending(tx: Any, sent: Any, results: Any, now: int, wait: Any) -> Any:
            outbox.settle(tx, [op.op_id for op in outbox.waiting(tx)], OpState.DONE, now=now)
            return exchange.acknowledge(tx, sent, results, now, wait)

        simple = "ack_all_pending" in self.faults
        return Steps(all_pending if simple else exchange.acknowledge, turn_page, reach)

    # ------------------------------------------------------------ what people do
    @rule(n=who, systolic=st.sampled_from([118, 128, 196]))
    def measure(self, n: int, systolic: int) -> None:
        machine = self.machines[n]
        if machine.person(self.person_id) is None:
            return  # a clock years ahead has ended the mandate; the next contact mends it
        self.count += 1
        at = self.service.clock() - self.count * 60_000
        reading = records.pressure(self.person_id, systolic, 82, taken_at=at)
        taken = reading_acts.type_in(machine.archive, reading, max(at, machine.clock()))
        self.measured.add(taken.added[0].id)

    @rule(n=who, field=st.sampled_from(FIELDS), times=st.integers(1, 2))
    def rename(self, n: int, field: str, times: int) -> None:
        machine = self.machines[n]
        for _ in range(times):
            person = machine.person(self.person_id)
            if person is None:
                return
            self.count += 1
            value = f"示例{self.count}"
            self.edits.append(Edit(field, value, getattr(person, field)))
            acts.change(machine.archive, replace(person, **{field: value}), machine.clock())

    @rule(n=who, field=st.sampled_from(FIELDS))
    def rename_while_it_sends(self, n: int, field: str) -> None:
        self.meanwhile[n] = lambda: self.rename(n, field, 1)

    # ------------------------------------------------------------ what happens to them
    @rule(n=who)
    def exchange(self, n: int) -> None:
        try:
            self.run(self.machines[n].now())
        except Crash:
            self.machines[n].restart()
        except SyncError:
            pass
        wire = self.machines[n].wire
        wire.lose = wire.twice = lambda _request: False

    @rule(n=who, other=who)
    def overtake(self, n: int, other: int) -> None:
        """One exchange passes another, where the platform lets it: the one that is made wrong."""
        if n == other:
            return

        async def whole() -> None:
            with contextlib.suppress(SyncError):
                await self.machines[other].now()

        self.passing = whole
        self.exchange(n)
        self.passing = None

    @rule(n=who)
    def cut_or_mend(self, n: int) -> None:
        self.machines[n].wire.cut ^= True

    @rule(n=who)
    def lose_the_answer(self, n: int) -> None:
        self.machines[n].wire.lose = _pushes
        self.exchange(n)

    @rule(n=who)
    def deliver_twice(self, n: int) -> None:
        self.machines[n].wire.twice = _pushes
        self.exchange(n)

    @rule(n=who, point=st.sampled_from(POINTS))
    def crash_at(self, n: int, point: str) -> None:
        self.crash[n] = point
        self.exchange(n)

    @rule(n=who, skew=st.sampled_from(SKEWS))
    def set_the_clock(self, n: int, skew: int) -> None:
        self.machines[n].clock.now = self.service.clock() + skew

    @rule(seconds=st.integers(1, 3600))
    def time_passes(self, seconds: int) -> None:
        for clock in (self.service.clock, *(m.clock for m in self.machines)):
            clock.now += seconds * 1000

    # ------------------------------------------------------------ what must hold
    def teardown(self) -> None:
        try:
            if self.machines:
                self.settle()
                self.agree()
        finally:
            self.run(self.stack.aclose())
            self.loop.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self) -> None:
        self.crash = [""] * MACHINES
        self.meanwhile = [None] * MACHINES
        for machine in self.machines:
            machine.wire.cut = False
            machine.wire.lose = machine.wire.twice = lambda _request: False
            machine.clock.now = self.service.clock()
        for _ in range(6):
            done = [self.run(machine.now()) for machine in self.machines]
            if not any(each.sent or each.fetched for each in done):
                return
        raise AssertionError("the machines never come to rest")

    def agree(self) -> None:
        kept = [self.kept(machine) for machine in self.machines]
        assert kept[0] == kept[1] == kept[2], "the archives differ"
        log, entities = self.run(self.told())
        assert {(e.kind, e.entity_id): e.rev for e in entities} == {
            (kind, entity_id): rev for kind, entity_id, rev, *_ in kept[0]["stream"]
        }, "an archive and the platform differ"
        assert kept[0]["readings"] == Counter(self.measured), "a reading was lost or doubled"
        applied = Counter((c.op_id, c.kind, c.entity_id) for c in log)
        assert all(count == 1 for count in applied.values()), "an op was applied twice"
        for machine in self.machines:
            standing = sync.status(machine.archive)
            assert (standing.waiting, standing.refused) == (0, ()), (
                "lost on the way: it still waits"
            )
        self.account_for_every_edit(kept[0])

    def account_for_every_edit(self, kept: Any) -> None:
        seen = {(edit.field, edit.saw) for edit in self.edits}
        for edit in self.edits:
            fate = (
                kept["person"][edit.field] == edit.value
                or (edit.field, edit.value) in seen
                or (edit.field, edit.value) in kept["conflicts"]
            )
            assert fate, f"an edit was dropped without a word: {edit.field}"

    def kept(self, machine: Machine) -> Any:
        with machine.archive.read() as tx:
            found = readings.between(tx, self.person_id, Kind.BLOOD_PRESSURE, 0, 2**52)
            person = machine.person(self.person_id)
            told = streams.entities(tx, self.person_id)
            clashes = conflicts.unsettled(tx, self.person_id)
        return {
            "readings": Counter(reading.id for reading in found),
            "person": {name: getattr(person, name) for name in FIELDS},
            "stream": sorted(
                (e.kind, e.entity_id, e.rev, str(sorted(e.body.items())), e.deleted) for e in told
            ),
            "conflicts": {(c.field, v) for c in clashes for v in (c.kept, c.lost)},
        }

    async def told(self) -> Any:
        async def work(tx: Any) -> Any:
            log = (await tx.execute(select(platform_tables.change))).all()
            return log, (await tx.execute(select(platform_tables.entity))).all()

        return await self.service.app.state.running.db.read(work)


def _database(folder: Path) -> str:
    """Return the store to live on: a file, or what CONVERGENCE_DATABASE names."""
    if os.environ.get("CONVERGENCE_DATABASE", "sqlite") == "postgresql":
        return _cluster()
    return f"sqlite+aiosqlite:///{folder}/platform.db"


@cache
def _cluster() -> str:
    """Start one PostgreSQL for all worlds of this process; each empties it first."""
    running = platforms.cluster()
    atexit.register(running.__exit__, None, None, None)
    return running.__enter__()


def _pushes(request: Any) -> bool:
    return bool(request.url.path.endswith("/push"))
