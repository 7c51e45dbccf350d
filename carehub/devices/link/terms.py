"""The words of a session with a meter: the radio, the steps, the events, the limits, the result.

Nothing here loads a radio library, so screens and workflows may name these types freely.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from carehub.care.meters import Frame, Meter
from carehub.care.readings import Unit

if TYPE_CHECKING:
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.scanner import BaseBleakScanner


@dataclass(slots=True)
class Radio:
    """Which radio to use: bleak's own for this system (None), or a pretend one.

    It remembers a scan that still runs, because a session must stop it before it links, starts and
    stops scans one at a time, and holds one link at a time: a second session waits for the first.
    """

    scanner: "type[BaseBleakScanner] | None" = None
    client: "type[BaseBleakClient] | None" = None
    simulated: bool = False
    scans: list[Callable[[], Awaitable[None]]] = field(default_factory=list, repr=False)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    link: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class Step(StrEnum):
    """Where a session is, in order."""

    SCAN = "scan"
    STOP_SCAN = "stop_scan"
    CONNECT = "connect"
    SECURE = "secure"
    SUBSCRIBE = "subscribe"
    IDENTIFY = "identify"
    CLOCK = "clock"
    TRANSFER = "transfer"
    COMMIT = "commit"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class StepChanged:
    """The session entered a step."""

    step: Step


@dataclass(frozen=True, slots=True)
class CuffPressure:
    """The pressure in the cuff now; for the eye only, never a reading."""

    value: Decimal = field(repr=False)
    unit: Unit


@dataclass(frozen=True, slots=True)
class FrameKept:
    """A value's bytes are safely kept; it may be decoded and shown."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of the stored records are here; `expected` is what the meter counted."""

    received: int
    expected: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The link is closed, well or badly; always the last event of a session that was linked."""

    transfer: "Transfer"


Event: TypeAlias = StepChanged | CuffPressure | FrameKept | Progress | Ended


class End(StrEnum):
    """How a transfer came to its end."""

    COMPLETE = "complete"
    """The meter said that it had sent everything."""
    HUNG_UP = "hung_up"
    """The meter ended the link after sending, as cuffs do."""
    IDLE = "idle"
    """The meter fell silent after sending."""
    EMPTY = "empty"
    """The meter has no records for us."""
    BROKEN = "broken"
    """An error is raised; the frames that came are kept."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one session brought: the meter as it is now known, its frames, the counts, the end.

    `counted` is how many records the meter said it has (None where it does not count), `received`
    how many different ones came.
    """

    meter: Meter
    frames: tuple[Frame, ...]
    counted: int | None
    received: int
    end: End


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for what, in seconds; tests shrink them."""

    connect: float = 15.0
    """One attempt to link."""
    attempts: int = 2
    """How often to try to link."""
    operation: float = 10.0
    """Any one question to the meter; BlueZ without an agent hangs otherwise."""
    pairing: float = 60.0
    """Until a person has typed the passkey."""
    settle: float = 0.5
    """Between subscribing and the first request; some meters lose one that comes sooner."""
    first_value: float = 90.0
    """Until a cuff's first value or live pressure: a measurement may still be going on."""
    idle: float = 5.0
    """Silence after a cuff's value that means there is no more."""
    gap: float = 5.0
    """Silence in a transfer of records after which the request is sent once more."""
    procedure: float = 30.0
    """Silence in a transfer of records after which the meter is given up."""
    linger: float = 1.0
    """Silence after the last record in which late contexts may still come."""
    resumes: int = 1
    """How often a transfer of records goes on over a new link after the old one broke."""
    close: float = 5.0
    """Until a goodbye is given up."""


Keep: TypeAlias = Callable[[Frame], None]
Tell: TypeAlias = Callable[[Event], None]
Clock: TypeAlias = Callable[[], int]
