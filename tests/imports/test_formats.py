"""Each program's export by a small made-up file: recognised by its content, read row by row."""

from decimal import Decimal

import pytest

from carehub.care.readings import Flag, MealContext, Posture, Unit
from carehub.errors import FileRefused, FileUnclear
from carehub.imports.rows import Answers, Why
from tests.helpers import notebooks as n

SEVEN_OH_FIVE = 1_740_870_300_000
"""2025-03-02 07:05 in China."""


def test_omron_connect_reads_names_of_months_and_commas_in_notes():
    found = n.entries(n.OMRON)
    assert n.name_of(n.OMRON) == "omron_connect"
    assert n.pressures(found) == [(131, 79, 61), (127, 77, 66)]
    assert [e.note for e in found] == ["before tea", "after tea, sitting"]
    assert found[0].taken_at == SEVEN_OH_FIVE
    assert found[0].unit is Unit.MMHG


def test_omron_connect_is_known_in_any_language():
    found = n.entries(n.OMRON_SWEDISH)
    assert n.name_of(n.OMRON_SWEDISH) == "omron_connect"
    assert n.pressures(found) == [(131, 79, 61)]
    assert found[0].note == ""


def test_omron_connect_in_kpa_keeps_kpa():
    text = n.OMRON_SWEDISH.replace("mmHg", "kPa").replace("131,79", "17.5,10.5")
    assert [(e.v1, e.unit) for e in n.entries(text)] == [(Decimal("17.5"), Unit.KPA)]


def test_omron_connect_without_units_is_judged_by_its_values():
    text = n.OMRON.replace(" (mmHg)", "")
    assert [e.unit for e in n.entries(text)] == [Unit.MMHG, Unit.MMHG]


@pytest.mark.parametrize(
    ("name", "text", "value", "at"),
    [
        ("ihealth", n.IHEALTH, (118, 76, 59), 1_759_445_880_000),
        ("withings", n.WITHINGS, (131, 79, 61), SEVEN_OH_FIVE),
        ("omblepy", n.OMBLEPY, (131, 79, 61), SEVEN_OH_FIVE + 16_000),
        ("healthlog", n.HEALTHLOG, (121, 77, 63), SEVEN_OH_FIVE + 8 * 3_600_000),
        (
            "blood_pressure_monitor_fl",
            n.BP_FL,
            (131, 79, 61),
            SEVEN_OH_FIVE - 8 * 3_600_000 + 28_800_000,
        ),
        ("ubpm", n.UBPM_CSV, (131, 79, 61), SEVEN_OH_FIVE),
    ],
)
def test_a_table_of_pressures(name, text, value, at):
    first = n.entries(text)[0]
    assert n.name_of(text) == name
    assert n.pressures([first]) == [value]
    assert first.taken_at == at


def test_a_zone_beside_the_time_says_where_it_was_taken():
    (found,) = n.entries(n.HEALTHLOG)
    assert found.zone_offset == -300
    assert found.posture is Posture.STANDING_1_MIN
    assert found.flags == {Flag.IRREGULAR_PULSE}
    assert found.note == "Before tea"


def test_marks_of_a_cuff_become_flags():
    (found,) = n.entries(n.OMBLEPY)
    assert found.flags == {Flag.IRREGULAR_PULSE, Flag.BODY_MOVEMENT}


def test_a_pulse_that_is_null_is_none():
    assert n.entries(n.BP_FL)[1].v3 is None


def test_ubpm_json_keeps_its_users_apart():
    found = n.entries(n.UBPM_JSON)
    assert n.name_of(n.UBPM_JSON) == "ubpm"
    assert [(e.user, int(e.v1)) for e in found] == [("1", 131), ("2", 141)]
    assert found[0].note == "tea"
    assert n.rows('{"UBPM": {"version": [1], "about": "x"}, "made": 1}') == []
    assert n.refused(n.UBPM_JSON) == [(2, Why.NO_TIME), (3, Why.BROKEN)]
    assert n.refused(n.UBPM_JSON, Answers(user="1"))[-1] == (4, Why.OTHER_USER)


