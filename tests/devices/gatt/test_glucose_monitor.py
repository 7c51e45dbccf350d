"""Frames of continuous glucose monitors composed by hand from the CGM Service's tables."""

import pytest

from carehub.devices import gatt
from carehub.devices.gatt.end_to_end import checksum
from carehub.devices.gatt.glucose_monitor import MonitorFeature, MonitorStatus
from carehub.devices.gatt.glucose_session import SessionOp, command, start
from carehub.errors import MalformedFrame


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


def records(text: str) -> list[dict[str, object]]:
    found = shape("2AA7", text)["records"]
    assert isinstance(found, list)
    return found


def sealed(text: str) -> str:
    """Append the CRC of a value, by the formula of the catalogue rather than bit by bit."""
    data, crc = bytes.fromhex(text), 0xFFFF
    for octet in data:
        folded = (octet ^ crc) & 0xFF
        folded ^= folded << 4 & 0xFF
        crc = crc >> 8 ^ folded << 8 ^ folded << 3 ^ folded >> 4
    return text + crc.to_bytes(2, "little").hex()


def test_the_checksum_is_the_catalogued_one():
    assert checksum(b"123456789") == 0x6F91
    assert checksum(b"") == 0xFFFF
    assert bytes.fromhex(sealed(b"123456789".hex()))[-2:] == b"\x91\x6f"


# size 0F, flags E3: trend, quality, all three octets; 112 mg/dL at minute 65
FULL = "0F E3 7000 4100 02 04 10 05F0 6300"
PLAIN = "06 00 7000 4100"


def test_a_full_record_with_and_without_a_checksum():
    body = "0D" + FULL[2:]
    record = {
        "concentration": "112",
        "unit": "mg/dL",
        "time_offset_minutes": 65,
        "status": ["battery_low", "calibration_recommended", "falling_too_fast"],
        "trend": "0.5",
        "quality": "99",
        "crc": False,
    }
    assert shape("2AA7", body) == {"records": [record]}
    assert shape("2AA7", sealed(FULL)) == {"records": [record | {"crc": True}]}


def test_several_records_come_in_one_packet():
    found = records(PLAIN + "06 00 FF07 4200" + sealed("080071004300"))
    assert [record["concentration"] for record in found] == ["112", "NaN", "113"]
    assert [record["crc"] for record in found] == [False, False, True]


def test_each_octet_of_the_status_has_its_own_flag():
    for flags, octet, name in (
        ("80", "01", "session_stopped"),
        ("40", "01", "time_synchronization_required"),
        ("20", "80", "result_too_high"),
    ):
        (record,) = records(f"07 {flags} 7000 4100 {octet}")
        assert record["status"] == [name]
    (record,) = records("08 DC 7000 4100 C0 C0")
    assert record["status"] == []
    assert record["reserved"] == {"flags": 0x1C, "status": 0xC0C0}


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00",
        "01",
        "05 00 7000 41",
        "07 00 7000 4100",  # shorter than it says
        "07 00 7000 4100 00",  # a byte that no flag explains
        "06 00 7000 4100 00",  # a second record that does not begin
        "08 00 7000 4100 0000",  # a wrong checksum
    ],
)
def test_a_record_that_does_not_fit_is_refused(sent):
    with pytest.raises(MalformedFrame):
        gatt.decode("2AA7", bytes.fromhex(sent))


def test_the_monitors_own_status():
    assert shape("2AA9", "4100 020000") == {
        "time_offset_minutes": 65,
        "status": ["battery_low"],
        "crc": False,
    }
    assert shape("2AA9", sealed("4100 4000C0")) == {
        "time_offset_minutes": 65,
        "status": ["result_too_low", "result_too_high"],
        "crc": True,
        "reserved": {"status": 0x40},
    }
    for bit, name in zip((*range(6), *range(8, 14), *range(16, 24)), MonitorStatus, strict=True):
        sent = (1 << bit).to_bytes(3, "little").hex()
        assert shape("2AA9", "0000" + sent)["status"] == [name.value]


