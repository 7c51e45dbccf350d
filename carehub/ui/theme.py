"""The tokens of the look: colours, sizes and type, read by style sheets, painters, charts and tests."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from carehub.config import Mode, Palette

FAMILIES = ("Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC", "Noto Sans SC")
"""Set on every font, else Japanese forms or boxes appear."""

LINE_HEIGHT = 1.3
SCALES = (0.92, 1.0, 1.15, 4 / 3)
"""How far everything grows with the window; the smallest keeps elder notes above 18 px."""


class Step(Enum):
    """A size of type as a multiple of the body size."""

    NOTE = 0.83
    BODY = 1.0
    STRONG = 1.1
    TITLE = 1.34
    DISPLAY = 1.75
    CARD = 2.42
    FIGURE = 2.65
    METRIC = 3.2


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette as #RRGGBB; text tones reach 7:1 on their ground, lines and data 3:1."""

    paper: str
    surface: str
    ink: str
    ink_2: str
    jade: str
    indigo: str
    ochre: str
    on_tone: str
    ok: str
    ok_ground: str
    warn: str
    warn_ground: str
    danger: str
    danger_ground: str
    line: str
    hair: str
    trough: str
    focus: str
    focus_edge: str
    badge: str
    on_badge: str
    in_target: str
    out_of_target: str
    band: str
    sun: str
    hill: str


PAPER = Colours(
    paper="#F7F3EA",
    surface="#FFFFFF",
    ink="#1C2321",
    ink_2="#46504C",
    jade="#0B5C50",
    indigo="#24477F",
    ochre="#7A4310",
    on_tone="#FFFFFF",
    ok="#14552F",
    ok_ground="#DDF0E2",
    warn="#6E4200",
    warn_ground="#FFE8B3",
    danger="#A3161A",
    danger_ground="#FDF0EE",
    line="#7E7461",
    hair="#D9D0BD",
    trough="#F1EBDD",
    focus="#FFC400",
    focus_edge="#1C2321",
    badge="#FFC400",
    on_badge="#1C2321",
    in_target="#1B5FA0",
    out_of_target="#B8400A",
    band="#DDEBE4",
    sun="#F1D1A1",
    hill="#0B5C50",
)

CONTRAST = Colours(
    paper="#000000",
    surface="#121212",
    ink="#FFFFFF",
    ink_2="#E6E6E6",
    jade="#7CE8CF",
    indigo="#A9CBFF",
    ochre="#FFC98A",
    on_tone="#000000",
    ok="#8CF0A8",
    ok_ground="#0E2A16",
    warn="#FFD27A",
    warn_ground="#2E2200",
    danger="#FFA79C",
    danger_ground="#3A0F0C",
    line="#9A9A9A",
    hair="#8A8A8A",
    trough="#2A2A2A",
    focus="#FFFF00",
    focus_edge="#000000",
    badge="#FFFF00",
    on_badge="#000000",
    in_target="#8FC7FF",
    out_of_target="#FFA45C",
    band="#16302B",
    sun="",
    hill="",
)

PALETTES: dict[Palette, Colours] = {"paper": PAPER, "contrast": CONTRAST}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures of one mode in device-independent pixels."""

    body: int
    target: int
    gap: int
    radius: int

    @property
    def margin(self) -> int:
        """Return the space between the window's edge and everything on it."""
        return round(self.gap * 4 / 3)

    @property
    def between(self) -> int:
        """Return the space between two controls or cards side by side; never below 8."""
        return max(8, round(self.gap * 0.6))

    @property
    def corner(self) -> int:
        """Return the corner radius of a button."""
        return round(self.radius * 0.8)

    @property
    def icon(self) -> int:
        """Return the edge of an icon that stands beside strong text."""
        return round(self.body * 1.3)


