"""What measuring pressure and testing glucose share: a meter is listened for, the keypad is at hand."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, Self, TypeVar

from PySide6.QtWidgets import QHBoxLayout

from carehub.care.readings import Kind, Reading
from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.measure.listening import Listening, pretend_of
from carehub.ui.screens.page import Page, View
from carehub.ui.widgets import Avatar, Button, Chip, Status, Words, row
from carehub.ui.widgets.buttons import Kind as Coat

if TYPE_CHECKING:
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken

Act = tuple[str, str, str, Coat, Callable[[], object]]
"""A button of the page: its key, words, icon, coat, and what it does."""


class AnyCourse(Protocol):
    """One measurement under way, as far as both pages know it; it is replaced, never changed."""

    @property
    def whose(self) -> tuple[Reading, ...]:
        """The readings that nobody has claimed yet."""
        ...

    def linking(self, *, linked: bool) -> Self:
        """Note that a meter was met, or left."""
        ...

    def fail(self, sentence: str) -> Self:
        """Note what went wrong."""
        ...

    def again(self) -> Self:
        """Try once more after a failure."""
        ...

    def claimed(self) -> Self:
        """Note that what came is theirs."""
        ...

    def disown(self) -> Self:
        """Leave what came to somebody else."""
        ...


Course = TypeVar("Course", bound=AnyCourse)


class MeterPage(Page[View], Generic[View, Course]):
    """A page with a course under way, which a meter, the keypad and the person move on.

    `name` begins the names of its parts. `build` makes `course`; `tick` shows where it stands and
    listens where a meter may be heard; `took` decides what becomes of readings.
    """

    locks: ClassVar[bool] = False
    kind: ClassVar[Kind]
    name: ClassVar[str]
    course: Course

    def tick(self) -> None:
        """Show this moment of the course."""
        raise NotImplementedError

    def took(self, taken: "Taken", meter: str) -> None:
        """Take readings into the course; `meter` is the name of what sent them."""
        raise NotImplementedError

    # Parts

    def prepare(self, pretended: str) -> None:
        """Make what listens, the mark of the pretend meter, and the face of whoever sits here."""
        self._listening = Listening(self.shell, (self.kind,), self._hear, self._failed)
        self.mark = Chip(f"{self.name}.simulated", pretended, Status.INFO)
        self.header.add(self.mark)
        self.buttons: dict[str, Button] = {}

    def face_of(self, bodies: int) -> Avatar:
        """Return the face of whoever sits here, so many lines of text high."""
        person = self.visit.person
        shown = person.greeting_name if person is not None else ""
        return Avatar(f"{self.name}.face", shown, edge=theme.look().sizes.body * bodies)

    def lay_buttons(self, acts: Iterable[Act]) -> QHBoxLayout:
        """Return the buttons beside each other; `show_acts` says which are there."""
        across = row()
        for key, text, icon, coat, press in acts:
            button = Button(f"{self.name}.{key}", text, icon=icon, kind=coat, press=press)
            self.buttons[key] = button
            across.addWidget(button)
        across.addStretch(1)
        return across

    def show_acts(self, acts: tuple[str, ...], *, simulated: bool) -> bool:
        """Show these buttons, and the mark; return whether the demo's pretend meters are here."""
        for key, button in self.buttons.items():
            button.setVisible(key in acts)
        pretending = pretend_of(self.shell) is not None
        self.mark.setVisible(simulated or pretending)
        return pretending

    @staticmethod
    def put(words: Words, text: str) -> None:
        """Show a text, or nothing where it is empty; what stands there already is not laid out anew."""
        if words.text() != text:
            words.setText(text)
        words.setVisible(bool(text))

    # Coming and going

    def refresh(self) -> None:
        """Go on where the person is."""
        self.stale = False
        self.tick()

    def left(self) -> None:
        """Stop listening while another page is in front; coming back goes on."""
        self._listening.stop()
        self.stale = True

    def move_on(self, course: Course) -> None:
        """Put the course where it is now, and show it."""
        self.course = course
        self.asked["course"] = course
        self.tick()

    # What the person does

    def try_again(self) -> None:
        """Listen once more after a failure."""
        self.move_on(self.course.again())

    def disown(self) -> None:
        """Leave what came to the tray: it is somebody else's."""
        self.move_on(self.course.disown())

    def pretend(self, *, high: bool = False) -> None:
        """Let the demo's pretend meter measure."""
        pretend = pretend_of(self.shell)
        if pretend is not None:
            pretend.measure(self.kind, high=high)

    def claim(self) -> None:
        """Give what came to whoever sits here."""
        from carehub.workflows import readings

        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        ids = tuple(reading.id for reading in self.course.whose)
        work = partial(readings.claim, archive, ids, person.id, background.now())
        self.ask(work, self._claimed)

    def _claimed(self, taken: "Taken") -> None:
        self.course = self.course.claimed()
        self.took(taken, "")

    def typed(self, taken: "Taken") -> None:
        """Take a reading that was typed on the keypad in front of this page."""
        self.took(taken, "")

    # What the meter does

    def _hear(self, event: "Told") -> None:
        from carehub.devices import link
        from carehub.workflows.measuring import Arrived, Failed

        if isinstance(event, Arrived):
            self.took(event.taken, event.meter.name)
        elif isinstance(event, Failed):
            self.move_on(self.course.fail(event.error.sentence()))
        elif isinstance(event, link.StepChanged):
            away = (link.Step.SCAN, link.Step.STOP_SCAN, link.Step.CONNECT, link.Step.CLOSE)
            self.move_on(self.course.linking(linked=event.step not in away))
        else:
            self.noticed(event)

    def noticed(self, event: "Told") -> None:
        """Be told of what a meter does besides; nothing, where the page shows none of it."""

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CareHubError):
            self.move_on(self.course.fail(error.sentence()))
        else:
            self.shell.show_error(error)
            said = _("Something went wrong. Please type the numbers in.")
            self.move_on(self.course.fail(said))
