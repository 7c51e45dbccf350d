"""What a file leaves open: order of dates and units, by the whole file; asked where in doubt."""

from decimal import Decimal

import pytest

from carehub.care.readings import Flag, Kind, MealContext, Unit
from carehub.errors import FileRefused, FileUnclear
from carehub.imports import dates, numbers, settling
from carehub.imports.formats import registry
from carehub.imports.rows import Answers, Dates, Raw, Why
from tests.helpers import notebooks as n

HEAD = "Date,Time,Glucose (mmol/L)\n"


def table(*days):
    return HEAD + "".join(f"{day},08:00,5.{number}\n" for number, day in enumerate(days))


def days_of(found):
    return [entry.taken_at // 86_400_000 for entry in found]


def test_one_day_above_twelve_settles_the_whole_file():
    european = n.entries(table("03/04/2025", "25/04/2025"))
    american = n.entries(table("04/03/2025", "04/25/2025"))
    assert days_of(european) == days_of(american)


def test_a_day_above_twelve_may_come_late(monkeypatch):
    monkeypatch.setattr(settling, "LOOKED_AT", 3)
    found = n.entries(table("03/04/2025", "04/04/2025", "05/04/2025", "06/04/2025", "25/04/2025"))
    assert days_of(found) == [20_181 + k for k in range(4)] + [20_203]


@pytest.mark.parametrize("sign", ["/", "-"])
def test_two_readings_are_asked_about(sign):
    text = table(f"03{sign}04{sign}2025", f"05{sign}04{sign}2025")
    with pytest.raises(FileUnclear) as told:
        n.rows(text)
    assert told.value.question == "dates"
    assert told.value.choices == ("dmy", "mdy")
    assert f"03{sign}04{sign}2025" in told.value.sentence()
    third = n.entries(text, Answers(dates=Dates.DMY))[0].taken_at
    fourth = n.entries(text, Answers(dates=Dates.MDY))[0].taken_at
    assert (third // 86_400_000, fourth // 86_400_000) == (20_181, 20_151)


def test_an_order_that_would_lie_in_the_future_is_not_the_one():
    (found,) = n.entries(table("10/12/2026"))  # read on 18 November 2026
    assert found.taken_at == 1_791_763_200_000 - 86_400_000 * 0  # 12 October
    with pytest.raises(FileUnclear):
        n.rows(table("12/10/2027"))  # both still to come


def test_day_and_month_that_are_equal_need_no_question():
    assert len(n.entries(table("04/04/2025", "05/05/2025"))) == 2


def test_a_file_that_mixes_both_orders_is_asked_about():
    with pytest.raises(FileUnclear) as told:
        n.rows(table("25/04/2025", "04/25/2025"))
    assert "mixes" in told.value.sentence()
    bad = n.refused(table("25/04/2025", "04/25/2025"), Answers(dates=Dates.DMY))
    assert bad == [(3, Why.BAD_TIME)]


@pytest.mark.parametrize(
    ("day", "order"),
    [
        ("24.04.2025", None),
        ("24.04.25", None),
        ("2025-04-24", None),
        ("2025/4/24", None),
        ("2025年4月24日", None),
        ("20250424", None),
        ("24 avr. 2025", None),
        ("Apr 24, 2025", None),
        ("24. April 2025", None),
        ("2025 kwi 24", None),
        ("24-04-2025", Dates.DMY),
        ("04-24-25", Dates.MDY),
        ("25-04-24", Dates.YMD),
    ],
)
def test_ways_to_write_a_day(day, order):
    at, zone = dates.moment(day, "7:05", order, 480)
    assert (at, zone) == (1_745_449_500_000, 480)


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [
        ("07:05", 425),
        ("7.05", 425),
        ("07:05:30.25", 425 + 0.504_166_7),
        ("7:05 am", 425),
        ("7:05 PM", 1145),
        ("12:05 AM", 5),
        ("12:05 p.m.", 725),
        ("下午7:05", 1145),
        ("7时05分", 425),
        ("07:05Z", 425 + 480),
        ("07:05 +09:00", 425 - 60),
        ("07:05-0130", 425 + 570),
    ],
)
def test_ways_to_write_a_clock(clock, minutes):
    at, _zone = dates.moment("2025-04-24", clock, None, 480)
    assert (at - 1_745_424_000_000) / 60_000 == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2025-02-30", "7:00"),
        ("1-2-3", "7:00"),
        ("tomorrow", "7:00"),
        ("12 Marchember 2025", "7:00"),
        ("Apr 2025", "7:00"),
        ("1750-04-24", "7:00"),
        ("2025-04-24", "25:00"),
        ("2025-04-24", "7:61"),
        ("2025-04-24", "7:00:99"),
        ("2025-04-24", "13:00 pm"),
        ("2025-04-24", "noon"),
        ("2025-04-24", "7:00+19:00"),
        ("2025-04-24", ""),
    ],
)
def test_what_is_no_moment(day, clock):
    with pytest.raises(ValueError, match=r".*"):
        dates.moment(day, clock, None, 480)


