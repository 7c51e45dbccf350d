"""Sessions with a pretend cuff over the real stack: what arrives, what is confirmed, what is told."""

import asyncio
from decimal import Decimal

import pytest

from carehub.care.meters import Frame
from carehub.care.readings import Flag, Kind, TimeQuality, Unit
from carehub.devices import link
from carehub.devices.link import End, Step
from carehub.devices.simulator import Faults, Features
from carehub.errors import DiskFull, LinkLost, MeterNotFound, MeterSilent
from tests.helpers.meters import MINUTE, NOON, Sitting, meter_named, room, until


async def test_a_measurement_is_watched_while_pumping_and_read_when_done() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        measuring = cuff.measure(142, 88, 72)
        transfer = await sitting.read(cuff)
        await measuring
    (reading,) = sitting.measurements()
    assert (reading.v1, reading.v2, reading.v3, reading.mean) == (142, 88, 72, 106)
    assert (reading.unit, reading.time_quality) == (Unit.MMHG, TimeQuality.OK)
    assert reading.device_time == "2026-01-01T12:00:00"
    assert reading.meter_id == transfer.meter.id == "SIM-CUFF-0001"
    assert reading.simulated
    assert transfer.meter.simulated
    assert transfer.end is End.HUNG_UP
    assert transfer.received == cuff.confirmed == 1
    pressures = [event for event in sitting.events if isinstance(event, link.CuffPressure)]
    assert len(pressures) == 12
    assert {event.unit for event in pressures} == {Unit.MMHG}
    assert max(event.value for event in pressures) == 172


async def test_the_steps_come_in_order_and_the_link_is_closed() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        cuff.remember(131, 83)
        await sitting.read(cuff)
        assert cuff.connection is None
    order = list(Step)
    places = [order.index(step) for step in sitting.steps()]
    assert places == sorted(places)
    assert sitting.steps()[0] is Step.STOP_SCAN
    assert sitting.steps()[-2:] == [Step.COMMIT, Step.CLOSE]
    assert isinstance(sitting.events[-1], link.Ended)


async def test_a_memory_is_read_oldest_first_and_nothing_comes_twice() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        for minutes, systolic in ((30, 130), (20, 131), (10, 132)):
            cuff.remember(systolic, 80, 70, at=NOON - minutes * MINUTE)
        await sitting.read(cuff)
        assert cuff.memory == []
    assert [one.v1 for one in sitting.decoded().measurements] == [130, 131, 132]


async def test_two_people_with_one_cuff_keep_their_slots() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(two_users=True)), Sitting(air)
        for minutes in range(4):
            cuff.remember(130 + minutes, 80, at=NOON - minutes * MINUTE)
        await sitting.read(cuff)
    assert [one.user_slot for one in sitting.measurements()] == [1, 2, 1, 2]


async def test_what_cannot_be_kept_is_never_confirmed_and_comes_again() -> None:
    def full(_frame: Frame) -> None:
        raise DiskFull

    async with room() as air:
        cuff = air.cuff(features=Features(live=False))
        cuff.remember(142, 88, 72)
        careless = Sitting(air, keep=full)
        with pytest.raises(DiskFull):
            await careless.read(cuff)
        await asyncio.sleep(0.1)
        assert cuff.confirmed == 0
        assert len(cuff.memory) == 1
        careful = Sitting(air)
        await careful.read(cuff)
        assert cuff.confirmed == 1
    assert [one.v1 for one in careful.measurements()] == [142]
    assert "disk is full" in DiskFull().sentence()


async def test_each_value_is_kept_before_the_cuff_hears_that_it_arrived() -> None:
    heard: list[tuple[int, int]] = []
    async with room() as air:
        cuff = air.cuff(features=Features(live=False))
        for minutes in range(3):
            cuff.remember(130 + minutes, 80, at=NOON - minutes * MINUTE)

        def keep(frame: Frame) -> None:
            assert frame.data[:1]
            heard.append((cuff.confirmed, len(cuff.memory)))

        await Sitting(air, keep=keep).read(cuff)
    assert heard == [(0, 3), (1, 2), (2, 1)]


