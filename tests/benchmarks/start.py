"""From starting Python to the elder's home on the screen, and its memory, beside a bare window."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.row import Row

ROUNDS = 7
ROOT = Path(__file__).resolve().parents[2]

# Each program writes one line at its first paint: its resident memory in kB. The clock is outside.
_TELL = """
def told():
    text = open("/proc/self/status", encoding="ascii").read() if sys.platform == "linux" else ""
    kept = [line.split()[1] for line in text.splitlines() if line.startswith("VmRSS")]
    sys.stdout.write((kept or ["0"])[0] + "\\n")
    sys.stdout.flush()
    os._exit(0)
"""

BARE = (
    """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
"""
    + _TELL
    + """
class Bare(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, told)

app = QApplication([])
window = Bare()
window.setCentralWidget(QLabel("CareHub"))
window.resize(1366, 768)
window.show()
app.exec()
"""
)

HOME = (
    """
import os, sys
from carehub import i18n
from carehub.config import Config
"""
    + _TELL
    + """
from carehub.ui import desktop, theme
from PySide6.QtWidgets import QApplication
config = Config()
i18n.set_language(config.language)
app = QApplication([])
theme.apply(app, config.mode, config.palette)
from carehub.ui.background import Background
from carehub.ui.screens.home.samples import good
from carehub.ui.screens.sample import sample_visit
from carehub.ui.shell import Shell
shell = Shell(sample_visit(config), Background())
shell.resize(1366, 768)
page = shell.start("home")
page.show_view(good())
shell.painted.connect(told)
shell.show()
app.exec()
"""
)


def _once(program: str, bytecode: str) -> tuple[float, float]:
    env = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = bytecode  # an installed program has its bytecode
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return time.perf_counter() - started, int(done.stdout) / 1024


def measure() -> list[Row]:
    """Start both in turn, seven times each, and compare the medians."""
    bare, home = [], []
    with TemporaryDirectory() as bytecode:
        for program in (BARE, HOME):
            _once(program, bytecode)  # the first start reads the disk and compiles
        for _ in range(ROUNDS):
            bare.append(_once(BARE, bytecode))
            home.append(_once(HOME, bytecode))
    seconds = [statistics.median(run[0] for run in runs) for runs in (home, bare)]
    memory = [statistics.median(run[1] for run in runs) for runs in (home, bare)]
    return [
        Row("start to elder home", seconds[0], "s", seconds[1], seconds[0] / seconds[1], "2 s, 2x"),
        Row("memory on home", memory[0], "MiB", memory[1], memory[0] / memory[1]),
    ]
