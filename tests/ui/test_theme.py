"""The tokens hold the norms: contrast, colours apart for the colour-blind, sizes, families."""

from itertools import combinations

import pytest
from PySide6.QtGui import QFontDatabase, QRawFont

from carehub.config import Palette
from carehub.ui import theme
from carehub.ui.theme import MODES, PALETTES, SCALES, Colours, Step, make_look
from tests.helpers import pages

Rgb = tuple[float, float, float]

# Linear transforms of linear RGB, Viénot, Brettel and Mollon 1999 (protan and deutan).
PROTAN = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))

TEXTS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink_2", "paper"),
    ("ink_2", "surface"),
    ("jade", "surface"),
    ("danger", "surface"),
    ("danger", "paper"),
    ("on_tone", "jade"),
    ("on_tone", "indigo"),
    ("on_tone", "ochre"),
    ("on_tone", "danger"),
    ("ok", "ok_ground"),
    ("warn", "warn_ground"),
    ("danger", "danger_ground"),
    ("ink", "ok_ground"),
    ("ink", "warn_ground"),
    ("ink", "danger_ground"),
    ("ink_2", "trough"),
    ("on_badge", "badge"),
]
EDGES = [
    ("line", "surface"),
    ("line", "paper"),
    ("jade", "surface"),
    ("in_target", "surface"),
    ("in_target", "band"),
    ("out_of_target", "surface"),
    ("out_of_target", "band"),
    ("focus_edge", "focus"),
    ("jade", "trough"),
    ("jade", "paper"),
    ("indigo", "paper"),
    ("ochre", "paper"),
]


def linear(tone: str) -> Rgb:
    parts = [int(tone[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def luminance(tone: str) -> float:
    r, g, b = linear(tone)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: Rgb) -> Rgb:
    r, g, b = (min(1.0, max(0.0, c)) for c in rgb)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen_by(rgb: Rgb, eye: tuple[Rgb, Rgb, Rgb]) -> Rgb:
    r, g, b = (sum(k * c for k, c in zip(row, rgb, strict=True)) for row in eye)
    return r, g, b


def distance(one: str, other: str, eye: tuple[Rgb, Rgb, Rgb] | None) -> float:
    both = [linear(one), linear(other)]
    if eye is not None:
        both = [seen_by(rgb, eye) for rgb in both]
    a, b = (lab(rgb) for rgb in both)
    return float(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)


@pytest.fixture(params=list(PALETTES))
def colours(request: pytest.FixtureRequest) -> Colours:
    palette: Palette = request.param
    return PALETTES[palette]


def test_words_stand_out_seven_to_one(colours: Colours) -> None:
    ratios = {pair: contrast(*(getattr(colours, tone) for tone in pair)) for pair in TEXTS}
    assert {pair: round(r, 2) for pair, r in ratios.items() if r < 7} == {}


def test_edges_and_data_stand_out_three_to_one(colours: Colours) -> None:
    ratios = {pair: contrast(*(getattr(colours, tone) for tone in pair)) for pair in EDGES}
    assert {pair: round(r, 2) for pair, r in ratios.items() if r < 3} == {}


@pytest.mark.parametrize("eye", [None, PROTAN, DEUTAN], ids=["all", "protan", "deutan"])
def test_in_and_out_of_target_differ_for_every_eye(
    colours: Colours, eye: tuple[Rgb, Rgb, Rgb] | None
) -> None:
    assert distance(colours.in_target, colours.out_of_target, eye) > 40


def test_the_ring_is_seen_on_every_ground(colours: Colours) -> None:
    for ground in ("paper", "surface", "jade", "indigo", "ochre", "danger"):
        both = [
            contrast(getattr(colours, t), getattr(colours, ground)) for t in ("focus", "focus_edge")
        ]
        assert max(both) >= 3, ground


def test_elders_read_nothing_below_eighteen_pixels() -> None:
    for mode in ("elder", "kiosk"):
        for scale in SCALES:
            assert make_look(mode, "paper", scale).pixels(Step.NOTE) >= 18


def test_targets_and_spaces_keep_the_norm_at_each_scale() -> None:
    for mode, least in (("elder", 60), ("kiosk", 60), ("standard", 44)):
        for scale in SCALES:
            sizes = make_look(mode, "paper", scale).sizes  # type: ignore[arg-type]  # a Mode
            assert sizes.target >= least
            assert sizes.between >= 8


def test_elder_type_is_half_as_large_again_as_standard() -> None:
    assert MODES["elder"].body == MODES["standard"].body * 1.5


def test_a_larger_window_grows_everything_and_a_small_one_keeps_whole_pages() -> None:
    assert theme.scale_for(1366, 768) == 1.0
    assert theme.scale_for(1920, 1080) == SCALES[-1]
    assert theme.scale_for(1280, 720) == SCALES[0]
    assert theme.scale_for(800, 600) == SCALES[0]


def test_every_font_names_its_families_and_has_chinese() -> None:
    pages.app()
    font = theme.font(Step.TITLE, bold=True)
    assert tuple(font.families()) == theme.FAMILIES
    if theme.FAMILIES[0] not in QFontDatabase.families():
        pytest.skip("no Chinese font here")
    face = QRawFont.fromFont(font)
    assert all(face.supportsCharacter(ord(char)) for char in "血压糖达标偏高朗读求助缬沙坦・，。")


def test_the_style_sheet_takes_every_colour_from_the_tokens() -> None:
    pages.app()
    sheets = set()
    for palette in PALETTES:
        theme.apply(pages.app(), "elder", palette)
        sheets.add(theme.style_sheet())
    theme.apply(pages.app())
    assert len(sheets) == len(PALETTES)


def test_two_tones_of_the_three_functions_are_never_alike(colours: Colours) -> None:
    tones = (colours.jade, colours.indigo, colours.ochre)
    assert all(distance(a, b, None) > 20 for a, b in combinations(tones, 2))
