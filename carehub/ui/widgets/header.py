"""The head and foot that every page has."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.theme import Step
from carehub.ui.widgets.buttons import Button
from carehub.ui.widgets.chips import Mark
from carehub.ui.widgets.panel import column, row
from carehub.ui.widgets.words import Heading, Note, Words


class PageHeader(QWidget):
    """Back, title over subtitle, what the page adds, then read-aloud and help.

    `back`, `speak` and `help` are called by their buttons; None leaves the button out.
    """

    def __init__(
        self,
        title: str,
        *,
        back: Callable[[], object] | None = None,
        speak: Callable[[], object] | None = None,
        ask_help: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("header")
        sizes = theme.look().sizes
        line = row(self)
        if back is not None:
            line.addWidget(Button("header.back", _("Back"), icon="back", press=back))
            line.addSpacing(sizes.between // 2)
        words = column(space=theme.look().px(4))
        self.title = Heading("header.title", title, step=Step.DISPLAY, wrap=False)
        self.subtitle = Words("header.subtitle", tone="ink_2", wrap=False)
        self.subtitle.hide()
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        words.addStretch(1)
        line.addLayout(words)
        self._beside = row()
        line.addLayout(self._beside)
        line.addStretch(1)
        self._extras = row()
        line.addLayout(self._extras)
        buttons = (
            ("header.speak", _("Read aloud"), "speaker", "outline", speak),
            ("header.help", _("Help"), "phone", "danger_outline", ask_help),
        )
        for name, text, icon, kind, press in buttons:
            if press is not None:
                button = Button(name, text, icon=icon, kind=kind, press=press)  # type: ignore[arg-type]  # a Kind
                line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, *controls: QWidget) -> None:
        """Put controls of the page before read-aloud and help."""
        for control in controls:
            self._extras.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_left(self, *controls: QWidget) -> None:
        """Put controls of the page right after its title."""
        for control in controls:
            self._beside.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Change the words."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))


class PageFoot(QWidget):
    """A quiet line with an icon on the left, the helpline on the right."""

    def __init__(self, helpline: str = "") -> None:
        super().__init__()
        self.setObjectName("foot")
        look = theme.look()
        line = row(self, space=max(6, look.sizes.gap // 3))
        self._mark = Mark("foot.mark", "info", edge=look.pixels(Step.NOTE) + 4)
        self.words = Note("foot.words", wrap=False)
        self._mark.hide()
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.words)
        line.addStretch(1)
        shown = _("Helpline {number}").format(number=helpline) if helpline else ""
        self.helpline = Note("foot.helpline", shown, wrap=False)
        line.addWidget(self.helpline)

    def show_words(self, text: str, icon: str = "info", tone: str = "ink_2") -> None:
        """Say one quiet thing; an empty text says nothing."""
        self.words.setText(text)
        self.words.set_tone(tone)
        self._mark.show_icon(icon, tone)
        self._mark.setVisible(bool(text))
