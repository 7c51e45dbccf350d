"""From one person's archive to another's screen: a reading, through a real platform on loopback.

Two windows in this process, each with its archive, its account and its background thread; the
platform has a process of its own. Measured from the act that keeps the reading to the paint that
shows it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QWidget

from carehub import i18n
from carehub.care.consent import Purpose
from tests.benchmarks.row import Row
from tests.benchmarks.window import Eye, apart, share, wait
from tests.helpers.windows import Window, window

READINGS = 100
SITTING = 660_000
"""Milliseconds between two readings: less, and the screen shows the mean of both."""
TARGET = "within seconds"


def measure() -> Iterator[Row]:
    """Measure in a process of its own, which no other benchmark has warmed."""
    took = apart("crossing")["milliseconds"]
    yield Row("a reading crosses, median", share(took, 0.5), "ms", target=TARGET)
    yield Row("a reading crosses, p99", share(took, 0.99), "ms", target=TARGET)
    yield Row("a reading crosses, slowest", max(took), "ms")


@contextmanager
def _platform() -> Iterator[str]:
    words = [sys.executable, "-m", "carehub", "demo", "--serve"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()


def _cross(here: Window, there: Window, person_id: object, systolic: int) -> float:
    """Return the milliseconds from keeping a reading here to painting it there."""
    shown = f"{systolic}/82"

    def fits(painted: QWidget) -> bool:
        return painted.objectName() == "home.pressure.value" and painted.text() == shown  # type: ignore[attr-defined]  # that label has words

    eye = Eye(fits)
    here.now += SITTING
    began = time.perf_counter()
    here.type_in(person_id, systolic, 82)  # type: ignore[arg-type]  # the id of the one person
    wait(lambda: eye.seen is not None, shown, 120)
    assert eye.seen is not None
    eye.deleteLater()
    return (eye.seen - began) * 1000


def main() -> None:
    """Print the milliseconds of each crossing as JSON."""
    import json

    i18n.set_language("en")
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        url = stack.enter_context(_platform())
        began = round(time.time() * 1000) - (READINGS + 4) * SITTING
        here = stack.enter_context(window(place / "here", now=began))
        there = stack.enter_context(window(place / "there", now=began))
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.sign_in(url, "mother", new=True)
        there.sign_in(url, "mother")
        there.until(lambda: there.knows(person_id), "the person")
        there.choose(person_id)
        took = [_cross(here, there, person_id, 110 + n % 20) for n in range(READINGS + 3)]
    print(json.dumps({"milliseconds": took[3:]}))


if __name__ == "__main__":
    main()
