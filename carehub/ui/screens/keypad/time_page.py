"""When it was measured: a big choice, then the day and the clock if they were others."""

from functools import partial
from typing import ClassVar, Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.keypad.times import DAYS_BACK, Choice, choices, chosen, day_words, shown
from carehub.ui.screens.page import AnyPage
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    BigField,
    Body,
    Button,
    Heading,
    Keypad,
    Panel,
    Words,
    row,
)
from carehub.ui.widgets.panel import grid

ACROSS = 3


class Timed(Protocol):
    """A page that waits to be told when something was measured."""

    def timed(self, at: int | None) -> object:
        """Take the moment (UTC ms), or None for "just now"."""
        ...


class TimePage(AnyPage):
    """Opened with `at` (UTC ms, None for just now); tells the page beneath by its `timed`."""

    locks: ClassVar[bool] = False

    def title(self) -> str:
        """Return the page's title."""
        return _("When was it measured?")

    def build(self) -> None:
        """Lay out choices, day and clock beside the pad."""
        self._days_back = 0
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._left(), 62)
        panel = Panel("time.pad.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.pad = Keypad("time.pad")
        panel.inside.addWidget(self.pad)
        across.addWidget(panel, 38)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("From the last seven days"), "info")

    def _zone(self) -> int:
        return self.visit.person.zone_offset if self.visit.person is not None else 0

    def _left(self) -> QWidget:
        panel = Panel("time.fields")
        panel.inside.addWidget(self._big_choices())
        panel.inside.addStretch(1)
        panel.inside.addLayout(self._day())
        panel.inside.addLayout(self._clock())
        self.complaint = Body("time.complaint", tone="danger")
        panel.inside.addWidget(self.complaint)
        panel.inside.addStretch(1)
        words = _("It was then")
        self.save = Button("time.save", words, icon="check", kind="primary", press=self._save)
        last = row()
        last.addStretch(1)
        last.addWidget(self.save)
        panel.inside.addLayout(last)
        return panel

    def _big_choices(self) -> QWidget:
        box = QWidget()
        lines = grid(box)
        now = Button("time.now", _("Just now"), kind="outline", press=partial(self._tell, None))
        buttons = [now]
        for choice in choices(background.now(), self._zone())[: 2 * ACROSS - 1]:
            press = partial(self._choose, choice)
            buttons.append(Button(f"time.{choice.key}", _(choice.words), press=press))
        for number, button in enumerate(buttons):
            lines.addWidget(button, number // ACROSS, number % ACROSS)
        return box

    def _day(self) -> QHBoxLayout:
        line = row()
        self.earlier = Button("time.earlier", _("Day before"), icon="back", press=self._day_before)
        self.later = Button("time.later", _("Day after"), icon="forward", press=self._day_after)
        self.day = Heading("time.day")
        self.day.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(self.earlier)
        line.addWidget(self.day, 1)
        line.addWidget(self.later)
        return line

    def _clock(self) -> QHBoxLayout:
        line = row()
        line.addStretch(1)
        self.boxes: dict[str, BigField] = {}
        for key, words in (("hour", _("hour")), ("minute", _("minutes"))):
            box = BigField(f"time.{key}", spoken=words, longest=2)
            box.installEventFilter(self)
            box.textChanged.connect(lambda *_: self.complaint.setText(""))
            self.boxes[key] = box
            line.addWidget(box)
            line.addWidget(Words(f"time.{key}.unit", words, step=Step.TITLE, wrap=False))
        line.addStretch(1)
        return line

    def opened(self, **what: object) -> None:
        """Show the moment that was given, or this one."""
        super().opened(**what)
        at = what.get("at")
        self._show(at if isinstance(at, int) else background.now())
        self.pad.feed(self.boxes["hour"])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the pad follow the focus from box to box."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, BigField):
            self.pad.feed(watched)
        return False

    def _show(self, at: int) -> None:
        self._days_back, hour, minute = shown(at, background.now(), self._zone())
        self.boxes["hour"].show_value(hour)
        self.boxes["minute"].show_value(minute)
        self._show_day()

    def _show_day(self) -> None:
        self.complaint.setText("")
        self.day.setText(day_words(self._days_back, background.now(), self._zone()))
        self.earlier.setEnabled(self._days_back < DAYS_BACK)
        self.later.setEnabled(self._days_back > 0)

    # What the person does

    def _choose(self, choice: Choice) -> None:
        self._days_back = choice.days_back
        self.boxes["hour"].show_value(str(choice.hour))
        self.boxes["minute"].show_value("00")
        self._show_day()

    def _day_before(self) -> None:
        self._days_back += 1
        self._show_day()

    def _day_after(self) -> None:
        self._days_back -= 1
        self._show_day()

    def _save(self) -> None:
        typed = (self.boxes["hour"].value(), self.boxes["minute"].value())
        found = chosen(self._days_back, *typed, background.now(), self._zone())
        self.complaint.setText(found.trouble)
        if found.at is not None:
            self._tell(found.at)

    def _tell(self, at: int | None) -> None:
        waiting = cast("Timed | None", self.shell.beneath)
        self.shell.back()
        if waiting is not None:
            waiting.timed(at)

    def spoken(self) -> list[str]:
        """Say the question, the choices and what stands there."""
        buttons = [part.text() for part in self.findChildren(Button, "time.now")]
        said = [self.header.title.text(), *buttons, self.day.text(), self.complaint.text()]
        return [each for each in said if each]
