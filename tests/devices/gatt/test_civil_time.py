"""A meter's clock: unset, impossible and good times, both directions."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.devices import gatt
from carehub.devices.gatt.bits import Bits
from carehub.devices.gatt.civil_time import (
    AdjustReason,
    CurrentTime,
    DateTime,
    current_time,
    date_time,
)
from carehub.errors import MalformedFrame


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


def test_a_time_is_iso_8601_without_a_zone():
    # 2026 = 0x07EA, 1 March, 07:30:59
    assert shape("2A08", "EA07 03 01 07 1E 3B") == {"time": "2026-03-01T07:30:59"}


@pytest.mark.parametrize(
    "unset",
    [
        "0000 03 01 07 1E 00",  # year not known
        "EA07 00 01 07 1E 00",  # month not known
        "EA07 03 00 07 1E 00",  # day not known
        "0000 00 00 00 00 00",
        "0000 0D 00 19 00 00",  # unset comes before impossible
    ],
)
def test_an_unset_clock_has_no_time_and_nothing_to_keep(unset):
    assert shape("2A08", unset) == {"time": None}
    assert date_time(bytes.fromhex(unset)).unset


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("EA07 0D 01 07 1E 00", "2026-13-01T07:30:00"),  # a month 13, as one maker sends
        ("EA07 02 1E 07 1E 00", "2026-02-30T07:30:00"),
        ("EA07 03 01 19 1E 00", "2026-03-01T25:30:00"),
        ("EA07 03 01 07 3C 00", "2026-03-01T07:60:00"),
        ("EA07 03 01 07 1E 3C", "2026-03-01T07:30:60"),  # no leap seconds in a meter
        ("EB07 02 1D 07 1E 00", "2027-02-29T07:30:00"),
        ("FFFF FF FF FF FF FF", "65535-255-255T255:255:255"),
    ],
)
def test_fields_beyond_their_range_are_kept_and_are_no_time(sent, kept):
    assert shape("2A08", sent) == {"time": None, "reserved": {"time": kept}}


def test_a_leap_day_is_a_time():
    assert shape("2A08", "E807 02 1D 17 3B 3B")["time"] == "2024-02-29T23:59:59"


@pytest.mark.parametrize("length", [*range(7), *range(8, 30)])
def test_a_date_time_has_seven_bytes(length):
    with pytest.raises(MalformedFrame):
        date_time(bytes(length))


def test_current_time_carries_day_of_week_fractions_and_reason():
    # Sunday 22 November 2026, 09:27:45 and 128/256 s; set by hand and daylight saving
    assert shape("2A2B", "EA07 0B 16 09 1B 2D 07 80 09") == {
        "time": "2026-11-22T09:27:45",
        "day_of_week": "sunday",
        "fractions256": 128,
        "adjust_reason": ["manual_update", "daylight_saving_change"],
    }


def test_current_time_keeps_what_has_no_meaning():
    # day of week 8, adjust reason bits 6 and 2
    assert shape("2A2B", "EA07 0D 16 09 1B 2D 08 00 44") == {
        "time": None,
        "day_of_week": None,
        "fractions256": 0,
        "adjust_reason": ["time_zone_change"],
        "reserved": {"time": "2026-13-22T09:27:45", "day_of_week": 8, "adjust_reason": 64},
    }


def test_an_unknown_day_of_week_is_null():
    assert shape("2A2B", "EA07 0B 16 09 1B 2D 00 00 02")["day_of_week"] is None
    assert "reserved" not in shape("2A2B", "EA07 0B 16 09 1B 2D 00 00 02")


@pytest.mark.parametrize("length", [*range(10), *range(11, 30)])
def test_a_current_time_has_ten_bytes(length):
    with pytest.raises(MalformedFrame):
        current_time(bytes(length))


def test_a_clock_is_written_in_its_own_layout():
    # the bytes a cuff gets in 2A08, and a glucose meter in 2A2B
    moment = datetime.fromisoformat("2026-11-22T09:27:45.500")
    assert DateTime.of(moment).encode() == bytes.fromhex("EA07 0B 16 09 1B 2D")
    manual = CurrentTime.of(moment, AdjustReason.MANUAL_UPDATE)
    assert manual.encode() == bytes.fromhex("EA07 0B 16 09 1B 2D 07 80 01")
    assert CurrentTime.of(moment).encode()[-1] == 0


@given(data=st.binary(min_size=7, max_size=7))
def test_any_seven_bytes_come_back_as_they_were(data):
    assert date_time(data).encode() == data


@given(data=st.binary(min_size=10, max_size=10))
def test_any_ten_bytes_come_back_as_they_were(data):
    assert current_time(data).encode() == data


@given(moment=st.datetimes(min_value=datetime.fromisoformat("1582-01-01T00:00:00")))
def test_a_written_clock_reads_the_same_second(moment):
    assert date_time(DateTime.of(moment).encode()).civil() == moment.replace(microsecond=0)
    decoded = current_time(CurrentTime.of(moment).encode())
    assert decoded.time.civil() == moment.replace(microsecond=0)
    assert decoded.day_of_week == moment.isoweekday()
    assert abs(decoded.fractions256 / 256 - moment.microsecond / 1e6) < 1 / 256


def test_the_offset_moves_a_time_and_never_raises():
    base = DateTime(2026, 3, 1, 7, 30, 0)
    assert base.later(-602) == datetime.fromisoformat("2026-02-28T21:28:00")
    assert DateTime(9999, 12, 31, 23, 59, 0).later(1) is None
    assert DateTime(0, 3, 1, 7, 30, 0).later(1) is None


def test_reserved_adjust_bits_are_written_back():
    sent = CurrentTime(DateTime(2026, 3, 1, 7, 30, 0), adjust_reason=Bits((), 0xF0))
    assert sent.encode()[-1] == 0xF0
