"""The vectors that blood pressure and glucose must hold, each by its name."""

from carehub.care.alerts import Level, Standing, State
from carehub.care.alerts.notice import Audience
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import MealContext, Symptom
from tests.helpers.builders import MINUTE, at, bp, glucose, make_profile
from tests.helpers.household import Household, gravest, live

SOON = "2026-01-05 07:31"
ON_INSULIN = make_profile(
    ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.INSULIN]
)  # 71 years old
PATIENT = make_profile(ConditionCode.HYPERTENSION)


def test_85_over_70_is_low() -> None:
    found = live([bp(85, 70)], SOON)
    assert found["BP-LOW"].level is Level.L1
    assert "BP-HIGH1" not in found


def test_120_over_55_is_low() -> None:
    assert live([bp(120, 55)], SOON)["BP-LOW"].level is Level.L1


def test_150_over_55_is_high_and_low() -> None:
    assert {"BP-LOW", "BP-HIGH1"} <= set(live([bp(150, 55)], SOON))


def test_182_then_two_fine_rechecks_is_no_l3() -> None:
    home = Household()
    home.take(bp(182, 95))
    assert home.open("BP-CRIT").state is State.PENDING
    assert home.open("BP-CRIT").level is Level.L2
    told = home.take(bp(150, 88, "2026-01-05 07:36"), bp(148, 86, "2026-01-05 07:37"))
    assert gravest(told) < Level.L3  # type: ignore[arg-type]  # notices have a level too
    assert "BP-CRIT" not in home.rules()


def test_182_three_times_is_l3() -> None:
    home = Household()
    home.take(bp(182, 95), bp(182, 95, "2026-01-05 07:36"))
    told = home.take(bp(182, 95, "2026-01-05 07:37"))
    assert [(n.rule, n.level) for n in told] == [("BP-CRIT", Level.L3)]
    assert home.open("BP-CRIT").state is State.ACTIVE


def test_182_with_unclear_speech_is_l4_at_once() -> None:
    home = Household()
    told = home.take(bp(182, 95, symptoms=[Symptom.SPEECH_TROUBLE]))
    assert [(n.rule, n.level, n.continuous) for n in told] == [("BP-CRIT-S", Level.L4, True)]
    assert Audience.EVERYONE in told[0].audience


def test_205_over_100_is_l3_immediately() -> None:
    told = Household().take(bp(205, 100))
    assert [(n.rule, n.level) for n in told] == [("BP-EXT", Level.L3)]


def test_five_sittings_with_a_mean_of_137_over_82_are_told_once_a_week_until_129_over_79() -> None:
    home = Household(PATIENT)
    home.take(
        bp(139, 84, "2026-01-05 07:30"),
        bp(139, 83, "2026-01-05 19:30"),
        bp(133, 80, "2026-01-06 07:30"),
        bp(141, 83, "2026-01-06 19:30"),
    )
    assert "BP-HIGH" not in home.rules()
    told = home.take(bp(133, 80, "2026-01-07 07:30"))
    assert [(n.rule, n.level) for n in told] == [("BP-HIGH", Level.L2)]
    raised = home.open("BP-HIGH")
    assert raised.inputs["mean_systolic_mmhg"] == "137"
    assert raised.inputs["mean_diastolic_mmhg"] == "82"
    assert (raised.inputs["sittings"], raised.inputs["high_sittings"]) == (5, 3)

    assert not home.take(bp(137, 82, "2026-01-08 07:30"))
    assert home.open("BP-HIGH").id == raised.id

    for day in range(9, 15):
        home.until(f"2026-01-{day:02d} 07:29")
        home.take(bp(137, 82, f"2026-01-{day:02d} 07:30"))
    assert len(home.open("BP-HIGH").renotified_at) == 1

    for day in range(15, 23):
        home.take(bp(129, 79, f"2026-01-{day:02d} 07:30"))
    assert home.alerts[raised.id].state is State.RESOLVED


