"""Sessions with the families of meters that go their own way, and with clocks that can be set."""

from dataclasses import replace

import pytest

from carehub.care.readings import TimeQuality
from carehub.devices.link import End, Step
from carehub.devices.simulator import Air, Faults, Features
from carehub.devices.simulator.families import (
    PretendAAndD,
    PretendAccuChek,
    PretendContour,
    PretendTaiDoc,
)
from tests.helpers.meters import MINUTE, NOON, Sitting, room

NOON_WRITTEN = bytes.fromhex("EA070101 0C0000 04 00 00")
SETTABLE = Features(tells_time=True, lets_set=True)


def family(air: Air, driver: str, faults: Faults | None = None) -> object:
    meter = air.family(driver, faults or Faults())
    for age in (3, 2, 1):
        if hasattr(meter, "asked"):
            meter.remember(f"5.{age}", at=NOON - age * 20 * MINUTE)  # type: ignore[call-arg]  # told apart above
        else:
            meter.remember(140 + age, 88, 72, at=NOON - age * 20 * MINUTE)
    return meter


async def test_an_a_and_d_is_told_the_time_before_it_is_asked_for_values() -> None:
    async with room() as air:
        meter, sitting = family(air, "a_and_d"), Sitting(air)
        assert isinstance(meter, PretendAAndD)
        await sitting.read(meter)
    assert (meter.error, meter.told) == ("", [NOON_WRITTEN[:7]])
    steps = sitting.steps()
    assert steps.index(Step.CLOCK) < steps.index(Step.SUBSCRIBE)
    assert len(sitting.measurements()) == 3


async def test_a_contour_is_asked_for_everything_once_and_then_for_what_is_new() -> None:
    async with room() as air:
        meter, sitting = family(air, "contour"), Sitting(air)
        assert isinstance(meter, PretendContour)
        known = (await sitting.read(meter)).meter
        nothing = await sitting.read(meter, known)
        assert (nothing.end, nothing.meter.last_sequence) == (End.EMPTY, 3)
        meter.remember("6.1", at=NOON)
        newer = await sitting.read(meter, nothing.meter)
    assert meter.floods == 1
    assert meter.asked[-1] == b"\x01\x03\x01\x04\x00"
    assert (newer.received, newer.meter.last_sequence) == (1, 4)


async def test_a_contour_whose_memory_was_cleared_is_read_from_the_beginning() -> None:
    async with room() as air:
        meter, sitting = family(air, "contour"), Sitting(air)
        assert isinstance(meter, PretendContour)
        known = (await sitting.read(meter)).meter
        meter.memory[:] = [replace(meter.memory[0], sequence=1)]
        again = await sitting.read(meter, replace(known, last_sequence=500))
    assert (again.received, again.counted, again.end) == (1, 1, End.COMPLETE)
    assert again.meter.last_sequence == 1


async def test_a_taidoc_is_asked_for_everything_and_nothing_is_taken_twice() -> None:
    async with room() as air:
        meter, sitting = family(air, "taidoc"), Sitting(air)
        assert isinstance(meter, PretendTaiDoc)
        known = (await sitting.read(meter)).meter
        meter.remember("6.1", at=NOON)
        again = await sitting.read(meter, known)
    assert again.received == 4
    assert [str(one.v1) for one in sitting.measurements()] == ["5.1", "5.2", "5.3", "6.1"]


async def test_an_accu_chek_read_twice_adds_nothing() -> None:
    async with room() as air:
        meter, sitting = family(air, "accu_chek"), Sitting(air)
        assert isinstance(meter, PretendAccuChek)
        await sitting.read(meter)
        await sitting.read(meter)
    assert len({frame.data for frame in sitting.frames if frame.characteristic == "2A18"}) == 6
    assert len(sitting.measurements()) == 3


async def test_a_meter_known_by_another_driver_of_its_kind_stays_known() -> None:
    async with room() as air:
        meter, sitting = family(air, "contour"), Sitting(air)
        assert isinstance(meter, PretendContour)
        known = replace((await sitting.read(meter)).meter, driver="glucose")
        again = await sitting.read(meter, known)
    assert (again.meter.driver, again.received) == ("contour", 0)


@pytest.mark.parametrize("faults", [Faults(wrong_clock=2024), Faults(unset_clock=True)])
async def test_a_wrong_clock_is_set_and_read_back(faults: Faults) -> None:
    async with room() as air:
        meter = air.glucose_meter(faults=faults, features=SETTABLE)
        meter.remember("5.5", at=NOON - 20 * MINUTE)
        sitting = Sitting(air)
        await sitting.read(meter)
        meter.remember("5.6", at=NOON)
        await sitting.read(meter)
    assert meter.told == [NOON_WRITTEN]
    clocks = [frame.data for frame in sitting.frames if frame.characteristic == "2A2B"]
    assert (len(clocks), clocks[1], clocks[2]) == (3, NOON_WRITTEN, NOON_WRITTEN)
    *_, newest = sitting.measurements()
    assert (newest.device_time, newest.time_quality) == ("2026-01-01T12:00:00", TimeQuality.OK)


async def test_a_clock_that_cannot_be_set_or_is_right_is_left_alone() -> None:
    async with room() as air:
        right = air.glucose_meter(features=SETTABLE)
        right.remember("5.5")
        await Sitting(air).read(right)
    assert right.told == []


async def test_a_meter_that_takes_the_time_and_forgets_it_is_not_believed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with room() as air:
        features = replace(SETTABLE, ignores_setting=True)
        meter = air.glucose_meter(faults=Faults(wrong_clock=2024), features=features)
        meter.remember("5.5", at=NOON - 20 * MINUTE)
        sitting = Sitting(air)
        await sitting.read(meter)
    assert "still shows another" in caplog.text
    (found,) = sitting.measurements()
    assert found.time_quality is TimeQuality.SKEWED
    assert found.clock_ahead is not None


async def test_a_memory_that_is_emptied_by_reading_is_read_once_and_whole() -> None:
    async with room() as air:
        meter, sitting = family(air, "glucose", Faults(deletes_after_transfer=True)), Sitting(air)
        assert isinstance(meter, type(air.glucose_meter(serial="SIM-OTHER")))
        first = await sitting.read(meter)
        second = await sitting.read(meter, first.meter)
    assert (first.received, second.end) == (3, End.EMPTY)
    assert len(sitting.measurements()) == 3


async def test_where_the_system_pairs_by_itself_a_bonded_meter_is_read_all_the_same() -> None:
    async with room() as air:

        async def pair(*_given: object, **_options: object) -> None:
            raise NotImplementedError

        assert air.radio.client is not None
        air.radio.client = type("MacClient", (air.radio.client,), {"pair": pair})
        sitting = Sitting(air)
        meter = family(air, "accu_chek")
        assert isinstance(meter, PretendAccuChek)
        await sitting.read(meter)
    assert len(sitting.measurements()) == 3
