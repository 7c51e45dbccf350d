"""Rows of a list: who or what it is on the left, what can be done with it on the right."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from carehub.ui import paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.panel import Panel, column
from carehub.ui.widgets.words import Note, Words

_TONES = ("jade", "indigo", "ochre")


class Avatar(QLabel):
    """A person's photo in a circle, or the last letter of the name where there is no photo."""

    def __init__(
        self, name: str, person_name: str, photo: QPixmap | None = None, *, edge: int = 0
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        size = edge or theme.look().sizes.target
        self.setFixedSize(size, size)
        self._initial = person_name.strip()[-1:].upper()
        self._tone = _TONES[ord(person_name.strip()[-1:] or "-") % len(_TONES)]
        self._photo = photo

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            if self._photo is not None:
                round_path = QPainterPath()
                round_path.addEllipse(box)
                painter.setClipPath(round_path)
                painter.drawPixmap(self.rect(), self._photo)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(self._tone))
                painter.drawEllipse(box)
                font = theme.font(Step.BODY, bold=True)
                font.setPixelSize(round(box.height() * 0.46))
                pen = theme.colour("on_tone")
                paint.words(painter, self._initial, font, box, pen, Qt.AlignmentFlag.AlignHCenter)


class ListRow(Panel):
    """A panel with something leading (avatar, mark), a title over a note, and actions at its end."""

    def __init__(
        self,
        name: str,
        title: str,
        note: str = "",
        *,
        leading: QWidget | None = None,
        actions: tuple[QWidget, ...] = (),
        step: Step = Step.TITLE,
    ) -> None:
        super().__init__(name, lying=True)
        self.inside.setSpacing(theme.look().sizes.gap)
        if leading is not None:
            self.inside.addWidget(leading, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(space=2)
        words.addStretch(1)
        self.title = Words(f"{name}.title", title, step=step, bold=True)
        words.addWidget(self.title)
        self.note = Note(f"{name}.note", note)
        self.note.setVisible(bool(note))
        words.addWidget(self.note)
        words.addStretch(1)
        self.inside.addLayout(words, 1)
        for action in actions:
            self.inside.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
