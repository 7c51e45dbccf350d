"""A copy of everything: asked for, made beside the requests, kept in pieces for a day, thrown away."""

import asyncio
import base64
import hmac
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub import log
from carehub.care.record import Record
from carehub.i18n import Language
from carehub.platform.access import Actor, require_right
from carehub.platform.audit import service as audit
from carehub.platform.records import looking
from carehub.platform.refusals import Refused
from carehub.platform.rights import tables
from carehub.platform.running import Running
from carehub.wire import parcel
from carehub.wire.rights import AskCopy, CopyRow

WAITING, MAKING, READY = "waiting", "making", "ready"
CANCELLED, FAILED, EXPIRED = "cancelled", "failed", "expired"
OPEN = (WAITING, MAKING)
LASTS = 86_400_000
LEASE = 60_000
"""Milliseconds for which one process has the making to itself, renewed while it goes on."""
PIECE = 512 * 1024
TURN = 0.2
"""Seconds between two looks at whether the making was cancelled."""
_row, _part = tables.copy, tables.copy_part


class _Cancelled(Exception):
    """The making was given up."""


@dataclass
class _Making:
    """One parcel being filled in a thread: how much of it is there, and whether to stop."""

    record: Record
    language: Language
    now: int
    files: Iterator[tuple[str, bytes]]
    stop: Event = field(default_factory=Event)
    done: int = 0

    def fill(self) -> bytes:
        """Return the ZIP; raises _Cancelled."""
        out = io.BytesIO()
        real = self.record.real()
        texts = ((name, self._counted(page)) for name, page in parcel.pages(real, self.now))
        parcel.write(out, texts, self._files(real))
        return out.getvalue()

    def _files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        yield parcel.printed(record, self.now, self.language)
        self.done += 1
        for each in self.files:
            self._check()
            yield each
            self.done += 1

    def _counted(self, page: Iterator[str]) -> Iterator[str]:
        for text in page:
            self._check()
            yield text
        self.done += 1

    def _check(self) -> None:
        if self.stop.is_set():
            raise _Cancelled


async def ask(tx: AsyncConnection, person_id: UUID, asked: AskCopy, actor: Actor, now: int) -> UUID:
    """Begin a copy, or return the one that this account is waiting for already."""
    await require_right(tx, person_id, actor, now)
    waiting = await tx.execute(
        select(_row.c.id).where(
            _row.c.person_id == person_id,
            _row.c.account_id == actor.account_id,
            _row.c.state.in_(OPEN),
        )
    )
    known: UUID | None = waiting.scalar()
    if known is not None:
        return known
    copy_id = uuid4()
    await tx.execute(
        insert(_row).values(
            person_id=person_id, id=copy_id, account_id=actor.account_id, language=asked.language,
            state=WAITING, done=0, total=0, size=0, asked_at=now, until_at=now + LASTS,
            leased_until=0,
        )
    )  # fmt: skip
    detail = {"copy": str(copy_id)}
    await audit.note(tx, person_id, actor.account_id, "copy_asked", detail, now=now)
    return copy_id


async def of_person(
    tx: AsyncConnection, person_id: UUID, actor: Actor, here: Running
) -> list[CopyRow]:
    """Return the copies this account asked for, the newest first."""
    await require_right(tx, person_id, actor, here.clock())
    found = await tx.execute(
        select(_row)
        .where(_row.c.person_id == person_id, _row.c.account_id == actor.account_id)
        .order_by(_row.c.asked_at.desc(), _row.c.id)
    )
    return [_shown(row, here) for row in found.mappings()]


async def one(
    tx: AsyncConnection, person_id: UUID, copy_id: UUID, actor: Actor, here: Running
) -> CopyRow:
    """Return how far a copy is."""
    rows = await of_person(tx, person_id, actor, here)
    found = next((row for row in rows if row.id == copy_id), None)
    if found is None:
        raise Refused("not_found")
    return found


