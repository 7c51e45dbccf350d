"""Summaries over days, the home week, and the sentence that comes first."""

from decimal import Decimal

import pytest

from carehub.care import trends
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import Flag, Kind, MealContext, Reading, Setting
from carehub.care.standing import Place
from carehub.care.trends import Period, Summary, home_week, stretch, summary
from tests.helpers.builders import DAY, at, bp, glucose, make_plan, make_profile, make_target

NOW = at("2026-01-11 20:00")
PROFILE = make_profile(ConditionCode.HYPERTENSION)
PLAN = make_plan()
DIABETIC = make_profile(ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.INSULIN])


def week(readings: list[Reading], kind: Kind = Kind.BLOOD_PRESSURE) -> Summary:
    since, until = stretch(Period.WEEK, NOW, 480)
    profile = PROFILE if kind is Kind.BLOOD_PRESSURE else DIABETIC
    return summary(readings, profile, PLAN, since, until, NOW, kind=kind)


def test_a_week_is_seven_civil_days_and_today_is_the_last() -> None:
    assert stretch(Period.WEEK, NOW, 480) == (at("2026-01-05 00:00"), at("2026-01-12 00:00"))
    since, until = stretch(Period.YEAR, NOW, 480)
    assert until - since == 365 * DAY


def test_an_empty_week_says_so() -> None:
    for kind in Kind:
        empty = week([], kind)
        assert (empty.count, empty.place, len(empty.days)) == (0, Place.UNKNOWN, 7)
        assert empty.sentence.startswith("No ")
        assert empty.days_in_target == 0


def test_the_week_of_the_picture() -> None:
    systolic = (138, 131, 129, 151, 127, 130, 128)
    diastolic = (86, 83, 82, 93, 80, 82, 82)
    readings = [
        bp(s, d, f"2026-01-{5 + i:02d} 07:30")
        for i, (s, d) in enumerate(zip(systolic, diastolic, strict=True))
    ]
    told = week(readings)
    assert told.shown == (133, 84)
    assert told.place is Place.IN_TARGET
    assert [day.in_target for day in told.days] == [False, True, True, False, True, True, True]
    assert told.sentence.format(**told.parameters) == (
        "Blood pressure in target on average; in target on 5 of 7 days."
    )
    assert (told.days_in_target, told.in_range, told.highest, told.lowest) == (5, 5, 151, 127)
    assert told.change is None
    assert told.more == ()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (137, "4 lower than the time before."),
        (129, "4 higher than the time before."),
        (133, "About the same as the time before."),
    ],
)
def test_a_mean_is_compared_where_both_rest_on_enough(before: int, words: str) -> None:
    now = [bp(133, 80, f"2026-01-{day:02d} 07:30") for day in range(5, 9)]
    earlier = [bp(before, 80, f"2026-01-{day:02d} 07:30") for day in range(1, 5)]
    told = week(now + earlier)
    assert told.change == (133 - before, 0)
    assert [msgid.format(**parameters) for msgid, parameters in told.more] == [words]
    assert week(now + earlier[:3]).change is None


@pytest.mark.parametrize(
    ("systolic", "diastolic", "place"),
    [
        (150, 80, Place.HIGH),
        (185, 80, Place.CRISIS),
        (100, 55, Place.LOW),
        (150, 55, Place.HIGH_AND_LOW),
    ],
)
def test_every_standing_has_its_sentence(systolic: int, diastolic: int, place: Place) -> None:
    told = week([bp(systolic, diastolic, "2026-01-06 07:30")])
    assert told.place is place
    assert told.sentence.format(**told.parameters)


def test_doubted_standing_and_midnight() -> None:
    readings = [
        bp(120, 80, "2026-01-05 00:00"),
        bp(190, 100, "2026-01-06 07:30", flags=[Flag.CUFF_LOOSE]),
        bp(120, 80, "2026-01-04 23:40"),
        bp(140, 84, "2026-01-07 07:30", setting=Setting.KIOSK),
    ]
    told = week(readings)
    assert told.count == 2
    assert [day.count for day in told.days] == [1, 0, 1, 0, 0, 0, 0]
    assert told.days[2].first == 135


