"""Thermometer frames composed by hand from the Health Thermometer Service's tables."""

from decimal import Decimal

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import Special
from carehub.devices.gatt.thermometer import TemperatureType, measurement
from carehub.errors import MalformedFrame


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


@pytest.mark.parametrize("uuid", ["2A1C", "2A1E"])
def test_a_full_temperature(uuid):
    # flags 06: time, type; FLOAT 366 x 10^-1; type 6
    assert shape(uuid, "06 6E0100FF EA07 03 01 07 1E 00 06") == {
        "temperature": "36.6",
        "unit": "°C",
        "taken_at": "2026-03-01T07:30:00",
        "type": "mouth",
    }


def test_fahrenheit_is_kept_as_sent():
    # FLOAT 9788 x 10^-2
    decoded = measurement(bytes.fromhex("01 3C2600FE"))
    assert decoded.temperature == Decimal("97.88")
    assert decoded.describe() == {
        "temperature": "97.88",
        "unit": "°F",
        "taken_at": None,
        "type": None,
    }


@pytest.mark.parametrize(
    ("sent", "special"),
    [
        ("FFFF7F00", Special.NAN),
        ("00008000", Special.NRES),
        ("FEFF7F00", Special.PLUS_INFINITY),
        ("02008000", Special.MINUS_INFINITY),
        ("01008000", Special.RESERVED),
    ],
)
def test_a_special_is_no_temperature(sent, special):
    assert measurement(bytes.fromhex("00" + sent)).temperature is special


def test_what_has_no_meaning_is_kept():
    described = shape("2A1C", "FE 6E0100FF EA07 0D 01 07 1E 00 0A")
    assert described["taken_at"] is None
    assert described["type"] is None
    assert described["reserved"] == {"flags": 0xF8, "taken_at": "2026-13-01T07:30:00", "type": 10}


def test_the_type_alone():
    assert [shape("2A1D", f"{code:02X}")["type"] for code in range(1, 10)] == [
        place.name.lower() for place in TemperatureType
    ]
    assert shape("2A1D", "00") == {"type": None, "reserved": {"type": 0}}


def test_the_interval_is_in_seconds():
    assert shape("2A21", "3C00") == {"seconds": 60}


@pytest.mark.parametrize("sent", ["", "00", "00 6E0100", "00 6E0100FF 00", "02 6E0100FF"])
def test_another_length_is_refused(sent):
    with pytest.raises(MalformedFrame):
        measurement(bytes.fromhex(sent))
