"""On a screen that is too small for a page, the page scrolls and the window stays."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from carehub.config import Config
from carehub.ui import theme
from carehub.ui.screens.home.samples import SAMPLES
from tests.helpers import pages


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1366, 700)])
def test_home_needs_no_bar_on_usual_screens(size: tuple[int, int]) -> None:
    with pages.shell_for(Config(), size) as shell:
        pages.show(shell, SAMPLES[0])
        stage = shell.findChild(QScrollArea, "stage")
        assert stage is not None
        assert (shell.width(), shell.height()) == size
        assert stage.verticalScrollBar().maximum() == 0
        assert stage.horizontalScrollBar().maximum() == 0
    theme.apply(pages.app())


def test_a_small_window_keeps_its_size_and_everything_can_be_reached() -> None:
    with pages.shell_for(Config()) as shell:
        page = pages.show(shell, SAMPLES[0])
        shell.resize(800, 500)
        QTest.qWait(20)
        stage = shell.findChild(QScrollArea, "stage")
        assert stage is not None
        assert (shell.width(), shell.height()) == (800, 500)
        assert stage.verticalScrollBar().maximum() > 0
        assert page.height() > 500
        shell.resize(*pages.SIZE)
        QTest.qWait(20)
        assert stage.verticalScrollBar().maximum() == 0
        assert page.height() == pages.SIZE[1]


def test_a_notice_above_takes_its_room_without_growing_the_window() -> None:
    with pages.shell_for(Config()) as shell:
        page = pages.show(shell, SAMPLES[0])
        shell.show_notice("k", "Please look at this.")
        QTest.qWait(20)
        assert (shell.width(), shell.height()) == pages.SIZE
        assert page.height() < pages.SIZE[1]
