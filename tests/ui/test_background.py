"""Work goes to one other thread; results, errors and changes come back to this one."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QDeadlineTimer

from carehub.care.changes import Changes
from carehub.errors import DiskFull
from carehub.ui.background import Background
from tests.helpers import pages


@pytest.fixture
def background() -> Iterator[Background]:
    pages.app()
    made = Background()
    yield made
    made.close()


def wait_for(ready: Callable[[], object]) -> None:
    """Let the main thread's events run until `ready`."""
    deadline = QDeadlineTimer(5000)
    while not ready() and not deadline.hasExpired():
        pages.app().processEvents()
    assert ready()


def test_work_runs_elsewhere_and_its_result_arrives_here(background: Background) -> None:
    heard: list[tuple[str, str]] = []
    background.run(
        lambda: threading.current_thread().name,
        lambda name: heard.append((name, threading.current_thread().name)),
    )
    wait_for(lambda: heard)
    assert heard == [("carehub-background", threading.main_thread().name)]


def test_a_coroutine_function_is_awaited_there(background: Background) -> None:
    heard: list[int] = []

    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    background.run(work, heard.append)
    wait_for(lambda: heard)
    assert heard == [7]


def test_changes_of_a_result_are_told_to_everybody(background: Background) -> None:
    @dataclass
    class Taken:
        changes: Changes

    told: list[Changes] = []
    background.changed.connect(told.append)
    background.run(lambda: Taken(Changes.READINGS | Changes.ALERTS))
    background.run(lambda: Changes.PEOPLE)
    background.run(lambda: Taken(Changes.NONE))
    wait_for(lambda: len(told) == 2)
    assert told == [Changes.READINGS | Changes.ALERTS, Changes.PEOPLE]


def test_an_error_goes_to_its_caller_or_else_to_the_one_presenter(background: Background) -> None:
    mine: list[BaseException] = []
    shown: list[BaseException] = []
    background.failed.connect(shown.append)

    def fail() -> None:
        raise DiskFull

    background.run(fail, None, mine.append)
    background.run(fail)
    wait_for(lambda: mine and shown)
    assert isinstance(mine[0], DiskFull)
    assert isinstance(shown[0], DiskFull)


def test_a_cancelled_task_is_not_heard_of_again(background: Background) -> None:
    heard: list[object] = []
    started = threading.Event()

    async def work() -> None:
        started.set()
        await asyncio.sleep(60)

    task = background.run(work, heard.append, heard.append)
    started.wait(5)
    task.cancel()
    after: list[int] = []
    background.run(lambda: 1, after.append)
    wait_for(lambda: after)
    assert heard == []


def test_progress_can_be_told_from_there(background: Background) -> None:
    told: list[str] = []

    def work() -> None:
        background.post(lambda: told.append(threading.current_thread().name))

    background.run(work)
    wait_for(lambda: told)
    assert told == [threading.main_thread().name]


def test_closing_cancels_what_runs_and_ends_the_thread(background: Background) -> None:
    ended: list[bool] = []
    started = threading.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    background.run(work)
    started.wait(5)
    background.close()
    assert ended == [True]
    assert "carehub-background" not in {thread.name for thread in threading.enumerate()}
    assert background.run(lambda: 1).cancelled


def test_the_last_work_is_done_before_the_thread_ends(background: Background) -> None:
    done: list[str] = []

    async def slowly() -> None:
        await asyncio.sleep(0.01)
        done.append("meters")

    background.run(lambda: 1)
    background.close(last=[slowly, lambda: done.append("archive")])
    assert done == ["meters", "archive"]
