"""The blood-pressure rules beyond the vectors, one by one."""

from datetime import date

import pytest

from carehub.care.alerts import Level, Standing, evaluate, evaluate_unassigned
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import Flag, Posture, Reading, Setting, Symptom, TimeQuality
from tests.helpers.builders import (
    DAY,
    HOUR,
    MINUTE,
    at,
    bp,
    make_plan,
    make_profile,
    make_target,
)
from tests.helpers.household import Household, live

START = at("2026-01-05 07:30")
SOON = "2026-01-05 07:31"
PATIENT = make_profile(ConditionCode.HYPERTENSION, medicines=[MedicineClass.ANTIHYPERTENSIVE])


def daily(values: list[tuple[int, int]], *, start: int = START, hours: int = 12) -> list[Reading]:
    """Return one reading every so many hours."""
    return [bp(s, d, start + i * hours * HOUR) for i, (s, d) in enumerate(values)]


def after(history: list[Reading]) -> int:
    return history[-1].taken_at + MINUTE


@pytest.mark.parametrize(
    ("systolic", "diastolic", "rules"),
    [
        (179, 109, set()),
        (180, 60, {"BP-CRIT"}),
        (120, 110, {"BP-CRIT"}),
        (199, 119, {"BP-CRIT"}),
        (200, 100, {"BP-CRIT", "BP-EXT"}),
        (160, 120, {"BP-CRIT", "BP-EXT"}),
    ],
)
def test_crisis_limits(systolic: int, diastolic: int, rules: set[str]) -> None:
    found = live([bp(systolic, diastolic)], SOON)
    assert set(found) & {"BP-CRIT", "BP-EXT"} == rules


@pytest.mark.parametrize(
    "symptom",
    sorted(
        {
            "chest_pain",
            "breathless",
            "weak_side",
            "speech_trouble",
            "severe_headache",
            "vomiting",
            "vision_loss",
            "confused",
            "seizure",
        }
    ),
)
def test_each_emergency_symptom_makes_a_crisis_an_emergency(symptom: str) -> None:
    found = live([bp(181, 90, symptoms=[Symptom(symptom)])], SOON)
    assert found["BP-CRIT-S"].level is Level.L4
    assert found["BP-CRIT-S"].inputs["symptoms"] == [symptom]
    assert "BP-CRIT-S" not in live([bp(179, 90, symptoms=[Symptom(symptom)])], SOON)


def test_a_symptom_told_with_the_recheck_counts() -> None:
    history = [bp(182, 95), bp(178, 95, "2026-01-05 07:36", symptoms=[Symptom.CHEST_PAIN])]
    assert live(history, "2026-01-05 07:37")["BP-CRIT-S"].level is Level.L4


def test_an_emergency_stays_until_a_person_has_dismissed_it() -> None:
    from carehub.care.alerts import acknowledge

    home = Household()
    home.take(bp(182, 95, symptoms=[Symptom.CHEST_PAIN]))
    home.take(bp(140, 80, "2026-01-05 07:36"), bp(140, 80, "2026-01-05 07:37"))
    assert home.open("BP-CRIT-S").level is Level.L4
    home.until("2026-01-09 07:30")
    home.put(acknowledge(home.open("BP-CRIT-S"), "daughter", at("2026-01-09 07:31")))
    home.round("2026-01-09 07:32")
    assert "BP-CRIT-S" not in home.rules()


def test_one_recheck_alone_decides_when_no_second_comes() -> None:
    still = [bp(182, 95), bp(184, 95, "2026-01-05 07:36")]
    assert live(still, "2026-01-05 07:40")["BP-CRIT"].standing is Standing.CONFIRM
    assert live(still, "2026-01-05 08:01")["BP-CRIT"].level is Level.L3
    fine = [bp(182, 95), bp(150, 85, "2026-01-05 07:36")]
    assert "BP-CRIT" not in live(fine, "2026-01-05 08:01")


def test_the_mean_of_the_rechecks_decides() -> None:
    def crit(second: int, third: int) -> Level:
        history = [
            bp(190, 95),
            bp(second, 95, "2026-01-05 07:36"),
            bp(third, 95, "2026-01-05 07:37"),
        ]
        found = live(history, "2026-01-05 07:38").get("BP-CRIT")
        return found.level if found else Level.L0

    assert crit(182, 178) is Level.L3
    assert crit(182, 177) is Level.L0


