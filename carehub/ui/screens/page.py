"""What every page is: a head, a body, a foot, and a view that is loaded in the background and shown."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background, paint, theme
from carehub.ui.visit import Visit
from carehub.ui.widgets import Chip, PageFoot, PageHeader, UndoBar, column

if TYPE_CHECKING:
    from carehub.ui.shell import Shell

View = TypeVar("View")
Answer = TypeVar("Answer")


class AnyPage(QWidget):
    """What the shell knows of a page, whatever its view is.

    `concerns` are the changes after which it loads again.
    """

    concerns: ClassVar[Changes] = Changes.NONE
    landscape: ClassVar[bool] = False
    locks: ClassVar[bool] = True
    """Whether the idle lock may close this page; a measurement under way says no."""
    can_go_back: ClassVar[bool] = True
    offers_help: ClassVar[bool] = True

    def __init__(self, shell: "Shell") -> None:
        super().__init__()
        self.shell = shell
        self.asked: dict[str, object] = {}
        self.stale = True
        self.came_with = shell.visit
        """Who was here when the page was opened: `back` to it is back to them."""
        self._tasks: list[background.Task] = []
        self._undo: UndoBar | None = None
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.column: QVBoxLayout = column(self, space=theme.look().px(18 if self._roomy else 12))
        sizes = theme.look().sizes
        self.column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, theme.look().px(20))
        self.header = PageHeader(
            self.title(),
            back=shell.back if self.can_go_back else None,
            speak=self.read_aloud if self._roomy else None,
            ask_help=partial(shell.open, "help") if self._roomy and self.offers_help else None,
        )
        self.header.setMinimumHeight(sizes.target)
        self.setAccessibleName(self.title() or _("Home"))
        if shell.visit.caring and shell.visit.person is not None:
            whose = _("{name}'s records").format(name=shell.visit.person.greeting_name)
            self.header.add_left(Chip("header.whose", whose))
        self.body: QVBoxLayout = column(space=sizes.between)
        self.foot = PageFoot(shell.visit.config.helpline)
        self.column.addWidget(self.header)
        self.column.addLayout(self.body, 1)
        self.column.addWidget(self.foot)
        self.build()

    @property
    def _roomy(self) -> bool:
        return theme.look().roomy

    @property
    def visit(self) -> Visit:
        """Return who is here now."""
        return self.shell.visit

    # What a page fills in

    def title(self) -> str:
        """Return the page's title, translated."""
        return ""

    def build(self) -> None:
        """Put widgets into `self.body`."""

    def opened(self, **what: object) -> None:
        """Take what `shell.open` was called with; the default keeps it in `self.asked`."""
        self.asked = what

    def spoken(self) -> list[str]:
        """Return the sentences that read-aloud says; all of them stand on the page."""
        return [self.header.title.text()]

    def left(self) -> None:
        """Be told that the page is going away or is covered by another one."""

    # What a page can do

    def refresh(self) -> None:
        """Read again what the page shows; a page without a view has nothing to read."""
        self.stale = False

    @overload
    def ask(
        self,
        work: Callable[[], Awaitable[Answer]],
        done: Callable[[Answer], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> background.Task: ...

    @overload
    def ask(
        self,
        work: Callable[[], Answer],
        done: Callable[[Answer], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> background.Task: ...

    def ask(
        self,
        work: Callable[[], object],
        done: Callable[..., object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> background.Task:
        """Run `work` in the background; it is dropped when this page goes away."""
        task = self.shell.background.run(work, done, failed)
        self._tasks = [each for each in self._tasks if not each.finished]
        self._tasks.append(task)
        return task

    @property
    def busy(self) -> bool:
        """Tell whether something that was asked for is still under way."""
        return any(not (task.finished or task.cancelled) for task in self._tasks)

    def let_go(self) -> None:
        """Drop what was asked for; called once by the shell before the page is deleted."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def read_aloud(self) -> None:
        """Read this page aloud."""
        self.shell.say(self.spoken())

    def offer_undo(self, text: str, undo: Callable[[], object]) -> None:
        """Say what was done and offer to take it back, until the next offer or until it is closed."""
        self.withdraw_undo()

        def take_back() -> None:
            self.withdraw_undo()
            undo()

        self._undo = UndoBar(text, take_back, self.withdraw_undo)
        self.column.insertWidget(1, self._undo)

    def withdraw_undo(self) -> None:
        """Take the undo bar away."""
        if self._undo is not None:
            self._undo.hide()
            self._undo.deleteLater()
            self._undo = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            painter.fillRect(self.rect(), theme.colour("paper"))
            if self.landscape:
                paint.landscape(painter, QRectF(0, 0, self.width(), theme.look().px(138)))
        self.shell.was_painted()


class Page(AnyPage, Generic[View]):
    """A page with a view: `load` reads it in the background, `show_view` fills the widgets.

    Where people type into what was loaded (`typed_into`), the page stays closed until its view is
    there and reads it once, so that nothing typed is ever overwritten.
    """

    typed_into: ClassVar[bool] = False

    def __init__(self, shell: "Shell") -> None:
        self._loaded_once = False
        super().__init__(shell)

    def load(self, visit: Visit, now: int) -> View:
        """Read the archive and return the view; runs in the background and touches no widget."""
        raise NotImplementedError

    def show_view(self, view: View) -> None:
        """Fill the widgets."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Load again, if there is an archive to load from and nothing is being typed."""
        super().refresh()
        if self.visit.archive is None or (self.typed_into and self._loaded_once):
            return
        self._shut(closed=self.typed_into)
        self.ask(partial(self.load, self.visit, background.now()), self._take_view)

    def _take_view(self, view: View) -> None:
        self._shut(closed=False)
        self._loaded_once = True
        self.show_view(view)

    def _shut(self, *, closed: bool) -> None:
        if not self.typed_into:
            return
        for part in self.children():
            if isinstance(part, QWidget) and part not in (self.header, self.foot):
                part.setDisabled(closed)
