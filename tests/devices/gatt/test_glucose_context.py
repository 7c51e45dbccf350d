"""Context frames composed by hand from the Glucose Service's tables."""

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import Meal
from carehub.devices.gatt.glucose_context import EXERCISE_OVERRUN, context
from carehub.errors import MalformedFrame
from tests.helpers.shown import shown


def shape(text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode("2A34", bytes.fromhex(text)))


def test_a_full_context():
    # flags 5F: all fields, medication in kilograms, no extended flags
    sent = (
        "5F 2A00"
        "01 3CD0"  # breakfast, 60 x 10^-3 kg
        "02"  # after a meal
        "51"  # tester 1 (low nibble), health 5 (high nibble)
        "0807 3C"  # 1800 s at 60 %
        "04 0CA0"  # long acting, 12 x 10^-6 kg
        "44F0"  # 6.8 %
    )
    assert shape(sent) == {
        "sequence_number": 42,
        "carbohydrate": {"id": "breakfast", "mass": "0.060", "unit": "kg"},
        "meal": "after_meal",
        "tester": "self",
        "health": "no_issues",
        "exercise": {"duration_seconds": 1800, "intensity_percent": 60},
        "medication": {"id": "long_acting_insulin", "amount": "0.000012", "unit": "kg"},
        "hba1c": "6.8",
    }


def test_absent_fields_are_null():
    assert shape("00 2A00") == {
        "sequence_number": 42,
        "carbohydrate": None,
        "meal": None,
        "tester": None,
        "health": None,
        "exercise": None,
        "medication": None,
        "hba1c": None,
    }


def test_medication_in_litres():
    # flags 30; rapid acting, 8 x 10^-5 L
    assert shape("30 2A00 01 08B0")["medication"] == {
        "id": "rapid_acting_insulin",
        "amount": "0.00008",
        "unit": "L",
    }


def test_the_litre_bit_alone_announces_nothing():
    assert shape("20 2A00")["medication"] is None


def test_extended_flags_come_first_and_are_kept():
    # flags 82: extended flags 05, then the meal
    described = shape("82 2A00 05 03")
    assert described["meal"] == "fasting"
    assert described["reserved"] == {"extended_flags": 5}


def test_a_makers_private_meal_code_is_kept_and_has_no_name():
    decoded = context(bytes.fromhex("02 2A00 06"))
    assert decoded.meal == 6
    assert decoded.describe()["meal"] is None
    assert decoded.describe()["reserved"] == {"meal": 6}


def test_meals_compare_by_name():
    assert context(bytes.fromhex("02 2A00 01")).meal == Meal.BEFORE_MEAL
    assert context(bytes.fromhex("02 2A00 05")).meal == Meal.BEDTIME


def test_codes_without_a_name_are_kept():
    # carbohydrate 9, tester 7, health 8, medication 200
    described = shape("15 2A00 09 3CD0 87 C8 0CA0")
    assert described["reserved"] == {
        "carbohydrate_id": 9,
        "tester": 7,
        "health": 8,
        "medication_id": 200,
    }
    assert described["tester"] is None
    assert described["carbohydrate"] == {"id": None, "mass": "0.060", "unit": "kg"}


def test_specials_in_each_value():
    described = shape("51 2A00 01 FF07 01 0008 FE07")
    assert described["carbohydrate"] == {"id": "breakfast", "mass": "NaN", "unit": "kg"}
    assert described["medication"] == {
        "id": "rapid_acting_insulin",
        "amount": "NRes",
        "unit": "kg",
    }
    assert described["hba1c"] == "+INF"


def test_long_exercise_overruns():
    decoded = context(bytes.fromhex("08 2A00 FFFF 64"))
    assert decoded.exercise is not None
    assert decoded.exercise.duration_seconds == EXERCISE_OVERRUN


def test_each_flags_byte_allows_exactly_one_length():
    sizes = ((0x01, 3), (0x02, 1), (0x04, 1), (0x08, 3), (0x10, 3), (0x40, 2), (0x80, 1))
    for flags in range(256):
        length = 3 + sum(size for bit, size in sizes if flags & bit)
        context(bytes((flags,)) + bytes(length - 1))
        for wrong in {*range(24)} - {length}:
            with pytest.raises(MalformedFrame):
                context((bytes((flags,)) + bytes(23))[:wrong])


def test_a_value_hides_itself():
    decoded = context(bytes.fromhex("41 2A00 01 3CD0 44F0"))
    said = shown(decoded) + shown(decoded.carbohydrate)
    assert "6.8" not in said
    assert "60" not in said


@pytest.mark.parametrize(
    ("frame", "field", "names"),
    [
        (
            "02 2A00 {code:02X}",
            "meal",
            ["before_meal", "after_meal", "fasting", "casual", "bedtime"],
        ),
        ("04 2A00 1{code:X}", "tester", ["self", "health_care_professional", "laboratory"]),
        (
            "04 2A00 {code:X}1",
            "health",
            ["minor_issues", "major_issues", "during_menses", "under_stress", "no_issues"],
        ),
    ],
)
def test_each_code_has_its_name(frame, field, names):
    for code, name in enumerate(names, start=1):
        assert shape(frame.format(code=code))[field] == name


def test_each_carbohydrate_and_medication_has_its_name():
    foods = ["breakfast", "lunch", "dinner", "snack", "drink", "supper", "brunch"]
    for code, name in enumerate(foods, start=1):
        described = shape(f"01 2A00 {code:02X} 3CD0")
        assert described["carbohydrate"] == {"id": name, "mass": "0.060", "unit": "kg"}
    actions = ["rapid_acting", "short_acting", "intermediate_acting", "long_acting", "pre_mixed"]
    for code, name in enumerate(actions, start=1):
        described = shape(f"10 2A00 {code:02X} 0CA0")
        assert described["medication"] == {
            "id": f"{name}_insulin",
            "amount": "0.000012",
            "unit": "kg",
        }


def test_fifteen_is_not_available():
    described = shape("04 2A00 FF")
    assert (described["tester"], described["health"]) == ("not_available", "not_available")


def test_the_last_sequence_number_before_the_wrap():
    assert shape("00 FFFF")["sequence_number"] == 65535
