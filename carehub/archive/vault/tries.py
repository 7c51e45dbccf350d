"""Wrong PINs, counted on the disk before each try, so that ending the program gives no free guess.

This stops somebody at the keyboard. Against a copied folder stands the device secret in the keyring.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carehub.archive import files
from carehub.archive.locking import held

NAME = "archive.tries"
MOST = 10
UNREADABLE = 8
WAIT_SECONDS = {5: 30, 6: 60, 7: 300, 8: 1800, 9: 1800}


@dataclass(frozen=True, slots=True)
class Tries:
    """How many PINs were tried since the last right one, and when the last was (UTC ms)."""

    count: int = 0
    last_at: int = 0

    @property
    def left(self) -> int:
        """Return how many tries remain."""
        return max(0, MOST - self.count)

    def seconds_to_wait(self, now: int) -> int:
        """Return how long the next try has to wait; a clock set back never makes it longer."""
        wait = WAIT_SECONDS.get(self.count, 0) * 1000
        passed = max(0, now - self.last_at)
        return max(0, -(-(wait - passed) // 1000))


def read(folder: Path, now: int) -> Tries:
    """Read the count; a file that cannot be read counts as eight tries made now."""
    try:
        body = json.loads((folder / NAME).read_bytes())
        return Tries(int(body["count"]), int(body["last_at"]))
    except FileNotFoundError:
        return Tries()
    except (ValueError, KeyError, TypeError):
        unreadable = Tries(UNREADABLE, now)
        write(folder, unreadable)
        return unreadable


def write(folder: Path, tries: Tries) -> None:
    """Put the count on the disk before returning."""
    body = {"count": tries.count, "last_at": tries.last_at}
    files.replace(folder / NAME, json.dumps(body).encode())


def clear(folder: Path) -> None:
    """Forget the wrong tries after a right one."""
    if (folder / NAME).exists():
        write(folder, Tries())


@contextmanager
def counting(folder: Path) -> Iterator[None]:
    """Hold the counter for one try, so that two programs cannot share a guess."""
    with held(folder / "archive.tries.lock", wait=True):
        yield
