"""The exchange that goes on by itself while an archive is open: after a change, else by and by."""

import asyncio
import random
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from carehub import log
from carehub.care.changes import Changes
from carehub.errors import CareHubError, NotAllowed, NotSignedIn
from carehub.sync.pace import Pace, backoff
from carehub.sync.turn import Progress
from carehub.workflows import sync
from carehub.workflows.sync import Clock, Leave, Sharing, Synced

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

Tell = Callable[[object], None]
"""Takes what an exchange changed and tells: a `Synced`, or the flag that its standing changed."""


def client_of(url: str) -> "Client":
    """Return a client of the platform at this address; takes a third of a second."""
    from carehub.sync.client import Client

    return Client(url)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the exchange takes from outside: clock (UTC ms), the way to a platform, and chance."""

    clock: Clock
    connect: "Callable[[str], Client]" = client_of
    chance: Callable[[], float] = random.random


class Live:
    """Keeps one archive in exchange with its platform; all of it runs on one event loop.

    While nobody is signed in, or nobody here agreed, it only waits to be woken: no line is open.
    """

    def __init__(self, archive: "Archive", outside: Outside, tell: Tell) -> None:
        self._archive = archive
        self._outside = outside
        self._tell = tell
        self._woken = asyncio.Event()
        self._over = asyncio.Event()
        self._sharing: Sharing | None = None
        self._pace: Pace | None = None
        self._in_front = True
        self._progress: Callable[[Progress], object] | None = None

    async def go_on(self) -> None:
        """Exchange until cancelled."""
        while True:
            self._woken.clear()
            leave = sync.leave(self._archive)
            if leave is None:
                await self._woken.wait()
            else:
                await self._while_possible(leave)

    @property
    def going(self) -> bool:
        """Tell whether a line to the platform is kept now."""
        return self._pace is not None

    def wake(self) -> None:
        """Exchange now: somebody signed in or agreed, or something changed here."""
        self._woken.set()
        if self._pace is not None:
            self._pace.wake()

    def wake_if_waiting(self) -> None:
        """Exchange now if a change waits to be sent."""
        if sync.waits(self._archive, self._outside.clock()):
            self.wake()

    def show_in_front(self, *, in_front: bool) -> None:
        """Look at the platform less often while the window is behind others."""
        self._in_front = in_front
        if self._pace is not None:
            self._pace.in_front = in_front

    async def now(self, progress: Callable[[Progress], object] | None = None) -> Synced:
        """Exchange once, because somebody asked for it; raises why it did not come about.

        `progress` is told on this loop how far it is.
        """
        if self._sharing is None:
            raise NotSignedIn
        self._progress = progress
        try:
            return await self._sharing.now()
        finally:
            self._progress = None
            self._tell(Changes.SHARING)

    async def _while_possible(self, leave: Leave) -> None:
        self._over.clear()
        # Building it reads all certificates of the system: no page waits for that.
        client = await asyncio.to_thread(self._outside.connect, leave.url)
        outside = self._outside
        sharing = Sharing(
            self._archive, client, outside.clock, chance=outside.chance, tell=self._progressed
        )
        pace = Pace(partial(self._once, sharing, leave), outside.chance)
        pace.in_front = self._in_front
        going = [asyncio.create_task(pace.keep_going())]
        if leave.exchange:
            going.append(asyncio.create_task(self._listen(sharing, pace)))
            self._sharing = sharing
        self._pace = pace
        try:
            await self._over.wait()
        finally:
            self._sharing = self._pace = None
            for each in going:
                each.cancel()
            await asyncio.gather(*going, return_exceptions=True)
            await client.close()

    async def _once(self, sharing: Sharing, leave: Leave) -> None:
        try:
            if self._goes_on(leave):
                self._tell(await sharing.now())
        except NotAllowed:
            # Somebody took their agreement back: that was told, and nothing else is.
            log.sync.info("nobody here shares any more")
        finally:
            self._goes_on(leave)
            self._tell(Changes.SHARING)

    def _goes_on(self, leave: Leave) -> bool:
        """Tell whether there is still the same leave; where there is not, the line is closed."""
        if sync.leave(self._archive) == leave:
            return True
        self._over.set()
        return False

    async def _listen(self, sharing: Sharing, pace: Pace) -> None:
        """Wake the pace whenever the platform has news; a line that ended is opened anew."""
        failures = 0
        while True:
            try:
                async with aclosing(sharing.news()) as news:
                    async for _sign in news:
                        failures = 0
                        pace.wake()
                failures = max(failures, 1)
            except CareHubError as error:
                failures += 1
                log.sync.info("live events ended: %s", error.code)
            await asyncio.sleep(backoff(failures, self._outside.chance) / 1000)

    def _progressed(self, progress: Progress) -> None:
        if self._progress is not None:
            self._progress(progress)
