"""The glucose rules beyond the vectors, one by one."""

from dataclasses import replace
from datetime import date

import pytest

from carehub.care.alerts import Level, Standing
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import Flag, MealContext, Reading, Symptom, Unit
from tests.helpers.builders import DAY, HOUR, MINUTE, at, glucose, make_plan, make_profile
from tests.helpers.household import Household, live

START = at("2026-01-05 07:30")
SOON = "2026-01-05 07:31"
FASTING = MealContext.FASTING
ON_INSULIN = make_profile(ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.INSULIN])
ON_TABLETS = make_profile(ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.GLUCOSE_LOWERING])
WELL = make_profile()


def values(
    *numbers: object, context: MealContext = MealContext.RANDOM, hours: float = 24
) -> list[Reading]:
    """Return values every so many hours."""
    return [
        glucose(number, START + int(i * hours * HOUR), context) for i, number in enumerate(numbers)
    ]


def after(history: list[Reading]) -> int:
    return history[-1].taken_at + MINUTE


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ("2.9", {"G-LO2", "G-LOREC"}),
        ("3.0", {"G-LO1"}),
        ("3.8", {"G-LO1"}),
        ("3.9", {"G-LOW-E"}),
        ("LO", {"G-LO2", "G-LOREC"}),
    ],
)
def test_low_limits(value: str, rules: set[str]) -> None:
    assert set(live([glucose(value)], SOON, ON_INSULIN)) == rules


def test_mg_dl_has_its_own_round_limits() -> None:
    def rules(value: int) -> set[str]:
        return set(live([glucose(value, unit=Unit.MG_DL)], SOON, ON_TABLETS))

    assert rules(70) == set()
    assert rules(69) == {"G-LO1"}
    assert "G-LO2" in rules(53)
    assert "G-LO2" not in rules(54)


@pytest.mark.parametrize("value", ["2.8", "3.5", "LO"])
@pytest.mark.parametrize("symptom", [Symptom.CONFUSED, Symptom.CANNOT_SWALLOW])
def test_low_and_not_clear_is_an_emergency_without_food(value: str, symptom: Symptom) -> None:
    found = live([glucose(value, symptoms=[symptom])], SOON, WELL)
    rule = "G-LO1" if value == "3.5" else "G-LO2"
    assert found[rule].level is Level.L4
    assert "nothing to eat" in found[rule].text


def test_the_sugar_is_real_sugar() -> None:
    steps = live([glucose("2.8")], SOON, ON_INSULIN)["G-LO2"].advice
    assert any("15 g of sugar" in step and "not a sugar-free one" in step for step in steps)


def test_untreated_but_felt_is_urgent() -> None:
    felt = glucose("3.7", symptoms=[Symptom.FAINT])
    assert live([felt], SOON, WELL)["G-LO1"].level is Level.L3


def test_the_low_alarm_of_3_5_has_a_soft_tone() -> None:
    told = Household(ON_INSULIN).take(glucose("3.5"))
    assert [(n.rule, n.soft) for n in told] == [("G-LO1", True)]
    assert not any(n.soft for n in Household(ON_INSULIN).take(glucose("2.5")))


def test_low_is_over_at_4_4_and_silent_between() -> None:
    home = Household(ON_INSULIN)
    home.take(glucose("2.8"), glucose("4.1", START + 15 * MINUTE))
    assert home.open("G-LO2").due_at is None
    assert not [n for n in home.until(START + 2 * HOUR) if n.rule == "G-LO2"]
    told = home.take(glucose("2.9", START + 3 * HOUR))
    assert "G-LO2" in {n.rule for n in told}
    home.take(glucose("4.4", START + 4 * HOUR))
    assert "G-LO2" not in home.rules()


def test_low_twice_again_tells_the_family() -> None:
    home = Household(ON_INSULIN)
    home.take(glucose("2.8"), glucose("3.1", START + 15 * MINUTE))
    assert not home.open("G-LO2").inputs.get("family_told")
    told = home.take(glucose("2.9", START + 30 * MINUTE))
    assert home.open("G-LO2").inputs["family_told"]
    assert len(told[-1].audience) == 3


