"""Notices on top of a page and the bar that takes back an act; neither ever leaves by itself."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent

from carehub.i18n import _
from carehub.ui import paint, theme
from carehub.ui.theme import Step
from carehub.ui.widgets.buttons import Button, Kind
from carehub.ui.widgets.chips import Mark, Status
from carehub.ui.widgets.panel import Panel
from carehub.ui.widgets.words import Words

Act = tuple[str, str, Callable[[], object]]
"""A button of a notice: its object name, its words, and what it does."""


class NoticeBanner(Panel):
    """One sentence with a mark and what can be done about it; a person closes it."""

    def __init__(
        self,
        name: str,
        text: str,
        status: Status,
        *,
        acts: Sequence[Act] = (),
        close: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(name, lying=True, edge=status.tone, edge_width=3)
        self._ground = status.ground
        sizes = theme.look().sizes
        pad = max(8, sizes.gap // 2)
        self.inside.setContentsMargins(sizes.gap, pad, pad, pad)
        mark = Mark(f"{name}.mark", status.icon, tone=status.tone, edge=sizes.icon + 4)
        self.inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self.words = Words(f"{name}.text", text, step=Step.STRONG, bold=True)
        self.inside.addWidget(self.words, 1)
        first: Kind = "danger" if status is Status.DANGER else "primary"
        for number, (key, words, act) in enumerate(acts):
            kind: Kind = "outline" if number else first
            self.inside.addWidget(Button(key, words, kind=kind, press=act))
        if close is not None:
            self.inside.addWidget(Button(f"{name}.close", _("Got it"), kind="plain", press=close))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            ground, edge = theme.colour(self._ground), theme.colour(self.edge)
            radius = theme.look().sizes.corner
            paint.rounded(painter, QRectF(self.rect()), radius, ground, edge, self.edge_width)


class UndoBar(NoticeBanner):
    """Says what was done and takes it back with one press, instead of asking before."""

    def __init__(self, text: str, undo: Callable[[], object], close: Callable[[], object]) -> None:
        super().__init__(
            "undo", text, Status.INFO, acts=[("undo.press", _("Undo"), undo)], close=close
        )
