"""Files that survive a crash: each write leaves the old file or the new one, for this user only."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from carehub.errors import DiskFull

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, open to this user only."""
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def replace(file: Path, content: bytes) -> None:
    """Write `content` to `file`, replacing what is there; raises DiskFull where there is no room."""
    fresh = _written(file, content)
    fresh.replace(file)
    sync_folder(file.parent)


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """Lend a file for this user only that takes the place of `file` once it was written whole.

    Its own name cannot be foreseen, so that nobody can lay a link in its way in a shared folder.
    Raises DiskFull where there is no room; what was there before then stays.
    """
    handle, name = tempfile.mkstemp(prefix=".carehub-", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except BaseException as error:
        fresh.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise DiskFull from error
        raise
    sync_folder(file.parent)


def create(file: Path, content: bytes) -> None:
    """Write `content` to `file`; raises FileExistsError rather than replace anything."""
    fresh = _written(file, content)
    move_new(fresh, file)
    sync_folder(file.parent)


def move_new(fresh: Path, file: Path) -> None:
    """Give `fresh` the name `file`; raises FileExistsError where that name is taken."""
    try:
        os.link(fresh, file)
    except FileExistsError:
        fresh.unlink()
        raise
    except OSError:  # a file system without hard links, such as a USB stick's
        if file.exists():
            fresh.unlink()
            raise FileExistsError(file) from None
        fresh.rename(file)
    else:
        fresh.unlink()


def sync_folder(folder: Path) -> None:
    """Make sure that names just made or removed in `folder` are on the disk."""
    if os.name == "nt":  # pragma: no cover - Windows keeps names with its own journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(file: Path) -> None:
    """Make sure that what was written to `file` is on the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _written(file: Path, content: bytes) -> Path:
    fresh = file.with_name(file.name + ".tmp")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        fresh.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise
    return fresh
