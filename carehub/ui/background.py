"""The one background thread for asyncio, archive and radio; results come back by one queued signal."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from inspect import iscoroutine
from typing import TypeVar, overload

from PySide6.QtCore import QObject, Qt, Signal

from carehub import log
from carehub.care.changes import Changes
from carehub.errors import CareHubError

Result = TypeVar("Result")


def now() -> int:
    """Return the time in UTC milliseconds; the screens' only clock."""
    return time.time_ns() // 1_000_000


class Task:
    """Work that was handed over; once cancelled, neither `done` nor `failed` is called."""

    def __init__(
        self, done: Callable[..., object] | None, failed: Callable[[BaseException], object] | None
    ) -> None:
        self.done, self.failed = done, failed
        self.cancelled = False
        self.finished = False
        self._future: Future[None] | None = None

    def started(self, future: "Future[None]") -> None:
        """Remember what runs, so that it can be cancelled."""
        self._future = future

    def cancel(self) -> None:
        """Stop waiting for the result, and stop the work where it awaits."""
        self.cancelled = True
        if self._future is not None:
            self._future.cancel()


@dataclass(frozen=True, slots=True)
class _Arrival:
    task: Task
    result: object = None
    error: BaseException | None = None


class Background(QObject):
    """Runs work off the main thread; make one per process and `close` it at the end.

    `changed` sends the Changes of each result that has some, `told` its notices; `failed` sends each
    error that no caller took; all on the main thread.
    """

    changed = Signal(object)
    told = Signal(object)
    failed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="carehub-background", daemon=True)
        self._thread.start()

    @overload
    def run(
        self,
        work: Callable[[], Awaitable[Result]],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> Task: ...

    @overload
    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> Task: ...

    def run(
        self,
        work: Callable[[], object],
        done: Callable[..., object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> Task:
        """Run `work` (a callable or a coroutine function) there and call `done` or `failed` here."""
        task = Task(done, failed)
        if self._loop.is_closed():
            task.cancel()
            return task
        task.started(asyncio.run_coroutine_threadsafe(self._carry_out(task, work), self._loop))
        return task

    def post(self, call: Callable[[], object]) -> None:
        """Call `call` on the main thread; for work that tells of its progress."""
        self._arrived.emit(_Arrival(Task(lambda _result: call(), None)))

    def announce(self, result: object) -> None:
        """Send what `result` changed and tells, from work that goes on; callable from any thread."""
        self._arrived.emit(_Arrival(Task(None, None), result=result))

    def close(self, wait: float = 5.0) -> None:
        """Cancel what runs, end the thread and wait for it at most `wait` seconds."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop)
        self._thread.join(wait)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _cancel_all(self) -> None:
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._loop.call_soon(self._loop.stop)

    async def _carry_out(self, task: Task, work: Callable[[], object]) -> None:
        try:
            result = work()
            if iscoroutine(result):
                result = await result
        except (CancelledError, asyncio.CancelledError):
            raise
        except Exception as error:
            self._arrived.emit(_Arrival(task, error=error))
        else:
            self._arrived.emit(_Arrival(task, result=result))

    def _deliver(self, arrival: _Arrival) -> None:
        task = arrival.task
        task.finished = True
        if arrival.error is not None:
            self._complain(task, arrival.error)
            return
        changes = getattr(arrival.result, "changes", arrival.result)
        if not task.cancelled and task.done is not None:
            task.done(arrival.result)
        if isinstance(changes, Changes) and changes:
            self.changed.emit(changes)
        notices = getattr(arrival.result, "notices", ())
        if notices:
            self.told.emit(notices)

    def _complain(self, task: Task, error: BaseException) -> None:
        if not isinstance(error, CareHubError):
            log.ui.error("unexpected %s in the background", type(error).__name__)
        if task.cancelled:
            return
        if task.failed is not None:
            task.failed(error)
        else:
            self.failed.emit(error)
