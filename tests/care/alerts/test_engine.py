"""The engine: quiet hours, bundles, repeats, snooze, acknowledgement, who is told and when."""

from dataclasses import replace

import pytest

from carehub.care.alerts import (
    Audience,
    Level,
    Reason,
    Standing,
    State,
    acknowledge,
    advance,
    evaluate,
    snooze,
    snooze_limit,
)
from carehub.care.alerts.engine import alert_id
from carehub.care.alerts.notice import is_quiet
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.readings import Flag, Symptom
from carehub.errors import NotAllowed
from tests.helpers.builders import (
    DAY,
    HOUR,
    MINUTE,
    PERSON,
    at,
    bp,
    glucose,
    make_plan,
    make_profile,
    uid,
)
from tests.helpers.household import Household

START = at("2026-01-05 07:30")
PATIENT = make_profile(ConditionCode.HYPERTENSION)


def crisis(home: Household, when: str = "2026-01-05 07:30") -> None:
    home.take(bp(205, 100, when))


def test_the_same_alert_has_the_same_id_on_every_machine() -> None:
    reading = bp(205, 100)
    one, other = Household(), Household()
    one.take(reading)
    other.take(bp(120, 75, "2026-01-01 07:30"), reading)
    assert one.open("BP-EXT").id == other.open("BP-EXT").id
    assert one.open("BP-EXT").id == alert_id(PERSON, "BP-EXT", str(reading.id))


def test_an_older_reading_that_arrives_late_does_not_double_the_alert() -> None:
    home = Household(PATIENT)
    home.take(*[bp(150, 90, START + i * DAY) for i in range(2, 7)])
    raised = home.open("BP-HIGH")
    late = [bp(150, 90, START + i * DAY, received=START + 6 * DAY + HOUR) for i in range(2)]
    home.take(*late)
    assert home.open("BP-HIGH").id == raised.id


