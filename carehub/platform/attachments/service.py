"""What happens to an upload: it is begun, grows piece by piece, is whole, is thrown away.

The row is what counts: a piece that was written and not counted is written again, a name that was
given and not noted is found again.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Standing
from carehub.platform.attachments import tables
from carehub.platform.attachments.shelf import Shelf
from carehub.platform.audit import service as audit
from carehub.platform.refusals import Refused
from carehub.wire.attachments import AttachmentBody
from carehub.wire.exchange import Json

LASTS = 7 * 86_400_000
"""Milliseconds that half an upload waits for its next piece."""
SWEEP_EVERY = 3_600_000
MOST_UPLOADS = 5_000
"""Files of one person, so that not even empty rows can fill a disk."""

_row = tables.upload


@dataclass(frozen=True, slots=True)
class Upload:
    """How an upload stands; `whole` once every byte is here and is what it was said to be."""

    id: UUID
    media_type: str
    sha256: bytes
    size: int
    received: int
    expires_at: int
    whole: bool


@dataclass(frozen=True)
class Bringing:
    """Somebody who may bring files for one person, within one transaction at `now` (UTC ms)."""

    tx: AsyncConnection
    shelf: Shelf
    found: Standing
    account_id: UUID
    now: int

    @property
    def person_id(self) -> UUID:
        """Return whose files these are."""
        return self.found.person_id

    async def begin(self, said: AttachmentBody, quota: int) -> Upload:
        """Begin an upload, or return the one that was begun; a file that is here is whole at once.

        Refuses an id that was used for another file, and what goes beyond the person's share.
        """
        known = await _get(self.tx, self.person_id, said.id)
        if known is None:
            await _check_room(self.tx, self.person_id, said.size, quota)
            await self._insert(said)
            known = await get(self.tx, self.person_id, said.id)
        elif (known.sha256.hex(), known.size, known.media_type) != (
            said.sha256, said.size, said.media_type,
        ):  # fmt: skip
            raise Refused("upload_taken")
        here = await self._has(known)
        if here and not known.whole:
            await self._complete(known)
        elif known.whole and not here:
            await self._reset(known.id)
        return await get(self.tx, self.person_id, said.id)

    async def add(self, upload_id: UUID, at: int, piece: bytes) -> Upload:
        """Add a piece at its place; the last one makes the file whole, or shows it is not right."""
        upload = await _get(self.tx, self.person_id, upload_id, lock=True)
        if upload is None:
            raise Refused("not_found")
        if at != upload.received or upload.whole:
            raise Refused("offset")
        if at + len(piece) > upload.size:
            raise Refused("file_too_large")
        if not await asyncio.to_thread(self.shelf.add, self.person_id, upload_id, at, piece):
            await self._after_loss(upload)
            raise Refused("offset", keep=True)
        received = at + len(piece)
        await self._note(upload_id, received=received, expires_at=self.now + LASTS)
        if received == upload.size:
            await self._finish(upload)
        return await get(self.tx, self.person_id, upload_id)

    async def end(self, upload_id: UUID) -> None:
        """Throw away half an upload; a whole one goes with its entity, which everybody sees."""
        upload = await get(self.tx, self.person_id, upload_id)
        if upload.whole:
            raise Refused("not_now")
        await asyncio.to_thread(self.shelf.drop_part, self.person_id, upload_id)
        await _remove(self.tx, self.person_id, [upload_id])

    async def _insert(self, said: AttachmentBody) -> None:
        await self.tx.execute(
            insert(_row).values(
                person_id=self.person_id,
                id=said.id,
                account_id=self.account_id,
                media_type=said.media_type,
                sha256=bytes.fromhex(said.sha256),
                size=said.size,
                received=0,
                created_at=self.now,
                expires_at=self.now + LASTS,
                completed_at=None,
            )
        )

    async def _finish(self, upload: Upload) -> None:
        wrong = await asyncio.to_thread(
            self.shelf.finish, self.person_id, upload.id, upload.sha256, upload.media_type
        )
        if wrong:
            await self._reset(upload.id)
            raise Refused(wrong, keep=True)
        await self._complete(upload)

    async def _complete(self, upload: Upload) -> None:
        await self._note(upload.id, received=upload.size, completed_at=self.now)
        if not self.found.own:
            detail: dict[str, Json] = {"kilobytes": upload.size // 1024}
            await audit.note(
                self.tx, self.person_id, self.account_id, "uploaded", detail, now=self.now
            )

    async def _after_loss(self, upload: Upload) -> None:
        """Begin again where pieces are gone, unless the file had its name before a crash."""
        await asyncio.to_thread(self.shelf.drop_part, self.person_id, upload.id)
        if await self._has(upload):
            await self._complete(upload)
        else:
            await self._reset(upload.id)

    async def _reset(self, upload_id: UUID) -> None:
        expires_at = self.now + LASTS
        await self._note(upload_id, received=0, completed_at=None, expires_at=expires_at)

    async def _note(self, upload_id: UUID, **columns: int | None) -> None:
        found = update(_row).where(_row.c.person_id == self.person_id, _row.c.id == upload_id)
        await self.tx.execute(found.values(**columns))

    async def _has(self, upload: Upload) -> bool:
        return await asyncio.to_thread(self.shelf.has, self.person_id, upload.sha256, upload.size)


async def get(tx: AsyncConnection, person_id: UUID, upload_id: UUID) -> Upload:
    """Return an upload of that person; Refused("not_found") for any other."""
    found = await _get(tx, person_id, upload_id)
    if found is None:
        raise Refused("not_found")
    return found


async def expire(tx: AsyncConnection, shelf: Shelf, now: int) -> None:
    """Throw away what nobody went on with; looks once an hour."""
    if now - shelf.swept_at < SWEEP_EVERY:
        return
    shelf.swept_at = now
    stale = select(_row.c.person_id, _row.c.id).where(
        _row.c.completed_at.is_(None), _row.c.expires_at <= now
    )
    for person_id, upload_id in (await tx.execute(stale)).all():
        await asyncio.to_thread(shelf.drop_part, person_id, upload_id)
        await _remove(tx, person_id, [upload_id])


async def whole(tx: AsyncConnection, person_id: UUID, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return which of these are here whole, each with its hash."""
    wanted = select(_row.c.id, _row.c.sha256).where(
        _row.c.person_id == person_id, _row.c.id.in_(list(ids)), _row.c.completed_at.is_not(None)
    )
    return {row.id: row.sha256 for row in await tx.execute(wanted)}


