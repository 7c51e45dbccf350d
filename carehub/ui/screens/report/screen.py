"""The report page: period and kind above, sentence and chart, mean and days beside them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.care.family import Scope
from carehub.care.readings import Kind
from carehub.care.trends import Period
from carehub.i18n import _
from carehub.ui import picture, theme
from carehub.ui.charts import Chart
from carehub.ui.screens.page import Page
from carehub.ui.screens.report import paper
from carehub.ui.screens.report.model import (
    PERIOD_NAMES,
    Comparison,
    ReportView,
    reach,
    view_at,
)
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Button,
    Chip,
    Choices,
    DayMark,
    DayMarks,
    Heading,
    Note,
    Panel,
    Status,
    Words,
    column,
    row,
)
from carehub.ui.widgets.chart import LongChart
from carehub.ui.widgets.daybars import DayBars

_READINGS = "readings"


class Report(Page[ReportView]):
    """How it went; opened with `kind` and `period`, or as it was last."""

    concerns = Changes.READINGS | Changes.PEOPLE

    def title(self) -> str:
        """Return the page's title."""
        return _("Report")

    def build(self) -> None:
        """Lay out the choices above, the chart on the left, the cards on the right."""
        self.kind = Kind.BLOOD_PRESSURE
        self.period = Period.WEEK
        self._view: ReportView | None = None
        self._add_choices()
        self.mark = Chip("report.simulated", _("Pretend readings"), Status.INFO)
        across = row(space=theme.look().px(18))
        across.addWidget(self._left(), 68)
        self.right = QWidget()
        self.right.setLayout(self._cards())
        across.addWidget(self.right, 32)
        self.body.addLayout(across, 1)

    def _add_choices(self) -> None:
        kinds = [(Kind.BLOOD_PRESSURE.value, _("BP")), (Kind.GLUCOSE.value, _("Glucose"))]
        self.kinds = Choices("report.kind", kinds, self.kind.value)
        self.kinds.chosen.connect(self._choose_kind)
        periods = [(period.value, _(PERIOD_NAMES[period])) for period in Period]
        self.periods = Choices("report.period", periods, self.period.value)
        self.periods.chosen.connect(self._choose_period)
        self.header.title.hide()
        self.header.add_left(self.kinds)
        self.header.add(self.periods)

    def _left(self) -> Panel:
        panel = Panel("report.panel")
        sizes = theme.look().sizes
        panel.inside.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, round(sizes.gap * 0.6))
        panel.inside.setSpacing(round(sizes.gap * 0.3))
        panel.inside.addLayout(self._head())
        self.bars = DayBars("report.week")
        self.long = LongChart("report.chart", self.ask)
        self.long.pointed.connect(self._point)
        self.pointed = Words("report.pointed", wrap=False)
        panel.inside.addWidget(self.pointed)
        panel.inside.addWidget(self.bars, 1)
        panel.inside.addWidget(self.long, 1)
        self.measure = Button(
            "report.measure",
            icon="heart-pulse",
            kind="primary",
            text=_("Measure now"),
            press=self._measure,
        )
        first = row()
        first.addWidget(self.measure)
        first.addStretch(1)
        panel.inside.addLayout(first)
        self._spare = panel.inside.count()
        panel.inside.addStretch(0)
        self.panel = panel
        return panel

    def _head(self) -> QHBoxLayout:
        sizes = theme.look().sizes
        self.sentence = Heading("report.sentence")
        self.sentence.ems = 24
        self.detail = Words("report.detail", tone="ink_2")
        self.detail.ems = 30
        self.list = Button(
            "report.list", _("Each reading"), icon="list", kind="plain", press=self._open_list
        )
        said = column(space=round(sizes.gap * 0.2))
        said.addWidget(self.sentence)
        said.addWidget(self.detail)
        head = row(space=sizes.gap)
        head.addLayout(said, 1)
        corner = column()
        corner.addWidget(self.list)
        corner.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignRight)
        corner.addStretch(1)
        head.addLayout(corner)
        return head

    def _cards(self) -> QVBoxLayout:
        lines = column()
        mean = Panel("report.mean")
        mean.inside.setSpacing(round(theme.look().sizes.gap * 0.2))
        self.caption = Words("report.mean.caption", tone="ink_2")
        self.value = Words("report.mean.value", step=Step.METRIC, bold=True, wrap=False)
        self.unit = Note("report.mean.unit", wrap=False)
        self.extra = Note("report.mean.extra")
        self.compared = Chip("report.compared")
        for each in (self.caption, self.value, self.unit, self.extra):
            mean.inside.addWidget(each)
        mean.inside.addSpacing(theme.look().px(4))
        mean.inside.addWidget(self.compared)
        days = Panel("report.days")
        self.days_caption = Words("report.days.caption", _("Each day"), tone="ink_2")
        self.days = DayMarks("report.days.marks")
        self.tally = Heading("report.days.tally")
        self.spread = Note("report.days.spread")
        days.inside.addWidget(self.days_caption)
        days.inside.addWidget(self.days)
        days.inside.addWidget(self.tally)
        days.inside.addWidget(self.spread)
        for panel in (mean, days):
            left, _top, right, _foot = _edges(panel)
            panel.inside.setContentsMargins(left, theme.look().px(12), right, theme.look().px(12))
        lines.addWidget(mean)
        lines.addWidget(days)
        lines.addStretch(1)
        lines.addLayout(self._buttons())
        return lines

    def _buttons(self) -> QVBoxLayout:
        lines = column()
        beside = row()
        beside.addWidget(Button("report.pdf", _("Save PDF"), icon="sheet", press=self._save))
        beside.addWidget(Button("report.print", _("Print"), icon="printer", press=self._print))
        lines.addLayout(beside)
        doctor = Button(
            "report.doctor",
            _("For the doctor"),
            icon="stethoscope",
            kind="primary",
            press=partial(self.shell.open, "consult"),
        )
        doctor.setVisible(self.visit.may(Scope.CONSULT))
        lines.addWidget(doctor)
        return lines

    # Choosing

    def opened(self, **what: object) -> None:
        """Take the kind and the period."""
        super().opened(**what)
        self.kind = Kind(str(what.get("kind", self.kind)))
        self.period = Period(str(what.get("period", self.period)))
        self.kinds.choose(self.kind.value)
        self.periods.choose(self.period.value)

    def _choose_kind(self, kind: str) -> None:
        self.kind = Kind(kind)
        self._remember()

    def _choose_period(self, period: str) -> None:
        self.period = Period(period)
        self._remember()

    def _remember(self) -> None:
        self.asked = {**self.asked, "kind": self.kind, "period": self.period}
        self.refresh()

    # Reading and showing

    def load(self, visit: Visit, now: int) -> ReportView:
        """Read the period and the one before, and put the report together."""
        from carehub.archive import readings

        kind, period = self.kind, self.period
        if period is not Period.WEEK:
            picture.warm()
        if visit.archive is None or visit.profile is None or visit.plan is None:
            raise LookupError("a report needs an archive and a person")
        first, _since, until = reach(period, now, visit.profile.person.zone_offset)
        with visit.archive.read() as tx:
            found = readings.glances(tx, visit.profile.person.id, kind, first, until)
        return view_at(found, (visit.profile, visit.plan), kind, period, now)

    def show_view(self, view: ReportView) -> None:
        """Fill in sentence, chart and cards."""
        self._view = view
        self.sentence.setText(view.sentence)
        self.detail.setText(view.detail)
        self.detail.setVisible(bool(view.detail))
        self.mark.setVisible(view.simulated)
        self.right.setVisible(view.chart is not None)
        self.measure.setVisible(view.chart is None and self.visit.may(Scope.RECORD))
        self.panel.inside.setStretch(self._spare, 0 if view.chart is not None else 1)
        self._show_chart(view.chart)
        self._show_mean(view)
        self._show_days(view)
        self.foot.show_words(view.targets, "info")

    def _show_chart(self, shown: Chart | None) -> None:
        week = shown is not None and shown.period is Period.WEEK
        self.bars.setVisible(week)
        self.long.setVisible(shown is not None and not week)
        self.pointed.setVisible(shown is not None and not week)
        self.pointed.setText(_("Point at the chart, or use the arrow keys, to see a value"))
        self.pointed.set_tone("ink_2")
        if shown is not None:
            (self.bars if week else self.long).show_chart(shown)

    def _point(self, words: str) -> None:
        self.pointed.setText(words)
        self.pointed.set_tone("ink")

    def _show_mean(self, view: ReportView) -> None:
        self.caption.setText(view.mean.caption)
        self.value.setText(view.mean.value)
        self.unit.setText(view.mean.unit)
        self.extra.setText(view.mean.extra)
        self.extra.setVisible(bool(view.mean.extra))
        said: Comparison = view.comparison
        self.compared.setVisible(bool(said.words))
        self.compared.show_state(said.words, Status.OK if said.better else Status.INFO)

    def _show_days(self, view: ReportView) -> None:
        marks = [DayMark(day.name, day.in_target) for day in view.days]
        self.days.show_days(marks, view.sentence)
        self.days.setVisible(bool(marks))
        self.tally.setText(view.tally)
        self.tally.setVisible(bool(view.tally))
        self.spread.setText(view.spread)
        self.spread.setVisible(bool(view.spread))

    def spoken(self) -> list[str]:
        """Say the sentence, the mean and the targets."""
        if self._view is None:
            return [self.title()]
        return [*self._view.spoken, self._view.targets]

    # What the person does

    def _measure(self) -> None:
        self.shell.open("glucose" if self.kind is Kind.GLUCOSE else "measure")

    def _open_list(self) -> None:
        self.shell.open(_READINGS, kind=self.kind)

    def _save(self) -> None:
        if self._view is not None:
            file = paper.save(self._view)
            self._tell_saved(file)

    def _tell_saved(self, file: Path) -> None:
        text = _("Saved as {name} among your documents").format(name=file.name)
        self.shell.show_notice("report.saved", text, Status.OK)

    def _print(self) -> None:
        if self._view is not None:
            paper.print_out(self._view)


def _edges(panel: Panel) -> tuple[int, int, int, int]:
    margins = panel.inside.contentsMargins()
    return margins.left(), margins.top(), margins.right(), margins.bottom()


PAGES = {"report": Report}