def test_three_hours_old_is_l2_from_history() -> None:
    found = live([bp(182, 112, "2026-01-05 04:31", received=SOON)], SOON)["BP-CRIT"]
    assert (found.level, found.historic, found.standing) == (Level.L2, True, Standing.RAISE)
    assert found.text.startswith("An earlier record shows")


def test_two_days_old_is_l1() -> None:
    found = live([bp(182, 112, "2026-01-03 07:31", received=SOON)], SOON)["BP-CRIT"]
    assert (found.level, found.historic) == (Level.L1, True)


def test_a_future_date_is_a_suspect_clock_and_counts_from_its_receipt() -> None:
    found = live([bp(182, 112, "2026-02-01 07:31", received=SOON)], SOON)["BP-CRIT"]
    assert found.clock_suspect
    assert found.recheck_at == at(SOON) + 5 * MINUTE


def test_2_8_is_l3_with_a_timer_and_the_family_at_20_minutes() -> None:
    home = Household(ON_INSULIN)
    told = home.take(glucose("2.8"))
    assert ("G-LO2", Level.L3) in [(n.rule, n.level) for n in told]
    assert home.open("G-LO2").recheck_at == at("2026-01-05 07:45")
    assert not home.until("2026-01-05 07:44")
    told = home.until("2026-01-05 07:50")
    last = [n for n in told if n.rule == "G-LO2"][-1]
    assert last.at == at("2026-01-05 07:50")
    assert {Audience.FIRST_CARER, Audience.SECOND_CARER} <= set(last.audience)


def test_the_family_is_told_even_when_somebody_has_seen_2_8_but_nobody_rechecked() -> None:
    from carehub.care.alerts import acknowledge

    home = Household(ON_INSULIN)
    home.take(glucose("2.8"))
    home.put(acknowledge(home.open("G-LO2"), "self", at("2026-01-05 07:32")))
    told = home.until("2026-01-05 07:50")
    assert Audience.FIRST_CARER in told[-1].audience
    assert home.open("G-LO2").state is State.ACTIVE


def test_3_8_untreated_is_l1() -> None:
    assert live([glucose("3.8")], SOON)["G-LO1"].level is Level.L1


def test_3_8_treated_is_l3() -> None:
    assert live([glucose("3.8")], SOON, ON_INSULIN)["G-LO1"].level is Level.L3


def test_4_6_fasting_on_insulin_at_72_is_l1() -> None:
    found = live([glucose("4.6", context=MealContext.FASTING)], SOON, ON_INSULIN)
    assert {rule: f.level for rule, f in found.items()} == {"G-LOW-E": Level.L1}
    assert found["G-LOW-E"].inputs["range_low_mmol"] == "5"


def test_16_9_then_12_after_washing_hands_is_l1() -> None:
    for profile in (ON_INSULIN, make_profile()):
        home = Household(profile)
        home.take(glucose("16.9"))
        assert home.open("G-HI3").state is State.PENDING
        home.take(glucose("12.0", "2026-01-05 07:35"))
        assert "G-HI3" not in home.rules()
        assert {a.level for a in home.alerts.values() if a.open} == {Level.L1}


def test_17_2_twice_is_l3() -> None:
    told = Household(ON_INSULIN).take(glucose("17.2"), glucose("17.2", "2026-01-05 07:35"))
    assert ("G-HI3", Level.L3) in [(n.rule, n.level) for n in told]


def test_hi_with_vomiting_is_l4() -> None:
    told = Household().take(glucose("HI", symptoms=[Symptom.VOMITING]))
    assert [n.level for n in told] == [Level.L4]


def test_one_high_reading_tells_nobody_that_they_have_hypertension() -> None:
    assert "different days" in live([bp(150, 95)], SOON)["BP-HIGH1"].text
    assert "different days" not in live([bp(150, 95)], SOON, PATIENT)["BP-HIGH1"].text