def test_what_a_monitor_can_do():
    # E2E-CRC is bit 12; interstitial fluid, not available
    assert shape("2AA8", sealed("009000 F9")) == {
        "features": ["e2e_crc", "trend"],
        "type": "interstitial_fluid",
        "sample_location": "not_available",
        "crc": True,
    }
    assert shape("2AA8", "010002 70 FFFF") == {
        "features": ["calibration"],
        "type": None,
        "sample_location": None,
        "crc": False,
        "reserved": {"features": 0x20000, "type": 0, "sample_location": 7},
    }
    assert shape("2AA8", "000000 F9 3412")["reserved"] == {"crc": 0x1234}
    for bit, name in enumerate(MonitorFeature):
        value = (1 << bit).to_bytes(3, "little").hex() + "F9"
        sent = sealed(value) if name is MonitorFeature.E2E_CRC else value + "FFFF"
        assert shape("2AA8", sent)["features"] == [name.value]
    with pytest.raises(MalformedFrame, match="checksum"):
        gatt.decode("2AA8", bytes.fromhex("001000 F9 FFFF"))


def test_when_the_session_began():
    # zone +8 h is 32 steps of 15 minutes
    sent = "EA07 03 01 07 1E 00 20 00"
    assert shape("2AAA", sent) == {
        "started_at": "2026-03-01T07:30:00",
        "zone_minutes": 480,
        "daylight_saving": "standard_time",
        "crc": False,
    }
    assert shape("2AAA", sealed(sent))["crc"] is True
    assert start(bytes.fromhex("EA07 03 01 07 1E 00 EC 04")).zone_minutes == -300
    assert shape("2AAA", "EA07 0D 01 07 1E 00 80 03") == {
        "started_at": None,
        "zone_minutes": None,
        "daylight_saving": None,
        "crc": False,
        "reserved": {"started_at": "2026-13-01T07:30:00", "daylight_saving": 3},
    }


def test_how_long_the_session_runs():
    assert shape("2AAB", "5001") == {"hours": 336, "crc": False}
    assert shape("2AAB", sealed("5001")) == {"hours": 336, "crc": True}


@pytest.mark.parametrize(
    ("sent", "operand"),
    [
        ("01 05", {"minutes": 5}),
        ("02", None),
        ("03 FF", {"minutes": 255}),
        ("05 FFFF", {"record_number": 65535}),
        ("07 B400", {"value": "180", "unit": "mg/dL"}),
        ("08", None),
        ("0F 3700", {"value": "55", "unit": "mg/dL"}),
        ("12 FE07", {"value": "+INF", "unit": "mg/dL"}),
        ("13 1EF0", {"value": "3.0", "unit": "mg/dL/min"}),
        ("17", None),
        ("18 1EF0", {"value": "3.0", "unit": "mg/dL/min"}),
        ("19", None),
        ("1A", None),
        ("1B", None),
        ("1C 1A 01", {"request_op_code": "start_session", "response_code": "success"}),
        (
            "1C 40 09",
            {
                "request_op_code": None,
                "response_code": None,
                "reserved": {"request_op_code": 64, "response_code": 9},
            },
        ),
    ],
)
def test_an_operation_and_its_operand(sent, operand):
    name = SessionOp(bytes.fromhex(sent)[0]).name.lower()
    assert shape("2AAC", sent) == {"op_code": name, "operand": operand, "crc": False}
    assert shape("2AAC", sealed(sent)) == {"op_code": name, "operand": operand, "crc": True}
    with pytest.raises(MalformedFrame):
        command(bytes.fromhex(sent) + b"\x00")


@pytest.mark.parametrize("op_code", ["04", "06"])
def test_a_calibration(op_code):
    described = shape("2AAC", op_code + "7000 4100 11 C103 0200 06")
    assert described["operand"] == {
        "concentration": "112",
        "unit": "mg/dL",
        "time_offset_minutes": 65,
        "type": "capillary_whole_blood",
        "sample_location": "finger",
        "next_offset_minutes": 961,
        "record_number": 2,
        "status": ["out_of_range", "pending"],
    }
    odd = shape("2AAC", op_code + "7000 4100 00 C103 0200 80")["operand"]
    assert odd["reserved"] == {"type": 0, "sample_location": 0, "status": 0x80}  # type: ignore[index]  # an object in JSON


def test_a_private_operation_keeps_its_bytes():
    assert shape("2AAC", "80 0102") == {
        "op_code": None,
        "operand": None,
        "crc": False,
        "reserved": {"op_code": 128, "operand": "0102"},
    }
    assert shape("2AAC", "80")["reserved"] == {"op_code": 128}
