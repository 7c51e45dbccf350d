"""The ends of each day's bar, each judged by itself; free of Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from carehub.care.civil import local_day
from carehub.care.glances import Taken
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import HIGH, LOW, MealContext
from carehub.care.standing import Place, glucose_place_by
from carehub.care.targets import PressureTarget, Targets
from carehub.care.trends import Day
from carehub.care.units import in_mmol, whole_beside

BEFORE = frozenset({MealContext.FASTING, MealContext.BEFORE_MEAL})
"""The moments before food; every other one counts as after it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a day: the number to draw, how it is written, whether it is in target.

    A `grave` one (too low a glucose) is never hidden behind a higher one.
    """

    value: Decimal = field(repr=False)
    shown: str = field(repr=False)
    in_target: bool
    grave: bool = False

    @property
    def weight(self) -> tuple[bool, bool, Decimal]:
        """Return what tells which of several values matters most."""
        return self.grave, not self.in_target, self.value


@dataclass(frozen=True, slots=True)
class Bar:
    """One measured day (number since 1970) with its upper and lower mark."""

    day: int
    top: Mark | None = None
    bottom: Mark | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return the marks that there are."""
        return tuple(mark for mark in (self.top, self.bottom) if mark is not None)

    @property
    def in_target(self) -> bool:
        """Tell whether all of the day is in target."""
        return all(mark.in_target for mark in self.marks)


def pressure_bars(days: Iterable[Day], target: PressureTarget) -> list[Bar]:
    """Return the means of each measured day, each axis judged for itself."""
    return [
        Bar(
            day.day,
            _axis(day.first, target.systolic_low, target.systolic),
            _axis(day.second, target.diastolic_low, target.diastolic),
        )
        for day in days
        if day.first is not None
    ]


def _axis(value: Decimal | None, low: Decimal, high: Decimal) -> Mark | None:
    if value is None:
        return None
    return Mark(value, str(whole_beside(value, low, high)), low <= value < high)


def glucose_bars(readings: Iterable[Taken], profile: Profile, plan: Plan) -> list[Bar]:
    """Return each day's value that matters most before food (below) and after it (above).

    Too low a value matters most, then one out of target, then the higher one.
    """
    zone, targets = profile.person.zone_offset, Targets(profile, plan)
    by_day: dict[int, tuple[list[Mark], list[Mark]]] = {}
    for reading in readings:
        place, _shown = glucose_place_by(reading, targets)
        mark = glucose_mark(reading, in_target=place is Place.IN_TARGET)
        if mark is not None:
            mark = replace(mark, grave=place is Place.VERY_LOW)
            after, before = by_day.setdefault(local_day(reading.taken_at, zone), ([], []))
            (before if reading.context in BEFORE else after).append(mark)
    return [
        Bar(day, _worst(after), _worst(before)) for day, (after, before) in sorted(by_day.items())
    ]


def _worst(marks: Sequence[Mark]) -> Mark | None:
    return max(marks, key=lambda mark: mark.weight, default=None)


def glucose_mark(reading: Taken, *, in_target: bool) -> Mark | None:
    """Return the mark of a reading; HI and LO are written as such at the end of what meters show."""
    if reading.v1 is None:
        end = {HIGH: Decimal("33.3"), LOW: Decimal("1.1")}.get(reading.text)
        return Mark(end, reading.text, in_target=False) if end is not None else None
    value = in_mmol(reading.v1, reading.unit)
    return Mark(value, f"{value:.1f}", in_target)
