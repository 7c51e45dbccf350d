"""Numbered or ticked steps of an instruction, and the bar that shows how far along a person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from carehub.i18n import _
from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.panel import column, row
from carehub.ui.widgets.words import Words

State = Literal["number", "grave", "done", "now", "next"]
"""Numbered, numbered in red, ticked, under way (clock, bold), still to come (empty ring)."""


@dataclass(frozen=True, slots=True)
class StepItem:
    """One line of a StepList."""

    text: str
    state: State = "number"


class _Bullet(QLabel):
    def __init__(self, number: int, state: State) -> None:
        super().__init__(str(number) if state in ("number", "grave") else "")
        self._state = state
        edge = round(theme.look().sizes.body * (2.1 if self.text() else 1.62))
        self.setFixedSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            if self.text():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("danger" if self._state == "grave" else "ink"))
                painter.drawEllipse(box)
                pen = theme.colour("surface")
                font = theme.font(Step.TITLE, bold=True)
                paint.words(painter, self.text(), font, box, pen, Qt.AlignmentFlag.AlignHCenter)
            elif self._state == "next":
                edge = box.adjusted(3, 3, -3, -3)
                paint.rounded(painter, edge, edge.width() / 2, None, theme.colour("line"), 3)
            else:
                done = self._state == "done"
                tone = theme.colour("ok" if done else "indigo")
                icons.paint(painter, "check-disc" if done else "clock", box, tone)


class StepList(QWidget):
    """What to do, one short line under the other."""

    def __init__(self, name: str, items: Sequence[StepItem | str] = (), *, ems: float = 18) -> None:
        super().__init__()
        self.setObjectName(name)
        self._ems = ems
        self._rows: list[QWidget] = []
        self._column = column(self, space=round(theme.look().sizes.gap * 0.66))
        self.show_steps(items)

    def show_steps(self, items: Sequence[StepItem | str]) -> None:
        """Show these steps instead of those before."""
        for old in self._rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._words: list[Words] = []
        made = [item if isinstance(item, StepItem) else StepItem(item) for item in items]
        self._rows = [self._line(number, item) for number, item in enumerate(made, 1)]
        for line in self._rows:
            self._column.addWidget(line)

    def show_text(self, number: int, text: str) -> None:
        """Change the words of step `number`, counted from 1, and nothing else."""
        if self._words[number - 1].text() != text:
            self._words[number - 1].setText(text)

    def _line(self, number: int, item: StepItem) -> QWidget:
        line = QWidget(self)
        across = row(line, space=round(theme.look().sizes.gap * 0.75))
        bullet = _Bullet(number, item.state)
        bullet.setObjectName(f"{self.objectName()}.{number}.mark")
        bold = item.state in ("grave", "now")
        words = Words(f"{self.objectName()}.{number}", item.text, step=Step.TITLE, bold=bold)
        words.ems = self._ems
        self._words.append(words)
        across.addWidget(bullet, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(words, 1)
        return line


class ProgressSteps(QLabel):
    """A bar of as many parts as there are steps; its words (for assistive technology) say which."""

    def __init__(self, name: str, done: int = 0, total: int = 1) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_progress(done, total)

    def show_progress(self, done: int, total: int) -> None:
        """Fill the first `done` of `total` parts."""
        self._done, self._total = done, total
        self.setAccessibleName(_("Step {done} of {total}").format(done=done, total=total))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.look().sizes.body * 10, max(10, theme.look().sizes.gap * 2 // 3))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            space = theme.look().sizes.between
            high = float(self.height())
            width = (self.width() - space * (self._total - 1)) / self._total
            for n in range(self._total):
                box = QRectF(n * (width + space), 0, width, high)
                full = n < self._done
                ground = theme.colour("jade" if full else "surface")
                paint.rounded(
                    painter, box, high / 2, ground, theme.colour("jade" if full else "line"), 2
                )
