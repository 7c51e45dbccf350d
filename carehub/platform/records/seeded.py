"""A mistake to be noticed: places drawn from one sequence for everybody, before the row can be seen.

What a `bigserial` does. Only tests make one and hand it to the application; no setting leads here.
"""

from collections.abc import Awaitable, Callable

APART = 1_000
"""Places kept free for one push."""


class GlobalSequence(frozenset[str]):
    """The faults of a service, this one among them; `between` happens after drawing, before writing."""

    between: Callable[[], Awaitable[None]]
    last: int

    @classmethod
    def seeded(cls, between: Callable[[], Awaitable[None]]) -> "GlobalSequence":
        """Return the fault, ready to be injected."""
        made = cls({"global_sequence"})
        made.between, made.last = between, APART * APART
        return made


class Drawn(frozenset[str]):
    """The faults as one push meets them: its place is settled although others may still pass it."""

    place: int


async def draw(faults: frozenset[str]) -> frozenset[str]:
    """Return the faults for one push; without the mistake they are as they were."""
    if not isinstance(faults, GlobalSequence):
        return faults
    drawn = Drawn(faults)
    drawn.place, faults.last = faults.last, faults.last + APART
    await faults.between()
    return drawn
