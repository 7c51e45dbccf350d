"""The page that is shown while the archive opens, or while the demo's household is made."""

from typing import ClassVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel

from carehub.i18n import _
from carehub.ui import icons, paint, theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.theme import Step
from carehub.ui.widgets import Words, column


class _Medallion(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("opening.mark")
        edge = theme.look().sizes.body * 6
        self.setFixedSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            box = QRectF(self.rect())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("jade"))
            painter.drawEllipse(box)
            share = box.width() * 0.22
            inner = box.adjusted(share, share, -share, -share)
            icons.paint(painter, "heart-pulse", inner, theme.colour("on_tone"))


class Opening(AnyPage):
    """One sentence in the middle; it gives way by itself."""

    landscape: ClassVar[bool] = True
    can_go_back: ClassVar[bool] = False
    locks: ClassVar[bool] = False

    def build(self) -> None:
        """Put the sentence in the middle."""
        self.header.setMinimumHeight(theme.look().px(98))
        self.words = Words("opening.words", _("Opening…"), step=Step.DISPLAY, bold=True, wrap=False)
        self.more = Words("opening.more", tone="ink_2", wrap=False)
        lines = column(space=theme.look().sizes.gap)
        lines.addStretch(2)
        for each in (_Medallion(), self.words, self.more):
            lines.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addStretch(3)
        self.body.addLayout(lines, 1)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")

    def opened(self, **what: object) -> None:
        """Say what is being made ready: one's own records, or the demo's household."""
        super().opened(**what)
        demo = what.get("demo")
        self.more.setText(
            _("A made-up household is being prepared.") if demo else _("Just a moment, please.")
        )

    def spoken(self) -> list[str]:
        return [self.words.text(), self.more.text()]


PAGES = {"opening": Opening}
