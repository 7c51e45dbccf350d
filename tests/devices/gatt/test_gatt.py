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


@given(data=st.data(), uuid=st.sampled_from(["2A35", "2A36", "2A18", "2A34"]))
def test_a_frame_has_one_length_and_no_other(data, uuid):
    body = data.draw(st.binary(min_size=24, max_size=24))
    lengths = [length for length in range(25) if holds(uuid, body[:length])]
    assert len(lengths) == 1


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
        gatt.decode("2AA7", b"")


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
