"""Walk 1: a cuff's bytes over a real Bluetooth stack become a record, an alert and a waiting op."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from decimal import Decimal
from pathlib import Path

import pytest

from carehub.archive import alerts, frames, meters, outbox, people, readings, vault
from carehub.archive.store import Archive
from carehub.care.alerts import Level, State
from carehub.care.meters import Frame
from carehub.care.people import Condition, ConditionCode, Person
from carehub.care.readings import Kind, Symptom, TimeQuality
from carehub.devices import link
from carehub.devices.link import CuffPressure, Timeouts
from carehub.devices.meters import driver_of
from carehub.devices.simulator import Air
from carehub.wire.exchange import EntityKind
from carehub.workflows import alerts as alert_acts
from carehub.workflows import measuring, rounds
from carehub.workflows import people as people_acts
from carehub.workflows import readings as reading_acts
from carehub.workflows.measuring import Arrived, Sitting, Told

_MINUTE = 60_000

_QUICK = Timeouts(
    connect=3, operation=2, pairing=2, settle=0.02, first_value=3, idle=0.3, gap=0.5,
    procedure=2, linger=0.1, close=1,
)  # fmt: skip
_START = 1_790_000_000_000


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = _START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    folder = tmp_path / "archive"
    keys, _code = vault.create(
        folder, passphrase="a long enough sentence", keyring=False, now=clock()
    )
    archive = Archive.create(folder, keys, clock(), demo=True)
    yield archive
    archive.close(clock())


@pytest.fixture
def elder(archive: Archive, clock: Clock) -> Person:
    person = people_acts.add(archive, name="王示例", called="王奶奶", now=clock())
    condition = Condition(person.id, person.id, ConditionCode.HYPERTENSION)
    people_acts.note(archive, condition, clock())
    return person


async def _measure(
    archive: Archive,
    clock: Clock,
    values: list[tuple[int, int, int]],
    pause: int = 60_000,
) -> list[Told]:
    """Let a pretend cuff measure each of `values`, `pause` ms apart; return what was told."""
    told: list[Told] = []
    async with Air(clock) as air:
        cuff = air.cuff()
        sitting = Sitting(archive, air.radio, told.append, clock, timeouts=_QUICK)
        listening = asyncio.ensure_future(sitting.listen([Kind.BLOOD_PRESSURE], 5))
        for systolic, diastolic, pulse in values:
            await asyncio.wait_for(cuff.measure(systolic, diastolic, pulse), 10)
            await cuff.switch_off()
            clock.now += pause
        await _until(lambda: sum(isinstance(each, Arrived) for each in told) >= len(values))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return told


async def _until(true: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is told has no event
            await asyncio.sleep(0.02)


async def test_a_cuffs_reading_is_kept_claimed_and_queued(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    told = await _measure(archive, clock, [(131, 82, 71)])

    assert any(isinstance(event, CuffPressure) for event in told)
    (waiting,) = next(e for e in told if isinstance(e, Arrived)).taken.unassigned
    assert waiting.simulated
    reading_acts.claim(archive, [waiting.id], elder.id, clock())
    with archive.read() as tx:
        (kept,) = readings.latest(tx, elder.id, Kind.BLOOD_PRESSURE)
        ops = [op for op in outbox.waiting(tx) if op.kind is EntityKind.READING]
        assert frames.pending(tx) == []
        assert meters.everyone(tx)[0].owner(None) == elder.id
    assert (kept.systolic, kept.diastolic, kept.pulse) == (131, 82, 71)
    assert kept.time_quality is TimeQuality.OK
    assert [op.entity_id for op in ops] == [kept.id]


async def test_a_dangerous_value_is_rechecked_and_raised_once(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    first = await _measure(archive, clock, [(182, 112, 88)])
    unassigned = next(e for e in first if isinstance(e, Arrived)).taken.unassigned
    claimed = reading_acts.claim(archive, [r.id for r in unassigned], elder.id, clock())
    assert [(a.rule, a.level, a.state) for a in claimed.alerts if a.rule == "BP-CRIT"] == [
        ("BP-CRIT", Level.L2, State.PENDING)
    ]

    clock.now += 5 * _MINUTE
    await _measure(archive, clock, [(184, 111, 86), (183, 112, 85)])

    with archive.read() as tx:
        raised = [a for a in alerts.open(tx, elder.id) if a.rule == "BP-CRIT"]
    assert [(a.level, a.state) for a in raised] == [(Level.L3, State.ACTIVE)]
    assert raised[0].inputs
    told = alert_acts.acknowledge(archive, raised[0].id, "王示例", clock())
    assert told.alerts[0].state is State.ACKNOWLEDGED


async def test_symptoms_beside_a_dangerous_value_are_an_emergency_at_once(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    told = await _measure(archive, clock, [(182, 95, 80)])
    (reading,) = next(e for e in told if isinstance(e, Arrived)).taken.unassigned
    reading_acts.claim(archive, [reading.id], elder.id, clock())

    felt = alert_acts.tell_symptoms(archive, reading.id, [Symptom.SPEECH_TROUBLE], clock())

    assert Level.L4 in {alert.level for alert in felt.alerts}
    assert Level.L4 in {notice.level for notice in felt.notices}


async def test_frames_that_a_crash_left_are_taken_at_the_next_opening(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    def keep(frame: Frame) -> None:
        with archive.write() as tx:
            frames.keep(tx, frame)

    async with Air(clock) as air:
        measured = air.cuff().measure(128, 80, 70)
        async with aclosing(link.find(air.radio, [Kind.BLOOD_PRESSURE], 5)) as heard:
            seen = await anext(heard)
        driver = driver_of(seen)
        assert driver is not None
        # A session whose program died before it made anything of the frames.
        await link.read(
            air.radio,
            seen,
            driver,
            keep=keep,
            tell=lambda _event: None,
            clock=clock,
            timeouts=_QUICK,
        )
        await measured
    with archive.read() as tx:
        assert frames.pending(tx)
        assert readings.unassigned(tx) == []

    first = measuring.recover(archive, clock())
    again = measuring.recover(archive, clock())

    assert [(r.v1, r.v2) for r in first.unassigned] == [(Decimal(128), Decimal(80))]
    assert again.unassigned == again.added == ()


async def test_reading_the_memory_again_adds_nothing(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    async with Air(clock) as air:
        meter = air.glucose_meter()
        for number, value in enumerate(("5.6", "7.2", "6.1")):
            meter.remember(value, at=clock() - (3 - number) * 60 * _MINUTE, meal=3)
        for _time in range(2):
            told: list[Told] = []
            sitting = Sitting(archive, air.radio, told.append, clock, timeouts=_QUICK)
            await meter.switch_on()
            async with aclosing(link.find(air.radio, [Kind.GLUCOSE], 5)) as heard:
                await sitting.read(await anext(heard))
    with archive.read() as tx:
        kept = readings.unassigned(tx)
    kept.sort(key=lambda reading: reading.taken_at)
    assert [reading.v1 for reading in kept] == [
        Decimal("5.6"),
        Decimal("7.2"),
        Decimal("6.1"),
    ]


async def test_a_round_over_everyone_changes_nothing_twice(
    archive: Archive, clock: Clock, elder: Person
) -> None:
    rounds.make(archive, clock())

    assert rounds.make(archive, clock()).alerts == ()
    with archive.read() as tx:
        assert people.everyone(tx) == [elder]
