"""Buttons, choices of one among several, and ticks; each shows its focus by a ring inside its edge."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.panel import grid

Kind = Literal["primary", "outline", "danger", "danger_outline", "plain"]
"""Filled jade, jade edge, filled red, red edge, or ink with a neutral edge."""


@dataclass(frozen=True, slots=True)
class _Coat:
    ground: str
    edge: str
    words: str


_COATS: dict[Kind, _Coat] = {
    "primary": _Coat("jade", "jade", "on_tone"),
    "outline": _Coat("surface", "jade", "jade"),
    "danger": _Coat("danger", "danger", "on_tone"),
    "danger_outline": _Coat("surface", "danger", "danger"),
    "plain": _Coat("surface", "line", "ink"),
}
_CHOSEN = _COATS["primary"]

KEYBOARD = Qt.FocusPolicy.TabFocus
"""The ring is for people who use keys: a finger or a mouse presses without moving the focus."""


def _measure(button: QAbstractButton, icon: str) -> QSize:
    sizes = theme.look().sizes
    if not button.text():
        return QSize(sizes.target, sizes.target)
    width = 2 * sizes.gap + math.ceil(paint.extent(button.text(), button.font())[0]) + 1
    if icon:
        width += sizes.icon + sizes.icon // 3
    return QSize(max(sizes.target, width), sizes.target)


def _paint(button: QAbstractButton, icon: str, coat: _Coat) -> None:
    sizes = theme.look().sizes
    with paint.on(button) as painter:
        box = QRectF(button.rect())
        ground, pen = theme.colour(coat.ground), theme.colour(coat.words)
        if not button.isEnabled():
            ground, pen = theme.colour("trough"), theme.colour("ink_2")
        elif button.isDown():
            ground = _pressed(ground)
        edge = theme.colour(coat.edge if button.isEnabled() else "line")
        paint.rounded(painter, box, sizes.corner, ground, edge, 2)
        _inside(painter, button, icon, box, pen)
        if button.hasFocus():
            paint.focus_ring(painter, box, sizes.corner)


def _pressed(ground: QColor) -> QColor:
    return ground.lighter(130) if ground.lightness() < 128 else ground.darker(112)


def _inside(
    painter: QPainter, button: QAbstractButton, icon: str, box: QRectF, pen: QColor
) -> None:
    sizes = theme.look().sizes
    lines = paint.Lines(button.text(), button.font())
    space = sizes.icon // 3 if icon and button.text() else 0
    width = (sizes.icon if icon else 0) + space + (lines.width if button.text() else 0)
    left = box.left() + (box.width() - width) / 2
    if icon:
        top = box.top() + (box.height() - sizes.icon) / 2
        icons.paint(painter, icon, QRectF(round(left), round(top), sizes.icon, sizes.icon), pen)
        left += sizes.icon + space
    painter.setPen(pen)
    place = QRectF(left, box.top(), lines.width, box.height())
    lines.draw(painter, place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Button(QAbstractButton):
    """A button with words, an icon or both; `press` is called when it is pressed.

    A button without words needs `spoken`, its name for assistive technology.
    """

    def __init__(
        self,
        name: str,
        text: str = "",
        *,
        icon: str = "",
        kind: Kind = "outline",
        press: Callable[[], object] | None = None,
        spoken: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setFont(theme.font(Step.STRONG, bold=True))
        self.setFocusPolicy(KEYBOARD)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if spoken:
            self.setAccessibleName(spoken)
        self._icon_name = icon
        self._kind: Kind = kind
        if press is not None:
            self.clicked.connect(lambda *_: press())

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Wear another coat."""
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        return _measure(self, self._icon_name)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint(self, self._icon_name, _COATS[self._kind])


class _Choice(QRadioButton):
    """One of several; filled with a check mark when chosen, so that colour is not the only sign."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setFocusPolicy(KEYBOARD)
        self.setFont(theme.font(Step.STRONG, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _measure(self, "")

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint(self, "", _CHOSEN if self.isChecked() else _COATS["plain"])


class Choices(QWidget):
    """A row of choices of which exactly one, or none yet, is chosen; `chosen` sends its key."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        current: str = "",
        *,
        columns: int = 0,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Choice] = {}
        lines = grid(self)
        for number, (key, text) in enumerate(options):
            button = _Choice(f"{name}.{key}", text)
            button.setChecked(key == current)
            self._group.addButton(button)
            self._buttons[key] = button
            across = columns or len(options)
            lines.addWidget(button, number // across, number % across)
            # Assistive technology toggles a radio button, which sends no `clicked`.
            button.toggled.connect(lambda on, key=key: self._on_toggled(key, on))

    def value(self) -> str:
        """Return the key of what is chosen, or an empty text."""
        keys = [key for key, button in self._buttons.items() if button.isChecked()]
        return keys[0] if keys else ""

    def choose(self, key: str) -> None:
        """Choose `key` without sending it."""
        with QSignalBlocker(self):
            self._buttons[key].setChecked(True)

    def _on_toggled(self, key: str, on: bool) -> None:
        if on:
            self.chosen.emit(key)


class Tick(QCheckBox):
    """Something that is so or not: a big button with a tick box, for ‘choose all that apply’."""

    def __init__(self, name: str, text: str, *, on: bool = False) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setFont(theme.font(Step.STRONG, bold=True))
        self.setChecked(on)
        self.setFocusPolicy(KEYBOARD)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _measure(self, "check")

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        sizes = theme.look().sizes
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            on = self.isChecked()
            ground = theme.colour("ok_ground" if on else "surface")
            edge = theme.colour("jade" if on else "line")
            paint.rounded(painter, box, sizes.corner, ground, edge, 3 if on else 2)
            left, edge_px = sizes.gap * 0.75, sizes.icon
            square = QRectF(left, (box.height() - edge_px) / 2, edge_px, edge_px)
            fill = theme.colour("jade") if on else None
            paint.rounded(painter, square, edge_px * 0.22, fill, edge, 2)
            if on:
                inner = square.adjusted(3, 3, -3, -3)
                icons.paint(painter, "check", inner, theme.colour("on_tone"))
            words = box.adjusted(left + edge_px * 1.4, 0, 0, 0)
            paint.words(painter, self.text(), self.font(), words, theme.colour("ink"))
            if self.hasFocus():
                paint.focus_ring(painter, box, sizes.corner)
