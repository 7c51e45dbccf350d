"""What may be typed into each box, and the reading that comes of it."""

from decimal import Decimal

import pytest

from carehub.care.readings import HIGH, Kind, MealContext, Source, Unit
from carehub.ui.screens.keypad.model import (
    BOXES,
    Doubt,
    Entry,
    doubt,
    hint,
    limits_of,
    number,
    trouble,
)
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers.builders import rulebook

UPPER, LOWER, PULSE = BOXES[Kind.BLOOD_PRESSURE]
(GLUCOSE,) = BOXES[Kind.GLUCOSE]


def test_the_limits_are_the_rulebooks_in_the_unit_that_is_typed() -> None:
    limits = limits_of(rulebook(), Kind.BLOOD_PRESSURE, Unit.MMHG)
    assert (limits["systolic"].low, limits["systolic"].high) == (50, 300)
    assert limits["pulse"].unit == "per minute"
    kpa = limits_of(rulebook(), Kind.BLOOD_PRESSURE, Unit.KPA)
    assert kpa["systolic"].high == Decimal("40.0")
    assert kpa["pulse"].high == 250
    glucose = limits_of(rulebook(), Kind.GLUCOSE, Unit.MG_DL)
    assert glucose["glucose"].low == 20


@pytest.mark.parametrize(
    ("text", "finished", "wrong"),
    [
        ("", False, False),
        ("1", False, False),
        ("12", False, False),
        ("128", True, False),
        ("301", False, True),
        ("12", True, True),
        ("", True, True),
        (".", False, False),
    ],
)
def test_only_what_no_digit_can_mend_is_said_while_typing(
    text: str, finished: bool, wrong: bool
) -> None:
    limits = limits_of(rulebook(), Kind.BLOOD_PRESSURE, Unit.MMHG)["systolic"]
    assert bool(trouble(UPPER, text, limits, finished=finished)) is wrong


def test_the_pulse_may_stay_empty() -> None:
    limits = limits_of(rulebook(), Kind.BLOOD_PRESSURE, Unit.MMHG)
    assert trouble(PULSE, "", limits["pulse"], finished=True) == ""
    assert trouble(PULSE, ".", limits["pulse"], finished=True)
    assert "empty" in hint(PULSE, limits["pulse"])
    assert hint(LOWER, limits["diastolic"]) == "Lower: 20 to 200"


def test_a_pressure_becomes_a_reading_as_it_was_typed() -> None:
    texts = {"systolic": "17.1", "diastolic": "10.9", "pulse": "72"}
    reading = Entry(Kind.BLOOD_PRESSURE, Unit.KPA, texts).reading(PERSON, NOW)
    assert (reading.v1, reading.v2, reading.v3) == (Decimal("17.1"), Decimal("10.9"), 72)
    assert reading.unit is Unit.KPA
    assert reading.source is Source.KEYPAD
    assert (reading.person_id, reading.taken_at) == (PERSON.id, NOW)
    earlier = Entry(Kind.BLOOD_PRESSURE, Unit.KPA, texts, at=NOW - 60_000).reading(PERSON, NOW)
    assert (earlier.taken_at, earlier.received_at) == (NOW - 60_000, NOW)


def test_glucose_keeps_its_moment_and_hi_stays_a_word() -> None:
    entry = Entry(Kind.GLUCOSE, Unit.MMOL_L, {"glucose": "6.3"}, MealContext.FASTING)
    reading = entry.reading(PERSON, NOW)
    assert (reading.v1, reading.v2, reading.context) == (Decimal("6.3"), None, MealContext.FASTING)
    high = Entry(Kind.GLUCOSE, Unit.MMOL_L, {"glucose": "9"}, text=HIGH).reading(PERSON, NOW)
    assert (high.v1, high.text) == (None, HIGH)


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [("128", "82", (False, False)), ("120", "115", (True, True)), ("270", "110", (True, False))],
)
def test_an_unbelievable_pair_is_refused_and_a_rare_one_is_asked(
    upper: str, lower: str, expected: tuple[bool, bool]
) -> None:
    entry = Entry(Kind.BLOOD_PRESSURE, Unit.MMHG, {"systolic": upper, "diastolic": lower})
    said = doubt(entry.reading(PERSON, NOW), rulebook())
    assert (bool(said.sentence), said.firm) == expected
    assert (said == Doubt()) is (not expected[0])


def test_what_is_no_number_is_none() -> None:
    assert number("") is None
    assert number("6.3") == Decimal("6.3")
