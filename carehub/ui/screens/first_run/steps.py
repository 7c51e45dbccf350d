"""What all steps of the first run share: the bar that shows how far one is, and the way on."""

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from carehub.i18n import _
from carehub.ui.screens.first_run.model import Draft, progress
from carehub.ui.screens.page import AnyPage
from carehub.ui.widgets import Button, ProgressSteps, row


class StepPage(AnyPage):
    """One step; `draft` is shared by all of them, so going back keeps what was typed."""

    step: ClassVar[str] = ""
    locks: ClassVar[bool] = False
    draft: Draft

    def build(self) -> None:
        """Show how far along this is, then the step itself, then the way on."""
        self.bar = ProgressSteps("first_run.progress", *progress(self.step))
        self.body.addWidget(self.bar)
        self.lay_out()
        self.foot.show_words(self.bar.accessibleName(), "info")

    def lay_out(self) -> None:
        """Put the step's own widgets into the body."""

    def opened(self, **what: object) -> None:
        """Take the draft, and fill in what was typed before."""
        super().opened(**what)
        given = what.get("draft")
        self.draft = given if isinstance(given, Draft) else Draft()
        self.asked["draft"] = self.draft
        self.fill_in()

    def fill_in(self) -> None:
        """Show what the draft knows."""

    def go(self, step: str) -> None:
        """Open another step with the same draft."""
        name = "first_run" if step == "language" else f"first_run.{step}"
        self.shell.open(name, draft=self.draft)

    def way_on(self, *before: QWidget, text: str = "") -> Button:
        """Add the row at the bottom: what stands before, and the button that goes on."""
        on = Button("first_run.next", text or _("Continue"), icon="forward", kind="primary")
        line = row()
        for each in before:
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(on)
        self.body.addLayout(line)
        return on
