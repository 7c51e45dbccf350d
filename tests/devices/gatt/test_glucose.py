"""Glucose frames composed by hand from the Glucose Service's tables."""

from decimal import Decimal

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import ConcentrationUnit, SensorStatus, Special
from carehub.devices.gatt.glucose import SampleType, measurement
from carehub.errors import MalformedFrame
from tests.helpers.shown import shown


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


BASE = "2A00 EA07 03 01 07 1E 00"  # record 42, base time 2026-03-01 07:30:00


def test_a_full_measurement_in_moles():
    # flags 1F: offset, concentration in mol/L, status, context follows
    sent = "1F" + BASE + "E2FF" + "37C0" + "11" + "0100"
    assert shape("2A18", sent) == {
        "sequence_number": 42,
        "base_time": "2026-03-01T07:30:00",
        "time_offset_minutes": -30,
        "concentration": "0.0055",  # 55 x 10^-4
        "unit": "mol/L",
        "type": "capillary_whole_blood",
        "sample_location": "finger",
        "status": ["battery_low"],
        "context_follows": True,
    }


def test_a_measurement_in_mass():
    # flags 02; 99 x 10^-5 kg/L is 99 mg/dL; type 2, location 15
    decoded = measurement(bytes.fromhex("02" + BASE + "63B0" + "F2"))
    assert decoded.concentration == Decimal("0.00099")
    assert decoded.unit is ConcentrationUnit.KG_L
    described = decoded.describe()
    assert (described["unit"], described["type"]) == ("kg/L", "capillary_plasma")
    assert described["sample_location"] == "not_available"
    assert described["context_follows"] is False


def test_a_record_without_a_value_has_nulls():
    # the unit bit without a concentration says nothing
    assert shape("2A18", "04" + BASE) == {
        "sequence_number": 42,
        "base_time": "2026-03-01T07:30:00",
        "time_offset_minutes": None,
        "concentration": None,
        "unit": None,
        "type": None,
        "sample_location": None,
        "status": None,
        "context_follows": False,
    }


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [("5A02", 602), ("E2FF", -30), ("60FA", -1440), ("0080", -32768), ("FF7F", 32767)],
)
def test_offsets_are_signed_minutes(sent, minutes):
    assert shape("2A18", "01" + BASE + sent)["time_offset_minutes"] == minutes


def test_the_last_sequence_number_before_the_wrap():
    assert shape("2A18", "00 FFFF EA07 03 01 07 1E 00")["sequence_number"] == 65535


@pytest.mark.parametrize(
    ("value", "status", "special", "name"),
    [
        ("FE07", "2000", Special.PLUS_INFINITY, SensorStatus.RESULT_TOO_HIGH),
        ("FF07", "2000", Special.NAN, SensorStatus.RESULT_TOO_HIGH),
        ("0208", "4000", Special.MINUS_INFINITY, SensorStatus.RESULT_TOO_LOW),
        ("FF07", "4000", Special.NAN, SensorStatus.RESULT_TOO_LOW),
    ],
)
def test_beyond_the_meters_range_is_a_special_with_a_status(value, status, special, name):
    decoded = measurement(bytes.fromhex("0A" + BASE + value + "11" + status))
    assert decoded.concentration is special
    assert decoded.status is not None
    assert name in decoded.status
    assert decoded.describe()["concentration"] in {"+INF", "-INF", "NaN"}


def test_an_all_ones_concentration_is_a_number_as_sent():
    # seen in the field: FFFF is -1 x 10^-1, for the driver to refuse
    assert shape("2A18", "02" + BASE + "FFFF" + "11")["concentration"] == "-0.1"


@pytest.mark.parametrize(
    ("nibbles", "is_control"), [("4A", True), ("1A", True), ("41", True), ("11", False)]
)
def test_control_solution_is_known_by_type_or_location(nibbles, is_control):
    decoded = measurement(bytes.fromhex("02" + BASE + "63B0" + nibbles))
    assert decoded.control_solution is is_control


