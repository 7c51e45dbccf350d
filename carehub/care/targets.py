"""What is "in target" for one person: pressure limits by place and age, glucose ranges by meal.

Sources: CLINICAL 1.1 and 1.3 (T), section 2 (personal ranges); the numbers are in
`resources/rules/targets.toml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from carehub.care.civil import date_of
from carehub.care.people import ConditionCode, Profile
from carehub.care.plans import HealthGroup, Plan
from carehub.care.readings import MealContext, Setting

if TYPE_CHECKING:
    from carehub.care.alerts.rulebook import Rule

OLD = "old_from"


@dataclass(frozen=True, slots=True)
class PressureTarget:
    """The limits of one person in one setting, in mmHg: at or above is high, below the low is low."""

    systolic: Decimal = field(repr=False)
    diastolic: Decimal = field(repr=False)
    systolic_low: Decimal = field(repr=False)
    diastolic_low: Decimal = field(repr=False)
    by_doctor: bool = False


@dataclass(frozen=True, slots=True)
class GlucoseRange:
    """One person's range for one meal context in mmol/L.

    `low` is inclusive; `high` is inclusive where `high_counts`, else the value must stay below it.
    """

    low: Decimal = field(repr=False)
    high: Decimal = field(repr=False)
    by_doctor: bool = False
    high_counts: bool = True

    def above(self, value: Decimal) -> bool:
        """Tell whether a value is above the range."""
        return value > self.high or (value == self.high and not self.high_counts)

    def below(self, value: Decimal) -> bool:
        """Tell whether a value is below the range."""
        return value < self.low


def pressure_target(profile: Profile, plan: Plan, setting: Setting, on: date) -> PressureTarget:
    """Return T: the doctor's target (mapped to home), else by age; 130/80 is the floor."""
    rule = plan.rulebook["TARGET-BP"]
    place = "home" if setting is Setting.HOME else "office"
    age = profile.person.age_on(on)
    group = "old" if age is not None and age >= rule.number("old_from") else "adult"
    limits = {}
    for axis, chosen in (("systolic", plan.target.systolic), ("diastolic", plan.target.diastolic)):
        limit = rule.number(f"{place}_{group}_{axis}")
        if chosen is not None:
            limit = home_of_office(rule, axis, chosen) if place == "home" else chosen
        floor = rule.number(f"floor_{axis}")
        limits[axis] = limit if plan.below_floor and chosen is not None else max(limit, floor)
    low = plan.rulebook["BP-LOW"]
    return PressureTarget(
        limits["systolic"],
        limits["diastolic"],
        low.number("systolic"),
        low.number("diastolic"),
        plan.target.systolic is not None or plan.target.diastolic is not None,
    )


class Targets:
    """The limits of one person under one plan by civil day, worked out once for each age."""

    def __init__(self, profile: Profile, plan: Plan) -> None:
        self.profile = profile
        self.plan = plan
        self._ages: dict[int, int | None] = {}
        self._pressure: dict[tuple[Setting, int | None], PressureTarget] = {}
        self._glucose: dict[tuple[MealContext, int | None], GlucoseRange] = {}

    def pressure(self, setting: Setting, day: int) -> PressureTarget:
        """Return `pressure_target` on a civil day."""
        key = (setting, self._age(day))
        if key not in self._pressure:
            made = pressure_target(self.profile, self.plan, setting, date_of(day))
            self._pressure[key] = made
        return self._pressure[key]

    def glucose(self, context: MealContext, day: int) -> GlucoseRange:
        """Return `glucose_range` on a civil day."""
        key = (context, self._age(day))
        if key not in self._glucose:
            made = glucose_range(self.profile, self.plan, context, date_of(day))
            self._glucose[key] = made
        return self._glucose[key]

    def _age(self, day: int) -> int | None:
        if day not in self._ages:
            self._ages[day] = self.profile.person.age_on(date_of(day))
        return self._ages[day]


def home_of_office(rule: "Rule", axis: str, office: Decimal) -> Decimal:
    """Map an office pressure to what the same person shows at home, by the published pairs.

    Between two pairs and above the last one the line is drawn on; below the first nothing changes.
    """
    pairs = _pairs(rule, axis)
    first, last = pairs[0], pairs[-1]
    if office <= first[0]:
        return office
    ends = next(
        ((a, b) for a, b in pairwise(pairs) if office <= b[0]),
        (pairs[-2], last),
    )
    (x0, y0), (x1, y1) = ends
    home = y0 + (office - x0) * (y1 - y0) / (x1 - x0)
    return home.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _pairs(rule: "Rule", axis: str) -> Sequence[tuple[Decimal, Decimal]]:
    prefix = f"office_to_home_{axis}_"
    return sorted(
        (Decimal(name.removeprefix(prefix)), home)
        for name, home in rule.numbers.items()
        if name.startswith(prefix)
    )


def health_group(profile: Profile, plan: Plan) -> HealthGroup:
    """Return the doctor's word, else moderate with three further diseases or failing memory.

    "Poor" is never worked out from a list of conditions: only a doctor can say so.
    """
    if plan.health_group is not None:
        return plan.health_group
    diabetes = {ConditionCode.DIABETES_TYPE_1, ConditionCode.DIABETES_TYPE_2}
    others = [c for c in profile.conditions if c.code not in diabetes]
    many = plan.rulebook["TARGET-G"].whole("moderate_diseases")
    failing = profile.has(ConditionCode.COGNITIVE_IMPAIRMENT, ConditionCode.FRAILTY)
    return HealthGroup.MODERATE if failing or len(others) >= many else HealthGroup.GOOD


def glucose_range(profile: Profile, plan: Plan, context: MealContext, on: date) -> GlucoseRange:
    """Return the personal range: the doctor's, else by age, health group and kind of medicine."""
    rule = plan.rulebook["TARGET-G"]
    fasting = context in (MealContext.FASTING, MealContext.BEFORE_MEAL)
    group = _glucose_group(rule, profile, plan, on)
    meal = "fasting" if fasting else "bedtime" if context is MealContext.BEDTIME else "other"
    low, high = rule.number(f"{group}_{meal}_low"), rule.number(f"{group}_{meal}_high")
    target = plan.target
    own_low = target.fasting_low if fasting else target.other_low
    own_high = target.fasting_high if fasting else target.other_high
    general_other = group == "general" and not fasting and own_high is None
    return GlucoseRange(
        low if own_low is None else own_low,
        high if own_high is None else own_high,
        own_low is not None or own_high is not None,
        not general_other,
    )


def _glucose_group(rule: "Rule", profile: Profile, plan: Plan, on: date) -> str:
    age = profile.person.age_on(on)
    if age is None or age < rule.number(OLD):
        return "general"
    risk = "risk" if profile.risks_low_glucose else "plain"
    return f"{health_group(profile, plan)}_{risk}"
