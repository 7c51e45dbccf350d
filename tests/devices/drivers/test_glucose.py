"""The glucose driver on bytes written by hand from the profile (GLS 1.0.1)."""

from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.meters import Frame
from carehub.care.readings import HIGH, LOW, Flag, Kind, MealContext, TimeQuality, Unit
from carehub.devices.drivers import GLUCOSE
from carehub.devices.meters import Decoded

NOON = 1_767_240_000_000
NOON_BYTES = "EA070101 0C0000"
TRANSFER = UUID(int=8)


def frame(hexes: str, characteristic: str = "2A18", number: int = 0) -> Frame:
    return Frame(
        id=uuid5(TRANSFER, f"{number} {characteristic} {hexes}"),
        meter_id="G1",
        driver="glucose",
        characteristic=characteristic,
        data=bytes.fromhex(hexes),
        received_at=NOON,
        transfer_id=TRANSFER,
    )


def decode(*frames: Frame) -> Decoded:
    return GLUCOSE.decode(frames)


# 5.6 mmol/L = 0.0056 mol/L: mantissa 56 = 038, exponent -4 = C
MOLES = f"06 0500 {NOON_BYTES} 38C0 11"


def test_moles_become_millimoles_exactly() -> None:
    (found,) = decode(frame(MOLES)).measurements
    assert (found.kind, found.v1, found.unit) == (Kind.GLUCOSE, Decimal("5.6"), Unit.MMOL_L)
    assert (found.sequence, found.device_time) == (5, "2026-01-01T12:00:00")
    assert (found.context, found.text, found.user_slot) == (MealContext.RANDOM, "", None)
    assert (found.meter_id, found.time_quality) == ("G1", TimeQuality.OK)


@pytest.mark.parametrize(
    ("sfloat", "milligrams"),
    [("65B0", "101"), ("0CA1", "26.8"), ("01D0", "100"), ("04C0", "40")],
)
def test_kilograms_become_milligrams_exactly(sfloat: str, milligrams: str) -> None:
    (found,) = decode(frame(f"02 0500 {NOON_BYTES} {sfloat} 11")).measurements
    assert (str(found.v1), found.unit) == (milligrams, Unit.MG_DL)


def test_the_time_a_person_saw_is_base_plus_offset() -> None:
    (found,) = decode(frame(f"07 0500 {NOON_BYTES} A6FD 38C0 11")).measurements
    assert found.device_time == "2026-01-01T01:58:00"  # 602 minutes earlier


def test_without_a_concentration_there_is_no_number() -> None:
    decoded = decode(frame(f"00 0500 {NOON_BYTES}"))
    assert decoded.measurements == ()
    assert "no number" in decoded.refused[0].sentence


@pytest.mark.parametrize("special", ["FF07", "0008", "0108"])
def test_specials_are_refused(special: str) -> None:
    decoded = decode(frame(f"06 0500 {NOON_BYTES} {special} 11"))
    assert (decoded.measurements, len(decoded.refused)) == ((), 1)


@pytest.mark.parametrize("number", ["0000", "FFFF"])
def test_what_no_blood_glucose_can_be_is_refused(number: str) -> None:
    decoded = decode(frame(f"06 0500 {NOON_BYTES} {number} 11"))
    assert "no blood glucose can have" in decoded.refused[0].sentence


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        ("FF07 11 2000", HIGH),  # NaN and "result higher than the device can process"
        ("FF07 11 4000", LOW),
        ("FE07 11 0000", HIGH),  # +infinity says it as well
        ("0208 11 0000", LOW),
    ],
)
def test_beyond_the_meters_range_is_text(tail: str, text: str) -> None:
    (found,) = decode(frame(f"0E 0500 {NOON_BYTES} {tail}")).measurements
    assert (found.v1, found.text) == (None, text)


def test_a_number_with_the_range_bit_stays_a_number() -> None:
    (found,) = decode(frame(f"0E 0500 {NOON_BYTES} 38C0 11 2000")).measurements
    assert (found.v1, found.text) == (Decimal("5.6"), "")


@pytest.mark.parametrize("nibbles", ["1A", "41", "4A"])
def test_control_solution_is_flagged(nibbles: str) -> None:
    (found,) = decode(frame(f"06 0500 {NOON_BYTES} 38C0 {nibbles}")).measurements
    assert found.flags == {Flag.CONTROL_SOLUTION}