def test_obpm_has_no_headings():
    found = n.entries(n.OBPM)
    assert n.name_of(n.OBPM) == "obpm"
    assert [(e.user, int(e.v1), e.note) for e in found] == [
        ("1", 131, "tea;and cake"),
        ("2", 141, ""),
    ]
    assert n.refused(n.OBPM) == [(3, Why.TOO_SHORT)]


@pytest.mark.parametrize("on_disk", [True, False])
def test_the_databases_of_ubpm_and_obpm(tmp_path, on_disk):
    def made(*statements):
        content = n.database(*statements)
        if not on_disk:
            return content
        file = tmp_path / "notes of 王示例 #1?.sql"
        file.write_bytes(content)
        return file

    ubpm = made(*n.UBPM_DATABASE)
    assert n.name_of(ubpm) == "ubpm"
    found = n.entries(ubpm)
    assert [(e.user, e.taken_at, e.v3) for e in found] == [
        ("1", SEVEN_OH_FIVE, 61),
        ("2", SEVEN_OH_FIVE, None),
    ]
    assert [e.flags for e in found] == [{Flag.IRREGULAR_PULSE}, {Flag.BODY_MOVEMENT}]
    assert n.refused(ubpm) == [(2, Why.NO_TIME)]
    obpm = made(*n.OBPM_DATABASE)
    assert n.name_of(obpm) == "obpm"
    assert [e.note for e in n.entries(obpm)] == ["tea"]


def test_both_databases_of_blood_pressure_monitor():
    newer = n.database(*n.BP_FL_DATABASE)
    first, second = n.entries(newer)
    assert n.name_of(newer) == "blood_pressure_monitor_fl"
    assert (first.v1, first.v2, first.v3, first.unit) == (131, 79, 61, Unit.MMHG)
    assert (second.v1, second.unit) == (Decimal("17.31"), Unit.KPA)
    assert first.taken_at == SEVEN_OH_FIVE
    assert n.refused(newer) == [
        (3, Why.HALF_A_PRESSURE),
        (4, Why.NO_TIME),
        (5, Why.HALF_A_PRESSURE),
    ]
    older = n.database(*n.BP_FL_OLDER)
    assert n.name_of(older) == "blood_pressure_monitor_fl"
    assert [(e.taken_at, e.note) for e in n.entries(older)] == [(SEVEN_OH_FIVE, "tea")]


def test_libreview_takes_the_order_of_dates_from_the_line_before():
    found = n.entries(n.LIBRE)
    assert n.name_of(n.LIBRE) == "libreview"
    assert [(e.v1, e.text, e.continuous) for e in found] == [
        (Decimal("5.4"), "", True),
        (Decimal("6.2"), "", True),
        (None, "LO", False),
    ]
    assert found[0].taken_at == 1_746_050_400_000  # 1 May, not 5 January
    assert found[1].note == "tea"
    assert [why for _line, why in n.refused(n.LIBRE)] == [
        Why.KETONE,
        Why.OTHER_ROW,
        Why.NO_VALUE,
        Why.TOO_SHORT,
    ]


def test_libreview_of_the_us_is_known_by_am_and_pm():
    (found,) = n.entries(n.LIBRE_US)
    assert found.taken_at == 1_746_093_600_000  # 1 May, 18:00
    assert found.unit is Unit.MG_DL


def test_a_day_that_shows_no_order_is_passed_over():
    text = n.LIBRE.replace("Created 26-06-2025 10:00 UTC", "From 2025-06-26 to 26-06-2025")
    assert len(n.entries(text)) == 3


def test_libreview_asks_where_nothing_shows_the_order():
    text = n.LIBRE.replace("Created 26-06-2025 10:00 UTC", "Created 05-06-2025")
    with pytest.raises(FileUnclear) as told:
        n.rows(text)
    assert told.value.question == "dates"
    assert "01-05-2025" in told.value.sentence()