def test_a_confirmed_crisis_holds_between_its_limits_and_clears_below() -> None:
    crisis = [bp(185, 95), bp(185, 95, "2026-01-05 07:36"), bp(185, 95, "2026-01-05 07:37")]
    held = [*crisis, bp(176, 95, "2026-01-05 09:00")]
    assert live(held, "2026-01-05 09:01")["BP-CRIT"].standing is Standing.HOLD
    assert "BP-CRIT" not in live([*held, bp(174, 95, "2026-01-05 09:30")], "2026-01-05 09:31")
    # Twice fine within the same sitting is enough, once is not.
    once = [*crisis, bp(150, 80, "2026-01-05 07:39")]
    assert live(once, "2026-01-05 07:40")["BP-CRIT"].standing is Standing.HOLD
    assert "BP-CRIT" not in live([*once, bp(150, 80, "2026-01-05 07:40")], "2026-01-05 07:41")


def test_a_day_later_the_next_dangerous_value_is_rechecked_anew() -> None:
    crisis = [bp(185, 95), bp(185, 95, "2026-01-05 07:36"), bp(185, 95, "2026-01-05 07:37")]
    same_day = live([*crisis, bp(185, 95, "2026-01-05 20:00")], "2026-01-05 20:01")
    assert same_day["BP-CRIT"].level is Level.L3
    later = live([*crisis, bp(185, 95, "2026-01-07 08:00")], "2026-01-07 08:01")
    assert later["BP-CRIT"].standing is Standing.CONFIRM
    assert later["BP-CRIT"].episode == same_day["BP-CRIT"].episode
    much_later = live([*crisis, bp(185, 95, "2026-01-25 08:00")], "2026-01-25 08:01")
    assert much_later["BP-CRIT"].episode != same_day["BP-CRIT"].episode


def test_a_doubted_reading_is_rechecked_before_it_may_be_urgent() -> None:
    loose = bp(210, 125, flags=[Flag.CUFF_LOOSE])
    found = live([loose], SOON)
    assert "BP-EXT" not in found
    assert (found["BP-CRIT"].level, found["BP-CRIT"].standing) == (Level.L1, Standing.CONFIRM)
    assert live([loose], "2026-01-05 08:30")["BP-CRIT"].level is Level.L1
    again = [loose, bp(190, 100, "2026-01-05 07:36"), bp(188, 100, "2026-01-05 07:37")]
    assert live(again, "2026-01-05 07:38")["BP-CRIT"].level is Level.L3


@pytest.mark.parametrize(
    ("flag", "word"),
    [
        (Flag.CUFF_LOOSE, "loose"),
        (Flag.BODY_MOVEMENT, "moved"),
        (Flag.BAD_POSITION, "arm"),
        (Flag.PULSE_OUT_OF_RANGE, "pulse"),
    ],
)
def test_quality_is_a_notice_and_keeps_l2_away(flag: Flag, word: str) -> None:
    history = [bp(150, 95, START + i * 12 * HOUR, flags=[flag]) for i in range(8)]
    found = live(history, after(history), PATIENT)
    assert found["BP-Q"].level is Level.L1
    assert word in found["BP-Q"].text
    assert max(f.level for f in found.values()) is Level.L1
    fine = [*history, bp(120, 75, after(history) + HOUR)]
    assert "BP-Q" not in live(fine, after(fine), PATIENT)


def test_a_lone_irregular_pulse_is_no_alert() -> None:
    assert not live([bp(120, 75, flags=[Flag.IRREGULAR_PULSE])], SOON)


def test_irregular_in_two_sittings_or_most_of_one() -> None:
    irregular = [Flag.IRREGULAR_PULSE]
    two = [bp(120, 75, flags=irregular), bp(120, 75, START + 3 * DAY, flags=irregular)]
    assert live(two, after(two))["BP-IHB"].level is Level.L2
    far = [bp(120, 75, flags=irregular), bp(120, 75, START + 8 * DAY, flags=irregular)]
    assert "BP-IHB" not in live(far, after(far))
    one = [bp(120, 75, START + i * MINUTE, flags=irregular if i else ()) for i in range(3)]
    assert live(one, after(one))["BP-IHB"].level is Level.L2
    moving = [
        bp(120, 75, START + i * DAY, flags=[Flag.IRREGULAR_PULSE, Flag.BODY_MOVEMENT])
        for i in range(3)
    ]
    assert "BP-IHB" not in live(moving, after(moving))
    over = [*two, *daily([(120, 75)] * 20, start=START + 4 * DAY)]
    assert "BP-IHB" not in live(over, after(over))


