"""The window: pages come and go, notices stay, settings rebuild, nobody is left waiting."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from carehub.archive.store import Archive
from carehub.care.changes import Changes
from carehub.config import Config
from carehub.errors import DiskFull, NoVoice
from carehub.ui import theme
from carehub.ui.background import Background
from carehub.ui.screens.help.screen import Help
from carehub.ui.screens.home.screen import Home
from carehub.ui.screens.page import AnyPage
from carehub.ui.screens.sample import sample_visit
from carehub.ui.shell import Shell
from carehub.ui.voice import SilentVoice
from carehub.ui.widgets import Status
from tests.helpers import pages


@pytest.fixture
def shell() -> Iterator[Shell]:
    with pages.shell_for(Config(language="en", helpline="400-000-0000")) as made:
        made.start("home")
        pages.app().processEvents()
        yield made


def press(shell: Shell, name: str) -> None:
    button = shell.findChild(QAbstractButton, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    pages.app().processEvents()


def notices(shell: Shell) -> list[str]:
    found = shell.findChildren(QLabel)
    return [
        w.text()
        for w in found
        if w.objectName().startswith("notice.") and w.text() and w.isVisible()
    ]


def test_help_opens_from_home_and_back_returns(shell: Shell) -> None:
    press(shell, "header.help")
    assert isinstance(shell.page, Help)
    press(shell, "header.back")
    assert isinstance(shell.page, Home)


def test_escape_goes_back_and_stays_on_home(shell: Shell) -> None:
    shell.open("help")
    pages.app().processEvents()
    QTest.keyClick(shell, Qt.Key.Key_Escape)
    assert isinstance(shell.page, Home)
    QTest.keyClick(shell, Qt.Key.Key_Escape)
    assert isinstance(shell.page, Home)


def test_return_presses_what_has_the_focus(shell: Shell) -> None:
    button = shell.findChild(QAbstractButton, "header.help")
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.qWait(150)
    assert isinstance(shell.page, Help)


def test_opening_home_goes_home_instead_of_piling_up(shell: Shell) -> None:
    home = shell.page
    shell.open("help")
    shell.open("home")
    assert shell.page is home
    shell.back()
    assert shell.page is home


def test_one_page_can_take_the_place_of_another(shell: Shell) -> None:
    shell.open("help")
    before = shell.page
    shell.instead("help")
    assert shell.page is not before
    shell.back()
    assert isinstance(shell.page, Home)


def test_a_notice_stays_until_somebody_closes_it(shell: Shell) -> None:
    acted: list[str] = []
    closed: list[str] = []
    shell.show_notice(
        "high",
        "Pressure is high.",
        Status.DANGER,
        (("notice.high.again", "Again", lambda: acted.append("again")),),
        lambda: closed.append("high"),
    )
    shell.open("help")
    pages.app().processEvents()
    assert notices(shell) == ["Pressure is high."]
    press(shell, "notice.high.again")
    assert acted == ["again"]
    press(shell, "notice.high.close")
    assert notices(shell) == []
    assert closed == ["high"]


def test_the_same_key_replaces_its_notice(shell: Shell) -> None:
    shell.show_notice("k", "one")
    shell.show_notice("k", "two")
    pages.app().processEvents()
    assert notices(shell) == ["two"]


def test_an_error_of_the_world_is_said_in_its_own_sentence(shell: Shell) -> None:
    shell.background.failed.emit(DiskFull())
    pages.app().processEvents()
    assert notices(shell) == [DiskFull().sentence()]
    shell.show_error(ValueError("never shown"))
    pages.app().processEvents()
    assert "never shown" not in notices(shell)[0]


def test_read_aloud_says_the_page(shell: Shell) -> None:
    press(shell, "header.speak")
    assert isinstance(shell.voice, SilentVoice)
    assert "Mine" in shell.voice.said
    shell.open("help")
    assert shell.voice.said == []


def test_without_a_voice_the_screen_says_so(shell: Shell) -> None:
    class Dumb(SilentVoice):
        def say(self, sentences: object) -> None:
            raise NoVoice

    shell.voice = Dumb()
    press(shell, "header.speak")
    assert notices(shell) == [NoVoice().sentence()]


def test_other_settings_rebuild_the_pages(shell: Shell) -> None:
    shell.open("help")
    shell.set_config(replace(shell.visit.config, mode="standard", palette="contrast"))
    pages.app().processEvents()
    assert theme.look().mode == "standard"
    assert isinstance(shell.page, Help)
    assert shell.page.findChild(QAbstractButton, "header.help") is None
    shell.back()
    assert isinstance(shell.page, Home)


def test_only_pages_that_care_load_again(shell: Shell) -> None:
    class Caring(AnyPage):
        concerns = Changes.READINGS
        reads = 0

        def refresh(self) -> None:
            super().refresh()
            Caring.reads += 1

    shell.place(Caring(shell))
    shell.background.changed.emit(Changes.PEOPLE)
    assert Caring.reads == 1  # a new page is stale until it has loaded once
    shell.background.changed.emit(Changes.PEOPLE)
    assert Caring.reads == 1
    shell.background.changed.emit(Changes.READINGS)
    assert Caring.reads == 2
    shell.open("help")
    shell.background.changed.emit(Changes.READINGS)
    assert Caring.reads == 2
    shell.back()
    assert Caring.reads == 3


def test_the_undo_bar_takes_back_and_goes(shell: Shell) -> None:
    back: list[int] = []
    assert shell.page is not None
    shell.page.offer_undo("Deleted.", lambda: back.append(1))
    pages.app().processEvents()
    press(shell, "undo.press")
    assert back == [1]
    assert not any(b.isVisible() for b in shell.findChildren(QAbstractButton, "undo.press"))


def test_f11_fills_the_screen_and_leaves_it(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_F11)
    assert shell.isFullScreen()
    QTest.keyClick(shell, Qt.Key.Key_F11)
    assert not shell.isFullScreen()


def test_the_first_paint_is_told_once() -> None:
    with pages.shell_for(Config(language="en")) as shell:
        told: list[int] = []
        shell.painted.connect(lambda: told.append(1))
        shell.start("home")
        QTest.qWait(50)
        shell.update()
        QTest.qWait(50)
        assert told == [1]


@pytest.fixture
def following() -> Iterator[Shell]:
    """A shell whose type follows the window's size, as on a desktop."""
    background = Background()
    theme.apply(pages.app())
    made = Shell(sample_visit(), background)
    made.resize(*pages.SIZE)
    made.show()
    made.start("help")
    pages.app().processEvents()
    yield made
    made.close()
    background.close()
    made.deleteLater()
    theme.apply(pages.app())


