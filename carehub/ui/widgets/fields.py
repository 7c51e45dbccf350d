"""Fields to type into: a caption above, large letters, and a line below that says what is wrong."""

from datetime import date

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QIntValidator, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from carehub.i18n import _
from carehub.ui import paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.panel import column, row
from carehub.ui.widgets.words import Body, Note, Words


class _Typed(QLineEdit):
    """A line that shows its focus by the same ring as every button."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with paint.on(self) as painter:
                paint.focus_ring(painter, QRectF(self.rect()), theme.field_corner())


class _Line(_Typed):
    def __init__(self, name: str, step: Step, *, bold: bool = False, chars: int = 0) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFont(theme.font(step, bold=bold))
        self._chars = chars
        across = QSizePolicy.Policy.Fixed if chars else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        em = self.font().pixelSize()
        sizes = theme.look().sizes
        high = max(sizes.target, round(em * 1.75))
        width = round(em * 0.62 * self._chars) + sizes.gap + 12 if self._chars else em * 10
        return QSize(width, high)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return hint if self._chars else QSize(hint.width() // 2, hint.height())


class _Captioned(QWidget):
    """A caption, something to fill in, and a line for what is wrong with it."""

    def __init__(self, name: str, caption: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.caption = Body(f"{name}.caption", caption)
        self.trouble = Note(f"{name}.trouble", tone="danger")
        self.trouble.hide()
        self.column = column(self, space=max(6, theme.look().sizes.gap // 3))
        self.column.addWidget(self.caption)

    def complain(self, sentence: str) -> None:
        """Show what is wrong, or nothing where `sentence` is empty."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))


class TextField(_Captioned):
    """One line of text with its caption; `edited` sends each change."""

    edited = Signal(str)

    def __init__(
        self, name: str, caption: str, *, text: str = "", hint: str = "", secret: bool = False
    ) -> None:
        super().__init__(name, caption)
        self.line = _Line(f"{name}.line", Step.STRONG)
        self.line.setText(text)
        self.line.setPlaceholderText(hint)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.textChanged.connect(self.edited)
        self.caption.setBuddy(self.line)
        self.setFocusProxy(self.line)
        self.column.addWidget(self.line)
        self.column.addWidget(self.trouble)

    def value(self) -> str:
        """Return what was typed, without spaces at its ends."""
        return self.line.text().strip()


_ROOM = {"year": 4, "month": 2, "day": 2}


class DateField(_Captioned):
    """A day as three numbers, year month day, which is easier than a calendar."""

    edited = Signal()

    def __init__(self, name: str, caption: str, *, value: date | None = None) -> None:
        super().__init__(name, caption)
        parts = (
            ("year", _("Year"), 4, (1900, 2100), value.year if value else None),
            ("month", _("Month"), 2, (1, 12), value.month if value else None),
            ("day", _("Day"), 2, (1, 31), value.day if value else None),
        )
        line = row(space=theme.look().sizes.gap // 2)
        self._lines: dict[str, QLineEdit] = {}
        for key, text, chars, (least, most), number in parts:
            box = _Line(f"{name}.{key}", Step.STRONG, chars=chars + 1)
            box.setMaxLength(chars)
            box.setValidator(QIntValidator(least, most, box))
            box.setText("" if number is None else str(number))
            box.textChanged.connect(lambda *_: self.edited.emit())
            unit = Words(f"{name}.{key}.unit", text, wrap=False)
            unit.setBuddy(box)
            box.setAccessibleName(f"{caption} {text}")
            self._lines[key] = box
            line.addWidget(box)
            line.addWidget(unit)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addWidget(self.trouble)

    def value(self) -> date | None:
        """Return the day, or None where it is empty or there is no such day."""
        try:
            year, month, day = (int(box.text()) for box in self._lines.values())
            return date(year, month, day)
        except ValueError:
            return None

    def empty(self) -> bool:
        """Tell whether nothing was typed."""
        return not any(box.text() for box in self._lines.values())

    def show_day(self, value: date | None) -> None:
        """Fill the boxes in, or empty them."""
        for part, box in self._lines.items():
            box.setText("" if value is None else str(getattr(value, part)))

    def boxes(self) -> tuple[QLineEdit, ...]:
        """Return the three boxes, the year first."""
        return tuple(self._lines.values())

    def type_key(self, key: str) -> None:
        """Take a key of a Keypad: digits fill the boxes from the left, "back" empties the last one."""
        filled = [box for box in self._lines.values() if box.text()]
        if key == "clear":
            self.show_day(None)
        elif key == "back" and filled:
            filled[-1].setText(filled[-1].text()[:-1])
        elif key.isdecimal():
            room = [b for part, b in self._lines.items() if not self._full(part, b.text())]
            if room:
                room[0].setText(room[0].text() + key)

    @staticmethod
    def _full(part: str, text: str) -> bool:
        """Tell whether a box takes no more: month 4 or day 5 needs no second digit."""
        single = {"month": "23456789", "day": "456789"}.get(part, "")
        return len(text) >= _ROOM[part] or (len(text) == 1 and text in single)


class BigField(_Typed):
    """A large number that a Keypad or a keyboard types; digits and at most one point."""

    def __init__(self, name: str, *, spoken: str, longest: int = 3, decimal: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFont(theme.font(Step.DISPLAY, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._longest, self._decimal = longest, decimal
        self._replaced_by_next = False
        self.textEdited.connect(self._keep_digits)

    def sizeHint(self) -> QSize:
        em = self.font().pixelSize()
        return QSize(round(em * 0.62 * self._longest) + 3 * theme.look().sizes.gap, round(em * 2.2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _keep_digits(self, text: str) -> None:
        kept = "".join(c for c in text if c in "0123456789." and c.isascii())
        head, point, tail = kept.partition(".")
        kept = head + point + tail.replace(".", "") if self._decimal else kept.replace(".", "")
        if kept[: self._longest] != text:
            self.setText(kept[: self._longest])

    def show_value(self, text: str) -> None:
        """Show what stands there now; the next digit of a Keypad begins a new number."""
        self.setText(text)
        self._replaced_by_next = bool(text)

    def type_key(self, key: str) -> None:
        """Take one key of a Keypad."""
        text = "" if self._replaced_by_next and key != "back" else self.text()
        self._replaced_by_next = False
        if key == "clear":
            self.setText("")
        elif key == "back":
            self.setText(text[:-1])
        elif len(text) < self._longest and (key != "." or (self._decimal and "." not in text)):
            self.setText(text + key)

    def value(self) -> str:
        """Return what stands in the field."""
        return self.text()
