"""The values of a reading, on the command line or as JSON on standard input."""

import argparse
import io
import json
import sys
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.readings import Kind, MealContext, Posture, Reading, Setting, Symptom, Unit
from carehub.cli.entering import Entry, entered, number, usual_unit
from carehub.errors import InputError

NOW = 1_748_734_200_000


def blank(kind: Kind, **values: object) -> Reading:
    ready = Reading(UUID(int=1), UUID(int=2), kind, NOW, usual_unit(kind), v1=None)
    for name, value in values.items():
        object.__setattr__(ready, name, value)
    return ready


def asked(**given: object) -> argparse.Namespace:
    names = list(Entry.__dataclass_fields__)
    return argparse.Namespace(values_stdin=False, **(dict.fromkeys(names) | given))


def test_a_pressure_with_all_it_can_have():
    entry = entered(
        asked(
            systolic="128", diastolic="82", pulse="72", setting="clinic", posture="standing_1_min",
            symptoms=["chest_pain", "faint"], taken_at="2025-06-01T07:00",
        )
    )  # fmt: skip
    reading = entry.reading(blank(entry.kind()))
    assert reading.kind is Kind.BLOOD_PRESSURE
    assert (reading.v1, reading.v2, reading.v3) == (Decimal(128), Decimal(82), Decimal(72))
    assert (reading.setting, reading.posture) == (Setting.CLINIC, Posture.STANDING_1_MIN)
    assert reading.symptoms == {Symptom.CHEST_PAIN, Symptom.FAINT}
    assert reading.taken_at == NOW - 30 * 60_000
    assert reading.unit is Unit.MMHG


def test_values_keep_the_digits_they_were_given():
    reading = Entry(systolic="17.10", diastolic="11.3", unit="KPA").reading(
        blank(Kind.BLOOD_PRESSURE)
    )
    assert str(reading.v1) == "17.10"
    assert reading.unit is Unit.KPA


@pytest.mark.parametrize(("shown", "text"), [("HI", "HI"), ("lo", "LO"), (" hi ", "HI")])
def test_what_the_meter_shows_instead_of_a_number_stays_text(shown, text):
    reading = Entry(glucose=shown, context="fasting").reading(blank(Kind.GLUCOSE))
    assert (reading.v1, reading.text, reading.context) == (None, text, MealContext.FASTING)


def test_a_correction_keeps_what_is_not_given():
    old = blank(Kind.BLOOD_PRESSURE, v1=Decimal(182), v2=Decimal(95), v3=Decimal(70))
    new = Entry(systolic="128").reading(old)
    assert (new.v1, new.v2, new.v3) == (Decimal(128), Decimal(95), Decimal(70))
    sugar = blank(Kind.GLUCOSE, v1=Decimal("5.6"))
    assert Entry(context="bedtime").reading(sugar).v1 == Decimal("5.6")
    assert Entry(glucose="6.1").reading(blank(Kind.GLUCOSE, text="HI")).text == ""


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(systolic="128", glucose="5.6"), "not both at once"),
        (Entry(pulse="70", context="fasting"), "not both at once"),
        (Entry(), "Give --systolic and --diastolic, or --glucose"),
        (Entry(systolic="128"), "needs both"),
        (Entry(pulse="70"), "needs both"),
        (Entry(context="fasting"), "Give the glucose value"),
        (Entry(systolic="128", diastolic="82", unit="mmol/L"), "use mmHg, kPa"),
        (Entry(glucose="5.6", unit="mmHg"), "use mmol/L, mg/dL"),
        (Entry(glucose="5.6", context="brunch"), "brunch is not known here; use fasting,"),
        (Entry(glucose="5.6", symptoms=("tired",)), "tired is not known here"),
        (Entry(glucose="5.6", taken_at="noon"), "not a date and time"),
    ],
)
def test_what_does_not_fit_is_refused(entry, why):
    with pytest.raises(InputError, match=why):
        entry.reading(blank(entry.kind()))


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-5", "1e3", "12,5", "0x80", "1_2", "", "99999"]
)
def test_only_plain_numbers_are_numbers(text):
    with pytest.raises(InputError, match="is not a number of a reading"):
        number(text)


def test_digits_of_a_chinese_keyboard_are_digits():
    assert number("\uff11\uff12\uff18") == Decimal(128)


@given(st.text())
def test_any_text_is_a_number_or_refused_with_a_sentence(text):
    try:
        value = number(text)
    except InputError:
        return
    assert value is not None
    assert value.is_finite()


def from_stdin(monkeypatch, text: str, **given: object) -> Entry:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    arguments = asked(**given)
    arguments.values_stdin = True
    return entered(arguments)


def test_values_may_come_from_standard_input(monkeypatch):
    given = {"glucose": 5.60, "context": "fasting", "unit": None, "symptoms": ["faint"]}
    text = json.dumps(given).replace("5.6", "5.60")
    entry = from_stdin(monkeypatch, text)
    assert entry == Entry(glucose="5.60", context="fasting", symptoms=("faint",))
    assert "5.60" not in repr(entry)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "one JSON object"),
        ("[1]", "one JSON object"),
        ('{"glucose": ', "one JSON object"),
        ('{"sugar": "5.6"}', "sugar is not understood here"),
        ('{"glucose": true}', "glucose is not understood here"),
        ('{"glucose": "5.6", "symptoms": "faint"}', "symptoms is not understood here"),
    ],
)
def test_what_standard_input_must_not_hold(monkeypatch, text, why):
    with pytest.raises(InputError, match=why):
        from_stdin(monkeypatch, text)


def test_values_come_from_one_place_only(monkeypatch):
    with pytest.raises(InputError, match="all values come from standard input"):
        from_stdin(monkeypatch, "{}", glucose="5.6")


def test_a_reading_of_the_usual_kind_may_be_corrected_without_values():
    assert Entry(taken_at="2025-06-01T07:00").kind(Kind.GLUCOSE) is Kind.GLUCOSE
