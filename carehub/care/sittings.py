"""The sittings and values that enter a mean, as small as a year of them must be.

They are the same that the alert rules see (`alerts.chart`), without what only those need.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from carehub.care.believable import PressureBounds, Refused, check
from carehub.care.civil import local_day
from carehub.care.glances import Glance, in_time, sort
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Flag, Posture, Setting, Unit
from carehub.care.series import mean, mean_pulse, together, undoubted
from carehub.care.standing import Place, axis_place, glucose_place_by, joined_place
from carehub.care.targets import PressureTarget, Targets
from carehub.care.units import compared


class Sitting(NamedTuple):
    """One sitting of seated readings that the meter does not doubt, in mmHg as it would be at home.

    `at` is when it began, `zone_offset` where, `readings` how many it has, `target` that of home.
    """

    at: int
    zone_offset: int
    setting: Setting
    readings: int
    systolic: Decimal
    diastolic: Decimal
    target: PressureTarget

    @property
    def day(self) -> int:
        """Return the civil day where it was measured."""
        return local_day(self.at, self.zone_offset)

    def __repr__(self) -> str:
        return f"Sitting(at={self.at}, readings={self.readings})"


class Value(NamedTuple):
    """One glucose value in mmol/L, None for HI and LO, and how it stands."""

    at: int
    number: Decimal | None
    place: Place

    def __repr__(self) -> str:
        return f"Value(at={self.at})"


class Crisis(NamedTuple):
    """From where on a pressure in mmHg is a crisis (BP-CRIT)."""

    systolic: Decimal
    diastolic: Decimal

    @classmethod
    def of(cls, plan: Plan) -> "Crisis":
        """Look it up once for many sittings."""
        rule = plan.rulebook["BP-CRIT"]
        return cls(rule.number("systolic"), rule.number("diastolic"))

    def place(self, systolic: Decimal, diastolic: Decimal, target: PressureTarget) -> Place:
        """Return where a pressure lies, by this and by a person's target."""
        return joined_place(
            axis_place(systolic, target.systolic_low, target.systolic, self.systolic),
            axis_place(diastolic, target.diastolic_low, target.diastolic, self.diastolic),
        )


def sittings(seen: Iterable[Glance], profile: Profile, plan: Plan, now: int) -> list[Sitting]:
    """Return what may enter a mean of one person's pressures, in time order."""
    bounds, targets = PressureBounds.of(plan.rulebook["BP-VAL"]), Targets(profile, plan)
    believed = (one for one in in_time(seen, plan, now) if _believed(one, bounds))
    made = (_sitting(group, targets) for group in _groups(believed))
    return [sitting for sitting in made if sitting is not None]


def values(seen: Iterable[Glance], profile: Profile, plan: Plan, now: int) -> list[Value]:
    """Return one person's glucose values in time order; those of control solution are nobody's."""
    targets = Targets(profile, plan)
    return [
        Value(
            one.taken_at,
            compared(one.v1, one.unit, Unit.MMOL_L),
            glucose_place_by(one, targets)[0],
        )
        for one in in_time(seen, plan, now)
        if Flag.CONTROL_SOLUTION not in one.flags
        and not isinstance(check(one, plan.rulebook), Refused)
    ]


def pulses(seen: Iterable[Glance]) -> list[Decimal]:
    """Return the mean pulse of each sitting that has one, as `series.series_of` has it."""
    groups = _groups(sort(seen))
    found = (mean_pulse(undoubted(group) or group) for group in groups)
    return [pulse for pulse in found if pulse is not None]


def _believed(one: Glance, bounds: PressureBounds) -> bool:
    systolic = compared(one.v1, one.unit, Unit.MMHG)
    diastolic = compared(one.v2, one.unit, Unit.MMHG)
    return (
        systolic is not None and diastolic is not None and bounds.hold(systolic, diastolic, one.v3)
    )


def _groups(ordered: Iterable[Glance]) -> Iterator[list[Glance]]:
    group: list[Glance] = []
    for one in ordered:
        if group and together(group[0], one):
            group.append(one)
        else:
            if group:
                yield group
            group = [one]
    if group:
        yield group


def _mean(used: Sequence[Glance]) -> tuple[Decimal, Decimal]:
    """Return the means; most sittings have one reading, which is its own mean."""
    first = used[0]
    systolic, diastolic = first.v1, first.v2
    if len(used) > 1 or first.unit is not Unit.MMHG:
        systolic, diastolic = mean(used, 1, Unit.MMHG), mean(used, 2, Unit.MMHG)
    assert systolic is not None, "BP-VAL refuses a missing number"
    assert diastolic is not None, "BP-VAL refuses a missing number"
    return systolic, diastolic


def _sitting(group: Sequence[Glance], targets: Targets) -> Sitting | None:
    first = group[0]
    used = undoubted(group)
    if not used or first.posture is not Posture.SITTING:
        return None
    systolic, diastolic = _mean(used)
    day = local_day(first.taken_at, first.zone_offset)
    home = targets.pressure(Setting.HOME, day)
    if first.setting is not Setting.HOME:
        there = targets.pressure(first.setting, day)
        systolic -= there.systolic - home.systolic
        diastolic -= there.diastolic - home.diastolic
    return Sitting(
        first.taken_at,
        first.zone_offset,
        first.setting,
        len(group),
        systolic,
        diastolic,
        home,
    )