MODES: dict[Mode, Sizes] = {
    "standard": Sizes(body=16, target=44, gap=16, radius=12),
    "elder": Sizes(body=24, target=64, gap=24, radius=24),
    "kiosk": Sizes(body=28, target=88, gap=28, radius=28),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What is in force: a mode, a palette and a scale, with the measures they give."""

    mode: Mode
    palette: Palette
    scale: float
    colours: Colours
    sizes: Sizes

    @property
    def roomy(self) -> bool:
        """Tell whether this is a look for elders: read-aloud and help on every page."""
        return self.mode != "standard"

    def pixels(self, step: Step) -> int:
        """Return the type size of `step` in pixels."""
        return round(self.sizes.body * step.value)

    def px(self, length: float) -> int:
        """Return a length that was drawn for the unscaled look, as pixels of this one."""
        return round(length * self.scale)


def make_look(mode: Mode = "elder", palette: Palette = "paper", scale: float = 1.0) -> Look:
    """Return the look of these settings without putting it in force."""
    plain = MODES[mode]
    sizes = Sizes(
        body=round(plain.body * scale),
        target=round(plain.target * max(1.0, scale)),
        gap=round(plain.gap * scale),
        radius=round(plain.radius * scale),
    )
    return Look(mode, palette, scale, PALETTES[palette], sizes)


_look = make_look()


def look() -> Look:
    """Return the look in force."""
    return _look


def scale_for(width: int, height: int) -> float:
    """Return the scale at which a window of this size shows one whole page."""
    room = min(width / 1366, height / 768)
    fitting = [scale for scale in SCALES if scale <= room + 0.045]
    return max(fitting, default=SCALES[0])


def colour(tone: str) -> QColor:
    """Return the colour of the token `tone` in the palette in force."""
    return QColor(getattr(_look.colours, tone))


def font(step: Step = Step.BODY, *, bold: bool = False) -> QFont:
    """Return the font of a type step, with its families set."""
    chosen = QFont()
    chosen.setFamilies(list(FAMILIES))
    chosen.setPixelSize(_look.pixels(step))
    chosen.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    chosen.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return chosen


def apply(
    app: QApplication, mode: Mode = "elder", palette: Palette = "paper", scale: float = 1.0
) -> Look:
    """Put a look in force for everything that is built from now on, and return it."""
    global _look
    _look = make_look(mode, palette, scale)
    app.setFont(font())
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())
    return _look


def field_corner() -> int:
    """Return the corner radius of what is typed into."""
    return _look.sizes.corner // 2 + 2


def _palette() -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    pairs = {
        role.Window: "paper",
        role.WindowText: "ink",
        role.Base: "surface",
        role.AlternateBase: "trough",
        role.Text: "ink",
        role.Button: "surface",
        role.ButtonText: "ink",
        role.Highlight: "jade",
        role.HighlightedText: "on_tone",
        role.PlaceholderText: "ink_2",
        role.ToolTipBase: "surface",
        role.ToolTipText: "ink",
    }
    for each, tone in pairs.items():
        made.setColor(each, colour(tone))
    return made


def style_sheet() -> str:
    """Return the style sheet of the few stock widgets in use: line edits and scroll bars."""
    c, s = _look.colours, _look.sizes
    thick = max(16, round(s.target * 0.45))
    return f"""
    QMainWindow, QWidget#paper {{ background: {c.paper}; }}
    QLineEdit, QPlainTextEdit {{
        background: {c.surface}; color: {c.ink}; border: 2px solid {c.line};
        border-radius: {field_corner()}px; padding: 0 {s.gap // 2}px;
        selection-background-color: {c.jade}; selection-color: {c.on_tone};
    }}
    QPlainTextEdit:focus {{ border: 4px solid {c.focus}; }}
    QLineEdit[wrong="true"] {{ border: 3px solid {c.danger}; }}
    QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
    QScrollBar:vertical {{
        background: {c.trough}; width: {thick}px; margin: 0; border-radius: {thick // 2}px;
    }}
    QScrollBar::handle:vertical {{
        background: {c.line}; min-height: {s.target}px; border-radius: {thick // 2}px;
    }}
    QScrollBar:horizontal {{ background: {c.trough}; height: {thick}px; }}
    QScrollBar::handle:horizontal {{
        background: {c.line}; min-width: {s.target}px; border-radius: {thick // 2}px;
    }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; height: 0;
    }}
    """
