"""What a test must not leave behind: threads, asyncio tasks, running Qt timers."""

import asyncio
import gc
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GRACE_SECONDS = 2.0


def threads(before: set[threading.Thread]) -> list[str]:
    """Return the stack of each thread started since `before` that does not end soon."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := _started_since(before)) and time.monotonic() < deadline:
        left[0].join(0.05)
    frames = sys._current_frames()  # noqa: SLF001 - the only way to another thread's stack
    return [
        f"thread {thread.name!r} still runs:\n"
        + "".join(traceback.format_stack(frames.get(thread.ident or 0)))
        for thread in left
    ]


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith("pytest_timeout")
    ]


def timers() -> dict[int, Any]:
    """Return the running QTimers by identity; empty where Qt was never loaded.

    Looks at every living object, which takes a tenth of a second: ask only where Qt was used.
    """
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return {}
    is_valid = sys.modules["shiboken6"].isValid
    return {
        id(thing): thing
        for thing in gc.get_objects()
        if type(thing) is core.QTimer and is_valid(thing) and thing.isActive()
    }


@contextmanager
def watching_tasks() -> Iterator[list[str]]:
    """Collect the tasks that asyncio had to cancel because the test's loop closed over them."""
    left: list[str] = []
    original = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]  # noqa: SLF001

    def notice(loop: asyncio.AbstractEventLoop) -> None:
        if threading.current_thread() is threading.main_thread():
            left.extend(repr(task) for task in asyncio.all_tasks(loop) if not task.done())
        original(loop)

    asyncio.runners._cancel_all_tasks = notice  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield left
    finally:
        asyncio.runners._cancel_all_tasks = original  # type: ignore[attr-defined]  # noqa: SLF001
