"""How far each attachment is on its way to or from the platform, and what holds it up."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, select, update

from carehub.archive import rows, tables

_row = tables.upload


@dataclass(frozen=True, slots=True)
class Upload:
    """One attachment's way: `sent` bytes have crossed; `complete` once both sides have it.

    `code` says why it did not come through the last time, `next_at` when it is tried again (UTC ms).
    """

    attachment_id: UUID
    person_id: UUID
    sent: int = 0
    complete: bool = False
    code: str = ""
    attempts: int = 0
    next_at: int = 0


def put(tx: Connection, upload: Upload) -> None:
    """Note how far an attachment is."""
    rows.put(tx, _row, upload)


def get(tx: Connection, attachment_id: UUID, person_id: UUID) -> Upload:
    """Return how far an attachment is; nothing of a new one has crossed."""
    wanted = rows.every(Upload, _row).where(_row.c.attachment_id == attachment_id)
    return rows.first(tx, Upload, wanted) or Upload(attachment_id, person_id)


def done(tx: Connection, attachment_id: UUID, person_id: UUID, size: int) -> None:
    """Note that both sides have an attachment."""
    put(tx, Upload(attachment_id, person_id, sent=size, complete=True))


def postpone(tx: Connection, upload: Upload, code: str, next_at: int) -> None:
    """Note why an attachment did not come through, and when to try again."""
    put(tx, replace(upload, code=code, attempts=upload.attempts + 1, next_at=next_at))


def again(tx: Connection, person_id: UUID) -> None:
    """Ask the platform anew about everything of a person: it may have gone back to an older state."""
    reset = update(_row).where(_row.c.person_id == person_id)
    tx.execute(reset.values(complete=False, sent=0, code="", attempts=0, next_at=0))


def missing(tx: Connection, attachment_ids: Collection[UUID]) -> None:
    """Send these anew: the platform says that it does not have them."""
    reset = update(_row).where(_row.c.attachment_id.in_(list(attachment_ids)))
    tx.execute(reset.values(complete=False, sent=0, next_at=0))


def held(tx: Connection) -> list[Upload]:
    """Return what did not come through, with why."""
    wanted = rows.every(Upload, _row).where(_row.c.code != "", _row.c.complete.is_(False))
    return rows.read(tx, Upload, wanted.order_by(_row.c.attachment_id))


def resting(tx: Connection, now: int) -> frozenset[UUID]:
    """Return the attachments whose turn has not come yet."""
    return frozenset(tx.execute(select(_row.c.attachment_id).where(_row.c.next_at > now)).scalars())