def test_low_twice_in_a_week_is_attention() -> None:
    two = [bp(88, 65), bp(120, 75, START + DAY), bp(88, 65, START + 2 * DAY)]
    assert live(two, after(two))["BP-LOW"].level is Level.L2
    far = [bp(88, 65), bp(88, 65, START + 8 * DAY)]
    assert live(far, after(far))["BP-LOW"].level is Level.L1


@pytest.mark.parametrize(
    ("symptom", "level"),
    [
        (Symptom.FAINT, Level.L3),
        (Symptom.FELL, Level.L3),
        (Symptom.BLACK_OUT, Level.L3),
        (Symptom.SYNCOPE, Level.L4),
        (Symptom.FEVER, Level.L1),
    ],
)
def test_low_with_what_is_felt(symptom: Symptom, level: Level) -> None:
    assert live([bp(88, 65, symptoms=[symptom])], SOON)["BP-LOW"].level is level


def test_low_holds_up_to_its_clear_limit() -> None:
    held = [bp(88, 65), bp(92, 65, START + HOUR)]
    assert live(held, after(held))["BP-LOW"].standing is Standing.HOLD
    clear = [bp(88, 65), bp(95, 65, START + HOUR)]
    assert "BP-LOW" not in live(clear, after(clear))


def test_standing_up() -> None:
    def test(seated: tuple[int, int], stood: tuple[int, int], day: int = 0) -> list[Reading]:
        when = START + day * DAY
        return [
            bp(*seated, when),
            bp(*stood, when + 2 * MINUTE, posture=Posture.STANDING_1_MIN),
        ]

    first = test((140, 80), (120, 79))
    found = live(first, after(first))["BP-ORTH"]
    assert (found.level, found.inputs["drop_systolic_mmhg"]) == (Level.L1, "20")
    assert "BP-ORTH" in live(test((140, 80), (138, 70)), START + HOUR)
    assert "BP-ORTH" not in live(test((140, 80), (121, 71)), START + HOUR)
    second = first + test((140, 80), (118, 75), day=2)
    assert live(second, after(second))["BP-ORTH"].level is Level.L2
    over = second + test((140, 80), (138, 80), day=3)
    assert "BP-ORTH" not in live(over, after(over))


def test_standing_without_a_seated_reading_before_says_nothing() -> None:
    stood = bp(110, 70, START + HOUR, posture=Posture.STANDING_3_MIN)
    assert "BP-ORTH" not in live([bp(150, 90), stood], START + 2 * HOUR)
    kiosk = bp(150, 90, START + 58 * MINUTE, setting=Setting.KIOSK)
    assert "BP-ORTH" not in live([kiosk, stood], START + 2 * HOUR)
    assert "BP-ORTH" not in live([stood], START + 2 * HOUR)


def test_a_fast_or_slow_pulse_twice() -> None:
    def with_pulses(*pulses: int) -> list[Reading]:
        return [bp(120, 75, START + i * DAY, pulse=p) for i, p in enumerate(pulses)]

    assert "BP-HR" not in live(with_pulses(101), START + DAY)
    two = with_pulses(101, 105)
    assert live(two, after(two))["BP-HR"].level is Level.L2
    mixed = with_pulses(105, 45)
    assert "BP-HR" not in live(mixed, after(mixed))
    slow = with_pulses(45, 80, 49)
    assert live(slow, after(slow))["BP-HR"].level is Level.L2
    held = with_pulses(101, 105, 98)
    assert live(held, after(held))["BP-HR"].standing is Standing.HOLD
    clear = with_pulses(101, 105, 95)
    assert "BP-HR" not in live(clear, after(clear))


def test_a_grave_pulse_is_confirmed_by_the_next_reading() -> None:
    one = [bp(120, 75, pulse=135)]
    assert live(one, SOON)["BP-HR"].standing is Standing.CONFIRM
    two = [*one, bp(120, 75, START + 6 * MINUTE, pulse=134)]
    found = live(two, after(two))["BP-HR"]
    assert (found.level, found.inputs["pulse"]) == (Level.L3, "134")
    fine = [*one, bp(120, 75, START + 6 * MINUTE, pulse=90)]
    assert "BP-HR" not in live(fine, after(fine))
    slow = [bp(120, 75, pulse=39), bp(120, 75, START + 6 * MINUTE, pulse=38)]
    assert live(slow, after(slow))["BP-HR"].level is Level.L3
    clear = [*two, bp(120, 75, START + 2 * HOUR, pulse=100)]
    assert "BP-HR" not in live(clear, after(clear))


