"""All codecs together: no bytes of any length raise anything but MalformedFrame."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.devices import gatt
from carehub.errors import InputError, MalformedFrame

characteristics = st.sampled_from(gatt.CHARACTERISTICS)


def holds(uuid: str, data: bytes) -> bool:
    """Decode, describe and pass through JSON; False where the frame is malformed."""
    try:
        value = gatt.decode(uuid, data)
    except MalformedFrame:
        return False
    shape = gatt.describe(value)
    assert json.loads(json.dumps(shape, allow_nan=False)) == shape
    return True


@given(uuid=characteristics, data=st.binary(max_size=600))
def test_bytes_of_any_length_raise_nothing_else(uuid, data):
    holds(uuid, data)


@given(uuid=characteristics, data=st.binary(max_size=24))
def test_short_bytes_raise_nothing_else(uuid, data):
    holds(uuid, data)


@pytest.mark.parametrize("uuid", gatt.CHARACTERISTICS)
def test_every_length_up_to_600_of_ones_and_of_zeros(uuid):
    for length in range(601):
        holds(uuid, b"\xff" * length)
        holds(uuid, b"\x00" * length)


FLAGGED = {
    "2A18": 1, "2A1C": 1, "2A1E": 1, "2A34": 1, "2A35": 1, "2A36": 1,
    "2A5E": 1, "2A5F": 1, "2A60": 2, "2A9C": 2, "2A9D": 1,
}  # fmt: skip
"""The bytes of flags that alone decide on the length of these."""
_LONGEST = 34


@pytest.mark.parametrize("uuid", FLAGGED)
def test_each_flags_byte_allows_exactly_one_length(uuid):
    for low in range(256):
        # The high byte of two runs through its bits, together and each alone.
        for high in (0, 0xFF, *(1 << bit for bit in range(8))) if FLAGGED[uuid] == 2 else (0,):
            body = bytes((low, high))[: FLAGGED[uuid]] + b"\x11" * _LONGEST
            assert sum(holds(uuid, body[:length]) for length in range(len(body))) == 1, (low, high)


def test_the_flags_of_a_heart_rate_leave_only_the_number_of_intervals_open():
    for flags in range(256):
        body = bytes((flags,)) + b"\x11" * 20
        lengths = [length for length in range(21) if holds("2A37", body[:length])]
        shortest = 2 + (flags & 1) + (flags >> 2 & 2) + (flags >> 3 & 2)
        assert lengths == (list(range(shortest, 21, 2)) if flags & 0x10 else [shortest])


def test_the_size_of_a_monitors_record_is_the_one_its_flags_ask_for():
    for flags in range(256):
        bodies = (bytes((size, flags)) + b"\x11" * (size - 2) for size in range(2, 20))
        assert sum(holds("2AA7", body) for body in bodies) == 1


@pytest.mark.parametrize(
    "written",
    [
        "2A35",
        "2a35",
        "0x2a35",
        "0X2A35",
        " 2a35 ",
        "00002A35",
        "0x00002a35",
        "00002a35-0000-1000-8000-00805f9b34fb",
        "00002A35-0000-1000-8000-00805F9B34FB",
        "00002a3500001000800000805f9b34fb",
    ],
)
def test_a_uuid_is_understood_in_each_form(written):
    assert gatt.characteristic(written) == "2A35"
    data = bytes.fromhex("00 8800 5300 6400")
    assert gatt.describe(gatt.decode(written, data))["systolic"] == "136"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2A3",
        "2A355",
        "2G35",
        "blood pressure",
        "12342A35",
        "00002a35-0000-1000-8000-00805f9b34fc",  # not on the Bluetooth base
        "cdeacd80-5235-4c07-8846-93a37ee6b86d",
    ],
)
def test_what_is_no_standard_uuid_is_refused(written):
    with pytest.raises(InputError, match="2A35"):
        gatt.characteristic(written)


def test_a_characteristic_without_a_codec_is_refused_and_the_known_ones_named():
    with pytest.raises(InputError, match="2A52"):
        gatt.decode("2A6E", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ends too early: 1 bytes are needed, 0 arrived"),
        (bytes(8), "longer than its profile allows, by this many bytes: 1"),
    ],
)
def test_a_malformed_frame_says_what_is_wrong(data, words):
    with pytest.raises(MalformedFrame, match=words):
        gatt.decode("2A35", data)
