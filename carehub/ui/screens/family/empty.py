"""What stands where a list is empty: a large mark, one sentence, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from carehub.ui import theme
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Heading, Mark, Panel, column, row


class Empty(Panel):
    """One sentence in the place of a list, what to do below it, and a button where there is one."""

    def __init__(self, name: str, icon: str, heading: str, *acts: QWidget) -> None:
        super().__init__(name, lying=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        sizes = theme.look().sizes
        edge = sizes.body * 5
        words = column(space=sizes.between)
        self.heading = Heading(f"{name}.heading", heading, step=Step.DISPLAY)
        self.advice = Body(f"{name}.advice", tone="ink_2")
        self.advice.hide()
        words.addStretch(1)
        words.addWidget(self.heading)
        words.addWidget(self.advice)
        below = row()
        for act in acts:
            below.addWidget(act)
        below.addStretch(1)
        words.addSpacing(sizes.between)
        words.addLayout(below)
        words.addStretch(1)
        mark = Mark(f"{name}.mark", icon, edge=edge, tone="jade")
        self.inside.setSpacing(sizes.gap * 2)
        self.inside.addSpacing(sizes.gap * 2)
        self.inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self.inside.addLayout(words, 1)

    def say(self, heading: str, advice: str = "") -> None:
        """Change the words."""
        self.heading.setText(heading)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def sentences(self) -> list[str]:
        """Return what stands here, to be read aloud."""
        return [text for text in (self.heading.text(), self.advice.text()) if text]