async def cancel(
    tx: AsyncConnection, person_id: UUID, copy_id: UUID, actor: Actor, here: Running
) -> CopyRow:
    """Give a copy up, or throw a ready one away; again is harmless."""
    found = await one(tx, person_id, copy_id, actor, here)
    if found.state in (*OPEN, READY):
        await _end(tx, person_id, copy_id, CANCELLED)
    return await one(tx, person_id, copy_id, actor, here)


async def make(here: Running, person_id: UUID, copy_id: UUID) -> None:
    """Make one copy, unless another process does; whatever goes wrong ends it as failed."""
    if not await here.db.write(lambda tx: _claim(tx, person_id, copy_id, here.clock())):
        return
    try:
        content = await _filled(here, person_id, copy_id)
    except _Cancelled:
        return
    except Refused as refused:
        log.platform.warning("a copy was not made: %s", refused.code)
        await here.db.write(lambda tx: _end(tx, person_id, copy_id, FAILED))
        return
    await here.db.write(lambda tx: _keep(tx, person_id, copy_id, content, here.clock()))


async def unfinished(tx: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Return the copies that somebody still waits for."""
    found = await tx.execute(select(_row.c.person_id, _row.c.id).where(_row.c.state.in_(OPEN)))
    return [(row.person_id, row.id) for row in found]


async def sweep(tx: AsyncConnection, now: int) -> None:
    """Throw away what nobody fetched in time."""
    old = await tx.execute(
        select(_row.c.person_id, _row.c.id).where(
            _row.c.until_at <= now, _row.c.state.in_((*OPEN, READY))
        )
    )
    for row in old.all():
        await _end(tx, row.person_id, row.id, EXPIRED)


async def pieces(here: Running, token: str) -> tuple[int, AsyncIterator[bytes]]:
    """Return the size and the bytes behind a link; refuses one that is wrong, or over.

    Whoever asked for it must still be allowed to: a mandate that ended closes its links.
    """
    person_id, copy_id = _opened(here, token)

    async def work(tx: AsyncConnection) -> tuple[int, int]:
        now = here.clock()
        row = await _get(tx, person_id, copy_id)
        if row is None or row["state"] != READY or row["until_at"] <= now:
            raise Refused("code_wrong")
        asker = Actor(row["account_id"], copy_id, copy_id)
        await require_right(tx, person_id, asker, now)
        detail = {"copy": str(copy_id)}
        await audit.note(tx, person_id, asker.account_id, "copied", detail, now=now)
        last = select(func.max(_part.c.n)).where(
            _part.c.person_id == person_id, _part.c.copy_id == copy_id
        )
        return row["size"], (await tx.execute(last)).scalar_one()

    size, last = await here.db.write(work)
    return size, _read(here, person_id, copy_id, last)


async def _read(here: Running, person_id: UUID, copy_id: UUID, last: int) -> AsyncIterator[bytes]:
    for n in range(last + 1):
        wanted = select(_part.c.content).where(
            _part.c.person_id == person_id, _part.c.copy_id == copy_id, _part.c.n == n
        )
        piece = await here.db.read(lambda tx, wanted=wanted: tx.execute(wanted))  # type: ignore[misc]  # bound at once
        yield piece.scalar_one()


async def _filled(here: Running, person_id: UUID, copy_id: UUID) -> bytes:
    """Fill the parcel in a thread, and tell how far it is until it is full or given up."""
    record = await here.db.read(lambda tx: looking.whole(tx, person_id))
    row = await here.db.read(lambda tx: _get(tx, person_id, copy_id))
    if row is None:
        raise _Cancelled
    making = _Making(record, row["language"], here.clock(), _files(here, record))
    total = len(list(parcel.pages(record, 0))) + 1 + len(record.attachments)
    work = asyncio.create_task(asyncio.to_thread(making.fill))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=TURN)
            done = making.done
            if not await here.db.write(lambda tx: _tell(tx, row, done, total, here.clock())):  # noqa: B023 - run at once
                making.stop.set()
    finally:
        making.stop.set()
        with suppress(_Cancelled):
            await work
    return work.result()


def _files(here: Running, record: Record) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the record; one that never came whole is missing, and its row says so."""
    person_id = record.profile.person.id
    for each in record.attachments:
        with suppress(FileNotFoundError, ValueError):
            content = here.shelf.read(person_id, bytes.fromhex(each.sha256), 0, each.size)
            yield parcel.file_name(each), content


async def _claim(tx: AsyncConnection, person_id: UUID, copy_id: UUID, now: int) -> bool:
    mine = await tx.execute(
        update(_row)
        .where(
            _row.c.person_id == person_id,
            _row.c.id == copy_id,
            _row.c.state.in_(OPEN),
            _row.c.leased_until <= now,
        )
        .values(state=MAKING, leased_until=now + LEASE)
    )
    return mine.rowcount == 1


async def _tell(tx: AsyncConnection, row: RowMapping, done: int, total: int, now: int) -> bool:
    """Note how far it is; False where it was given up."""
    found = await tx.execute(
        update(_row)
        .where(_row.c.person_id == row["person_id"], _row.c.id == row["id"], _row.c.state == MAKING)
        .values(done=min(done, total), total=total, leased_until=now + LEASE)
    )
    return found.rowcount == 1


async def _keep(
    tx: AsyncConnection, person_id: UUID, copy_id: UUID, content: bytes, now: int
) -> None:
    ready = await tx.execute(
        update(_row)
        .where(_row.c.person_id == person_id, _row.c.id == copy_id, _row.c.state == MAKING)
        .values(state=READY, size=len(content), done=_row.c.total, until_at=now + LASTS)
    )
    if ready.rowcount == 0:
        return  # given up meanwhile
    await tx.execute(
        insert(_part),
        [
            {
                "person_id": person_id,
                "copy_id": copy_id,
                "n": n,
                "content": content[n * PIECE : (n + 1) * PIECE],
            }
            for n in range(-(-len(content) // PIECE))
        ],
    )


async def _end(tx: AsyncConnection, person_id: UUID, copy_id: UUID, state: str) -> None:
    mine = (_row.c.person_id == person_id, _row.c.id == copy_id)
    await tx.execute(update(_row).where(*mine).values(state=state, size=0))
    await tx.execute(
        delete(_part).where(_part.c.person_id == person_id, _part.c.copy_id == copy_id)
    )


async def _get(tx: AsyncConnection, person_id: UUID, copy_id: UUID) -> RowMapping | None:
    wanted = select(_row).where(_row.c.person_id == person_id, _row.c.id == copy_id)
    return (await tx.execute(wanted)).mappings().first()


def _shown(row: RowMapping, here: Running) -> CopyRow:
    ready = row["state"] == READY and row["until_at"] > here.clock()
    over = row["state"] == READY and not ready
    return CopyRow(
        id=row["id"],
        person_id=row["person_id"],
        state=EXPIRED if over else row["state"],
        done=row["done"],
        of=row["total"],
        asked_at=row["asked_at"],
        until_at=row["until_at"],
        size=row["size"],
        link=f"/v1/copies/{_token(here, row['person_id'], row['id'])}" if ready else "",
    )


def _token(here: Running, person_id: UUID, copy_id: UUID) -> str:
    named = person_id.bytes + copy_id.bytes
    return base64.urlsafe_b64encode(named + _seal(here, named)).decode("ascii")


def _opened(here: Running, token: str) -> tuple[UUID, UUID]:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except ValueError as error:
        raise Refused("code_wrong") from error
    named, seal = raw[:32], raw[32:]
    if not hmac.compare_digest(seal, _seal(here, named)):
        raise Refused("code_wrong")
    return UUID(bytes=named[:16]), UUID(bytes=named[16:])


def _seal(here: Running, named: bytes) -> bytes:
    """Return what only this service can add to the name of a copy."""
    return hmac.digest(here.settings.secret, b"copy|" + named, "sha256")