def test_rising_by_ten_over_a_week() -> None:
    before = daily([(120, 75)] * 16)
    rise = daily([(131, 75)] * 14, start=before[-1].taken_at + 12 * HOUR)
    found = live(before + rise, after(rise))["BP-TREND"]
    assert (found.level, found.inputs["change_systolic_mmhg"]) == (Level.L2, "11")
    small = daily([(129, 75)] * 15, start=before[-1].taken_at + 12 * HOUR)
    assert "BP-TREND" not in live(before + small, after(small))
    lower = daily([(120, 80)] * 15, start=before[-1].taken_at + 12 * HOUR)
    assert "BP-TREND" in live(before + lower, after(lower))


def test_a_rise_holds_until_half_of_it_is_gone() -> None:
    history = daily([(120, 75)] * 40)
    history += daily([(134, 75)] * 10, start=after(history) + 12 * HOUR)
    assert live(history, after(history))["BP-TREND"].standing is Standing.RAISE
    history += daily([(120, 75)] * 5, start=after(history) + 12 * HOUR)
    assert live(history, after(history))["BP-TREND"].standing is Standing.HOLD
    history += daily([(120, 75)] * 10, start=after(history) + 12 * HOUR)
    assert "BP-TREND" not in live(history, after(history))


def test_a_drop_counts_on_treatment_and_under_110() -> None:
    before = daily([(125, 75)] * 16)
    drop = daily([(106, 70)] * 15, start=before[-1].taken_at + 12 * HOUR)
    history = before + drop
    assert live(history, after(history), PATIENT)["BP-DROP"].level is Level.L2
    assert "BP-DROP" not in live(history, after(history))
    high = daily([(140, 75)] * 16) + daily([(124, 70)] * 15, start=START + 8 * DAY)
    assert "BP-DROP" not in live(high, after(high), PATIENT)


def test_a_drop_clears() -> None:
    history = daily([(125, 75)] * 40)
    history += daily([(104, 70)] * 16, start=after(history) + 12 * HOUR)
    assert "BP-DROP" in live(history, after(history), PATIENT)
    history += daily([(111, 70)] * 13, start=after(history) + 12 * HOUR)
    assert live(history, after(history), PATIENT)["BP-DROP"].standing is Standing.HOLD
    history += daily([(120, 70)] * 14, start=after(history) + 12 * HOUR)
    assert "BP-DROP" not in live(history, after(history), PATIENT)


def test_high_mornings_are_for_the_report_only() -> None:
    history = []
    for day in range(5):
        history += [bp(138, 80, START + day * DAY), bp(125, 78, START + day * DAY + 12 * HOUR)]
    found = live(history, after(history))["BP-MORN"]
    assert (found.level, found.inputs["mornings"]) == (Level.L0, 5)
    home = Household()
    assert not [n for n in home.take(*history) if n.rule == "BP-MORN"]
    both = [bp(138, 80, START + i * 12 * HOUR) for i in range(10)]
    assert "BP-MORN" not in live(both, after(both))


def test_a_wide_pulse_pressure_is_for_the_report_only() -> None:
    history = daily([(132, 70)] * 8)
    found = live(history, after(history))["BP-PP"]
    assert (found.level, found.inputs["pulse_pressure_mmhg"]) == (Level.L0, "62")
    young = make_profile(born=date(1990, 1, 1))
    assert "BP-PP" not in live(history, after(history), young)
    history += daily([(130, 72)] * 10, start=after(history) + 12 * HOUR)
    assert live(history, after(history))["BP-PP"].standing is Standing.HOLD
    history += daily([(120, 72)] * 14, start=after(history) + 12 * HOUR)
    assert "BP-PP" not in live(history, after(history))


def test_high_needs_four_sittings_on_three_days() -> None:
    two_days = daily([(150, 90)] * 8, hours=5)
    assert "BP-HIGH" not in live(two_days, after(two_days))
    three = daily([(150, 90)] * 3, hours=24)
    assert "BP-HIGH" not in live(three, after(three))
    enough = daily([(150, 90)] * 4, hours=24)
    assert live(enough, after(enough))["BP-HIGH"].level is Level.L2


def test_high_wants_three_high_sittings_not_one_peak() -> None:
    peak = daily([(170, 80), (134, 80), (134, 80), (134, 80), (134, 80)], hours=24)
    assert "BP-HIGH" not in live(peak, after(peak))


def test_the_doctors_target_counts() -> None:
    history = daily([(137, 80)] * 6, hours=24)
    plan = make_plan(make_target(systolic=150, diastolic=90))
    assert "BP-HIGH" in live(history, after(history), PATIENT)
    assert "BP-HIGH" not in live(history, after(history), PATIENT, plan)


