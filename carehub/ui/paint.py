"""What several widgets draw alike: grounds, the focus ring, hills, the sun, marks, wrapped words."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from carehub.ui import theme

_ASCENT = 0.88
"""Where the baseline stands in the em box of the Chinese faces we name."""
_WORD = re.compile(r"[\x21-\u2000]+")
_FEW = 3
"""Texts of up to this many lines are balanced; a paragraph fills its lines."""


@contextmanager
def on(device: QPaintDevice) -> Iterator[QPainter]:
    """Yield a smooth painter on a widget, image or page; one left open would crash Qt."""
    painter = QPainter(device)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    try:
        yield painter
    finally:
        painter.end()


def rounded(
    painter: QPainter,
    box: QRectF,
    radius: float,
    ground: QColor | None = None,
    edge: QColor | None = None,
    width: float = 0,
) -> None:
    """Fill a rounded box and draw its edge inside it."""
    inset = width / 2
    painter.setBrush(QBrush(ground) if ground is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, width) if edge is not None and width else Qt.PenStyle.NoPen)
    inner = box.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, radius - inset, radius - inset)


def focus_ring(painter: QPainter, box: QRectF, radius: float) -> None:
    """Draw the two-tone focus ring inside `box`: seen on light and on dark ground alike."""
    edge, light = theme.colour("focus_edge"), theme.colour("focus")
    rounded(painter, box, radius, None, edge, 4)
    rounded(painter, box.adjusted(4, 4, -4, -4), max(2.0, radius - 4), None, light, 5)


def hill(box: QRectF, heights: Sequence[float]) -> QPainterPath:
    """Return a hill over the whole width of `box`; `heights` are evenly spaced shares of its height."""
    step = box.width() / (len(heights) - 1)
    points = [
        QPointF(box.left() + step * n, box.bottom() - box.height() * height)
        for n, height in enumerate(heights)
    ]
    path = QPainterPath(points[0])
    for before, after in pairwise(points):
        bend = step / 2
        path.cubicTo(
            before.x() + bend, before.y(), after.x() - bend, after.y(), after.x(), after.y()
        )
    path.lineTo(box.bottomRight())
    path.lineTo(box.bottomLeft())
    path.closeSubpath()
    return path


def card_hills(painter: QPainter, box: QRectF, radius: float) -> None:
    """Draw two pale ridges at the foot of a card."""
    ridges = ((0.63, 0.17, 0.47), (0.26, 0.08, 0.36, 0.28))
    clip = QPainterPath()
    clip.addRoundedRect(box, radius, radius)
    painter.save()
    painter.setClipPath(clip)
    painter.setPen(Qt.PenStyle.NoPen)
    mist = theme.colour("on_tone")
    mist.setAlphaF(0.05)
    foot = QRectF(box.left(), box.bottom() - box.height() * 0.40, box.width(), box.height() * 0.40)
    for heights in ridges:
        painter.setBrush(mist)
        painter.drawPath(hill(foot, heights))
    painter.restore()


def landscape(painter: QPainter, box: QRectF) -> None:
    """Draw the sun behind two misty ridges along the head of the page, where the palette has them."""
    look = theme.look()
    if not look.colours.sun:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    high = box.height()
    far = hill(box, (0.46, 0.36, 0.32, 0.10, 0.42, 0.38))
    near = hill(box, (0.24, 0.22, 0.12, 0.27, 0.29, 0.27, 0.14))
    radius = high * 0.25
    sun = QPointF(box.left() + box.width() * 0.6, box.top() + high * 0.5)
    sky = QPainterPath()
    sky.addRect(box)
    painter.save()
    painter.setClipPath(sky.subtracted(near))
    painter.setBrush(theme.colour("sun"))
    painter.drawEllipse(sun, radius, radius)
    painter.restore()
    for ridge, strength in ((far, 0.085), (near, 0.11)):
        top = ridge.boundingRect().top()
        fade = QLinearGradient(0, top, 0, box.bottom())
        mist = QColor(look.colours.hill)
        mist.setAlphaF(strength)
        fade.setColorAt(0, mist)
        mist.setAlphaF(0)
        fade.setColorAt(1, mist)
        painter.setBrush(fade)
        painter.drawPath(ridge)


def disc(painter: QPainter, centre: QPointF, radius: float, ground: QColor, rim: QColor) -> None:
    """Draw the mark of a value in target: a disc."""
    painter.setPen(QPen(rim, max(1.5, radius * 0.3)))
    painter.setBrush(ground)
    painter.drawEllipse(centre, radius, radius)


def triangle(
    painter: QPainter, centre: QPointF, radius: float, ground: QColor, rim: QColor
) -> None:
    """Draw the mark of a value out of target: a triangle."""
    path = QPainterPath(QPointF(centre.x(), centre.y() - radius * 1.15))
    path.lineTo(centre.x() + radius * 1.15, centre.y() + radius * 0.85)
    path.lineTo(centre.x() - radius * 1.15, centre.y() + radius * 0.85)
    path.closeSubpath()
    pen = QPen(rim, max(1.5, radius * 0.3))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawPath(path)


def longest_word(text: str, font: QFont) -> float:
    """Return the width of the longest word that must not be broken; Chinese breaks anywhere."""
    metrics = QFontMetricsF(font)
    return max((metrics.horizontalAdvance(word) for word in _WORD.findall(text)), default=0.0)


class Lines:
    """A text broken into lines of the house's line height; measures and draws it."""

    def __init__(self, text: str, font: QFont, width: float | None = None) -> None:
        self.em = font.pixelSize()
        self.pitch = self.em * theme.LINE_HEIGHT
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font)
        option = QTextOption()
        wrap = QTextOption.WrapMode
        option.setWrapMode(wrap.NoWrap if width is None else wrap.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._break(1e6 if width is None else width)
        if width is not None and 1 < self.count <= _FEW:
            self._balance(width)

    def _break(self, width: float) -> None:
        self._layout.beginLayout()
        line = self._layout.createLine()
        while line.isValid():
            line.setLineWidth(width)
            line = self._layout.createLine()
        self._layout.endLayout()

    def _balance(self, width: float) -> None:
        """Make a few lines about equally long, so that none ends on a lonely character."""
        count, most = self.count, width
        least = max(width / self.count, longest_word(self._layout.text(), self._layout.font()))
        while most - least > self.em / 2:
            middle = (least + most) / 2
            self._break(middle)
            least, most = (least, middle) if self.count == count else (middle, most)
        self._break(most)

    @property
    def width(self) -> float:
        """Return the width of the longest line."""
        widths = [self._layout.lineAt(n).naturalTextWidth() for n in range(self.count)]
        return max(widths, default=0.0)

    @property
    def count(self) -> int:
        """Return how many lines there are."""
        return self._layout.lineCount()

    @property
    def height(self) -> float:
        """Return the height of all lines together."""
        return self.pitch * max(1, self.count)

    def draw(self, painter: QPainter, box: QRectF, align: Qt.AlignmentFlag) -> None:
        """Draw the lines in `box` with the painter's pen, vertically in the middle unless AlignTop."""
        flags = Qt.AlignmentFlag
        top = box.top()
        if not align & flags.AlignTop:
            top += (box.height() - self.height) / 2
        for n in range(self.count):
            line = self._layout.lineAt(n)
            left = box.left()
            spare = box.width() - line.naturalTextWidth()
            if align & flags.AlignHCenter:
                left += spare / 2
            elif align & flags.AlignRight:
                left += spare
            baseline = top + self.pitch * n + (self.pitch - self.em) / 2 + self.em * _ASCENT
            line.draw(painter, QPointF(left, baseline - line.ascent()))


def extent(text: str, font: QFont, width: float | None = None) -> tuple[float, float]:
    """Return the width and height of a text, broken at `width` where one is given."""
    return _extent(text, font.pixelSize(), font.bold(), width)


@lru_cache(maxsize=1024)
def _extent(text: str, pixels: int, bold: bool, width: float | None) -> tuple[float, float]:
    """Measure once: layouts ask for the same text many times, and every font of ours is alike."""
    font = theme.font(bold=bold)
    font.setPixelSize(pixels)
    lines = Lines(text, font, width)
    return lines.width, lines.height


def words(
    painter: QPainter,
    text: str,
    font: QFont,
    box: QRectF,
    pen: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw `text` on one line in `box`."""
    painter.setPen(pen)
    Lines(text, font).draw(painter, box, align)
