"""Share with the platform: sign in, exchange now, see how it stands, and settle what was not taken."""

import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from carehub.archive import accounts, conflicts, outbox, streams, uploads
from carehub.archive import alerts as alert_rows
from carehub.archive.conflicts import Conflict
from carehub.archive.outbox import Refusal
from carehub.archive.streams import Stream
from carehub.archive.uploads import Upload
from carehub.care.alerts import Alert, Notice, Step
from carehub.care.alerts.model import State
from carehub.care.changes import Changes
from carehub.errors import InputError, PlatformBusy, PlatformRefused
from carehub.i18n import _
from carehub.sync import account, browser, exchange
from carehub.sync.turn import Exchange, Progress, Steps, Surroundings
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import escalations, outgoing, rounds
from carehub.workflows.family import Family

if TYPE_CHECKING:
    from carehub.archive.accounts import Account
    from carehub.archive.store import Archive, Tx
    from carehub.sync.client import Client
    from carehub.wire.accounts import AskedDevice, DeviceCodes

Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Synced:
    """What one exchange did: flags, alerts that arose from what arrived, and notices to give."""

    changes: Changes
    sent: int = 0
    fetched: int = 0
    too_old: bool = False
    troubled: dict[UUID, str] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """What may leave by itself, and where to; without `exchange` only that somebody withdrew."""

    url: str
    exchange: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How sharing stands, as a page can show it without asking anybody.

    `trouble` is the code of the last failure; `refused` what was not taken, with why; `files_held`
    the photos and documents that did not come through. `waiting` counts changes on their way out,
    `held` those of people who have not agreed to share.
    """

    signed_in: bool
    url: str = ""
    login: str = field(default="", repr=False)
    last_success_at: int | None = None
    trouble: str = ""
    next_at: int = 0
    clock_offset: int = 0
    waiting: int = 0
    held: int = 0
    refused: tuple[Refusal, ...] = ()
    files_held: tuple[Upload, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    streams: tuple[Stream, ...] = ()


class Sharing:
    """The exchange of one archive with one platform, with the ward round looking at what arrives."""

    def __init__(
        self,
        archive: "Archive",
        client: "Client",
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
        tell: Callable[[Progress], None] | None = None,
        steps: Steps | None = None,
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._seen: list[Step] = []
        around = Surroundings(clock, chance, uuid7, self._see)
        self._exchange = Exchange(archive, client, around, tell=tell, steps=steps)
        self._family = Family(archive, client, clock)
        self._grants_heard: int | None = None

    async def now(self) -> Synced:
        """Send what waits and fetch what is new; raises what `Exchange.once` raises."""
        self._seen.clear()
        await self._family.tell_endings()
        before = self._named()
        done = await self._exchange.once()
        done.changes |= await self._hear_of_mandates()
        alerts = {alert.id: alert for step in self._seen for alert in step.changed}
        return Synced(
            changes=done.changes | (Changes.ALERTS if alerts else Changes.NONE),
            sent=done.sent,
            fetched=done.fetched,
            too_old=done.too_old,
            troubled=done.troubled,
            alerts=tuple(alerts.values()),
            notices=self._timely(before),
        )

    def news(self) -> AsyncGenerator[None, None]:
        """Give a sign whenever the platform says something that is not here yet."""
        return self._exchange.news()

    async def _hear_of_mandates(self) -> Changes:
        """Hear of mandates where the platform says that any of them changed."""
        with self._archive.read() as tx:
            account = accounts.get(tx)
        rev = account.grants_rev if account else None
        if rev == self._grants_heard:
            return Changes.NONE
        changes = await self._family.learn()
        self._grants_heard = rev
        return changes

    def _named(self) -> escalations.Named:
        with self._archive.read() as tx:
            return escalations.named(tx)

    def _timely(self, before: escalations.Named) -> tuple[Notice, ...]:
        """Return the notices of alerts that nobody elsewhere has taken in hand meanwhile.

        Among them those of which the platform told this account since `before`.
        """
        notices = [notice for step in self._seen for notice in step.notices]
        with self._archive.read() as tx:
            fresh = escalations.named(tx) - before
            notices += escalations.notices(tx, fresh, notices, self._clock())
            people = {notice.person_id for notice in notices}
            found = [alert for each in people for alert in alert_rows.open(tx, each)]
        waiting = {alert.id for alert in found if alert.state is not State.ACKNOWLEDGED}
        return tuple(notice for notice in notices if waiting.intersection(notice.alerts))

    def _see(self, tx: "Tx", person_id: UUID) -> None:
        self._seen.append(rounds.visit(tx, person_id, self._clock(), elsewhere=True))


async def sign_in(
    archive: "Archive",
    client: "Client",
    asked: account.Asked,
    clock: Clock,
) -> "Account":
    """Sign this archive in, or make the account first; raises what `account.sign_in` raises."""
    return await account.sign_in(archive, client, asked, new_id=uuid7, clock=clock)


async def sign_in_by_browser(
    archive: "Archive",
    client: "Client",
    url: str,
    show: Callable[[str], object],
    clock: Clock,
) -> "Account":
    """Sign this archive in at the page that `show` opens; raises what `browser.sign_in` raises."""
    return await browser.sign_in(archive, client, url, show, new_id=uuid7, clock=clock)


async def sign_in_by_code(
    archive: "Archive",
    client: "Client",
    url: str,
    show: "Callable[[DeviceCodes], object]",
    clock: Clock,
) -> "Account":
    """Sign this archive in by a code; raises what `account.sign_in_by_code` raises."""
    return await account.sign_in_by_code(archive, client, url, show, new_id=uuid7, clock=clock)


async def look_code(
    archive: "Archive", client: "Client", user_code: str, clock: Clock
) -> "AskedDevice":
    """Return which machine shows this code; raises InputError where none does."""
    session = account.Session(archive, client, clock)
    return await _of_code(session.run(lambda access: client.look_code(access, user_code)))


async def answer_code(
    archive: "Archive", client: "Client", user_code: str, clock: Clock, *, yes: bool
) -> "AskedDevice":
    """Let the machine that shows this code in, or not."""
    session = account.Session(archive, client, clock)
    return await _of_code(
        session.run(lambda access: client.answer_code(access, user_code, yes=yes))
    )


async def _of_code(asked: "Awaitable[AskedDevice]") -> "AskedDevice":
    wrong = _("No computer shows this code now. Compare it, or ask for a new one there.")
    try:
        return await asked
    except ValueError as error:
        raise InputError(wrong) from error
    except PlatformRefused as error:
        if error.parameters["reason"] != "code_wrong":
            raise
        raise InputError(wrong) from error


async def sign_out(archive: "Archive", client: "Client", clock: Clock) -> None:
    """End the session; what waits stays and waits."""
    await account.sign_out(archive, client, clock)


def status(archive: "Archive") -> Standing:
    """Return how sharing stands."""
    with archive.read() as tx:
        found = accounts.get(tx)
        counted = outbox.waiting_of(tx)
        agreed = exchange.concerned(tx)
        shared = tuple(streams.everyone(tx))
        standing = Standing(
            signed_in=found is not None and found.signed_in,
            waiting=sum(counted.get(person_id, 0) for person_id in agreed),
            held=sum(n for person_id, n in counted.items() if person_id not in agreed),
            refused=tuple(outbox.refused(tx)),
            files_held=tuple(uploads.held(tx)),
            conflicts=tuple(c for s in shared for c in conflicts.unsettled(tx, s.person_id)),
            streams=shared,
        )
    if found is None:
        return standing
    return replace(
        standing,
        url=found.url,
        login=found.login,
        last_success_at=found.last_success_at,
        trouble=found.trouble,
        next_at=found.next_at,
        clock_offset=found.clock_offset,
    )


def leave(archive: "Archive") -> Leave | None:
    """Return what may leave this machine by itself now; None where no line is opened at all.

    Nobody signed in, or nobody here agreed to share: nothing. Somebody took that back: the news of
    it, for without it others would go on looking.
    """
    with archive.read() as tx:
        found = accounts.get(tx)
        if found is None or not found.signed_in:
            return None
        if not exchange.quiet(tx):
            return Leave(found.url)
        return Leave(found.url, exchange=False) if exchange.to_take_back(tx) else None


def waits(archive: "Archive", now: int) -> bool:
    """Tell whether a change waits here that may be sent: not while the platform asked for patience."""
    with archive.read() as tx:
        found = accounts.get(tx)
        held = found is not None and found.trouble == PlatformBusy.code and found.next_at > now
        waiting = {person_id for person_id, n in outbox.waiting_of(tx).items() if n}
        return not held and (
            not waiting.isdisjoint(exchange.concerned(tx)) or bool(exchange.to_take_back(tx))
        )


def try_again(archive: "Archive", op_ids: Iterable[UUID]) -> Changes:
    """Let what was refused be sent once more."""
    with archive.write() as tx:
        outbox.again(tx, list(op_ids))
    return Changes.FAMILY


def settle(archive: "Archive", conflict_id: UUID, now: int) -> Changes:
    """Note that somebody looked at two values that met; the one that stands stays as it is."""
    with archive.write() as tx:
        found = conflicts.get(tx, conflict_id)
        if found is None:
            raise InputError(_("There is no such difference any more. Open the list again."))
        settled = replace(found, resolved_at=now)
        conflicts.put(tx, settled)
        outgoing.queue(
            tx,
            EntityKind.CONFLICT,
            Act.SET,
            settled,
            before=found,
            person_id=found.person_id,
            now=now,
        )
    return Changes.FAMILY
