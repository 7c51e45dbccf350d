"""The page after a measurement: the sentence, the numbers in words, and where to go next."""

from functools import partial
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.care.readings import Kind
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.home.screen import STATUS
from carehub.ui.screens.page import Page
from carehub.ui.screens.result.model import Figure, Judged, ResultView, view_of
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
    Words,
    column,
    row,
)

_MOST = 3
_ICONS = {Status.OK: ("check-disc", "ok"), Status.INFO: ("check-disc", "jade")}


class Result(Page[ResultView]):
    """What was just measured; opened with `kind` and the ids of the `readings`."""

    concerns = Changes.READINGS | Changes.ALERTS

    def title(self) -> str:
        """Return the page's title."""
        return _("Result")

    def build(self) -> None:
        """Lay out the sentence over the numbers over the buttons."""
        look = theme.look()
        self.mark = Chip("result.simulated", _("Pretend readings"), Status.INFO)
        self.header.add(self.mark)
        self.panel = Panel("result.panel")
        edge = round(look.sizes.gap * 1.7)
        self.panel.inside.setContentsMargins(edge, look.sizes.gap, edge, look.sizes.gap)
        self.panel.inside.setSpacing(round(look.sizes.gap * 0.5))
        head = row(space=look.sizes.gap)
        self.sign = Mark("result.sign", "check-disc", edge=look.px(64), tone="ok")
        self.sentence = Heading("result.sentence", step=Step.DISPLAY)
        self.sentence.ems = 26
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.sentence, 1)
        self.figures = row(space=look.px(72))
        self.detail = Note("result.detail")
        self.advice = Words("result.advice", step=Step.TITLE)
        self.advice.ems = 34
        self.panel.inside.addStretch(1)
        self.panel.inside.addLayout(head)
        self.panel.inside.addWidget(self.advice)
        self.panel.inside.addStretch(1)
        self.panel.inside.addLayout(self.figures)
        self.panel.inside.addWidget(self.detail)
        self.panel.inside.addStretch(2)
        self.panel.inside.addLayout(self._buttons())
        self.body.addWidget(self.panel)
        self._offered = False
        self._view: ResultView | None = None

    def _buttons(self) -> QHBoxLayout:
        across = row()
        across.addWidget(
            Button("result.done", _("Done"), icon="check", kind="primary", press=self.shell.home)
        )
        across.addWidget(Button("result.report", _("See report"), icon="chart", press=self._report))
        across.addStretch(1)
        return across

    def load(self, visit: Visit, now: int) -> ResultView:
        """Read the sitting and judge it."""
        from carehub.archive import alerts, readings
        from carehub.care.series import Series
        from carehub.care.standing import judge

        ids = cast("tuple[UUID, ...]", self.asked.get("readings", ()))
        assert visit.archive is not None
        with visit.archive.read() as tx:
            found = [readings.get(tx, each) for each in ids]
            person = visit.person.id if visit.person is not None else None
            open_alerts = alerts.open(tx, person) if person is not None else []
        kept = [r for r in found if r is not None and not r.voided]
        zone = visit.person.zone_offset if visit.person is not None else 480
        judged = Judged()
        if kept and visit.profile is not None and visit.plan is not None:
            judged = Judged.of(judge(Series.of(kept), visit.profile, visit.plan))
        return view_of(kept, judged, open_alerts, zone, now)

    def show_view(self, view: ResultView) -> None:
        """Fill in what was measured."""
        self._view = view
        status = STATUS[view.state]
        icon, tone = _ICONS.get(status, ("warning", status.tone))
        self.sign.show_icon(icon, tone)
        self.sentence.setText(view.sentence)
        self.sentence.set_tone("danger" if status is Status.DANGER else "ink")
        self.detail.setText(view.detail)
        self.detail.setVisible(bool(view.detail))
        self.advice.setText(view.advice)
        self.advice.setVisible(bool(view.advice))
        self.mark.setVisible(view.simulated)
        self._fill(view.figures)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")
        if view.undo and not self._offered:
            self._offered = True
            self.offer_undo(_("Saved as you typed it."), partial(self._void, view.undo))

    def _fill(self, figures: tuple[Figure, ...]) -> None:
        while self.figures.count():
            item = self.figures.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, figure in enumerate(figures):
            self.figures.addWidget(_figure(number, figure), 1)
        self.figures.addStretch(max(0, _MOST - len(figures)))

    def spoken(self) -> list[str]:
        """Say the sentence, the pulse and the advice."""
        view = self._view
        if view is None:
            return [self.header.title.text()]
        numbers = [f"{f.caption} {f.value} {f.unit}".strip() for f in view.figures]
        return [part for part in (view.sentence, *numbers, view.advice) if part]

    def _report(self) -> None:
        kind = self.asked.get("kind", Kind.BLOOD_PRESSURE)
        self.shell.instead("report", kind=kind)

    def _void(self, ids: tuple[UUID, ...]) -> None:
        from carehub.workflows import readings

        archive = self.visit.archive
        if archive is None:
            return

        def work() -> object:
            taken = [readings.void(archive, each, background.now()) for each in ids]
            return taken[-1]

        self.ask(work, lambda _taken: self.shell.back())


def _figure(number: int, figure: Figure) -> QWidget:
    box = QWidget()
    lines = column(box, space=0)
    name = f"result.figure.{number}"
    lines.addWidget(Words(f"{name}.caption", figure.caption, tone="ink_2", wrap=False))
    lines.addWidget(Words(f"{name}.value", figure.value, step=Step.METRIC, bold=True, wrap=False))
    lines.addWidget(Note(f"{name}.unit", figure.unit, wrap=False))
    return box


PAGES = {"result": Result}
