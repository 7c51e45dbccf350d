"""Small drawn figures: the cuff's ring, the week's sparkline and the marks of its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step


class Ring(QLabel):
    """A ring that fills with a value, the value large in its middle and a caption below it."""

    def __init__(self, name: str, caption: str = "", *, most: float = 300) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._caption, self._most, self._share = caption, most, 0.0
        self._shown = ""

    def show_value(self, shown: str, share: float, caption: str = "") -> None:
        """Show the words `shown` and fill `share` (0 to 1) of the ring."""
        self._shown, self._share = shown, min(1.0, max(0.0, share))
        self._caption = caption or self._caption
        self.setAccessibleName(f"{self._caption} {shown}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme.look().sizes.body * 20
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        edge = theme.look().sizes.body * 9
        return QSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            edge = min(self.width(), self.height())
            thick = edge * 0.07
            box = QRectF(0, 0, edge - thick - 2, edge - thick - 2)
            box.moveCenter(QRectF(self.rect()).center())
            for tone, share in (("trough", 1.0), ("jade", self._share)):
                pen = QPen(theme.colour(tone), thick)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                if share > 0:
                    painter.drawArc(box, 90 * 16, round(-share * 360 * 16))
            self._paint_words(painter, box, edge)

    def _paint_words(self, painter: QPainter, box: QRectF, edge: float) -> None:
        font = theme.font(Step.METRIC, bold=True)
        font.setPixelSize(max(font.pixelSize(), round(edge * 0.26)))
        middle = Qt.AlignmentFlag.AlignHCenter
        lines = paint.Lines(self._shown, font)
        if lines.width > box.width() * 0.8:
            font.setPixelSize(round(font.pixelSize() * box.width() * 0.8 / lines.width))
        over = QRectF(box.left(), box.center().y() - edge * 0.21, box.width(), edge * 0.3)
        paint.words(painter, self._shown, font, over, theme.colour("ink"), middle)
        under = QRectF(box.left(), box.center().y() + edge * 0.17, box.width(), edge * 0.14)
        small = theme.font(Step.BODY)
        paint.words(painter, self._caption, small, under, theme.colour("ink_2"), middle)


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a sparkline; `at` is its place from 0 (left) to 1 (right)."""

    at: float
    value: Decimal
    in_target: bool


class Sparkline(QLabel):
    """The last days as dots and triangles over the band of the target; `spoken` says it in words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._dots: Sequence[Dot] = ()
        self._low: Decimal | None = None
        self._high: Decimal | None = None

    def show_dots(
        self, dots: Sequence[Dot], low: Decimal | None, high: Decimal | None, spoken: str
    ) -> None:
        """Draw `dots`, with the target between `low` (None: no lower end) and `high`."""
        self._dots, self._low, self._high = dots, low, high
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(round(body * 8.9), round(body * 3.4))

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(body * 2, round(body * 2.2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            body = theme.look().sizes.body
            box = QRectF(self.rect()).adjusted(0, body * 0.4, 0, 0)
            least, most = self._reach()
            span = float(most - least) or 1.0

            def y(value: Decimal) -> float:
                return box.bottom() - box.height() * float(value - least) / span

            top = y(self._high) if self._high is not None else box.bottom()
            floor = y(self._low) if self._low is not None else box.bottom()
            painter.fillRect(
                QRectF(box.left(), top, box.width(), floor - top), theme.colour("band")
            )
            inset = body * 0.58
            reach = box.width() - 2 * inset
            points = [
                QPointF(box.left() + inset + dot.at * reach, y(dot.value)) for dot in self._dots
            ]
            painter.setPen(QPen(theme.colour("in_target"), max(2.0, body / 8)))
            painter.drawLines([QLineF(a, b) for a, b in pairwise(points)])
            for dot, point in zip(self._dots, points, strict=True):
                mark = paint.disc if dot.in_target else paint.triangle
                tone = theme.colour("in_target" if dot.in_target else "out_of_target")
                mark(
                    painter,
                    point,
                    body * (0.31 if dot.in_target else 0.33),
                    tone,
                    theme.colour("surface"),
                )

    def _reach(self) -> tuple[Decimal, Decimal]:
        values = [dot.value for dot in self._dots]
        values += [end for end in (self._low, self._high) if end is not None]
        least, most = min(values, default=Decimal(0)), max(values, default=Decimal(1))
        spare = max((most - least) * Decimal("0.2"), Decimal("0.5"))
        low = spare if self._low is not None else max(spare, (most - least))
        return least - low, most + spare / 2


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day: its short name and whether it was in target; None where nothing was measured."""

    name: str
    in_target: bool | None


class DayMarks(QLabel):
    """A row of days, each a disc with a check, a triangle, or an empty ring."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._days: Sequence[DayMark] = ()

    def show_days(self, days: Sequence[DayMark], spoken: str) -> None:
        """Draw `days`; `spoken` says the same in words."""
        self._days = days
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(round(body * 2.15 * max(7, len(self._days))), round(body * 2.9))

    def minimumSizeHint(self) -> QSize:
        body = theme.look().sizes.body
        return QSize(round(body * 1.8 * max(7, len(self._days))), round(body * 2.9))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            body = theme.look().sizes.body
            width = self.width() / max(1, len(self._days))
            radius = body * 0.76
            for number, day in enumerate(self._days):
                centre = QPointF((number + 0.5) * width, radius + 2)
                self._paint_mark(painter, centre, radius, day.in_target)
                under = QRectF(number * width, radius * 2 + 4, width, body * 1.2)
                font = theme.font(Step.NOTE)
                paint.words(
                    painter,
                    day.name,
                    font,
                    under,
                    theme.colour("ink"),
                    Qt.AlignmentFlag.AlignHCenter,
                )

    def _paint_mark(
        self, painter: QPainter, centre: QPointF, radius: float, in_target: bool | None
    ) -> None:
        box = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        if in_target is None:
            paint.rounded(
                painter, box.adjusted(2, 2, -2, -2), radius - 2, None, theme.colour("line"), 2
            )
            return
        clear = theme.colour("surface")
        if in_target:
            paint.disc(painter, centre, radius, theme.colour("in_target"), clear)
            share = radius * 0.5
            icons.paint(painter, "check", box.adjusted(share, share, -share, -share), clear)
            return
        paint.triangle(painter, centre, radius, theme.colour("out_of_target"), clear)
        font = theme.font(Step.NOTE, bold=True)
        mark = box.translated(0, radius * 0.22)
        paint.words(painter, "!", font, mark, clear, Qt.AlignmentFlag.AlignHCenter)
