"""Attachment files beside the database: sealed piece by piece, each found by its attachment's id.

A file is cut into chunks of 1 MiB, each under AES-256-GCM with a nonce of 7 random bytes, a counter
and a mark on the last one, so that a missing, moved or altered chunk is noticed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from carehub.archive import files
from carehub.archive.vault import Keys
from carehub.archive.vault.keys import draw
from carehub.errors import ArchiveDamaged

FOLDER = "attachments"
SUFFIX = ".sealed"
PART = ".part"
"""What ends the name of a piece that was fetched of a file that is not here whole yet."""
CHUNK = 1 << 20
PREFIX = 7
TAG = 16


def file_of(folder: Path, attachment_id: UUID) -> Path:
    """Return where an attachment's file lies in an archive's, or a backup's, folder."""
    return folder / FOLDER / f"{attachment_id.hex}{SUFFIX}"


def part_of(folder: Path, attachment_id: UUID, number: int) -> Path:
    """Return where a fetched piece waits for the others; its first byte is at `number` * CHUNK."""
    return folder / FOLDER / f"{attachment_id.hex}.{number}{PART}"


def attachment_of(file: Path) -> UUID | None:
    """Return whose file this is, or None for one that was only being written."""
    name, _, rest = file.name.partition(".")
    number = rest.removesuffix(PART)
    if f".{rest}" != SUFFIX and (rest == number or not number.isdecimal()):
        return None
    try:
        return UUID(hex=name)
    except ValueError:
        return None


def write(file: Path, content: bytes, keys: Keys, attachment_id: UUID) -> None:
    """Seal `content` into `file`; raises DiskFull."""
    files.make_folder(file.parent)
    files.replace(file, b"".join(_sealed(content, keys, attachment_id)))


def read(file: Path, keys: Keys, attachment_id: UUID) -> bytes:
    """Return what a file holds; raises ArchiveDamaged where it is missing, cut or altered."""
    try:
        return _opened(file.read_bytes(), keys, attachment_id)
    except FileNotFoundError as error:
        raise ArchiveDamaged from error


def is_sound(file: Path, keys: Keys, attachment_id: UUID, sha256: bytes) -> bool:
    """Tell whether a file is there and holds what it should."""
    try:
        content = read(file, keys, attachment_id)
    except ArchiveDamaged:
        return False
    return hmac.compare_digest(hashlib.sha256(content).digest(), sha256)


def _sealed(content: bytes, keys: Keys, attachment_id: UUID) -> Iterator[bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, prefix = AESGCM(_key(keys, attachment_id)), secrets.token_bytes(PREFIX)
    yield prefix
    starts = range(0, len(content), CHUNK)
    for number, start in enumerate(starts):
        nonce = _nonce(prefix, number, last=number == len(starts) - 1)
        yield cipher.encrypt(nonce, content[start : start + CHUNK], attachment_id.bytes)


def _opened(raw: bytes, keys: Keys, attachment_id: UUID) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


def _key(keys: Keys, attachment_id: UUID) -> bytes:
    return draw(keys.attachments_key(), f"carehub/attachment/v1/{attachment_id.hex}")
