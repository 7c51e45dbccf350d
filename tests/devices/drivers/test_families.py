"""What each family of meters does in its own way, on bytes written by hand."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.meters import Frame, Measurement
from carehub.care.readings import Flag
from carehub.devices.drivers import ACCU_CHEK, BEURER, BUILT_IN, CARESENS, TAIDOC
from carehub.devices.drivers.beurer import mended
from carehub.devices.meters import Decoded, Driver

NOON = 1_767_240_000_000  # 2026-01-01 12:00 at UTC+8
NOON_BYTES = "EA070101 0C0000"
TRANSFER = UUID(int=9)


def frame(hexes: str, characteristic: str) -> Frame:
    return Frame(
        id=uuid5(TRANSFER, characteristic + hexes),
        meter_id="M1",
        driver="any",
        characteristic=characteristic,
        data=bytes.fromhex(hexes),
        received_at=NOON,
        transfer_id=TRANSFER,
    )


def pressure(hexes: str) -> Measurement:
    (found,) = BEURER.decode([frame(hexes, "2A35")]).measurements
    return found


def glucose(driver: Driver, *hexes: str) -> Decoded:
    return driver.decode([frame(text, "2A18") for text in hexes])


HEAD = f"8E00 5800 0000 {NOON_BYTES}"


def test_a_beurer_that_turns_pulse_and_status_round() -> None:
    # flags 1E: time, pulse 72, user 2, status movement; both words big-endian
    found = pressure(f"1E {HEAD} 0048 02 0001")
    assert (found.v3, found.user_slot, found.mean) == (72, 2, None)
    assert found.flags == {Flag.BODY_MOVEMENT}


def test_a_beurer_that_keeps_to_the_profile_is_read_as_it_is() -> None:
    found = pressure(f"1E {HEAD} 4800 02 0100")
    assert (found.v3, found.user_slot, found.flags) == (72, 2, {Flag.BODY_MOVEMENT})


def test_a_beurer_whose_flags_do_not_announce_the_user() -> None:
    assert pressure(f"16 {HEAD} 0048 01 0000").user_slot == 1
    assert pressure("00 8E00 5800 0000 02").user_slot == 2


def test_a_beurer_with_a_special_for_a_pulse_has_none() -> None:
    assert pressure(f"06 {HEAD} FF07").v3 is None


@given(st.binary(max_size=24))
def test_what_is_mended_is_mended_once_and_keeps_its_pressures(data: bytes) -> None:
    once = mended(data)
    assert mended(once) == once
    assert (once[1:7], len(once)) == (data[1:7], len(data))


RECORD = "38C0 11"


def test_the_seconds_of_an_accu_chek_do_not_name_a_record() -> None:
    decoded = glucose(
        ACCU_CHEK,
        f"06 0500 EA070101 0C0000 {RECORD}",
        f"06 0500 EA070101 0C002B {RECORD}",
        f"06 0500 EA070101 0C0100 {RECORD}",
    )
    assert [one.sequence for one in decoded.measurements] == [5, 5]
    assert len({one.record_key for one in decoded.measurements}) == 2


def test_a_taidoc_record_keeps_its_name_when_its_number_moves() -> None:
    (before,) = glucose(TAIDOC, f"06 0000 {NOON_BYTES} {RECORD}").measurements
    (after,) = glucose(TAIDOC, f"06 0100 {NOON_BYTES} {RECORD}").measurements
    assert before.record_key == after.record_key
    assert before.sequence is after.sequence is None
    (other,) = glucose(TAIDOC, f"06 0000 {NOON_BYTES} 39C0 11").measurements
    assert other.record_key != before.record_key


def test_the_thirteenth_month_of_a_caresens_is_january() -> None:
    (found,) = glucose(CARESENS, f"06 0500 EA070D01 0C0000 {RECORD}").measurements
    assert found.device_time == "2026-01-01T12:00:00"
    (usual,) = glucose(CARESENS, f"06 0500 EA070C01 0C0000 {RECORD}").measurements
    assert usual.device_time == "2026-12-01T12:00:00"


def test_a_ketone_value_of_a_caresens_is_no_glucose() -> None:
    decoded = CARESENS.decode(
        [frame(f"16 0500 {NOON_BYTES} {RECORD}", "2A18"), frame("02 0500 06", "2A34")]
    )
    assert decoded.measurements == ()
    assert "ketone" in decoded.refused[0].sentence


@pytest.mark.parametrize("driver", BUILT_IN)
@given(data=st.binary(max_size=24))
def test_no_bytes_break_a_driver(driver: Driver, data: bytes) -> None:
    for characteristic in driver.policy.values:
        sent = frame(data.hex(), characteristic)
        decoded = driver.decode([sent])
        assert len(decoded.measurements) + len(decoded.refused) <= 1
