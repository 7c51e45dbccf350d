"""How long a frame takes while 100,000 readings are written in the background, and while none are.

A frame begins when it is due, every 16 ms, and ends when the whole home page was painted anew; so it
holds the wait for the interpreter and for the event loop as well. Writing is what `workflows` does:
`readings.add`, so many to a transaction, on the thread that every act runs on.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from carehub.ui import background
from carehub.ui.session import Opened
from tests.benchmarks.row import Row
from tests.benchmarks.window import apart, enter, rest, share, shell_at, wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from carehub.archive.store import Archive
    from carehub.ui.shell import Shell

ROWS = 100_000
FEW, MANY = 200, 2_000
MANY_ROWS = 40_000
"""Enough for a p99 of frames; the comparison need not take as long."""
DUE_MS = 16
STILL_SECONDS = 8


def measure() -> Iterator[Row]:
    """Measure in one process: at rest, then while rows are written."""
    found = apart("frames", str(ROWS))
    still = found["still"]
    bare = share(still, 0.99)
    for key, name in (
        ("few", f"{ROWS:,} rows written, {FEW} to a transaction"),
        ("many", f"{MANY_ROWS:,} rows written, {MANY:,} to a transaction"),
    ):
        for part, words in ((0.5, "p50"), (0.99, "p99")):
            value, base = share(found[key], part), share(still, part)
            target = "8 ms" if (key, words) == ("few", "p99") else ""
            yield Row(f"frame {words}, {name}", value, "ms", base, value / base, target)
        yield Row(f"longest frame, {name}", max(found[key]), "ms", bare)
    yield Row("rows written a second meanwhile", found["speed"][0], "rows/s")


def frames(rows: int) -> dict[str, list[float]]:
    """Measure in this process; milliseconds of each frame."""
    with tempfile.TemporaryDirectory() as place, shell_at(Path(place) / "archive") as shell:
        made: list[Opened] = []
        shell.background.run(partial(_furnish, Path(place) / "archive"), made.append)
        wait(lambda: bool(made), "the archive")
        enter(shell, made[0])
        rest(3)
        archive, person = made[0].app.archive, made[0].people[0].id
        still = _watched(shell, partial(time.sleep, STILL_SECONDS))
        started = time.perf_counter()
        few = _watched(shell, partial(_write, archive, person, rows, FEW))
        speed = rows / (time.perf_counter() - started)
        many = _watched(shell, partial(_write, archive, person, MANY_ROWS, MANY))
        return {"still": still, "few": few, "many": many, "speed": [speed]}


def _furnish(folder: Path) -> Opened:
    from carehub.app import App
    from carehub.archive import vault
    from carehub.devices.link import Radio
    from carehub.workflows import people

    now = background.now()
    keys, _code = vault.create(folder, passphrase="four plain words", keyring=False, now=now)
    app = App.create(folder, keys, Radio(), background.now, demo=True)
    return Opened(app, (people.add(app.archive, name="王示例", now=now),))


def _write(archive: "Archive", person: "UUID", rows: int, together: int) -> None:
    """Write so many rows as an import does: a transaction after the other, without a pause."""
    from uuid import uuid4

    from carehub.archive import readings
    from tests.helpers import records

    pattern = records.pressure(person)
    first = records.NOON - rows * records.MINUTE * 60
    for start in range(0, rows, together):
        with archive.write() as tx:
            for n in range(start, start + together):
                at = first + n * records.MINUTE
                readings.add(tx, replace(pattern, id=uuid4(), taken_at=at, received_at=at))


def _watched(shell: "Shell", work: "Callable[[], object]") -> list[float]:
    """Paint frames while `work` runs in the background; return how long each took."""
    done: list[object] = []
    metronome = _Metronome(shell)
    shell.background.run(work, done.append, done.append)
    metronome.start()
    wait(lambda: bool(done), "the rows", 400)
    metronome.stop()
    if isinstance(done[0], BaseException):
        raise done[0]
    return metronome.took


class _Metronome(QObject):
    """Paints the window again and again, each frame due 16 ms after the one before was done."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__()
        self.took: list[float] = []
        self._shell = shell
        self._due = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)

    def start(self) -> None:
        self._due = time.perf_counter() + DUE_MS / 1000
        self._timer.start(DUE_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _frame(self) -> None:
        page = self._shell.page
        assert page is not None
        page.repaint()
        self.took.append((time.perf_counter() - self._due) * 1000)
        self.start()


if __name__ == "__main__":
    print(json.dumps(frames(int(sys.argv[1]))))
