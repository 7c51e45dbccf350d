"""What a recheck may and may not do: nothing dangerous falls silent, nothing is told twice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carehub.care.alerts import Audience, Level, Reason, State, acknowledge
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import Flag, MealContext, Reading
from tests.helpers.builders import MINUTE, at, bp, glucose, make_profile, uid
from tests.helpers.household import Household

START = at("2026-01-05 09:00")
PATIENT = make_profile(ConditionCode.HYPERTENSION)
ON_INSULIN = make_profile(ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.INSULIN])
UNTREATED = make_profile()


def after(minutes: int) -> int:
    return START + minutes * MINUTE


def seen(home: Household, rule: str, minutes: int) -> None:
    home.put(acknowledge(home.open(rule), "王奶奶", after(minutes)))


@pytest.mark.parametrize("profile", [ON_INSULIN, UNTREATED])
def test_a_recheck_that_is_still_low_keeps_telling(profile) -> None:
    home = Household(profile)
    home.take(glucose("2.8", after(0)))
    told = home.take(glucose("3.5", after(15)))
    assert [(n.rule, n.reason) for n in told if n.level is Level.L3] == [("G-LO2", Reason.AGAIN)]
    assert home.open("G-LO2").due_at == after(30)
    assert home.until(after(30)), "nobody has said that they saw it"


def test_still_low_twice_tells_the_family_though_no_longer_under_three() -> None:
    home = Household(ON_INSULIN)
    home.take(glucose("2.8", after(0)), glucose("3.5", after(15)))
    told = home.take(glucose("3.6", after(30)))
    assert Audience.SECOND_CARER in told[0].audience
    assert home.open("G-LO2").inputs["family_told"]
    home.take(glucose("4.0", after(45)))
    assert home.open("G-LO2").due_at is None, "between 3.9 and 4.4 it is only watched"
    home.take(glucose("4.4", after(60)))
    assert "G-LO2" not in home.rules()


@pytest.mark.parametrize("when", [10, 12, 15])
def test_a_low_recheck_is_told_although_the_first_low_was_seen(when) -> None:
    home = Household(ON_INSULIN)
    home.take(glucose("2.8", after(0)))
    seen(home, "G-LO2", 1)
    told = home.take(glucose("2.7", after(when)))
    assert {n.rule for n in told if n.level is Level.L3} == {"G-LO2"}
    assert home.open("G-LO2").state is State.ACTIVE


def test_a_sensor_s_next_value_is_no_recheck() -> None:
    home = Household(ON_INSULIN)
    home.take(glucose("2.8", after(0)))
    seen(home, "G-LO2", 1)
    assert not home.take(glucose("2.7", after(5)))


LOOSE = frozenset({Flag.CUFF_LOOSE})
IRREGULAR = frozenset({Flag.IRREGULAR_PULSE})


@pytest.mark.parametrize(("first", "rule"), [((182, 95), "BP-CRIT"), ((205, 100), "BP-EXT")])
def test_a_loose_cuff_never_says_that_a_crisis_is_over(first, rule) -> None:
    home = Household(PATIENT)
    home.take(bp(first[0], first[1], after(0)))
    home.take(bp(120, 70, after(6), flags=LOOSE), bp(121, 71, after(8), flags=LOOSE))
    assert rule in home.rules()
    home.take(bp(150, 88, after(12)), bp(148, 86, after(14)))
    assert not {"BP-CRIT", "BP-EXT"} & home.rules()


def test_a_loose_cuff_that_shows_a_crisis_still_confirms_it() -> None:
    home = Household(PATIENT)
    home.take(bp(182, 95, after(0)))
    home.take(*[bp(184, 96, after(m), flags=LOOSE) for m in (6, 8)])
    assert home.open("BP-CRIT").level is Level.L3


def test_an_irregular_pulse_is_no_fault_of_the_recheck() -> None:
    home = Household(PATIENT)
    home.take(bp(182, 95, after(0)))
    home.take(*[bp(150, 88, after(m), flags=IRREGULAR) for m in (6, 8)])
    assert "BP-CRIT" not in home.rules()


def corrected(home: Household, old: Reading, minutes: int, **changes: object) -> list[object]:
    new = replace(
        old, id=uid(("new", minutes)), replaces=old.id, received_at=after(minutes), **changes
    )
    # The archive gives the rules only what is in force.
    home.history.remove(old)
    return [notice.rule for notice in home.take(new)]


def test_a_correction_does_not_raise_the_same_alert_again() -> None:
    home = Household(ON_INSULIN)
    low = glucose("2.8", after(0))
    home.take(low)
    before = {alert.id for alert in home.alerts.values()}
    assert corrected(home, low, 1, context=MealContext.FASTING) == []
    assert {alert.id for alert in home.alerts.values()} == before
    assert home.rules() == {"G-LO2", "G-LOREC"}


def test_a_correction_of_what_was_seen_is_silent_and_a_new_value_is_not() -> None:
    home = Household(PATIENT)
    high = bp(205, 100, after(0))
    home.take(high)
    seen(home, "BP-EXT", 1)
    assert corrected(home, high, 40, v2=Decimal(101)) == []
    assert home.open("BP-EXT").state is State.ACKNOWLEDGED
    assert home.take(bp(208, 101, after(60)))
