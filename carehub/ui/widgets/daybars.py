"""The week as one bar for each day: a disc in target, a triangle out of it, and the numbers."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from carehub.ui import paint, theme
from carehub.ui.charts import Chart, Column, End
from carehub.ui.theme import Colours, Step

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class DayBars(QLabel):
    """Draws the columns of a Chart; assistive technology hears the chart's spoken words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._chart: Chart | None = None

    def show_chart(self, chart: Chart) -> None:
        """Draw `chart`."""
        self._chart = chart
        self.setAccessibleName(chart.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 34, body * 17)

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 22, body * 11)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._chart is not None:
            with paint.on(self) as painter:
                draw(painter, self._chart, QRectF(self.rect()), theme.look().sizes.body)


def draw(
    painter: QPainter, chart: Chart, box: QRectF, body: float, colours: Colours | None = None
) -> None:
    """Draw the columns of a chart in `box`; `body` is the size of body type there, in its units."""
    _Drawing(painter, chart, box, body, colours or theme.look().colours).draw()


class _Drawing:
    """One drawing: where values lie, and the pens."""

    def __init__(
        self, painter: QPainter, chart: Chart, box: QRectF, body: float, colours: Colours
    ) -> None:
        self.painter, self.chart, self.body, self.colours = painter, chart, body, colours
        names = body * 1.9
        label = body * 1.7
        self.box = box.adjusted(0, label, 0, -names)
        self.names = QRectF(box.left(), box.bottom() - names, box.width(), names)
        self.least, self.most = chart.reach()
        ends = [column.top for column in chart.columns if column.top is not None]
        out = [end.value for end in ends if not end.in_target]
        self.worst = max(out, default=None)
        room = body * 4.6 if chart.bands else body
        self.left = box.left() + room
        self.step = (box.right() - self.left) / max(1, len(chart.columns))

    def _tone(self, tone: str) -> QColor:
        return QColor(getattr(self.colours, tone))

    def y(self, value: float) -> float:
        """Return where a value lies."""
        foot = self.box.bottom() - self.body * 0.4
        span = self.most - self.least or 1.0
        return foot - (foot - self.box.top()) * (value - self.least) / span

    def draw(self) -> None:
        """Draw bands, bars, marks, numbers and names."""
        for band in self.chart.bands:
            self._band(float(band.low), float(band.high), band.name, band.words)
        for place, column in enumerate(self.chart.columns):
            middle = self.left + (place + 0.5) * self.step
            self._column(column, middle)

    def _words(
        self,
        text: str,
        box: QRectF,
        tone: str,
        *,
        share: float = 1.0,
        bold: bool = False,
        align: Qt.AlignmentFlag = _MIDDLE,
    ) -> None:
        font = theme.font(Step.BODY, bold=bold)
        font.setPixelSize(max(1, round(self.body * share)))
        paint.words(self.painter, text, font, box, self._tone(tone), align)

    def _band(self, low: float, high: float, name: str, words: str) -> None:
        top, foot = self.y(high), self.y(low)
        box = QRectF(self.names.left(), top, self.names.width(), foot - top)
        self.painter.fillRect(box, self._tone("band"))
        line = self.body * 1.12
        middle = box.center().y()
        for shift, text in ((-line, name), (0.0, words)):
            place = QRectF(box.left() + self.body * 0.35, middle + shift, self.body * 5, line)
            self._words(text, place, "ink_2", share=0.83, align=Qt.AlignmentFlag.AlignLeft)

    def _column(self, column: Column, middle: float) -> None:
        top, bottom = column.top, column.bottom
        if top is not None and bottom is not None:
            tone = "in_target" if column.in_target else "out_of_target"
            colour = self._tone(tone)
            colour.setAlphaF(0.38)
            pen = QPen(colour, self.body * 0.42)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self.painter.setPen(pen)
            ends = (self.y(float(top.value)), self.y(float(bottom.value)))
            self.painter.drawLines([QLineF(middle, ends[0], middle, ends[1])])
        bold = column.today or (top is not None and top.value == self.worst)
        high = self.body * 1.3
        for end, shift in ((top, -high - self.body * 0.55), (bottom, self.body * 0.5)):
            if end is not None:
                self._mark(end, middle)
                at = QRectF(
                    middle - self.step, self.y(float(end.value)) + shift, 2 * self.step, high
                )
                self._words(end.shown, at, "ink", share=1.08, bold=bold)
        name = QRectF(middle - self.step, self.names.top(), 2 * self.step, self.names.height())
        self._words(column.name, name, "ink", bold=column.today)

    def _mark(self, end: End, middle: float) -> None:
        mark = paint.disc if end.in_target else paint.triangle
        tone = self._tone("in_target" if end.in_target else "out_of_target")
        at = QPointF(middle, self.y(float(end.value)))
        mark(self.painter, at, self.body * 0.42, tone, self._tone("surface"))
