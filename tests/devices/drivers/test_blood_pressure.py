"""The blood-pressure driver on bytes written by hand from the profile (BLS 1.1.1)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.meters import Frame
from carehub.care.readings import Flag, Kind, TimeQuality, Unit
from carehub.devices.drivers import BLOOD_PRESSURE
from carehub.devices.meters import Decoded

# 2026-01-01 12:00 at UTC+8
NOON = 1_767_240_000_000
NOON_BYTES = "EA070101 0C0000"
TRANSFER = UUID(int=7)


def frame(hexes: str, *, at: int = NOON, characteristic: str = "2A35", number: int = 0) -> Frame:
    return Frame(
        id=uuid5(TRANSFER, f"{number} {hexes} {at}"),
        meter_id="M1",
        driver="blood_pressure",
        characteristic=characteristic,
        data=bytes.fromhex(hexes),
        received_at=at,
        transfer_id=TRANSFER,
    )


def decode(*frames: Frame) -> Decoded:
    return BLOOD_PRESSURE.decode(frames)


FULL = f"1E 8E00 5800 6A00 {NOON_BYTES} 4800 01 0400"


def test_a_full_measurement() -> None:
    (found,) = decode(frame(FULL)).measurements
    assert found.kind is Kind.BLOOD_PRESSURE
    assert (found.v1, found.v2, found.v3, found.mean) == (142, 88, 72, 106)
    assert (found.unit, found.user_slot, found.device_time) == (
        Unit.MMHG,
        1,
        "2026-01-01T12:00:00",
    )
    assert found.time_quality is TimeQuality.OK
    assert found.flags == {Flag.IRREGULAR_PULSE}
    assert (found.meter_id, found.sequence, found.received_at) == ("M1", None, NOON)


def test_the_least_measurement() -> None:
    (found,) = decode(frame("00 8E00 5800 FF07")).measurements
    assert (found.v3, found.mean, found.user_slot, found.device_time) == (None, None, None, "")
    assert (found.time_quality, found.flags) == (TimeQuality.NONE, frozenset())


def test_kilopascal_stays_kilopascal() -> None:
    # 18.9 kPa = mantissa 189, exponent -1; 11.7; mean 14.1
    (found,) = decode(frame("01 BDF0 75F0 8DF0")).measurements
    assert (found.v1, found.v2, found.mean) == (Decimal("18.9"), Decimal("11.7"), Decimal("14.1"))
    assert found.unit is Unit.KPA


@pytest.mark.parametrize("mean", ["0000", "FF07", "0008", "0108"])
def test_a_mean_of_zero_or_none_at_all_is_no_mean(mean: str) -> None:
    (found,) = decode(frame(f"00 8E00 5800 {mean}")).measurements
    assert found.mean is None


@pytest.mark.parametrize("pulse", ["FF07", "0000", "FF0F"])
def test_a_pulse_that_was_not_found_is_no_pulse(pulse: str) -> None:
    (found,) = decode(frame(f"04 8E00 5800 6A00 {pulse}")).measurements
    assert found.v3 is None


def test_user_255_is_nobody() -> None:
    (found,) = decode(frame("08 8E00 5800 6A00 FF")).measurements
    assert found.user_slot is None


@pytest.mark.parametrize("special", ["FF07", "0008", "0108", "FE07", "0208"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_special_is_refused_and_never_a_number(special: str, place: int) -> None:
    pressures = ["8E00", "5800"]
    pressures[place] = special
    decoded = decode(frame(f"00 {' '.join(pressures)} 6A00"))
    assert decoded.measurements == ()
    assert "Please measure again." in decoded.refused[0].sentence


@pytest.mark.parametrize("pressures", ["0000 5800", "8E00 0000", "8E00 FF0F"])
def test_what_no_blood_pressure_can_be_is_refused(pressures: str) -> None:
    decoded = decode(frame(f"00 {pressures} 6A00"))
    assert decoded.measurements == ()
    assert "no blood pressure can have" in decoded.refused[0].sentence


@pytest.mark.parametrize("hexes", ["", "00", FULL[:-2], FULL + "00"])
def test_broken_frames_are_refused(hexes: str) -> None:
    decoded = decode(frame(hexes))
    assert (decoded.measurements, len(decoded.refused)) == ((), 1)


def test_flags_of_the_cuff() -> None:
    (found,) = decode(frame("10 8E00 5800 6A00 2B00")).measurements
    assert found.flags == {
        Flag.BODY_MOVEMENT,
        Flag.CUFF_LOOSE,
        Flag.PULSE_OUT_OF_RANGE,
        Flag.BAD_POSITION,
    }


def test_a_repeat_is_one_measurement_and_another_person_is_another() -> None:
    other = FULL.replace(" 01 0400", " 02 0400")
    decoded = decode(frame(FULL), frame(FULL, number=1), frame(other))
    assert [len(one.frames) for one in decoded.measurements] == [2, 1]


def test_the_key_names_the_record_not_the_visit() -> None:
    (first,) = decode(frame(FULL)).measurements
    (later,) = decode(frame(FULL, at=NOON + 86_400_000)).measurements
    assert first.record_key == later.record_key
    assert "142" not in first.record_key


def test_without_a_clock_equal_values_within_a_minute_are_one() -> None:
    bare = "00 8E00 5800 6A00"
    other = "00 8F00 5800 6A00"
    decoded = decode(
        frame(bare),
        frame(other, at=NOON + 1_000),
        frame(bare, at=NOON + 59_000),
        frame(bare, at=NOON + 130_000),
    )
    assert [one.v1 for one in decoded.measurements] == [142, 143, 142]


def test_without_a_clock_the_minute_may_turn_between_two_of_the_same() -> None:
    bare = "00 8E00 5800 6A00"
    decoded = decode(frame(bare, at=NOON + 59_000), frame(bare, at=NOON + 61_000))
    assert len(decoded.measurements) == 1


LIVE = frame("00 6400 FF07 FF07", characteristic="2A36")


def stamped(bytes_of_time: str) -> Frame:
    return frame(f"02 8E00 5800 6A00 {bytes_of_time}")


@pytest.mark.parametrize(
    ("bytes_of_time", "live", "quality"),
    [
        (NOON_BYTES, False, TimeQuality.OK),
        (NOON_BYTES, True, TimeQuality.OK),
        ("EA070101 0C0A00", False, TimeQuality.OK),  # ten minutes ahead
        ("EA070101 0C0A01", False, TimeQuality.SKEWED),  # and one second more
        ("EA070101 0B3200", True, TimeQuality.OK),  # ten minutes late, live
        ("EA070101 0B313B", True, TimeQuality.SKEWED),
        ("E9070601 080000", False, TimeQuality.OK),  # stored half a year ago
        ("E9070601 080000", True, TimeQuality.SKEWED),
        ("B2070101 000000", False, TimeQuality.UNSET),  # 1970
        ("DA070101 000000", True, TimeQuality.UNSET),  # 2010
        ("00000101 000000", False, TimeQuality.UNSET),
        ("EA070D01 000000", False, TimeQuality.UNSET),  # month 13
    ],
)
def test_how_far_a_time_is_trusted(bytes_of_time: str, live: bool, quality: TimeQuality) -> None:
    frames = [LIVE, stamped(bytes_of_time)] if live else [stamped(bytes_of_time)]
    (found,) = BLOOD_PRESSURE.decode(frames).measurements
    assert found.time_quality is quality


@pytest.mark.parametrize(
    ("clock", "offset", "quality"),
    [
        (f"{NOON_BYTES} 04 00 00", 0, TimeQuality.OK),
        ("EA070101 0C0500 04 00 00", 300_000, TimeQuality.OK),
        ("EA070101 0D0000 04 00 00", 3_600_000, TimeQuality.SKEWED),
        ("E9070101 0C0000 04 00 00", -31_536_000_000, TimeQuality.SKEWED),
        ("00000000 000000 00 00 00", None, TimeQuality.OK),
        ("0000", None, TimeQuality.OK),
    ],
)
def test_the_meters_own_time_decides(clock: str, offset: int | None, quality: TimeQuality) -> None:
    shown = frame(clock, characteristic="2A2B")
    decoded = decode(shown, frame(FULL))
    assert decoded.clock_offset == offset
    assert decoded.measurements[0].time_quality is quality


def test_a_good_clock_vouches_for_old_records_but_not_for_future_ones() -> None:
    clock = frame(f"{NOON_BYTES} 04 00 00", characteristic="2A2B")
    old, future = stamped("E3070101 000000"), stamped("EB070101 000000")
    decoded = decode(clock, old, future)
    assert [one.time_quality for one in decoded.measurements] == [
        TimeQuality.OK,
        TimeQuality.SKEWED,
    ]


def test_another_zone_is_taken_into_account() -> None:
    # noon in China is five in the morning in Berlin's winter
    decoded = BLOOD_PRESSURE.decode([LIVE, stamped(NOON_BYTES)], zone_offset=60)
    assert decoded.measurements[0].time_quality is TimeQuality.SKEWED


def test_live_pressure_is_a_number_or_nothing() -> None:
    assert BLOOD_PRESSURE.live(LIVE.data) == (100, Unit.MMHG)
    assert BLOOD_PRESSURE.live(bytes.fromhex("00 FF07 FF07 FF07")) is None
    assert BLOOD_PRESSURE.live(b"\x00") is None
    assert BLOOD_PRESSURE.sequence(LIVE.data) is None


def test_what_is_pretended_stays_marked() -> None:
    (found,) = BLOOD_PRESSURE.decode([replace(frame(FULL), simulated=True)]).measurements
    assert found.simulated


@given(st.lists(st.binary(max_size=24), max_size=6))
def test_any_bytes_give_measurements_or_sentences(payloads: list[bytes]) -> None:
    frames = [frame(data.hex(), number=number) for number, data in enumerate(payloads)]
    decoded = BLOOD_PRESSURE.decode(frames)
    named = {one for found in decoded.measurements for one in found.frames}
    assert named | {one.frame for one in decoded.refused} == {one.id for one in frames}
