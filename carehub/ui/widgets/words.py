"""Words on the screen: labels with the house's line height that wrap and are never cut off."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from carehub.ui import paint, theme
from carehub.ui.theme import Step

_LONG = 18
"""A wrapping text asks for at most this many ems of width; its layout may give more.

A text that is known to get a wide place sets its own `ems`, else it asks for lines it will not need.
"""


class Words(QLabel):
    """One text of one size; assistive technology reads its text as a label's."""

    def __init__(
        self,
        name: str,
        text: str = "",
        *,
        step: Step = Step.BODY,
        bold: bool = False,
        tone: str = "ink",
        wrap: bool = True,
    ) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(step, bold=bold))
        self.setWordWrap(wrap)
        self.tone = tone
        self.ems: float = _LONG
        across = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Minimum
        policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def flow(self) -> "Words":
        """Ask for no more height than the width in use needs: for texts of several lines."""
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)
        return self

    def set_tone(self, tone: str) -> None:
        """Show the words in another colour token."""
        self.tone = tone
        self.update()

    def _lines(self, width: float | None) -> paint.Lines:
        return paint.Lines(self.text(), self.font(), width)

    def _natural(self) -> float:
        return math.ceil(paint.extent(self.text(), self.font())[0]) + 1

    def sizeHint(self) -> QSize:
        natural = self._natural()
        if not self.wordWrap():
            return QSize(int(natural), self.heightForWidth(int(natural)))
        width = min(natural, self.font().pixelSize() * self.ems)
        return QSize(int(width), self.heightForWidth(int(width)))

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return self.sizeHint()
        word = paint.longest_word(self.text(), self.font()) + 1
        width = min(self._natural(), max(self.font().pixelSize() * 4, word))
        return QSize(math.ceil(width), math.ceil(self.font().pixelSize() * theme.LINE_HEIGHT))

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        within = max(1, width) if self.wordWrap() else None
        return math.ceil(paint.extent(self.text(), self.font(), within)[1])

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            painter.setPen(theme.colour(self.tone))
            box = QRectF(self.contentsRect())
            lines = self._lines(box.width() if self.wordWrap() else None)
            lines.draw(painter, box, self.alignment())


class Heading(Words):
    """A title in bold; `step` Step.DISPLAY for a page's, Step.TITLE for a panel's."""

    def __init__(
        self,
        name: str,
        text: str = "",
        *,
        step: Step = Step.TITLE,
        tone: str = "ink",
        wrap: bool = True,
    ) -> None:
        super().__init__(name, text, step=step, bold=True, tone=tone, wrap=wrap)


class Body(Words):
    """A plain sentence."""

    def __init__(
        self,
        name: str,
        text: str = "",
        *,
        bold: bool = False,
        tone: str = "ink",
        wrap: bool = True,
    ) -> None:
        super().__init__(name, text, bold=bold, tone=tone, wrap=wrap)


class Note(Words):
    """A small line beside the main thing: units, times, footnotes."""

    def __init__(
        self, name: str, text: str = "", *, tone: str = "ink_2", wrap: bool = True
    ) -> None:
        super().__init__(name, text, step=Step.NOTE, tone=tone, wrap=wrap)