def test_low_twice_in_a_week_goes_to_the_doctor() -> None:
    two = values("3.5", "6.0", "3.7", hours=48)
    assert live(two, after(two), WELL)["G-LOREC"].level is Level.L2
    far = values("3.5", "3.7", hours=24 * 8)
    assert "G-LOREC" not in live(far, after(far), WELL)
    assert "G-LOREC" not in live(two, after(two) + 8 * DAY, WELL)


def test_the_lower_bound_is_for_those_at_risk() -> None:
    low = glucose("4.6", context=FASTING)
    assert "G-LOW-E" not in live([low], SOON, ON_TABLETS)
    held = [low, glucose("5.2", START + HOUR, FASTING)]
    assert live(held, after(held), ON_INSULIN)["G-LOW-E"].standing is Standing.HOLD
    clear = [low, glucose("5.5", START + HOUR, FASTING)]
    assert "G-LOW-E" not in live(clear, after(clear), ON_INSULIN)
    young = make_profile(medicines=[MedicineClass.SULFONYLUREA], born=date(1990, 1, 1))
    assert "G-LOW-E" not in live([low], SOON, young)


def test_hi_is_urgent_at_once_and_clears() -> None:
    found = live([glucose("HI")], SOON, ON_TABLETS)
    assert (found["G-HI-S"].level, found["G-HI-S"].inputs["glucose"]) == (Level.L3, "HI")
    held = [glucose("HI"), glucose("16.5", START + HOUR)]
    assert live(held, after(held), ON_TABLETS)["G-HI-S"].standing is Standing.HOLD
    clear = [glucose("HI"), glucose("16.1", START + HOUR)]
    assert "G-HI-S" not in live(clear, after(clear), ON_TABLETS)


def test_hi_and_lo_never_become_numbers() -> None:
    history = [*values("HI", "LO", "HI", hours=1)]
    for finding in live(history, after(history), ON_INSULIN).values():
        assert finding.inputs.get("glucose", "HI") in ("HI", "LO")


@pytest.mark.parametrize(
    "symptom",
    [
        Symptom.VOMITING,
        Symptom.BELLY_PAIN,
        Symptom.DEEP_BREATHING,
        Symptom.DROWSY,
        Symptom.FEVER,
    ],
)
def test_very_high_with_a_warning_sign_never_waits(symptom: Symptom) -> None:
    found = live([glucose("16.7", symptoms=[symptom])], SOON, ON_TABLETS)
    assert found["G-HI3"].level is Level.L4
    below = live([glucose("16.6", symptoms=[symptom])], SOON, ON_TABLETS)
    assert (below["G-HI2"].level, "G-HI3" in below) == (Level.L2, False)
    on_insulin = live([glucose("14.0", symptoms=[symptom])], SOON, ON_INSULIN)
    assert on_insulin["G-HI2"].level is Level.L3


def test_very_high_with_a_sign_clears_below_16_2() -> None:
    home = Household(ON_TABLETS)
    home.take(glucose("17", symptoms=[Symptom.FEVER]), glucose("16.4", START + HOUR))
    assert home.open("G-HI3").level is Level.L4
    assert live(home.history, START + HOUR, ON_TABLETS)["G-HI3"].standing is Standing.HOLD


def test_very_high_without_a_recheck_stays_as_attention() -> None:
    found = live([glucose("17.0")], START + HOUR, ON_TABLETS)["G-HI3"]
    assert (found.level, found.standing) == (Level.L2, Standing.RAISE)
    assert "not been measured again" in found.text


