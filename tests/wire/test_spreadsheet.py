"""Tables open in a spreadsheet program as what they are: numbers, times, and text that never runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.people import Allergy, Person
from carehub.care.readings import Flag, Reading, Symptom
from carehub.wire.spreadsheet import harmless, meant, table
from tests.helpers import strategies
from tests.helpers.builders import PERSON, at, bp, glucose, make_person, uid


def rows(kind, *values, zone=480):
    text = "".join(table(kind, values, zone))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_a_reading_is_a_row_as_measured_in_its_own_zone():
    (row,) = rows(
        Reading,
        bp("128.0", 82, zone_offset=0, flags=[Flag.IRREGULAR_PULSE, Flag.CUFF_LOOSE]),
    )

    assert (row["v1"], row["unit"], row["kind"]) == ("128.0", "mmHg", "blood_pressure")
    assert row["taken_at"] == "2026-01-04T23:30:00Z"
    assert row["flags"] == "cuff_loose; irregular_pulse"
    assert (row["simulated"], row["mean"]) == ("", "")
    assert "person_id" not in row


def test_a_number_below_zero_stays_a_number():
    assert rows(Reading, bp(-5, 82))[0]["v1"] == "-5"


def test_marks_and_words_stand_as_they_are():
    row = rows(Reading, glucose("HI", simulated=True, symptoms=[Symptom.FEVER]))[0]

    assert (row["text"], row["simulated"], row["symptoms"]) == ("HI", "yes", "fever")


def test_an_alert_has_its_times_and_its_level():
    moment = at("2026-01-05 07:30")
    alert = Alert(
        uid("a"), PERSON, "R", "1", "f", Level.L3, State.ACTIVE, "e", "Look", moment,
        renotified_at=(moment, 2**52), readings=(uid("r"),), cleared_at=2**52,
    )  # fmt: skip

    (row,) = rows(Alert, alert)

    assert (row["level"], row["raised_at"]) == ("L3", "2026-01-05T07:30:00+08:00")
    assert row["renotified_at"] == f"2026-01-05T07:30:00+08:00; {2**52}"
    assert (row["cleared_at"], row["readings"]) == (str(2**52), str(uid("r")))
    assert "inputs" not in row


def test_a_person_has_a_birthday():
    assert rows(Person, make_person())[0]["born"] == "1954-03-08"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "  =1",
    ],
)
def test_a_text_that_would_run_is_made_harmless(text):
    assert harmless(text) == "'" + text
    assert rows(Allergy, Allergy(uid("a"), PERSON, text))[0]["substance"] == "'" + text


def test_other_texts_are_left_alone():
    assert harmless("青霉素, 1-2 片") == "青霉素, 1-2 片"


@given(st.lists(strategies.of(Reading), max_size=3))
def test_any_reading_is_one_row_and_no_text_runs(readings):
    found = rows(Reading, *readings)

    assert len(found) == len(readings)
    for row, reading in zip(found, readings, strict=True):
        assert row["v1"] == ("" if reading.v1 is None else format(reading.v1, "f"))
        texts = [row[name] for name in ("text", "note", "device_id", "device_taken_at")]
        assert not [
            text
            for text in texts
            if text.lstrip(" ").startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
        ]


def test_what_is_no_care_value_is_refused():
    with pytest.raises(TypeError, match="dict"):
        list(table(dict, [], 0))


def test_decimals_have_no_exponent():
    assert rows(Reading, bp(Decimal("1E+2"), 82))[0]["v1"] == "100"


@given(st.text(st.sampled_from("'=+ -@a\t"), max_size=6))
def test_what_was_made_harmless_is_read_again(text: str):
    assert meant(harmless(text)) == text
