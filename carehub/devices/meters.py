"""Which meters CareHub can read: what a driver is, the ordered list of drivers, frames to measurements.

A driver is data and pure functions: it claims an advertisement, says how the session must go, and
decodes frames. It never talks to a radio; `link` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from itertools import groupby
from typing import Protocol, runtime_checkable
from uuid import UUID

from carehub.care.meters import Frame, Measurement
from carehub.care.readings import Kind, Unit
from carehub.i18n import _

CHINA = 480
"""Minutes east of UTC where nothing else was said."""

PLUGINS = "carehub.meter_drivers"
"""The entry-point group in which another package may offer a driver (an object, not a class)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A meter that was heard; `services` are 16-bit UUIDs in upper-case hex.

    `handle` is what the radio needs to link to it; nobody else looks inside.
    """

    address: str
    name: str
    services: frozenset[str]
    rssi: int = 0
    simulated: bool = False
    handle: object = field(default=None, repr=False, compare=False)


class Bond(StrEnum):
    """When a meter wants to be paired."""

    WHEN_ASKED = "when_asked"
    """Only once it refuses something for lack of encryption."""
    AT_ONCE = "at_once"
    """Right after linking."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a session with this kind of meter goes; characteristics are 16-bit UUIDs.

    `values` are kept as frames. With a `control` point the meter's records are asked for through it
    (RACP); without one the meter sends by itself. `live` carries the pressure while a cuff fills.
    """

    service: str
    values: tuple[str, ...]
    live: str = ""
    control: str = ""
    bond: Bond = Bond.WHEN_ASKED
    renumbers: bool = False
    """Whether sequence numbers do not grow with time (TaiDoc's 0 is the newest): then ask for all."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A frame that no measurement came of, and the sentence that says why; the frame stays kept."""

    frame: UUID
    sentence: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a transfer's frames hold.

    `clock_offset` is how far the meter's clock is ahead, in milliseconds, where it told its time.
    """

    measurements: tuple[Measurement, ...] = ()
    refused: tuple[Refused, ...] = ()
    clock_offset: int | None = None


@runtime_checkable
class Driver(Protocol):
    """One family of meters: recognition and decoding; pure, without radio, clock or files."""

    @property
    def name(self) -> str:
        """Return the stable name that frames and meters carry."""

    @property
    def kind(self) -> Kind:
        """Return what these meters measure."""

    @property
    def policy(self) -> Policy:
        """Return how a session with them goes."""

    def match(self, seen: Seen) -> bool:
        """Tell whether this advertisement is of such a meter."""

    def sequence(self, data: bytes) -> int | None:
        """Return the record number in a value, or None where there is none to see."""

    def live(self, data: bytes) -> tuple[Decimal, Unit] | None:
        """Return the pressure in a live value, or None where it is no number."""

    def decode(self, frames: Sequence[Frame], zone_offset: int = CHINA) -> Decoded:
        """Decode one transfer's frames; `zone_offset` is minutes east of UTC."""


@cache
def registry() -> tuple[Driver, ...]:
    """Return the drivers in order: the first that matches claims a meter; built-ins come first."""
    from carehub.devices.drivers import BUILT_IN

    offered = [entry.load() for entry in sorted(entry_points(group=PLUGINS))]
    return (*BUILT_IN, *(driver for driver in offered if isinstance(driver, Driver)))


def driver_of(seen: Seen) -> Driver | None:
    """Return the first driver that claims this meter."""
    return next((driver for driver in registry() if driver.match(seen)), None)


def driver_named(name: str) -> Driver | None:
    """Return the driver of this name."""
    return next((driver for driver in registry() if driver.name == name), None)


def decode_frames(frames: Iterable[Frame], zone_offset: int = CHINA) -> Decoded:
    """Decode frames of any drivers and transfers, in order; for what a crash left behind too."""
    measurements: list[Measurement] = []
    refused: list[Refused] = []
    offset: int | None = None
    for (name, _transfer), group in groupby(
        frames, lambda frame: (frame.driver, frame.transfer_id)
    ):
        decoded = _decode_transfer(name, tuple(group), zone_offset)
        measurements += decoded.measurements
        refused += decoded.refused
        offset = decoded.clock_offset if decoded.clock_offset is not None else offset
    return Decoded(tuple(measurements), tuple(refused), offset)


def _decode_transfer(name: str, frames: tuple[Frame, ...], zone_offset: int) -> Decoded:
    driver = driver_named(name)
    if driver is not None:
        return driver.decode(frames, zone_offset)
    sentence = _("CareHub has no driver for this meter any more; its bytes are kept.")
    return Decoded(refused=tuple(Refused(frame.id, sentence) for frame in frames))
