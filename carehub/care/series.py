"""A series: the readings of one sitting, at most ten minutes from its first to its last.

Rules look at series unless they say "single". Seated and standing readings never share a series,
nor do readings taken in different places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from carehub.care.civil import MINUTE
from carehub.care.glances import Taken
from carehub.care.readings import Flag, Kind, Posture, Reading, Setting, Symptom, Unit
from carehub.care.units import compared

T = TypeVar("T", bound=Taken)

LONGEST = 10 * MINUTE
"""CLINICAL 1.2: a session is the readings of one person at most 10 minutes apart."""

DOUBTFUL = frozenset(
    {
        Flag.BODY_MOVEMENT,
        Flag.CUFF_LOOSE,
        Flag.IRREGULAR_PULSE,
        Flag.PULSE_OUT_OF_RANGE,
        Flag.BAD_POSITION,
    }
)
"""Flags that keep a single pressure reading from raising more than a notice (BP-Q)."""

ENOUGH_WITH_IRREGULAR_PULSE = 3
"""CLINICAL 1.2: with an irregular pulse three readings are taken; then their mean counts."""


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one sitting in time order; at least one.

    `systolic`, `diastolic` in mmHg, `pulse` per minute and `glucose` in mmol/L are means; a reading
    whose quality the meter doubts is left out of them where a better one is there. `sound` tells
    whether a better one is there.
    """

    readings: tuple[Reading, ...]
    systolic: Decimal | None = None
    diastolic: Decimal | None = None
    pulse: Decimal | None = None
    glucose: Decimal | None = None
    sound: bool = True

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> "Series":
        """Make one series of these readings, however far apart they are."""
        ordered = tuple(sorted(readings, key=order))
        better = undoubted(ordered)
        used = better or ordered
        if ordered[0].kind is Kind.GLUCOSE:
            return cls(ordered, glucose=mean(used, 1, Unit.MMOL_L), sound=bool(better))
        return cls(
            ordered,
            systolic=mean(used, 1, Unit.MMHG),
            diastolic=mean(used, 2, Unit.MMHG),
            pulse=mean_pulse(used),
            sound=bool(better),
        )

    @property
    def mean(self) -> tuple[Decimal, ...]:
        """Return the mean values that there are: systolic and diastolic, or glucose."""
        values = (self.systolic, self.diastolic, self.glucose)
        return tuple(value for value in values if value is not None)

    @property
    def kind(self) -> Kind:
        """Return what was measured."""
        return self.readings[0].kind

    @property
    def person_id(self) -> UUID | None:
        """Return whose series it is."""
        return self.readings[0].person_id

    @property
    def setting(self) -> Setting:
        """Return where it was measured."""
        return self.readings[0].setting

    @property
    def standing(self) -> bool:
        """Tell whether the person stood."""
        return self.readings[0].posture is not Posture.SITTING

    @property
    def zone_offset(self) -> int:
        """Return the zone of its first reading, in minutes east of UTC."""
        return self.readings[0].zone_offset

    @property
    def started_at(self) -> int:
        """Return when its first reading was taken."""
        return self.readings[0].taken_at

    @property
    def ended_at(self) -> int:
        """Return when its last reading was taken."""
        return self.readings[-1].taken_at

    @property
    def flags(self) -> frozenset[Flag]:
        """Return everything the meter flagged in this sitting."""
        return frozenset(flag for r in self.readings for flag in r.flags)

    @property
    def symptoms(self) -> frozenset[Symptom]:
        """Return everything the person felt in this sitting."""
        return frozenset(symptom for r in self.readings for symptom in r.symptoms)

    def takes(self, reading: Reading) -> bool:
        """Tell whether a later reading belongs to this sitting."""
        first = self.readings[0]
        same = (first.person_id, first.kind) == (reading.person_id, reading.kind)
        return same and together(first, reading)


def together(first: Taken, later: Taken) -> bool:
    """Tell whether a later reading of the same person and kind belongs to the sitting of `first`."""
    return (
        later.taken_at - first.taken_at <= LONGEST
        and first.setting is later.setting
        and (first.posture is Posture.SITTING) == (later.posture is Posture.SITTING)
    )


def order(reading: Reading) -> tuple[int, int, int, str]:
    """Return what readings are sorted by, so that the order of arrival changes nothing."""
    return (
        reading.taken_at,
        reading.received_at,
        -1 if reading.sequence is None else reading.sequence,
        str(reading.id),
    )


def doubted(reading: Taken, *, irregular_counts: bool = False) -> bool:
    """Tell whether the meter doubts this reading; `irregular_counts` forgives an irregular pulse."""
    forgiven = frozenset({Flag.IRREGULAR_PULSE}) if irregular_counts else frozenset()
    return bool(reading.flags & (DOUBTFUL - forgiven))


def undoubted(ordered: Sequence[T]) -> list[T]:
    """Return what the meter does not doubt of one sitting."""
    forgiven = len(ordered) >= ENOUGH_WITH_IRREGULAR_PULSE
    return [r for r in ordered if not r.flags or not doubted(r, irregular_counts=forgiven)]


def spoilt(reading: Reading) -> bool:
    """Tell whether the measurement itself went wrong; an irregular pulse is no fault of it."""
    return doubted(reading, irregular_counts=True)


def series_of(readings: Iterable[Reading]) -> list[Series]:
    """Sort readings into series, in time order; a reading joins the newest series that takes it."""
    found: list[list[Reading]] = []
    newest: dict[tuple[object, ...], int] = {}
    for reading in sorted(readings, key=order):
        key = (reading.person_id, reading.kind)
        place = newest.get(key)
        if place is not None and Series(tuple(found[place])).takes(reading):
            found[place].append(reading)
        else:
            newest[key] = len(found)
            found.append([reading])
    return [Series.of(sitting) for sitting in found]


def mean(readings: Iterable[Taken], place: int, unit: Unit) -> Decimal | None:
    """Return the mean of the first or second values as rules compare them, or None for none."""
    measured = ((r.v1 if place == 1 else r.v2, r.unit) for r in readings)
    numbers = [compared(value, own, unit) for value, own in measured]
    return _mean_of([number for number in numbers if number is not None])


def mean_pulse(readings: Iterable[Taken]) -> Decimal | None:
    """Return the mean pulse of readings, or None where none was measured."""
    return _mean_of([r.v3 for r in readings if r.v3 is not None and r.v3.is_finite()])


def _mean_of(numbers: list[Decimal]) -> Decimal | None:
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else None
