"""The report on paper: the same chart and the same sentences, always dark on white."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from carehub.care.readings import Kind
from carehub.care.trends import Period
from carehub.i18n import _
from carehub.ui import phrases, sheet, theme
from carehub.ui.charts import Chart
from carehub.ui.picture import draw
from carehub.ui.screens.alert.model import FOOTNOTE
from carehub.ui.screens.report.model import ReportView
from carehub.ui.widgets import daybars

_WIDTH, _HEIGHT = 1900, 1000
_BODY = 46.0


def picture(chart: Chart) -> QImage:
    """Return the chart as an image sharp enough for paper."""
    if chart.period is not Period.WEEK:
        return draw(chart, _WIDTH, _HEIGHT, _BODY, theme.PAPER).image
    image = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)
    image.fill(theme.PAPER.surface)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, _WIDTH, _HEIGHT)
        daybars.draw(painter, chart, box, _BODY, theme.PAPER)
    finally:
        painter.end()
    return image


def paper_of(view: ReportView) -> sheet.Sheet:
    """Return the report as one sheet."""
    title = _("Glucose report") if view.kind is Kind.GLUCOSE else _("Blood pressure report")
    until = view.chart.until - 1 if view.chart is not None else 0
    zone = view.chart.zone_offset if view.chart is not None else 0
    day = phrases.day(phrases.local(until, zone).date(), year=True)
    mean = f"{view.mean.caption}: {view.mean.value} {view.mean.unit}"
    lines = (
        view.detail,
        mean,
        view.mean.extra,
        view.comparison.words,
        view.tally,
        view.spread,
        view.targets,
    )
    pretend = (_("These values come from a pretend meter."),) if view.simulated else ()
    return sheet.Sheet(
        title,
        _("{name}, until {day}").format(name=view.person, day=day),
        (sheet.Section(_("In numbers"), (*(line for line in lines if line), *pretend)),),
        big=view.sentence,
        footnote=_(FOOTNOTE),
        picture=picture(view.chart) if view.chart is not None else None,
    )


def save(view: ReportView, folder: Path | None = None) -> Path:
    """Write the report as a PDF among the person's documents and return the file."""
    made = paper_of(view)
    file = (folder or sheet.documents()) / f"{made.title} {_day(view)}.pdf"
    sheet.save_pdf(made, file)
    return file


def _day(view: ReportView) -> str:
    if view.chart is None:
        return ""
    return f"{phrases.local(view.chart.until - 1, view.chart.zone_offset):%Y-%m-%d}"


def print_out(view: ReportView) -> None:
    """Send the report to the default printer; raises NoPrinter where there is none."""
    sheet.print_out(paper_of(view))
