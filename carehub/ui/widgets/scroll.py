"""A scrolling area that needs no swipe: wide bar, and buttons that turn a whole page."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.widgets.buttons import Button
from carehub.ui.widgets.panel import column, row


class Scroll(QWidget):
    """Put things into `inside`; where they do not fit, a bar and two buttons appear beside them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._area = QScrollArea()
        self._area.setObjectName(f"{name}.area")
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setObjectName("scrolled")
        self.inside: QVBoxLayout = column(content)
        self._area.setWidget(content)
        self._rail = self._make_rail(name)
        across = row(self)
        across.addWidget(self._area, 1)
        across.addWidget(self._rail)
        self._bar().rangeChanged.connect(lambda *_: self._fit())
        self._bar().valueChanged.connect(lambda *_: self._fit())
        self._fit()

    def _bar(self) -> QScrollBar:
        return self._area.verticalScrollBar()

    def _make_rail(self, name: str) -> QWidget:
        rail = QWidget(self)
        rail.setFixedWidth(theme.look().sizes.target)
        lines = column(rail)
        self._up = Button(
            f"{name}.up", icon="up", kind="plain", spoken=_("Page up"), press=lambda: self.turn(-1)
        )
        self._down = Button(
            f"{name}.down",
            icon="down",
            kind="plain",
            spoken=_("Page down"),
            press=lambda: self.turn(1),
        )
        shown = self._shown = QScrollBar(Qt.Orientation.Vertical)
        shown.setObjectName(f"{name}.bar")
        shown.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        bar = self._bar()
        bar.rangeChanged.connect(shown.setRange)
        bar.valueChanged.connect(shown.setValue)
        shown.valueChanged.connect(bar.setValue)
        lines.addWidget(self._up)
        lines.addWidget(shown, 1, Qt.AlignmentFlag.AlignHCenter)
        lines.addWidget(self._down)
        return rail

    def turn(self, pages: int) -> None:
        """Move by `pages`, keeping a little of what was seen before."""
        bar = self._bar()
        bar.setValue(bar.value() + round(pages * bar.pageStep() * 0.85))

    def to_top(self) -> None:
        """Show the beginning."""
        self._bar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        bar = self._bar()
        self._shown.setPageStep(bar.pageStep())
        self._rail.setVisible(bar.maximum() > bar.minimum())
        self._up.setEnabled(bar.value() > bar.minimum())
        self._down.setEnabled(bar.value() < bar.maximum())

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Keep what has the focus in view."""
        moved = super().focusNextPrevChild(next)
        focused = self.focusWidget()
        if self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)
        return moved
