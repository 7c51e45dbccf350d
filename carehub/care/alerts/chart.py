"""One person's readings laid out for the rules: in time order, in the rules' units, with running sums.

A chart only ever grows at its end, so that a replay of many years costs no more than its readings.
What a rule remembers from one measurement to the next is kept here too (`walk`).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol, TypeVar, cast
from uuid import UUID

from carehub.care.alerts.sums import Tallies, Tally, Window
from carehub.care.believable import Refused, check
from carehub.care.civil import MINUTE, local_date, local_day, local_minute
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Reading,
    Setting,
    TimeQuality,
    Unit,
    in_force,
)
from carehub.care.series import Series, doubted, order
from carehub.care.targets import GlucoseRange, PressureTarget, glucose_range, pressure_target
from carehub.care.units import compared

S = TypeVar("S")
NO_TIMES: tuple[int, ...] = ()


class Placed(Protocol):
    """Anything in a chart that has a place in time and readings it came from."""

    @property
    def at(self) -> int:
        """When it was measured, UTC milliseconds."""
        ...

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings it came from, in time order."""
        ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class Pressure:
    """One blood-pressure reading in mmHg; `doubtful` is the gate of BP-Q."""

    reading: Reading
    systolic: Decimal = field(repr=False)
    diastolic: Decimal = field(repr=False)
    pulse: Decimal | None = field(repr=False)
    doubtful: bool

    @property
    def at(self) -> int:
        """Return when it was taken."""
        return self.reading.taken_at

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return the reading itself."""
        return (self.reading,)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One series of pressures; `home_*` are what the person would show at home, in mmHg."""

    series: Series
    day: int
    systolic: Decimal = field(repr=False)
    diastolic: Decimal = field(repr=False)
    home_systolic: Decimal = field(repr=False)
    home_diastolic: Decimal = field(repr=False)
    target: PressureTarget
    home_target: PressureTarget

    @property
    def at(self) -> int:
        """Return when its first reading was taken."""
        return self.series.started_at

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return its readings."""
        return self.series.readings

    @property
    def counts(self) -> bool:
        """Tell whether it may enter a mean: seated, and not doubted by the meter (BP-Q)."""
        return self.series.sound and not self.series.standing

    @property
    def high(self) -> bool:
        """Tell whether it reaches its own target on either axis."""
        return self.systolic >= self.target.systolic or self.diastolic >= self.target.diastolic

    @property
    def low(self) -> bool:
        """Tell whether it is below the lower limit on either axis."""
        under = self.systolic < self.target.systolic_low
        return under or self.diastolic < self.target.diastolic_low


@dataclass(frozen=True, slots=True)
class Glucose:
    """One glucose reading in mmol/L; HI and LO are kept beyond every limit, never as numbers."""

    reading: Reading
    value: Decimal | None = field(repr=False)
    range: GlucoseRange

    @property
    def at(self) -> int:
        """Return when it was taken."""
        return self.reading.taken_at

    @property
    def day(self) -> int:
        """Return its civil day."""
        return local_day(self.reading.taken_at, self.reading.zone_offset)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return the reading itself."""
        return (self.reading,)

    @property
    def hi(self) -> bool:
        """Tell whether the meter said HI."""
        return self.value is None and self.reading.text == "HI"

    @property
    def lo(self) -> bool:
        """Tell whether the meter said LO."""
        return self.value is None and self.reading.text == "LO"

    def under(self, limit: Decimal) -> bool:
        """Tell whether it is below a limit."""
        return self.lo if self.value is None else self.value < limit

    def over(self, limit: Decimal) -> bool:
        """Tell whether it is above a limit."""
        return self.hi if self.value is None else self.value > limit

    def reaches(self, limit: Decimal) -> bool:
        """Tell whether it is at or above a limit."""
        return self.hi if self.value is None else self.value >= limit

    @property
    def above(self) -> bool:
        """Tell whether it is above the person's own range for its meal."""
        return self.hi if self.value is None else self.range.above(self.value)

    @property
    def below(self) -> bool:
        """Tell whether it is below the person's own range for its meal."""
        return self.lo if self.value is None else self.range.below(self.value)