@pytest.mark.parametrize("text", ["1745449500", "1745449500.0", "1745449500000"])
def test_seconds_and_milliseconds_of_the_epoch(text):
    assert dates.moment(text, "", None, 480) == (1_745_449_500_000, 480)


def test_a_year_of_two_digits_belongs_to_its_century():
    old, _zone = dates.moment("24.04.85", "7:05", None, 0)
    assert old == 483_174_300_000


def test_units_are_shown_by_the_values():
    text = "time,glucose\n2025-01-01 08:00:00,{}\n2025-01-02 08:00:00,{}\n"
    assert n.entries(text.format("5.4", "7.1"))[0].unit is Unit.MMOL_L
    assert n.entries(text.format("97", "128"))[0].unit is Unit.MG_DL
    for doubtful in (("22", "31"), ("5.4", "97")):
        with pytest.raises(FileUnclear) as told:
            n.rows(text.format(*doubtful))
        assert told.value.question == "glucose_unit"
    said = Answers(units=frozenset({Unit.MG_DL}))
    assert n.entries(text.format("22", "31"), said)[0].unit is Unit.MG_DL


def test_a_file_without_any_number_needs_no_unit():
    text = "time,glucose\n2025-01-01 08:00:00,HI\n2025-01-02 08:00:00,0\n2025-01-02 09:00:00,x\n"
    found = n.entries(text)
    assert [entry.text for entry in found] == ["HI", ""]
    assert n.refused(text) == [(4, Why.BAD_NUMBER)]


def test_pressures_in_kpa_are_told_from_mmhg():
    text = "time,sys,dia\n2025-01-01 08:00:00,{},{}\n"
    assert n.entries(text.format("17.5", "10.5"))[0].unit is Unit.KPA
    assert n.entries(text.format("131", "79"))[0].unit is Unit.MMHG
    with pytest.raises(FileUnclear) as told:
        n.rows(text.format("37", "30"))
    assert told.value.question == "pressure_unit"


def test_a_unit_in_its_own_column_or_heading():
    text = (
        "时间,血糖,单位,时段\n2025-01-01 08:00,5.4,mmol/L,空腹\n2025-01-01 09:00,97,mg/dL,餐后\n"
        "2025-01-01 10:00,5.4,mmHg,什么\n"
    )
    found = n.entries(text, Answers(units=frozenset({Unit.MMOL_L})))
    assert [e.unit for e in found] == [Unit.MMOL_L, Unit.MG_DL, Unit.MMOL_L]
    assert [e.context for e in found] == [
        MealContext.FASTING,
        MealContext.AFTER_MEAL,
        MealContext.RANDOM,
    ]
    one = "time,glucose_mgdl\n2025-01-01 08:00:00,22\n"
    assert n.entries(one)[0].unit is Unit.MG_DL
    other = "time,glucose_mmol\n2025-01-01 08:00:00,22\n"
    assert n.entries(other)[0].unit is Unit.MMOL_L


def test_pressure_and_glucose_may_share_a_table():
    text = (
        "date,time,sys (mmHg),dia (mmHg),pulse,glucose (mmol/L),irregular\n"
        "2025-01-01,08:00,131,79,61,,yes\n2025-01-01,08:05,,,,5.4,\n2025-01-01,08:10,,,,,\n"
        "2025-01-01,08:15,131,,,,\n,08:15,131,79,,,\n2025-01-01,08:15,131,HI,,,\n"
        "2025-01-01,08:20,HI,79,,,\n2025-01-01,8\n2025-01-01,08:30,131,79,0,,\n"
    )
    found = n.entries(text)
    assert [e.kind for e in found] == [Kind.BLOOD_PRESSURE, Kind.GLUCOSE, Kind.BLOOD_PRESSURE]
    assert found[0].flags == {Flag.IRREGULAR_PULSE}
    assert found[2].v3 is None
    assert n.refused(text) == [
        (4, Why.NO_VALUE),
        (5, Why.HALF_A_PRESSURE),
        (6, Why.NO_TIME),
        (7, Why.BAD_NUMBER),
        (8, Why.BAD_NUMBER),
        (9, Why.TOO_SHORT),
    ]


