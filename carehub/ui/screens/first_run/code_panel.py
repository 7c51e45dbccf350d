"""The recovery code in large groups, printing it, and typing one group back."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from carehub.errors import NoPrinter
from carehub.i18n import _
from carehub.ui import sheet, theme
from carehub.ui.screens.first_run.model import asked_group, group_fits, groups
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Button, Heading, Note, Panel, TextField, Words, column, row
from carehub.ui.widgets.panel import grid


class CodePanel(QWidget):
    """Shows a code once and asks for one of its groups; `proved` is sent when that fits."""

    proved = Signal()

    def __init__(self, name: str, code: str, *, kiosk: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._code, self._name = code, name
        self._asked = asked_group(code)
        self.shown, self.asking = self._show(kiosk), self._ask()
        lines = column(self)
        lines.addWidget(self.shown, 1)
        lines.addWidget(self.asking, 1)
        self.asking.hide()

    # The code

    def _show(self, kiosk: bool) -> QWidget:
        panel = Panel(f"{self._name}.shown")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.why = Body(
            f"{self._name}.why",
            _(
                "If you forget the PIN or this computer breaks, only this code opens your records. "
                "Write it down and keep it with your papers. It is shown only this once."
            ),
        )
        panel.inside.addWidget(self.why.flow())
        panel.inside.addStretch(1)
        panel.inside.addLayout(self._groups())
        panel.inside.addStretch(1)
        self.told = Note(f"{self._name}.told")
        panel.inside.addWidget(self.told)
        buttons = row()
        printing = Button(f"{self._name}.print", _("Print"), icon="printer", press=self._print)
        buttons.addWidget(printing)
        if not kiosk:
            keep = Button(f"{self._name}.pdf", _("Keep as PDF"), icon="sheet", press=self._keep)
            buttons.addWidget(keep)
        buttons.addStretch(1)
        self.written = Button(
            f"{self._name}.written",
            _("I have written it down"),
            icon="forward",
            kind="primary",
            press=self.ask,
        )
        buttons.addWidget(self.written)
        panel.inside.addLayout(buttons)
        return panel

    def _groups(self) -> QGridLayout:
        lines = grid(space=theme.look().sizes.gap)
        for number, text in enumerate(groups(self._code)):
            box = Panel(f"{self._name}.box.{number}", lying=True, edge="line", edge_width=2)
            count = Note(f"{self._name}.number.{number}", str(number + 1), wrap=False)
            word = Words(
                f"{self._name}.group.{number}", text, step=Step.DISPLAY, bold=True, wrap=False
            )
            box.inside.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
            box.inside.addStretch(1)
            box.inside.addWidget(word)
            box.inside.addStretch(1)
            lines.addWidget(box, number // 4, number % 4)
        return lines

    def paper(self) -> sheet.Sheet:
        """Return the sheet with the code, to be kept with other papers."""
        code = self._code
        half = "-".join(groups(code)[:4]), "-".join(groups(code)[4:])
        return sheet.Sheet(
            _("CareHub recovery code"),
            _("Keep this with your papers, away from the computer."),
            (
                sheet.Section(
                    _("What is it for?"),
                    (
                        _("It opens the records when the PIN is forgotten or the computer broke."),
                        _("Whoever has this sheet and the computer can read the records."),
                    ),
                ),
            ),
            big="  ".join(half),
        )

    def _print(self) -> None:
        try:
            sheet.print_out(self.paper())
        except NoPrinter as error:
            self.tell(error.sentence())
        else:
            self.tell(_("Sent to the printer."))

    def _keep(self) -> None:
        self.keep(sheet.documents())

    def keep(self, folder: Path) -> None:
        """Save the sheet as a PDF and say where it is."""
        file = folder / "CareHub-recovery-code.pdf"
        try:
            sheet.save_pdf(self.paper(), file)
        except OSError:
            self.tell(_("The PDF could not be saved."))
        else:
            place = f"{folder.name}/{file.name}"
            self.tell(_("Saved: {place}. Print it, then delete the file.").format(place=place))

    def tell(self, text: str) -> None:
        """Say what became of printing or saving."""
        self.told.setText(text)

    # Typing one group back

    def _ask(self) -> QWidget:
        panel = Panel(f"{self._name}.asking")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        number = self._asked + 1
        self.question = Heading(
            f"{self._name}.question",
            _("Look at your paper: what is group {number}?").format(number=number),
        )
        self.field = TextField(
            f"{self._name}.answer",
            _("The four signs of group {number}").format(number=number),
            hint=_("Small letters are fine"),
        )
        self.field.line.setFont(theme.font(Step.DISPLAY, bold=True))
        self.field.line.returnPressed.connect(self.check)
        buttons = row()
        again = Button(f"{self._name}.again", _("Show it again"), icon="back", press=self.show_code)
        done = Button(
            f"{self._name}.check", _("Check"), icon="check", kind="primary", press=self.check
        )
        buttons.addWidget(again)
        buttons.addStretch(1)
        buttons.addWidget(done)
        panel.inside.addWidget(self.question)
        panel.inside.addWidget(self.field)
        panel.inside.addStretch(1)
        panel.inside.addLayout(buttons)
        return panel

    def ask(self) -> None:
        """Hide the code and ask for one group."""
        self.shown.hide()
        self.asking.show()
        self.field.line.clear()
        self.field.complain("")
        self.field.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_code(self) -> None:
        """Show the code again, to be written down."""
        self.asking.hide()
        self.shown.show()

    def check(self) -> None:
        """Compare what was typed with the code."""
        if group_fits(self._code, self._asked, self.field.value()):
            self.proved.emit()
        else:
            self.field.complain(_("That is not group {number}.").format(number=self._asked + 1))

    def sentences(self) -> list[str]:
        """Return what may be read aloud: never the code itself."""
        if self.asking.isVisibleTo(self):
            return [self.question.text()]
        return [self.why.text()]