async def test_a_lost_link_after_a_value_loses_and_doubles_nothing() -> None:
    async with room() as air:
        cuff = air.cuff(faults=Faults(drops_after_n=1))
        sitting = Sitting(air)
        for minutes in range(3):
            cuff.remember(130 + minutes, 80, at=NOON - minutes * MINUTE)
        first = await sitting.read(cuff)
        assert (first.received, first.end) == (1, End.HUNG_UP)
        second = await sitting.read(cuff, known=first.meter)
        assert second.received == 2
        assert cuff.memory == []
    assert [one.v1 for one in sitting.measurements()] == [130, 131, 132]


async def test_a_link_lost_before_any_value_says_so() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(drops_after_n=0)), Sitting(air)
        cuff.remember(130, 80)
        with pytest.raises(LinkLost) as caught:
            await sitting.read(cuff)
        assert len(cuff.memory) == 1
    assert caught.value.sentence().startswith("The connection to the meter broke off.")
    assert isinstance(sitting.events[-1], link.Ended)
    assert sitting.events[-1].transfer.end is End.BROKEN


async def test_a_silent_cuff_is_given_up_with_a_sentence() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(silent=True)), Sitting(air)
        cuff.remember(130, 80)
        with pytest.raises(MeterSilent) as caught:
            await sitting.read(cuff)
        assert cuff.connection is None
    assert "does not answer" in caught.value.sentence()
    assert "type the numbers in" in caught.value.sentence()


async def test_a_cuff_that_stays_linked_ends_by_its_silence() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(features=Features(stays=True)), Sitting(air)
        cuff.remember(130, 80)
        transfer = await sitting.read(cuff)
    assert transfer.end is End.IDLE


async def test_duplicates_make_one_measurement_with_both_frames() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(duplicates=True)), Sitting(air)
        cuff.remember(130, 80)
        await sitting.read(cuff)
    (reading,) = sitting.decoded().measurements
    assert len(reading.frames) == 2


async def test_reordered_records_all_arrive() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(reorders=True)), Sitting(air)
        for minutes in range(3):
            cuff.remember(130 + minutes, 80, at=NOON - minutes * MINUTE)
        await sitting.read(cuff)
    assert sorted(one.v1 or 0 for one in sitting.measurements()) == [130, 131, 132]


async def test_a_slow_cuff_is_waited_for() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=Faults(slow=0.1)), Sitting(air)
        for minutes in range(3):
            cuff.remember(130 + minutes, 80, at=NOON - minutes * MINUTE)
        transfer = await sitting.read(cuff)
    assert transfer.received == 3


@pytest.mark.parametrize(
    ("faults", "features", "quality"),
    [
        (Faults(wrong_clock=1970), Features(), TimeQuality.UNSET),
        (Faults(wrong_clock=2010), Features(), TimeQuality.UNSET),
        (Faults(wrong_clock=2031), Features(), TimeQuality.SKEWED),
        (Faults(wrong_clock=2024), Features(), TimeQuality.SKEWED),
        (Faults(wrong_clock=2024), Features(live=False, tells_time=True), TimeQuality.SKEWED),
        (Faults(unset_clock=True), Features(), TimeQuality.UNSET),
        (Faults(), Features(tells_time=True), TimeQuality.OK),
    ],
)
async def test_a_wrong_clock_is_noticed(
    faults: Faults, features: Features, quality: TimeQuality
) -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=faults, features=features), Sitting(air)
        measuring = cuff.measure(130, 80)
        await sitting.read(cuff)
        await measuring
    (reading,) = sitting.measurements()
    assert reading.time_quality is quality
    assert reading.received_at == NOON


