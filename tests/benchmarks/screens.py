"""One year out of a million readings on the report page, and the memory of home and report.

The clock starts where the person presses ‘1 yr’ and stops when the chart was painted. The baseline is
the same year through the bare query into a bare matplotlib canvas, in the same process.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton

from carehub.ui import background
from carehub.ui.session import Opened
from carehub.ui.widgets.chart import LongChart
from tests.benchmarks import archive as full
from tests.benchmarks.row import Row
from tests.benchmarks.window import SIZE, Eye, apart, enter, resident, rest, shell_at, wait
from tests.helpers import archives, records

if TYPE_CHECKING:
    from carehub.ui.shell import Shell

ROWS = 1_000_000
ROUNDS = 9
NOW = records.NOON
"""The million readings end here; the process takes it for today."""


def measure() -> Iterator[Row]:
    """Measure in a process of its own, over an archive that is filled first."""
    found = apart("screens", str(ROWS))
    bare, report = statistics.median(found["bare"]), statistics.median(found["report"])
    name = f"one year of {ROWS:,} rows"
    yield Row(f"{name}, queried and drawn", report, "ms", bare, report / bare, "300 ms")
    yield Row(f"{name}, first time", found["first"][0], "ms", bare, found["first"][0] / bare)
    load, bare_load = statistics.median(found["load"]), statistics.median(found["bare_load"])
    yield Row(f"{name}, of that queried and summed up", load, "ms", bare_load, load / bare_load)
    yield Row("memory on home", found["memory_home"][0], "MiB")
    yield Row("memory on report, week", found["memory_week"][0], "MiB")
    yield Row("memory on report, year", found["memory_year"][0], "MiB")


def screens(rows: int) -> dict[str, list[float]]:
    """Measure in this process; milliseconds and MiB."""
    background.now = lambda: NOW
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        _fill_apart(folder, rows)
        with shell_at(folder) as shell:
            made: list[Opened] = []
            shell.background.run(partial(_open, folder), made.append, made.append)
            wait(lambda: bool(made), "the archive")
            enter(shell, made[0])
            rest(3)
            return _looked_at(shell)


def _fill_apart(folder: Path, rows: int) -> None:
    """Fill the archive in another process, so that filling leaves no memory here."""
    apart("screens", "fill", str(folder), str(rows))


def fill(folder: Path, rows: int) -> None:
    """Make an archive of ten people with that many readings over fifteen years."""
    from carehub.archive import people

    archive = archives.new(folder)
    everyone = [records.person(created_at=n) for n in range(full.PEOPLE)]
    with archive.write() as tx:
        for person in everyone:
            people.add(tx, person)
    full._fill(archive, everyone, rows)  # noqa: SLF001 - the same rows as its own figures
    archive.close(NOW)


def _open(folder: Path) -> Opened:
    from carehub.app import App
    from carehub.archive import people, vault
    from carehub.archive.store import Archive
    from carehub.devices.link import Radio

    keys = vault.unlock_with_passphrase(folder, archives.PASSPHRASE)
    archive = Archive.open(folder, keys, NOW)
    with archive.read() as tx:
        first = people.everyone(tx)[0]
    return Opened(App(archive, Radio(), background.now), (first,))


def _looked_at(shell: "Shell") -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"memory_home": [resident()]}
    shell.open("report")
    rest(2)
    found["memory_week"] = [resident()]
    found["first"] = [_chosen(shell, "year")]
    found["report"] = []
    for _ in range(ROUNDS):
        _press(shell, "week")
        rest(0.5)
        found["report"].append(_chosen(shell, "year"))
    found["memory_year"] = [resident()]
    found["load"] = [_loaded(shell) for _ in range(ROUNDS)]
    found |= _bare(shell)
    return found


def _press(shell: "Shell", period: str) -> None:
    button = shell.findChild(QAbstractButton, f"report.period.{period}")
    assert isinstance(button, QAbstractButton)
    button.click()


def _chosen(shell: "Shell", period: str) -> float:
    """Press a period; return the milliseconds until its chart was painted."""
    eye = Eye(lambda w: isinstance(w, LongChart) and w.shown is not None)
    started = time.perf_counter()
    _press(shell, period)
    wait(lambda: eye.seen is not None, "the chart")
    assert eye.seen is not None
    return (eye.seen - started) * 1000


def _loaded(shell: "Shell") -> float:
    """Do in this thread what the page does in the background."""
    page = shell.page
    started = time.perf_counter()
    page.load(shell.visit, NOW)  # type: ignore[union-attr]  # the report is a page with a view
    return (time.perf_counter() - started) * 1000


def _bare(shell: "Shell") -> dict[str, list[float]]:
    """Query a year's points and draw them with matplotlib alone."""
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    from carehub.archive import readings
    from carehub.care.readings import Kind
    from tests.benchmarks.window import wait_painted

    archive, person = shell.visit.archive, shell.visit.person
    assert archive is not None
    assert person is not None
    drawn, queried = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with archive.read() as tx:
            points = readings.points(
                tx, person.id, Kind.BLOOD_PRESSURE, NOW - 365 * records.DAY, NOW
            )
        queried.append((time.perf_counter() - started) * 1000)
        figure = Figure()
        axes = figure.add_subplot()
        for place in (1, 2):
            axes.plot([point[0] for point in points], [point[place] for point in points])
        canvas = FigureCanvasQTAgg(figure)
        canvas.resize(SIZE[0] * 2 // 3, SIZE[1] * 2 // 3)
        canvas.show()
        wait_painted(canvas)
        drawn.append((time.perf_counter() - started) * 1000)
        canvas.close()
        canvas.deleteLater()
    return {"bare": drawn, "bare_load": queried}


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(Path(sys.argv[2]), int(sys.argv[3]))
        print("{}")
    else:
        print(json.dumps(screens(int(sys.argv[1]))))
