"""Targets and how a reading stands against them."""

from datetime import date
from decimal import Decimal

import pytest

from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.plans import HealthGroup
from carehub.care.readings import MealContext, Setting, Unit
from carehub.care.series import Series
from carehub.care.standing import Place, judge
from carehub.care.targets import glucose_range, health_group, home_of_office, pressure_target
from tests.helpers.builders import bp, glucose, make_plan, make_profile, make_target, rulebook

D = Decimal
TODAY = date(2026, 1, 5)
YOUNG = make_profile(born=date(1980, 1, 1))
OLD = make_profile(born=date(1946, 1, 5))  # 80 today


def limits(target: object) -> tuple[Decimal, Decimal]:
    return target.systolic, target.diastolic  # type: ignore[attr-defined]  # a PressureTarget


@pytest.mark.parametrize(
    ("born", "setting", "expected"),
    [
        (date(1980, 1, 1), Setting.HOME, (135, 85)),
        (None, Setting.HOME, (135, 85)),
        (date(1946, 1, 6), Setting.HOME, (135, 85)),
        (date(1946, 1, 5), Setting.HOME, (140, 85)),
        (date(1980, 1, 1), Setting.KIOSK, (140, 90)),
        (date(1946, 1, 5), Setting.CLINIC, (150, 90)),
    ],
)
def test_targets_by_age_and_place(
    born: date | None, setting: Setting, expected: tuple[int, int]
) -> None:
    target = pressure_target(make_profile(born=born), make_plan(), setting, TODAY)
    assert limits(target) == expected
    assert not target.by_doctor


@pytest.mark.parametrize(
    ("office", "home"),
    [
        ((140, 90), (135, 85)),
        ((150, 90), (140, 85)),
        ((160, 100), (145, 90)),
        ((170, 110), (150, 95)),
        ((130, 80), (130, 80)),
        ((120, 70), (130, 80)),
        ((135, 85), (133, 83)),
    ],
)
def test_a_doctors_target_is_mapped_home_and_has_a_floor(
    office: tuple[int, int], home: tuple[int, int]
) -> None:
    plan = make_plan(make_target(systolic=office[0], diastolic=office[1]))
    target = pressure_target(YOUNG, plan, Setting.HOME, TODAY)
    assert limits(target) == home
    assert target.by_doctor
    kiosk = pressure_target(YOUNG, plan, Setting.KIOSK, TODAY)
    assert limits(kiosk) == (max(office[0], 130), max(office[1], 80))


def test_a_doctor_may_go_below_the_floor_and_may_set_one_axis() -> None:
    plan = make_plan(make_target(systolic=120), below_floor=True)
    assert limits(pressure_target(YOUNG, plan, Setting.HOME, TODAY)) == (120, 85)
    assert home_of_office(rulebook()["TARGET-BP"], "systolic", D(110)) == 110


@pytest.mark.parametrize(
    ("codes", "told", "expected"),
    [
        ((), None, HealthGroup.GOOD),
        ((ConditionCode.COGNITIVE_IMPAIRMENT,), None, HealthGroup.MODERATE),
        ((ConditionCode.FRAILTY,), None, HealthGroup.MODERATE),
        (
            (ConditionCode.HYPERTENSION, ConditionCode.STROKE, ConditionCode.DIABETES_TYPE_2),
            None,
            HealthGroup.GOOD,
        ),
        (
            (ConditionCode.HYPERTENSION, ConditionCode.STROKE, ConditionCode.KIDNEY_DISEASE),
            None,
            HealthGroup.MODERATE,
        ),
        ((), HealthGroup.POOR, HealthGroup.POOR),
    ],
)
def test_health_groups(
    codes: tuple[ConditionCode, ...], told: HealthGroup | None, expected: HealthGroup
) -> None:
    assert health_group(make_profile(*codes), make_plan(health_group=told)) is expected


INSULIN = [MedicineClass.INSULIN]


