"""Where files lie on the disk: a folder for each person, a file under the name of its own hash.

Nothing here is ever run, shown or named as its sender wished. A file that is still coming lies under
its upload's id; it gets its name when every byte is there and the hash is the one that was said.
"""

import hashlib
import os
import shutil
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from uuid import UUID

from carehub.platform.refusals import Refused
from carehub.wire.attachments import LONGEST_BEGINNING, genuine

NO_ROOM = frozenset({ENOSPC, EDQUOT, EFBIG})
BLOCK = 1024 * 1024


class Shelf:
    """The files of one service; every method blocks and belongs into a thread."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.swept_at = 0
        """When uploads that nobody went on with were last thrown away, UTC ms."""

    def add(self, person_id: UUID, upload_id: UUID, at: int, piece: bytes) -> bool:
        """Write a piece at its place, on the disk when this returns; raises Refused("disk_full").

        False where less than `at` bytes are here: what came before was lost. What lies behind `at`
        came without being counted (a crash) and gives way.
        """
        part = self._part(person_id, upload_id)
        try:
            part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "rb+") as stream:
                if os.fstat(handle).st_size < at:
                    return False
                stream.seek(at)
                stream.truncate()
                stream.write(piece)
                stream.flush()
                os.fsync(handle)
        except OSError as error:
            if error.errno in NO_ROOM:
                raise Refused("disk_full") from error
            raise
        return True

    def finish(self, person_id: UUID, upload_id: UUID, sha256: bytes, media_type: str) -> str:
        """Give a file that has come whole its name; return why not, or an empty text."""
        part = self._part(person_id, upload_id)
        wrong = self._wrong(part, sha256, media_type)
        if wrong:
            part.unlink()
        else:
            part.rename(self._file(person_id, sha256))
            _sync(part.parent)
        return wrong

    def has(self, person_id: UUID, sha256: bytes, size: int) -> bool:
        """Tell whether a person's file is here whole."""
        file = self._file(person_id, sha256)
        return file.is_file() and file.stat().st_size == size

    def read(self, person_id: UUID, sha256: bytes, at: int, length: int) -> bytes:
        """Return a part of a file; raises FileNotFoundError."""
        with self._file(person_id, sha256).open("rb") as stream:
            stream.seek(at)
            return stream.read(length)

    def drop_part(self, person_id: UUID, upload_id: UUID) -> None:
        """Throw away what came of an upload."""
        self._part(person_id, upload_id).unlink(missing_ok=True)

    def drop(self, person_id: UUID, sha256: bytes) -> None:
        """Throw away a file."""
        self._file(person_id, sha256).unlink(missing_ok=True)

    def drop_person(self, person_id: UUID) -> int:
        """Throw away all files of a person; return how many there were."""
        if self._folder is None:
            return 0
        folder = self._of(person_id)
        many = sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
        shutil.rmtree(folder, ignore_errors=False) if many else None
        return many

    def _wrong(self, part: Path, sha256: bytes, media_type: str) -> str:
        digest = hashlib.sha256()
        with part.open("rb") as stream:
            beginning = stream.read(LONGEST_BEGINNING)
            stream.seek(0)
            while block := stream.read(BLOCK):
                digest.update(block)
        if digest.digest() != sha256:
            return "checksum"
        return "" if genuine(media_type, beginning) else "media_type"

    def _part(self, person_id: UUID, upload_id: UUID) -> Path:
        return self._of(person_id) / f"{upload_id.hex}.part"

    def _file(self, person_id: UUID, sha256: bytes) -> Path:
        return self._of(person_id) / sha256.hex()

    def _of(self, person_id: UUID) -> Path:
        if self._folder is None:
            raise Refused("no_files")
        return self._folder / person_id.hex


def _sync(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - Windows keeps names with its own journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
