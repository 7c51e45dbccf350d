"""One exchange with the platform from start to end: send what waits, then fetch what is new."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from carehub.archive import accounts, attachments, outbox, streams
from carehub.archive.accounts import Account
from carehub.archive.store import Tx
from carehub.archive.streams import Stream
from carehub.care.changes import Changes
from carehub.care.civil import DAY
from carehub.errors import NotAllowed, PlatformRefused, SchemaTooOld, SyncError
from carehub.i18n import _
from carehub.sync import exchange, pace, telling
from carehub.sync.account import Session, kept
from carehub.sync.exchange import Leaving
from carehub.sync.files import Around, Files
from carehub.wire.exchange import (
    MOST_OPS,
    HeadMoved,
    OpResult,
    Pull,
    PushAnswer,
    PushRequest,
    Snapshot,
)
from carehub.wire.family import TakeBack

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

PAGE = 200
"""Rows in one transaction: more, and the window stutters."""
WEEK = 7 * DAY
KEPT_DONE = 30 * DAY
"""How long an acknowledged op is kept: a platform restored from a backup may ask for it again."""
GONE = frozenset({"grant_revoked", "not_allowed"})

Result = TypeVar("Result")
Ask = Coroutine[object, object, Result]


Acknowledge = Callable[[Tx, Sequence[Leaving], Iterable[OpResult], int, exchange.Wait], Changes]
"""Notes in one transaction what became of what was sent."""
Turn = Callable[["Archive", UUID, Pull, exchange.See], Changes]
"""Applies one page and keeps the place it ends at."""


def turn_page(archive: "Archive", person_id: UUID, page: Pull, see: exchange.See) -> Changes:
    """Apply a page and keep the place it ends at: both or neither."""
    with archive.write() as tx:
        return exchange.apply(tx, person_id, page, see)


def _nothing(_point: str) -> None:
    """Go on; a test stops here instead."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The two steps on which everything rests, and named points between them.

    A test passes a broken step to prove that it would be noticed, or stops the program at a point.
    """

    acknowledge: Acknowledge = exchange.acknowledge
    turn_page: Turn = turn_page
    reach: Callable[[str], None] = _nothing


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an exchange takes from outside: clock (UTC ms), chance, new ids, and the ward round."""

    clock: Callable[[], int]
    chance: Callable[[], float]
    new_id: Callable[[], UUID]
    see: exchange.See


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange is: ops sent and still waiting, changes fetched and known to be left."""

    sent: int = 0
    waiting: int = 0
    fetched: int = 0
    left: int = 0


@dataclass(slots=True)
class Outcome:
    """What an exchange did."""

    changes: Changes = Changes.NONE
    sent: int = 0
    fetched: int = 0
    too_old: bool = False
    """The platform no longer takes what this version writes; what it says is still read."""
    troubled: dict[UUID, str] = field(default_factory=dict)
    """People whose stream could not be read, with the platform's code."""


