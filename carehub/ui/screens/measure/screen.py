"""The page that guides a blood-pressure measurement; its ring shows time left or the pressure."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout

from carehub.care.alerts.model import Alert
from carehub.care.protocol import Protocol, Stage
from carehub.care.readings import Kind, Reading
from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.measure.listening import Listening, pretend_of
from carehub.ui.screens.measure.model import Course, Line, MeasureView, view_of
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    Avatar,
    Button,
    Chip,
    Heading,
    Note,
    Panel,
    Ring,
    Status,
    StepItem,
    StepList,
    Words,
    column,
    row,
)
from carehub.ui.widgets.buttons import Kind as Coat
from carehub.ui.widgets.steps import State

if TYPE_CHECKING:
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken

_TICK = 250
RECENT = 2 * 60 * 60_000
"""How old (ms) a dangerous value may be and still be one of this moment (CLINICAL 4.8)."""


class Measure(Page[MeasureView]):
    """量血压: settle, rest, measure, wait, measure again; then the result."""

    locks: ClassVar[bool] = False

    def title(self) -> str:
        """Return the page's title."""
        return _("Measure BP")

    def build(self) -> None:
        """Lay out the ring on the left, words and buttons on the right."""
        self.course = Course(person=self.visit.person)
        self._lines: tuple[Line, ...] = ()
        self._listening = Listening(self.shell, (Kind.BLOOD_PRESSURE,), self._hear, self._failed)
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.tick)
        self.mark = Chip("measure.simulated", _("Pretend cuff"), Status.INFO)
        self.header.add(self.mark)
        panel = Panel("measure.panel", lying=True)
        look = theme.look()
        edge = look.sizes.gap * 1.5
        panel.inside.setContentsMargins(*(round(edge),) * 4)
        panel.inside.setSpacing(look.px(46))
        self.ring = Ring("measure.ring")
        name = self.visit.person.greeting_name if self.visit.person is not None else ""
        self.face = Avatar("measure.face", name, edge=look.sizes.body * 11)
        panel.inside.addWidget(self.ring, 46)
        panel.inside.addWidget(self.face, 46, Qt.AlignmentFlag.AlignCenter)
        panel.inside.addLayout(self._words(), 54)
        self.body.addWidget(panel)

    def _words(self) -> QVBoxLayout:
        words = column(space=round(theme.look().sizes.gap * 0.8))
        self.headline = Heading("measure.headline", step=Step.DISPLAY)
        self.count = Words("measure.count", tone="ink_2")
        self.value = Words("measure.value", step=Step.METRIC, bold=True, wrap=False)
        self.warning = Heading("measure.warning", tone="danger")
        self.sentence = Words("measure.sentence", step=Step.TITLE)
        self.steps = StepList("measure.steps")
        self.note = Note("measure.note")
        words.addStretch(3)
        words.addWidget(self.count)
        words.addWidget(self.headline)
        words.addWidget(self.value)
        words.addWidget(self.warning)
        words.addWidget(self.sentence)
        words.addWidget(self.steps)
        words.addWidget(self.note)
        words.addStretch(2)
        words.addLayout(self._make_buttons())
        words.addStretch(1)
        return words

    def _make_buttons(self) -> QVBoxLayout:
        acts: tuple[tuple[str, str, str, Coat, Callable[[], object]], ...] = (
            ("settled", _("I sit well"), "check", "primary", self._settled),
            ("mine", _("Yes, mine"), "check", "primary", self._claim),
            ("not_mine", _("No"), "x", "plain", self._disown),
            ("type", _("Type it in"), "keypad", "outline", self._type),
            ("again", _("Try again"), "swap", "outline", self._again),
            ("rested", _("I have rested"), "check", "outline", self._rested),
            ("enough", _("Finish here"), "check", "outline", self._enough),
            ("stop", _("Stop"), "x", "danger_outline", self.shell.back),
        )
        across = row()
        self.buttons: dict[str, Button] = {}
        for key, text, icon, coat, press in acts:
            button = Button(f"measure.{key}", text, icon=icon, kind=coat, press=press)
            self.buttons[key] = button
            across.addWidget(button)
        across.addStretch(1)
        self.pretend = [
            Button("measure.pretend", _("Pretend to measure"), kind="plain", press=self._pretend),
            Button(
                "measure.pretend_high",
                _("Pretend a high one"),
                kind="plain",
                press=partial(self._pretend, high=True),
            ),
        ]
        lines = column()
        lines.addLayout(across)
        beside = row()
        for button in self.pretend:
            beside.addWidget(button)
        beside.addStretch(1)
        lines.addLayout(beside)
        return lines

    # What the page is opened with

    def opened(self, **what: object) -> None:
        """Take the alert that asks for a recheck (`recheck`, `settled_at`), or a course under way."""
        super().opened(**what)
        course = what.get("course")
        if isinstance(course, Course):
            self.course = course
            return
        recheck, settled_at = what.get("recheck"), what.get("settled_at")
        self.course = Course(
            person=self.visit.person,
            recheck=recheck if isinstance(recheck, UUID) else None,
            settled_at=settled_at if isinstance(settled_at, int) else None,
        )

    def refresh(self) -> None:
        """Go on where the person is."""
        self.stale = False
        self._timer.start()
        self.tick()

    def left(self) -> None:
        """Stop listening while another page is in front; coming back goes on."""
        self._timer.stop()
        self._listening.stop()
        self.stale = True

    # One moment

    def _protocol(self) -> Protocol:
        from carehub.workflows.rulebook import protocol

        return protocol()

    def tick(self) -> None:
        """Show this moment; listen where a meter may be heard; end where the sitting is done."""
        now = background.now()
        stage = self.course.step(self._protocol(), now).stage
        if stage is Stage.DONE and not self.course.whose:
            self._done()
            return
        self.show_view(view_of(self.course, self._protocol(), now))
        if stage is not Stage.SETTLE and not self.course.trouble and not self._listening.on:
            self._listening.start()

    def _set(self, course: Course) -> None:
        self.course = course
        self.asked["course"] = course
        self.tick()

    def show_view(self, view: MeasureView) -> None:
        """Fill ring, words and buttons."""
        asks = view.stage == "whose"
        self.ring.setVisible(not asks)
        self.face.setVisible(asks)
        self.ring.show_value(view.ring, view.share, view.caption)
        self._say(self.headline, view.headline)
        self._say(self.count, view.count)
        self._say(self.value, view.value)
        self._say(self.warning, view.warning)
        self._say(self.sentence, view.sentence)
        self.buttons["type"].set_kind("primary" if view.stage == "trouble" else "outline")
        self._say(self.note, view.note)
        self._show_lines(view.lines)
        for key, button in self.buttons.items():
            button.setVisible(key in view.acts)
        pretending = pretend_of(self.shell) is not None
        self.mark.setVisible(view.simulated or pretending)
        for button in self.pretend:
            button.setVisible(pretending and view.stage == "measure" and "type" in view.acts)
        self.foot.show_words(view.foot, view.foot_icon)

    @staticmethod
    def _say(words: Words, text: str) -> None:
        if words.text() != text:
            words.setText(text)
        words.setVisible(bool(text))

    def _show_lines(self, lines: tuple[Line, ...]) -> None:
        """Change only the words where the marks stay, so that nothing is built anew each second."""
        before, self._lines = self._lines, lines
        if before == lines:
            return
        if [line.state for line in before] != [line.state for line in lines]:
            self.steps.show_steps(
                [StepItem(each.text, cast("State", each.state)) for each in lines]
            )
            return
        for number, line in enumerate(lines, 1):
            self.steps.show_text(number, line.text)

    def spoken(self) -> list[str]:
        """Say the headline and the steps."""
        said = [self.headline.text(), self.value.text(), self.warning.text(), self.sentence.text()]
        said += [*(line.text for line in self._lines), self.note.text()]
        return [each for each in said if each]

    # What the person does

    def _settled(self) -> None:
        self._set(self.course.settle(background.now()))

    def _rested(self) -> None:
        self._set(self.course.hurry(self._protocol(), background.now()))

    def _enough(self) -> None:
        self._set(self.course.finish())

    def _again(self) -> None:
        self._set(self.course.again())

    def _disown(self) -> None:
        self._set(self.course.disown())

    def _type(self) -> None:
        self.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)

    def _pretend(self, *, high: bool = False) -> None:
        pretend = pretend_of(self.shell)
        if pretend is not None:
            pretend.measure(Kind.BLOOD_PRESSURE, high=high)

    def _claim(self) -> None:
        from carehub.workflows import readings

        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        ids = tuple(reading.id for reading in self.course.whose)
        work = partial(readings.claim, archive, ids, person.id, background.now())
        self.ask(work, self._claimed)

    def _claimed(self, taken: "Taken") -> None:
        self.course = self.course.claimed()
        self._took(taken, "")

    # What the meter does

    def _hear(self, event: "Told") -> None:
        from carehub.devices import link
        from carehub.workflows.measuring import Arrived, Failed

        if isinstance(event, Arrived):
            self._took(event.taken, event.meter.name)
        elif isinstance(event, Failed):
            self._set(self.course.fail(event.error.sentence()))
        elif isinstance(event, link.CuffPressure):
            self._set(self.course.pumping(event.value, event.unit))
        elif isinstance(event, link.FrameKept):
            self._set(self.course.still())
        elif isinstance(event, link.StepChanged):
            away = (link.Step.SCAN, link.Step.STOP_SCAN, link.Step.CONNECT, link.Step.CLOSE)
            self._set(self.course.linking(linked=event.step not in away))

    def typed(self, taken: "Taken") -> None:
        """Take a reading that was typed on the keypad: whoever types one has sat down and measured."""
        if self.course.settled_at is None:
            self.course = self.course.hurry(self._protocol(), background.now())
        self._took(taken, "")

    def _took(self, taken: "Taken", meter: str) -> None:
        course = self.course.take(
            taken.added,
            taken.unassigned,
            refused=taken.refused,
            meter=meter,
        )
        course = course.warned(danger=any(map(self._dangerous, course.whose)))
        self.course = course
        done = course.step(self._protocol(), background.now()).stage is Stage.DONE
        alert = course.alarm(taken.alerts, done=done)
        if alert is not None:
            self._alarm(alert)
        elif course.surely_mine:
            self._claim()
        elif course.whose and course.person is None:
            self.shell.instead("tray")
        else:
            self._set(course)

    def _dangerous(self, reading: Reading) -> bool:
        from carehub.care.standing import Place, judge

        profile, plan = self.visit.profile, self.visit.plan
        if profile is None or plan is None or background.now() - reading.taken_at > RECENT:
            return False
        return judge(reading, profile, plan).place is Place.CRISIS

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CareHubError):
            self._set(self.course.fail(error.sentence()))
        else:
            self.shell.show_error(error)
            self._set(self.course.fail(_("Something went wrong. Please type the numbers in.")))

    def _alarm(self, alert: Alert) -> None:
        self.shell.instead("alert", alert_id=alert.id)

    def _done(self) -> None:
        ids = tuple(reading.id for reading in self.course.readings)
        self.shell.instead("result", kind=Kind.BLOOD_PRESSURE, readings=ids)


PAGES = {"measure": Measure}
