"""Units, believable values, civil time and series."""

import random
from decimal import Decimal

import pytest

from carehub.care import civil
from carehub.care.believable import Doubtful, Ok, Refused, check
from carehub.care.readings import Flag, Kind, Posture, Setting, Symptom, Unit
from carehub.care.series import Series, series_of
from carehub.care.units import (
    compared,
    convert,
    in_mmhg,
    in_mmol,
    shown,
    whole_beside,
)
from tests.helpers.builders import HOUR, MINUTE, at, bp, glucose, make_measurement, rulebook

D = Decimal


def test_conversion_is_exact() -> None:
    assert convert(D("17.1"), Unit.KPA, Unit.MMHG) == D("128.260602")
    assert convert(D("6.1"), Unit.MMOL_L, Unit.MG_DL) == D("109.8976")
    assert convert(D("128.260602"), Unit.MMHG, Unit.KPA) == D("17.1")
    assert convert(D("109.8976"), Unit.MG_DL, Unit.MMOL_L) == D("6.1")
    assert convert(D(5), Unit.KPA, Unit.KPA) == 5
    with pytest.raises(ValueError, match="no conversion"):
        convert(D(5), Unit.KPA, Unit.MG_DL)


@pytest.mark.parametrize(
    ("value", "unit", "into", "expected"),
    [
        ("11.3", Unit.KPA, Unit.MMHG, "85"),
        ("24.0", Unit.KPA, Unit.MMHG, "180"),
        ("70", Unit.MG_DL, Unit.MMOL_L, "3.9"),
        ("54", Unit.MG_DL, Unit.MMOL_L, "3.0"),
        ("250", Unit.MG_DL, Unit.MMOL_L, "13.9"),
        ("134.6", Unit.MMHG, Unit.MMHG, "134.6"),
        ("NaN", Unit.MMHG, Unit.MMHG, None),
        ("Infinity", Unit.KPA, Unit.MMHG, None),
        ("1E+400", Unit.KPA, Unit.MMHG, None),
        ("5", Unit.KPA, Unit.MMOL_L, None),
    ],
)
def test_compared(value: str, unit: Unit, into: Unit, expected: str | None) -> None:
    assert compared(D(value), unit, into) == (None if expected is None else D(expected))


def test_every_mmhg_survives_a_cuff_that_shows_kpa() -> None:
    for value in range(20, 301):
        kpa = D(shown(D(value), Unit.MMHG, Unit.KPA))
        assert in_mmhg(kpa, Unit.KPA) == value
    assert in_mmhg(D("120.5"), Unit.MMHG) == D("120.5")
    assert in_mmol(D(126), Unit.MG_DL) == D("7.0")
    assert in_mmol(D("7.05"), Unit.MMOL_L) == D("7.05")
    assert compared(None, Unit.MMHG, Unit.MMHG) is None


def test_a_shown_mean_never_contradicts_its_limit() -> None:
    assert whole_beside(D("134.7"), D(135)) == 134
    assert whole_beside(D("134.7"), D(140)) == 135
    assert whole_beside(D("134.4")) == 134
    assert whole_beside(D("89.6"), D(90)) == 89


@pytest.mark.parametrize(
    ("systolic", "diastolic", "pulse", "kind"),
    [
        (49, 30, 70, Refused),
        (50, 30, 70, Ok),
        (300, 200, 70, Doubtful),
        (301, 100, 70, Refused),
        (120, 19, 70, Refused),
        (60, 20, None, Ok),
        (250, 201, 70, Refused),
        (120, 111, 70, Refused),
        (120, 110, 70, Ok),
        (120, 80, 19, Refused),
        (120, 80, 20, Ok),
        (120, 80, 250, Ok),
        (120, 80, 251, Refused),
        (120, 80, "NaN", Refused),
        (260, 120, 70, Ok),
        (261, 120, 70, Doubtful),
        ("NaN", 80, 70, Refused),
        ("24.0", "12.0", 70, Refused),
    ],
)
def test_believable_pressures(
    systolic: object, diastolic: object, pulse: object, kind: type
) -> None:
    belief = check(bp(systolic, diastolic, pulse=pulse), rulebook())
    assert isinstance(belief, kind)