async def test_the_meters_clock_is_told_when_it_shows_one() -> None:
    async with room() as air:
        features = Features(tells_time=True, stays=True)
        cuff, sitting = air.cuff(features=features), Sitting(air)
        cuff.remember(130, 80)
        await sitting.read(cuff)
    assert sitting.decoded().clock_offset == 0


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(nan_values=True), "no number"),
        (Faults(reserved_values=True), "no number"),
        (Faults(truncated_frame=True), "ends too early"),
        (Faults(oversized_frame=True), "longer than its profile allows"),
    ],
)
async def test_bytes_that_are_no_measurement_are_kept_and_refused(
    faults: Faults, words: str
) -> None:
    async with room() as air:
        cuff, sitting = air.cuff(faults=faults), Sitting(air)
        cuff.remember(130, 80, 70, user=1, status=0)
        await sitting.read(cuff)
    assert sitting.measurements() == ()
    (refused,) = sitting.decoded().refused
    assert words in refused.sentence
    assert refused.frame in {frame.id for frame in sitting.frames}


async def test_flags_and_kilopascal_come_through_as_sent() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        cuff.remember(Decimal("18.9"), Decimal("11.7"), kilopascal=True, status=0b100101)
        await sitting.read(cuff)
    (reading,) = sitting.measurements()
    assert (reading.v1, reading.unit) == (Decimal("18.9"), Unit.KPA)
    assert reading.flags == {Flag.BODY_MOVEMENT, Flag.IRREGULAR_PULSE, Flag.BAD_POSITION}


async def test_a_cuff_with_a_placeholder_serial_is_named_by_its_address() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(serial="0000000"), Sitting(air)
        cuff.remember(130, 80)
        transfer = await sitting.read(cuff)
    assert transfer.meter.id == cuff.address
    assert {frame.meter_id for frame in sitting.frames} == {cuff.address}


async def test_a_known_cuff_keeps_its_name_and_is_subscribed_to_first() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        cuff.remember(130, 80)
        known = meter_named(
            "met-before",
            driver="blood_pressure",
            kind=Kind.BLOOD_PRESSURE,
            name="Grandma's cuff",
        )
        transfer = await sitting.read(cuff, known=known)
    assert transfer.meter.id == "met-before"
    assert transfer.meter.name == "Grandma's cuff"
    assert transfer.meter.address == cuff.address
    assert transfer.meter.last_read_at == NOON


async def test_an_address_that_was_another_meters_brings_no_name_along() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(), Sitting(air)
        cuff.remember(130, 80)
        transfer = await sitting.read(cuff, known=meter_named("a glucose meter"))
    assert transfer.meter.id == "SIM-CUFF-0001"


async def test_a_meter_that_is_gone_is_not_found_and_the_next_link_works() -> None:
    async with room() as air:
        cuff = air.cuff()
        sitting = Sitting(air).with_limits(connect=0.5)
        await cuff.switch_on()
        seen = await sitting.hear(Kind.BLOOD_PRESSURE)
        await cuff.switch_off()
        from carehub.devices.drivers import BLOOD_PRESSURE

        with pytest.raises(MeterNotFound):
            await link.read(
                air.radio,
                seen,
                BLOOD_PRESSURE,
                keep=sitting.frames.append,
                tell=sitting.events.append,
                clock=air.clock,
                timeouts=sitting.limits,
            )
        assert link.Ended not in {type(event) for event in sitting.events}
        cuff.remember(130, 80)
        await Sitting(air).read(cuff)
        assert cuff.confirmed == 1


@pytest.mark.parametrize("turns", [0, 7, 25, 42, 63, 90, 130, 180, 250])
async def test_cancelling_closes_the_link_wherever_it_comes(turns: int) -> None:
    async with room() as air:
        cuff = air.cuff(features=Features(stays=True))
        session = asyncio.create_task(Sitting(air).read(cuff))
        for _turn in range(turns):
            await asyncio.sleep(0)
        session.cancel()
        with pytest.raises(asyncio.CancelledError):
            await session
        await until(lambda: cuff.connection is None)
        cuff.remember(130, 80)
        await Sitting(air).read(cuff)
        assert cuff.confirmed == 1
