"""Locks between programs, kept by the operating system: they end with the process, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from carehub.archive.files import PRIVATE_FILE
from carehub.errors import ArchiveInUse

if sys.platform == "win32":  # pragma: no cover - no Windows machine runs these tests
    import msvcrt

    def _lock(stream: IO[bytes], wait: bool) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(stream: IO[bytes], wait: bool) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def take(file: Path, *, wait: bool = False) -> IO[bytes]:
    """Lock `file` until the stream returned is closed; raises ArchiveInUse where another has it.

    The file stays behind and means nothing by itself: a killed program leaves no lock.
    """
    stream = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "rb+")
    try:
        _lock(stream, wait)
    except OSError as error:
        stream.close()
        raise ArchiveInUse from error
    return stream


@contextmanager
def held(file: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock on `file` for one act."""
    with take(file, wait=wait):
        yield
