"""The page that guides a glucose test: when it is, then the meter, the keypad, or HI and LO."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.care.readings import HIGH, LOW, Kind, MealContext
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.alert.model import gravest
from carehub.ui.screens.glucose.model import ORDER, Course, GlucoseView, view_of
from carehub.ui.screens.keypad.model import UNITS, Entry
from carehub.ui.screens.measure.meter_page import Act, MeterPage
from carehub.ui.terms import MEALS
from carehub.ui.theme import Step
from carehub.ui.widgets import (
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
from carehub.ui.widgets.panel import grid
from carehub.ui.widgets.steps import State

if TYPE_CHECKING:
    from carehub.workflows.readings import Taken


class Glucose(MeterPage[GlucoseView, Course]):
    """测血糖: choose the moment, then let the meter send it, or type it."""

    kind: ClassVar[Kind] = Kind.GLUCOSE
    name: ClassVar[str] = "glucose"

    def title(self) -> str:
        """Return the page's title."""
        return _("Test glucose")

    def build(self) -> None:
        """Lay out the choice of the moment and, in its place, the steps."""
        self.course = Course(person=self.visit.person)
        self._view: GlucoseView | None = None
        self.prepare(_("Pretend glucose meter"))
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
        self.face = self.face_of(7)
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
        acts: tuple[Act, ...] = (
            ("mine", _("Yes, mine"), "check", "primary", self.claim),
            ("not_mine", _("No"), "x", "plain", self.disown),
            ("type", _("Type it in"), "keypad", "primary", self._type),
            ("again", _("Try again"), "swap", "outline", self.try_again),
            ("high", _("It shows HI"), "up", "plain", partial(self._say, HIGH)),
            ("low", _("It shows LO"), "down", "plain", partial(self._say, LOW)),
            ("when", _("Another moment"), "clock", "plain", self._forget),
        )
        across = self.lay_buttons(acts)
        self.pretending = Button(
            "glucose.pretend", _("Pretend to measure"), kind="plain", press=self.pretend
        )
        across.addWidget(self.pretending)
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

    def tick(self) -> None:
        """Show this moment; listen where a meter may be heard."""
        self.show_view(view_of(self.course))
        if self.course.context is not None and not self.course.trouble:
            self._listening.start()

    def show_view(self, view: GlucoseView) -> None:
        """Fill words and buttons."""
        asks = view.stage == "when"
        self.face.setVisible(view.stage == "whose")
        self.headline.setText(view.headline)
        self.put(self.value, view.value)
        self.moment.show_state(view.moment, Status.INFO)
        self.moment.setVisible(bool(view.moment))
        self.moments.setVisible(asks)
        self.steps.setVisible(bool(view.lines))
        if self._view is None or self._view.lines != view.lines:
            items = [StepItem(each.text, cast("State", each.state)) for each in view.lines]
            self.steps.show_steps(items)
        self.put(self.trouble, view.trouble)
        self.put(self.note, view.note)
        pretending = self.show_acts(view.acts, simulated=view.simulated)
        self.pretending.setVisible(pretending and view.stage == "measure")
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
        self.move_on(self.course.choose(context))

    def _forget(self) -> None:
        self._listening.stop()
        self.move_on(self.course.forget())

    def _type(self) -> None:
        context = self.course.context or MealContext.RANDOM
        self.shell.open("keypad", kind=Kind.GLUCOSE, context=context)

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

    # What the meter does

    def took(self, taken: "Taken", meter: str) -> None:
        """Take readings into the course, and go where they lead."""
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
            self.move_on(course)

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
