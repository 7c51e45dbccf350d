"""The three large cards of the home page."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.buttons import KEYBOARD


class FunctionCard(QAbstractButton):
    """One of the three functions: an icon, a word, a line of what it does, and a badge for news."""

    def __init__(
        self,
        name: str,
        text: str,
        subtitle: str,
        *,
        icon: str,
        tone: str,
        press: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setAccessibleDescription(subtitle)
        self.setFont(theme.font(Step.CARD, bold=True))
        self.setFocusPolicy(KEYBOARD)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._subtitle, self._icon_name, self._tone = subtitle, icon, tone
        self._badge = ""
        if press is not None:
            self.clicked.connect(lambda *_: press())

    def set_badge(self, text: str) -> None:
        """Show a badge with news, or none where `text` is empty; it is read out with the subtitle."""
        self._badge = text
        self.setAccessibleDescription("，".join(part for part in (text, self._subtitle) if part))
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.look()
        return QSize(look.sizes.body * 14, look.sizes.body * 15)

    def minimumSizeHint(self) -> QSize:
        look = theme.look()
        under = paint.Lines(self._subtitle, theme.font(Step.STRONG)).width
        return QSize(int(under) + 2 * look.sizes.margin + 2, int(look.sizes.body * 9.5))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            sizes = theme.look().sizes
            box = QRectF(self.rect())
            radius = sizes.radius * 1.16
            ground = theme.colour(self._tone)
            paint.rounded(painter, box, radius, ground.darker(112) if self.isDown() else ground)
            paint.card_hills(painter, box, radius)
            inner = box.adjusted(sizes.margin, sizes.margin, -sizes.margin, -sizes.gap)
            self._paint_badge(painter, inner, self._paint_medallion(painter, inner))
            self._paint_words(painter, inner)
            if self.hasFocus():
                paint.focus_ring(painter, box, radius)

    def _paint_medallion(self, painter: QPainter, inner: QRectF) -> QRectF:
        edge = min(theme.look().sizes.body * 5.5, inner.height() * 0.42)
        circle = QRectF(inner.left(), inner.top(), edge, edge)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_tone"))
        painter.drawEllipse(circle)
        share = edge * 0.2
        icons.paint(
            painter,
            self._icon_name,
            circle.adjusted(share, share, -share, -share),
            theme.colour(self._tone),
        )
        return circle

    def _paint_badge(self, painter: QPainter, inner: QRectF, beside: QRectF) -> None:
        if not self._badge:
            return
        font = theme.font(Step.NOTE, bold=True)
        lines = paint.Lines(self._badge, font)
        high = lines.pitch * 1.38
        width = lines.width + high * 0.8
        left = inner.right() - width + theme.look().sizes.gap * 0.3
        pill = QRectF(left, beside.center().y() - high / 2, width, high)
        paint.rounded(painter, pill, high / 2, theme.colour("badge"))
        pen = theme.colour("on_badge")
        paint.words(painter, self._badge, font, pill, pen, Qt.AlignmentFlag.AlignHCenter)

    def _paint_words(self, painter: QPainter, inner: QRectF) -> None:
        pen = theme.colour("on_tone")
        under = paint.Lines(self._subtitle, theme.font(Step.STRONG))
        place = QRectF(inner.left(), inner.bottom() - under.height + 2, inner.width(), under.height)
        painter.setPen(pen)
        under.draw(painter, place, Qt.AlignmentFlag.AlignLeft)
        title = paint.Lines(self.text(), self.font())
        over = QRectF(inner.left(), place.top() - title.height, inner.width(), title.height)
        title.draw(painter, over, Qt.AlignmentFlag.AlignLeft)
        edge = title.em * 0.64
        arrow = QRectF(inner.right() - edge + 4, over.center().y() - edge / 2, edge, edge)
        icons.paint(painter, "chevron", arrow, pen)
