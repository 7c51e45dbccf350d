"""Sessions with a pretend glucose meter: its memory through the record access control point."""

import asyncio
from decimal import Decimal

import pytest

from carehub.care.meters import Frame
from carehub.care.readings import MealContext, TimeQuality, Unit
from carehub.devices import link
from carehub.devices.link import End, Progress
from carehub.devices.simulator import Air, Faults, Features, Glucose, PretendGlucoseMeter
from carehub.errors import (
    DiskFull,
    LinkLost,
    MeterRefused,
    MeterSilent,
    PairingFailed,
    TransferIncomplete,
)
from tests.helpers.meters import MINUTE, NOON, Sitting, meter_named, room, until

COUNT_ALL, REPORT_ALL, ABORT = b"\x04\x01", b"\x01\x01", b"\x03\x00"
DELETE = 0x02


def stocked(meter: PretendGlucoseMeter, records: int) -> PretendGlucoseMeter:
    """Give the meter so many records, ten minutes apart, the last one now."""
    for age in reversed(range(records)):
        meter.remember(f"5.{age % 10}", at=NOON - age * 10 * MINUTE, meal=1 + age % 3)
    return meter


def sequences(sitting: Sitting) -> list[int | None]:
    return [one.sequence for one in sitting.measurements()]


class Stubborn(PretendGlucoseMeter):
    """A meter that answers one request with what it is told to answer."""

    answers: dict[bytes, bytes]

    def requested(self, connection: object, request: bytes) -> None:
        for begin, answer in self.answers.items():
            if request.startswith(begin):
                self.asked.append(request)
                self.air.start(self.indicate(self.control, answer))
                return
        super().requested(connection, request)  # type: ignore[arg-type]  # Bumble's, passed on


def stubborn(air: Air, answers: dict[bytes, bytes]) -> Stubborn:
    meter = Stubborn(air, "Stubborn", "SIM-GLUC-0009")
    meter.answers = answers
    return meter


async def test_a_memory_is_counted_then_read_whole_with_its_meals() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 5), Sitting(air)
        transfer = await sitting.read(meter)
    assert (transfer.counted, transfer.received, transfer.end) == (5, 5, End.COMPLETE)
    assert transfer.meter.last_sequence == 5
    assert meter.asked == [COUNT_ALL, REPORT_ALL]
    assert sequences(sitting) == [1, 2, 3, 4, 5]
    last = sitting.measurements()[-1]
    assert (last.v1, last.unit, last.context) == (
        Decimal("5.0"),
        Unit.MMOL_L,
        MealContext.BEFORE_MEAL,
    )
    assert last.device_time == "2026-01-01T12:00:00"
    assert last.simulated
    assert sitting.told(Progress)[-1] == Progress(5, 5)


async def test_an_empty_memory_is_no_error() -> None:
    async with room() as air:
        meter, sitting = air.glucose_meter(), Sitting(air)
        transfer = await sitting.read(meter)
    assert (transfer.end, transfer.received, meter.asked) == (End.EMPTY, 0, [COUNT_ALL])


async def test_a_second_visit_asks_from_the_last_record_on_and_adds_only_what_is_new() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 3), Sitting(air)
        first = await sitting.read(meter)
        meter.remember("6.1")
        second = await sitting.read(meter, known=first.meter)
    assert meter.asked[2:] == [b"\x04\x03\x01\x03\x00", b"\x01\x03\x01\x03\x00"]
    assert (second.counted, second.meter.last_sequence) == (2, 4)
    assert sequences(sitting) == [1, 2, 3, 4]


async def test_a_cleared_memory_is_read_from_its_beginning() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 2), Sitting(air)
        transfer = await sitting.read(meter, known=meter_named("SIM-GLUC-0001", last_sequence=900))
    assert transfer.received == 2
    assert meter.asked[1:] == [COUNT_ALL, REPORT_ALL]


async def test_a_meter_that_cannot_choose_is_asked_for_everything() -> None:
    async with room() as air:
        meter = stubborn(air, {b"\x04\x03": b"\x06\x00\x04\x09"})
        sitting = Sitting(air)
        stocked(meter, 2)
        await sitting.read(meter, known=meter_named("SIM-GLUC-0009", last_sequence=1))
    assert sequences(sitting) == [1, 2]