def test_urgent_alerts_climb_the_ladder_until_somebody_has_seen_them() -> None:
    home = Household()
    crisis(home)
    told = home.until("2026-01-05 10:00")
    assert [(n.at - START) // MINUTE for n in told] == [15, 30, 45, 60]
    assert Audience.SECOND_CARER in told[0].audience
    assert Audience.DOCTOR in told[3].audience
    assert home.open("BP-EXT").due_at is None


def test_an_acknowledged_alert_is_silent_until_a_new_dangerous_value() -> None:
    home = Household()
    crisis(home)
    home.put(acknowledge(home.open("BP-EXT"), "daughter", START + MINUTE))
    seen = home.open("BP-EXT")
    assert (seen.state, seen.acknowledged_by) == (State.ACKNOWLEDGED, "daughter")
    assert not home.until("2026-01-05 09:00")
    # Measuring again within a quarter of an hour does not start the alarm anew.
    home.put(replace(seen, acknowledged_at=at("2026-01-05 08:55")))
    assert not home.take(bp(206, 100, "2026-01-05 09:01"))
    told = home.take(bp(207, 100, "2026-01-05 12:00"))
    assert [(n.rule, n.reason) for n in told] == [("BP-EXT", Reason.AGAIN)]
    assert home.open("BP-EXT").state is State.ACTIVE


def test_an_emergency_that_was_dismissed_speaks_again_with_a_new_one() -> None:
    home = Household()
    pain = [Symptom.CHEST_PAIN]
    home.take(bp(185, 100, symptoms=pain))
    assert not home.take(bp(186, 100, START + MINUTE, symptoms=pain))
    home.put(acknowledge(home.open("BP-CRIT-S"), "daughter", START + 2 * MINUTE))
    told = home.take(bp(187, 100, START + HOUR, symptoms=pain))
    assert [(n.rule, n.level, n.continuous) for n in told] == [("BP-CRIT-S", Level.L4, True)]
    assert home.open("BP-CRIT-S").state is State.ACTIVE


def test_acknowledging_twice_or_too_late_changes_nothing() -> None:
    home = Household()
    crisis(home)
    gone = replace(home.open("BP-EXT"), state=State.RESOLVED)
    assert acknowledge(gone, "x", START) == gone
    assert snooze(gone, 5, START) == gone


@pytest.mark.parametrize(("minutes", "allowed"), [(0, False), (1, True), (15, True), (16, False)])
def test_an_urgent_alert_may_sleep_a_quarter_of_an_hour(minutes: int, allowed: bool) -> None:
    home = Household()
    crisis(home)
    alert = home.open("BP-EXT")
    if not allowed:
        with pytest.raises(NotAllowed, match="15 minutes"):
            snooze(alert, minutes, START)
        return
    home.put(snooze(alert, minutes, START))
    told = home.until(START + minutes * MINUTE)
    assert [n.reason for n in told] == [Reason.AGAIN]
    assert home.open("BP-EXT").snoozed_until is None


def test_an_emergency_cannot_be_put_off() -> None:
    home = Household()
    home.take(bp(185, 100, symptoms=[Symptom.CHEST_PAIN]))
    alert = home.open("BP-CRIT-S")
    assert snooze_limit(alert) == 0
    with pytest.raises(NotAllowed, match="cannot be put off"):
        snooze(alert, 5, START)


def test_attention_may_sleep_an_hour_but_low_glucose_a_quarter() -> None:
    home = Household(PATIENT)
    home.take(bp(150, 90))
    assert snooze_limit(home.open("BP-HIGH1")) == 60
    low = Household()
    low.take(glucose("3.7"))
    assert (low.open("G-LO1").level, snooze_limit(low.open("G-LO1"))) == (Level.L1, 15)


def test_quiet_hours_hold_back_attention_but_nothing_urgent() -> None:
    plan = make_plan()
    assert is_quiet(plan, at("2026-01-05 21:30"))
    assert is_quiet(plan, at("2026-01-05 06:29"))
    assert not is_quiet(plan, at("2026-01-05 06:30"))
    assert not is_quiet(plan, at("2026-01-05 21:29"))
    early = replace(plan, quiet_from=60, quiet_until=120)
    assert is_quiet(early, at("2026-01-05 01:00"))
    assert not is_quiet(early, at("2026-01-05 02:00"))
    home = Household(PATIENT)
    high = [bp(150, 90, f"2026-01-{day:02d} 22:00") for day in range(5, 9)]
    assert not home.take(*high)
    told = home.until("2026-01-09 07:59")
    assert "BP-HIGH" not in {n.rule for n in told}
    told = home.until("2026-01-09 08:00")
    assert [(n.rule, n.reason) for n in told] == [("BP-HIGH", Reason.BUNDLE)]
    assert home.open("BP-HIGH").due_at == at("2026-01-16 08:00")
    night = Household()
    crisis(night, "2026-01-05 02:00")
    assert [n.level for n in night.notices] == [Level.L3]


def test_a_notice_that_waits_for_the_morning_waits_longer_when_mornings_are_quiet() -> None:
    home = Household(PATIENT, make_plan(quiet_from=0, quiet_until=24 * 60))
    home.take(bp(150, 90))
    assert not home.until(START + 3 * DAY - MINUTE)


def test_small_things_come_together_in_the_morning() -> None:
    home = Household(PATIENT)
    home.take(
        bp(150, 90, "2026-01-05 09:00"),
        bp(150, 90, "2026-01-05 09:01", flags=[Flag.BODY_MOVEMENT]),
        glucose("6.5", "2026-01-05 09:02", context=glucose("6.5").context.FASTING),
    )
    assert not home.notices
    (bundle,) = home.until("2026-01-06 08:00")
    assert (bundle.reason, bundle.level, len(bundle.alerts)) == (Reason.BUNDLE, Level.L1, 3)
    assert bundle.text == "A few things to look at today."
    assert not home.until("2026-01-07 09:00")


def test_no_more_than_a_few_notices_a_day() -> None:
    profile = make_profile(
        ConditionCode.HYPERTENSION,
        ConditionCode.DIABETES_TYPE_2,
        medicines=[MedicineClass.GLUCOSE_LOWERING],
    )
    home = Household(profile)
    history = [bp(150, 90, START + i * DAY, pulse=105, flags=[]) for i in range(4)] + [
        glucose("14.5", START + 3 * DAY + hour * HOUR) for hour in (0, 3, 6)
    ]
    home.take(*sorted(history, key=lambda r: r.taken_at))
    day = [n for n in home.notices if n.level <= Level.L2 and n.at >= START + 3 * DAY]
    assert len(day) <= 3
    told = home.until(START + 5 * DAY)
    named = {alert_id for n in home.notices for alert_id in n.alerts}
    assert told
    assert {a.id for a in home.alerts.values() if a.open and a.level is Level.L2} <= named


def test_attention_tells_the_family_in_the_next_mornings_digest() -> None:
    home = Household(PATIENT)
    home.take(*[bp(150, 90, START + i * DAY) for i in range(4)])
    (notice,) = [n for n in home.notices if n.rule == "BP-HIGH"]
    assert notice.family_digest_at == at("2026-01-08 08:00")
    assert notice.audience == (Audience.SELF,)


def test_a_recheck_is_asked_for_at_once_and_when_the_rest_is_over() -> None:
    home = Household()
    told = home.take(bp(182, 95, "2026-01-05 23:00"))
    assert [(n.level, n.reason) for n in told] == [(Level.L2, Reason.RAISED)]
    told = home.until("2026-01-05 23:05")
    assert [(n.reason, n.text) for n in told] == [
        (Reason.RECHECK, "You have rested. Now measure again.")
    ]
    home.until("2026-01-05 23:31")
    assert home.open("BP-CRIT").state is State.ACTIVE
    assert home.open("BP-CRIT").due_at == at("2026-01-06 08:00")


def test_an_acknowledged_recheck_that_never_came_is_not_lost() -> None:
    home = Household()
    home.take(bp(182, 95))
    home.put(acknowledge(home.open("BP-CRIT"), "self", START + MINUTE))
    assert not home.until(START + 6 * MINUTE)
    assert home.open("BP-CRIT").state is State.ACKNOWLEDGED
    told = home.until("2026-01-05 08:01")
    assert [(n.rule, n.reason) for n in told] == [("BP-CRIT", Reason.RAISED)]
    # The next dangerous value starts the wait anew, in the same alert.
    told = home.take(bp(184, 95, "2026-01-05 12:00"))
    assert [n.reason for n in told] == [Reason.RECHECK]
    assert home.open("BP-CRIT").state is State.PENDING


def test_attention_that_was_seen_before_its_morning_comes_again_in_a_week() -> None:
    home = Household(PATIENT)
    home.take(*[bp(150, 90, f"2026-01-{day:02d} 22:00") for day in range(5, 9)])
    home.put(acknowledge(home.open("BP-HIGH"), "self", at("2026-01-08 22:01")))
    home.round("2026-01-08 22:02")
    told = home.until("2026-01-09 12:00")
    assert "BP-HIGH" not in {n.rule for n in told}
    assert home.open("BP-HIGH").due_at == at("2026-01-15 22:02")


def test_a_confirmed_crisis_keeps_its_id_and_rises() -> None:
    home = Household()
    home.take(bp(182, 95))
    pending = home.open("BP-CRIT")
    home.until("2026-01-05 07:35")
    told = home.take(bp(183, 95, "2026-01-05 07:36"), bp(184, 95, "2026-01-05 07:37"))
    assert [(n.level, n.reason) for n in told] == [(Level.L3, Reason.GRAVER)]
    assert home.open("BP-CRIT").id == pending.id
    assert home.open("BP-CRIT").raised_at == pending.raised_at


def test_a_graver_rule_of_the_family_takes_over() -> None:
    home = Household()
    home.take(bp(182, 95))
    pending = home.open("BP-CRIT").id
    home.take(bp(205, 100, "2026-01-05 07:35"))
    assert home.alerts[pending].state is State.SUPERSEDED
    assert home.rules() == {"BP-EXT"}


def test_an_urgent_alert_that_nobody_saw_does_not_shrink_or_expire() -> None:
    home = Household()
    home.take(bp(88, 65, symptoms=[Symptom.FAINT]))
    home.take(bp(88, 65, START + 4 * HOUR))
    assert home.open("BP-LOW").level is Level.L3
    home.until(START + 40 * DAY)
    assert home.open("BP-LOW").level is Level.L3
    home.put(acknowledge(home.open("BP-LOW"), "self", START + 40 * DAY))
    home.round(START + 40 * DAY + MINUTE)
    assert "BP-LOW" not in home.rules()
    assert {a.state for a in home.alerts.values() if a.rule == "BP-LOW"} == {State.EXPIRED}


def test_after_it_was_seen_the_level_follows_the_readings() -> None:
    home = Household()
    home.take(bp(88, 65, symptoms=[Symptom.FAINT]))
    home.put(acknowledge(home.open("BP-LOW"), "self", START + MINUTE))
    home.take(bp(88, 65, START + 4 * HOUR))
    assert home.open("BP-LOW").level is Level.L2


def test_what_only_holds_opens_nothing_but_a_crisis() -> None:
    home = Household(PATIENT)
    high = [bp(150, 90, START + i * DAY) for i in range(5)]
    held = [bp(132, 82, START + (5 + i) * DAY) for i in range(6)]
    home.history = high + held
    assert not [n for n in home.round(START + 11 * DAY) if n.rule == "BP-HIGH"]
    held_crisis = Household()
    held_crisis.history = [
        bp(185, 95),
        bp(185, 95, START + MINUTE),
        bp(185, 95, START + 2 * MINUTE),
        bp(177, 95, START + 5 * MINUTE),
    ]
    assert [n.level for n in held_crisis.round(START + 6 * MINUTE)] == [Level.L3]


def test_other_peoples_alerts_are_left_alone() -> None:
    home = Household()
    crisis(home)
    other = replace(home.open("BP-EXT"), id=uid("other"), person_id=uid("somebody else"))
    step = advance(PERSON, (other,), (), make_plan(), START)
    assert step.changed == ()
    assert step.next_due is None


def test_replaced_by_a_new_episode_the_old_alert_ends() -> None:
    home = Household()
    crisis(home)
    home.history += [
        bp(140, 80, START + HOUR, received=START + 2 * DAY),
        bp(204, 100, START + 2 * DAY),
    ]
    home.round(START + 2 * DAY)
    states = sorted(a.state for a in home.alerts.values() if a.rule == "BP-EXT")
    assert states == [State.ACTIVE, State.RESOLVED]


def test_next_due_wakes_the_round_in_time() -> None:
    home = Household()
    home.take(bp(182, 95))
    assert home.next_due == START + 5 * MINUTE
    home.round(START + 5 * MINUTE)
    assert home.next_due == START + 30 * MINUTE + 1


def test_findings_that_are_over_open_nothing() -> None:
    history = [bp(205, 100), bp(140, 80, START + HOUR)]
    found = evaluate(history, make_profile(), make_plan(), START + HOUR)
    assert Standing.CLEAR in {f.standing for f in found if f.rule == "BP-EXT"}
    step = advance(PERSON, (), found, make_plan(), START + HOUR)
    assert "BP-EXT" not in {a.rule for a in step.changed}
