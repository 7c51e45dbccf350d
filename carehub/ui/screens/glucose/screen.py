"""The page that guides a glucose test: when it is, then the meter, the keypad, or HI and LO."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.care.readings import HIGH, LOW, Kind, MealContext
from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.alert.model import gravest
from carehub.ui.screens.glucose.model import ORDER, Course, GlucoseView, view_of
from carehub.ui.screens.keypad.model import UNITS, Entry
from carehub.ui.screens.measure.listening import Listening, pretend_of
from carehub.ui.screens.page import Page
from carehub.ui.terms import MEALS
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    Avatar,
    Button,
    Chip,
    Heading,
    Note,
    Panel,
    Status,
    StepItem,
    StepList,
    Words,
    column,
    row,
)
from carehub.ui.widgets.buttons import Kind as Coat
from carehub.ui.widgets.panel import grid
from carehub.ui.widgets.steps import State

if TYPE_CHECKING:
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken


class Glucose(Page[GlucoseView]):
    """测血糖: choose the moment, then let the meter send it, or type it."""

    locks: ClassVar[bool] = False

    def title(self) -> str:
        """Return the page's title."""
        return _("Test glucose")

    def build(self) -> None:
        """Lay out the choice of the moment and, in its place, the steps."""
        self.course = Course(person=self.visit.person)
        self._view: GlucoseView | None = None
        self._listening = Listening(self.shell, (Kind.GLUCOSE,), self._hear, self._failed)
        self.mark = Chip("glucose.simulated", _("Pretend glucose meter"), Status.INFO)
        self.header.add(self.mark)
        panel = Panel("glucose.panel")
        edge = round(theme.look().sizes.gap * 1.7)
        panel.inside.setContentsMargins(edge, edge, edge, edge)
        panel.inside.setSpacing(round(theme.look().sizes.gap * 0.9))
        panel.inside.addStretch(1)
        panel.inside.addLayout(self._head())
        self.moments = self._moments()
        self.steps = StepList("glucose.steps")
        self.trouble = Words("glucose.trouble", step=Step.TITLE)
        self.note = Note("glucose.note")
        for each in (self.moments, self.steps, self.trouble, self.note):
            panel.inside.addWidget(each)
        panel.inside.addStretch(2)
        panel.inside.addLayout(self._buttons())
        self.body.addWidget(panel)

    def _head(self) -> QHBoxLayout:
        head = row(space=theme.look().sizes.gap)
        name = self.visit.person.greeting_name if self.visit.person is not None else ""
        self.face = Avatar("glucose.face", name, edge=theme.look().sizes.body * 7)
        words = column(space=0)
        self.headline = Heading("glucose.headline", step=Step.DISPLAY)
        self.moment = Chip("glucose.moment", "", Status.INFO)
        self.value = Words("glucose.value", step=Step.METRIC, bold=True, wrap=False)
        words.addWidget(self.headline)
        words.addWidget(self.value)
        head.addWidget(self.face)
        head.addLayout(words)
        head.addWidget(self.moment, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        return head

    def _moments(self) -> QWidget:
        box = QWidget()
        sizes = theme.look().sizes
        lines = grid(box, space=sizes.gap)
        for number, context in enumerate(ORDER):
            press = partial(self._choose, context)
            name = f"glucose.when.{context.value}"
            button = Button(name, _(MEALS[context]), kind="outline", press=press)
            button.setMinimumHeight(round(sizes.target * 1.5))
            lines.addWidget(button, number // 3, number % 3)
        return box

    def _buttons(self) -> QHBoxLayout:
        acts: tuple[tuple[str, str, str, Coat, Callable[[], object]], ...] = (
            ("mine", _("Yes, mine"), "check", "primary", self._claim),
            ("not_mine", _("No"), "x", "plain", self._disown),
            ("type", _("Type it in"), "keypad", "primary", self._type),
            ("again", _("Try again"), "swap", "outline", self._again),
            ("high", _("It shows HI"), "up", "plain", partial(self._say, HIGH)),
            ("low", _("It shows LO"), "down", "plain", partial(self._say, LOW)),
            ("when", _("Another moment"), "clock", "plain", self._forget),
        )
        across = row()
        self.buttons: dict[str, Button] = {}
        for key, text, icon, coat, press in acts:
            button = Button(f"glucose.{key}", text, icon=icon, kind=coat, press=press)
            self.buttons[key] = button
            across.addWidget(button)
        across.addStretch(1)
        self.pretend = Button(
            "glucose.pretend", _("Pretend to measure"), kind="plain", press=self._pretend
        )
        across.addWidget(self.pretend)
        return across

    # What the page is opened with

    def opened(self, **what: object) -> None:
        """Take the alert that asks for a recheck, the meal, or a course under way."""
        super().opened(**what)
        course = what.get("course")
        recheck, context = what.get("recheck"), what.get("context")
        if isinstance(course, Course):
            self.course = course
            return
        again = isinstance(recheck, UUID)
        self.course = Course(
            person=self.visit.person,
            recheck=recheck if isinstance(recheck, UUID) else None,
            context=MealContext(str(context))
            if context
            else (MealContext.RANDOM if again else None),
        )

    def refresh(self) -> None:
        """Go on where the person is."""
        self.stale = False
        self._show()

    def left(self) -> None:
        """Stop listening while another page is in front."""
        self._listening.stop()
        self.stale = True

    def _show(self) -> None:
        self.show_view(view_of(self.course))
        if self.course.context is not None and not self.course.trouble:
            self._listening.start()

    def _set(self, course: Course) -> None:
        self.course = course
        self.asked["course"] = course
        self._show()

    def show_view(self, view: GlucoseView) -> None:
        """Fill words and buttons."""
        asks = view.stage == "when"
        self.face.setVisible(view.stage == "whose")
        self.headline.setText(view.headline)
        self.value.setText(view.value)
        self.value.setVisible(bool(view.value))
        self.moment.show_state(view.moment, Status.INFO)
        self.moment.setVisible(bool(view.moment))
        self.moments.setVisible(asks)
        self.steps.setVisible(bool(view.lines))
        if self._view is None or self._view.lines != view.lines:
            items = [StepItem(each.text, cast("State", each.state)) for each in view.lines]
            self.steps.show_steps(items)
        self.trouble.setText(view.trouble)
        self.trouble.setVisible(bool(view.trouble))
        self.note.setText(view.note)
        self.note.setVisible(bool(view.note))
        for key, button in self.buttons.items():
            button.setVisible(key in view.acts)
        pretending = pretend_of(self.shell) is not None
        self.mark.setVisible(view.simulated or pretending)
        self.pretend.setVisible(pretending and view.stage == "measure")
        self.foot.show_words(view.foot, "info" if asks else "bluetooth")
        self._view = view

    def spoken(self) -> list[str]:
        """Say the question and its answers, or the steps."""
        view = self._view
        if view is None:
            return [self.header.title.text()]
        moments = [_(MEALS[context]) for context in ORDER] if view.stage == "when" else []
        said = [
            view.headline,
            view.value,
            view.moment,
            *moments,
            *(line.text for line in view.lines),
        ]
        return [each for each in (*said, view.trouble, view.note) if each]

    # What the person does

    def _choose(self, context: MealContext) -> None:
        self._set(self.course.choose(context))

    def _forget(self) -> None:
        self._listening.stop()
        self._set(self.course.forget())

    def _again(self) -> None:
        self._set(self.course.again())

    def _disown(self) -> None:
        self._set(self.course.disown())

    def _type(self) -> None:
        context = self.course.context or MealContext.RANDOM
        self.shell.open("keypad", kind=Kind.GLUCOSE, context=context)

    def _pretend(self) -> None:
        pretend = pretend_of(self.shell)
        if pretend is not None:
            pretend.measure(Kind.GLUCOSE)

    def _say(self, text: str) -> None:
        """Keep HI or LO as the meter shows it."""
        from carehub.workflows import readings

        person, archive = self.visit.person, self.visit.archive
        if person is None or archive is None:
            return
        now = background.now()
        context = self.course.context or MealContext.RANDOM
        entry = Entry(Kind.GLUCOSE, UNITS[Kind.GLUCOSE][0], context=context, text=text)
        self.ask(partial(readings.type_in, archive, entry.reading(person, now), now), self.typed)

    def _claim(self) -> None:
        from carehub.workflows import readings

        person, archive = self.visit.person, self.visit.archive
        if person is None or archive is None:
            return
        ids = tuple(reading.id for reading in self.course.whose)
        work = partial(readings.claim, archive, ids, person.id, background.now())
        self.ask(work, self._claimed)

    def _claimed(self, taken: "Taken") -> None:
        self.course = self.course.claimed()
        self._took(taken, "")

    def typed(self, taken: "Taken") -> None:
        """Take a reading that was typed on the keypad in front of this page."""
        self._took(taken, "")

    # What the meter does

    def _hear(self, event: "Told") -> None:
        from carehub.devices import link
        from carehub.workflows.measuring import Arrived, Failed

        if isinstance(event, Arrived):
            self._took(event.taken, event.meter.name)
        elif isinstance(event, Failed):
            self._set(self.course.fail(event.error.sentence()))
        elif isinstance(event, link.StepChanged):
            away = (link.Step.SCAN, link.Step.STOP_SCAN, link.Step.CONNECT, link.Step.CLOSE)
            self._set(self.course.linking(linked=event.step not in away))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CareHubError):
            self._set(self.course.fail(error.sentence()))
        else:
            self.shell.show_error(error)
            self._set(self.course.fail(_("Something went wrong. Please type the numbers in.")))

    def _took(self, taken: "Taken", meter: str) -> None:
        course = self.course.take(taken.added, taken.unassigned, taken.refused, meter)
        course = course.warned(self._warning(course))
        self.course = course
        wrong = course.to_correct()
        alert = gravest(taken.alerts)
        if wrong is not None and self.visit.archive is not None:
            self._correct(wrong.id)
        elif alert is not None:
            self.shell.instead("alert", alert_id=alert.id)
        elif course.whose and course.person is None:
            self.shell.instead("tray")
        elif course.readings and not course.whose:
            self._done()
        else:
            self._set(course)

    def _warning(self, course: Course) -> str:
        """Return what the rules say at once of readings that belong to nobody yet."""
        from carehub.care.alerts import evaluate_unassigned

        plan = self.visit.plan
        if plan is None or not course.whose:
            return ""
        found = evaluate_unassigned(course.whose, plan, background.now())
        gravest_first = sorted(found, key=lambda finding: -finding.level)
        return _(gravest_first[0].text) if gravest_first else ""

    def _correct(self, reading_id: UUID) -> None:
        """Give a reading the meal that the person named and the meter does not know."""
        from dataclasses import replace

        from carehub.workflows import readings

        archive, context = self.visit.archive, self.course.context
        old = self.course.readings[-1]
        if archive is None or context is None:
            return
        new = replace(old, context=context)
        work = partial(readings.correct, archive, reading_id, new, background.now())
        self.course = replace(self.course, readings=())
        self.ask(work, self.typed)

    def _done(self) -> None:
        ids = (self.course.readings[-1].id,)
        self.shell.instead("result", kind=Kind.GLUCOSE, readings=ids)


PAGES = {"glucose": Glucose}