async def test_a_meter_that_cannot_count_is_read_all_the_same() -> None:
    async with room() as air:
        meter, sitting = stubborn(air, {b"\x04": b"\x06\x00\x04\x02"}), Sitting(air)
        stocked(meter, 2)
        transfer = await sitting.read(meter)
    assert (transfer.counted, transfer.received, transfer.end) == (None, 2, End.COMPLETE)


async def test_a_link_lost_in_the_middle_is_taken_up_again() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(faults=Faults(drops_after_n=4)), 9), Sitting(air)
        transfer = await sitting.read(meter)
    assert (transfer.counted, transfer.received, transfer.end) == (9, 9, End.COMPLETE)
    assert meter.links == 2
    assert meter.asked[-1] == b"\x01\x03\x01\x04\x00"
    assert sequences(sitting) == list(range(1, 10))


async def test_a_link_lost_for_good_keeps_what_came_and_the_next_visit_brings_the_rest() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(drops_after_n=4)), 9)
        sitting = Sitting(air).with_limits(resumes=0)
        with pytest.raises(LinkLost) as caught:
            await sitting.read(meter)
        ended = sitting.events[-1]
        assert isinstance(ended, link.Ended)
        assert (ended.transfer.received, ended.transfer.end) == (4, End.BROKEN)
        assert len(sitting.measurements()) == 4
        await sitting.read(meter, known=ended.transfer.meter)
    assert sequences(sitting) == list(range(1, 10))
    assert "What arrived is saved." in caught.value.sentence()


@pytest.mark.parametrize("reorders", [False, True])
@pytest.mark.parametrize("dropped_after", range(5))
async def test_wherever_the_link_is_lost_nothing_is_lost_and_nothing_doubled(
    dropped_after: int, reorders: bool
) -> None:
    faults = Faults(
        drops_after_n=dropped_after, reorders=reorders, duplicates=dropped_after % 2 == 1
    )
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(faults=faults), 5), Sitting(air)
        transfer = await sitting.read(meter)
    assert (transfer.received, transfer.end, meter.links) == (5, End.COMPLETE, 2)
    assert sorted(number or 0 for number in sequences(sitting)) == [1, 2, 3, 4, 5]


async def test_a_report_without_a_record_is_incomplete() -> None:
    async with room() as air:
        meter = stubborn(air, {b"\x01": b"\x06\x00\x01\x01"})
        stocked(meter, 2)
        with pytest.raises(TransferIncomplete) as caught:
            await Sitting(air).read(meter)
    assert caught.value.sentence().startswith("Only 0 of 2 stored readings arrived.")


async def test_a_radio_holds_one_link_at_a_time() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(slow=0.02)), 4)
        cuff = air.cuff()
        cuff.remember(130, 80)
        readers = Sitting(air), Sitting(air)
        await asyncio.gather(readers[0].read(meter), readers[1].read(cuff))
    assert [len(reader.measurements()) for reader in readers] == [4, 1]


async def test_a_meter_that_does_not_come_back_is_a_lost_link() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(drops_after_n=2)), 4)
        sitting = Sitting(air).with_limits(connect=1.5, attempts=1)
        meter.walk_away = meter.leave_range  # type: ignore[method-assign]  # and stays away
        with pytest.raises(LinkLost):
            await sitting.read(meter)
    assert len(sitting.measurements()) == 2


async def test_newest_first_and_contexts_first_are_joined_all_the_same() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(reorders=True)), 4)
        sitting = Sitting(air)
        transfer = await sitting.read(meter)
    assert sequences(sitting) == [4, 3, 2, 1]
    assert MealContext.RANDOM not in {one.context for one in sitting.measurements()}
    assert transfer.meter.last_sequence == 4


async def test_newest_first_and_a_lost_link_leave_no_hole() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(reorders=True, drops_after_n=3)), 6)
        sitting = Sitting(air)
        transfer = await sitting.read(meter)
    assert transfer.received == 6
    assert sorted(number or 0 for number in sequences(sitting)) == [1, 2, 3, 4, 5, 6]


async def test_duplicates_count_once() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(duplicates=True)), 3)
        sitting = Sitting(air)
        transfer = await sitting.read(meter)
    assert (transfer.received, len(transfer.frames)) == (3, 12)
    assert len(sitting.decoded().measurements) == 3


async def test_a_record_lost_on_the_way_is_asked_for_again() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 4), Sitting(air)
        send, lost = meter.send, []

        async def lossy(record: Glucose) -> None:
            if record.sequence == 3 and not lost:
                lost.append(record)
            else:
                await send(record)

        meter.send = lossy  # type: ignore[method-assign]  # the air swallows one
        transfer = await sitting.read(meter)
    assert (transfer.received, transfer.end) == (4, End.COMPLETE)
    assert meter.asked == [COUNT_ALL, REPORT_ALL, REPORT_ALL]


