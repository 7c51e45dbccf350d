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
def test_lengths_up_to_600_of_ones_and_of_zeros(uuid):
    for length in (*range(40), *range(40, 601, 40)):
        holds(uuid, b"\xff" * length)
        holds(uuid, b"\x00" * length)


FLAGGED = {
    "2A18": 17, "2A1C": 13, "2A1E": 13, "2A34": 17, "2A35": 19, "2A36": 19,
    "2A5E": 19, "2A5F": 20, "2A60": 7, "2A9C": 30, "2A9D": 15,
}  # fmt: skip
"""Those whose flags alone decide on their length, and the longest it gets."""
WIDE = ("2A60", "2A9C")
"""Those with two bytes of flags."""


def lengths_of(uuid: str, flags: bytes) -> int:
    """Return how many lengths these flags allow."""
    body = flags + b"\x11" * (FLAGGED[uuid] + 2)
    return sum(holds(uuid, body[:length]) for length in range(len(body)))


@pytest.mark.parametrize("uuid", FLAGGED)
def test_each_flags_byte_allows_exactly_one_length(uuid):
    for flags in range(256):
        assert lengths_of(uuid, bytes((flags, 0))[: 2 if uuid in WIDE else 1]) == 1, flags


@pytest.mark.parametrize("uuid", WIDE)
def test_each_bit_of_a_second_flags_byte_too(uuid):
    for low in (0, 0xFF):
        for high in (0xFF, *(1 << bit for bit in range(8))):
            assert lengths_of(uuid, bytes((low, high))) == 1, high


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
