"""How readings went over a stretch of days: means, days in target, the home week, one sentence first.

Days are civil days where the person lives. Pressures are home sittings in mmHg (a sitting at a kiosk
or in a clinic is shown as it would be at home), glucose single values in mmol/L. Finger-stick
glucose is told as so many values in range of so many: never as time in range, GMI or estimated HbA1c.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from carehub.care.civil import DAY, date_of, local_day, local_minute, start_of_day
from carehub.care.glances import Glance, glances
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Kind, MealContext, Reading, Setting
from carehub.care.sittings import Crisis, Sitting, Value, sittings, values
from carehub.care.standing import Place
from carehub.care.targets import GlucoseRange, PressureTarget, glucose_range, pressure_target
from carehub.care.units import whole_beside
from carehub.i18n import N_

Parameters = Mapping[str, object]
P = TypeVar("P", Sitting, Value)
Who = tuple[Profile, Plan]
"""A person, and what this person is measured with."""


class Period(StrEnum):
    """The stretches a report shows."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day: the number of sittings or values, their mean and how they stand.

    Glucose has its mean in `first`; `in_range` of `count` values were in their range. A day of
    pressures is in target where its mean is; a day of glucose where every value is.
    """

    day: int
    count: int
    place: Place
    first: Decimal | None = field(repr=False)
    second: Decimal | None = field(default=None, repr=False)
    in_range: int = 0

    @property
    def in_target(self) -> bool:
        """Tell whether the day counts as in target."""
        return self.place is Place.IN_TARGET


@dataclass(frozen=True, slots=True)
class HomeWeek:
    """The home protocol: mornings and evenings of up to 7 days without the first.

    `days` counts those that entered the mean; `enough` tells whether three days were measured at all.
    """

    systolic: Decimal | None = field(repr=False)
    diastolic: Decimal | None = field(repr=False)
    days: int
    readings: int
    enough: bool
    place: Place = Place.UNKNOWN


@dataclass(frozen=True, slots=True)
class Summary:
    """One stretch of one kind; values in mmHg or mmol/L, None where nothing was measured.

    `mean` are the exact means, `shown` whole pressures (or tenths) that never contradict the target.
    `change` is this mean less that of the stretch before, None where that has too little.
    `sentence` is a msgid for `parameters`; `more` are further sentences in the same form.
    """

    kind: Kind
    since: int
    until: int
    count: int
    mean: tuple[Decimal, ...] = field(repr=False)
    shown: tuple[Decimal, ...] = field(repr=False)
    place: Place
    days: tuple[Day, ...] = field(repr=False)
    in_range: int = 0
    change: tuple[Decimal, ...] | None = field(default=None, repr=False)
    home_week: HomeWeek | None = field(default=None, repr=False)
    highest: Decimal | None = field(default=None, repr=False)
    lowest: Decimal | None = field(default=None, repr=False)
    sentence: str = ""
    parameters: Parameters = field(default_factory=dict, repr=False)
    more: tuple[tuple[str, Parameters], ...] = field(default=(), repr=False)

    @property
    def days_in_target(self) -> int:
        """Return on how many measured days the person was in target."""
        return sum(day.in_target for day in self.days)


def stretch(period: Period, now: int, zone_offset: int) -> tuple[int, int]:
    """Return a period as UTC milliseconds: whole civil days, today the last of them."""
    tomorrow = local_day(now, zone_offset) + 1
    return (
        start_of_day(tomorrow - DAYS[period], zone_offset),
        start_of_day(tomorrow, zone_offset),
    )


def summary(  # noqa: PLR0913 - the six that every screen has, and which kind
    readings: Iterable[Reading],
    profile: Profile,
    plan: Plan,
    since: int,
    until: int,
    now: int,
    *,
    kind: Kind = Kind.BLOOD_PRESSURE,
) -> Summary:
    """Summarise the readings of one kind from `since` to before `until`.

    Give readings from as long before `since` as the stretch is, so that it can be compared.
    """
    seen = glances(readings, profile.person.id, kind)
    return summary_of(seen, (profile, plan), kind, (since, until), now)


def summary_of(
    seen: Iterable[Glance], who: Who, kind: Kind, reach: tuple[int, int], now: int
) -> Summary:
    """Summarise what was seen of one person and one kind; `reach` is since and until."""
    profile, plan = who
    if kind is Kind.GLUCOSE:
        return _glucose(values(seen, profile, plan, now), who, *reach)
    return _pressure(sittings(seen, profile, plan, now), who, *reach)


def home_week(
    readings: Iterable[Reading], profile: Profile, plan: Plan, until: int, now: int
) -> HomeWeek:
    """Return the home protocol's mean over the 7 days before `until` (CLINICAL 1.2-3)."""
    seen = glances(readings, profile.person.id, Kind.BLOOD_PRESSURE)
    return _home_week(sittings(seen, profile, plan, now), (profile, plan), until)


