"""The home page: three large cards, the last reading in one glance, and the way to measure."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from carehub.care.changes import Changes
from carehub.care.civil import DAY
from carehub.care.readings import Kind
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.home.model import HomeView, Latest, State, view_of
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Button,
    Chip,
    Dot,
    FunctionCard,
    Note,
    Panel,
    Sparkline,
    Status,
    Words,
    column,
    row,
)

STATUS: dict[State, Status] = {
    "in_target": Status.OK,
    "high": Status.HIGH,
    "low": Status.LOW,
    "crisis": Status.DANGER,
    "": Status.INFO,
}


class Spare(QWidget):
    """The week's line under its caption, shown only where the words leave room for it."""

    def __init__(self, caption: Note, line: Sparkline) -> None:
        super().__init__()
        self._parts = (caption, line)
        self._offered = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        inside = column(self, space=0)
        inside.addWidget(caption)
        inside.addWidget(line, 1)

    def offer(self, offered: bool) -> None:
        """Show the line, if there is something to show and room for it."""
        self._offered = offered
        self._fit()

    def _fit(self) -> None:
        room = self.width() >= theme.look().sizes.body * 6
        for part in self._parts:
            part.setVisible(self._offered and room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class PressurePanel(Panel):
    """The last blood pressure, its state, the week, and 量血压."""

    def __init__(self, page: "Home") -> None:
        super().__init__("home.pressure", lying=True)
        body = theme.look().sizes.body
        self.inside.setSpacing(round(body * 0.8))
        self.caption = Words("home.pressure.caption", tone="ink_2")
        self.value = Words("home.pressure.value", step=Step.FIGURE, bold=True, wrap=False)
        self.first = Words("home.pressure.first", step=Step.TITLE, bold=True)
        self.first.hide()
        self.chip = Chip("home.pressure.state")
        self.week = Note("home.pressure.week", _("Last 7 days"), wrap=False)
        self.line = Sparkline("home.pressure.line")
        words = column(space=0)
        words.addStretch(1)
        words.addWidget(self.caption)
        beside = row(space=round(body * 0.66))
        beside.addWidget(self.value)
        beside.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        words.addLayout(beside)
        words.addWidget(self.first)
        words.addStretch(1)
        self.chart = Spare(self.week, self.line)
        measure = Button(
            "home.measure.pressure",
            _("Measure BP"),
            icon="heart-pulse",
            kind="primary",
            press=partial(page.shell.open, "measure", kind="blood_pressure"),
        )
        self.inside.addLayout(words)
        self.inside.addWidget(self.chart, 1)
        self.inside.addWidget(measure, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_latest(self, latest: Latest) -> None:
        """Fill in the newest reading, or an invitation where there is none."""
        known = bool(latest.value)
        self.caption.setText(latest.caption)
        self.value.setText(latest.value)
        self.value.setVisible(known)
        self.chip.setVisible(known)
        self.first.setText("" if known else latest.words)
        self.first.setVisible(not known)
        self.chip.show_state(latest.words if known else "", STATUS[latest.state])
        self.chart.offer(bool(latest.week))
        dots = [Dot(point.at, point.value, point.in_target) for point in latest.week]
        self.line.show_dots(dots, latest.target_low, latest.target_high, latest.week_spoken)


class GlucosePanel(Panel):
    """The last glucose and 测血糖."""

    def __init__(self, page: "Home") -> None:
        super().__init__("home.glucose", lying=True)
        self.caption = Words("home.glucose.caption", tone="ink_2")
        self.value = Words("home.glucose.value", step=Step.TITLE, bold=True)
        self.unit = Note("home.glucose.unit", wrap=False)
        self.chip = Chip("home.glucose.state")
        words = column(space=round(theme.look().sizes.body * 0.2))
        words.addStretch(1)
        words.addWidget(self.caption)
        beside = row(space=theme.look().sizes.gap // 2)
        beside.addWidget(self.value)
        beside.addWidget(self.unit)
        beside.addWidget(self.chip)
        beside.addStretch(1)
        words.addLayout(beside)
        words.addStretch(1)
        self.inside.addLayout(words, 1)
        measure = Button(
            "home.measure.glucose",
            _("Test glucose"),
            icon="drop",
            press=partial(page.shell.open, "glucose"),
        )
        self.inside.addWidget(measure, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_latest(self, latest: Latest) -> None:
        """Fill in the newest reading, or an invitation where there is none."""
        known = bool(latest.value)
        self.caption.setText(latest.caption)
        self.value.setText(latest.value or latest.words)
        self.unit.setText(latest.unit)
        self.unit.setVisible(False)
        self.chip.setVisible(known and bool(latest.state))
        self.chip.show_state(latest.words if known else "", STATUS[latest.state])


class Home(Page[HomeView]):
    """Where everything begins."""

    concerns = Changes.READINGS | Changes.ALERTS | Changes.PEOPLE | Changes.FAMILY
    landscape: ClassVar[bool] = True
    can_go_back: ClassVar[bool] = False

    def build(self) -> None:
        """Lay out cards and panels."""
        self.body.setSpacing(theme.look().px(18))
        self.header.setMinimumHeight(theme.look().px(98))
        self._asked_by = self._told = ""
        self.family = Button("home.family", icon="people", press=partial(self.shell.open, "family"))
        self.family.setText(_("Care for family"))
        self.family.hide()
        self.header.add(self.family)
        self.body.addLayout(self._cards(), 5)
        self.pressure, self.glucose = PressurePanel(self), GlucosePanel(self)
        panels = row()
        panels.addWidget(self.pressure, 62)
        panels.addWidget(self.glucose, 38)
        self.body.addLayout(panels, 2)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")

    def _cards(self) -> QHBoxLayout:
        cards = row()
        self.consult = FunctionCard(
            "home.consult",
            _("Consult"),
            _("A page for your doctor"),
            icon="stethoscope",
            tone="jade",
            press=partial(self.shell.open, "consult"),
        )
        self.report = FunctionCard(
            "home.report",
            _("Report"),
            _("Pressure and glucose"),
            icon="chart",
            tone="indigo",
            press=partial(self.shell.open, "report"),
        )
        self.mine = FunctionCard(
            "home.mine",
            _("Mine"),
            _("Family, records, settings"),
            icon="people",
            tone="ochre",
            press=partial(self.shell.open, "mine"),
        )
        for card in (self.consult, self.report, self.mine):
            cards.addWidget(card, 1)
        return cards

    def load(self, visit: Visit, now: int) -> HomeView:
        """Read the last week and the newest glucose of the person who is here."""
        from carehub.archive import alerts, mandates, readings, streams
        from carehub.ui.screens.alert.model import ranked
        from carehub.ui.screens.alert.telling import line_of
        from carehub.ui.screens.family.words import who_asks
        from carehub.workflows import escalations

        archive, profile, plan = visit.archive, visit.profile, visit.plan
        assert archive is not None
        assert profile is not None
        assert plan is not None
        who, pressure = profile.person.id, Kind.BLOOD_PRESSURE
        with archive.read() as tx:
            week = readings.between(tx, who, pressure, now - 8 * DAY, now + DAY)
            last = week or readings.latest(tx, who, pressure)
            glucose = readings.latest(tx, who, Kind.GLUCOSE)
            cared = sum(not each.own for each in streams.everyone(tx))
            waiting = mandates.waiting(tx, who, now)
            first = ranked(alerts.open(tx, who))[:1]
            telling = escalations.standings(tx, first)
        told = "".join(line_of(each, telling, now, profile.person.zone_offset) for each in first)
        view = view_of(profile, plan, last, glucose[0] if glucose else None, now)
        asking = who_asks(waiting[0]) if waiting else ""
        return replace(view, cared=cared, asking=asking, told=told)

    def show_view(self, view: HomeView) -> None:
        """Fill in greeting, readings and badge."""
        self.header.show_title(view.greeting, view.date_line)
        self._say_who_asks(view.asking)
        # An elder's home has three functions and no fourth; Mine leads there as well.
        self.family.setVisible(bool(view.cared) and not theme.look().roomy)
        self.pressure.show_latest(view.pressure)
        self.glucose.show_latest(view.glucose)
        kept = _("Kept encrypted on this computer")
        practice = _("Practice data from a pretend meter")
        said = view.told or kept
        icon = "people" if view.told else "lock"
        self.foot.show_words(f"{said} ・ {practice}" if view.simulated else said, icon)
        self._told = view.told

    def _say_who_asks(self, asking: str) -> None:
        """Say once that somebody waits for an answer; the page that asks is one press away."""
        if asking and asking != self._asked_by:
            act = ("notice.asks", _("Have a look"), self._answer)
            self.shell.show_notice("family.asks", asking, Status.INFO, acts=(act,))
        elif not asking:
            self.shell.drop_notice("family.asks")
        self._asked_by = asking

    def _answer(self) -> None:
        self.shell.drop_notice("family.asks")
        self.shell.open("family.trusted")

    def spoken(self) -> list[str]:
        """Say the greeting, the date, the last readings and what can be done."""
        said = [self.header.title.text(), self.header.subtitle.text()]
        for panel in (self.pressure, self.glucose):
            parts = [panel.caption.text(), panel.value.text(), panel.chip.text()]
            said.append(" ".join(part for part in parts if part))
        said += [self._told] if self._told else []
        return [*said, self.consult.text(), self.report.text(), self.mine.text()]


PAGES = {"home": Home}
