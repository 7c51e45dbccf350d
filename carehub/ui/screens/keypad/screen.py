"""The page to type a reading: large numbers on the left, a large pad on the right."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from carehub.care.alerts.rulebook import Rulebook
from carehub.care.readings import HIGH, LOW, Kind, MealContext, Reading, Unit
from carehub.i18n import _
from carehub.ui import background, phrases, theme
from carehub.ui.screens.alert.model import gravest
from carehub.ui.screens.keypad.model import (
    BOXES,
    UNITS,
    Box,
    Entry,
    Limits,
    doubt,
    hint,
    limits_of,
    trouble,
)
from carehub.ui.screens.keypad.time_page import TimePage
from carehub.ui.screens.page import AnyPage
from carehub.ui.terms import MEALS
from carehub.ui.theme import Step
from carehub.ui.widgets import BigField, Body, Button, Choices, Keypad, Note, Panel, Words, row
from carehub.ui.widgets.panel import grid

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.workflows.readings import Taken

_LONGEST = {Unit.MMHG: 3, Unit.KPA: 4, Unit.MMOL_L: 4, Unit.MG_DL: 3}


class Type(AnyPage):
    """Type a reading in; opened with `kind`, and for glucose with its `context`.

    A page beneath that has a `typed` method waits for the reading and is given it, unless the
    reading is of an earlier time (`at`, UTC ms), which the person chose on another page.
    """

    locks: ClassVar[bool] = False
    asks_when: ClassVar[bool] = True

    def build(self) -> None:
        """Lay out an empty body; the boxes depend on what the page is opened with."""
        self.kind = Kind.BLOOD_PRESSURE
        self.context = MealContext.RANDOM
        self.unit = Unit.MMHG
        self.at: int | None = None
        self.boxes: dict[str, BigField] = {}
        self._asked_twice = ""

    def opened(self, **what: object) -> None:
        """Take the kind, the unit and the meal, and lay out their boxes."""
        super().opened(**what)
        self.kind = Kind(str(what.get("kind", Kind.BLOOD_PRESSURE)))
        self.context = MealContext(str(what.get("context", MealContext.RANDOM)))
        self.unit = Unit(str(what.get("unit", UNITS[self.kind][0])))
        at = what.get("at")
        self.at = at if isinstance(at, int) else None
        self._limits = limits_of(self._rulebook(), self.kind, self.unit)
        self._lay_out()
        self._enter(BOXES[self.kind][0].key)

    @staticmethod
    def _rulebook() -> Rulebook:
        from carehub.workflows.rulebook import rulebook

        return rulebook()

    def _lay_out(self) -> None:
        self.when = Button(
            "keypad.when", _("Measured earlier"), icon="clock", kind="plain", press=self._ask_when
        )
        self.header.add(self.when)
        self.when.setVisible(self.asks_when)
        self._show_title()
        if not theme.look().roomy:
            self.header.add(self._unit_choice())
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._left(), 57)
        across.addWidget(self._right(), 43)
        self.body.addLayout(across)
        self.foot.show_words(_("Copy the numbers from the meter's display"), "info")

    def _show_title(self) -> None:
        glucose = self.kind is Kind.GLUCOSE
        meal = _(MEALS[self.context]) if glucose else ""
        title = _("Type in glucose") if glucose else _("Type in pressure")
        moment = ""
        if self.at is not None and self.visit.person is not None:
            moment = phrases.when(self.at, background.now(), self.visit.person.zone_offset)
        self.header.show_title(title, " ・ ".join(filter(None, (meal, moment))))

    def _ask_when(self) -> None:
        self.shell.open("keypad.time", at=self.at)

    def timed(self, at: int | None) -> None:
        """Take the time of the measurement, or None for just now."""
        self.at = at
        self.asked["at"] = at
        self._show_title()

    def _unit_choice(self) -> Choices:
        options = [(unit.value, unit.value) for unit in UNITS[self.kind]]
        made = Choices("keypad.unit", options, self.unit.value)
        made.chosen.connect(self._change_unit)
        return made

    def _change_unit(self, unit: str) -> None:
        self.shell.instead("keypad", **{**self.asked, "unit": unit})

    def _left(self) -> QWidget:
        panel = Panel("keypad.fields")
        sizes = theme.look().sizes
        panel.inside.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        lines = grid(space=sizes.between)
        for number, box in enumerate(BOXES[self.kind]):
            self._add_box(lines, number, box)
        self.hint = Body("keypad.hint", tone="ink_2")
        self.complaint = Body("keypad.complaint", tone="danger")
        panel.inside.addStretch(1)
        panel.inside.addLayout(lines)
        panel.inside.addWidget(self.hint)
        panel.inside.addWidget(self.complaint)
        panel.inside.addStretch(2)
        if self.kind is Kind.GLUCOSE:
            panel.inside.addLayout(self._words_instead())
        panel.inside.addLayout(self._buttons())
        return panel

    def _add_box(self, lines: QGridLayout, number: int, box: Box) -> None:
        limits = self._limits[box.key]
        decimal = self.unit in (Unit.KPA, Unit.MMOL_L) and box.key != "pulse"
        longest = 3 if box.key == "pulse" else _LONGEST[self.unit]
        spoken = f"{_(box.caption)} {limits.unit}"
        field = BigField(f"keypad.{box.key}", spoken=spoken, longest=longest, decimal=decimal)
        field.installEventFilter(self)
        field.textChanged.connect(partial(self._typed, box))
        field.returnPressed.connect(self._next)
        caption = Words(
            f"keypad.{box.key}.caption", _(box.caption), step=Step.TITLE, bold=True, wrap=False
        )
        lines.addWidget(caption, number, 0)
        lines.addWidget(field, number, 1)
        lines.addWidget(Note(f"keypad.{box.key}.unit", limits.unit, wrap=False), number, 2)
        lines.setColumnStretch(1, 1)
        self.boxes[box.key] = field

    def _words_instead(self) -> QHBoxLayout:
        across = row()
        for text, words in ((HIGH, _("It shows HI")), (LOW, _("It shows LO"))):
            press = partial(self._save, text)
            across.addWidget(Button(f"keypad.{text.lower()}", words, kind="plain", press=press))
        across.addStretch(1)
        return across

    def _buttons(self) -> QHBoxLayout:
        across = row()
        self.next = Button("keypad.next", _("Next"), icon="forward", press=self._next)
        self.save = Button("keypad.save", _("Save"), icon="check", kind="primary", press=self._save)
        if len(self.boxes) > 1:
            across.addWidget(self.next)
        else:
            self.next.hide()
        across.addStretch(1)
        across.addWidget(self.save)
        return across

    def _right(self) -> QWidget:
        panel = Panel("keypad.pad.panel")
        sizes = theme.look().sizes
        panel.inside.setContentsMargins(*(sizes.gap,) * 4)
        decimal = self.unit in (Unit.KPA, Unit.MMOL_L)
        self.pad = Keypad("keypad.pad", decimal=decimal)
        panel.inside.addWidget(self.pad)
        return panel

    # Typing

    def _enter(self, key: str) -> None:
        """Make a box the one that the pad types into."""
        self.active = key
        field = self.boxes[key]
        self.pad.feed(field)
        if not field.hasFocus():
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        box, limits = self._box(key)
        self.hint.setText(hint(box, limits))
        self._enable_next()

    def _box(self, key: str) -> tuple[Box, Limits]:
        box = next(each for each in BOXES[self.kind] if each.key == key)
        return box, self._limits[key]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the pad follow the focus from box to box."""
        if event.type() is QEvent.Type.FocusIn:
            for key, field in self.boxes.items():
                if field is watched and key != self.active:
                    self._enter(key)
        return False

    def _typed(self, box: Box, text: str) -> None:
        self._asked_twice = ""
        self.complaint.setText(trouble(box, text, self._limits[box.key], finished=False))
        self._enable_next()

    def _enable_next(self) -> None:
        last = self.active == list(self.boxes)[-1]
        full = all(self.boxes[b.key].value() for b in BOXES[self.kind] if not b.optional)
        self.next.setEnabled(not last and bool(self.boxes[self.active].value()))
        self.next.set_kind("outline" if full else "primary")
        self.save.set_kind("primary" if full or last else "outline")

    def _next(self) -> None:
        box, limits = self._box(self.active)
        said = trouble(box, self.boxes[self.active].value(), limits, finished=True)
        self.complaint.setText(said)
        keys = list(self.boxes)
        place = keys.index(self.active)
        if said:
            return
        if place + 1 < len(keys):
            self._enter(keys[place + 1])
        else:
            self._save()

    # Saving

    def _save(self, text: str = "") -> None:
        person, archive = self.visit.person, self.visit.archive
        if not text and not self._complete():
            return
        entry = Entry(self.kind, self.unit, self._texts(), self.context, text, self.at)
        if person is None or archive is None:
            return
        now = background.now()
        reading = entry.reading(person, now)
        doubted = doubt(reading, self._rulebook())
        repeated = self._asked_twice == doubted.sentence
        if doubted.sentence and (doubted.firm or not repeated):
            self._asked_twice = doubted.sentence
            self.complaint.setText(doubted.sentence)
            return
        self.save.setEnabled(False)
        self.ask(self._keeping(archive, reading, now), self._saved, self._not_saved)

    def _keeping(self, archive: "Archive", reading: Reading, now: int) -> "Callable[[], Taken]":
        """Return the work that keeps what was typed."""
        from carehub.workflows import readings

        return partial(readings.type_in, archive, reading, now)

    def _texts(self) -> dict[str, str]:
        return {key: field.value() for key, field in self.boxes.items()}

    def _complete(self) -> bool:
        for key, field in self.boxes.items():
            box, limits = self._box(key)
            said = trouble(box, field.value(), limits, finished=True)
            if said:
                self._enter(key)
                self.complaint.setText(said)
                return False
        return True

    def _not_saved(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.shell.show_error(error)

    def _saved(self, taken: "Taken") -> None:
        take: Callable[[Taken], object] | None = getattr(self.shell.beneath, "typed", None)
        if take is not None and self.at is None:
            self.shell.back()
            take(taken)
            return
        worst = gravest(taken.alerts)
        if worst is not None:
            self.shell.instead("alert", alert_id=worst.id)
            return
        ids = tuple(reading.id for reading in taken.added)
        self.shell.instead("result", kind=self.kind, readings=ids)

    def spoken(self) -> list[str]:
        """Say what to type now."""
        head = (self.header.title.text(), self.header.subtitle.text())
        said = [*head, self.hint.text(), self.complaint.text()]
        return [each for each in said if each]


PAGES = {"keypad": Type, "keypad.time": TimePage}
