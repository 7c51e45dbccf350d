"""Read meters while somebody waits for it: listen, link, keep every frame, take what it means."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import frames as frame_rows
from carehub.archive import meters as meter_rows
from carehub.care.meters import Frame, Meter
from carehub.care.readings import Kind
from carehub.devices import link, meters
from carehub.workflows import readings
from carehub.workflows.readings import Taken

if TYPE_CHECKING:
    from carehub.archive.store import Archive

Clock = Callable[[], int]
"""Returns UTC milliseconds."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Readings were kept; the screen may show them."""

    taken: Taken = field(repr=False)
    meter: Meter


Told = link.Event | Arrived


@dataclass(slots=True)
class Sitting:
    """One person in front of this machine with a meter; `tell` hears each event on this loop."""

    archive: "Archive"
    radio: link.Radio
    tell: Callable[[Told], None]
    clock: Clock
    zone_offset: int = 480
    timeouts: link.Timeouts = field(default_factory=link.Timeouts)

    async def listen(self, kinds: Iterable[Kind], seconds: float) -> None:
        """Read every meter of these kinds that is heard, one after the other, until cancelled.

        Raises MeterNotFound where none is heard within `seconds`, else what the link raises.
        """
        async for seen in link.find(self.radio, tuple(kinds), seconds):
            await self.read(seen)

    async def read(self, seen: link.Seen) -> Taken:
        """Link to one meter and take everything it sends; what arrived is kept whatever happens."""
        known = await asyncio.to_thread(self._known, seen)
        arrived: list[Frame] = []
        try:
            transfer = await link.read(
                self.radio,
                seen,
                seen.driver,
                keep=lambda frame: self._keep(frame, arrived),
                tell=self._hear,
                clock=self.clock,
                known=known,
                timeouts=self.timeouts,
            )
        finally:
            if arrived:
                self._rescue(arrived)
        return self._take(transfer.meter, arrived)