@pytest.mark.parametrize(
    ("status", "flags"),
    [
        ("0400", {Flag.SAMPLE_PROBLEM}),
        ("1000", {Flag.SAMPLE_PROBLEM}),
        ("0100", set()),
        ("0000", set()),
    ],
)
def test_what_the_sensor_says(status: str, flags: set[Flag]) -> None:
    (found,) = decode(frame(f"0E 0500 {NOON_BYTES} 38C0 11 {status}")).measurements
    assert found.flags == flags


def test_a_time_fault_is_a_skewed_clock() -> None:
    (found,) = decode(frame(f"0E 0500 {NOON_BYTES} 38C0 11 0008")).measurements
    assert found.time_quality is TimeQuality.SKEWED


@pytest.mark.parametrize("time", ["00000000 000000", "EA070D01 000000"])
def test_a_time_fault_without_a_time_is_unset(time: str) -> None:
    (found,) = decode(frame(f"0E 0500 {time} 38C0 11 0008")).measurements
    assert (found.time_quality, found.device_time) == (TimeQuality.UNSET, "")


@pytest.mark.parametrize(
    ("meal", "context"),
    [
        ("01", MealContext.BEFORE_MEAL),
        ("02", MealContext.AFTER_MEAL),
        ("03", MealContext.FASTING),
        ("04", MealContext.RANDOM),
        ("05", MealContext.BEDTIME),
        ("77", MealContext.RANDOM),
    ],
)
@pytest.mark.parametrize("context_first", [False, True])
def test_a_context_is_joined_by_number(
    meal: str, context: MealContext, context_first: bool
) -> None:
    frames = [frame(MOLES), frame(f"02 0500 {meal}", "2A34"), frame("02 0600 02", "2A34")]
    (found,) = decode(*reversed(frames) if context_first else frames).measurements
    assert found.context is context
    assert set(found.frames) == {frames[0].id, frames[1].id}


def test_a_private_ketone_mark_is_not_blood_glucose() -> None:
    decoded = decode(frame(MOLES), frame("02 0500 06", "2A34"))
    assert decoded.measurements == ()
    assert "ketone" in decoded.refused[0].sentence


def test_a_broken_context_leaves_its_measurement_whole() -> None:
    decoded = decode(frame(MOLES), frame("02 05", "2A34"))
    assert (len(decoded.measurements), len(decoded.refused)) == (1, 1)


def test_the_key_tells_records_apart_that_share_a_number() -> None:
    wrapped = MOLES.replace(NOON_BYTES, "EA070201 0C0000")
    decoded = decode(frame(MOLES), frame(MOLES, number=1), frame(wrapped))
    assert [len(one.frames) for one in decoded.measurements] == [2, 1]


def test_setting_the_meters_clock_does_not_make_a_new_record() -> None:
    before = decode(frame(f"07 0500 {NOON_BYTES} 0000 38C0 11")).measurements
    after = decode(frame(f"07 0500 {NOON_BYTES} 3C00 38C0 11")).measurements
    assert before[0].record_key == after[0].record_key


@pytest.mark.parametrize("hexes", ["", "06", MOLES[:-2], MOLES + "00"])
def test_broken_frames_are_refused(hexes: str) -> None:
    decoded = decode(frame(hexes))
    assert (decoded.measurements, len(decoded.refused)) == ((), 1)


def test_record_numbers_can_be_seen_without_decoding() -> None:
    assert GLUCOSE.sequence(bytes.fromhex(MOLES)) == 5
    assert GLUCOSE.sequence(b"\x06\x05") is None
    assert GLUCOSE.live(b"") is None


@given(st.lists(st.tuples(st.sampled_from(["2A18", "2A34"]), st.binary(max_size=20)), max_size=6))
def test_any_bytes_give_measurements_or_sentences(payloads: list[tuple[str, bytes]]) -> None:
    frames = [frame(data.hex(), name, number) for number, (name, data) in enumerate(payloads)]
    decoded = GLUCOSE.decode(frames)
    values = {one.id for one in frames if one.characteristic == "2A18"}
    named = {one for found in decoded.measurements for one in found.frames}
    assert values <= named | {one.frame for one in decoded.refused}