async def test_a_hole_is_not_stepped_over_at_the_next_visit() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 4), Sitting(air)
        send = meter.send

        async def lossy(record: Glucose) -> None:
            if record.sequence != 2:
                await send(record)

        meter.send = lossy  # type: ignore[method-assign]  # the air swallows the second
        with pytest.raises(TransferIncomplete):
            await sitting.read(meter)
        ended = sitting.events[-1]
        assert isinstance(ended, link.Ended)
        assert ended.transfer.meter.last_sequence is None
        meter.send = send  # type: ignore[method-assign]  # and now it gets through
        await sitting.read(meter, known=ended.transfer.meter)
    assert sorted(number or 0 for number in sequences(sitting)) == [1, 2, 3, 4]


async def test_a_wrong_count_is_told_and_what_came_is_kept() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(count_mismatch=2)), 3)
        sitting = Sitting(air)
        with pytest.raises(TransferIncomplete) as caught:
            await sitting.read(meter)
    assert caught.value.sentence().startswith("Only 3 of 5 stored readings arrived.")
    assert len(sitting.measurements()) == 3


async def test_a_meter_that_never_answers_is_asked_twice_and_given_up() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(silent=True)), 3)
        sitting = Sitting(air)
        with pytest.raises(MeterSilent) as caught:
            await sitting.read(meter)
        assert meter.connection is None
    assert meter.asked == [COUNT_ALL, COUNT_ALL]
    assert "does not answer" in caught.value.sentence()


async def test_a_slow_meter_is_waited_for() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(slow=0.3)), 2)
        transfer = await Sitting(air).read(meter)
    assert transfer.received == 2


async def test_numbers_that_wrap_are_read_and_taken_up_after_the_wrap() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(sequence_wrap=True)), 3)
        sitting = Sitting(air)
        first = await sitting.read(meter)
        assert first.meter.last_sequence == 65535
        stocked(meter, 2)
        second = await sitting.read(meter, known=first.meter)
    assert sequences(sitting) == [65533, 65534, 65535, 0, 1]
    assert second.meter.last_sequence == 1


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (Faults(nan_values=True), "no number"),
        (Faults(reserved_values=True), "no number"),
        (Faults(truncated_frame=True), "ends too early"),
        (Faults(oversized_frame=True), "longer than its profile allows"),
    ],
)
async def test_bytes_that_are_no_record_are_kept_and_refused(faults: Faults, words: str) -> None:
    async with room() as air:
        meter, sitting = air.glucose_meter(faults=faults), Sitting(air)
        meter.remember("5.6")
        transfer = await sitting.read(meter)
    assert (transfer.received, sitting.measurements()) == (1, ())
    (refused,) = sitting.decoded().refused
    assert words in refused.sentence


@pytest.mark.parametrize(
    ("faults", "features", "quality"),
    [
        (Faults(wrong_clock=1970), Features(), TimeQuality.UNSET),
        (Faults(wrong_clock=2010), Features(), TimeQuality.UNSET),
        (Faults(wrong_clock=2031), Features(), TimeQuality.SKEWED),
        (Faults(wrong_clock=2024), Features(tells_time=True), TimeQuality.SKEWED),
        (Faults(unset_clock=True), Features(), TimeQuality.UNSET),
    ],
)
async def test_a_wrong_clock_is_noticed(
    faults: Faults, features: Features, quality: TimeQuality
) -> None:
    async with room() as air:
        meter, sitting = air.glucose_meter(faults=faults, features=features), Sitting(air)
        meter.remember("5.6")
        await sitting.read(meter)
    assert [one.time_quality for one in sitting.measurements()] == [quality]


async def test_cancelling_stops_the_meter_and_closes_the_link() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(faults=Faults(slow=0.05)), 50)
        sitting = Sitting(air)
        session = asyncio.create_task(sitting.read(meter))
        await until(lambda: sitting.frames)
        session.cancel()
        with pytest.raises(asyncio.CancelledError):
            await session
        assert meter.asked[-1] == ABORT
        await until(lambda: meter.connection is None)
        kept = len(sitting.frames)
        meter.faults = Faults()
        await Sitting(air, frames=sitting.frames).read(meter)
    assert kept
    assert len(sitting.measurements()) == 50


