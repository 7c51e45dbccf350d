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

from carehub import log
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
class ClockPlace:
    """Where a meter's clock can be read and set: a service and a characteristic, 2A2B or 2A08.

    `first` means that the meter wants to be told the time before it is asked for values.
    """

    service: str
    characteristic: str
    first: bool = False


CURRENT_TIME = ClockPlace("1805", "2A2B")


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
    only_later: bool = False
    """Whether to ask only for what comes after the last record known, not from it on (Contour)."""
    clock: ClockPlace = CURRENT_TIME
    """Where the clock is, in meters that have one; it is set where the meter lets itself be written."""
    pause: float = 0.0
    """Seconds to wait before values are asked for; some meters lose a request that comes sooner."""


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


@dataclass(frozen=True, slots=True)
class Broken:
    """A driver of another package that is not used, and why, in its own words."""

    name: str
    why: str


@cache
def offered() -> tuple[tuple[Driver, ...], tuple[Broken, ...]]:
    """Return the drivers in order, and what another package offered that is none."""
    from carehub.devices.drivers import BUILT_IN

    drivers: list[Driver] = list(BUILT_IN)
    broken: list[Broken] = []
    for entry in sorted(entry_points(group=PLUGINS), key=lambda entry: entry.name):
        try:
            offer = entry.load()
            why = _unfit(offer, drivers)
        except Exception as error:  # noqa: BLE001 - another maker's code may raise anything at all
            offer, why = None, f"{type(error).__name__}: {error}"
        if why:
            log.meters.warning("the meter driver %s is not used: %s", entry.name, why)
            broken.append(Broken(entry.name, why))
        else:
            drivers.append(offer)
    return tuple(drivers), tuple(broken)


def _unfit(offer: object, drivers: Sequence[Driver]) -> str:
    if not isinstance(offer, Driver):
        return "it is no meter driver"
    if offer.name in {driver.name for driver in drivers}:
        return "its name is taken"
    return ""


def registry() -> tuple[Driver, ...]:
    """Return the drivers in order: the first that matches claims a meter; built-ins come first."""
    return offered()[0]


def broken() -> tuple[Broken, ...]:
    """Return the drivers of other packages that could not be used; they are skipped."""
    return offered()[1]


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
