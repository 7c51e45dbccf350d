"""The only way to a radio: hear meters (`find`) and read one (`read`), over bleak.

Importing this package loads no radio library; the first `find` or `read` does.
"""

import sys
from collections.abc import AsyncGenerator, Collection
from contextlib import AbstractAsyncContextManager, nullcontext

from carehub.care.meters import Meter
from carehub.care.readings import Kind
from carehub.devices.link.terms import (
    Clock,
    CuffPressure,
    End,
    Ended,
    Event,
    FrameKept,
    Keep,
    Progress,
    Radio,
    Step,
    StepChanged,
    Tell,
    Timeouts,
    Transfer,
)
from carehub.devices.meters import CHINA, Driver, Seen

USUAL = Timeouts()


def find(
    radio: Radio, kinds: Collection[Kind], timeout: float = 30.0
) -> AsyncGenerator[Seen, None]:
    """Yield each meter of these kinds once, as it is heard, for `timeout` seconds.

    Leaving the loop early is fine: `read` stops a scan that still runs. Raises MeterNotFound where
    none was heard, BluetoothMissing, BluetoothOff, BluetoothForbidden or BluetoothLost.
    """
    from carehub.devices.link import scanning

    return scanning.find(radio, kinds, timeout)


async def read(  # noqa: PLR0913 - the six contracts of a session, and its limits
    radio: Radio,
    seen: Seen,
    driver: Driver,
    *,
    keep: Keep,
    tell: Tell,
    clock: Clock,
    known: Meter | None = None,
    timeouts: Timeouts = USUAL,
    zone_offset: int = CHINA,
) -> Transfer:
    """Link to a meter, receive what it has, and close the link.

    `keep` is called in the notification callback, before decoding and before an indication is
    confirmed; what it raises ends the session and is raised here. `known` is the meter as stored:
    its id names the frames, its `last_sequence` is where a transfer of records goes on.
    `zone_offset`, minutes east of UTC, is for a clock that can be set.
    Raises MeterError; what came until then was kept, and is in the `Ended` event.
    Cancelling aborts a running transfer and closes the link. A radio holds one link at a time.
    """
    from carehub.devices.link.session import Door, Session

    async with radio.link, _pairing(radio):
        session = Session(radio, seen, driver, Door(keep, tell, clock, zone_offset), known)
        return await session.run(timeouts)


def _pairing(radio: Radio) -> AbstractAsyncContextManager[None]:
    """Return what answers BlueZ's questions for this session, nothing where nobody asks any."""
    if sys.platform != "linux" or radio.simulated or radio.client is not None:
        return nullcontext()
    from carehub.devices import pairing

    return pairing.standing_by()


__all__ = [
    "USUAL",
    "Clock",
    "CuffPressure",
    "End",
    "Ended",
    "Event",
    "FrameKept",
    "Keep",
    "Progress",
    "Radio",
    "Step",
    "StepChanged",
    "Tell",
    "Timeouts",
    "Transfer",
    "find",
    "read",
]
