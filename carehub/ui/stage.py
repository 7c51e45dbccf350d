"""The place of the page in the window: as large as the window, and scrollable where that is too small.

A page's needs never make the window larger than a small screen, so nothing is out of reach there.
"""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget


def least_size(page: QWidget, width: int) -> QSize:
    """Return the size below which a page that is `width` wide would cut something off."""
    layout = page.layout()
    if layout is None:
        return page.minimumSizeHint()
    least = layout.totalMinimumSize()
    across = max(width, least.width())
    tall = layout.totalMinimumHeightForWidth(across) if layout.hasHeightForWidth() else 0
    return QSize(least.width(), max(least.height(), tall))


class _Pages(QStackedWidget):
    """The pages; tells when one of them wants another size."""

    def __init__(self, stage: "Stage") -> None:
        super().__init__()
        self._stage = stage
        self.setObjectName("pages")

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._stage.fit()
        return done


class Stage(QScrollArea):
    """Shows one page of several; put them into `pages`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(480, 360)
        self.pages = _Pages(self)
        self.setWidget(self.pages)
        self.pages.currentChanged.connect(lambda *_: self.fit())

    def fit(self) -> None:
        """Give the page the window's size, or what it needs where that is more."""
        page = self.pages.currentWidget()
        if page is None:
            return
        room = self.maximumViewportSize()
        least = least_size(page, room.width())
        if least.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
            least = least_size(page, room.width())
        self.pages.resize(room.expandedTo(least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
