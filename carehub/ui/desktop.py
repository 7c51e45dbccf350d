"""Opens the desktop: one window per machine, joined with archive, radio, notices and demo."""

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from carehub import i18n, paths
from carehub.config import Config
from carehub.ui import demo_pair, theme
from carehub.ui.background import Background
from carehub.ui.clock import now
from carehub.ui.demo_pair import Apart, Daughter, Pair
from carehub.ui.session import Session
from carehub.ui.shell import Shell
from carehub.ui.visit import Visit
from carehub.ui.voice import QtVoice

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.devices.link import Radio
    from carehub.ui.notices import Notices

BACKUP_CHECK_MS = 3_600_000
"""How often it is asked whether the day's backup is due."""

_KNOCK_MS = 500


def main(
    config: Config,
    *,
    demo: bool = False,
    pair: Pair | None = None,
    daughter: Daughter | None = None,
) -> int:
    """Open the window and return the exit code; the caller made sure that there is a screen.

    `pair` says whether the demo shows its two windows; `daughter` makes this one the second.
    """
    _choose_input_method()
    # Qt's multimedia part lists on the terminal what else it could use.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    i18n.set_language(config.language)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("CareHub")
    app.setDesktopFileName("carehub")
    name = "carehub-daughter" if daughter else "carehub-demo" if demo else "carehub"
    door = OneWindow(runtime_folder() / name)
    if not door.first:
        return 0
    theme.apply(app, config.mode, config.palette)
    desktop = Desktop(config, demo=demo)
    door.knocked = desktop.come_forward
    desktop.show(pair, daughter)
    code = app.exec()
    door.close()
    return code


class Desktop(QObject):
    """The window with all that serves it, for as long as it is open."""

    def __init__(self, config: Config, *, demo: bool = False) -> None:
        super().__init__()
        self.background = Background()
        # The settings decide whether notices are read; the button to read a page always does.
        self.shell = Shell(Visit(config=config, demo=demo), self.background, QtVoice())
        self.session = Session(self.shell, paths.archive(), _real_radio)
        self.shell.session = self.session
        self.notices: Notices | None = None
        self._demo = demo
        self._daughter: Daughter | None = None
        self._apart: Apart | None = None
        self._backup = QTimer(self, interval=BACKUP_CHECK_MS)
        self._backup.timeout.connect(self._back_up)
        self.shell.painted.connect(self._after_first_paint)
        self.shell.idle.connect(self.session.lock)
        self.shell.closing.connect(self._close)

    def show(self, pair: Pair | None = None, daughter: Daughter | None = None) -> None:
        """Show the window; what takes long begins after its first paint."""
        self.shell.resize(1366, 768)
        where = None if pair is None else demo_pair.places(pair)
        if daughter is not None:
            self._daughter = daughter
            demo_pair.place_window(self.shell, daughter)
            demo_pair.end_with_mother(self.shell, sys.stdin)
        elif pair is not None and where is not None:
            self._apart = Apart(self.session, where[1], pair.say)
            self.shell.setGeometry(where[0])
            self.shell.show()
        elif self.shell.visit.config.mode == "elder":
            self.shell.showMaximized()
        else:
            self.shell.show()

    def come_forward(self) -> None:
        """Bring the window to the front, because somebody opened the program again."""
        self.shell.showNormal() if self.shell.isMinimized() else self.shell.show()
        self.shell.raise_()
        self.shell.activateWindow()

    def _after_first_paint(self) -> None:
        # The rules of care come with notices; no window waits for them.
        from carehub.ui.notices import Notices
        from carehub.ui.sharing import Sharing

        self.notices = Notices(self.shell)
        self.session.opened.append(self.notices.start)
        self.sharing = Sharing(self.shell)
        self.session.opened.append(self.sharing.start)
        self.background.run(warm)
        self._backup.start()
        if self._daughter is not None:
            demo_pair.open_daughter(self.session, self._daughter, sys.stdout)
        elif self._demo:
            from carehub.ui import demo

            demo.open_household(self.session, self._apart)
        else:
            self.session.begin()

    def _back_up(self) -> None:
        """Make the day's backup, if it is due."""
        archive = self.shell.visit.archive
        if archive is not None:
            self.background.run(partial(_daily_backup, archive))

    def _close(self) -> None:
        self._backup.stop()
        # The last backup of a long archive takes a while; nobody has to watch it.
        self.shell.hide()
        if self.notices is not None:
            self.notices.stop()
        pretend = self.session.pretend
        ends = [each.end for each in (pretend, self._apart) if each is not None]
        last = [*ends, self.session.close]
        self.background.close(wait=30.0, last=last)


async def _daily_backup(archive: "Archive") -> None:
    """Run beside the readers and the radio, for a long archive takes seconds."""
    from carehub.archive import backup

    await asyncio.to_thread(backup.daily, archive, now())


def warm() -> None:
    """Load the heavy libraries, and what the first alert needs, while the person looks at home."""
    import desktop_notifier  # noqa: F401 - loaded for its weight

    import carehub.app
    import carehub.archive.store
    import carehub.ui.screens.alert.screen
    import carehub.workflows.readings  # noqa: F401 - loaded for its weight


def _real_radio() -> "Radio":
    from carehub.devices.link import Radio

    return Radio()


def runtime_folder() -> Path:
    """Return the folder for locks and sockets of this login."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(given) if given and Path(given).is_dir() else paths.state()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class OneWindow(QObject):
    """Holds the place of the one window; a second start knocks at the first and leaves."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.knocked: Callable[[], object] = lambda: None
        self._lock = QLockFile(str(place.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        address = str(place.with_suffix(".socket"))
        self.first = self._lock.tryLock(0)
        if self.first:
            QLocalServer.removeServer(address)
            self._server.newConnection.connect(self._on_knock)
            self._server.listen(address)
        else:
            self._knock(address)

    def _knock(self, address: str) -> None:
        visitor = QLocalSocket()
        visitor.connectToServer(address)
        visitor.waitForConnected(_KNOCK_MS)
        visitor.disconnectFromServer()

    def _on_knock(self) -> None:
        visitor = self._server.nextPendingConnection()
        if visitor is not None:
            visitor.deleteLater()
        QTimer.singleShot(0, self.knocked)

    def close(self) -> None:
        """Give the place up."""
        self._server.close()
        self._lock.unlock()


def _choose_input_method() -> None:
    """Let fcitx5 serve Chinese typing: the Qt wheels have no plugin for it, but ibus' portal works."""
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"
        os.environ["IBUS_USE_PORTAL"] = "1"
