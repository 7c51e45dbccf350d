"""Tiles of a menu: an icon, what it is, and one line of what is behind it; and faces to choose."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from carehub.ui import icons, paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.panel import column
from carehub.ui.widgets.rows import Avatar


class Tile(QAbstractButton):
    """One entry of a menu; its second line is its description for assistive technology."""

    def __init__(
        self,
        name: str,
        text: str,
        under: str,
        *,
        icon: str,
        tone: str = "ochre",
        press: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setFont(theme.font(Step.TITLE, bold=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._icon_name, self._tone, self._under = icon, tone, under
        self.show_under(under)
        if press is not None:
            self.clicked.connect(lambda *_: press())

    def show_under(self, under: str) -> None:
        """Change the second line."""
        self._under = under
        self.setAccessibleDescription(under)
        self.updateGeometry()
        self.update()

    def _disc(self) -> float:
        return theme.look().sizes.body * 2.7

    def sizeHint(self) -> QSize:
        sizes = theme.look().sizes
        words = max(
            paint.Lines(self.text(), self.font()).width,
            paint.Lines(self._under, theme.font(Step.NOTE)).width,
        )
        wide = self._disc() + words + sizes.gap * 2.6
        high = max(sizes.target, self._disc() + sizes.gap)
        return QSize(round(wide), round(high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        sizes = theme.look().sizes
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            ground = theme.colour("trough" if self.isDown() else "surface")
            paint.rounded(painter, box, sizes.radius, ground, theme.colour("hair"), 1)
            edge = self._disc()
            circle = QRectF(sizes.gap * 0.8, (box.height() - edge) / 2, edge, edge)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(self._tone))
            painter.drawEllipse(circle)
            share = edge * 0.24
            inner = circle.adjusted(share, share, -share, -share)
            icons.paint(painter, self._icon_name, inner, theme.colour("on_tone"))
            left = circle.right() + sizes.gap * 0.8
            title = paint.Lines(self.text(), self.font())
            under = paint.Lines(self._under, theme.font(Step.NOTE))
            high = title.height + (under.height if self._under else 0)
            top = (box.height() - high) / 2
            place = QRectF(left, top, box.width() - left, title.height)
            painter.setPen(theme.colour("ink"))
            title.draw(painter, place, Qt.AlignmentFlag.AlignLeft)
            if self._under:
                painter.setPen(theme.colour("ink_2"))
                low = QRectF(left, place.bottom(), box.width() - left, under.height)
                under.draw(painter, low, Qt.AlignmentFlag.AlignLeft)
            if self.hasFocus():
                paint.focus_ring(painter, box, sizes.radius)


def picture(content: bytes, edge: int) -> QPixmap | None:
    """Return a photo cut to a square of `edge` px, or None where there is none that can be read."""
    if not content:
        return None
    whole = QPixmap()
    if not whole.loadFromData(content):
        return None
    side = min(whole.width(), whole.height())
    left, top = (whole.width() - side) // 2, (whole.height() - side) // 2
    mode = Qt.TransformationMode.SmoothTransformation
    square = whole.copy(left, top, side, side)
    return square.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, mode)


class FaceCard(QAbstractButton):
    """A person to choose: a large face over the name; the one who is here has a strong edge."""

    def __init__(
        self,
        name: str,
        person: str,
        under: str = "",
        *,
        photo: bytes = b"",
        here: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(person)
        self.setAccessibleDescription(under)
        self.setFont(theme.font(Step.DISPLAY, bold=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._under, self._here = under, here
        self._edge = round(theme.look().sizes.body * (4.2 if small else 6))
        face = Avatar(f"{name}.face", person, picture(photo, self._edge), edge=self._edge)
        face.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = column(self, space=0)
        gap = theme.look().sizes.gap
        inside.setContentsMargins(gap, gap, gap, round(self._words_high()) + gap)
        inside.addWidget(face, 1, Qt.AlignmentFlag.AlignCenter)

    def _words_high(self) -> float:
        title = paint.Lines(self.text(), self.font()).height
        return title + paint.Lines(self._under or " ", theme.font(Step.NOTE)).height

    def sizeHint(self) -> QSize:
        gap = theme.look().sizes.gap
        title = paint.Lines(self.text(), self.font()).width
        under = paint.Lines(self._under, theme.font(Step.NOTE)).width
        wide = max(title, under, self._edge) + 2 * gap
        return QSize(round(wide), round(self._edge + self._words_high()) + 3 * gap)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        sizes = theme.look().sizes
        centre = Qt.AlignmentFlag.AlignHCenter
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            ground = theme.colour("trough" if self.isDown() else "surface")
            edge = theme.colour("jade" if self._here else "hair")
            paint.rounded(painter, box, sizes.radius, ground, edge, 4 if self._here else 1)
            title = paint.Lines(self.text(), self.font())
            top = box.bottom() - self._words_high() - sizes.gap
            place = QRectF(0, top, box.width(), title.height)
            paint.words(painter, self.text(), self.font(), place, theme.colour("ink"), centre)
            low = QRectF(0, place.bottom(), box.width(), self._words_high() - title.height)
            note = theme.font(Step.NOTE)
            paint.words(painter, self._under, note, low, theme.colour("ink_2"), centre)
            if self.hasFocus():
                paint.focus_ring(painter, box, sizes.radius)
