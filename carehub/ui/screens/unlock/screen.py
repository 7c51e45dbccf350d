"""The lock: a pad for the PIN, a field for a passphrase, or eight groups of a recovery code."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carehub.errors import ArchiveDamaged, CareHubError, KeyFileDamaged
from carehub.i18n import N_, _
from carehub.ui import background, phrases, theme
from carehub.ui.screens.page import Page
from carehub.ui.screens.unlock.model import (
    RECOVERY_SIGNS,
    How,
    UnlockView,
    after,
    counted,
    grouped,
    turned_to,
    view_of,
    wait_words,
    waited,
)
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import Button, Heading, Mark, Panel, TextField, Words, column, row
from carehub.ui.widgets.pin import PinPad

HERE = 480
ASKED: dict[How, str] = {
    "pin": N_("Press your PIN"),
    "passphrase": N_("Type your passphrase"),
    "recovery": N_("Type your recovery code"),
}
OTHER_WORDS: dict[How, tuple[str, str]] = {
    "pin": (N_("Use the PIN"), "keypad"),
    "passphrase": (N_("Passphrase"), "pencil"),
    "recovery": (N_("Recovery code"), "sheet"),
}


class Unlock(Page[UnlockView]):
    """Opens the archive, or takes the screen lock away; it knows no name and shows no value."""

    landscape: ClassVar[bool] = True
    can_go_back: ClassVar[bool] = False
    locks: ClassVar[bool] = False

    def title(self) -> str:
        return phrases.greeting(background.now(), HERE)

    def build(self) -> None:
        """Lay out words on the left, what is asked for on the right."""
        self._view: UnlockView | None = None
        self._busy = False
        self.header.setMinimumHeight(theme.look().px(98))
        self.header.show_title(self.title(), phrases.today(background.now(), HERE))
        across = row(space=theme.look().sizes.gap)
        across.addLayout(self._left(), 6)
        across.addWidget(self._right(), 5)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)

    def _left(self) -> QVBoxLayout:
        lines = column(space=theme.look().sizes.gap)
        self.urgent = Panel("unlock.urgent", lying=True, edge="danger", edge_width=4)
        self.urgent.inside.addWidget(
            Mark("unlock.urgent.mark", "warning", tone="danger", edge=theme.look().sizes.body * 2)
        )
        self.news = Words(
            "unlock.urgent.words",
            _("There is an urgent notice. Unlock to see it."),
            step=Step.STRONG,
            bold=True,
            tone="danger",
        )
        self.urgent.inside.addWidget(self.news, 1)
        self.urgent.hide()
        panel = Panel("unlock.words")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.asked_for = Heading("unlock.asked", step=Step.DISPLAY)
        self.wait = Words("unlock.wait", step=Step.TITLE, bold=True, tone="indigo")
        self.said = Words("unlock.said", step=Step.STRONG, bold=True, tone="danger")
        panel.inside.addWidget(self.asked_for)
        panel.inside.addWidget(self.wait)
        panel.inside.addWidget(self.said)
        panel.inside.addStretch(1)
        self._others = row()
        self._ways: dict[How, Button] = {}
        for how, (words, icon) in OTHER_WORDS.items():
            made = Button(f"unlock.to.{how}", _(words), icon=icon, press=partial(self._turn, how))
            self._ways[how] = made
            self._others.addWidget(made)
        self._others.addStretch(1)
        panel.inside.addLayout(self._others)
        lines.addWidget(self.urgent)
        lines.addWidget(panel, 1)
        return lines

    def _right(self) -> QWidget:
        panel = Panel("unlock.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.pad = PinPad("unlock.pin")
        self.pad.filled.connect(self._try_pin)
        self.phrase = TextField("unlock.passphrase", _("Passphrase"), secret=True)
        self.phrase.line.returnPressed.connect(self._try_text)
        self.code = TextField(
            "unlock.code",
            _("Eight groups of four"),
            hint=_("Small letters are fine"),
        )
        self.code.line.textEdited.connect(self._group)
        self.code.line.returnPressed.connect(self._try_text)
        self.count = Words("unlock.code.count", tone="ink_2")
        self.open = Button(
            "unlock.open", _("Unlock"), icon="check", kind="primary", press=self._try_text
        )
        for each in (self.pad, self.phrase, self.code, self.count, self.open):
            panel.inside.addWidget(each, 1 if each is self.pad else 0)
            each.hide()
        panel.inside.addStretch(0)
        return panel

    # Reading and showing

    def refresh(self) -> None:
        """Look again, although no archive is open."""
        self.stale = False
        self.ask(partial(self.load, self.visit, background.now()), self.show_view, self._broken)

    def load(self, _visit: Visit, _now: int) -> UnlockView:
        """Ask the door which ways there are, and whether something is urgent behind it."""
        door = self.shell.session.door
        return view_of(door.ways(), urgent=door.urgent())

    def _broken(self, error: BaseException) -> None:
        self.shell.session.show_damage(error)

    def show_view(self, view: UnlockView) -> None:
        """Show what is asked for, how long to wait, and what else leads in."""
        self._view = view
        self._busy = False
        self.urgent.setVisible(view.urgent)
        self.asked_for.setText(_(ASKED[view.how]))
        self.said.setText(view.said)
        self.said.setVisible(bool(view.said))
        pin = view.how == "pin"
        self.pad.setVisible(pin)
        self.phrase.setVisible(view.how == "passphrase")
        self.code.setVisible(view.how == "recovery")
        self.count.setVisible(view.how == "recovery")
        self.open.setVisible(not pin)
        self.open.setEnabled(True)
        for how, button in self._ways.items():
            button.setVisible(how in view.others)
        self._show_wait()
        self._group(self.code.line.text())

    def _show_wait(self) -> None:
        assert self._view is not None
        waiting = self._view.waiting
        self.wait.setText(wait_words(self._view.wait) if waiting else "")
        self.wait.setVisible(waiting)
        self.pad.setEnabled(not waiting)
        if waiting and not self._second.isActive():
            self._second.start()
        elif not waiting:
            self._second.stop()

    def _tick(self) -> None:
        if self._view is not None:
            self._view = waited(self._view)
            self._show_wait()

    def left(self) -> None:
        """Stop counting."""
        self._second.stop()

    # Trying

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = self.pad.isVisible() and not self._busy and self.pad.take(event)
        if not typed:
            super().keyPressEvent(event)

    def _turn(self, how: How) -> None:
        if self._view is not None and not self._busy:
            self.show_view(turned_to(self._view, how))
            field = {"passphrase": self.phrase.line, "recovery": self.code.line}.get(how)
            if field is not None:
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _group(self, text: str) -> None:
        if self._view is None or self._view.how != "recovery":
            return
        tidy = grouped(text)
        if tidy != text:
            self.code.line.setText(tidy)
        self.count.setText(
            _("{count} of {total} signs").format(count=counted(tidy), total=RECOVERY_SIGNS)
        )
        self.open.setEnabled(counted(tidy) == RECOVERY_SIGNS)

    def _wait_for_it(self) -> None:
        self._busy = True
        self.said.setText("")
        self.said.hide()
        self.asked_for.setText(_("Opening…"))
        self.pad.setEnabled(False)
        self.open.setEnabled(False)

    def _try_pin(self, pin: str) -> None:
        self.pad.clear()
        self._wait_for_it()
        self.shell.session.unlock_with_pin(pin, self._failed)

    def _try_text(self) -> None:
        if self._view is None or self._busy or not self.open.isEnabled():
            return
        self._wait_for_it()
        if self._view.how == "passphrase":
            self.shell.session.unlock_with_passphrase(self.phrase.line.text(), self._failed)
        else:
            self.shell.session.unlock_with_recovery(self.code.value(), self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, ArchiveDamaged | KeyFileDamaged):
            self.shell.session.show_damage(error)
        elif isinstance(error, CareHubError) and self._view is not None:
            self.phrase.line.clear()
            self.show_view(after(self._view, error))
        elif self._view is not None:
            self.show_view(self._view)
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.asked_for.text(), self.wait.text()]
        said.append(self.said.text())
        if self._view is not None and self._view.urgent:
            said.insert(0, self.news.text())
        return [each for each in said if each]


PAGES = {"unlock": Unlock}
