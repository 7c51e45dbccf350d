"""The steps that make the archive: a PIN or a passphrase, then the recovery code."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from carehub.errors import CareHubError, KeyringUnavailable
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.first_run.code_panel import CodePanel
from carehub.ui.screens.first_run.model import passphrase_trouble, pin_trouble
from carehub.ui.screens.first_run.steps import StepPage
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Heading, Panel, StepList, TextField, column, row
from carehub.ui.widgets.pin import PinPad

HERE = 480


class FirstPin(StepPage):
    """Six digits, typed twice; then the archive is made."""

    step = "pin"

    def title(self) -> str:
        return _("Choose a PIN")

    def lay_out(self) -> None:
        """Put what a PIN is for on the left, the pad on the right."""
        self._first = ""
        across = row(space=theme.look().sizes.gap)
        across.addLayout(self._words(), 6)
        panel = Panel("pin.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.pad = PinPad("pin")
        self.pad.filled.connect(self._filled)
        panel.inside.addWidget(self.pad)
        across.addWidget(panel, 5)
        self.body.addLayout(across, 1)

    def _words(self) -> QVBoxLayout:
        lines = column()
        panel = Panel("pin.words")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.now = Heading("pin.now", _("Press six digits"), step=Step.DISPLAY)
        self.complaint = Body("pin.complaint", tone="danger", bold=True)
        self.hints = StepList(
            "pin.hints",
            [
                _("You press them each time CareHub opens"),
                _("Not 123456, and not your birthday"),
                _("Ten wrong tries end the PIN, never your records"),
            ],
        )
        panel.inside.addWidget(self.now)
        panel.inside.addWidget(self.complaint)
        panel.inside.addWidget(self.hints)
        panel.inside.addStretch(1)
        lines.addWidget(panel, 1)
        return lines

    def opened(self, **what: object) -> None:
        """Ask whether this computer has a keyring, without which a PIN is not enough."""
        super().opened(**what)
        if "draft" in what:
            self.ask(self.shell.session.door.pin_possible, self._possible)

    def _possible(self, possible: bool) -> None:
        if not possible:
            self.shell.instead("first_run.passphrase", draft=self.draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pad.take(event):
            super().keyPressEvent(event)

    def _filled(self, pin: str) -> None:
        self.pad.clear()
        if not self._first:
            trouble = pin_trouble(pin)
            self.complaint.setText(trouble)
            if not trouble:
                self._first = pin
                self.now.setText(_("Once more, the same six digits"))
        elif pin == self._first:
            self._make(pin)
        else:
            self._again(_("The two were not the same. Please choose again."))

    def _again(self, sentence: str) -> None:
        self._first = ""
        self.pad.setEnabled(True)
        self.now.setText(_("Press six digits"))
        self.complaint.setText(sentence)

    def _make(self, pin: str) -> None:
        self.pad.setEnabled(False)
        self.complaint.setText("")
        self.now.setText(_("Making your encrypted archive…"))
        self.shell.session.make_archive(self.draft.wish(HERE), pin=pin, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KeyringUnavailable):
            self.shell.instead("first_run.passphrase", draft=self.draft)
        elif isinstance(error, CareHubError):
            self._again(error.sentence())
        else:
            self._again("")
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        said = [self.now.text(), self.complaint.text()]
        return [each for each in said if each]


class FirstPassphrase(StepPage):
    """Where no keyring is: a few words, typed twice."""

    step = "pin"

    def title(self) -> str:
        return _("Choose a passphrase")

    def lay_out(self) -> None:
        """Say why, and show two fields."""
        panel = Panel("passphrase.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.why = Body(
            "passphrase.why",
            _(
                "This computer has no safe place for the other half of a PIN, so a PIN alone "
                "would not protect you. Use four or five words that belong together only for you."
            ),
        )
        self.first = TextField("passphrase.first", _("Passphrase"), secret=True)
        self.second = TextField("passphrase.second", _("The same once more"), secret=True)
        self.second.line.returnPressed.connect(self._go_on)
        self.making = Heading("passphrase.busy")
        panel.inside.addWidget(self.why.flow())
        panel.inside.addWidget(self.first)
        panel.inside.addWidget(self.second)
        panel.inside.addWidget(self.making)
        panel.inside.addStretch(1)
        self.body.addWidget(panel, 1)
        self.next = self.way_on()
        self.next.clicked.connect(lambda *_: self._go_on())

    def _go_on(self) -> None:
        text = self.first.value()
        trouble = passphrase_trouble(text, self.second.value())
        self.second.complain(trouble)
        if trouble or not self.next.isEnabled():
            return
        self.next.setEnabled(False)
        self.making.setText(_("Making your encrypted archive…"))
        self.shell.session.make_archive(self.draft.wish(HERE), passphrase=text, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        self.next.setEnabled(True)
        self.making.setText("")
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        return [self.why.text(), self.first.caption.text(), self.second.caption.text()]


class FirstCode(StepPage):
    """The recovery code, shown once; opened without a code, it makes a new one first."""

    step = "code"
    can_go_back: ClassVar[bool] = False

    def title(self) -> str:
        return _("Your recovery code")

    def lay_out(self) -> None:
        """Wait for the code."""
        self.panel: CodePanel | None = None

    def fill_in(self) -> None:
        """Show the code that was just made, or make one after an interrupted first run."""
        code = self.asked.get("code")
        if isinstance(code, str) and code:
            self._show(code)
        elif self.visit.archive is not None:
            self.ask(self.shell.session.door.new_code, self._show)

    def _show(self, code: str) -> None:
        self.asked["code"] = code
        self.panel = CodePanel("code", code, kiosk=self.visit.config.mode == "kiosk")
        self.panel.proved.connect(self._proved)
        self.body.addWidget(self.panel, 1)
        self.panel.written.setFocus(Qt.FocusReason.OtherFocusReason)

    def _proved(self) -> None:
        from carehub.workflows.first_run import Next

        self.shell.session.reach(Next.CONDITIONS)

    def spoken(self) -> list[str]:
        return self.panel.sentences() if self.panel is not None else [self.header.title.text()]
