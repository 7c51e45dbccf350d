"""Cuff frames composed by hand from the Blood Pressure Service's tables."""

from decimal import Decimal

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import PressureStatus, PressureUnit, Special
from carehub.devices.gatt.blood_pressure import UNKNOWN_USER, cuff_pressure, measurement
from carehub.errors import MalformedFrame
from tests.helpers.shown import shown


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


# flags 1E: mmHg, time, pulse, user, status
FULL = (
    "1E"
    "8800 5300 6400"  # 136 / 83, mean 100
    "EA07 03 01 07 1E 00"  # 2026-03-01 07:30:00
    "4800"  # pulse 72
    "02"  # user 2
    "0500"  # body movement, irregular pulse
)


def test_a_full_measurement():
    assert shape("2A35", FULL) == {
        "systolic": "136",
        "diastolic": "83",
        "mean_arterial_pressure": "100",
        "unit": "mmHg",
        "taken_at": "2026-03-01T07:30:00",
        "pulse_rate": "72",
        "user_id": 2,
        "status": ["body_movement", "irregular_pulse"],
    }


def test_the_keys_come_in_the_documented_order():
    assert list(shape("2A35", FULL)) == [
        "systolic",
        "diastolic",
        "mean_arterial_pressure",
        "unit",
        "taken_at",
        "pulse_rate",
        "user_id",
        "status",
    ]


def test_the_shortest_measurement_has_only_pressures():
    assert shape("2A35", "00 8800 5300 6400") == {
        "systolic": "136",
        "diastolic": "83",
        "mean_arterial_pressure": "100",
        "unit": "mmHg",
        "taken_at": None,
        "pulse_rate": None,
        "user_id": None,
        "status": None,
    }


def test_kilopascals_keep_their_tenth():
    # 189 x 10^-1, 120 x 10^-1, 143 x 10^-1
    decoded = measurement(bytes.fromhex("01 BDF0 78F0 8FF0"))
    assert decoded.unit is PressureUnit.KPA
    assert (decoded.systolic, decoded.diastolic) == (Decimal("18.9"), Decimal("12.0"))
    described = decoded.describe()
    assert (described["diastolic"], described["unit"]) == ("12.0", "kPa")


def test_a_cuff_that_says_mmhg_and_means_kilopascals_is_told_as_sent():
    decoded = shape("2A35", "00 BDF0 78F0 8FF0")
    assert (decoded["systolic"], decoded["unit"]) == ("18.9", "mmHg")


def test_a_mantissa_with_a_positive_exponent_is_plain():
    # 12 x 10^1, 8 x 10^1, mean 93
    decoded = shape("2A35", "00 0C10 0810 5D00")
    assert (decoded["systolic"], decoded["diastolic"]) == ("120", "80")


def test_specials_in_each_value_keep_which_one_they_were():
    # systolic 150, diastolic NRes, mean -INF, pulse reserved
    decoded = measurement(bytes.fromhex("04 9600 0008 0208 0108"))
    assert decoded.systolic == Decimal(150)
    assert decoded.diastolic is Special.NRES
    assert decoded.mean_arterial_pressure is Special.MINUS_INFINITY
    assert decoded.pulse_rate is Special.RESERVED
    assert decoded.describe()["mean_arterial_pressure"] == "-INF"


def test_a_cuff_pressure_sent_as_a_measurement_shows_nan():
    # seen in the field: diastolic, mean and pulse NaN
    decoded = shape("2A35", "04 9600 FF07 FF07 FF07")
    assert decoded["systolic"] == "150"
    assert decoded["diastolic"] == decoded["mean_arterial_pressure"] == "NaN"
    assert decoded["pulse_rate"] == "NaN"


def test_an_overflow_is_plus_infinity():
    assert shape("2A35", "00 FE07 5300 6400")["systolic"] == "+INF"


def test_user_255_is_told_as_sent():
    decoded = measurement(bytes.fromhex("08 8800 5300 6400 FF"))
    assert decoded.user_id == UNKNOWN_USER == decoded.describe()["user_id"]


