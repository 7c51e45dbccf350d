"""The number pad: large keys for typing without a keyboard."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from carehub.i18n import _
from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.buttons import KEYBOARD
from carehub.ui.widgets.fields import BigField
from carehub.ui.widgets.panel import grid

BACK = "back"
CLEAR = "clear"


class _Key(QAbstractButton):
    def __init__(self, name: str, text: str, spoken: str = "", icon: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        step = Step.DISPLAY if len(text) == 1 else Step.TITLE
        self.setFont(theme.font(step, bold=True))
        # So the field keeps the focus, and its ring says where one types.
        self.setFocusPolicy(KEYBOARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if spoken:
            self.setAccessibleName(spoken)
        self._icon_name = icon

    def sizeHint(self) -> QSize:
        target = theme.look().sizes.target
        return QSize(round(target * 1.8), round(target * 1.3))

    def minimumSizeHint(self) -> QSize:
        target = theme.look().sizes.target
        return QSize(round(target * 1.4), target)

    def paintEvent(self, _event: QPaintEvent) -> None:
        sizes = theme.look().sizes
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            ground = theme.colour("trough" if self.isDown() else "surface")
            paint.rounded(painter, box, sizes.corner, ground, theme.colour("line"), 2)
            pen = theme.colour("ink")
            if self._icon_name:
                half = sizes.body * 0.92
                place = QRectF(box.center() - QPointF(half, half), QSize(1, 1).toSizeF() * half * 2)
                icons.paint(painter, self._icon_name, place, pen)
            else:
                paint.words(
                    painter, self.text(), self.font(), box, pen, Qt.AlignmentFlag.AlignHCenter
                )
            if self.hasFocus():
                paint.focus_ring(painter, box, sizes.corner)


class Keypad(QWidget):
    """Twelve keys; `typed` sends "0".."9", ".", "back" or "clear".

    With `decimal` the lower left key is the point, and a long text is cleared with the back key.
    """

    typed = Signal(str)

    def __init__(self, name: str, *, decimal: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        last = ("point", ".", _("Point"), "") if decimal else (CLEAR, _("Clear"), "", "")
        keys = [(digit, digit, "", "") for digit in "123456789"]
        keys += [last, ("0", "0", "", ""), (BACK, "", _("Delete the last one"), "backspace")]
        lines = grid(self, space=max(8, round(theme.look().sizes.between * 0.86)))
        for number, (key, text, spoken, icon) in enumerate(keys):
            button = _Key(f"{name}.{key}", text, spoken, icon)
            sent = "." if key == "point" else key
            button.clicked.connect(lambda *_, sent=sent: self.typed.emit(sent))
            lines.addWidget(button, number // 3, number % 3)

    def feed(self, field: BigField) -> None:
        """Type into `field` from now on instead of the field before."""
        if self.receivers("2typed(QString)"):
            self.typed.disconnect()
        self.typed.connect(field.type_key)
