"""Heart rate frames composed by hand from the Heart Rate Service's tables."""

import pytest

from carehub.devices import gatt
from carehub.devices.gatt.heart_rate import measurement
from carehub.errors import MalformedFrame


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


def test_a_full_heart_rate():
    # flags 1F: 16 bits, contact detected, energy, two RR intervals of 1,024 and 1,000
    assert shape("2A37", "1F 4800 6400 0004 E803") == {
        "heart_rate": 72,
        "sensor_contact": "detected",
        "energy_expended_kj": 100,
        "rr_intervals_1024": [1024, 1000],
    }
    assert measurement(bytes.fromhex("1F 4800 6400 0004 E803")).wide


@pytest.mark.parametrize(
    ("flags", "contact"),
    [
        ("00", "not_supported"),
        ("02", "not_supported"),
        ("04", "not_detected"),
        ("06", "detected"),
    ],
)
def test_the_contact_is_two_bits(flags, contact):
    assert shape("2A37", flags + "48") == {
        "heart_rate": 72,
        "sensor_contact": contact,
        "energy_expended_kj": None,
        "rr_intervals_1024": None,
    }


def test_reserved_flags_are_kept():
    assert shape("2A37", "E0 48")["reserved"] == {"flags": 0xE0}


@pytest.mark.parametrize("sent", ["00", "01 48", "08 48 00", "10 48", "10 48 00", "10 480004 00"])
def test_another_length_is_refused(sent):
    with pytest.raises(MalformedFrame):
        measurement(bytes.fromhex(sent))


def test_where_it_is_worn():
    assert shape("2A38", "01") == {"location": "chest"}
    assert shape("2A38", "07") == {"location": None, "reserved": {"location": 7}}
