"""The last steps: the health archive in three, then whom to call; each is kept at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from carehub.i18n import _
from carehub.ui.screens.first_run.model import progress
from carehub.ui.screens.health.entry_page import EntryPage
from carehub.ui.screens.health.pick_page import PickPage
from carehub.ui.screens.health.picks import PickView, Topic
from carehub.ui.widgets import Button, ProgressSteps

if TYPE_CHECKING:
    from carehub.workflows.first_run import Next


class FirstPick(PickPage):
    """A page of the health archive as a step; it goes on once there is an answer."""

    step: ClassVar[str]
    locks: ClassVar[bool] = False

    def build(self) -> None:
        """Show how far along this is above the ticks."""
        bar = ProgressSteps("first_run.progress", *progress(self.step))
        self.body.addWidget(bar)
        super().build()
        self.foot.show_words(bar.accessibleName(), "info")

    def words_on(self) -> str:
        return _("Continue")

    def may_go_on(self, view: PickView) -> bool:
        return view.answered

    def go_on(self) -> None:
        self.shell.session.reach(self.following())

    def following(self) -> "Next":
        """Return the step after this one."""
        from carehub.workflows.first_run import Next

        steps = list(Next)
        return steps[steps.index(Next(self.step)) + 1]


class FirstConditions(FirstPick):
    """Step one: conditions; behind it lies the code, which is not shown again."""

    can_go_back: ClassVar[bool] = False
    step: ClassVar[str] = "conditions"
    topic: ClassVar[Topic] = Topic.CONDITIONS


class FirstAllergies(FirstPick):
    """Step two: allergies."""

    step: ClassVar[str] = "allergies"
    topic: ClassVar[Topic] = Topic.ALLERGIES


class FirstMedicines(FirstPick):
    """Step three: medicines."""

    step: ClassVar[str] = "medicines"
    topic: ClassVar[Topic] = Topic.MEDICINES


class FirstContact(EntryPage):
    """Whom to call; it may be left for later."""

    locks: ClassVar[bool] = False

    def build(self) -> None:
        """Show how far along this is above the form."""
        bar = ProgressSteps("first_run.progress", *progress("contact"))
        self.body.addWidget(bar)
        super().build()
        self.foot.show_words(bar.accessibleName(), "info")

    def opened(self, **what: object) -> None:
        """Show the form of a contact."""
        super().opened(**{**what, "topic": Topic.CONTACTS.value})
        self.header.show_title(_("Whom shall we call?"))

    def words_on(self) -> str:
        return _("Finish")

    def other_ways(self) -> Sequence[QWidget]:
        later = Button("entry.later", _("Later"), kind="plain", press=self.go_on)
        return (later,)

    def go_on(self) -> None:
        self.shell.session.reach(None)
