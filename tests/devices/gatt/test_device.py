"""Battery level and the texts of Device Information."""

import pytest

from carehub.devices import gatt
from carehub.errors import MalformedFrame


def test_battery_level_is_a_percentage():
    assert gatt.describe(gatt.decode("2A19", b"\x64")) == {"percent": 100}
    assert gatt.describe(gatt.decode("2A19", b"\x65")) == {
        "percent": None,
        "reserved": {"percent": 101},
    }


@pytest.mark.parametrize("data", [b"", b"\x32\x00"])
def test_battery_level_has_one_byte(data):
    with pytest.raises(MalformedFrame):
        gatt.decode("2A19", data)


@pytest.mark.parametrize("uuid", ["2A24", "2A25", "2A26", "2A27", "2A28", "2A29"])
def test_a_text_loses_its_padding(uuid):
    assert gatt.describe(gatt.decode(uuid, "血压计 A1".encode() + b" \0\0")) == {
        "text": "血压计 A1"
    }
    assert gatt.describe(gatt.decode(uuid, b"")) == {"text": ""}


def test_a_text_that_is_not_utf8_is_malformed():
    with pytest.raises(MalformedFrame):
        gatt.decode("2A29", b"\xff\xfe")


def test_a_pnp_id_names_vendor_and_product():
    assert gatt.describe(gatt.decode("2A50", bytes.fromhex("01 8F03 0100 0201"))) == {
        "vendor_source": "bluetooth_sig",
        "vendor_id": 911,
        "product_id": 1,
        "product_version": 258,
    }
    assert gatt.describe(gatt.decode("2A50", bytes.fromhex("03 8F03 0100 0201")))["reserved"] == {
        "vendor_source": 3
    }


def test_a_system_id_is_two_numbers():
    assert gatt.describe(gatt.decode("2A23", bytes.fromhex("0504030201 0C0B0A"))) == {
        "manufacturer_id": "0102030405",
        "organization_id": "0A0B0C",
    }


@pytest.mark.parametrize(("uuid", "length"), [("2A50", 6), ("2A50", 8), ("2A23", 7), ("2A23", 9)])
def test_a_number_of_the_device_has_one_length(uuid, length):
    with pytest.raises(MalformedFrame):
        gatt.decode(uuid, bytes(length))
