"""What the home page shows, built from readings without Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from carehub.care.civil import local_day
from carehub.care.people import Profile
from carehub.care.readings import Kind, MealContext, Reading, Setting
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.terms import MEALS

if TYPE_CHECKING:
    from carehub.care.plans import Plan

MEALS_IN_SHORT = {**MEALS, MealContext.AFTER_MEAL: N_("After a meal")}
"""As in MEALS, but short enough to stand before 血糖 on one line."""

State = Literal["in_target", "high", "low", "crisis", ""]
DAYS = 7

PLACES: dict[str, tuple[State, str]] = {
    "in_target": ("in_target", N_("In target")),
    "low": ("low", N_("Below target")),
    "high": ("high", N_("Above target")),
    "high_and_low": ("high", N_("High and low")),
    "very_low": ("crisis", N_("Too low")),
    "crisis": ("crisis", N_("Very high")),
    "unknown": ("", N_("No number")),
}
"""State and short words of a `care.standing.Place`."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the week's line; `at` runs from 0 (six days ago) to 1 (today)."""

    at: float
    value: Decimal = field(repr=False)
    in_target: bool = True


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest sitting of one kind; `value` is empty where nothing was measured yet."""

    caption: str
    value: str = field(default="", repr=False)
    state: State = ""
    words: str = ""
    unit: str = ""
    week: tuple[Point, ...] = field(default=(), repr=False)
    target_low: Decimal | None = None
    target_high: Decimal | None = None
    week_spoken: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on the home page, in words."""

    greeting: str = field(repr=False)
    date_line: str
    pressure: Latest
    glucose: Latest
    simulated: bool = False
    cared: int = 0
    """How many people elsewhere this account cares for."""
    asking: str = field(default="", repr=False)
    """Who waits for this person's answer to a request to see their records."""
    told: str = field(default="", repr=False)
    """Who in the family was told of the gravest alert; empty where nobody is to be."""


NOTHING = {
    Kind.BLOOD_PRESSURE: (N_("Blood pressure"), N_("Sit down for 5 minutes, then measure")),
    Kind.GLUCOSE: (N_("Glucose"), N_("None yet")),
}


def nothing(kind: Kind) -> Latest:
    """Return the invitation to measure for the first time."""
    caption, words = NOTHING[kind]
    return Latest(_(caption), words=_(words))


def view_of(
    profile: Profile, plan: "Plan", pressure: Sequence[Reading], glucose: Reading | None, now: int
) -> HomeView:
    """Return the page of one person.

    `pressure` are the readings of the last seven days and at least the newest one, oldest first.
    """
    person = profile.person
    hello = phrases.greeting(now, person.zone_offset)
    last = pressure[-1:] if glucose is None else [*pressure[-1:], glucose]
    return HomeView(
        greeting=_("{name}, {greeting}").format(name=person.greeting_name, greeting=hello),
        date_line=phrases.today(now, person.zone_offset),
        pressure=_pressure(profile, plan, pressure, now),
        glucose=_glucose(profile, plan, glucose, now),
        simulated=any(reading.simulated for reading in last),
    )


def _pressure(profile: Profile, plan: "Plan", readings: Sequence[Reading], now: int) -> Latest:
    from carehub.care.series import series_of
    from carehub.care.standing import judge
    from carehub.care.targets import pressure_target

    if not readings:
        return nothing(Kind.BLOOD_PRESSURE)
    zone = profile.person.zone_offset
    last = series_of(readings)[-1]
    judged = judge(last, profile, plan)
    week = _week(profile, plan, readings, now)
    target = pressure_target(profile, plan, Setting.HOME, phrases.local(now, zone).date())
    spoken = ", ".join(str(point.value) for point in week)
    return Latest(
        caption=_("{when} blood pressure").format(when=phrases.when(last.started_at, now, zone)),
        value="/".join(map(str, judged.shown)),
        state=PLACES[judged.place][0],
        words=_(PLACES[judged.place][1]),
        unit="mmHg",
        week=week,
        target_high=target.systolic,
        week_spoken=_("Last 7 days, upper pressure: {values}").format(values=spoken),
    )


def _week(
    profile: Profile, plan: "Plan", readings: Sequence[Reading], now: int
) -> tuple[Point, ...]:
    """Return the days as the report of the week has them, so that both say the same of each."""
    from carehub.care.targets import pressure_target
    from carehub.care.trends import Period, stretch, summary
    from carehub.care.units import whole_beside

    zone = profile.person.zone_offset
    today = local_day(now, zone)
    since, until = stretch(Period.WEEK, now, zone)
    limit = pressure_target(profile, plan, Setting.HOME, phrases.local(now, zone).date())
    told = summary(readings, profile, plan, since, until, now)
    return tuple(
        Point(
            1 - (today - day.day) / (DAYS - 1),
            whole_beside(day.first, limit.systolic_low, limit.systolic),
            day.in_target,
        )
        for day in told.days
        if day.first is not None
    )


def _glucose(profile: Profile, plan: "Plan", reading: Reading | None, now: int) -> Latest:
    from carehub.care.standing import judge
    from carehub.care.units import shown

    if reading is None:
        return nothing(Kind.GLUCOSE)
    judged = judge(reading, profile, plan)
    moment = phrases.when(reading.taken_at, now, profile.person.zone_offset)
    plain = reading.context is MealContext.RANDOM
    pattern = _("{when} glucose") if plain else _("{when} glucose, {meal}")
    value = shown(reading.v1, reading.unit, reading.unit) if reading.v1 is not None else ""
    return Latest(
        caption=pattern.format(when=moment, meal=_(MEALS_IN_SHORT[reading.context])),
        value=value or reading.text,
        state=PLACES[judged.place][0],
        words=_(PLACES[judged.place][1]),
        unit=reading.unit,
    )
