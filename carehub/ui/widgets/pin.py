"""Six dots over a number pad: typing a PIN that nobody can read over the shoulder."""

from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from carehub.i18n import _
from carehub.ui import paint, theme
from carehub.ui.widgets.keypad import BACK, CLEAR, Keypad
from carehub.ui.widgets.panel import column

DIGITS = 6


class PinDots(QLabel):
    """How many digits were typed, and not which."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Fill the first `count` dots."""
        self._count = count
        self.setAccessibleName(
            _("{count} of {total} digits typed").format(count=count, total=DIGITS)
        )
        self.update()

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(round(body * 2.0 * DIGITS), round(body * 1.5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            step = self.width() / DIGITS
            edge = min(self.height() - 4, theme.look().sizes.body * 1.2)
            for number in range(DIGITS):
                left = step * number + (step - edge) / 2
                box = QRectF(left, (self.height() - edge) / 2, edge, edge)
                full = number < self._count
                ground = theme.colour("jade" if full else "surface")
                rim = theme.colour("jade" if full else "line")
                paint.rounded(painter, box, edge / 2, ground, rim, 3)


class PinPad(QWidget):
    """The dots and the pad; `filled` sends the six digits once, then waits for `clear`."""

    filled = Signal(str)
    touched = Signal()
    _KEYS: ClassVar[dict[int, str]] = {Qt.Key.Key_Backspace: BACK, Qt.Key.Key_Delete: CLEAR}

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._typed = ""
        self.dots = PinDots(f"{name}.dots")
        self.keys = Keypad(f"{name}.keys")
        self.keys.typed.connect(self.type_key)
        lines = column(self, space=theme.look().sizes.gap)
        lines.addWidget(self.dots, 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addWidget(self.keys, 1)

    def clear(self) -> None:
        """Forget what was typed."""
        self._typed = ""
        self.dots.show_count(0)

    def type_key(self, key: str) -> None:
        """Take one key of the pad or of the keyboard."""
        if not self.isEnabled():
            return
        before = self._typed
        if key == CLEAR:
            self._typed = ""
        elif key == BACK:
            self._typed = before[:-1]
        elif len(before) < DIGITS:
            self._typed = before + key
        self.dots.show_count(len(self._typed))
        self.touched.emit()
        if len(self._typed) == DIGITS and self._typed != before:
            self.filled.emit(self._typed)

    def take(self, event: QKeyEvent) -> bool:
        """Take a key of the keyboard, pressed anywhere on the page; False where it is not ours."""
        key = self._KEYS.get(event.key(), event.text())
        if key not in (BACK, CLEAR) and not (len(key) == 1 and key in "0123456789"):
            return False
        self.type_key(key)
        return True