def test_kiosk_readings_are_held_against_the_office_target() -> None:
    kiosk = [bp(138, 88, START + i * DAY, setting=Setting.KIOSK) for i in range(6)]
    assert not live(kiosk, after(kiosk))
    mixed = [r if i % 2 else bp(141, 84, r.taken_at) for i, r in enumerate(kiosk)]
    assert "BP-HIGH" in live(mixed, after(mixed))


def test_high_holds_and_clears_five_below() -> None:
    high = daily([(150, 90)] * 6, hours=24)
    held = high + daily([(132, 82)] * 14, start=after(high) + 12 * HOUR)
    found = live(held, after(held), PATIENT)["BP-HIGH"]
    assert found.standing is Standing.HOLD
    assert "not yet come down" in found.text
    clear = held + daily([(128, 79)] * 14, start=after(held) + 12 * HOUR)
    assert "BP-HIGH" not in live(clear, after(clear), PATIENT)


def test_once_high_clears_five_below_and_ends_after_three_days() -> None:
    assert "BP-HIGH1" in live([bp(136, 80)], SOON)
    held = [bp(136, 80), bp(132, 80, START + HOUR)]
    assert live(held, after(held))["BP-HIGH1"].standing is Standing.HOLD
    clear = [bp(136, 80), bp(129, 79, START + HOUR)]
    assert "BP-HIGH1" not in live(clear, after(clear))
    assert "BP-HIGH1" not in live([bp(136, 80)], START + 4 * DAY)
    stood = bp(150, 90, posture=Posture.STANDING_1_MIN)
    assert "BP-HIGH1" not in live([stood], SOON)


def test_missed_measuring_is_quiet_and_reaches_the_family_last() -> None:
    home = Household(PATIENT)
    home.take(bp(120, 75))
    told = home.until(START + 11 * DAY)
    days = [(n.at - START) // DAY for n in told]
    assert days == [7, 9, 10]
    assert [n.level for n in told] == [Level.L1] * 3
    assert [len(n.audience) for n in told] == [1, 1, 2]
    assert "BP-MISS" not in live([bp(120, 75)], START + 30 * DAY)


def test_nobody_who_never_measured_is_reminded_before_their_file_is_a_week_old() -> None:
    from dataclasses import replace

    profile = replace(PATIENT, person=replace(PATIENT.person, created_at=START))
    assert "BP-MISS" not in live([], START + 6 * DAY, profile)
    assert "BP-MISS" in live([], START + 7 * DAY, profile)
    assert not live([], START + 30 * DAY, PATIENT)


def test_unset_clocks_raise_nothing_and_skewed_ones_are_marked() -> None:
    assert not live([bp(205, 100, time_quality=TimeQuality.UNSET)], SOON)
    skewed = bp(205, 100, time_quality=TimeQuality.SKEWED)
    assert live([skewed], SOON)["BP-EXT"].clock_suspect


def test_nobodys_reading_shows_only_what_cannot_wait() -> None:
    plan = make_plan()
    now = at(SOON)
    nobody = [bp(205, 100, person_id=None), bp(88, 65, START + 1, person_id=None)]
    assert [f.rule for f in evaluate_unassigned(nobody, plan, now)] == ["BP-EXT"]
    assert not evaluate(nobody, make_profile(), plan, now)
    assert not evaluate_unassigned(nobody, plan, now + 3 * HOUR)
    assert not evaluate_unassigned([bp(205, 100)], plan, now)


def test_an_emergency_out_of_the_memory_of_a_meter_is_history() -> None:
    old = bp(205, 100, received=START + 3 * HOUR, symptoms=[Symptom.CHEST_PAIN])
    found = live([old], START + 3 * HOUR)
    assert max(f.level for f in found.values()) is Level.L2
    assert "If they are there now" in found["BP-CRIT-S"].text
    ancient = bp(205, 100, received=START + 60 * DAY)
    assert not live([ancient], START + 60 * DAY)


def test_a_reading_without_a_receipt_counts_as_fresh() -> None:
    from dataclasses import replace

    assert live([replace(bp(205, 100), received_at=0)], SOON)["BP-EXT"].level is Level.L3


def test_a_sitting_that_was_a_crisis_and_is_none_any_more_is_still_a_high_one() -> None:
    history = [bp(190, 95), bp(181, 95, "2026-01-05 07:36"), bp(178, 95, "2026-01-05 07:37")]
    found = live(history, "2026-01-05 07:38")
    assert found["BP-HIGH1"].level is Level.L1
    assert "BP-CRIT" not in found