def test_believable_in_kpa_and_of_a_measurement() -> None:
    assert isinstance(check(bp("16.0", "10.7", unit=Unit.KPA), rulebook()), Ok)
    assert isinstance(check(make_measurement(), rulebook()), Ok)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("1.0", Refused), ("1.1", Ok), ("33.3", Ok), ("33.4", Refused), ("HI", Ok), ("LO", Ok)],
)
def test_believable_glucose(value: str, kind: type) -> None:
    assert isinstance(check(glucose(value), rulebook()), kind)


def test_a_refusal_says_why() -> None:
    belief = check(glucose("NaN"), rulebook())
    assert isinstance(belief, Refused)
    assert belief.reason == "The glucose number is missing. Please measure again."
    assert isinstance(check(bp(120, 80, unit=Unit.MG_DL), rulebook()), Refused)


def test_civil_days_begin_at_midnight_where_the_person_lives() -> None:
    moment = at("2026-01-05 00:00")
    day = civil.local_day(moment, 480)
    assert civil.local_day(moment - 1, 480) == day - 1
    assert civil.start_of_day(day, 480) == moment
    assert civil.local_date(moment, 480).isoformat() == "2026-01-05"
    assert civil.day_of(civil.local_date(moment, 480)) == day
    assert civil.local_minute(moment + HOUR, 480) == 60
    assert civil.next_minute_of_day(moment, 60, 480) == moment + HOUR
    assert civil.next_minute_of_day(moment + HOUR, 60, 480) == moment + 25 * HOUR
    assert civil.local_date(10**18, 0).year == 9999
    assert civil.local_date(-(10**18), 0).year == 1


def test_a_series_is_ten_minutes_at_most() -> None:
    start = at("2026-01-05 07:30")
    readings = [bp(120 + i, 80, start + i * 5 * MINUTE) for i in range(4)]
    random.Random(3).shuffle(readings)
    series = series_of(readings)
    assert [len(s.readings) for s in series] == [3, 1]
    assert series[0].mean == (D(121), D(80))
    assert (series[0].started_at, series[0].ended_at) == (start, start + 10 * MINUTE)


def test_series_keep_people_places_and_postures_apart() -> None:
    when = at("2026-01-05 07:30")
    others = [
        bp(120, 80, when),
        bp(121, 80, when + MINUTE, setting=Setting.KIOSK),
        bp(122, 80, when + 2 * MINUTE, posture=Posture.STANDING_1_MIN),
        bp(123, 80, when + 3 * MINUTE, person_id=None),
        glucose("6.1", when + 4 * MINUTE),
    ]
    series = series_of(others)
    assert len(series) == 5
    assert [s.standing for s in series] == [False, False, True, False, False]
    assert series[-1].mean == (D("6.1"),)
    assert series[-1].kind is Kind.GLUCOSE


def test_a_doubted_reading_is_left_out_of_the_mean_where_a_better_one_is_there() -> None:
    when = at("2026-01-05 07:30")
    moved = bp(170, 100, when, flags=[Flag.BODY_MOVEMENT], symptoms=[Symptom.FAINT])
    series = Series.of([moved, bp(130, 80, when + MINUTE)])
    assert (series.systolic, series.sound) == (D(130), True)
    assert series.flags == {Flag.BODY_MOVEMENT}
    assert series.symptoms == {Symptom.FAINT}
    alone = Series.of([moved])
    assert (alone.systolic, alone.sound) == (D(170), False)


def test_three_readings_outweigh_an_irregular_pulse() -> None:
    when = at("2026-01-05 07:30")
    three = [bp(130, 80, when + i * MINUTE, flags=[Flag.IRREGULAR_PULSE]) for i in range(3)]
    assert Series.of(three).sound
    assert not Series.of(three[:2]).sound


def test_a_series_in_kpa_has_its_mean_in_mmhg() -> None:
    series = Series.of([bp("18.0", "11.3", unit=Unit.KPA, pulse=None)])
    assert series.mean == (D(135), D(85))
    assert series.pulse is None
    assert Series.of([glucose("HI")]).mean == ()
