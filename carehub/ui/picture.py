"""A month and more as a picture: matplotlib draws thinned points into memory, in any thread.

matplotlib is loaded with the first picture. What comes out is pixels and the place of the axes among
them, so that a screen can put a cursor over it and paper can print it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from carehub import i18n, log
from carehub.care.trends import Period
from carehub.ui import phrases, theme
from carehub.ui.charts import Chart, Trace
from carehub.ui.theme import Colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_DAY = 86_400_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FEW = 120
"""Up to so many points each is drawn as a mark; beyond, only those out of target are."""
_DPI = 100.0
_TICKS = 0.92
"""The size of the letters on the axes, in bodies."""
_ONE_AT_A_TIME = threading.Lock()
"""matplotlib's fonts must not be used by two threads at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the axes lie in the picture, in its pixels from the top left, and the time they span."""

    left: float
    right: float
    top: float
    bottom: float
    since: float
    until: float

    def at(self, x: float) -> int:
        """Return the time (UTC ms) at a pixel across."""
        share = (x - self.left) / (self.right - self.left)
        return round(self.since + share * (self.until - self.since))

    def x(self, at: int) -> float:
        """Return the pixel across of a time (UTC ms)."""
        return self.left + (at - self.since) / (self.until - self.since) * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart: the pixels, where the axes lie among them, the traces that were drawn."""

    image: QImage
    place: Place
    traces: Sequence[Trace]


def draw(chart: Chart, width: int, height: int, body: float, colours: Colours) -> Picture:
    """Draw `chart`, `width` x `height` pixels, with letters as large as a body of `body` pixels."""
    with _ONE_AT_A_TIME:
        return _Drawing(chart, width, height, body, colours).picture()


class _Drawing:
    """One chart as a matplotlib figure."""

    def __init__(
        self, chart: Chart, width: int, height: int, body: float, colours: Colours
    ) -> None:
        from matplotlib.figure import Figure

        self.chart = chart
        self.traces = [trace.thinned() for trace in chart.traces]
        self.colours = colours
        self.body = body
        self.width, self.height = width, height
        self.figure = Figure((width / _DPI, height / _DPI), _DPI, facecolor=colours.surface)
        self.axes: Axes = self.figure.add_subplot()
        self._bands()
        for trace in self.traces:
            self._trace(trace)
        self._dress()

    def picture(self) -> Picture:
        """Return the pixels and the place of the axes."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib's backends are untyped
        data = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]  # likewise
        form = QImage.Format.Format_RGBA8888
        image = QImage(data, self.width, self.height, self.width * 4, form).copy()
        box, (since, until) = self.axes.bbox, self.axes.get_xlim()
        place = Place(box.x0, box.x1, self.height - box.y1, self.height - box.y0, since, until)
        return Picture(image, place, self.traces)

    def _points(self, pixels: float) -> float:
        return pixels * 72.0 / _DPI

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
                linewidths=self._points(self.body * (0.1 if few else 0.02)),
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
        self.axes.set_xticks(
            places, names, fontproperties=self._font(_TICKS), color=self.colours.ink
        )
        values = value_ticks(least, most, chart)
        self.axes.set_yticks(
            values,
            [f"{value:g}" for value in values],
            fontproperties=self._font(_TICKS),
            color=self.colours.ink,
        )
        self.axes.grid(
            axis="y", color=self.colours.hair, linewidth=self._points(self.body * 0.06), zorder=1
        )
        self.axes.tick_params(length=0, pad=self._points(self.body * 0.3))
        for edge in self.axes.spines.values():
            edge.set_visible(False)
        self._leave_room(max(len(f"{value:g}") for value in values) if values else 1)

    def _leave_room(self, figures: int) -> None:
        """Leave room for the numbers at the side and the days below; cheaper than to measure them."""
        letter = self.body * _TICKS
        self.figure.subplots_adjust(
            left=letter * (0.62 * figures + 0.7) / self.width,
            right=1 - letter * 1.2 / self.width,
            bottom=letter * 1.9 / self.height,
            top=1 - letter * 0.4 / self.height,
        )


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