async def forget(tx: AsyncConnection, shelf: Shelf, person_id: UUID, ids: Iterable[UUID]) -> None:
    """Throw away the files of attachments that were removed; one that another shares stays."""
    gone = await whole(tx, person_id, ids)
    await _remove(tx, person_id, gone)
    for sha256 in set(gone.values()):
        other = select(_row.c.id).where(_row.c.person_id == person_id, _row.c.sha256 == sha256)
        if (await tx.execute(other.limit(1))).first() is None:
            await asyncio.to_thread(shelf.drop, person_id, sha256)


async def _get(
    tx: AsyncConnection, person_id: UUID, upload_id: UUID, *, lock: bool = False
) -> Upload | None:
    wanted = select(_row).where(_row.c.person_id == person_id, _row.c.id == upload_id)
    found = await tx.execute(wanted.with_for_update() if lock else wanted)
    row = found.mappings().first()
    return None if row is None else _upload(row)


def _upload(row: RowMapping) -> Upload:
    names = ("id", "media_type", "sha256", "size", "received", "expires_at")
    return Upload(**{name: row[name] for name in names}, whole=row["completed_at"] is not None)


async def _check_room(tx: AsyncConnection, person_id: UUID, size: int, quota: int) -> None:
    """Refuse what goes beyond a person's share; half an upload counts with its whole size."""
    used = select(func.coalesce(func.sum(_row.c.size), 0), func.count())
    total, count = (await tx.execute(used.where(_row.c.person_id == person_id))).one()
    if total + size > quota or count >= MOST_UPLOADS:
        raise Refused("quota")


async def _remove(tx: AsyncConnection, person_id: UUID, ids: Iterable[UUID]) -> None:
    gone = delete(_row).where(_row.c.person_id == person_id, _row.c.id.in_(list(ids)))
    await tx.execute(gone)
