"""The first steps: language, size, consent, and who this archive is for; nothing is kept yet."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from carehub import i18n
from carehub.config import Mode
from carehub.i18n import _
from carehub.ui import background, paint, theme
from carehub.ui.screens.first_run.agreement import Agreement
from carehub.ui.screens.first_run.archive import (
    FirstAllergies,
    FirstConditions,
    FirstContact,
    FirstMedicines,
)
from carehub.ui.screens.first_run.model import may_go_on
from carehub.ui.screens.first_run.secrets import FirstCode, FirstPassphrase, FirstPin
from carehub.ui.screens.first_run.steps import StepPage
from carehub.ui.screens.people.form import PersonForm
from carehub.ui.theme import MODES, Step
from carehub.ui.widgets import FunctionCard, row

HERE = 480
"""Minutes east of UTC where people live; the whole of China has one zone."""


class Language(StepPage):
    """中文 or English: the one page that speaks both."""

    step = "language"
    can_go_back: ClassVar[bool] = False
    landscape: ClassVar[bool] = True

    def title(self) -> str:
        return "您好 ・ Hello"

    def lay_out(self) -> None:
        """Show one large card per language."""
        cards = row()
        options = (
            ("zh_CN", "中文", "用中文显示和朗读", "letter-zh", "jade"),
            ("en", "English", "Show and read in English", "letter-a", "indigo"),
        )
        self.cards = []
        for key, text, under, icon, tone in options:
            card = FunctionCard(
                f"first_run.{key}",
                text,
                under,
                icon=icon,
                tone=tone,
                press=partial(self._take, key),
            )
            self.cards.append(card)
            cards.addWidget(card, 1)
        self.body.addLayout(cards, 1)

    def _take(self, key: str) -> None:
        config = self.visit.config
        chosen = next(each for each in i18n.LANGUAGES if each == key)
        shell, draft = self.shell, self.draft
        shell.session.keep_settings(replace(config, language=chosen))
        shell.open("first_run.size", draft=draft)

    def spoken(self) -> list[str]:
        return [card.text() for card in self.cards]


class SizeCard(QAbstractButton):
    """How a sentence looks in one size; pressing it chooses the size."""

    def __init__(self, name: str, mode: Mode, text: str, under: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setAccessibleDescription(under)
        self.setFont(theme.font(Step.TITLE, bold=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCheckable(True)
        self._mode, self._under = mode, under

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 16, body * 14)

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 12, body * 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        sizes = theme.look().sizes
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            chosen = self.isChecked()
            ground = theme.colour("trough" if self.isDown() else "surface")
            edge = theme.colour("jade" if chosen else "hair")
            paint.rounded(painter, box, sizes.radius, ground, edge, 4 if chosen else 2)
            inner = box.adjusted(sizes.margin, sizes.margin, -sizes.margin, -sizes.margin)
            self._paint_sample(painter, inner)
            self._paint_words(painter, inner)
            if self.hasFocus():
                paint.focus_ring(painter, box, sizes.radius)

    def _paint_sample(self, painter: QPainter, inner: QRectF) -> None:
        body = MODES[self._mode].body * theme.look().scale
        lines = ((_("This morning {time}").format(time="7:30"), 1.0), ("128/82", 2.65))
        top = inner.top() + (inner.height() - body * 8.6) * 0.32
        for text, step in lines:
            font = theme.font(Step.BODY, bold=step > 1)
            font.setPixelSize(round(body * step))
            high = font.pixelSize() * theme.LINE_HEIGHT
            place = QRectF(inner.left(), top, inner.width(), high)
            tone = theme.colour("ink" if step > 1 else "ink_2")
            paint.words(painter, text, font, place, tone, Qt.AlignmentFlag.AlignHCenter)
            top += high
        self._paint_button(painter, inner, top + body * 0.6, body)

    def _paint_button(self, painter: QPainter, inner: QRectF, top: float, body: float) -> None:
        mode = MODES[self._mode]
        font = theme.font(Step.STRONG, bold=True)
        font.setPixelSize(round(body * 1.1))
        words = _("Measure BP")
        wide = paint.Lines(words, font).width + 2 * mode.gap
        box = QRectF(inner.center().x() - wide / 2, top, wide, mode.target)
        paint.rounded(painter, box, mode.radius * 0.8, theme.colour("jade"))
        pen = theme.colour("on_tone")
        paint.words(painter, words, font, box, pen, Qt.AlignmentFlag.AlignHCenter)

    def _paint_words(self, painter: QPainter, inner: QRectF) -> None:
        under = paint.Lines(self._under, theme.font(Step.BODY))
        title = paint.Lines(self.text(), self.font())
        low = QRectF(inner.left(), inner.bottom() - under.height, inner.width(), under.height)
        centre = Qt.AlignmentFlag.AlignHCenter
        paint.words(painter, self._under, theme.font(Step.BODY), low, theme.colour("ink_2"), centre)
        over = QRectF(inner.left(), low.top() - title.height, inner.width(), title.height)
        paint.words(painter, self.text(), self.font(), over, theme.colour("jade"), centre)


class Size(StepPage):
    """Two ways to show the same thing; pressing one goes on in it."""

    step = "size"

    def title(self) -> str:
        return _("How large shall it be?")

    def lay_out(self) -> None:
        """Show both looks side by side."""
        cards = row(space=theme.look().sizes.gap)
        options: tuple[tuple[Mode, str, str], ...] = (
            ("elder", _("Large"), _("Big letters, few things at once")),
            ("standard", _("Normal"), _("More on one screen")),
        )
        self.cards = []
        for mode, text, under in options:
            card = SizeCard(f"first_run.{mode}", mode, text, under)
            card.setChecked(self.visit.config.mode == mode)
            # Assistive technology toggles a card, which sends no `clicked`.
            card.toggled.connect(lambda *_, mode=mode: self._take(mode))
            self.cards.append(card)
            cards.addWidget(card, 1)
        self.body.addLayout(cards, 1)

    def _take(self, mode: Mode) -> None:
        shell, draft = self.shell, self.draft
        shell.session.keep_settings(replace(self.visit.config, mode=mode))
        shell.open("first_run.consent", draft=draft)

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for card in self.cards:
            said += [card.text(), card.accessibleDescription()]
        return said


class Consent(StepPage):
    """What is kept, where and why; then one tick per purpose."""

    step = "consent"

    def title(self) -> str:
        return _("Before we begin")

    def lay_out(self) -> None:
        """Show the text and the ticks, and go on once what is needed was ticked."""
        self.agreement = Agreement("consent")
        self.agreement.changed.connect(self._changed)
        self.body.addWidget(self.agreement, 1)
        self.next = self.way_on(text=_("Continue"))
        self.next.clicked.connect(lambda *_: self.go("person"))

    def fill_in(self) -> None:
        """Tick what was ticked before."""
        self.agreement.show_agreed(self.draft.agreed)
        self._changed()

    def _changed(self) -> None:
        self.draft.agreed = self.agreement.agreed()
        self.next.setEnabled(may_go_on(self.draft.agreed))

    def spoken(self) -> list[str]:
        return self.agreement.sentences()


class Who(StepPage):
    """Whose archive this is."""

    step = "person"

    def title(self) -> str:
        return _("Who is it for?")

    def lay_out(self) -> None:
        """Show the form."""
        self.form = PersonForm("person")
        self.body.addWidget(self.form, 1)
        self.next = self.way_on()
        self.next.clicked.connect(lambda *_: self._go_on())

    def fill_in(self) -> None:
        """Show what was typed before."""
        self.form.show_typed(self.draft.person)

    def left(self) -> None:
        """Keep what was typed, whichever way the person goes."""
        self.draft.person = self.form.typed()

    def _go_on(self) -> None:
        if not self.form.complain(background.now(), HERE):
            self.go("pin")

    def spoken(self) -> list[str]:
        form = self.form
        said = [form.called_by.caption.text(), form.called.caption.text()]
        return [self.header.title.text(), *said, form.birth.date.caption.text()]


PAGES = {
    "first_run": Language,
    "first_run.size": Size,
    "first_run.consent": Consent,
    "first_run.person": Who,
    "first_run.pin": FirstPin,
    "first_run.passphrase": FirstPassphrase,
    "first_run.code": FirstCode,
    "first_run.conditions": FirstConditions,
    "first_run.allergies": FirstAllergies,
    "first_run.medicines": FirstMedicines,
    "first_run.contact": FirstContact,
}
