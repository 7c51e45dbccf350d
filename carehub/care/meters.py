"""A meter this machine knows, a frame of bytes it sent, and a measurement decoded from frames."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from carehub.care.readings import Flag, Kind, MealContext, TimeQuality, Unit


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter that was read here; `id` is its serial number, or its address where it has none.

    `slots` maps the meter's own user numbers to people, each confirmed once by a person.
    """

    id: str
    name: str
    driver: str
    address: str
    kind: Kind
    model: str = ""
    simulated: bool = False
    slots: tuple[tuple[int | None, UUID], ...] = ()
    last_sequence: int | None = None
    clock_offset: int | None = None
    last_read_at: int = 0

    def owner(self, slot: int | None) -> UUID | None:
        """Return the person this user slot belongs to, or None where nobody confirmed it."""
        return dict(self.slots).get(slot)


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of one notification or indication, kept before anything is made of them.

    `characteristic` is the 16-bit UUID in upper-case hex ("2A35"); `received_at` UTC milliseconds.
    """

    id: UUID
    meter_id: str
    driver: str
    characteristic: str
    data: bytes = field(repr=False)
    received_at: int
    transfer_id: UUID
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a driver decoded from one or two frames; it belongs to nobody yet.

    `record_key` names the record on the meter, so that reading the memory again adds nothing.
    `device_time` is the meter's own civil time (ISO 8601 without zone) or empty; `clock_ahead` is how
    many milliseconds it is ahead of ours, where the meter's clock was found wrong.
    """

    meter_id: str
    record_key: str
    kind: Kind
    unit: Unit
    received_at: int
    v1: Decimal | None = field(repr=False)
    v2: Decimal | None = field(default=None, repr=False)
    v3: Decimal | None = field(default=None, repr=False)
    mean: Decimal | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    context: MealContext = MealContext.RANDOM
    device_time: str = ""
    time_quality: TimeQuality = TimeQuality.NONE
    clock_ahead: int | None = None
    user_slot: int | None = None
    sequence: int | None = None
    flags: frozenset[Flag] = frozenset()
    frames: tuple[UUID, ...] = ()
    simulated: bool = False
