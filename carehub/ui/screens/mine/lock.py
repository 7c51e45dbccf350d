"""When the screen locks, changing the PIN or passphrase, and a new recovery code."""

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from carehub.errors import CareHubError
from carehub.i18n import N_, _
from carehub.ui import theme
from carehub.ui.door import Ways
from carehub.ui.screens.first_run.code_panel import CodePanel
from carehub.ui.screens.first_run.model import passphrase_trouble, pin_trouble
from carehub.ui.screens.mine.model import MINUTES, minute_words
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Choices, Heading, Panel, StepList, TextField, row
from carehub.ui.widgets.panel import grid
from carehub.ui.widgets.pin import PinPad


class Lock(Page[Ways]):
    """What keeps others out."""

    def title(self) -> str:
        return _("Lock and PIN")

    def build(self) -> None:
        """Put the time on top, the acts below."""
        panel = Panel("lock.time")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.caption = Heading("lock.time.caption", _("The screen locks by itself after"))
        panel.inside.addWidget(self.caption)
        options = [(str(each), minute_words(each)) for each in MINUTES]
        self.minutes = Choices("lock.minutes", options, str(self.visit.config.lock_minutes))
        self.minutes.chosen.connect(self._take)
        line = row()
        line.addWidget(self.minutes)
        line.addStretch(1)
        panel.inside.addLayout(line)
        self.note = Body(
            "lock.time.note",
            _("With Never, CareHub also opens without the PIN for whoever uses this computer."),
            tone="ink_2",
        )
        panel.inside.addWidget(self.note.flow())
        panel.inside.addStretch(1)
        self.body.addWidget(panel, 3)
        self.body.addWidget(self._acts(), 2)

    def _acts(self) -> QWidget:
        panel = Panel("lock.acts")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        lines = grid()
        self.now = Button(
            "lock.now", _("Lock now"), icon="lock", kind="primary", press=self._lock_now
        )
        self.pin = Button(
            "lock.pin",
            _("Change the PIN"),
            icon="keypad",
            press=partial(self.shell.open, "mine.pin"),
        )
        self.phrase = Button(
            "lock.passphrase",
            _("Change passphrase"),
            icon="pencil",
            press=partial(self.shell.open, "mine.passphrase"),
        )
        self.code = Button(
            "lock.code",
            _("New recovery code"),
            icon="sheet",
            press=partial(self.shell.open, "mine.code"),
        )
        for number, each in enumerate((self.now, self.pin, self.phrase, self.code)):
            lines.addWidget(each, 0, number)
        panel.inside.addLayout(lines)
        panel.inside.addStretch(1)
        return panel

    def load(self, _visit: Visit, _now: int) -> Ways:
        """Ask the door which ways there are."""
        return self.shell.session.door.ways()

    def show_view(self, view: Ways) -> None:
        """Offer the PIN where there is one or could be, the passphrase where there is one."""
        self.pin.setText(_("Change the PIN") if view.pin else _("Set a PIN"))
        self.phrase.setVisible(view.passphrase)

    def _take(self, key: str) -> None:
        self.shell.session.keep_settings(replace(self.visit.config, lock_minutes=int(key)))

    def _lock_now(self) -> None:
        self.shell.session.lock()

    def spoken(self) -> list[str]:
        return [self.header.title.text(), self.caption.text(), self.note.text()]


STAGES = {
    "old": N_("First the PIN that you have now"),
    "new": N_("Now six new digits"),
    "again": N_("Once more, the same six digits"),
}


