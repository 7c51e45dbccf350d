"""A month and more as a chart: drawn off the main thread, shown as a picture, with a cursor over it.

The cursor follows the mouse or the arrow keys; only its line is painted anew.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from carehub.ui import paint, phrases, theme
from carehub.ui.charts import Chart, nearest

if TYPE_CHECKING:
    from carehub.ui.picture import Picture

_RING = 10
"""Space around the picture in which the focus ring is seen."""

Ask = Callable[[Callable[[], Awaitable["Picture"]], Callable[["Picture"], object]], object]
Wanted = tuple[int, int, int]
"""Which chart, how many pixels wide and high."""


class LongChart(QWidget):
    """Shows the traces of a Chart; `pointed` sends the words of the point under the cursor.

    `ask` runs a coroutine function in the background and hands its result over here.
    """

    pointed = Signal(str)

    def __init__(self, name: str, ask: Ask) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._ask = ask
        self._chart: Chart | None = None
        self._count = 0
        self._drawing: Wanted | None = None
        self._drawn: Wanted | None = None
        self._picture: Picture | None = None
        self._place = -1

    @property
    def shown(self) -> Chart | None:
        """Return the chart whose picture is there to be seen; None while it is drawn."""
        there = self._drawn is not None and self._drawn[0] == self._count
        return self._chart if there else None

    def show_chart(self, chart: Chart) -> None:
        """Draw `chart`, in the place of the one before."""
        self.setAccessibleName(chart.spoken)
        self._chart, self._picture, self._place = chart, None, -1
        self._count += 1
        self.update()

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 34, body * 17)

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 22, body * 11)

    # Drawing

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_RING, _RING, -_RING, -_RING)

    def _draw(self) -> None:
        """Ask for the picture of what is shown at this size, one at a time."""
        box, ratio = self._inside(), self.devicePixelRatioF()
        wanted = (self._count, round(box.width() * ratio), round(box.height() * ratio))
        if self._chart is None or wanted == self._drawn or self._drawing is not None:
            return
        self._drawing = wanted
        look = theme.look()
        work = partial(
            _drawn_apart, self._chart, *wanted[1:], look.sizes.body * ratio, look.colours
        )
        self._ask(work, self._take)

    def _take(self, picture: "Picture") -> None:
        done, self._drawing = self._drawing, None
        if done is not None and done[0] == self._count:
            self._drawn, self._picture = done, picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._draw()
        with paint.on(self) as painter:
            if self._picture is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(self._inside(), self._picture.image)
                self._paint_cursor(painter, self._picture)
            if self.hasFocus():
                paint.focus_ring(painter, QRectF(self.rect()), theme.look().sizes.corner)

    def _paint_cursor(self, painter: QPainter, picture: "Picture") -> None:
        main = picture.traces[0]
        if not 0 <= self._place < len(main.at):
            return
        box, scale = self._inside(), self._inside().width() / picture.image.width()
        x = box.left() + picture.place.x(main.at[self._place]) * scale
        painter.setPen(QPen(theme.colour("ink"), theme.look().px(2)))
        painter.drawLine(
            QPointF(x, box.top() + picture.place.top * scale),
            QPointF(x, box.top() + picture.place.bottom * scale),
        )

    # The cursor

    def point(self, place: int) -> None:
        """Put the cursor on the point at `place` and say its value."""
        if self._picture is None or place == self._place:
            return
        self._place = place
        self.pointed.emit(self._words(self._picture, place))
        self.update()

    def _words(self, picture: "Picture", place: int) -> str:
        """Return the day and the value of a point in words."""
        main = picture.traces[0]
        if self._chart is None or not 0 <= place < len(main.at):
            return ""
        at = main.at[place]
        values = [
            f"{trace.values[found]:.{self._chart.decimals}f}"
            for trace in picture.traces
            if not trace.faint and (found := nearest(trace, at)) is not None
        ]
        when = phrases.day(phrases.local(at, self._chart.zone_offset).date())
        return f"{when}  {'/'.join(values)}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        picture = self._picture
        if picture is None:
            return
        box = self._inside()
        x = (event.position().x() - box.left()) * picture.image.width() / box.width()
        found = nearest(picture.traces[0], picture.place.at(x))
        self.point(-1 if found is None else found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor with the arrow keys, Home and End."""
        last = len(self._picture.traces[0].at) - 1 if self._picture is not None else -1
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


async def _drawn_apart(
    chart: Chart, width: int, height: int, body: float, colours: theme.Colours
) -> "Picture":
    """Draw in a thread of its own, so that neither window nor meter waits."""
    import asyncio

    from carehub.ui import picture

    return await asyncio.to_thread(picture.draw, chart, width, height, body, colours)
