"""How one reading or series stands against a person's own limits, in words for screen and report."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from carehub.care.civil import local_date, local_day
from carehub.care.glances import Taken
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import HIGH, LOW, Kind, Reading, Unit
from carehub.care.series import Series
from carehub.care.targets import Targets, pressure_target
from carehub.care.units import compared, whole_beside
from carehub.i18n import N_


class Place(StrEnum):
    """Where a value lies: the crisis limits first, then the person's own."""

    IN_TARGET = "in_target"
    LOW = "low"
    HIGH = "high"
    HIGH_AND_LOW = "high_and_low"
    VERY_LOW = "very_low"
    CRISIS = "crisis"
    UNKNOWN = "unknown"


OUT_OF_TARGET = frozenset(set(Place) - {Place.IN_TARGET, Place.UNKNOWN})

State = Literal["in_target", "high", "low", "crisis", ""]

_STATES: dict[Place, State] = {
    Place.IN_TARGET: "in_target",
    Place.LOW: "low",
    Place.HIGH: "high",
    Place.HIGH_AND_LOW: "high",
    Place.VERY_LOW: "crisis",
    Place.CRISIS: "crisis",
    Place.UNKNOWN: "",
}

_PRESSURE_WORDS = {
    Place.IN_TARGET: N_("Blood pressure in target."),
    Place.LOW: N_("Blood pressure on the low side."),
    Place.HIGH: N_("Blood pressure on the high side."),
    Place.HIGH_AND_LOW: N_("One number is on the high side, the other on the low side."),
    Place.CRISIS: N_("Blood pressure clearly high."),
    Place.UNKNOWN: N_("No usable number."),
}
_GLUCOSE_WORDS = {
    Place.IN_TARGET: N_("Glucose in target."),
    Place.LOW: N_("Glucose on the low side."),
    Place.HIGH: N_("Glucose on the high side."),
    Place.VERY_LOW: N_("Glucose too low."),
    Place.CRISIS: N_("Glucose very high."),
    Place.UNKNOWN: N_("No usable number."),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a reading or series lies. `first` is systolic or glucose, `second` diastolic.

    The two axes are judged each for itself; `place` joins them. `words` is a msgid. `shown` are the
    numbers to show in the rules' unit (mmHg whole, mmol/L to a tenth), never contradicting `place`.
    """

    place: Place
    words: str
    first: Place
    second: Place = Place.UNKNOWN
    shown: tuple[Decimal, ...] = field(default=(), repr=False)

    @property
    def in_target(self) -> bool:
        """Tell whether every axis is in target (a disc on the chart; else a triangle)."""
        return self.place is Place.IN_TARGET

    @property
    def state(self) -> State:
        """Return the colour group of a chip: too low a glucose is as grave as a crisis."""
        return _STATES[self.place]


def judge(measured: Reading | Series, profile: Profile, plan: Plan) -> Judgement:
    """Judge a reading or a series against this person's limits where and when it was taken."""
    series = measured if isinstance(measured, Series) else Series.of((measured,))
    if series.kind is Kind.GLUCOSE:
        return _glucose(series, profile, plan)
    if series.systolic is None or series.diastolic is None:
        return Judgement(Place.UNKNOWN, _PRESSURE_WORDS[Place.UNKNOWN], Place.UNKNOWN)
    return judge_pressure(series.systolic, series.diastolic, series, profile, plan)


def judge_pressure(
    systolic: Decimal, diastolic: Decimal, where: Series, profile: Profile, plan: Plan
) -> Judgement:
    """Judge a pressure in mmHg by the limits of the setting and day of `where`."""
    on = local_date(where.started_at, where.zone_offset)
    target = pressure_target(profile, plan, where.setting, on)
    crisis = plan.rulebook["BP-CRIT"]
    first = axis_place(systolic, target.systolic_low, target.systolic, crisis.number("systolic"))
    second = axis_place(
        diastolic, target.diastolic_low, target.diastolic, crisis.number("diastolic")
    )
    shown = (
        whole_beside(systolic, target.systolic_low, target.systolic, crisis.number("systolic")),
        whole_beside(diastolic, target.diastolic_low, target.diastolic, crisis.number("diastolic")),
    )
    place = joined_place(first, second)
    return Judgement(place, _PRESSURE_WORDS[place], first, second, shown)


def axis_place(value: Decimal, low: Decimal, high: Decimal, crisis: Decimal) -> Place:
    """Return where a pressure lies on one axis."""
    if value >= crisis:
        return Place.CRISIS
    if value >= high:
        return Place.HIGH
    return Place.LOW if value < low else Place.IN_TARGET


def joined_place(first: Place, second: Place) -> Place:
    """Join two axes so that neither hides the other: 85/70 is low, 150/55 is both."""
    both = {first, second}
    if Place.CRISIS in both:
        return Place.CRISIS
    if both == {Place.HIGH, Place.LOW}:
        return Place.HIGH_AND_LOW
    return next((place for place in (Place.HIGH, Place.LOW) if place in both), Place.IN_TARGET)


def _glucose(series: Series, profile: Profile, plan: Plan) -> Judgement:
    newest = series.readings[-1]
    place, shown = glucose_place(newest, profile, plan)
    return Judgement(place, _GLUCOSE_WORDS[place], place, shown=shown)


def glucose_place(
    reading: Taken, profile: Profile, plan: Plan
) -> tuple[Place, tuple[Decimal, ...]]:
    """Judge one value; glucose is not averaged over a sitting, the newest counts."""
    return glucose_place_by(reading, Targets(profile, plan))


def glucose_place_by(reading: Taken, targets: Targets) -> tuple[Place, tuple[Decimal, ...]]:
    """Judge one of many values by limits that were worked out before."""
    value = compared(reading.v1, reading.unit, Unit.MMOL_L)
    if value is None:
        return {HIGH: Place.CRISIS, LOW: Place.VERY_LOW}.get(reading.text, Place.UNKNOWN), ()
    own = targets.glucose(reading.context, local_day(reading.taken_at, reading.zone_offset))
    rulebook = targets.plan.rulebook
    if value < rulebook["G-LO1"].number("below"):
        place = Place.VERY_LOW
    elif value >= rulebook["G-HI3"].number("glucose"):
        place = Place.CRISIS
    elif own.above(value):
        place = Place.HIGH
    else:
        place = Place.LOW if own.below(value) else Place.IN_TARGET
    return place, (value,)