@pytest.mark.parametrize(
    ("group", "medicines", "fasting", "bedtime"),
    [
        (HealthGroup.GOOD, [], ("5.0", "7.2"), ("5.0", "8.3")),
        (HealthGroup.GOOD, INSULIN, ("5.0", "8.3"), ("5.6", "10.0")),
        (HealthGroup.MODERATE, [], ("5.0", "8.3"), ("5.6", "10.0")),
        (HealthGroup.MODERATE, INSULIN, ("5.6", "8.3"), ("8.3", "10.0")),
        (HealthGroup.POOR, [], ("5.6", "10.0"), ("6.1", "11.1")),
        (HealthGroup.POOR, INSULIN, ("5.6", "10.0"), ("8.3", "13.9")),
    ],
)
def test_personal_ranges_from_65_on(
    group: HealthGroup,
    medicines: list[MedicineClass],
    fasting: tuple[str, str],
    bedtime: tuple[str, str],
) -> None:
    profile = make_profile(medicines=medicines)
    plan = make_plan(health_group=group)
    for context, expected in ((MealContext.FASTING, fasting), (MealContext.BEDTIME, bedtime)):
        own = glucose_range(profile, plan, context, TODAY)
        assert (own.low, own.high) == (D(expected[0]), D(expected[1]))


def test_general_adults_stay_below_ten_after_meals() -> None:
    own = glucose_range(YOUNG, make_plan(), MealContext.AFTER_MEAL, TODAY)
    assert own.above(D("10.0"))
    assert not own.above(D("9.9"))
    fasting = glucose_range(YOUNG, make_plan(), MealContext.FASTING, TODAY)
    assert not fasting.above(D("7.0"))
    assert (fasting.below(D("4.3")), fasting.below(D("4.4"))) == (True, False)


def test_a_doctors_range_goes_first() -> None:
    plan = make_plan(make_target(fasting_low=5, fasting_high=8, other_high=12))
    fasting = glucose_range(YOUNG, plan, MealContext.BEFORE_MEAL, TODAY)
    assert (fasting.low, fasting.high, fasting.by_doctor) == (5, 8, True)
    other = glucose_range(YOUNG, plan, MealContext.RANDOM, TODAY)
    assert (other.low, other.high, other.above(D(12))) == (D("4.4"), 12, False)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "place", "state"),
    [
        (128, 82, Place.IN_TARGET, "in_target"),
        (135, 84, Place.HIGH, "high"),
        (134, 85, Place.HIGH, "high"),
        (85, 70, Place.LOW, "low"),
        (120, 55, Place.LOW, "low"),
        (90, 60, Place.IN_TARGET, "in_target"),
        (150, 55, Place.HIGH_AND_LOW, "high"),
        (180, 55, Place.CRISIS, "crisis"),
        (170, 110, Place.CRISIS, "crisis"),
    ],
)
def test_each_axis_is_judged_for_itself(
    systolic: int, diastolic: int, place: Place, state: str
) -> None:
    judged = judge(bp(systolic, diastolic), make_profile(), make_plan())
    assert (judged.place, judged.state) == (place, state)
    assert judged.in_target == (place is Place.IN_TARGET)
    assert judged.words


def test_a_series_is_judged_by_its_mean_and_shown_without_contradiction() -> None:
    three = [bp(134, 80), bp(135, 80, "2026-01-05 07:31"), bp(135, 80, "2026-01-05 07:32")]
    judged = judge(Series.of(three), make_profile(), make_plan())
    assert judged.in_target
    assert judged.shown == (134, 80)


def test_the_place_of_measuring_counts() -> None:
    kiosk = bp(138, 88, setting=Setting.KIOSK)
    assert judge(kiosk, make_profile(), make_plan()).in_target
    assert not judge(bp(138, 88), make_profile(), make_plan()).in_target
    assert judge(bp(138, 84), OLD, make_plan()).in_target


@pytest.mark.parametrize(
    ("value", "context", "place"),
    [
        ("6.1", MealContext.FASTING, Place.IN_TARGET),
        ("4.6", MealContext.FASTING, Place.LOW),
        ("3.8", MealContext.FASTING, Place.VERY_LOW),
        ("7.3", MealContext.FASTING, Place.HIGH),
        ("16.7", MealContext.RANDOM, Place.CRISIS),
        ("HI", MealContext.RANDOM, Place.CRISIS),
        ("LO", MealContext.RANDOM, Place.VERY_LOW),
    ],
)
def test_glucose_stands(value: str, context: MealContext, place: Place) -> None:
    judged = judge(glucose(value, context=context), make_profile(), make_plan())
    assert judged.place is place
    assert judged.state == ("crisis" if place in (Place.CRISIS, Place.VERY_LOW) else place.value)


def test_without_a_number_nothing_is_judged() -> None:
    assert judge(bp("NaN", 80), make_profile(), make_plan()).state == ""
    assert judge(glucose("NaN"), make_profile(), make_plan()).place is Place.UNKNOWN
    assert judge(glucose(110, unit=Unit.MG_DL), make_profile(), make_plan()).shown == (D("6.1"),)
