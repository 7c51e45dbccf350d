"""Photos and documents: small ones in the database, larger ones as sealed files beside it.

A file is cut into chunks of 1 MiB, each under AES-256-GCM with a nonce of 7 random bytes, a counter
and a mark on the last one, so that a missing, moved or altered chunk is noticed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, select

from carehub.archive import files, rows, tables
from carehub.archive.store import Archive
from carehub.archive.vault import Keys
from carehub.archive.vault.keys import draw
from carehub.care.record import Attachment
from carehub.errors import ArchiveDamaged

FOLDER = "attachments"
IN_DATABASE = 64 * 1024
CHUNK = 1 << 20
PREFIX = 7
TAG = 16

_row = tables.attachment


def add(
    archive: Archive, content: bytes, media_type: str, *, person_id: UUID | None = None
) -> UUID:
    """Keep an attachment and return its id; raises DiskFull."""
    attachment_id = uuid4()
    small = len(content) <= IN_DATABASE
    if not small:
        files.make_folder(archive.folder / FOLDER)
        sealed = b"".join(_sealed(content, archive.keys, attachment_id))
        files.replace(_file(archive.folder, attachment_id), sealed)
    with archive.write() as tx:
        tx.execute(
            insert(_row).values(
                id=attachment_id,
                person_id=person_id,
                media_type=media_type,
                size=len(content),
                sha256=hashlib.sha256(content).digest(),
                data=content if small else None,
            )
        )
    return attachment_id


def read(archive: Archive, attachment_id: UUID) -> bytes:
    """Return an attachment; raises LookupError for an unknown id, ArchiveDamaged if it was altered."""
    wanted = select(_row.c.data, _row.c.size, _row.c.sha256).where(_row.c.id == attachment_id)
    with archive.read() as tx:
        row = tx.execute(wanted).first()
    if row is None:
        raise LookupError(f"no attachment {attachment_id}")
    content = row.data
    if content is None:
        content = _opened(_file(archive.folder, attachment_id), archive.keys, attachment_id)
    if not hmac.compare_digest(hashlib.sha256(content).digest(), row.sha256):
        raise ArchiveDamaged
    return bytes(content)


def of(tx: Connection, person_id: UUID) -> list[Attachment]:
    """Return what is kept about a person, without the bytes."""
    wanted = rows.every(Attachment, _row).where(_row.c.person_id == person_id)
    return rows.read(tx, Attachment, wanted.order_by(_row.c.id))


def media_type(tx: Connection, attachment_id: UUID) -> str | None:
    """Return what an attachment is (image/jpeg …), or None for an unknown id."""
    return tx.execute(select(_row.c.media_type).where(_row.c.id == attachment_id)).scalar()


def sweep(archive: Archive) -> int:
    """Remove files that no row names (a crash, or a person erased); return how many there were."""
    with archive.write() as tx:
        known = {row.hex for row in tx.execute(select(_row.c.id)).scalars()}
        stray = [f for f in (archive.folder / FOLDER).glob("*") if f.stem not in known]
        for file in stray:
            file.unlink()
    return len(stray)


def _file(folder: Path, attachment_id: UUID) -> Path:
    return folder / FOLDER / f"{attachment_id.hex}.sealed"


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


def _key(keys: Keys, attachment_id: UUID) -> bytes:
    return draw(keys.attachments_key(), f"carehub/attachment/v1/{attachment_id.hex}")


def _sealed(content: bytes, keys: Keys, attachment_id: UUID) -> Iterator[bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, prefix = AESGCM(_key(keys, attachment_id)), secrets.token_bytes(PREFIX)
    yield prefix
    starts = range(0, len(content), CHUNK)
    for number, start in enumerate(starts):
        nonce = _nonce(prefix, number, last=number == len(starts) - 1)
        yield cipher.encrypt(nonce, content[start : start + CHUNK], attachment_id.bytes)


def _opened(file: Path, keys: Keys, attachment_id: UUID) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = file.read_bytes()
    except FileNotFoundError as error:
        raise ArchiveDamaged from error
    cipher, prefix, body = AESGCM(_key(keys, attachment_id)), raw[:PREFIX], raw[PREFIX:]
    starts = range(0, len(body), CHUNK + TAG)
    chunks = []
    for number, start in enumerate(starts):
        nonce = _nonce(prefix, number, last=number == len(starts) - 1)
        try:
            chunk = cipher.decrypt(nonce, body[start : start + CHUNK + TAG], attachment_id.bytes)
        except (InvalidTag, ValueError) as error:
            raise ArchiveDamaged from error
        chunks.append(chunk)
    return b"".join(chunks)