def test_a_larger_window_gets_larger_type(following: Shell) -> None:
    before = following.page
    following.resize(1920, 1080)
    QTest.qWait(50)
    assert theme.look().scale == theme.SCALES[-1]
    assert isinstance(following.page, Help)
    assert following.page is not before


def test_what_somebody_typed_is_not_lost_for_it(following: Shell) -> None:
    assert following.page is not None
    QLineEdit("Wang", following.page)
    before = following.page
    following.resize(1920, 1080)
    QTest.qWait(50)
    assert following.page is before


def test_a_new_page_has_the_focus_itself_and_tab_leads_in(shell: Shell) -> None:
    shell.activateWindow()
    pages.app().processEvents()
    press(shell, "header.help")
    assert pages.app().focusWidget() is shell.page
    assert shell.page is not None
    QTest.keyClick(shell.page, Qt.Key.Key_Tab)
    focused = pages.app().focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert shell.page.isAncestorOf(focused)


def test_nobody_near_locks_but_never_a_measurement_under_way(shell: Shell) -> None:
    told: list[int] = []
    shell.idle.connect(lambda: told.append(1))
    timer = shell.findChild(QTimer)
    assert timer is not None
    assert not timer.isActive()  # nothing is open yet, so there is nothing to lock
    opened = replace(shell.visit, archive=cast("Archive", object()))
    shell.set_visit(opened)
    assert timer.interval() == shell.visit.config.lock_minutes * 60_000
    timer.timeout.emit()
    assert told == [1]

    class Measuring(AnyPage):
        locks = False

    shell.place(Measuring(shell))
    timer.timeout.emit()
    assert told == [1]
    assert timer.isActive()
    shell.set_visit(replace(opened, archive=None))
    assert not timer.isActive()


def test_a_touch_starts_the_idle_time_again(shell: Shell) -> None:
    timer = shell.findChild(QTimer)
    assert timer is not None
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    shell.set_visit(replace(shell.visit, archive=cast("Archive", object())))
    QTest.qWait(30)
    before = timer.remainingTime()
    QTest.mouseClick(shell, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert timer.remainingTime() > before
    shell.set_visit(replace(shell.visit, archive=None))
