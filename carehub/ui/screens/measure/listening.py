"""Listening for a meter on behalf of a page: the radio works in the background, the page is told."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from carehub.care.people import Person
from carehub.care.readings import Kind
from carehub.ui import background

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.devices.link import Radio
    from carehub.ui.session import Pretend, Session
    from carehub.ui.shell import Shell
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken

PATIENCE = 180.0
"""Seconds until the page says that no meter was found: time to read, to press start and to pump."""


def pretend_of(shell: "Shell") -> "Pretend | None":
    """Return the demo's pretend meters, or None outside the demo."""
    session: Session | None = getattr(shell, "session", None)
    return session.pretend if session is not None else None


def radio_of(shell: "Shell") -> "Radio | None":
    """Return the radio of the open archive, or None where nothing is open."""
    session: Session | None = getattr(shell, "session", None)
    return session.app.radio if session is not None and session.app is not None else None


def pass_on(shell: "Shell", taken: "Taken") -> None:
    """Let the other pages and the notices know what a meter's readings changed."""
    if taken.changes:
        shell.background.changed.emit(taken.changes)
    if taken.notices:
        shell.background.told.emit(taken.notices)


class Listening:
    """Hears meters of some kinds until it is stopped; `hear` and `fail` are called on the main thread.

    What a meter sent is kept and passed on even when the page has gone meanwhile.
    """

    def __init__(
        self,
        shell: "Shell",
        kinds: Collection[Kind],
        hear: Callable[["Told"], object],
        fail: Callable[[BaseException], object],
    ) -> None:
        self._shell, self._kinds, self._hear, self._fail = shell, tuple(kinds), hear, fail
        self._task: background.Task | None = None

    @property
    def on(self) -> bool:
        """Tell whether it listens."""
        return self._task is not None and not self._task.finished

    def start(self, seconds: float = PATIENCE) -> None:
        """Listen; a meter that is not heard within `seconds` is a failure."""
        visit = self._shell.visit
        if self.on or visit.archive is None:
            return
        ticket = object()
        self._ticket = ticket
        work = partial(
            self._listen, visit.archive, visit.person, partial(self._post, ticket), seconds
        )
        self._task = self._shell.background.run(work, None, self._fail)

    def stop(self) -> None:
        """Stop listening; a running transfer is broken off, what came is kept."""
        self._ticket = object()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _listen(
        self,
        archive: "Archive",
        person: Person | None,
        tell: "Callable[[Told], None]",
        seconds: float,
    ) -> None:
        from carehub.devices.link import Radio
        from carehub.workflows.measuring import Sitting

        radio = radio_of(self._shell) or Radio()
        sitting = Sitting(archive, radio, tell, background.now)
        if person is not None:
            sitting.zone_offset, sitting.sitter = person.zone_offset, person.id
        await sitting.listen(self._kinds, seconds)

    def _post(self, ticket: object, event: "Told") -> None:
        self._shell.background.post(partial(self._arrive, ticket, event))

    def _arrive(self, ticket: object, event: "Told") -> None:
        from carehub.workflows.measuring import Arrived

        if ticket is self._ticket:
            self._hear(event)
        if isinstance(event, Arrived):
            pass_on(self._shell, event.taken)
