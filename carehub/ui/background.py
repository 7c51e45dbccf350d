"""The one background thread for asyncio, archive and radio; results come back by one queued signal."""

import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar, overload

from PySide6.QtCore import QObject, Qt, Signal

from carehub import log
from carehub.care.changes import Changes
from carehub.errors import CareHubError
from carehub.ui.clock import now as now  # noqa: PLC0414 - who has the thread has its clock

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")


class Task:
    """Work that was handed over; once cancelled, neither `done` nor `failed` is called."""

    def __init__(
        self, done: Callable[..., object] | None, failed: Callable[[BaseException], object] | None
    ) -> None:
        self.done, self.failed = done, failed
        self.cancelled = False
        self.finished = False
        self._stop: Callable[[], object] | None = None

    def started(self, stop: Callable[[], object]) -> None:
        """Remember how to stop the work."""
        self._stop = stop
        if self.cancelled:
            stop()

    def cancel(self) -> None:
        """Stop waiting for the result, and stop the work where it awaits."""
        self.cancelled = True
        if self._stop is not None:
            self._stop()


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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._closed = False

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
        if self._closed:
            task.cancel()
        else:
            self._in_loop(partial(self._begin, task, work))
        return task

    def post(self, call: Callable[[], object]) -> None:
        """Call `call` on the main thread; for work that tells of its progress."""
        self._arrived.emit(_Arrival(Task(lambda _result: call(), None)))

    def announce(self, result: object) -> None:
        """Send what `result` changed and tells, from work that goes on; callable from any thread."""
        self._arrived.emit(_Arrival(Task(None, None), result=result))

    def close(self, wait: float = 5.0, last: Sequence[Callable[[], object]] = ()) -> None:
        """Cancel what runs, do the `last` work in its order, end the thread.

        Waits at most `wait` seconds; `last` is callables or coroutine functions.
        """
        if self._closed:
            return
        self._closed = True
        if self._thread is not None or last:
            self._in_loop(partial(self._begin_end, last))
            assert self._thread is not None
            self._thread.join(wait)

    def _in_loop(self, call: Callable[[], object]) -> None:
        """Call `call` on the thread; the first call starts it, so that no window waits for asyncio."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._live, name="carehub-background", daemon=True
            )
            self._thread.start()
        self._ready.wait()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(call)

    def _live(self) -> None:
        import asyncio

        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
        finally:
            loop.close()

    def _begin(self, task: Task, work: Callable[[], object]) -> None:
        loop = self._loop
        assert loop is not None
        running = loop.create_task(self._carry_out(task, work))
        task.started(partial(_stop, loop, running))

    def _begin_end(self, last: Sequence[Callable[[], object]]) -> None:
        assert self._loop is not None
        self._ending = self._loop.create_task(self._end(last))

    async def _end(self, last: Sequence[Callable[[], object]]) -> None:
        import asyncio

        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for work in last:
            await self._carry_out(Task(None, None), work)
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().stop)

    async def _carry_out(self, task: Task, work: Callable[[], object]) -> None:
        try:
            result = work()
            if isinstance(result, Coroutine):
                result = await result
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
            log.ui.debug("where it happened", exc_info=error)
        if task.cancelled:
            return
        if task.failed is not None:
            task.failed(error)
        else:
            self.failed.emit(error)


def _stop(loop: "asyncio.AbstractEventLoop", running: "asyncio.Task[None]") -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(running.cancel)
