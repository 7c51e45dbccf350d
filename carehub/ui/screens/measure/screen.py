"""The page that guides a blood-pressure measurement; its ring shows time left or the pressure."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout

from carehub.care.alerts.model import Alert
from carehub.care.protocol import Protocol, Stage
from carehub.care.readings import Kind, Reading
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.measure.meter_page import Act, MeterPage
from carehub.ui.screens.measure.model import Course, Line, MeasureView, view_of
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    Button,
    Heading,
    Note,
    Panel,
    Ring,
    StepItem,
    StepList,
    Words,
    column,
    row,
)
from carehub.ui.widgets.steps import State

if TYPE_CHECKING:
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken

_TICK = 250
RECENT = 2 * 60 * 60_000
"""How old (ms) a dangerous value may be and still be one of this moment (CLINICAL 4.8)."""


class Measure(MeterPage[MeasureView, Course]):
    """量血压: settle, rest, measure, wait, measure again; then the result."""

    kind: ClassVar[Kind] = Kind.BLOOD_PRESSURE
    name: ClassVar[str] = "measure"

    def title(self) -> str:
        """Return the page's title."""
        return _("Measure BP")

    def build(self) -> None:
        """Lay out the ring on the left, words and buttons on the right."""
        self.course = Course(person=self.visit.person)
        self._lines: tuple[Line, ...] = ()
        self.prepare(_("Pretend cuff"))
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.tick)
        panel = Panel("measure.panel", lying=True)
        look = theme.look()
        edge = look.sizes.gap * 1.5
        panel.inside.setContentsMargins(*(round(edge),) * 4)
        panel.inside.setSpacing(look.px(46))
        self.ring = Ring("measure.ring")
        self.face = self.face_of(11)
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
        acts: tuple[Act, ...] = (
            ("settled", _("I sit well"), "check", "primary", self._settled),
            ("mine", _("Yes, mine"), "check", "primary", self.claim),
            ("not_mine", _("No"), "x", "plain", self.disown),
            ("type", _("Type it in"), "keypad", "outline", self._type),
            ("again", _("Try again"), "swap", "outline", self.try_again),
            ("rested", _("I have rested"), "check", "outline", self._rested),
            ("enough", _("Finish here"), "check", "outline", self._enough),
            ("stop", _("Stop"), "x", "danger_outline", self.shell.back),
        )
        self.pretending = [
            Button("measure.pretend", _("Pretend to measure"), kind="plain", press=self.pretend),
            Button(
                "measure.pretend_high",
                _("Pretend a high one"),
                kind="plain",
                press=partial(self.pretend, high=True),
            ),
        ]
        lines = column()
        lines.addLayout(self.lay_buttons(acts))
        beside = row()
        for button in self.pretending:
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
        self._timer.start()
        super().refresh()

    def left(self) -> None:
        """Stop listening while another page is in front; coming back goes on."""
        self._timer.stop()
        super().left()

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

    def show_view(self, view: MeasureView) -> None:
        """Fill ring, words and buttons."""
        asks = view.stage == "whose"
        self.ring.setVisible(not asks)
        self.face.setVisible(asks)
        self.ring.show_value(view.ring, view.share, view.caption)
        self.put(self.headline, view.headline)
        self.put(self.count, view.count)
        self.put(self.value, view.value)
        self.put(self.warning, view.warning)
        self.put(self.sentence, view.sentence)
        self.buttons["type"].set_kind("primary" if view.stage == "trouble" else "outline")
        self.put(self.note, view.note)
        self._show_lines(view.lines)
        pretending = self.show_acts(view.acts, simulated=view.simulated)
        for button in self.pretending:
            button.setVisible(pretending and view.stage == "measure" and "type" in view.acts)
        self.foot.show_words(view.foot, view.foot_icon)

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
        self.move_on(self.course.settle(background.now()))

    def _rested(self) -> None:
        self.move_on(self.course.hurry(self._protocol(), background.now()))

    def _enough(self) -> None:
        self.move_on(self.course.finish())

    def _type(self) -> None:
        self.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)

    # What the meter does

    def noticed(self, event: "Told") -> None:
        """Show the pressure in the cuff, until a value is there."""
        from carehub.devices import link

        if isinstance(event, link.CuffPressure):
            self.move_on(self.course.pumping(event.value, event.unit))
        elif isinstance(event, link.FrameKept):
            self.move_on(self.course.still())

    def typed(self, taken: "Taken") -> None:
        """Take a reading that was typed on the keypad: whoever types one has sat down and measured."""
        if self.course.settled_at is None:
            self.course = self.course.hurry(self._protocol(), background.now())
        super().typed(taken)

    def took(self, taken: "Taken", meter: str) -> None:
        """Take readings into the sitting, and go where they lead."""
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
            self.claim()
        elif course.whose and course.person is None:
            self.shell.instead("tray")
        else:
            self.move_on(course)

    def _dangerous(self, reading: Reading) -> bool:
        from carehub.care.standing import Place, judge

        profile, plan = self.visit.profile, self.visit.plan
        if profile is None or plan is None or background.now() - reading.taken_at > RECENT:
            return False
        return judge(reading, profile, plan).place is Place.CRISIS

    def _alarm(self, alert: Alert) -> None:
        self.shell.instead("alert", alert_id=alert.id)

    def _done(self) -> None:
        ids = tuple(reading.id for reading in self.course.readings)
        self.shell.instead("result", kind=Kind.BLOOD_PRESSURE, readings=ids)


PAGES = {"measure": Measure}
