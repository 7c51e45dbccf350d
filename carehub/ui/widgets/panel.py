"""White panels that group what belongs together, and the layouts with the house's spaces."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from carehub.ui import paint, theme


def _space(layout: QLayout, space: int | None) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.look().sizes.between if space is None else space)


def column(parent: QWidget | None = None, *, space: int | None = None) -> QVBoxLayout:
    """Return a column without margins; `space` defaults to that between two controls."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    _space(made, space)
    return made


def row(parent: QWidget | None = None, *, space: int | None = None) -> QHBoxLayout:
    """Return a row without margins."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    _space(made, space)
    return made


def grid(parent: QWidget | None = None, *, space: int | None = None) -> QGridLayout:
    """Return a grid without margins."""
    made = QGridLayout(parent) if parent is not None else QGridLayout()
    _space(made, space)
    return made


class Panel(QFrame):
    """A white rounded panel; put things into its `inside` column, or into a row with `lying`."""

    def __init__(
        self, name: str, *, lying: bool = False, edge: str = "hair", edge_width: int = 1
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.edge, self.edge_width = edge, edge_width
        sizes = theme.look().sizes
        self.inside: QVBoxLayout | QHBoxLayout = row(self) if lying else column(self)
        across = round(sizes.gap * 1.1)
        down = round(sizes.gap * 0.75)
        self.inside.setContentsMargins(across, down, across, down)

    def set_edge(self, tone: str, width: int) -> None:
        """Show another edge: `hair` and 1 at rest, `jade` or `danger` and 4 to call attention."""
        self.edge, self.edge_width = tone, width
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            paint.rounded(
                painter,
                QRectF(self.rect()),
                theme.look().sizes.radius,
                theme.colour("surface"),
                theme.colour(self.edge),
                self.edge_width,
            )
