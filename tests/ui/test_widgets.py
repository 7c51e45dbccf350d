"""The kit's parts do what a finger, a key or a reader of the screen asks of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from carehub.config import Palette
from carehub.ui import icons, theme
from carehub.ui.paint import Lines, longest_word
from carehub.ui.theme import Step
from carehub.ui.widgets import (
    Avatar,
    BigField,
    Body,
    Button,
    Chip,
    Choices,
    DateField,
    DayMark,
    DayMarks,
    Dot,
    FunctionCard,
    Keypad,
    ListRow,
    ProgressSteps,
    Ring,
    Scroll,
    Sparkline,
    Status,
    StepItem,
    StepList,
    TextField,
    Tick,
    Words,
)
from tests.helpers import pages


@pytest.fixture
def window() -> Iterator[QWidget]:
    theme.apply(pages.app())
    made = QWidget()
    QVBoxLayout(made)
    made.resize(800, 600)
    yield made
    made.close()
    made.deleteLater()
    pages.app().processEvents()


def put(window: QWidget, *things: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for thing in things:
        layout.addWidget(thing)
    window.show()
    pages.app().processEvents()


def role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def key(window: QWidget, which: str) -> None:
    button = window.findChild(QAbstractButton, which)
    assert button is not None, which
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_button_is_pressed_by_finger_and_by_space(window: QWidget) -> None:
    pressed: list[int] = []
    button = Button("go", "Go", icon="check", press=lambda: pressed.append(1))
    put(window, button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1, 1]
    assert role(button) is QAccessible.Role.Button
    assert name(button) == "Go"


def test_a_button_without_words_still_has_a_name(window: QWidget) -> None:
    button = Button("x", icon="x", spoken="Close")
    put(window, button)
    assert name(button) == "Close"
    assert button.width() >= theme.look().sizes.target


def test_the_focus_is_shown_inside_the_button(window: QWidget) -> None:
    button = Button("go", "Go", kind="primary")
    put(window, button, Button("other", "Other"))
    window.activateWindow()
    button.setFocus()
    pages.app().processEvents()
    picture = button.grab().toImage()
    across = {picture.pixelColor(x, button.height() // 2).name().upper() for x in range(12)}
    assert theme.PAPER.focus in across
    assert theme.PAPER.focus_edge in across


def test_each_icon_draws_in_the_colour_it_is_given(window: QWidget) -> None:
    for icon in icons.names():
        button = Button(icon, icon=icon, spoken=icon)
        picture = button.grab().toImage()
        middle = [
            picture.pixelColor(x, y)
            for x in range(16, picture.width() - 16)
            for y in range(16, picture.height() - 16)
        ]
        assert any(_near(c, theme.colour("jade")) for c in middle), icon


def _near(one: QColor, other: QColor) -> bool:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) < 40


def test_one_of_several_is_chosen_and_told(window: QWidget) -> None:
    told: list[str] = []
    choices = Choices("when", [("week", "Week"), ("month", "Month")], "week")
    choices.chosen.connect(told.append)
    put(window, choices)
    key(window, "when.month")
    assert choices.value() == "month"
    assert told == ["month"]
    button = choices.findChild(QRadioButton, "when.month")
    assert button is not None
    assert role(button) is QAccessible.Role.RadioButton
    choices.choose("week")
    assert (choices.value(), told) == ("week", ["month"])


def test_a_tick_is_hit_anywhere_on_it(window: QWidget) -> None:
    tick = Tick("pain", "Chest pain")
    put(window, tick)
    QTest.mouseClick(
        tick, Qt.MouseButton.LeftButton, pos=QPoint(tick.width() - 3, tick.height() - 3)
    )
    assert tick.isChecked()
    assert isinstance(tick, QCheckBox)
    assert tick.grab().toImage() != Tick("pain", "Chest pain").grab().toImage()


def test_a_card_tells_its_news_to_everybody(window: QWidget) -> None:
    opened: list[int] = []
    card = FunctionCard(
        "card",
        "Report",
        "How things are",
        icon="chart",
        tone="indigo",
        press=lambda: opened.append(1),
    )
    put(window, card)
    before = card.grab().toImage()
    card.set_badge("1 new")
    assert card.grab().toImage() != before
    assert "1 new" in card.accessibleDescription()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert opened == [1]
    assert role(card) is QAccessible.Role.Button


def test_words_wrap_instead_of_being_cut(window: QWidget) -> None:
    words = Body("words", "血压平稳，" * 30)
    put(window, words)
    assert words.height() >= words.heightForWidth(words.width())
    assert words.heightForWidth(200) > words.heightForWidth(700)
    narrow = Words("one", "一行字", wrap=False)
    assert narrow.minimumSizeHint().width() == narrow.sizeHint().width()


def test_lines_keep_the_house_height(window: QWidget) -> None:
    words = Body("words", "一行\n两行")
    assert words.heightForWidth(600) == round(2 * 24 * theme.LINE_HEIGHT + 0.49)


def test_a_chip_says_its_state_by_shape_and_word() -> None:
    pages.app()
    theme.apply(pages.app())
    icon_names = {status.icon for status in (Status.OK, Status.HIGH, Status.LOW)}
    assert len(icon_names) == 3
    chip = Chip("state", "In target", Status.OK)
    before = chip.grab().toImage()
    chip.show_state("Above target", Status.HIGH)
    assert name(chip) == "Above target"
    assert chip.grab().toImage() != before


def test_the_keypad_types_into_the_field_it_feeds(window: QWidget) -> None:
    pad, first, second = Keypad("pad"), BigField("a", spoken="A"), BigField("b", spoken="B")
    put(window, first, second, pad)
    pad.feed(first)
    for which in ("1", "2", "8", "9"):
        key(window, f"pad.{which}")
    assert first.value() == "128"
    pad.feed(second)
    key(window, "pad.7")
    assert (first.value(), second.value()) == ("128", "7")
    pad.feed(first)
    key(window, "pad.back")
    assert first.value() == "12"
    key(window, "pad.clear")
    assert first.value() == ""


def test_a_decimal_field_takes_one_point(window: QWidget) -> None:
    pad = Keypad("pad", decimal=True)
    field = BigField("g", spoken="Glucose", longest=4, decimal=True)
    put(window, field, pad)
    pad.feed(field)
    for which in ("6", "point", "point", "3"):
        key(window, f"pad.{which}")
    assert field.value() == "6.3"


def test_a_keyboard_types_only_digits_into_a_big_field(window: QWidget) -> None:
    field = BigField("g", spoken="Upper")
    put(window, field)
    QTest.keyClicks(field, "1a2.85")
    assert field.value() == "128"


def test_a_text_field_gives_what_was_typed_and_complains_below(window: QWidget) -> None:
    field = TextField("name", "Name", hint="As on the card")
    put(window, field)
    QTest.keyClicks(field.line, " Li ")
    assert field.value() == "Li"
    assert name(field.line) == "Name"
    field.complain("Please give a name.")
    assert field.trouble.isVisible()
    field.complain("")
    assert not field.trouble.isVisible()
    secret = TextField("pin", "PIN", secret=True)
    assert secret.line.echoMode() is QLineEdit.EchoMode.Password


def test_a_day_is_three_numbers(window: QWidget) -> None:
    field = DateField("born", "Born")
    put(window, field)
    assert field.empty()
    for part, typed in (("year", "1946"), ("month", "2"), ("day", "30")):
        box = field.findChild(QLineEdit, f"born.{part}")
        assert box is not None
        QTest.keyClicks(box, typed)
    assert field.value() is None
    assert not field.empty()
    assert DateField("b", "Born", value=date(1946, 3, 8)).value() == date(1946, 3, 8)


def test_steps_are_replaced_as_a_measurement_goes_on(window: QWidget) -> None:
    steps = StepList("steps", ["Sit", StepItem("Call 120", "grave")])
    put(window, steps)
    steps.show_steps([StepItem("Sit", "done"), StepItem("Wait", "now"), StepItem("Read", "next")])
    pages.app().processEvents()
    shown = [w.text() for w in steps.findChildren(Words) if w.isVisible()]
    assert shown == ["Sit", "Wait", "Read"]


def test_progress_is_drawn_and_named(window: QWidget) -> None:
    bar = ProgressSteps("bar", 1, 4)
    put(window, bar)
    before = bar.grab().toImage()
    bar.show_progress(2, 4)
    assert bar.grab().toImage() != before
    assert "2" in name(bar)
    assert "4" in name(bar)


def test_gauges_say_in_words_what_they_draw(window: QWidget) -> None:
    ring, line, marks = Ring("ring", "Cuff"), Sparkline("line"), DayMarks("days")
    put(window, ring, line, marks)
    blank = [w.grab().toImage() for w in (ring, line, marks)]
    ring.show_value("142", 0.6)
    line.show_dots(
        [Dot(0, Decimal(138), False), Dot(1, Decimal(128), True)], None, Decimal(135), "138, 128"
    )
    marks.show_days([DayMark("Mon", True), DayMark("Tue", False), DayMark("Wed", None)], "1 of 2")
    pages.app().processEvents()
    assert [name(w) for w in (ring, line, marks)] == ["Cuff 142", "138, 128", "1 of 2"]
    assert all(w.grab().toImage() != b for w, b in zip((ring, line, marks), blank, strict=True))


def test_out_of_target_is_another_shape_not_only_another_colour(window: QWidget) -> None:
    marks = DayMarks("days")
    put(window, marks)
    shapes = []
    for state in (True, False):
        marks.show_days([DayMark("", state)], "")
        picture = marks.grab().toImage()
        tone = theme.colour("in_target" if state else "out_of_target")
        shapes.append(
            {
                (x, y)
                for x in range(picture.width())
                for y in range(picture.height())
                if picture.pixelColor(x, y) == tone
            }
        )
    assert len(shapes[0] ^ shapes[1]) > 200


def test_what_does_not_fit_can_be_turned_page_by_page(window: QWidget) -> None:
    scroll = Scroll("list")
    for n in range(20):
        scroll.inside.addWidget(
            ListRow(f"row.{n}", f"Row {n}", "note", leading=Avatar(f"a{n}", "王芳"))
        )
    put(window, scroll)
    first = scroll.findChild(QWidget, "row.0")
    down = scroll.findChild(QAbstractButton, "list.down")
    assert first is not None
    assert down is not None
    assert down.isVisible()
    key(window, "list.down")
    pages.app().processEvents()
    assert first.visibleRegion().isEmpty()
    key(window, "list.up")
    pages.app().processEvents()
    assert not first.visibleRegion().isEmpty()


def test_what_fits_shows_no_bar(window: QWidget) -> None:
    scroll = Scroll("list")
    scroll.inside.addWidget(Words("one", "One", step=Step.TITLE))
    put(window, scroll)
    down = scroll.findChild(QAbstractButton, "list.down")
    assert down is not None
    assert not down.isVisible()


@pytest.mark.parametrize("palette", ["paper", "contrast"])
def test_the_field_that_is_typed_into_shows_the_ring(window: QWidget, palette: Palette) -> None:
    theme.apply(pages.app(), "elder", palette)
    field, pad = BigField("g", spoken="Upper"), Keypad("pad")
    put(window, field, pad)
    window.activateWindow()
    field.setFocus()
    pad.feed(field)
    key(window, "pad.5")
    pages.app().processEvents()
    assert field.hasFocus()
    picture = field.grab().toImage()
    across = {picture.pixelColor(x, field.height() // 2).name().upper() for x in range(12)}
    assert theme.PALETTES[palette].focus in across
    theme.apply(pages.app())


def test_a_few_lines_are_broken_evenly(window: QWidget) -> None:
    font = theme.font(Step.BODY)
    text = "今天饭后两小时量的血糖是九点三"
    one = Lines(text, font)
    two = Lines(text, font, one.width - 5)
    assert two.count == 2
    assert two.width < one.width * 0.7
    assert Lines("很长的一段话，" * 30, font, 400).count > 3


def test_a_word_is_never_broken_in_its_middle(window: QWidget) -> None:
    words = Words("w", "Not measured yet", step=Step.TITLE, bold=True)
    assert words.minimumSizeHint().width() >= longest_word("measured", words.font())
    narrow = longest_word("measured", words.font()) * 1.4
    broken = Lines("Not measured yet", words.font(), narrow)
    assert broken.width >= longest_word("measured", words.font())