def test_the_home_week_drops_its_first_day_and_keeps_to_morning_and_evening() -> None:
    readings = [bp(160, 95, "2026-01-05 07:30"), bp(158, 95, "2026-01-05 19:30")]
    for day in range(6, 12):
        readings += [
            bp(132, 80, f"2026-01-{day:02d} 07:30"),
            bp(134, 82, f"2026-01-{day:02d} 07:31"),
            bp(190, 99, f"2026-01-{day:02d} 13:00"),
            bp(129, 79, f"2026-01-{day:02d} 19:00"),
        ]
    told = home_week(readings, PROFILE, PLAN, at("2026-01-12 00:00"), NOW)
    assert (told.systolic, told.diastolic) == (131, 80)
    assert (told.days, told.readings, told.enough) == (6, 18, True)
    assert told.place is Place.IN_TARGET


def test_three_days_are_the_least_and_the_last_two_count() -> None:
    days = [bp(s, 80, f"2026-01-{9 + i:02d} 07:30") for i, s in enumerate((160, 130, 132))]
    until = at("2026-01-12 00:00")
    assert home_week(days, PROFILE, PLAN, until, NOW).systolic == 131
    few = home_week(days[:2], PROFILE, PLAN, until, NOW)
    assert (few.enough, few.systolic, few.place) == (False, None, Place.UNKNOWN)
    kiosk = [bp(130, 80, f"2026-01-{9 + i:02d} 07:30", setting=Setting.KIOSK) for i in range(3)]
    assert not home_week(kiosk, PROFILE, PLAN, until, NOW).enough


def test_glucose_is_told_in_times_of_times() -> None:
    values = [
        glucose("6.1", "2026-01-05 07:30", MealContext.FASTING),
        glucose("9.9", "2026-01-05 10:00", MealContext.AFTER_MEAL),
        glucose("4.6", "2026-01-06 07:30", MealContext.FASTING),
        glucose("HI", "2026-01-07 07:30"),
        glucose("12.0", "2026-01-08 07:30"),
        glucose("4.6", "2026-01-08 12:30"),
        glucose("3.8", "2026-01-09 07:30"),
        glucose("11.9", "2026-01-10 07:30"),
    ]
    told = week(values, Kind.GLUCOSE)
    assert told.sentence.format(**told.parameters) == "Glucose in range 2 of 8 times."
    assert [day.place for day in told.days] == [
        Place.IN_TARGET,
        Place.LOW,
        Place.CRISIS,
        Place.HIGH_AND_LOW,
        Place.VERY_LOW,
        Place.HIGH,
        Place.UNKNOWN,
    ]
    assert told.days[2].first is None
    assert told.shown == (Decimal("7.6"),)
    assert (told.highest, told.lowest, told.place) == (
        Decimal("12.0"),
        Decimal("3.8"),
        Place.CRISIS,
    )


def test_a_week_of_hi_has_no_mean() -> None:
    told = week([glucose("HI", "2026-01-07 07:30")], Kind.GLUCOSE)
    assert (told.mean, told.highest, told.in_range) == ((), None, 0)


def test_limits_for_the_line_under_a_chart() -> None:
    pressure, ranges = trends.limits(PROFILE, PLAN, NOW)
    assert (pressure.systolic, pressure.diastolic) == (135, 85)
    assert set(ranges) == set(MealContext)


def test_a_mean_just_under_a_limit_is_not_shown_as_the_limit() -> None:
    uppers = (90, 90, 90, 89)
    low = week(
        [
            bp(upper, 61, f"2026-01-0{day} 08:00")
            for day, upper in zip(range(5, 9), uppers, strict=True)
        ]
    )
    assert (low.place, low.shown) == (Place.LOW, (Decimal(89), Decimal(61)))


def test_a_low_is_never_in_range_whatever_the_doctor_s_range() -> None:
    plan = make_plan(make_target(other_low="3.5", other_high="10"))
    since, until = stretch(Period.WEEK, NOW, 480)
    values = [glucose("3.7", "2026-01-10 08:00"), glucose("5.0", "2026-01-10 12:00")]
    told = summary(values, DIABETIC, plan, since, until, NOW, kind=Kind.GLUCOSE)
    assert (told.in_range, told.count, told.place) == (1, 2, Place.VERY_LOW)