async def test_a_full_disk_ends_the_transfer_with_its_own_error() -> None:
    kept: list[Frame] = []

    def keep(frame: Frame) -> None:
        if len(kept) == 4:
            raise DiskFull
        kept.append(frame)

    async with room() as air:
        meter = stocked(air.glucose_meter(), 9)
        with pytest.raises(DiskFull):
            await Sitting(air, keep=keep).read(meter)
        assert meter.connection is None
    assert len(kept) == 4


async def test_answers_to_other_requests_and_broken_answers_are_ignored() -> None:
    async with room() as air:
        meter = stubborn(air, {})
        stocked(meter, 2)
        plain_answer = meter.answer

        async def chatty(operation: int, code: int) -> None:
            await meter.indicate(meter.control, b"\x06\x00\x03\x01")
            await meter.indicate(meter.control, b"\x05\x00\x63\x00")
            await meter.indicate(meter.control, b"\x06")
            await plain_answer(operation, code)

        meter.answer = chatty  # type: ignore[method-assign]  # this meter talks too much
        transfer = await Sitting(air).read(meter)
    assert (transfer.counted, transfer.received) == (2, 2)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({b"\x01": b"\x06\x00\x01\x08"}, "procedure not completed"),
        ({b"\x04": b"\x06\x00\x04\x08"}, "procedure not completed"),
        ({b"\x01": b"\x06\x00\x01\x63"}, "99"),
    ],
)
async def test_a_refusal_keeps_its_name_for_the_log(
    answers: dict[bytes, bytes], words: str
) -> None:
    async with room() as air:
        meter = stubborn(air, answers)
        stocked(meter, 2)
        with pytest.raises(MeterRefused) as caught:
            await Sitting(air).read(meter)
    assert caught.value.parameters["answer"] == words
    assert words not in caught.value.sentence()


async def test_a_meter_still_busy_with_an_earlier_request_is_stopped_first() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(), 2)
        endless = air.start(asyncio.Event().wait())
        meter.reporting = endless  # type: ignore[assignment]  # any unfinished task will do
        transfer = await Sitting(air).read(meter)
    assert transfer.received == 2
    assert meter.asked[:3] == [COUNT_ALL, ABORT, COUNT_ALL]


async def test_records_that_stop_coming_are_asked_for_again_once() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 4), Sitting(air)
        send, sent = meter.send, []

        async def sticky(record: object) -> None:
            sent.append(record)
            if len(sent) == 3:
                meter.reporting = None  # it forgot what it was doing
                await asyncio.Event().wait()
            await send(record)  # type: ignore[arg-type]  # a record, passed on

        meter.send = sticky  # type: ignore[method-assign]  # this meter gets stuck once
        transfer = await sitting.read(meter)
    assert (transfer.received, transfer.end) == (4, End.COMPLETE)
    assert meter.asked[-1] == b"\x01\x03\x01\x02\x00"


async def test_records_that_never_come_again_are_incomplete() -> None:
    async with room() as air:
        meter, sitting = stocked(air.glucose_meter(), 4), Sitting(air)
        send, sent = meter.send, []

        async def stuck(record: object) -> None:
            sent.append(record)
            if len(sent) > 2:
                await asyncio.Event().wait()
            await send(record)  # type: ignore[arg-type]  # a record, passed on

        meter.send = stuck  # type: ignore[method-assign]  # this meter gets stuck for good
        with pytest.raises(TransferIncomplete) as caught:
            await sitting.read(meter)
    assert caught.value.parameters == {"received": 2, "expected": 4}


async def test_a_meter_that_wants_an_encrypted_link_is_paired_once() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(features=Features(encrypted=True)), 2)
        transfer = await Sitting(air).read(meter)
    assert transfer.received == 2


async def test_pairing_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(features=Features(encrypted=True)), 2)

        async def refuse(*_: object, **__: object) -> None:
            raise TimeoutError

        monkeypatch.setattr(air.radio.client, "pair", refuse)
        with pytest.raises(PairingFailed) as caught:
            await Sitting(air).read(meter)
    assert "pairing mode" in caught.value.sentence()


async def test_nothing_is_ever_deleted_on_the_meter() -> None:
    async with room() as air:
        meter = stocked(air.glucose_meter(), 3)
        await Sitting(air).read(meter)
        assert len(meter.memory) == 3
    assert DELETE not in {request[0] for request in meter.asked}