class ChangePin(Page[Ways]):
    """The old PIN, where there is one, then a new one twice."""

    def title(self) -> str:
        return _("Change the PIN")

    def build(self) -> None:
        """Put the question on the left, the pad on the right."""
        self._stage, self._first = "old", ""
        across = row(space=theme.look().sizes.gap)
        words, pad = Panel("pin.words"), Panel("pin.panel")
        words.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        pad.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.asked_for = Heading("pin.now", step=Step.DISPLAY)
        self.complaint = Body("pin.complaint", tone="danger", bold=True)
        self.hints = Body("pin.hints", _("Not 123456, and not your birthday"), tone="ink_2")
        for each in (self.asked_for, self.complaint, self.hints):
            words.inside.addWidget(each)
        words.inside.addStretch(1)
        self.pad = PinPad("pin")
        self.pad.filled.connect(self._filled)
        pad.inside.addWidget(self.pad)
        across.addWidget(words, 6)
        across.addWidget(pad, 5)
        self.body.addLayout(across, 1)

    def load(self, _visit: Visit, _now: int) -> Ways:
        """Ask the door whether there is a PIN; who came by the code need not know the old one."""
        ways = self.shell.session.door.ways()
        return replace(ways, pin=ways.pin and not self.shell.session.came_by_code)

    def show_view(self, view: Ways) -> None:
        """Begin with the old PIN, or with the new one where there is none."""
        self._go("old" if view.pin else "new")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pad.take(event):
            super().keyPressEvent(event)

    def _go(self, stage: str, complaint: str = "") -> None:
        self._stage = stage
        self.asked_for.setText(_(STAGES[stage]))
        self.complaint.setText(complaint)
        self.pad.setEnabled(True)

    def _filled(self, pin: str) -> None:
        self.pad.clear()
        if self._stage == "old":
            self.pad.setEnabled(False)
            door = self.shell.session.door
            self.ask(partial(door.with_pin, pin), lambda _keys: self._go("new"), self._refused)
        elif self._stage == "new":
            trouble = pin_trouble(pin)
            self._first = pin
            self._go("new" if trouble else "again", trouble)
        elif pin == self._first:
            self.pad.setEnabled(False)
            self.ask(partial(self.shell.session.door.change_pin, pin), self._changed, self._refused)
        else:
            self._go("new", _("The two were not the same. Please choose again."))

    def _refused(self, error: BaseException) -> None:
        said = error.sentence() if isinstance(error, CareHubError) else ""
        self._go(self._stage, said)
        if not said:
            self.shell.show_error(error)

    def _changed(self, _nothing: None) -> None:
        self.shell.session.came_by_code = False
        self.shell.show_notice("pin", _("The new PIN is in force."))
        self.shell.back()

    def spoken(self) -> list[str]:
        return [each for each in (self.asked_for.text(), self.complaint.text()) if each]


class ChangePassphrase(AnyPage):
    """The passphrase in use, then a new one twice."""

    def title(self) -> str:
        return _("Change passphrase")

    def build(self) -> None:
        """Lay out three fields."""
        panel = Panel("passphrase.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.old = TextField("passphrase.old", _("Passphrase in use"), secret=True)
        self.first = TextField("passphrase.first", _("New passphrase"), secret=True)
        self.second = TextField("passphrase.second", _("The same once more"), secret=True)
        for each in (self.old, self.first, self.second):
            panel.inside.addWidget(each)
        panel.inside.addStretch(1)
        self.save = Button(
            "passphrase.save", _("Save"), icon="check", kind="primary", press=self._save
        )
        self.body.addWidget(panel, 1)
        line = row()
        line.addStretch(1)
        line.addWidget(self.save)
        self.body.addLayout(line)

    def _save(self) -> None:
        trouble = passphrase_trouble(self.first.value(), self.second.value())
        self.second.complain(trouble)
        if trouble:
            return
        self.save.setEnabled(False)
        door = self.shell.session.door
        self.ask(partial(door.with_passphrase, self.old.value()), self._right, self._refused)

    def _right(self, _keys: object) -> None:
        door = self.shell.session.door
        self.ask(partial(door.set_passphrase, self.first.value()), self._changed, self._refused)

    def _refused(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        if isinstance(error, CareHubError):
            self.old.complain(error.sentence())
        else:
            self.shell.show_error(error)

    def _changed(self, _nothing: None) -> None:
        self.shell.show_notice("pin", _("The new passphrase is in force."))
        self.shell.back()

    def spoken(self) -> list[str]:
        return [self.old.caption.text(), self.first.caption.text(), self.second.caption.text()]


class NewCode(AnyPage):
    """A new recovery code in place of the one on paper."""

    def title(self) -> str:
        return _("New recovery code")

    def build(self) -> None:
        """Say what happens before anything does."""
        self.panel: CodePanel | None = None
        self.before = Panel("code.before")
        self.before.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.steps = StepList(
            "code.steps",
            [
                _("You get a new code to write down or print"),
                _("The old one opens nothing any more; tear it up"),
                _("Your PIN stays as it is"),
            ],
        )
        make = Button(
            "code.make", _("Make a new code"), icon="forward", kind="primary", press=self._make
        )
        self.before.inside.addWidget(self.steps)
        self.before.inside.addStretch(1)
        line = row()
        line.addStretch(1)
        line.addWidget(make)
        self.before.inside.addLayout(line)
        self.body.addWidget(self.before, 1)

    def _make(self) -> None:
        self.ask(self.shell.session.door.new_code, self.show_code)

    def show_code(self, code: str) -> None:
        """Show the code and ask for one group of it."""
        self.before.hide()
        self.panel = CodePanel("code", code, kiosk=self.visit.config.mode == "kiosk")
        self.panel.proved.connect(self.shell.back)
        self.body.addWidget(self.panel, 1)

    def spoken(self) -> list[str]:
        if self.panel is not None:
            return self.panel.sentences()
        return [self.header.title.text(), _("The old one opens nothing any more; tear it up")]
