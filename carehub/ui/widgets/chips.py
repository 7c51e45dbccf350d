"""Status chips and marks: a state is always a shape and a word, never only a colour."""

import math
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step


class Status(Enum):
    """The kinds of state: their icon and the tones of their words and ground."""

    OK = ("check", "ok", "ok_ground")
    HIGH = ("high", "warn", "warn_ground")
    LOW = ("low", "warn", "warn_ground")
    WARN = ("warning", "warn", "warn_ground")
    DANGER = ("warning", "danger", "danger_ground")
    INFO = ("info", "ink_2", "surface")

    @property
    def icon(self) -> str:
        """Return the icon's name."""
        return self.value[0]

    @property
    def tone(self) -> str:
        """Return the tone of words and edge."""
        return self.value[1]

    @property
    def ground(self) -> str:
        """Return the tone of the ground."""
        return self.value[2]


class Chip(QLabel):
    """A short state in a pill: 达标 with a check, 偏高 with a triangle."""

    def __init__(self, name: str, text: str = "", status: Status = Status.INFO) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(Step.BODY, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._status = status

    def show_state(self, text: str, status: Status) -> None:
        """Say another state."""
        self._status = status
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lines = paint.Lines(self.text(), self.font())
        high = round(lines.em * 1.86)
        return QSize(math.ceil(lines.width + lines.em * 1.1 + high * 0.86), high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            pen = theme.colour(self._status.tone)
            paint.rounded(painter, box, box.height() / 2, theme.colour(self._status.ground), pen, 2)
            em = self.font().pixelSize()
            left = box.height() * 0.36
            icons.paint(
                painter, self._status.icon, QRectF(left, (box.height() - em) / 2, em, em), pen
            )
            place = box.adjusted(left + em * 1.2, 0, 0, 0)
            paint.words(painter, self.text(), self.font(), place, pen)


class Mark(QLabel):
    """An icon that stands before words; decoration, so it has no name of its own."""

    def __init__(self, name: str, icon: str, *, edge: int = 0, tone: str = "ink_2") -> None:
        super().__init__()
        self.setObjectName(name)
        self._edge = edge or theme.look().sizes.icon
        self._icon_name, self._tone = icon, tone
        self.setFixedSize(self._edge, self._edge)

    def show_icon(self, icon: str, tone: str) -> None:
        """Show another icon."""
        self._icon_name, self._tone = icon, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            icons.paint(painter, self._icon_name, QRectF(self.rect()), theme.colour(self._tone))
