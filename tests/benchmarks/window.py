"""The real window over a real archive without a screen, for benchmarks that look at what is painted.

Each benchmark of the window runs in a process of its own: `apart` starts it and reads its figures.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from carehub import i18n
from carehub.config import Config
from carehub.ui import desktop, theme
from carehub.ui.background import Background
from carehub.ui.session import Opened, Session
from carehub.ui.shell import Shell
from carehub.ui.visit import Visit

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1366, 768)


def apart(module: str, *words: str, seconds: float = 600) -> dict[str, list[float]]:
    """Run `python -m tests.benchmarks.<module> words` and return the figures it prints as JSON."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "CAREHUB_APART": "1"}
    env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/carehub"
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    figures: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def shell_at(folder: Path) -> Iterator[Shell]:
    """Show the elder's window as the desktop joins it, with nothing open yet."""
    config = Config(voice=False)
    i18n.set_language(config.language)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, config.mode, config.palette)
    shell = Shell(Visit(config=config), Background())
    shell.session = Session(shell, folder, _no_radio)
    shell.painted.connect(lambda: shell.background.run(desktop.warm))
    shell.resize(*SIZE)
    shell.show()
    try:
        yield shell
    finally:
        shell.close()
        shell.background.close(wait=60, last=[shell.session.close])


def _no_radio() -> object:
    raise LookupError("this benchmark has no radio")


def enter(shell: Shell, opened: Opened) -> None:
    """Open an archive as the first of its people, and wait for home."""
    shell.session.use(opened)
    wait(lambda: shell.page is not None and shell.visit.person is not None, "the archive")
    assert shell.page is not None
    wait_painted(shell.page)


def wait(true: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Let the window live until something holds; raises TimeoutError with `what` did not come."""
    deadline = time.perf_counter() + seconds
    loop, look = QEventLoop(), QTimer()

    def see() -> None:
        if true() or time.perf_counter() > deadline:
            loop.quit()

    look.timeout.connect(see)
    look.start(5)
    loop.exec()
    if not true():
        raise TimeoutError(f"waited in vain for {what}")


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait_painted(widget: QWidget) -> None:
    """Wait until a widget was painted once more."""
    eye = Eye(lambda painted: painted is widget)
    widget.update()
    wait(lambda: eye.seen is not None, widget.objectName())


class Eye(QObject):
    """Notes when the first widget that fits was painted; `seen` is `perf_counter`, or None."""

    def __init__(self, fits: Callable[[QWidget], bool]) -> None:
        super().__init__()
        self._fits = fits
        self.seen: float | None = None
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        """Look at each paint event; what it painted is there when the events behind it are done."""
        painted = event.type() is QEvent.Type.Paint and isinstance(watched, QWidget)
        if self.seen is None and painted and self._fits(watched):
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        if self.seen is None:
            self.seen = time.perf_counter()


def resident() -> float:
    """Return this process's resident memory in MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    rows = status.read_text(encoding="ascii").splitlines()
    kept = next((row for row in rows if row.startswith("VmRSS")), "VmRSS: 0")
    return int(kept.split()[1]) / 1024


def share(values: list[float], part: float) -> float:
    """Return the value below which `part` of all lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