def test_high_twice_two_hours_apart() -> None:
    close = values("14", "14", hours=1.9)
    assert "G-HI2" not in live(close, after(close), ON_TABLETS)
    apart = values("14", "14", hours=2)
    assert live(apart, after(apart), ON_TABLETS)["G-HI2"].level is Level.L2
    assert live(apart, after(apart), ON_INSULIN)["G-HI2"].level is Level.L3
    between = values("14", "9", "14", hours=2)
    assert "G-HI2" not in live(between, after(between), ON_TABLETS)
    held = values("14", "13.6", "14", hours=2)
    assert "G-HI2" in live(held, after(held), ON_TABLETS)
    far = values("14", "14", hours=25)
    assert "G-HI2" not in live(far, after(far), ON_TABLETS)
    many = values("14", "14", "14", "14", hours=0.7)
    assert "G-HI2" in live(many, after(many), ON_TABLETS)
    limit = values("13.9", "13.9", hours=3)
    assert "G-HI2" not in live(limit, after(limit), ON_TABLETS)


def test_ketones_are_named_only_where_there_are_strips() -> None:
    apart = values("14", "14", hours=3)
    plain = live(apart, after(apart), ON_TABLETS)["G-HI2"].text
    strips = live(apart, after(apart), ON_TABLETS, make_plan(ketone_strips=True))["G-HI2"].text
    assert "ketone" not in plain
    assert "ketone" in strips


def test_three_of_five_above_the_range() -> None:
    three = values("7.5", "7.0", "7.5", "7.0", "7.5", context=FASTING)
    found = live(three, after(three), ON_TABLETS)["G-HIGH"]
    assert (found.level, found.inputs["high_values"]) == (Level.L2, 3)
    two = values("7.5", "7.0", "7.5", "7.0", "7.0", context=FASTING)
    assert "G-HIGH" not in live(two, after(two), ON_TABLETS)
    mixed = [*values("7.5", "7.5", context=FASTING), glucose("12", START + 3 * DAY)]
    assert "G-HIGH" not in live(mixed, after(mixed), ON_TABLETS)
    old = values("7.5", "7.5", "7.5", context=FASTING, hours=24 * 8)
    assert "G-HIGH" not in live(old, after(old), ON_TABLETS)
    assert "G-HIGH" not in live(three, after(three), WELL)


def test_three_of_five_in_range_clears() -> None:
    high = values("7.5", "7.5", "7.5", "7.0", "7.0", context=FASTING)
    assert live(high, after(high), ON_TABLETS)["G-HIGH"].standing is Standing.RAISE
    clear = values("7.5", "7.5", "7.5", "7.0", "7.0", "7.0", context=FASTING)
    assert "G-HIGH" not in live(clear, after(clear), ON_TABLETS)


def test_once_above_the_range_is_a_notice() -> None:
    assert live([glucose("10.1")], SOON, ON_TABLETS)["G-HIGH1"].level is Level.L1
    held = values("10.1", "9.8", hours=1)
    assert live(held, after(held), ON_TABLETS)["G-HIGH1"].standing is Standing.HOLD
    clear = values("10.1", "9.5", hours=1)
    assert "G-HIGH1" not in live(clear, after(clear), ON_TABLETS)


def test_fasting_rises_over_two_weeks() -> None:
    rising = values(*["6.0"] * 28, *["7.6"] * 14, context=FASTING)
    found = live(rising, after(rising), ON_TABLETS)["G-TREND"]
    assert (found.inputs["mean_mmol"], found.inputs["previous_mmol"]) == ("7.6", "6")
    flat = values(*["6.0"] * 28, *["7.4"] * 14, context=FASTING)
    assert "G-TREND" not in live(flat, after(flat), ON_TABLETS)
    held = values(*["6.0"] * 28, *["7.6"] * 14, *["6.0"] * 4, context=FASTING)
    assert live(held, after(held), ON_TABLETS)["G-TREND"].standing is Standing.HOLD
    over = values(*["6.0"] * 28, *["7.6"] * 14, *["6.0"] * 9, context=FASTING)
    assert "G-TREND" not in live(over, after(over), ON_TABLETS)


