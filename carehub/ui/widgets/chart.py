"""A month and more as a chart: matplotlib on a canvas, thinned points, and a cursor with the value.

matplotlib is loaded with the first chart. The cursor follows the mouse or the arrow keys; while it
moves only its own lines are drawn over the kept picture (blitting).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from carehub import i18n, log
from carehub.care.trends import Period
from carehub.ui import paint, phrases, theme
from carehub.ui.charts import Chart, Trace, nearest
from carehub.ui.theme import Colours
from carehub.ui.widgets.panel import column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import Event, MouseEvent
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.font_manager import FontProperties

_DAY = 86_400_000
_RING = 10
"""Space around the canvas in which the focus ring is seen."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FEW = 120
"""Up to so many points each is drawn as a mark; beyond, only those out of target are."""


class LongChart(QWidget):
    """Draws the traces of a Chart; `pointed` sends the words of the point under the cursor."""

    pointed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lines = column(self, space=0)
        self._lines.setContentsMargins(_RING, _RING, _RING, _RING)
        self._canvas: FigureCanvasQTAgg | None = None
        self._picture: Picture | None = None
        self._place = -1

    def show_chart(self, chart: Chart) -> None:
        """Draw `chart`, in the place of the one before."""
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg

        self.setAccessibleName(chart.spoken)
        self._drop()
        self._picture = Picture(chart)
        canvas = FigureCanvasQTAgg(self._picture.figure)  # type: ignore[no-untyped-call]  # untyped
        canvas.setObjectName(f"{self.objectName()}.canvas")
        canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.setMinimumSize(1, 1)
        canvas.mpl_connect("draw_event", self._keep)
        canvas.mpl_connect("motion_notify_event", self._follow)
        self._canvas = canvas
        self._lines.addWidget(canvas)

    def _drop(self) -> None:
        if self._canvas is not None:
            self._lines.removeWidget(self._canvas)
            self._canvas.hide()
            self._canvas.deleteLater()
        self._canvas, self._place = None, -1

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 34, body * 17)

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 22, body * 11)

    # The cursor

    def _keep(self, _event: "Event") -> None:
        if self._picture is not None and self._canvas is not None:
            self._picture.keep()

    def _follow(self, event: "MouseEvent") -> None:
        if self._picture is not None and event.xdata is not None:
            self.point(self._picture.place_of(event.xdata))

    def point(self, place: int) -> None:
        """Put the cursor on the point at `place` and say its value."""
        if self._picture is None or place == self._place:
            return
        self._place = place
        self.pointed.emit(self._picture.point(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor with the arrow keys, Home and End."""
        last = len(self._picture.main.at) - 1 if self._picture is not None else -1
        here = self._place if self._place >= 0 else last + 1
        moves = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        wanted = moves.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
            return
        self.point(min(last, max(0, wanted)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.hasFocus():
            with paint.on(self) as painter:
                paint.focus_ring(painter, QRectF(self.rect()), theme.look().sizes.corner)


class Picture:
    """One chart as a matplotlib figure in the tokens of the theme."""

    def __init__(self, chart: Chart, body: float = 0.0, colours: Colours | None = None) -> None:
        from matplotlib.figure import Figure

        self.chart = chart
        self.traces = [trace.thinned() for trace in chart.traces]
        self.main = self.traces[0]
        self.colours = colours or theme.look().colours
        self.body = body or float(theme.look().sizes.body)
        self.figure: Figure = Figure(facecolor=self.colours.surface, layout="constrained")
        self.axes: Axes = self.figure.add_subplot()
        self._background: object = None
        self._bands()
        for trace in self.traces:
            self._trace(trace)
        self._dress()
        self._cursor = self.axes.axvline(
            float(self.main.at[-1]) if self.main.at else 0.0,
            color=self.colours.ink,
            linewidth=1.5,
            animated=True,
            visible=False,
        )

    def _points(self, pixels: float) -> float:
        return pixels * 72.0 / self.figure.dpi

    def _font(self, share: float) -> "FontProperties":
        from matplotlib.font_manager import FontProperties

        return FontProperties(family=_family(), size=self._points(self.body * share))

    def _bands(self) -> None:
        for band in self.chart.bands:
            self.axes.axhspan(
                float(band.low), float(band.high), color=self.colours.band, linewidth=0, zorder=0
            )
            self.axes.text(
                0.008,
                float(band.low),
                f"{band.name} {band.words}",
                transform=self.axes.get_yaxis_transform(),
                va="bottom",
                fontproperties=self._font(0.83),
                color=self.colours.ink_2,
                zorder=4,
            )

    def _trace(self, trace: Trace) -> None:
        from matplotlib.colors import to_rgba

        few = len(trace.at) <= _FEW
        if trace.faint:
            self._cloud(trace)
            return
        self.axes.plot(
            trace.at,
            trace.values,
            color=to_rgba(self.colours.in_target, 0.45 if few else 0.7),
            linewidth=self._points(self.body * (0.12 if few else 0.06)),
            zorder=2,
        )
        good = [n for n, ok in enumerate(trace.in_target) if ok] if few else []
        bad = [n for n, ok in enumerate(trace.in_target) if not ok]
        size = self._points(self.body * (0.5 if few else 0.32)) ** 2
        for places, marker, tone in (
            (good, "o", self.colours.in_target),
            (bad, "^", self.colours.out_of_target),
        ):
            self.axes.scatter(
                [trace.at[n] for n in places],
                [trace.values[n] for n in places],
                s=size,
                marker=marker,
                color=tone,
                edgecolors=self.colours.surface,
                linewidths=self._points(2) if few else 0.3,
                zorder=3,
            )

    def _cloud(self, trace: Trace) -> None:
        from matplotlib.colors import to_rgba

        size = self._points(self.body * 0.2) ** 2
        colour = to_rgba(self.colours.ink_2, 0.35)
        self.axes.scatter(trace.at, trace.values, s=size, color=colour, linewidths=0, zorder=1.5)

    def _dress(self) -> None:
        chart = self.chart
        least, most = chart.reach()
        pad = (most - least or 1.0) * 0.06
        self.axes.set_ylim(least - pad, most + pad)
        side = (chart.until - chart.since) * 0.015
        self.axes.set_xlim(chart.since - side, chart.until + side)
        self.axes.set_facecolor(self.colours.surface)
        places, names = ticks(chart)
        self.axes.set_xticks(places, names, fontproperties=self._font(0.92), color=self.colours.ink)
        values = value_ticks(least, most, chart)
        self.axes.set_yticks(
            values,
            [f"{value:g}" for value in values],
            fontproperties=self._font(0.92),
            color=self.colours.ink,
        )
        self.axes.grid(axis="y", color=self.colours.hair, linewidth=1, zorder=1)
        self.axes.tick_params(length=0, pad=self._points(self.body * 0.3))
        for edge in self.axes.spines.values():
            edge.set_visible(False)

    # The cursor

    def keep(self) -> None:
        """Keep what was just drawn, to draw the cursor over it."""
        self._background = self.figure.canvas.copy_from_bbox(self.figure.bbox)  # type: ignore[attr-defined]  # an Agg canvas

    def place_of(self, at: float) -> int:
        """Return the point nearest to a place on the time axis."""
        found = nearest(self.main, int(at))
        return -1 if found is None else found

    def point(self, place: int) -> str:
        """Draw the cursor at a point and return its day and value in words."""
        if not 0 <= place < len(self.main.at):
            return ""
        at = self.main.at[place]
        self._cursor.set_xdata([at, at])
        self._cursor.set_visible(True)
        canvas = self.figure.canvas
        if self._background is not None:
            canvas.restore_region(self._background)  # type: ignore[attr-defined]  # an Agg canvas
            self.axes.draw_artist(self._cursor)
            canvas.blit(self.figure.bbox)
        values = [
            f"{trace.values[found]:.{self.chart.decimals}f}"
            for trace in self.traces
            if not trace.faint and (found := nearest(trace, at)) is not None
        ]
        when = phrases.day(phrases.local(at, self.chart.zone_offset).date())
        return f"{when}  {'/'.join(values)}"

    def image(self, width: int, height: int, dpi: float = 200.0) -> QImage:
        """Return the chart as an image for paper, `width` x `height` pixels."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure.set_dpi(dpi)
        self.figure.set_size_inches(width / dpi, height / dpi)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib's backends are untyped
        data = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]  # likewise
        return QImage(data, width, height, QImage.Format.Format_RGBA8888).copy()


def warm() -> None:
    """Load what the first long chart needs; for the background, so that the window never waits."""
    import matplotlib.figure
    import numpy as np
    import tsdownsample

    loaded = (matplotlib.figure, np, tsdownsample)
    log.ui.debug("charts are ready: %d libraries, letters from %s", len(loaded), _family())


@cache
def _family() -> str:
    """Return the first of our families that is here; matplotlib warns of each that is not."""
    from matplotlib.font_manager import get_font_names

    known = set(get_font_names())
    return next((name for name in theme.FAMILIES if name in known), "sans-serif")


def ticks(chart: Chart) -> tuple[list[int], list[str]]:
    """Return where days or months are named on the time axis, and their names."""
    shift = chart.zone_offset * 60_000
    first = (chart.since + shift) // _DAY
    last = (chart.until - 1 + shift) // _DAY
    if chart.period is Period.YEAR:
        return _month_ticks(chart)
    every = 7 if chart.period is Period.MONTH else 14
    days = range(int(last), int(first) - 1, -every)
    places = [day * _DAY - shift + _DAY // 2 for day in days]
    return places, [short_day(place, chart.zone_offset) for place in places]


def short_day(at: int, zone_offset: int) -> str:
    """Return a day for an axis: 11/22, or 22 Nov."""
    value = phrases.local(at, zone_offset).date()
    if i18n.language() == "zh_CN":
        return f"{value.month}/{value.day}"
    return f"{value.day} {_MONTHS[value.month - 1]}"


def _month_ticks(chart: Chart) -> tuple[list[int], list[str]]:
    shift = timedelta(minutes=chart.zone_offset)
    until = datetime.fromtimestamp(chart.until / 1000, UTC) + shift
    places, names = [], []
    year, month = until.year, until.month
    for _back in range(0, 12, 2):
        first = datetime(year, month, 1, tzinfo=UTC) - shift
        places.append(int(first.timestamp() * 1000))
        chinese = i18n.language() == "zh_CN"
        names.append(f"{month}月" if chinese else _MONTHS[month - 1])
        month -= 2
        if month < 1:
            year, month = year - 1, month + 12
    kept = [n for n, place in enumerate(places) if place >= chart.since]
    return [places[n] for n in kept], [names[n] for n in kept]


def value_ticks(least: float, most: float, chart: Chart) -> Sequence[float]:
    """Return the values that are named on the side: the target's edges and round steps around them."""
    step = 20 if most - least > 40 else 10
    if chart.decimals:
        step = 2 if most - least <= 12 else 4
    first = int(least // step) * step
    known = range(first, int(most) + step + 1, step)
    return [float(value) for value in known if least <= value <= most]