@dataclass(slots=True)
class Chart:
    """The readings of one person, ready for the rules of one plan."""

    profile: Profile
    plan: Plan
    pressures: list[Pressure] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    tallies: Tallies = field(default_factory=Tallies)
    mornings: Tallies = field(default_factory=Tallies)
    evenings: Tallies = field(default_factory=Tallies)
    glucose: list[Glucose] = field(default_factory=list)
    pulses: list[Pressure] = field(default_factory=list)
    fasting: list[Glucose] = field(default_factory=list)
    lows: list[Glucose] = field(default_factory=list)
    by_context: dict[MealContext, list[Glucose]] = field(default_factory=dict)
    suspect: set[UUID] = field(default_factory=set)
    _walks: dict[str, list[object]] = field(default_factory=dict, repr=False)
    _by_sitting: set[str] = field(default_factory=set, repr=False)
    _targets: dict[tuple[Setting, int], PressureTarget] = field(default_factory=dict, repr=False)
    _ranges: dict[tuple[MealContext, int], GlucoseRange] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, history: Iterable[Reading], profile: Profile, plan: Plan, now: int) -> "Chart":
        """Lay out what counts of a history: this person's, in force, believable, at a known time."""
        chart = cls(profile, plan)
        mine = [r for r in in_force(history) if r.person_id == profile.person.id]
        usable = [r for r in mine if r.time_quality is not TimeQuality.UNSET]
        skew = plan.rulebook["ENGINE"].whole("skew_minutes") * MINUTE
        placed = [_placed(r, now, skew) for r in usable]
        chart.suspect.update(r.id for r, suspect in placed if suspect)
        for reading in sorted((r for r, _ in placed), key=order):
            chart.add(reading)
        return chart

    def add(self, reading: Reading) -> None:
        """Lay out one more reading, not earlier than any before it; an unusable one is left out."""
        if isinstance(check(reading, self.plan.rulebook), Refused):
            return
        if reading.kind is Kind.GLUCOSE:
            self._add_glucose(reading)
        else:
            self._add_pressure(reading)

    def walk(
        self, name: str, items: Sequence[Placed], start: S, step: Callable[[S, int], S]
    ) -> list[S]:
        """Return what a rule knows after each item, working out only what is new.

        `step(state, index)` may look at the items up to `index` and at nothing later.
        """
        known = cast("list[S]", self._walks.setdefault(name, []))
        if items is self.sittings:
            self._by_sitting.add(name)
        state = known[-1] if known else start
        for index in range(len(known), len(items)):
            state = step(state, index)
            known.append(state)
        return known

    def window(self, ending: int, length: int, before: int = 0) -> Window:
        """Return the sums over sittings of `length` ms that end `before` ms before sitting `ending`."""
        last = self.sittings[ending].at - before
        return self.tallies.between(last - length, last)

    def recent(self, items: Sequence[P], ending: int, length: int) -> Sequence[P]:
        """Return the items of the `length` ms that end with item `ending`, itself included."""
        since = items[ending].at - length
        start = bisect_right(items, since, hi=ending + 1, key=lambda item: item.at)
        return items[start : ending + 1]

    def _add_glucose(self, reading: Reading) -> None:
        if Flag.CONTROL_SOLUTION in reading.flags:
            return
        day = local_day(reading.taken_at, reading.zone_offset)
        key = (reading.context, day)
        if key not in self._ranges:
            on = local_date(reading.taken_at, reading.zone_offset)
            self._ranges[key] = glucose_range(self.profile, self.plan, reading.context, on)
        value = compared(reading.v1, reading.unit, Unit.MMOL_L)
        item = Glucose(reading, value, self._ranges[key])
        self.glucose.append(item)
        if value is not None and reading.context is MealContext.FASTING:
            self.fasting.append(item)
        if item.under(self.plan.rulebook["G-LOREC"].number("below")):
            self.lows.append(item)
        self.by_context.setdefault(reading.context, []).append(item)

    def _add_pressure(self, reading: Reading) -> None:
        systolic = compared(reading.v1, reading.unit, Unit.MMHG)
        diastolic = compared(reading.v2, reading.unit, Unit.MMHG)
        assert systolic is not None, "BP-VAL refuses a missing number"
        assert diastolic is not None, "BP-VAL refuses a missing number"
        pressure = Pressure(reading, systolic, diastolic, reading.v3, doubted(reading))
        self.pressures.append(pressure)
        if pressure.pulse is not None:
            self.pulses.append(pressure)
        if self.sittings and self.sittings[-1].series.takes(reading):
            series = Series.of((*self._take_back_last_sitting().readings, reading))
        else:
            series = Series.of((reading,))
        sitting = self._sitting(series)
        self.sittings.append(sitting)
        for tallies in self._tallies_of(sitting):
            tallies.add(sitting.at, sitting.day, self._tally(sitting))

    def _take_back_last_sitting(self) -> Sitting:
        last = self.sittings.pop()
        for tallies in self._tallies_of(last):
            tallies.drop_last()
        for name in self._by_sitting:
            del self._walks[name][len(self.sittings) :]
        return last

    def _tallies_of(self, sitting: Sitting) -> list[Tallies]:
        if not sitting.counts:
            return []
        rule = self.plan.rulebook["BP-MORN"]
        minute = local_minute(sitting.at, sitting.series.zone_offset)
        parts = {"morning": self.mornings, "evening": self.evenings}
        return [self.tallies] + [
            tallies
            for part, tallies in parts.items()
            if rule.number(f"{part}_from") * 60 <= minute < rule.number(f"{part}_until") * 60
        ]

    def _tally(self, sitting: Sitting) -> Tally:
        rule = self.plan.rulebook["BP-HR"]
        pulse = sitting.series.pulse
        return Tally(
            sitting.home_systolic,
            sitting.home_diastolic,
            sitting.systolic - sitting.target.systolic,
            sitting.diastolic - sitting.target.diastolic,
            high=int(sitting.high),
            low=int(sitting.low),
            fast=int(pulse is not None and pulse > rule.number("fast")),
            slow=int(pulse is not None and pulse < rule.number("slow")),
        )

    def _sitting(self, series: Series) -> Sitting:
        systolic, diastolic = series.mean
        target = self._target(series, series.setting)
        home = self._target(series, Setting.HOME)
        return Sitting(
            series,
            local_day(series.started_at, series.zone_offset),
            systolic,
            diastolic,
            systolic - (target.systolic - home.systolic),
            diastolic - (target.diastolic - home.diastolic),
            target,
            home,
        )

    def _target(self, series: Series, setting: Setting) -> PressureTarget:
        day = local_day(series.started_at, series.zone_offset)
        if (setting, day) not in self._targets:
            on = local_date(series.started_at, series.zone_offset)
            self._targets[setting, day] = pressure_target(self.profile, self.plan, setting, on)
        return self._targets[setting, day]


def _placed(reading: Reading, now: int, skew: int) -> tuple[Reading, bool]:
    """Put a reading whose clock runs ahead at its receipt; tell whether its time is suspect.

    CLINICAL 4.8. A meter's newest reading with a wrong clock was already put at its receipt when it
    was taken in, and carries SKEWED.
    """
    arrived = reading.received_at or now
    if reading.taken_at > arrived + skew:
        return replace(reading, taken_at=arrived), True
    at_receipt = reading.taken_at == reading.received_at
    return reading, at_receipt and reading.time_quality is TimeQuality.SKEWED
