"""The text on what is kept, beside one tick per purpose; nothing is ticked beforehand."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from carehub.care.consent import Purpose
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.first_run.consent import CHOICES, TEXT
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Heading, Note, Panel, Scroll, Tick, Words, row


class Agreement(QWidget):
    """The text and the ticks; `changed` is sent after each tick."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._ticks: dict[Purpose, Tick] = {}
        across = row(self, space=theme.look().sizes.gap)
        across.addWidget(self._text(name), 6)
        across.addWidget(self._choices(name), 5)

    def _text(self, name: str) -> Panel:
        panel = Panel(f"{name}.text")
        scroll = Scroll(f"{name}.scroll")
        for number, part in enumerate(TEXT):
            asked = Words(
                f"{name}.question.{number}", _(part.question), step=Step.STRONG, bold=True
            )
            asked.set_tone("jade")
            scroll.inside.addWidget(asked)
            scroll.inside.addWidget(Body(f"{name}.answer.{number}", _(part.answer)).flow())
        scroll.inside.addStretch(1)
        panel.inside.addWidget(scroll)
        return panel

    def _choices(self, name: str) -> Panel:
        panel = Panel(f"{name}.choices")
        panel.inside.addWidget(Heading(f"{name}.ask", _("Do you agree?")))
        panel.inside.addWidget(
            Note(f"{name}.each", _("Each one by itself; nothing was ticked for you."))
        )
        panel.inside.addSpacing(theme.look().sizes.between)
        for choice in CHOICES:
            tick = Tick(f"{name}.{choice.purpose}", _(choice.words))
            tick.setAccessibleDescription(_(choice.why))
            tick.toggled.connect(lambda *_: self.changed.emit())
            self._ticks[choice.purpose] = tick
            panel.inside.addWidget(tick)
            panel.inside.addWidget(Note(f"{name}.{choice.purpose}.why", _(choice.why)))
        panel.inside.addStretch(1)
        return panel

    def agreed(self) -> set[Purpose]:
        """Return what is ticked."""
        return {purpose for purpose, tick in self._ticks.items() if tick.isChecked()}

    def show_agreed(self, purposes: Collection[Purpose]) -> None:
        """Tick what was agreed to before."""
        for purpose, tick in self._ticks.items():
            tick.setChecked(purpose in purposes)

    def sentences(self) -> list[str]:
        """Return the whole text, to be read aloud."""
        parts: list[str] = []
        for part in TEXT:
            parts += [_(part.question), _(part.answer)]
        for choice in CHOICES:
            parts += [_(choice.words), _(choice.why)]
        return parts
