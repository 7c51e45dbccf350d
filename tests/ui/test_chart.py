"""The long chart: a picture drawn apart from the window, the place of its axes, the cursor over it."""

import asyncio

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from carehub.care.trends import Period
from carehub.config import Config
from carehub.ui import picture, theme
from carehub.ui.charts import Chart, Trace
from carehub.ui.widgets.chart import LongChart
from tests.helpers import pages

DAY = 86_400_000
AT = [n * DAY for n in range(1, 31)]
UPPER = Trace("upper", AT, [120.0 + n for n in range(30)], [True] * 20 + [False] * 10)
LOWER = Trace("lower", AT, [80.0] * 30, [True] * 30)
CHART = Chart(Period.MONTH, 0, 31 * DAY, 0, traces=(UPPER, LOWER), spoken="thirty days")
SIZE = (640, 320)


def drawn() -> picture.Picture:
    return picture.draw(CHART, *SIZE, 24.0, theme.PAPER)


def test_time_and_pixels_are_each_others_inverse():
    place = drawn().place
    for at in (AT[0], AT[13], AT[-1]):
        assert abs(place.at(place.x(at)) - at) < DAY // 100
    assert place.left < place.x(AT[0]) < place.x(AT[-1]) < place.right


def test_the_marks_stand_where_the_place_says():
    found = drawn()
    dark = found.image.pixelColor(0, 0)
    for at in (AT[0], AT[29]):
        x = round(found.place.x(at))
        rows = range(round(found.place.top), round(found.place.bottom))
        assert any(found.image.pixelColor(x, y) != dark for y in rows)
    between = range(round(found.place.right) + 1, SIZE[0])
    middle = round((found.place.top + found.place.bottom) / 2)
    assert all(found.image.pixelColor(x, middle) == dark for x in between)


@pytest.fixture
def chart():
    with pages.shell_for(Config(language="en")) as shell:
        asked = []

        def ask(work, done):
            asked.append((work, done))

        made = LongChart("chart", ask)
        made.setParent(shell)
        made.resize(SIZE[0] + 20, SIZE[1] + 20)
        made.show()
        made.show_chart(CHART)
        made.grab()
        yield made, asked
        made.hide()


def finish(asked):
    work, done = asked.pop()
    done(asyncio.run(work()))


def key(chart, which):
    chart.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, which, Qt.KeyboardModifier.NoModifier))


def test_it_is_drawn_once_and_shown_when_it_is_there(chart):
    made, asked = chart
    made.grab()
    assert len(asked) == 1
    assert made.shown is None
    finish(asked)
    assert made.shown is CHART
    made.grab()
    assert asked == []


def test_a_picture_that_comes_too_late_is_not_shown(chart):
    made, asked = chart
    made.show_chart(CHART)
    finish(asked)
    assert made.shown is None
    made.grab()
    finish(asked)
    assert made.shown is CHART


def test_the_keys_lead_the_cursor_and_its_value_is_said(chart):
    made, asked = chart
    said = []
    made.pointed.connect(said.append)
    key(made, Qt.Key.Key_Home)
    assert said == []
    finish(asked)
    key(made, Qt.Key.Key_Left)
    key(made, Qt.Key.Key_Home)
    key(made, Qt.Key.Key_Right)
    assert [each.split()[-1] for each in said] == ["149/80", "120/80", "121/80"]
    before = made.grab().toImage()
    key(made, Qt.Key.Key_End)
    assert made.grab().toImage() != before


def test_the_mouse_leads_it_too(chart):
    made, asked = chart
    finish(asked)
    said = []
    made.pointed.connect(said.append)
    x = drawn().place.x(AT[4]) + 10
    made.mouseMoveEvent(
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(x, 100),
            QPointF(x, 100),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert said[0].endswith("124/80")