def test_cells_without_a_pressure_hold_no_value():
    text = (
        "time,sys,dia,pulse (mmHg/min)\n2025-01-01 08:00:00,,,61\n2025-01-01 08:00:00,131,79,61\n"
    )
    assert n.refused(text) == [(2, Why.NO_VALUE)]
    assert n.entries(text)[0].v3 is None  # a rate of change is no pulse


def test_columns_may_be_named_by_the_person():
    text = "wann,oben,unten (kPa)\n2025-01-01 08:00,17.5,10.5\n"
    with pytest.raises(FileUnclear) as told:
        n.rows(text)
    assert told.value.question == "columns"
    assert "wann, oben, unten (kPa)" in told.value.sentence()
    said = (("moment", "wann"), ("systolic", "oben"), ("diastolic", "unten (kPa)"))
    (found,) = n.entries(text, Answers(columns=said))
    assert (found.v1, found.unit) == (Decimal("17.5"), Unit.KPA)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ((("moment", "when"),), "no column when"),
        ((("height", "wann"),), "no column height"),
        ((("moment", "wann"),), "not clear"),
    ],
)
def test_columns_that_are_not_there(columns, words):
    text = "wann,oben,unten\n2025-01-01 08:00,131,79\n"
    with pytest.raises(FileUnclear) as told:
        n.rows(text, Answers(columns=columns))
    assert words in told.value.sentence()


def test_columns_of_what_is_no_table():
    with pytest.raises(FileUnclear):
        n.rows("just a word\n", Answers(columns=(("moment", "wann"),)))


def test_a_value_column_beside_pressures_is_no_glucose():
    text = "time,sys,dia,value\n2025-01-01 08:00:00,131,79,7\n"
    assert [e.kind for e in n.entries(text)] == [Kind.BLOOD_PRESSURE]


def test_a_moment_of_a_zone_that_cannot_be_is_refused():
    raw = Raw(Kind.GLUCOSE, "5.4", at=0, zone_offset=9999, unit=Unit.MMOL_L)
    settled = settling.Settled()
    assert settling.entry(raw, Answers(), settled) is Why.BAD_TIME
    raw.zone_offset, raw.at = 0, 10**18
    assert settling.entry(raw, Answers(), settled) is Why.BAD_TIME
    raw.at = None
    assert settling.entry(raw, Answers(), settled) is Why.NO_TIME


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6,4", "6.4"),
        ("6:4", None),
        (" 118 mmHg", "118"),
        ("72 bpm", "72"),
        ('"104"', "104"),
        ("1.23456789", "1.234568"),
        ("1" * 30, None),
        ("12a", None),
        ("۱۲۳", "123"),
    ],
)
def test_numbers(text, value):
    if value is None:
        with pytest.raises(ValueError, match="not a number"):
            numbers.number(text)
    else:
        assert numbers.number(text) == Decimal(value)


def test_numbers_that_are_not_finite_or_absurd():
    for told in (Decimal("NaN"), Decimal("1e99"), Decimal("1e-99")):
        with pytest.raises(ValueError, match="not a number"):
            numbers.value(told)
    assert numbers.whole("7.0") == 7
    assert numbers.whole("7.5") is None
    assert numbers.whole("seven") is None
    assert numbers.value(7) == 7


def test_every_format_says_what_its_rows_are():
    assert all(form.title and form.rows_are for form in registry.FORMATS)


def test_an_empty_line_is_no_row_and_a_wide_one_is_refused():
    text = "time,sys,dia\n\n ,,\n2025-01-01 08:00:00,131,79\n" + "x," * 400 + "\n"
    assert [line for line, _row in n.rows(text)] == [4, 5]
    assert n.refused(text) == [(5, Why.BROKEN)]


def test_refusals_are_one_sentence():
    with pytest.raises(FileRefused):
        n.rows("\n\n")