def test_undiagnosed_waits_for_another_day() -> None:
    once = live(values("7.0", context=FASTING), SOON, WELL)["G-UNDX"]
    assert (once.level, once.text) == (
        Level.L1,
        "Your glucose is above the recommended range. Measure again on another day before breakfast.",
    )
    same_day = values("7.0", "11.1", hours=5)
    assert live(same_day, after(same_day), WELL)["G-UNDX"].level is Level.L1
    two = [*values("7.0", context=FASTING), glucose("11.1", START + DAY)]
    found = live(two, after(two), WELL)["G-UNDX"]
    assert found.level is Level.L2
    assert "diabetes test" in found.text
    near = live(values("6.1", context=FASTING), SOON, WELL)["G-UNDX"]
    assert (near.level, "slightly" in near.text) == (Level.L1, True)
    months = values("7.0", "7.0", context=FASTING, hours=24 * 40)
    assert live(months, after(months), WELL)["G-UNDX"].level is Level.L1
    assert not live(values("6.0", context=FASTING), SOON, WELL)
    assert not live(values("11.0"), SOON, WELL)
    assert "G-UNDX" not in live(two, after(two), ON_TABLETS)
    assert "G-UNDX" not in live(two, after(two) + 29 * DAY, WELL)


def test_control_solution_never_counts() -> None:
    assert not live([glucose("2.0", flags=[Flag.CONTROL_SOLUTION])], SOON, ON_INSULIN)


def test_the_hba1c_is_due_after_ninety_days() -> None:
    plan = make_plan(last_hba1c=date(2026, 1, 5))
    home = Household(ON_TABLETS, plan)
    home.round(START)
    told = home.until(START + 110 * DAY)
    assert [n.rule for n in told] == ["G-A1C"] * 3
    assert [(n.at - START) // DAY for n in told] == [83, 90, 104]
    assert "G-A1C" not in live([], START + 110 * DAY, WELL, plan)
    assert "G-A1C" not in live([], START + 110 * DAY, ON_TABLETS)


def test_a_planned_measurement_that_was_missed() -> None:
    plan = make_plan(glucose_every=2)
    home = Household(ON_TABLETS, plan)
    home.take(glucose("6.0"))
    told = [n for n in home.until(START + 7 * DAY) if n.rule == "G-MISS"]
    assert [(n.at - START) // DAY for n in told] == [2, 5]
    assert [len(n.audience) for n in told] == [1, 2]


def test_nothing_is_missed_before_it_was_planned() -> None:
    plan = make_plan(glucose_every=2, glucose_since=START + 5 * DAY)
    home = Household(ON_TABLETS, plan)
    home.take(glucose("6.0"))
    told = [n for n in home.until(START + 9 * DAY) if n.rule == "G-MISS"]
    assert [(n.at - START) // DAY for n in told] == [7]
    assert "G-MISS" not in live([], START + 9 * DAY, ON_TABLETS, make_plan(glucose_every=0))


def test_the_age_of_a_value_gates_its_level() -> None:
    def arrived(hours: int) -> Level:
        late = glucose("2.5", received=START + hours * HOUR)
        return live([late], START + hours * HOUR, ON_INSULIN)["G-LO2"].level

    assert [arrived(2), arrived(3), arrived(24), arrived(25)] == [
        Level.L3,
        Level.L2,
        Level.L2,
        Level.L1,
    ]


def test_a_correction_ends_what_the_slip_raised() -> None:
    home = Household(ON_INSULIN)
    slip = glucose("2.6")
    home.take(slip)
    assert "G-LO2" in home.rules()
    right = replace(slip, id=glucose("6.2").id, v1=glucose("6.2").v1, replaces=slip.id)
    home.take(replace(right, received_at=START + 5 * MINUTE))
    assert home.rules() == set()


def test_each_new_low_starts_its_own_twenty_minutes() -> None:
    history = [glucose("3.5"), glucose("4.1", START + 15 * MINUTE), glucose("3.6", START + HOUR)]
    assert not live(history, START + HOUR, ON_INSULIN)["G-LO1"].tell_family
    assert live(history, START + HOUR + 20 * MINUTE, ON_INSULIN)["G-LO1"].tell_family