class Exchange:
    """The exchange of one archive with one platform; several callers at once wait for one another."""

    def __init__(
        self,
        archive: "Archive",
        client: "Client",
        around: Surroundings,
        *,
        tell: Callable[[Progress], None] | None = None,
        steps: Steps | None = None,
    ) -> None:
        self._archive = archive
        self._client = client
        self._around = around
        self._tell = tell or (lambda _progress: None)
        self._steps = steps or Steps()
        self._session = Session(archive, client, around.clock)
        self._one = asyncio.Lock()

    async def once(self) -> Outcome:
        """Send what waits and fetch what is new.

        Raises NotSignedIn, SignedOut, NotAllowed where nobody here agreed, or why it did not come
        about; whatever was done before that stays done.
        """
        async with self._one:
            outcome = Outcome()
            self._begin()
            try:
                await self._take_back()
                self._refuse_quiet()
                await self._meet(outcome)
                agreed_anew = self._agreed_anew()
                await self._send(outcome)
                if agreed_anew:  # what the agreement opens goes out with it, not a minute later
                    await self._meet(outcome)
                    await self._send(outcome)
                await self._fetch(outcome)
                await self._confirm(outcome)
                await self._carry(outcome)
            except SyncError as error:
                self._failed(error)
                raise
            self._succeeded(outcome)
            return outcome

    async def news(self) -> AsyncGenerator[None, None]:
        """Give a sign whenever the platform says something that is not here yet, until it ends."""
        async for moved in self._session.follow(self._client.events):
            if self._is_news(moved):
                yield None

    def _is_news(self, moved: HeadMoved) -> bool:
        if moved.person_id is None:
            return True
        with self._archive.read() as tx:
            stream = streams.get(tx, moved.person_id)
        return stream is None or stream.cursor != moved.head

    def _begin(self) -> None:
        kept(self._archive)
        with self._archive.write() as tx:
            outbox.recall(tx)

    def _refuse_quiet(self) -> None:
        with self._archive.read() as tx:
            quiet = exchange.quiet(tx)
        if quiet:
            raise NotAllowed(
                _("Nobody here has agreed to share. It can be switched on under Mine, Privacy.")
            )

    def _agreed_anew(self) -> bool:
        with self._archive.read() as tx:
            return exchange.agreed_anew(tx)

    async def _take_back(self) -> None:
        """Tell of each withdrawal of sharing, again at each exchange until it was heard.

        A platform where these are not our records (any more) has nothing to stop.
        """
        with self._archive.read() as tx:
            waiting = exchange.to_take_back(tx)
        for op in waiting:
            row = TakeBack.model_validate({n: op.body[n] for n in TakeBack.model_fields})
            try:
                await self._ask(partial(self._client.take_back, person_id=op.person_id, row=row))
            except PlatformRefused as error:
                if error.parameters["reason"] != "not_allowed":
                    raise
            with self._archive.write() as tx:
                exchange.took_back(tx, op, self._now())

    async def _meet(self, outcome: Outcome) -> None:
        """Learn whose streams there are, and open those of people who are here and agreed."""
        met = await self._ask(self._client.heads)
        listed = {head.person_id for head in met.heads}
        with self._archive.read() as tx:
            mine = [p for p in exchange.concerned(tx) if streams.own(tx, p) and p not in listed]
        for person_id in mine:
            await self._open(person_id, outcome)
        if mine:
            met = await self._ask(self._client.heads)
        now = self._now()
        with self._archive.write() as tx:
            outcome.changes |= exchange.meet(tx, met.heads, now)
            accounts.note(tx, grants_rev=met.grants_rev)
        self._swept(outcome)

    async def _open(self, person_id: UUID, outcome: Outcome) -> None:
        try:
            await self._ask(lambda access: self._client.open_person(access, person_id))
        except PlatformRefused as error:
            outcome.troubled[person_id] = str(error.parameters["reason"])

    async def _send(self, outcome: Outcome) -> None:
        while True:
            with self._archive.write() as tx:
                account = accounts.get(tx) or kept(self._archive)
                now = self._around.clock() + account.clock_offset
                sent = exchange.choose(tx, now, account.batch)
            if not sent:
                return
            self._steps.reach("push.chosen")
            try:
                await self._push(account, sent, outcome)
            except SchemaTooOld:
                # Reading on is allowed; what was entered here waits for the update.
                self._put_back(sent)
                outcome.too_old = True
                return
            except PlatformRefused as error:
                if error.parameters["reason"] != "too_large":
                    self._put_back(sent)
                    raise
                self._halve(sent)

    async def _push(self, account: Account, sent: list[Leaving], outcome: Outcome) -> None:
        parcel = PushRequest(
            device_id=account.device_id,
            client_time=self._around.clock(),
            ops=[each.op for each in sent],
        )
        answer: PushAnswer = await self._ask(lambda access: self._client.push(access, parcel))
        self._steps.reach("push.answered")
        with self._archive.write() as tx:
            outcome.changes |= self._steps.acknowledge(
                tx, sent, answer.results, self._now(), self._wait
            )
            accounts.note(tx, batch=min(MOST_OPS, account.batch * 2))
            waiting = outbox.counts(tx)[outbox.OpState.PENDING]
            self._steps.reach("push.noting")
        self._steps.reach("push.noted")
        outcome.sent += len(sent)
        self._tell(Progress(sent=outcome.sent, waiting=waiting))

    def _put_back(self, sent: Sequence[Leaving]) -> None:
        with self._archive.write() as tx:
            outbox.postpone(tx, [each.op.op_id for each in sent], 0)

    def _halve(self, sent: Sequence[Leaving]) -> None:
        with self._archive.write() as tx:
            accounts.note(tx, batch=exchange.too_large(tx, sent, self._now()))

    async def _fetch(self, outcome: Outcome) -> None:
        with self._archive.read() as tx:
            wanted = exchange.readable(tx)
        for stream in wanted:
            try:
                await self._read_on(stream, outcome)
                await self._compare(stream.person_id, outcome)
            except PlatformRefused as error:
                self._shut_out(stream, str(error.parameters["reason"]), outcome)

    async def _carry(self, outcome: Outcome) -> None:
        """Send and fetch files, after everything that somebody waits for; then tell of those sent."""
        self._swept(outcome)
        if outcome.too_old:
            return
        around = Around(self._ask, self._now, self._wait, self._around.new_id, self._steps.reach)
        files = Files(self._archive, self._client, around)
        await files.carry()
        outcome.changes |= files.changes
        if files.sent:
            await self._send(outcome)

    async def _confirm(self, outcome: Outcome) -> None:
        """Say of each alert this account was told of that it is here now; all who may see, see it."""
        account = kept(self._archive)
        with self._archive.read() as tx:
            told = telling.to_confirm(tx, account.id)
        routes = telling.Telling(self._client)
        for person_id, alert_id in told:
            try:
                await self._ask(partial(routes.received, person_id=person_id, alert_id=alert_id))
            except PlatformRefused as error:
                outcome.troubled.setdefault(person_id, str(error.parameters["reason"]))

    async def _read_on(self, stream: Stream, outcome: Outcome) -> None:
        person_id = stream.person_id
        while True:
            here = self._place(person_id)
            try:
                page = await self._page(here)
            except PlatformRefused as error:
                if error.parameters["reason"] != "resync":
                    raise
                await self._begin_anew(person_id, outcome)
                continue
            self._steps.reach("pull.answered")
            if page.changes or page.head != here.head or page.epoch != here.epoch:
                outcome.changes |= self._steps.turn_page(
                    self._archive, person_id, page, self._around.see
                )
                self._steps.reach("pull.applied")
            outcome.fetched += len(page.changes)
            self._tell(Progress(outcome.sent, 0, outcome.fetched, page.head - page.next))
            if page.next >= page.head:
                return

    async def _begin_anew(self, person_id: UUID, outcome: Outcome) -> None:
        """Take a person's records as they stand, a page at a time; what waits here stays."""
        first = page = await self._snapshot(person_id, None)
        named: set[tuple[str, UUID]] = set()
        while True:
            named |= {(str(one.kind), one.entity_id) for one in page.entities}
            with self._archive.write() as tx:
                outcome.changes |= exchange.apply_snapshot(
                    tx, person_id, page.entities, self._around.see
                )
            self._steps.reach("snapshot.applied")
            outcome.fetched += len(page.entities)
            self._tell(Progress(outcome.sent, 0, outcome.fetched, 0))
            if page.after is None:
                break
            page = await self._snapshot(person_id, page.after)
        with self._archive.write() as tx:
            outcome.changes |= exchange.end_snapshot(
                tx, person_id, first, named, self._now(), self._around.new_id
            )

    async def _page(self, here: Stream) -> Pull:
        return await self._ask(
            lambda access: self._client.pull(
                access, here.person_id, here.cursor, here.epoch or None, PAGE
            )
        )

    async def _snapshot(self, person_id: UUID, after: str | None) -> Snapshot:
        return await self._ask(lambda access: self._client.snapshot(access, person_id, after, PAGE))

    async def _compare(self, person_id: UUID, outcome: Outcome) -> None:
        """Once a week compare what both sides add up to; where they differ, begin anew."""
        now, here = self._now(), self._place(person_id)
        if here.digest_at and now - here.digest_at < WEEK:
            return
        told = await self._ask(lambda access: self._client.digest(access, person_id))
        with self._archive.read() as tx:
            drifted = exchange.drifted(tx, person_id, told)
        if drifted:
            await self._begin_anew(person_id, outcome)
        with self._archive.write() as tx:
            streams.compared(tx, person_id, now)

    def _shut_out(self, stream: Stream, code: str, outcome: Outcome) -> None:
        """Note why a stream may not be read; somebody else's is removed where it was taken back."""
        outcome.troubled[stream.person_id] = code
        with self._archive.write() as tx:
            if code in GONE and not stream.own:
                streams.end(tx, stream.person_id, "grant_revoked", self._now())
                outcome.changes |= streams.EVERYTHING
            elif (here := streams.get(tx, stream.person_id)) is not None:
                streams.put(tx, replace(here, paused=code))
        self._swept(outcome)

    def _swept(self, outcome: Outcome) -> None:
        """Remove the files of whoever is gone."""
        if Changes.FAMILY in outcome.changes:
            attachments.sweep(self._archive)

    def _place(self, person_id: UUID) -> Stream:
        with self._archive.read() as tx:
            here = streams.get(tx, person_id) or Stream(person_id)
            if not exchange.may_read(tx, here):
                exchange.clear(tx, person_id)
            return here

    async def _ask(self, work: Callable[[str], Ask[Result]]) -> Result:
        """Ask, and learn from the answer how far the platform's clock is from ours."""
        before = self._around.clock()
        answer = await self._session.run(work)
        told = getattr(answer, "server_time", None)
        if told is not None:
            middle = (before + self._around.clock()) // 2
            with self._archive.write() as tx:
                accounts.note(tx, clock_offset=told - middle, heard_at=told)
        return answer

    def _now(self) -> int:
        """Return the platform's time as far as it is known."""
        with self._archive.read() as tx:
            return self._around.clock() + accounts.clock_offset(tx)

    def _wait(self, failures: int) -> int:
        return pace.backoff(failures, self._around.chance)

    def _failed(self, error: SyncError) -> None:
        now = self._around.clock()
        with self._archive.write() as tx:
            account = accounts.get(tx)
            failures = account.failures + 1 if account else 1
            pause = pace.later(failures, self._around.chance, error)
            accounts.note(tx, failures=failures, next_at=now + pause, trouble=error.code)

    def _succeeded(self, outcome: Outcome) -> None:
        now = self._around.clock()
        trouble = SchemaTooOld.code if outcome.too_old else ""
        with self._archive.write() as tx:
            accounts.note(tx, failures=0, next_at=0, trouble=trouble, last_success_at=now)
            outbox.prune(tx, now + accounts.clock_offset(tx) - KEPT_DONE)