def _pressure(found: Sequence[Sitting], who: Who, since: int, until: int) -> Summary:
    inside = _within(found, since, until)
    if not inside:
        return _nothing(who, Kind.BLOOD_PRESSURE, since, until)
    crisis = Crisis.of(who[1])
    target = inside[-1].target
    mean = _means(inside)
    days = _pressure_days(inside, who, since, until)
    place = crisis.place(*mean, target)
    change = _change(who[1], inside, _within(found, since - (until - since), since))
    return Summary(
        Kind.BLOOD_PRESSURE,
        since,
        until,
        len(inside),
        mean,
        (
            whole_beside(mean[0], target.systolic_low, target.systolic, crisis.systolic),
            whole_beside(mean[1], target.diastolic_low, target.diastolic, crisis.diastolic),
        ),
        place,
        days,
        in_range=sum(day.in_range for day in days),
        change=change,
        home_week=_home_week(found, who, until),
        highest=max(sitting.systolic for sitting in inside),
        lowest=min(sitting.systolic for sitting in inside),
        sentence=_PRESSURE_SENTENCES[place],
        parameters=_good_days(days),
        more=_change_sentence(change),
    )


_PRESSURE_SENTENCES = {
    Place.IN_TARGET: N_("Blood pressure in target on average; in target on {good} of {days} days."),
    Place.HIGH: N_("Blood pressure above target on average; in target on {good} of {days} days."),
    Place.CRISIS: N_("Blood pressure far above target on average; call your doctor today."),
    Place.LOW: N_("Blood pressure on the low side on average; in target on {good} of {days} days."),
    Place.HIGH_AND_LOW: N_(
        "One number above target, the other on the low side; in target on {good} of {days} days."
    ),
}
_NOTHING = {
    Kind.BLOOD_PRESSURE: N_("No blood pressure was measured in this time."),
    Kind.GLUCOSE: N_("No glucose was measured in this time."),
}
_GLUCOSE_SENTENCE = N_("Glucose in range {good} of {count} times.")
_LOWER = N_("{number} lower than the time before.")
_HIGHER = N_("{number} higher than the time before.")
_SAME = N_("About the same as the time before.")


def _nothing(who: Who, kind: Kind, since: int, until: int) -> Summary:
    days = tuple(Day(day, 0, Place.UNKNOWN, None) for day in _civil_days(who, since, until))
    return Summary(kind, since, until, 0, (), (), Place.UNKNOWN, days, sentence=_NOTHING[kind])


def _within(found: Sequence[P], since: int, until: int) -> list[P]:
    return [one for one in found if since <= one.at < until]


def _means(found: Sequence[Sitting]) -> tuple[Decimal, Decimal]:
    count = len(found)
    return (
        sum((sitting.systolic for sitting in found), Decimal(0)) / count,
        sum((sitting.diastolic for sitting in found), Decimal(0)) / count,
    )


def _civil_days(who: Who, since: int, until: int) -> range:
    zone = who[0].person.zone_offset
    return range(local_day(since, zone), local_day(until - 1, zone) + 1)


def _by_day(found: Iterable[P], zone_offset: int) -> dict[int, list[P]]:
    days: dict[int, list[P]] = {}
    for one in found:
        days.setdefault(local_day(one.at, zone_offset), []).append(one)
    return days


def _pressure_days(inside: Sequence[Sitting], who: Who, since: int, until: int) -> tuple[Day, ...]:
    crisis, by_day = Crisis.of(who[1]), _by_day(inside, who[0].person.zone_offset)
    return tuple(
        _pressure_day(crisis, day, by_day.get(day, [])) for day in _civil_days(who, since, until)
    )


def _pressure_day(crisis: Crisis, day: int, found: Sequence[Sitting]) -> Day:
    if not found:
        return Day(day, 0, Place.UNKNOWN, None)
    mean = _means(found)
    place = crisis.place(*mean, found[0].target)
    good = sum(
        crisis.place(sitting.systolic, sitting.diastolic, sitting.target) is Place.IN_TARGET
        for sitting in found
    )
    return Day(day, len(found), place, mean[0], mean[1], good)


def _good_days(days: Sequence[Day]) -> dict[str, object]:
    measured = [day for day in days if day.count]
    return {"good": sum(day.in_target for day in measured), "days": len(measured)}