def test_codes_without_a_name_are_kept():
    # type 12, location 7
    decoded = measurement(bytes.fromhex("02" + BASE + "63B0" + "7C"))
    assert (decoded.type, decoded.sample_location) == (12, 7)
    described = decoded.describe()
    assert described["type"] is None
    assert described["sample_location"] is None
    assert described["reserved"] == {"type": 12, "sample_location": 7}


def test_the_code_zero_has_no_name_either():
    assert shape("2A18", "02" + BASE + "63B0" + "00")["reserved"] == {
        "type": 0,
        "sample_location": 0,
    }


def test_each_status_bit_has_its_name():
    names = [
        "battery_low",
        "sensor_malfunction",
        "sample_insufficient",
        "strip_insertion_error",
        "strip_type_incorrect",
        "result_too_high",
        "result_too_low",
        "temperature_too_high",
        "temperature_too_low",
        "strip_pulled_too_soon",
        "device_fault",
        "time_fault",
    ]
    for bit, name in enumerate(names):
        status = (1 << bit).to_bytes(2, "little").hex()
        assert shape("2A18", "08" + BASE + status)["status"] == [name]
    assert shape("2A18", "08" + BASE + "01F0")["reserved"] == {"status": 0xF000}


def test_reserved_flags_are_kept_and_announce_nothing():
    assert shape("2A18", "A0" + BASE)["reserved"] == {"flags": 0xA0}
    with pytest.raises(MalformedFrame):
        measurement(bytes.fromhex("A0" + BASE + "00"))


def test_an_impossible_base_time_is_kept():
    # a month 13, as one maker sends for January
    described = shape("2A18", "00 0100 EA07 0D 05 07 1E 00")
    assert described["base_time"] is None
    assert described["reserved"] == {"base_time": "2026-13-05T07:30:00"}


def test_each_flags_byte_allows_exactly_one_length():
    for flags in range(256):
        optional = ((0x01, 2), (0x02, 3), (0x08, 2))
        length = 10 + sum(size for bit, size in optional if flags & bit)
        measurement(bytes((flags,)) + bytes(length - 1))
        for wrong in {*range(24)} - {length}:
            with pytest.raises(MalformedFrame):
                measurement((bytes((flags,)) + bytes(23))[:wrong])


def test_features_are_named_and_the_rest_kept():
    assert shape("2A51", "2104") == {
        "features": ["low_battery", "result_high_low", "multiple_bonds"]
    }
    assert shape("2A51", "0188") == {"features": ["low_battery"], "reserved": {"features": 0x8800}}


@pytest.mark.parametrize("length", [0, 1, 3])
def test_a_feature_has_two_bytes(length):
    with pytest.raises(MalformedFrame):
        gatt.decode("2A51", bytes(length))


def test_a_value_hides_itself():
    decoded = measurement(bytes.fromhex("02" + BASE + "63B0" + "11"))
    assert decoded.type == SampleType.CAPILLARY_WHOLE_BLOOD
    assert "99" not in shown(decoded)


def test_each_type_and_location_has_its_name():
    types = [
        "capillary_whole_blood",
        "capillary_plasma",
        "venous_whole_blood",
        "venous_plasma",
        "arterial_whole_blood",
        "arterial_plasma",
        "undetermined_whole_blood",
        "undetermined_plasma",
        "interstitial_fluid",
        "control_solution",
    ]
    for code, name in enumerate(types, start=1):
        assert shape("2A18", f"02 {BASE} 63B0 1{code:X}")["type"] == name
    locations = ["finger", "alternate_site", "earlobe", "control_solution"]
    for code, name in enumerate(locations, start=1):
        assert shape("2A18", f"02 {BASE} 63B0 {code:X}1")["sample_location"] == name


@pytest.mark.parametrize(("flags", "follows"), [("00", False), ("0F", False), ("10", True)])
def test_only_its_own_flag_announces_a_context(flags, follows):
    rest = "0000 63B0 11 0000" if flags == "0F" else ""
    assert shape("2A18", flags + BASE + rest)["context_follows"] is follows
