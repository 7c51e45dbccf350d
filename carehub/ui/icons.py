"""Our own line icons, drawn once as SVG and recoloured by token."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from carehub import paths

_INK = b"currentColor"


@lru_cache(maxsize=64)
def _source(name: str) -> bytes:
    return (paths.resources() / "icons" / f"{name}.svg").read_bytes()


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, edge: int) -> QPixmap:
    picture = QPixmap(edge, edge)
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace(_INK, colour.encode())))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return picture


def paint(painter: QPainter, name: str, where: QRectF, colour: QColor) -> None:
    """Draw the icon `name` into the square `where`, sharp at the device's own resolution."""
    ratio = painter.device().devicePixelRatioF()
    picture = _drawn(name, colour.name(), max(1, round(where.width() * ratio)))
    painter.drawPixmap(where, picture, QRectF(picture.rect()))


def names() -> list[str]:
    """Return the names of all icons."""
    return sorted(file.stem for file in (paths.resources() / "icons").glob("*.svg"))
