"""What sums, charts and judgements need of a reading, small enough to be read by the ten thousand.

A `Reading` is whole: it is kept, corrected, sent. A `Glance` is what a report of a year looks at.
"""

from collections.abc import Iterable
from decimal import Decimal
from operator import itemgetter, lt
from typing import NamedTuple, Protocol
from uuid import UUID

from carehub.care.civil import MINUTE
from carehub.care.plans import Plan
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    TimeQuality,
    Unit,
    in_force,
)


class Taken(Protocol):
    """What a `Reading` and a `Glance` of it both tell."""

    @property
    def taken_at(self) -> int:
        """When it was taken, UTC milliseconds."""
        ...

    @property
    def kind(self) -> Kind:
        """What was measured."""
        ...

    @property
    def unit(self) -> Unit:
        """The unit of its values."""
        ...

    @property
    def v1(self) -> Decimal | None:
        """Systolic pressure or glucose."""
        ...

    @property
    def v2(self) -> Decimal | None:
        """Diastolic pressure."""
        ...

    @property
    def v3(self) -> Decimal | None:
        """Pulse rate."""
        ...

    @property
    def text(self) -> str:
        """HI or LO where there is no number."""
        ...

    @property
    def context(self) -> MealContext:
        """When a glucose reading was taken."""
        ...

    @property
    def setting(self) -> Setting:
        """Where it was taken."""
        ...

    @property
    def posture(self) -> Posture:
        """How the person sat or stood."""
        ...

    @property
    def zone_offset(self) -> int:
        """Minutes east of UTC where it was taken."""
        ...

    @property
    def flags(self) -> frozenset[Flag]:
        """What the meter said about its quality."""
        ...


class Glance(NamedTuple):
    """One reading in force of one person; fields as in `Reading`, but for the two said here.

    `sequence` is -1 where there is none, `id` the 16 bytes of the reading's. The first four fields
    are what readings are sorted by.
    """

    taken_at: int
    received_at: int
    sequence: int
    id: bytes
    kind: Kind
    unit: Unit
    v1: Decimal | None
    v2: Decimal | None
    v3: Decimal | None
    text: str
    context: MealContext
    setting: Setting
    posture: Posture
    zone_offset: int
    time_quality: TimeQuality
    flags: frozenset[Flag]
    simulated: bool

    @classmethod
    def of(cls, reading: Reading) -> "Glance":
        """Look at a whole reading."""
        return cls(
            reading.taken_at,
            reading.received_at,
            -1 if reading.sequence is None else reading.sequence,
            reading.id.bytes,
            reading.kind,
            reading.unit,
            reading.v1,
            reading.v2,
            reading.v3,
            reading.text,
            reading.context,
            reading.setting,
            reading.posture,
            reading.zone_offset,
            reading.time_quality,
            reading.flags,
            reading.simulated,
        )

    def __repr__(self) -> str:
        return f"Glance(taken_at={self.taken_at}, kind={self.kind!r})"


def glances(readings: Iterable[Reading], person_id: UUID, kind: Kind) -> list[Glance]:
    """Look at what is in force of one person and one kind."""
    known = in_force(reading for reading in readings if reading.kind is kind)
    return [Glance.of(reading) for reading in known if reading.person_id == person_id]


_order = itemgetter(slice(4))
"""As `series.order` sorts readings: the hex of an id sorts as its bytes do."""


def sort(seen: Iterable[Glance]) -> list[Glance]:
    """Sort by time, then as `series.order` does; what comes from the archive is sorted already."""
    found = list(seen)
    times = [one.taken_at for one in found]
    return found if all(map(lt, times, times[1:])) else sorted(found, key=_order)


def in_time(seen: Iterable[Glance], plan: Plan, now: int) -> list[Glance]:
    """Sort what was taken at a known time; a clock that runs ahead gives way to the time of receipt.

    CLINICAL 4.8, as the alert rules place readings.
    """
    skew = plan.rulebook["ENGINE"].whole("skew_minutes") * MINUTE
    return sort(
        one
        if one.taken_at <= (one.received_at or now) + skew
        else one._replace(taken_at=one.received_at or now)
        for one in seen
        if one.time_quality is not TimeQuality.UNSET
    )
