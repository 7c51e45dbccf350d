"""One window per person and machine: a second start brings the first one forward and leaves."""

import signal
import sys
import time

import pytest

from tests.neighbours.desk import Desk
from tests.neighbours.reader import Reader, until

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

# Something else that lies over the window; Qt because it is there.
COVER = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
app.setApplicationName("Cover")
words = QLabel("another program")
words.resize(1366, 768)
words.show()
app.exec()
"""


def test_a_second_start_brings_the_first_window_forward(desk: Desk, reader: Reader) -> None:
    first = desk.start(sys.executable, "-m", "carehub")
    reader.find("CareHub")
    assert until(reader.in_front)
    desk.start(sys.executable, "-c", COVER)
    assert until(lambda: not reader.in_front())

    second = desk.carehub()

    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert until(reader.in_front)
    assert first.poll() is None


def test_a_start_after_a_kill_opens_at_once(desk: Desk, reader: Reader) -> None:
    first = desk.start(sys.executable, "-m", "carehub")
    reader.find("CareHub")
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    reader.gone("CareHub")

    again = desk.start(sys.executable, "-m", "carehub")

    reader.find("CareHub")
    time.sleep(1)
    assert again.poll() is None