@pytest.mark.parametrize(
    ("bits", "names"),
    [
        ("0000", []),
        ("0100", ["body_movement"]),
        ("0200", ["cuff_loose"]),
        ("0400", ["irregular_pulse"]),
        ("0800", ["pulse_above_range"]),
        ("1000", ["pulse_below_range"]),
        ("2000", ["bad_position"]),
        (
            "2F00",
            ["body_movement", "cuff_loose", "irregular_pulse", "pulse_above_range", "bad_position"],
        ),
    ],
)
def test_each_status_bit_has_its_name(bits, names):
    decoded = shape("2A35", "10 8800 5300 6400" + bits)
    assert decoded["status"] == names
    assert "reserved" not in decoded


@pytest.mark.parametrize(
    ("bits", "names", "kept"),
    [
        ("1800", [], 0x18),  # the pulse range code 3
        ("40FF", [], 0xFF40),  # bits 6 and 8-15
        ("4180", ["body_movement"], 0x8040),
    ],
)
def test_unknown_status_bits_are_kept(bits, names, kept):
    decoded = shape("2A35", "10 8800 5300 6400" + bits)
    assert decoded["status"] == names
    assert decoded["reserved"] == {"status": kept}


def test_status_can_be_asked_by_name():
    status = measurement(bytes.fromhex(FULL)).status
    assert status is not None
    assert PressureStatus.IRREGULAR_PULSE in status
    assert PressureStatus.CUFF_LOOSE not in status


def test_reserved_flags_are_kept_and_announce_nothing():
    decoded = shape("2A35", "E4 8800 5300 6400 4800")
    assert decoded["pulse_rate"] == "72"
    assert decoded["reserved"] == {"flags": 0xE0}
    with pytest.raises(MalformedFrame):
        measurement(bytes.fromhex("E4 8800 5300 6400 4800 01"))


def test_an_unset_clock_does_not_cost_the_reading():
    decoded = shape("2A35", "02 8800 5300 6400 0000 00 00 00 00 00")
    assert (decoded["systolic"], decoded["taken_at"]) == ("136", None)
    assert "reserved" not in decoded


def test_an_impossible_clock_does_not_cost_the_reading():
    decoded = shape("2A35", "02 8800 5300 6400 EA07 02 1E 19 00 3C")
    assert (decoded["systolic"], decoded["taken_at"]) == ("136", None)
    assert decoded["reserved"] == {"taken_at": "2026-02-30T25:00:60"}


def test_the_pressure_while_the_cuff_fills():
    # mmHg with pulse: 97 now, the two unused pressures NaN, pulse 70
    assert shape("2A36", "04 6100 FF07 FF07 4600") == {
        "cuff_pressure": "97",
        "unit": "mmHg",
        "taken_at": None,
        "pulse_rate": "70",
        "user_id": None,
        "status": None,
    }


def test_unused_pressures_that_are_used_are_kept():
    # kPa, 12.9 now, then 0 and NaN
    decoded = shape("2A36", "01 81F0 0000 FF07")
    assert (decoded["cuff_pressure"], decoded["unit"]) == ("12.9", "kPa")
    assert decoded["reserved"] == {"unused": ["0", "NaN"]}


def test_features_are_named_and_the_rest_kept():
    assert shape("2A49", "2500") == {
        "features": ["body_movement", "irregular_pulse", "multiple_bonds"]
    }
    assert shape("2A49", "0282") == {
        "features": ["cuff_fit"],
        "reserved": {"features": 0x8200},
    }


@pytest.mark.parametrize("decode", [measurement, cuff_pressure])
def test_each_flags_byte_allows_exactly_one_length(decode):
    for flags in range(256):
        optional = ((0x02, 7), (0x04, 2), (0x08, 1), (0x10, 2))
        length = 7 + sum(size for bit, size in optional if flags & bit)
        decode(bytes((flags,)) + bytes(length - 1))
        for wrong in {*range(24)} - {length}:
            with pytest.raises(MalformedFrame):
                decode((bytes((flags,)) + bytes(23))[:wrong])


@pytest.mark.parametrize("length", [0, 1, 3, 4])
def test_a_feature_has_two_bytes(length):
    with pytest.raises(MalformedFrame):
        gatt.decode("2A49", bytes(length))


def test_a_value_hides_itself():
    for decoded in (measurement(bytes.fromhex(FULL)), cuff_pressure(bytes.fromhex(FULL))):
        assert "136" not in shown(decoded)
        assert "irregular" not in repr(decoded)
