"""The alert page: value, steps, and whom to call; it stays until a person leaves it."""

from dataclasses import replace
from functools import partial
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.care.alerts.model import Level
from carehub.care.changes import Changes
from carehub.care.family import Scope
from carehub.care.readings import Kind
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.alert.model import FOOTNOTE, AlertView, Call, Wish, left_of, view_of
from carehub.ui.screens.alert.symptoms import Symptoms
from carehub.ui.screens.alert.telling import calls_family, told_of
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Button,
    Chip,
    Heading,
    Mark,
    Note,
    Panel,
    Status,
    StepItem,
    StepList,
    Words,
    column,
    row,
)

EMERGENCY = "120"


class AlertPage(Page[AlertView]):
    """One alert, gravest first; opened with its id as `alert_id`, or without one."""

    concerns = Changes.ALERTS | Changes.PEOPLE
    locks: ClassVar[bool] = False

    def title(self) -> str:
        """Return the page's title."""
        return _("Please look")

    def build(self) -> None:
        """Lay out the panel; the other alerts are a button in the head."""
        self._view = AlertView()
        self.calling: Call | None = None
        self._filled = False
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self.mark = Chip("alert.simulated", _("Pretend readings"), Status.INFO)
        self.header.add(self.mark)
        self.others = Button("alert.others", kind="plain", icon="info", press=self._show_next)
        self.header.add_left(self.others)
        self.body.addWidget(self._panel(), 1)
        self.show_view(self._view)

    def _panel(self) -> Panel:
        sizes = theme.look().sizes
        self.panel = Panel("alert.panel", edge="danger", edge_width=4)
        edge = round(sizes.gap * 1.5)
        inside = self.panel.inside
        inside.setContentsMargins(edge, round(sizes.gap * 0.6), edge, round(sizes.gap * 0.6))
        inside.setSpacing(round(sizes.gap * 0.5))
        self.steps = StepList("alert.steps", ems=34)
        self.number = self._number()
        middle = row(space=sizes.gap)
        middle.addWidget(self.steps, 62)
        middle.addWidget(self.number, 38)
        self.left_line = Words("alert.recheck", step=Step.STRONG, bold=True, tone="indigo")
        self.footnote = Note("alert.footnote", _(FOOTNOTE))
        self.footnote.ems = 55
        inside.addStretch(1)
        inside.addLayout(self._head())
        inside.addStretch(1)
        inside.addLayout(middle)
        inside.addWidget(self.left_line)
        inside.addStretch(1)
        inside.addLayout(self._buttons())
        self.later = Button("alert.later", icon="clock", kind="plain", press=self._snooze)
        last = row()
        last.addWidget(self.footnote, 1)
        last.addWidget(self.later)
        inside.addLayout(last)
        return self.panel

    def _head(self) -> QHBoxLayout:
        sizes = theme.look().sizes
        head = row(space=round(sizes.gap * 1.4))
        self.sign = Mark("alert.sign", "warning", edge=round(sizes.body * 4), tone="danger")
        words = column(space=0)
        self.headline = Heading("alert.headline", step=Step.CARD, tone="danger")
        self.when = Words("alert.when", tone="ink_2")
        self.when.ems = 40
        self.seen = Note("alert.seen")
        words.addWidget(self.headline)
        words.addWidget(self.when)
        words.addWidget(self.seen)
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(words, 1)
        return head

    def _number(self) -> QWidget:
        box = QWidget()
        lines = column(box, space=0)
        self.callee = Words("alert.number.who", step=Step.TITLE, tone="ink_2")
        self.digits = Words("alert.number.digits", step=Step.METRIC, bold=True, wrap=False)
        how = Words("alert.number.how", _("Please dial this on a telephone"), tone="ink_2")
        for each in (self.callee, self.digits, how):
            lines.addWidget(each)
        return box

    def _buttons(self) -> QHBoxLayout:
        across = row()
        self.again = Button(
            "alert.again",
            icon="heart-pulse",
            kind="primary",
            text=_("Measure again"),
            press=self._measure,
        )
        self.call = Button("alert.call", icon="phone", text=_("Call family"), press=self._family)
        self.feel = Button("alert.symptoms", _("I feel unwell"), press=self._symptoms)
        self.seen_it = Button("alert.seen_it", _("Got it"), kind="plain", press=self._acknowledge)
        self.steps_again = Button(
            "alert.steps_again", _("Show the steps"), icon="list", press=self._stop_calling
        )
        self.home = Button("alert.home", _("Done"), kind="primary", press=self.shell.home)
        self.emergency = Button(
            "alert.120", _("Call 120"), icon="phone", kind="danger", press=self._emergency
        )
        for button in (self.again, self.call, self.feel, self.steps_again, self.seen_it, self.home):
            across.addWidget(button)
        across.addStretch(1)
        across.addWidget(self.emergency)
        return across

    # Reading and showing

    def _wish(self) -> Wish:
        asked, among = self.asked.get("alert_id"), self.asked.get("among")
        return Wish(
            asked if isinstance(asked, UUID) else None,
            among if isinstance(among, frozenset) else frozenset(),
        )

    def load(self, visit: Visit, now: int) -> AlertView:
        """Read the open alerts and the readings that made them."""
        from carehub.archive import alerts, people, readings
        from carehub.workflows import escalations
        from carehub.workflows.rulebook import rulebook

        if visit.archive is None or visit.person is None:
            return AlertView()
        with visit.archive.read() as tx:
            waiting = alerts.open(tx, visit.person.id)
            ids = {each for alert in waiting for each in alert.readings}
            found = [readings.get(tx, each) for each in ids]
            profile = people.profile(tx, visit.person.id)
            telling = {a.id: escalations.standing(tx, a) for a in waiting if calls_family(a)}
        known = {r.id: r for r in found if r is not None and not r.voided}
        view = view_of(waiting, self._wish(), known, profile, rulebook(), now)
        if view.id not in telling:
            return view
        zone = visit.person.zone_offset
        return replace(view, told=told_of(telling[view.id], now, zone))

    def refresh(self) -> None:
        """Read the alerts, and let the recheck's clock run."""
        self._timer.start()
        super().refresh()

    def left(self) -> None:
        """Stop the clock while another page is in front."""
        self._timer.stop()
        self._fill_screen(filled=False)
        self.stale = True

    def _fill_screen(self, *, filled: bool) -> None:
        """Let an emergency fill the screen, and give back what it took."""
        full = Qt.WindowState.WindowFullScreen
        shell = self.shell
        if shell.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen):
            return
        if filled and not shell.windowState() & full:
            self._filled = True
            shell.setWindowState(shell.windowState() | full)
        elif self._filled and not filled:
            self._filled = False
            shell.setWindowState(shell.windowState() & ~full)

    def show_view(self, view: AlertView) -> None:
        """Fill in the alert."""
        self._view = view
        tone = "danger" if view.urgent else "warn"
        self.panel.set_edge(tone if view.id else "hair", 4 if view.id else 1)
        self.sign.show_icon("warning" if view.id else "check-disc", tone if view.id else "ok")
        self.headline.setText(view.title or _("Nothing needs your attention now"))
        self.headline.set_tone(tone if view.id else "ink")
        self.when.setText(view.when)
        self.seen.setText(view.acknowledged or view.put_off)
        self.seen.setVisible(bool(view.acknowledged or view.put_off))
        self.steps.show_steps(
            [StepItem(step.text, "grave" if step.grave else "number") for step in view.steps]
        )
        self.mark.setVisible(view.simulated)
        self.others.setText(_("{count} more").format(count=len(view.others)))
        self.others.setVisible(bool(view.others))
        self._show_buttons(view)
        self._tick()
        self._fill_screen(filled=view.emergency)
        said = view.told
        self.foot.show_words(
            said or _("Kept encrypted on this computer"), "people" if said else "lock"
        )

    def _show_buttons(self, view: AlertView) -> None:
        calling = self.calling is not None
        if view.emergency and self.calling is None:
            self._write_number(Call("", _("Emergency number"), EMERGENCY))
        self.number.setVisible(calling or view.emergency)
        self.steps.setVisible((not calling or view.emergency) and bool(view.steps))
        self.when.setVisible(bool(view.when) and not calling)
        self.footnote.setVisible(view.id is not None)
        self.steps_again.setVisible(calling and not view.emergency)
        here = not self.visit.caring  # a relative elsewhere neither measures nor feels unwell
        self.again.setVisible(here and view.rechecks and not view.emergency and not calling)
        family = view.family is not None and view.urgent
        self.call.setVisible(family and (not calling or view.emergency))
        self.call.setText(view.family.words if view.family is not None else "")
        self.feel.setVisible(here and bool(view.symptoms) and view.urgent and not calling)
        self.emergency.setVisible(view.urgent)
        self.later.setText(_("Remind me in {minutes} minutes").format(minutes=view.snooze))
        self.later.setVisible(here and bool(view.snooze) and not calling)
        may = self.visit.may(Scope.ACKNOWLEDGE)
        unseen = view.id is not None and not view.acknowledged and may
        self.seen_it.setVisible(unseen and (not calling or view.emergency))
        self.home.setVisible(view.id is None or bool(view.acknowledged and not view.urgent))

    def _tick(self) -> None:
        """Say how long until the recheck."""
        said = left_of(self._view, background.now()) if self.calling is None else ""
        if self.left_line.text() != said:
            self.left_line.setText(said)
        self.left_line.setVisible(bool(said))

    def spoken(self) -> list[str]:
        """Say the alert and its steps."""
        view = self._view
        if self.calling is not None:
            return [self.headline.text(), self.callee.text(), self.digits.text()]
        steps = [step.text for step in view.steps]
        said = [
            self.headline.text(),
            view.when,
            *steps,
            self.left_line.text(),
            self.foot.words.text(),
        ]
        return [each for each in said if each]

    # What the person does

    def _measure(self) -> None:
        view = self._view
        page = "glucose" if view.kind is Kind.GLUCOSE else "measure"
        what = {"recheck": view.id, "settled_at": view.taken_at}
        self.shell.instead(page, **what)

    def _family(self) -> None:
        self._call(self._view.family)

    def _emergency(self) -> None:
        self._call(Call(_("Call 120"), _("Emergency number"), EMERGENCY))

    def _call(self, call: Call | None) -> None:
        """Show a number large enough to dial from: a computer cannot ring."""
        self.calling = call
        if call is not None:
            self._write_number(call)
        self._show_buttons(self._view)
        self._tick()

    def _write_number(self, call: Call) -> None:
        self.callee.setText(call.who)
        self.digits.setText(call.digits)
        large = theme.font(Step.METRIC, bold=True)
        if len(call.digits) <= len(EMERGENCY):
            large.setPixelSize(round(large.pixelSize() * 1.6))
        self.digits.setFont(large)

    def _stop_calling(self) -> None:
        self._call(None)

    def _symptoms(self) -> None:
        view = self._view
        self.shell.open("alert.symptoms", reading=view.reading, symptoms=view.symptoms)

    def _show_next(self) -> None:
        """Show the next of the open alerts; after the last one comes the first again."""
        view = self._view
        known = {other.id for other in view.others} | ({view.id} if view.id else set())
        self.asked = {**self.asked, "alert_id": view.next, "among": frozenset(known)}
        self.refresh()

    def _acknowledge(self) -> None:
        from carehub.workflows import alerts

        archive, view, person = self.visit.archive, self._view, self.visit.person
        if archive is None or view.id is None or person is None:
            return
        by = self.visit.caring or person.greeting_name
        work = partial(alerts.acknowledge, archive, view.id, by, background.now())
        self.ask(work, lambda _taken: self._acknowledged(view))

    def _snooze(self) -> None:
        """Put the alert off for as long as is allowed."""
        from carehub.workflows import alerts

        archive, view = self.visit.archive, self._view
        if archive is None or view.id is None or not view.snooze:
            return
        work = partial(alerts.snooze, archive, view.id, view.snooze, background.now())
        self.ask(work, lambda _taken: self._put_off(view))

    def _put_off(self, view: AlertView) -> None:
        said = _("You will be reminded again in {minutes} minutes.").format(minutes=view.snooze)
        self.shell.show_notice("snoozed", said)
        self.shell.back()

    def _acknowledged(self, view: AlertView) -> None:
        if view.level < Level.L3 and not view.others:
            self.shell.back()


PAGES = {"alert": AlertPage, "alert.symptoms": Symptoms}
