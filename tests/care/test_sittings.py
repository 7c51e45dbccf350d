"""The small sittings of a report: the same as those the alert rules and the series see."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from carehub.care.alerts.chart import Chart
from carehub.care.civil import DAY, day_of
from carehub.care.glances import Glance, glances
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    TimeQuality,
    Unit,
)
from carehub.care.series import series_of
from carehub.care.sittings import pulses, sittings, values
from carehub.care.standing import Place, glucose_place, judge
from carehub.care.targets import Targets, glucose_range, pressure_target
from carehub.care.trends import summary
from tests.helpers.builders import (
    MINUTE,
    at,
    bp,
    glucose,
    make_plan,
    make_profile,
    make_target,
    uid,
)

START = at("2026-03-01 07:00")
NOW = START + 40 * MINUTE
AGEING = make_profile(
    ConditionCode.DIABETES_TYPE_2,
    medicines=[MedicineClass.INSULIN],
    born=date(1961, 3, 1),
)
PLANS = st.sampled_from((make_plan(), make_plan(make_target(systolic=130, diastolic=80))))
FLAGS = st.sets(st.sampled_from(Flag), max_size=1)
MOMENTS = st.integers(0, 90).map(lambda n: START + n * 2 * MINUTE - 60 * MINUTE)
QUALITIES = st.sampled_from((TimeQuality.OK, TimeQuality.OK, TimeQuality.UNSET))
WHOSE = st.sampled_from((AGEING.person.id, AGEING.person.id, AGEING.person.id, uid("somebody")))


@st.composite
def pressure(draw: st.DrawFn) -> Reading:
    kpa = draw(st.booleans()) and draw(st.booleans())
    upper, lower = draw(st.integers(60, 260)), draw(st.integers(40, 140))
    taken = draw(MOMENTS)
    return bp(
        Decimal(upper) / 8 if kpa else upper,
        Decimal(lower) / 8 if kpa else lower,
        taken,
        pulse=draw(st.none() | st.integers(10, 260) | st.just(Decimal("NaN"))),
        unit=Unit.KPA if kpa else Unit.MMHG,
        received=draw(st.sampled_from((taken, taken - 30 * MINUTE, 0))),
        flags=draw(FLAGS),
        posture=draw(st.sampled_from((Posture.SITTING, Posture.SITTING, *Posture))),
        setting=draw(st.sampled_from((Setting.HOME, Setting.HOME, *Setting))),
        person_id=draw(WHOSE),
        id=uid(("pressure", draw(st.integers(0, 10**9)))),
        time_quality=draw(QUALITIES),
        sequence=draw(st.none() | st.integers(0, 3)),
        zone_offset=draw(st.sampled_from((480, 480, -300))),
        voided=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def sugar(draw: st.DrawFn) -> Reading:
    value = draw(st.sampled_from(("HI", "LO")) | st.decimals(0, 40, places=1).map(str))
    return glucose(
        value,
        draw(MOMENTS),
        draw(st.sampled_from(MealContext)),
        id=uid(("sugar", draw(st.integers(0, 10**9)))),
        flags=draw(FLAGS),
        time_quality=draw(QUALITIES),
        person_id=draw(WHOSE),
    )


PRESSURES = st.lists(pressure(), max_size=14, unique_by=lambda r: r.id)
SUGARS = st.lists(sugar(), max_size=14, unique_by=lambda r: r.id)


def seen(readings: Sequence[Reading], kind: Kind = Kind.BLOOD_PRESSURE) -> list[Glance]:
    return glances(readings, AGEING.person.id, kind)


@given(PRESSURES, PLANS)
def test_the_sittings_are_those_the_rules_see(readings, plan):
    told = [s for s in Chart.of(readings, AGEING, plan, NOW).sittings if s.counts]
    assert sittings(seen(readings), AGEING, plan, NOW) == [
        (
            s.at,
            s.series.zone_offset,
            s.series.setting,
            len(s.readings),
            s.home_systolic,
            s.home_diastolic,
            s.home_target,
        )
        for s in told
    ]
    days = [s.day for s in sittings(seen(readings), AGEING, plan, NOW)]
    assert days == [s.day for s in told]


@given(PRESSURES, PLANS)
def test_a_summary_says_of_each_sitting_what_is_judged_of_it(readings, plan):
    at_home = [r for r in readings if r.setting is Setting.HOME]
    told = [s for s in Chart.of(at_home, AGEING, plan, NOW).sittings if s.counts]
    since, until = START - DAY, START + DAY
    found = summary(at_home, AGEING, plan, since, until, NOW)
    good = [judge(s.series, AGEING, plan).in_target for s in told]
    assert (found.count, found.in_range) == (len(told), sum(good))
    assert found.highest == max((s.systolic for s in told), default=None)
    assert sum(day.count for day in found.days) == found.count
    if told:
        assert found.mean == tuple(
            sum((s.series.mean[axis] for s in told), Decimal(0)) / len(told) for axis in (0, 1)
        )


@given(SUGARS, PLANS)
def test_the_values_are_those_the_rules_see(readings, plan):
    assert values(seen(readings, Kind.GLUCOSE), AGEING, plan, NOW) == [
        (item.at, item.value, glucose_place(item.reading, AGEING, plan)[0])
        for item in Chart.of(readings, AGEING, plan, NOW).glucose
    ]


@given(PRESSURES)
def test_the_pulses_are_those_of_the_series(readings):
    mine = [r for r in readings if r.person_id == AGEING.person.id and not r.voided]
    assert pulses(map(Glance.of, mine)) == [
        series.pulse for series in series_of(mine) if series.pulse is not None
    ]


@given(st.integers(-40_000, 60_000), st.sampled_from(Setting), st.sampled_from(MealContext), PLANS)
def test_targets_once_for_each_age_are_those_of_the_day(day, setting, context, plan):
    targets = Targets(AGEING, plan)
    birthday = day_of(date(2026, 3, 1))
    for on in (day, birthday - 1, birthday, birthday + 1, day):
        when = date.fromordinal(max(1, on + date(1970, 1, 1).toordinal()))
        assert targets.pressure(setting, on) == pressure_target(AGEING, plan, setting, when)
        assert targets.glucose(context, on) == glucose_range(AGEING, plan, context, when)


def test_nothing_of_health_is_in_what_a_glance_prints():
    readings = [bp(187, 113), bp(188, 114, "2026-01-06 07:30")]
    one = sittings(seen(readings), AGEING, make_plan(), NOW)
    sweet = values(
        seen([glucose("17.3", "2026-01-06 08:00")], Kind.GLUCOSE), AGEING, make_plan(), NOW
    )
    assert sweet[0].place is Place.CRISIS
    printed = repr((seen(readings), one, sweet))
    assert not any(number in printed for number in ("187", "113", "188", "114", "17.3", "crisis"))
