"""Pulse oximeter frames composed by hand from the Pulse Oximeter Service's tables."""

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import Special
from carehub.devices.gatt.oximeter import OximeterStatus, OximetryStatus, spot_check
from carehub.errors import MalformedFrame


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


def test_a_full_spot_check():
    # flags 1F; 97 %, 64 /min; status 0100 fully qualified; device 000020 low perfusion; PAI 1.5
    assert shape("2A5E", "1F 6100 4000 EA07 03 01 07 1E 00 0001 200000 0FF0") == {
        "spo2": "97",
        "pulse_rate": "64",
        "taken_at": "2026-03-01T07:30:00",
        "clock_unset": True,
        "status": ["fully_qualified"],
        "sensor_status": ["low_perfusion"],
        "pulse_amplitude_index": "1.5",
    }


def test_the_shortest_spot_check():
    assert shape("2A5E", "00 6100 FF07") == {
        "spo2": "97",
        "pulse_rate": "NaN",
        "taken_at": None,
        "clock_unset": False,
        "status": None,
        "sensor_status": None,
        "pulse_amplitude_index": None,
    }
    assert spot_check(bytes.fromhex("00 FF07 FF07")).oxygen.spo2 is Special.NAN


def test_a_full_continuous_value():
    assert shape("2A5F", "1F 6100 4000 6200 4100 6000 3F00 2080 000880 0208") == {
        "spo2": "97",
        "pulse_rate": "64",
        "fast": {"spo2": "98", "pulse_rate": "65"},
        "slow": {"spo2": "96", "pulse_rate": "63"},
        "status": ["measurement_ongoing", "invalid"],
        "sensor_status": ["sensor_off_user"],
        "pulse_amplitude_index": "-INF",
        "reserved": {"sensor_status": 0x800000},
    }


def test_the_shortest_continuous_value():
    described = shape("2A5F", "E0 6100 4000")
    assert described["fast"] is None
    assert described["slow"] is None
    assert described["reserved"] == {"flags": 0xE0}


def test_what_has_no_meaning_is_kept():
    described = shape("2A5E", "E3 6100 4000 EA07 0D 01 07 1E 00 1F00")
    assert described["reserved"] == {
        "flags": 0xE0,
        "taken_at": "2026-13-01T07:30:00",
        "status": 0x1F,
    }


def test_each_status_bit_has_its_name():
    for bit, name in enumerate(OximetryStatus, start=5):
        sent = (1 << bit).to_bytes(2, "little").hex()
        assert shape("2A5E", "02 6100 4000" + sent)["status"] == [name.value]
    for bit, sensor in enumerate(OximeterStatus):
        sent = (1 << bit).to_bytes(3, "little").hex()
        assert shape("2A5E", "04 6100 4000" + sent)["sensor_status"] == [sensor.value]


def test_what_an_oximeter_can_tell():
    assert shape("2A60", "0B00 0001 200000") == {
        "features": ["measurement_status", "sensor_status", "spot_check_time"],
        "status": ["fully_qualified"],
        "sensor_status": ["low_perfusion"],
    }
    assert shape("2A60", "8001") == {
        "features": ["multiple_bonds"],
        "status": None,
        "sensor_status": None,
        "reserved": {"features": 0x100},
    }


@pytest.mark.parametrize(
    ("uuid", "sent"),
    [("2A5E", "00 6100 40"), ("2A5F", "01 6100 4000"), ("2A60", "0100"), ("2A60", "000000")],
)
def test_another_length_is_refused(uuid, sent):
    with pytest.raises(MalformedFrame):
        gatt.decode(uuid, bytes.fromhex(sent))
