"""A QR code, drawn black on white in every palette: cameras read no other."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from carehub.i18n import _
from carehub.ui import paint, theme

QUIET = 4
"""Modules of white around it, as the standard asks."""


class QrCode(QWidget):
    """A text as a QR code, as large as its place allows; what it says stands beside it in letters."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_("The same code, for a camera"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._dots: tuple[tuple[bool, ...], ...] = ()

    def show_text(self, text: str) -> None:
        """Show another text."""
        import segno

        made = segno.make(text, error="m", micro=False)
        self._dots = tuple(tuple(bool(dot) for dot in line) for line in made.matrix)
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme.look().px(260)
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        edge = theme.look().px(180)
        return QSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._dots:
            return
        count = len(self._dots) + 2 * QUIET
        dot = min(self.width(), self.height()) // count
        left, top = (self.width() - dot * count) // 2, (self.height() - dot * count) // 2
        with paint.on(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(Qt.GlobalColor.white))
            painter.drawRect(QRectF(left, top, dot * count, dot * count))
            painter.setBrush(QColor(Qt.GlobalColor.black))
            for y, line in enumerate(self._dots, QUIET):
                for x, on in enumerate(line, QUIET):
                    if on:
                        painter.drawRect(QRectF(left + x * dot, top + y * dot, dot, dot))
