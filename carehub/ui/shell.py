"""The window: one page at a time, notices above it, and everything a page asks of its surroundings."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget

from carehub import paths
from carehub.care.changes import Changes
from carehub.config import Config
from carehub.errors import ArchiveDamaged, CareHubError
from carehub.i18n import _
from carehub.ui import navigation, theme
from carehub.ui.background import Background
from carehub.ui.navigation import HOME, Way
from carehub.ui.noticeboard import NoticeBoard
from carehub.ui.screens.page import AnyPage
from carehub.ui.stage import Stage
from carehub.ui.visit import Visit
from carehub.ui.voice import SilentVoice, Voice
from carehub.ui.widgets import Status, column
from carehub.ui.widgets.banners import Act

if TYPE_CHECKING:
    from carehub.ui.session import Session

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin})


class Shell(QMainWindow):
    """The main window; pages know nothing of each other and reach everything through it.

    `painted` is sent once after the first paint (the time for heavy imports), `idle` when nobody
    touched anything for the minutes in the settings, `closing` before the window goes.
    """

    session: "Session"
    """What unlocks, locks and chooses people; the desktop sets it before the first page."""
    painted = Signal()
    idle = Signal()
    closing = Signal()
    visit_changed = Signal(object)

    def __init__(
        self,
        visit: Visit,
        background: Background,
        voice: Voice | None = None,
        *,
        follow_size: bool = True,
    ) -> None:
        super().__init__()
        self.visit = visit
        self.background = background
        self.voice: Voice = voice or SilentVoice()
        self._way = Way()
        self._follow_size = follow_size
        self._painted = False
        self.setObjectName("carehub")
        self.setWindowTitle("CareHub")
        self.setWindowIcon(QIcon(str(paths.resources() / "carehub.svg")))
        self._build()
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._on_idle)
        self._watch_idle()
        background.changed.connect(self._on_changed)
        background.failed.connect(self.show_error)

    def _build(self) -> None:
        middle = QWidget()
        middle.setObjectName("paper")
        lines = column(middle, space=0)
        self._board = NoticeBoard()
        self._stage = Stage()
        self._stack = self._stage.pages
        lines.addWidget(self._board)
        lines.addWidget(self._stage, 1)
        self.setCentralWidget(middle)
        for key, act in (("F11", self._toggle_full), ("Alt+Left", self.back), ("Esc", self.back)):
            QShortcut(QKeySequence(key), self, activated=act)  # type: ignore[call-overload]  # PySide's stubs lack keyword signals

    # Pages

    @property
    def page(self) -> AnyPage | None:
        """Return the page on the screen."""
        return self._way.here

    @property
    def beneath(self) -> AnyPage | None:
        """Return the page that `back` would show, if there is one."""
        return self._way.pages[-2] if len(self._way.pages) > 1 else None

    def make(self, name: str) -> AnyPage:
        """Make the page `name` without showing it."""
        return navigation.page_class(name)(self)

    def open(self, name: str, **what: object) -> AnyPage:
        """Show the page `name`, telling it `what`; the page before stays beneath for `back`."""
        if name == HOME and self._way.pages:
            return self.home()
        page = self.make(name)
        page.opened(**what)
        return self.place(page, load=True)

    def place(self, page: AnyPage, *, load: bool = False) -> AnyPage:
        """Put a page that was made before on the screen."""
        self.hush()
        if self.page is not None:
            self.page.left()
        page.came_with = self.visit
        self._way.go(page)
        self._stack.addWidget(page)
        self._raise(page)
        if load:
            page.refresh()
        return page

    def _raise(self, page: AnyPage) -> None:
        """Show the page; it has the focus itself, not its first button, unless it chose a place."""
        chosen = cast("QWidget | None", page.focusWidget())  # None where no child ever had it
        self._stack.setCurrentWidget(page)
        (page if chosen is None else chosen).setFocus()

    def instead(self, name: str, **what: object) -> AnyPage:
        """Show the page `name` in the place of the one on the screen, which does not come back."""
        gone = self._way.pages.pop() if self._way.pages else None
        page = self.make(name)
        page.opened(**what)
        self.place(page, load=True)
        if gone is not None:
            self._drop(gone)
        return page

    def start(self, name: str, **what: object) -> AnyPage:
        """Forget all pages and show `name` as the first one: after unlocking, locking, first run."""
        page = self.make(name)
        page.opened(**what)
        return self.start_with(page, load=True)

    def start_with(self, page: AnyPage, *, load: bool = False) -> AnyPage:
        """Forget all pages and show one that was made before."""
        gone = self._way.clear()
        self.place(page, load=load)
        for each in gone:
            self._drop(each)
        return page

    def back(self) -> None:
        """Return to the page before; on the first page nothing happens."""
        here = self.page
        if here is None or not here.can_go_back:
            return
        gone = self._way.back()
        if gone is not None:
            self._drop(gone)
            self._uncover()
        elif not isinstance(here, navigation.page_class(HOME)):
            self.start(HOME)

    def home(self) -> AnyPage:
        """Return to the home page."""
        if not self._way.pages or not isinstance(self._way.pages[0], navigation.page_class(HOME)):
            if self._way.pages:
                self._be_back_with(self._way.pages[0])
            return self.start(HOME)
        while len(self._way.pages) > 1:
            self._drop(self._way.pages.pop())
        self._uncover()
        return self._way.pages[0]

    def _uncover(self) -> None:
        here = self.page
        if here is None:
            return
        self._be_back_with(here)
        self._raise(here)
        if here.stale:
            here.refresh()

    def _be_back_with(self, page: AnyPage) -> None:
        """Be back with the person whose page this was: after looking after somebody else."""
        came, here = page.came_with, self.visit
        if self.looking_after and here.person != came.person and not came.caring:
            self.set_visit(replace(came, config=here.config))
            self.session.again()

    def leave_cared(self) -> bool:
        """Go back to the last page that was not about somebody cared for; False where there is none."""
        while len(self._way.pages) > 1 and self._way.pages[-1].came_with.caring:
            self._drop(self._way.pages.pop())
        here = self.page
        if here is None or here.came_with.caring:
            return False
        self._uncover()
        return True

    @property
    def looking_after(self) -> bool:
        """Tell whether the records on the screen are those of somebody cared for."""
        return bool(self.visit.caring)

    def _drop(self, page: AnyPage) -> None:
        self.hush()
        page.left()
        page.let_go()
        self._stack.removeWidget(page)
        page.deleteLater()

    def _on_changed(self, changes: Changes) -> None:
        for page in self._way.pages:
            page.stale = page.stale or bool(page.concerns & changes)
        if self.page is not None and self.page.stale:
            self.page.refresh()

    # Who is here

    def set_visit(self, visit: Visit) -> None:
        """Put another visit in force: unlocked, locked, another person; pages load again."""
        self.visit = visit
        self._watch_idle()
        self.visit_changed.emit(visit)
        for page in self._way.pages:
            page.stale = True

    def set_config(self, config: Config) -> None:
        """Put other settings in force; where the look or the language changed, pages are rebuilt."""
        before = self.visit.config
        self.set_visit(replace(self.visit, config=config))
        looks = ("language", "mode", "palette", "helpline")
        if any(getattr(before, each) != getattr(config, each) for each in looks):
            self.restyle()

    def restyle(self) -> None:
        """Build the pages again in the look that the settings and the window's size ask for."""
        config = self.visit.config
        scale = theme.scale_for(self.width(), self.height()) if self._follow_size else 1.0
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, config.mode, config.palette, scale)
        self._board.fit()
        gone = self._way.clear()
        for page in gone:
            self._again(page)
        for page in gone:
            self._drop(page)

    def _again(self, page: AnyPage) -> None:
        fresh = type(page)(self)
        fresh.opened(**page.asked)
        self.place(fresh, load=True)
        fresh.came_with = page.came_with

    # Notices, errors, voice

    def show_notice(
        self,
        key: str,
        text: str,
        status: Status = Status.INFO,
        acts: tuple[Act, ...] = (),
        closed: Callable[[], object] | None = None,
    ) -> None:
        """Show one sentence above the page until a person closes it; the same `key` replaces it."""
        self._board.put(key, text, status, acts, closed)

    def drop_notice(self, key: str) -> None:
        """Take the notice `key` away, if it is there."""
        self._board.take(key)

    def show_error(self, error: BaseException) -> None:
        """Say in one sentence what went wrong; the one place where errors reach a person.

        Where records can no longer be read, the way to their backups stands beside it.
        """
        if isinstance(error, CareHubError):
            sentence = error.sentence()
        else:
            sentence = _("Something went wrong. Nothing you saved is lost; please try again.")
        act = ("error.restore", _("Restore"), self._mend)
        acts = (act,) if isinstance(error, ArchiveDamaged) and self.visit.archive else ()
        self.show_notice("error", sentence, Status.WARN, acts=acts)

    def _mend(self) -> None:
        """Leave a damaged archive alone and show what it can be restored from."""
        self.drop_notice("error")
        self.set_visit(Visit(config=self.visit.config, demo=self.visit.demo))
        self.start("restore")

    def say(self, sentences: list[str]) -> None:
        """Read sentences aloud; where there is no voice, say so on the screen."""
        try:
            self.voice.say(sentences)
        except CareHubError as error:
            self.show_error(error)

    def hush(self) -> None:
        """Stop reading aloud."""
        self.voice.hush()

    # The window

    def _watch_idle(self) -> None:
        minutes = self.visit.config.lock_minutes
        app = QApplication.instance()
        if app is None:
            return
        app.removeEventFilter(self)
        self._idle.stop()
        if minutes and self.visit.archive is not None:
            app.installEventFilter(self)
            self._idle.start(minutes * 60_000)

    def _on_idle(self) -> None:
        if self.page is not None and not self.page.locks:
            self._idle.start()
            return
        self.idle.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Start the idle time again at each touch."""
        if event.type() in _TOUCHES and self._idle.isActive():
            self._idle.start()
        return False

    def _toggle_full(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = theme.scale_for(self.width(), self.height())
        if self._follow_size and self.isVisible() and wanted != theme.look().scale:
            QTimer.singleShot(0, self, self._restyle_if_needed)

    def _restyle_if_needed(self) -> None:
        changed = theme.scale_for(self.width(), self.height()) != theme.look().scale
        if changed and not any(self._busy(page) for page in self._way.pages):
            self.restyle()

    @staticmethod
    def _busy(page: AnyPage) -> bool:
        """Tell whether building the page again would lose a measurement or what somebody typed."""
        return not page.locks or any(line.text() for line in page.findChildren(QLineEdit))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.was_painted()

    def was_painted(self) -> None:
        """Be told that the window or its page drew itself; the first time, `painted` follows."""
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press what has the focus, as people expect of a button."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and hasattr(focus, "animateClick"):
            focus.animateClick()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hush()
        self._idle.stop()
        for page in self._way.pages:
            page.left()
            page.let_go()
        self.closing.emit()
        super().closeEvent(event)
