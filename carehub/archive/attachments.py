"""Photos and documents: small ones in the database, larger ones as sealed files beside it.

What was added on another machine is known here first by its row, and read once its bytes have come.
"""

import hashlib
import hmac
from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select, update

from carehub.archive import rows, sealed, tables
from carehub.archive.sealed import CHUNK, FOLDER
from carehub.archive.store import Archive
from carehub.care.record import Attachment
from carehub.errors import ArchiveDamaged

IN_DATABASE = 64 * 1024

_row = tables.attachment


def add(
    archive: Archive,
    content: bytes,
    media_type: str,
    *,
    person_id: UUID | None = None,
    belongs_to: tuple[str, UUID] | None = None,
) -> UUID:
    """Keep an attachment and return its id; raises DiskFull.

    `belongs_to` is the kind and id of the entity that shows it ("person" for somebody's photo).
    """
    attachment_id = uuid4()
    small = _put_aside(archive, attachment_id, content)
    kind, entity_id = belongs_to or ("", None)
    with archive.write() as tx:
        tx.execute(
            insert(_row).values(
                id=attachment_id,
                person_id=person_id,
                media_type=media_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                data=content if small else None,
                belongs_kind=kind,
                belongs_id=entity_id,
                here=True,
            )
        )
    return attachment_id


def read(archive: Archive, attachment_id: UUID) -> bytes:
    """Return an attachment; raises ArchiveDamaged if it was altered.

    Raises LookupError for an unknown id, and for one whose bytes have not come yet.
    """
    wanted = select(_row.c.data, _row.c.sha256).where(_row.c.id == attachment_id, _row.c.here)
    with archive.read() as tx:
        row = tx.execute(wanted).first()
    if row is None:
        raise LookupError(f"no attachment {attachment_id}")
    content = row.data
    if content is None:
        file = sealed.file_of(archive.folder, attachment_id)
        content = sealed.read(file, archive.keys, attachment_id)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), row.sha256):
        raise ArchiveDamaged
    return bytes(content)


def picture(archive: Archive, attachment_id: UUID | None) -> bytes:
    """Return an attachment to be shown, or nothing where there is none or it has not come yet."""
    if attachment_id is None:
        return b""
    try:
        return read(archive, attachment_id)
    except LookupError:
        return b""


def of(tx: Connection, person_id: UUID) -> list[Attachment]:
    """Return what is kept about a person, without the bytes."""
    wanted = rows.every(Attachment, _row).where(_row.c.person_id == person_id)
    return rows.read(tx, Attachment, wanted.order_by(_row.c.id))


def get(tx: Connection, attachment_id: UUID) -> Attachment | None:
    """Return an attachment without its bytes, or None for an unknown id."""
    return rows.first(
        tx, Attachment, rows.every(Attachment, _row).where(_row.c.id == attachment_id)
    )


def media_type(tx: Connection, attachment_id: UUID) -> str | None:
    """Return what an attachment is (image/jpeg …), or None for an unknown id."""
    return tx.execute(select(_row.c.media_type).where(_row.c.id == attachment_id)).scalar()


def expect(tx: Connection, attachment: Attachment) -> bool:
    """Note an attachment whose bytes are elsewhere; False where it is known already."""
    return rows.add(tx, _row, attachment, here=False)


def complete(archive: Archive, attachment: Attachment, content: bytes) -> None:
    """Keep the bytes of an expected attachment; raises ArchiveDamaged where they are not those."""
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise ArchiveDamaged
    small = _put_aside(archive, attachment.id, content)
    with archive.write() as tx:
        tx.execute(
            update(_row)
            .where(_row.c.id == attachment.id)
            .values(here=True, data=content if small else None)
        )


def is_here(tx: Connection, attachment_id: UUID) -> bool:
    """Tell whether the bytes of an attachment are on this machine."""
    wanted = select(_row.c.id).where(_row.c.id == attachment_id, _row.c.here)
    return tx.execute(wanted).first() is not None


def drop(tx: Connection, attachment_id: UUID) -> bool:
    """Forget an attachment; its file goes with the next `sweep`. False where there is none."""
    gone = tx.execute(delete(_row).where(_row.c.id == attachment_id))
    tx.execute(delete(tables.upload).where(tables.upload.c.attachment_id == attachment_id))
    return gone.rowcount == 1


def sweep(archive: Archive) -> int:
    """Remove files that no row names (a crash, or a person erased); return how many there were."""
    with archive.write() as tx:
        known = set(tx.execute(select(_row.c.id)).scalars())
        stray = [
            file
            for file in (archive.folder / FOLDER).glob("*")
            if sealed.attachment_of(file) not in known
        ]
        for file in stray:
            file.unlink()
    return len(stray)


def keep_part(archive: Archive, attachment_id: UUID, number: int, content: bytes) -> None:
    """Keep a fetched piece of CHUNK bytes, or the shorter last one, until all are here."""
    place = sealed.part_of(archive.folder, attachment_id, number)
    sealed.write(place, content, archive.keys, attachment_id)


def parts(archive: Archive, attachment: Attachment) -> list[bytes]:
    """Return the pieces fetched so far, from the first to before the first that is missing."""
    found: list[bytes] = []
    for number in range(-(-attachment.size // CHUNK)):
        file = sealed.part_of(archive.folder, attachment.id, number)
        try:
            found.append(sealed.read(file, archive.keys, attachment.id))
        except ArchiveDamaged:
            break
    return found


def drop_parts(archive: Archive, attachment_id: UUID) -> None:
    """Remove the pieces of an attachment that is whole, or whose bytes were not the right ones."""
    folder = archive.folder / FOLDER
    for file in folder.glob(f"{attachment_id.hex}.*{sealed.PART}"):
        file.unlink()


def waiting(tx: Connection, people: Collection[UUID], *, here: bool) -> list[Attachment]:
    """Return the attachments of these people that are here and not elsewhere, or the other way.

    The smallest come first: a face is on the screen before a long document has come.
    """
    known = tables.upload
    there = select(known.c.attachment_id).where(known.c.complete)
    wanted = rows.every(Attachment, _row).where(
        _row.c.person_id.in_(list(people)), _row.c.here.is_(here), _row.c.id.not_in(there)
    )
    return rows.read(tx, Attachment, wanted.order_by(_row.c.size, _row.c.id))


def _put_aside(archive: Archive, attachment_id: UUID, content: bytes) -> bool:
    """Write a large attachment to its file; return whether it is small and belongs into the row."""
    if len(content) <= IN_DATABASE:
        return True
    file = sealed.file_of(archive.folder, attachment_id)
    sealed.write(file, content, archive.keys, attachment_id)
    return False
