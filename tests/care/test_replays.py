"""Profiles and rows as text, and what a replay makes of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import process_time

import pytest

from carehub.care.alerts import Level, State
from carehub.care.people import ConditionCode, MedicineClass, Sex
from carehub.care.profiles import Described, parse_profile
from carehub.care.readings import Flag, MealContext, Posture, Setting, Symptom, Unit
from carehub.care.replay import ReplayedAlert, replay
from carehub.care.rows import readings_of
from carehub.errors import InputError
from tests.helpers.builders import DAY, HOUR, MINUTE, at, bp, make_plan, make_profile, rulebook

PRESSURES = "taken_at,systolic,diastolic,pulse\n"
SUGARS = "taken_at,glucose_mmol,context\n"


def described(text: str = "default") -> Described:
    return parse_profile(text, rulebook())


def run(csv: str, profile: str = "default") -> list[ReplayedAlert]:
    who = described(profile)
    return replay(readings_of(csv, who), who.profile, who.plan)


def test_the_short_form() -> None:
    who = described("age=72, hypertension, insulin, female, target=150/90, kiosk, 胸痛")
    assert who.profile.person.age_on(date(2026, 1, 1)) == 72
    assert who.profile.person.sex is Sex.FEMALE
    assert who.profile.has(ConditionCode.HYPERTENSION)
    assert who.profile.takes(MedicineClass.INSULIN)
    assert (who.plan.target.systolic, who.plan.target.diastolic) == (150, 90)
    assert (who.setting, who.symptoms) == (Setting.KIOSK, {Symptom.CHEST_PAIN})


def test_the_json_form() -> None:
    who = described(
        '{"name": "x", "born": "1950-02-03", "sex": "m", "conditions": ["T2DM", {"code": "AF"}],'
        ' "medicines": ["metformin", {"class": "su", "name": "格列美脲"}, "vitamin"],'
        ' "target": {"systolic": 140, "fasting_high": 7.5}, "setting": "clinic",'
        ' "symptoms": ["chest pain"]}'
    )
    assert who.profile.person.born == date(1950, 2, 3)
    assert who.profile.diabetic
    assert who.profile.has(ConditionCode.ATRIAL_FIBRILLATION)
    assert who.profile.risks_low_glucose
    assert who.profile.takes(MedicineClass.OTHER)
    assert who.plan.target.fasting_high == Decimal("7.5")
    assert who.symptoms == {Symptom.CHEST_PAIN}
    assert described('{"age": 0, "condition": "copd", "sex": "unknown"}').profile.person.born


@pytest.mark.parametrize("text", ["", "default", " DEFAULT "])
def test_the_default_is_nobody_in_particular(text: str) -> None:
    who = described(text)
    assert who.profile.person.born is None
    assert not who.profile.conditions


@pytest.mark.parametrize(
    "text",
    [
        "dragon",
        "age=old",
        "age=131",
        "age=7.5",
        "age=-3",
        "sex=x",
        "born=yesterday",
        "target=high",
        "target=0/90",
        "wings=2",
        "target=NaN/90",
        '{"age": 72',
        '{"medicines": [{"class": "dragon"}]}',
        '{"target": {"height": 3}}',
        '{"target": 3}',
        '{"symptoms": ["dragon"]}',
    ],
)
def test_an_unknown_word_is_named_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as caught:
        described(text)
    assert "Mend it" in caught.value.sentence()


def test_rows_are_read_with_and_without_a_zone() -> None:
    text = (
        "\ufeffTaken_at, SYS, dia, pulse, unit, symptoms, flags, setting, posture\n"
        "2026-01-05 07:30,128,82,70,,,,,\n"
        "2026-01-05T07:30:30+09:00,17.1,10.9,,kPa,胸痛;fever,irregular movement,kiosk,standing\n"
    )
    first, second = readings_of(text, described())
    assert (first.taken_at, first.zone_offset) == (at("2026-01-05 07:30"), 480)
    assert first.received_at == first.taken_at
    assert (second.unit, second.v3, second.zone_offset) == (Unit.KPA, None, 540)
    assert second.taken_at == at("2026-01-05 06:30") + MINUTE // 2
    assert second.symptoms == {Symptom.CHEST_PAIN, Symptom.FEVER}
    assert second.flags == {Flag.IRREGULAR_PULSE, Flag.BODY_MOVEMENT}
    assert (second.setting, second.posture) == (Setting.KIOSK, Posture.STANDING_1_MIN)


def test_sugar_rows() -> None:
    text = (
        SUGARS + "2026-01-05 07:30,6.1,空腹\n2026-01-05 08:30,hi,\n2026-01-05 08:30,LO,after meal\n"
    )
    first, second, third = readings_of(text, described("clinic"))
    assert (first.v1, first.context, first.setting) == (
        Decimal("6.1"),
        MealContext.FASTING,
        Setting.CLINIC,
    )
    assert (second.v1, second.text, second.context) == (None, "HI", MealContext.RANDOM)
    assert (third.text, third.context) == ("LO", MealContext.AFTER_MEAL)
    (milli,) = readings_of("taken_at,glucose_mgdl\n2026-01-05 07:30,110\n", described())
    assert milli.unit is Unit.MG_DL


def test_two_equal_rows_are_two_readings() -> None:
    row = "2026-01-05 07:30,128,82,70\n"
    assert len({r.id for r in readings_of(PRESSURES + row + row, described())}) == 2


@pytest.mark.parametrize(
    "row",
    [
        "2026-01-05 07:30,,82,70",
        "2026-01-05 07:30,abc,82,70",
        "2026-01-05 07:30,NaN,82,70",
        "2026-01-05 07:30,128,82,70,9",
        "2026-13-05 07:30,128,82,70",
        ",128,82,70",
        "2026-01-05 07:30+23:00,128,82,70",
        "2026-01-05 07:30",
        '2026-01-05 07:30,"128\x00,82,70',
    ],
)
def test_a_bad_row_is_named_by_its_line(row: str) -> None:
    with pytest.raises(InputError, match="Line 3"):
        readings_of(PRESSURES + "2026-01-05 07:30,128,82,70\n" + row + "\n", described())


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("unit", "mmol/L"),
        ("unit", "furlong"),
        ("symptoms", "dragon"),
        ("flags", "x"),
        ("posture", "x"),
    ],
)
def test_an_unknown_word_in_a_row_is_named_by_its_line(column: str, word: str) -> None:
    text = f"taken_at,systolic,diastolic,{column}\n2026-01-05 07:30,128,82,{word}\n"
    with pytest.raises(InputError, match="Line 2"):
        readings_of(text, described())


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "taken_at,systolic\n", "taken_at,context\n"])
def test_columns_must_be_named(text: str) -> None:
    with pytest.raises(InputError, match="first line"):
        readings_of(text, described())


def test_a_fine_recheck_was_never_raised() -> None:
    alerts = run(
        PRESSURES
        + "2026-01-05 07:30,182,95,70\n2026-01-05 07:36,150,88,70\n2026-01-05 07:37,148,86,70\n"
    )
    assert [(a.rule, a.level) for a in alerts] == [("BP-HIGH1", Level.L1)]


def test_an_urgent_alert_is_told_four_times_when_nobody_answers() -> None:
    (alert,) = run(PRESSURES + "2026-01-05 07:30,205,100,70\n")
    assert (alert.rule, alert.level, alert.raised_at) == (
        "BP-EXT",
        Level.L3,
        at("2026-01-05 07:30"),
    )
    assert [t - alert.raised_at for t in alert.renotified_at] == [
        15 * MINUTE,
        30 * MINUTE,
        45 * MINUTE,
        60 * MINUTE,
    ]
    assert alert.cleared_at is None
    assert alert.inputs["systolic"] == "205"


def test_without_a_recheck_it_is_raised_after_half_an_hour() -> None:
    (alert,) = run(PRESSURES + "2026-01-05 07:30,182,95,70\n")
    assert (alert.rule, alert.level) == ("BP-CRIT", Level.L2)
    assert alert.raised_at == at("2026-01-05 08:00") + 1
    assert "not been measured again" in alert.text


def test_a_late_recheck_raises_the_same_alert_in_level() -> None:
    text = PRESSURES + "".join(
        f"2026-01-05 {time},185,95,70\n" for time in ("07:30", "09:00", "09:06", "09:07")
    )
    (alert,) = run(text)
    assert (alert.rule, alert.level) == ("BP-CRIT", Level.L3)
    assert alert.raised_at == at("2026-01-05 08:00") + 1


def test_a_crisis_clears_with_a_later_sitting() -> None:
    text = PRESSURES + "2026-01-05 07:30,205,100,70\n2026-01-05 09:00,150,80,70\n"
    crisis = [a for a in run(text) if a.rule == "BP-EXT"]
    assert [(a.state, a.cleared_at) for a in crisis] == [(State.RESOLVED, at("2026-01-05 09:00"))]


def test_missing_measurements_are_reminded_of_between_rows_but_not_after_the_last() -> None:
    text = PRESSURES + "2026-01-05 07:30,128,80,70\n2026-01-20 07:30,128,80,70\n"
    (alert,) = run(text, "hypertension")
    assert (alert.rule, alert.level) == ("BP-MISS", Level.L1)
    assert alert.raised_at == at("2026-01-12 07:30")
    assert alert.cleared_at == at("2026-01-20 07:30")
    assert not run(text)


def test_rows_that_cannot_be_true_are_left_out() -> None:
    assert not run(PRESSURES + "2026-01-05 07:30,400,95,70\n")
    assert not run(PRESSURES)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [
        "2026-01-05 07:30,182,95,70\n",
        "2026-01-05 07:36,186,95,70\n",
        "2026-01-05 07:37,186,95,70\n",
    ]
    assert run(PRESSURES + "".join(rows)) == run(PRESSURES + "".join(reversed(rows)))


def test_voided_readings_are_left_out() -> None:
    who = described()
    readings = [
        replace(r, voided=True) for r in readings_of(PRESSURES + "2026-01-05 07:30,205,99,70", who)
    ]
    assert not replay(readings, who.profile, who.plan)


def test_an_l4_is_one_continuous_notice() -> None:
    alerts = run("taken_at,systolic,diastolic,symptoms\n2026-01-05 07:30,182,95,说话不清\n")
    assert [(a.rule, a.level, a.renotified_at) for a in alerts] == [("BP-CRIT-S", Level.L4, ())]


@pytest.mark.unmeasured
def test_ten_years_of_daily_readings_cost_little_each() -> None:
    start = at("2016-01-01 07:30")
    profile, plan = make_profile(ConditionCode.HYPERTENSION), make_plan()
    readings = [bp(125 + day % 25, 80, start + day * DAY) for day in range(1500)]

    def cost(count: int) -> float:
        began = process_time()
        replay(readings[:count], profile, plan)
        return process_time() - began

    cost(50)
    assert cost(1500) < 12 * cost(300)  # five times as many: linear, with room for noise


@pytest.mark.unmeasured
def test_a_dense_day_makes_no_endless_lists() -> None:
    start = at("2026-01-01 07:30")
    readings = [bp(150, 90, start + i * HOUR // 4) for i in range(700)]
    profile, plan = make_profile(ConditionCode.HYPERTENSION), make_plan()
    high = [a for a in replay(readings, profile, plan) if a.rule == "BP-HIGH"]
    assert len(high) == 1
