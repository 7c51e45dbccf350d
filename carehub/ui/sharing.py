"""Keeps the open archive in exchange with its platform, and says what a person must know of it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background
from carehub.ui.widgets import Status

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.care.alerts import Notice
    from carehub.sync.client import Client
    from carehub.ui.shell import Shell
    from carehub.workflows.live import Live

KEY = "sharing"
"""The one notice about sharing: the newest thing to know stands in the place of the last."""


class Sharing(QObject):
    """Runs the exchange on the background thread for as long as an archive is open.

    It goes on behind the screen's lock, as alerts do, and ends with the archive or the window.
    `connect` makes the client of the platform at an address; None is the network.
    """

    def __init__(self, shell: "Shell", connect: "Callable[[str], Client] | None" = None) -> None:
        super().__init__(shell)
        self.shell = shell
        self._connect = connect
        self._task: background.Task | None = None
        self._known = ""
        shell.background.changed.connect(self._on_changed)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._on_state)

    def start(self, _first: "Sequence[Notice]" = ()) -> None:
        """Begin, after an archive was opened."""
        self.stop()
        archive = self.shell.visit.archive
        if archive is not None:
            self._task = self.shell.background.run(partial(self._go_on, archive))

    def stop(self) -> None:
        """End at once; what is on the way is asked for again the next time."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _go_on(self, archive: "Archive") -> None:
        import asyncio

        # What it needs weighs half a second, and home is being read on this thread.
        live = await asyncio.to_thread(self._make, archive)
        self.shell.session.live = live
        try:
            await live.go_on()
        finally:
            if self.shell.session.live is live:
                self.shell.session.live = None

    def _make(self, archive: "Archive") -> "Live":
        from carehub.workflows.live import Live, Outside, client_of

        outside = Outside(background.now, self._connect or client_of)
        return Live(archive, outside, self.shell.background.announce)

    def _on_changed(self, changes: Changes) -> None:
        if changes & ~Changes.SHARING and self._task is not None:
            self.shell.background.run(self._wake)
        if changes & (Changes.SHARING | Changes.FAMILY):
            self._look()

    def _wake(self) -> None:
        live = self.shell.session.live
        if live is not None:
            live.wake_if_waiting()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        live = self.shell.session.live
        if live is not None:
            live.show_in_front(in_front=state is Qt.ApplicationState.ApplicationActive)

    # What a person must know, wherever they are

    def _look(self) -> None:
        archive = self.shell.visit.archive
        if archive is not None and self.shell.visit.person is not None:
            self.shell.background.run(partial(_to_know, archive), self._show)

    def _show(self, found: str) -> None:
        """Say it once: what was said and closed is not said again until it is something else."""
        if found == self._known:
            return
        self._known = found
        if not found:
            self.shell.drop_notice(KEY)
        elif self.shell.visit.person is not None:
            act = ("notice.sharing", _("Have a look"), self._open)
            self.shell.show_notice(KEY, found, Status.WARN, acts=(act,))

    def _open(self) -> None:
        self.shell.drop_notice(KEY)
        if self.shell.visit.person is not None:
            self.shell.open("sync")


def _to_know(archive: "Archive") -> str:
    from carehub.ui.screens.sync.model import to_know
    from carehub.workflows import sync

    return to_know(sync.status(archive), background.now())