def _change(
    plan: Plan, inside: Sequence[Sitting], before: Sequence[Sitting]
) -> tuple[Decimal, ...] | None:
    """Compare two means only where each rests on enough sittings; the numbers are BP-TREND's."""
    rule = plan.rulebook["BP-TREND"]
    for some in (inside, before):
        days = {sitting.day for sitting in some}
        if len(some) < rule.number("sittings") or len(days) < rule.number("days"):
            return None
    late, early = _means(inside), _means(before)
    return late[0] - early[0], late[1] - early[1]


def _change_sentence(change: tuple[Decimal, ...] | None) -> tuple[tuple[str, Parameters], ...]:
    if change is None:
        return ()
    whole = whole_beside(abs(change[0]))
    if not whole:
        return ((_SAME, {}),)
    return ((_HIGHER if change[0] > 0 else _LOWER, {"number": whole}),)


def _home_week(found: Sequence[Sitting], who: Who, until: int) -> HomeWeek:
    """Mornings and evenings of 7 days; the first measured day is dropped; three days at least."""
    profile, plan = who
    timely = [s for s in _within(found, until - 7 * DAY, until) if _timely(plan, s)]
    by_day = _by_day((s for s in timely if s.setting is Setting.HOME), profile.person.zone_offset)
    if len(by_day) < plan.rulebook["BP-HIGH"].number("days"):
        return HomeWeek(None, None, 0, 0, enough=False)
    used = [sitting for day in sorted(by_day)[1:] for sitting in by_day[day]]
    mean = _means(used)
    count = sum(sitting.readings for sitting in used)
    place = Crisis.of(plan).place(*mean, used[-1].target)
    return HomeWeek(mean[0], mean[1], len(by_day) - 1, count, enough=True, place=place)


def _timely(plan: Plan, sitting: Sitting) -> bool:
    rule = plan.rulebook["BP-MORN"]
    hour = Decimal(local_minute(sitting.at, sitting.zone_offset)) / 60
    return any(
        rule.number(f"{part}_from") <= hour < rule.number(f"{part}_until")
        for part in ("morning", "evening")
    )


def _glucose(found: Sequence[Value], who: Who, since: int, until: int) -> Summary:
    inside = _within(found, since, until)
    if not inside:
        return _nothing(who, Kind.GLUCOSE, since, until)
    numbers = [value.number for value in inside if value.number is not None]
    mean = (sum(numbers, Decimal(0)) / len(numbers),) if numbers else ()
    by_day = _by_day(inside, who[0].person.zone_offset)
    good = _in_range(inside)
    return Summary(
        Kind.GLUCOSE,
        since,
        until,
        len(inside),
        mean,
        tuple(value.quantize(Decimal("0.1")) for value in mean),
        _glucose_together(inside),
        tuple(_glucose_day(day, by_day.get(day, [])) for day in _civil_days(who, since, until)),
        in_range=good,
        highest=max(numbers, default=None),
        lowest=min(numbers, default=None),
        sentence=_GLUCOSE_SENTENCE,
        parameters={"good": good, "count": len(inside)},
    )


def _in_range(found: Iterable[Value]) -> int:
    """Count the values that are in target, as their chips on the screen say."""
    return sum(value.place is Place.IN_TARGET for value in found)


def _glucose_day(day: int, found: Sequence[Value]) -> Day:
    if not found:
        return Day(day, 0, Place.UNKNOWN, None)
    numbers = [value.number for value in found if value.number is not None]
    mean = sum(numbers, Decimal(0)) / len(numbers) if numbers else None
    return Day(day, len(found), _glucose_together(found), mean, in_range=_in_range(found))


_GRAVEST = (Place.CRISIS, Place.VERY_LOW)


def _glucose_together(found: Iterable[Value]) -> Place:
    """Join single values so that none hides another: a low is not outweighed by a high."""
    places = {value.place for value in found}
    grave = next((place for place in _GRAVEST if place in places), None)
    if grave is not None:
        return grave
    if {Place.HIGH, Place.LOW} <= places:
        return Place.HIGH_AND_LOW
    return next((place for place in (Place.LOW, Place.HIGH) if place in places), Place.IN_TARGET)


def limits(
    profile: Profile, plan: Plan, now: int
) -> tuple[PressureTarget, dict[MealContext, GlucoseRange]]:
    """Return what "in target" means today at home: for the line under a chart."""
    from_date = date_of(local_day(now, profile.person.zone_offset))
    ranges = {context: glucose_range(profile, plan, context, from_date) for context in MealContext}
    return pressure_target(profile, plan, Setting.HOME, from_date), ranges
