"""How large things are, in which colours, with voice and sound; each choice shows at once."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from carehub.config import Config, Mode, Palette
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    Body,
    Button,
    Chip,
    Choices,
    Panel,
    Status,
    Tick,
    Words,
    row,
)


class Display(AnyPage):
    """Choices on the left, what they look like on the right."""

    def title(self) -> str:
        return _("Display, sound")

    def build(self) -> None:
        """Lay out choices and preview."""
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._choices(), 6)
        across.addWidget(self._preview(), 5)
        self.body.addLayout(across, 1)

    def _choices(self) -> QWidget:
        config = self.visit.config
        panel = Panel("display.choices")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        sizes: list[tuple[Mode, str]] = [("elder", _("Large")), ("standard", _("Normal"))]
        colours: list[tuple[Palette, str]] = [
            ("paper", _("Paper")),
            ("contrast", _("Black, strong contrast")),
        ]
        self.sizes = Choices("display.size", sizes, config.mode)
        self.sizes.chosen.connect(self._take_size)
        self.colours = Choices("display.colours", colours, config.palette)
        self.colours.chosen.connect(self._take_colours)
        self.voice = Tick("display.voice", _("Read notices aloud"), on=config.voice)
        self.voice.toggled.connect(lambda on: self._keep(replace(self.visit.config, voice=on)))
        self.sound = Tick("display.sound", _("Play sounds"), on=config.sound)
        self.sound.toggled.connect(lambda on: self._keep(replace(self.visit.config, sound=on)))
        panel.inside.addWidget(Body("display.size.caption", _("Size")))
        panel.inside.addWidget(self.sizes)
        panel.inside.addWidget(Body("display.colours.caption", _("Colours")))
        panel.inside.addWidget(self.colours)
        panel.inside.addWidget(Body("display.voice.caption", _("Voice and sound")))
        panel.inside.addWidget(self.voice)
        panel.inside.addWidget(self.sound)
        panel.inside.addStretch(1)
        return panel

    def _preview(self) -> QWidget:
        panel = Panel("display.preview")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        panel.inside.addStretch(1)
        self.looks = Body("display.looks", _("It looks like this:"), tone="ink_2")
        panel.inside.addWidget(self.looks)
        figure = row()
        figure.addWidget(Words("display.figure", "128/82", step=Step.FIGURE, bold=True, wrap=False))
        figure.addWidget(Chip("display.state", _("In target"), Status.OK))
        figure.addStretch(1)
        panel.inside.addLayout(figure)
        hear = Button("display.hear", _("Listen"), icon="speaker", press=self._hear)
        line = row()
        line.addWidget(hear)
        line.addStretch(1)
        panel.inside.addLayout(line)
        panel.inside.addStretch(2)
        return panel

    def _hear(self) -> None:
        self.shell.say([_("In target")])

    def _take_size(self, key: str) -> None:
        modes: dict[str, Mode] = {"elder": "elder", "standard": "standard"}
        self._keep(replace(self.visit.config, mode=modes[key]))

    def _take_colours(self, key: str) -> None:
        palettes: dict[str, Palette] = {"paper": "paper", "contrast": "contrast"}
        self._keep(replace(self.visit.config, palette=palettes[key]))

    def _keep(self, config: Config) -> None:
        self.shell.session.keep_settings(config)

    def spoken(self) -> list[str]:
        return [self.header.title.text(), self.voice.text(), self.sound.text()]
