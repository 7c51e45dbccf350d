"""When to exchange: at once after a change here or there, else by and by; after a failure, later."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from carehub import log
from carehub.errors import CareHubError, PlatformBusy

FIRST = 2_000
LONGEST = 15 * 60_000
"""Milliseconds: how long the first failure waits at most, and how long any does."""
IN_FRONT = 60.0
BEHIND = 900.0
"""Seconds between two looks at the platform, with the window in front and without."""

Chance = Callable[[], float]
"""Returns a number from 0 to below 1; the seam that makes waiting testable."""


def backoff(failures: int, chance: Chance) -> int:
    """Return how many milliseconds to wait after so many failures in a row: full jitter.

    Everybody whom one outage cut off comes back at a time of their own, not all at once.
    """
    most = min(LONGEST, FIRST << min(max(failures - 1, 0), 20))
    return int(chance() * most)


def later(failures: int, chance: Chance, error: BaseException | None = None) -> int:
    """Return how long to wait after this error: never less than the platform asked for."""
    asked = error.parameters["seconds"] if isinstance(error, PlatformBusy) else None
    least = asked * 1000 if isinstance(asked, int) else 0
    return max(min(least, LONGEST), backoff(failures, chance))


class Pace:
    """Keeps exchanging until it is stopped; `wake` makes the next exchange happen now."""

    def __init__(self, exchange: Callable[[], Awaitable[object]], chance: Chance) -> None:
        self._exchange = exchange
        self._chance = chance
        self._woken = asyncio.Event()
        self.in_front = True
        self.failures = 0

    def wake(self) -> None:
        """Exchange now: something was entered here, or moved at the other end."""
        self._woken.set()

    async def keep_going(self) -> None:
        """Exchange, wait, exchange, until cancelled."""
        while True:
            self._woken.clear()
            pause = await self._once()
            # Not wait_for: Python 3.11's may swallow a cancellation that comes with the waking.
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def _once(self) -> float:
        """Exchange once; return the seconds to wait before the next."""
        try:
            await self._exchange()
        except CareHubError as error:
            self.failures += 1
            log.sync.info("the exchange did not come about: %s", error.code)
            return later(self.failures, self._chance, error) / 1000
        except Exception as error:
            self.failures += 1
            log.sync.error("a bug in the exchange: %s", type(error).__qualname__)
            return later(self.failures, self._chance) / 1000
        self.failures = 0
        return IN_FRONT if self.in_front else BEHIND
