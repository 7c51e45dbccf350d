"""Weight and body-composition frames composed by hand from their services' tables."""

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import weight
from carehub.devices.gatt.steps import Unsuccessful
from carehub.errors import MalformedFrame

TIME = "EA07 03 01 07 1E 00"


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


def test_a_full_weight_in_kilograms():
    # 13,060 steps of 0.005 kg; BMI 241 tenths; 1,645 mm
    assert shape("2A9D", "0E 0433 " + TIME + "02 F100 6D06") == {
        "weight": "65.300",
        "unit": "kg",
        "taken_at": "2026-03-01T07:30:00",
        "user_id": 2,
        "bmi": "24.1",
        "height": "1.645",
        "height_unit": "m",
    }


def test_a_weight_in_pounds():
    # 14,396 steps of 0.01 lb; 648 tenths of an inch
    assert shape("2A9D", "09 3C38 F100 8802") == {
        "weight": "143.96",
        "unit": "lb",
        "taken_at": None,
        "user_id": None,
        "bmi": "24.1",
        "height": "64.8",
        "height_unit": "in",
    }


def test_a_failed_weighing_is_no_number():
    assert weight.measurement(bytes.fromhex("00 FFFF")).weight is Unsuccessful.UNSUCCESSFUL
    described = shape("2A9D", "00 FFFF")
    assert described["weight"] == "unsuccessful"
    assert described["height_unit"] is None
    assert shape("2A9D", "00 FEFF")["weight"] == "327.670"


def test_what_has_no_meaning_is_kept():
    sent = "F2 0433 EA07 0D 01 07 1E 00"
    assert shape("2A9D", sent)["reserved"] == {"flags": 0xF0, "taken_at": "2026-13-01T07:30:00"}


def test_what_a_scale_can_tell():
    # bits 0-2; weight resolution 3 in bits 3-6; height resolution 2 in bits 7-9
    assert shape("2A9E", "1F010000") == {
        "features": ["time_stamp", "multiple_users", "bmi"],
        "weight_resolution": "0.1 kg or 0.2 lb",
        "height_resolution": "0.005 m or 0.5 in",
    }
    assert shape("2A9E", "C0070080") == {
        "features": [],
        "weight_resolution": None,
        "height_resolution": None,
        "reserved": {"features": 0x80000400, "weight_resolution": 8, "height_resolution": 7},
    }
    assert shape("2A9E", "00000000")["weight_resolution"] is None


def test_a_full_body_composition():
    # flags 0FFE: everything but another packet
    sent = "FE0F 0301" + TIME + "01 1018 6401 5014 0428 102E B81A 8813 0433 6D06"
    assert shape("2A9C", sent) == {
        "body_fat_percentage": "25.9",
        "unit": "kg",
        "taken_at": "2026-03-01T07:30:00",
        "user_id": 1,
        "basal_metabolism_kj": 6160,
        "muscle_percentage": "35.6",
        "muscle_mass": "26.000",
        "fat_free_mass": "51.220",
        "soft_lean_mass": "58.960",
        "body_water_mass": "34.200",
        "impedance_ohm": "500.0",
        "weight": "65.300",
        "height": "1.645",
        "height_unit": "m",
        "more_follows": False,
    }


def test_the_shortest_body_composition():
    described = shape("2A9C", "01F0 FFFF")
    assert described["body_fat_percentage"] == "unsuccessful"
    assert described["unit"] == "lb"
    assert described["more_follows"] is True
    assert described["weight"] is None
    assert described["height_unit"] is None
    assert described["reserved"] == {"flags": 0xE000}


def test_what_a_body_scale_can_tell():
    # all eleven; mass resolution 7 in bits 11-14; height resolution 3 in bits 15-17
    described = shape("2A9B", "FFBF0100")
    assert len(described["features"]) == 11  # type: ignore[arg-type]  # a list in JSON
    assert described["mass_resolution"] == "0.005 kg or 0.01 lb"
    assert described["height_resolution"] == "0.001 m or 0.1 in"
    assert shape("2A9B", "00000480")["reserved"] == {"features": 0x80040000}


@pytest.mark.parametrize(
    ("uuid", "sent"),
    [("2A9D", "00 04"), ("2A9D", "00 0433 00"), ("2A9C", "0000 03"), ("2A9E", "000000")],
)
def test_another_length_is_refused(uuid, sent):
    with pytest.raises(MalformedFrame):
        gatt.decode(uuid, bytes.fromhex(sent))