def test_clarity_keeps_high_and_low_and_leaves_calibrations_out():
    found = n.entries(n.CLARITY)
    assert n.name_of(n.CLARITY) == "dexcom_clarity"
    assert [(e.v1, e.text) for e in found] == [(95, ""), (None, "HI"), (None, "LO"), (101, "")]
    assert found[3].context is MealContext.FASTING
    assert [why for _line, why in n.refused(n.CLARITY)] == [
        Why.OTHER_ROW,
        Why.CALIBRATION,
        Why.NO_VALUE,
        Why.NO_TIME,
        Why.TOO_SHORT,
    ]


def test_accu_chek_leaves_control_solution_out():
    found = n.entries(n.ACCU_CHEK)
    assert n.name_of(n.ACCU_CHEK) == "accu_chek"
    assert [(e.v1, e.text, e.context) for e in found] == [
        (Decimal("6.4"), "", MealContext.BEFORE_MEAL),
        (None, "HI", MealContext.AFTER_MEAL),
    ]
    assert n.refused(n.ACCU_CHEK) == [(6, Why.CONTROL), (7, Why.BAD_UNIT), (8, Why.TOO_SHORT)]


def test_accu_chek_without_a_mark_is_at_any_time():
    text = n.ACCU_CHEK.replace("6.4;mmol/L;;;;X;;", "6.4;mmol/L;;;;;;")
    assert n.entries(text)[0].context is MealContext.RANDOM


def test_accu_chek_in_german_is_known_by_its_units():
    text = n.ACCU_CHEK.replace("Serial number", "Gerät").replace("Control test", "Kontrolle")
    assert n.name_of(text) == "accu_chek"


def test_tidepool_gives_back_what_the_meter_showed():
    found = n.entries(n.TIDEPOOL)
    assert n.name_of(n.TIDEPOOL) == "tidepool"
    assert [(e.v1, e.unit) for e in found] == [
        (120, Unit.MG_DL),
        (118, Unit.MG_DL),
        (Decimal("6.5"), Unit.MMOL_L),
        (Decimal("6.123"), Unit.MMOL_L),
    ]
    assert found[0].zone_offset == -240
    assert [e.continuous for e in found] == [False, True, True, False]
    assert [why for _line, why in n.refused(n.TIDEPOOL)] == [
        Why.OTHER_ROW,
        Why.KETONE,
        Why.CONTROL,
        Why.BAD_UNIT,
        Why.NO_TIME,
        Why.BAD_TIME,
        Why.NO_VALUE,
        Why.BROKEN,
        Why.BAD_NUMBER,
    ]


def test_nightscout_reads_texts_as_numbers_and_refuses_error_codes():
    found = n.entries(n.NIGHTSCOUT)
    assert n.name_of(n.NIGHTSCOUT) == "nightscout"
    assert [(int(e.v1), e.continuous) for e in found] == [(142, True), (131, False), (131, True)]
    assert {e.unit for e in found} == {Unit.MG_DL}
    assert [why for _line, why in n.refused(n.NIGHTSCOUT)] == [
        Why.SENSOR_ERROR,
        Why.CALIBRATION,
        Why.OTHER_ROW,
        Why.NO_TIME,
        Why.NO_VALUE,
        Why.BROKEN,
    ]


def test_the_csv_of_nightscout():
    (found,) = n.entries(n.NIGHTSCOUT_CSV)
    assert n.name_of(n.NIGHTSCOUT_CSV) == "nightscout"
    assert found.taken_at == 1_743_421_863_000
    assert [why for _line, why in n.refused(n.NIGHTSCOUT_CSV)] == [
        Why.SENSOR_ERROR,
        Why.CALIBRATION,
        Why.BAD_TIME,
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (n.zipped({"[Content_Types].xml": "x"}), "Excel"),
        (n.zipped({"picture.png": "x"}), "no file"),
        (b"Dear diary, I was well today.", "no file"),
        (b'{"some": "json"}', "no file"),
        (b"<html></html>", "no file"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_sentence(content, words):
    with pytest.raises(FileRefused) as told:
        n.rows(content)
    assert not isinstance(told.value, FileUnclear)
    assert words in told.value.sentence()
