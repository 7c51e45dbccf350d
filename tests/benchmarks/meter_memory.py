"""How fast a glucose meter's 500 stored records are read, beside a bare bleak client that only counts.

Both run over the same pretend meter in the same process; without a radio's pace, the ratio says what
keeping, counting and the steps of a session cost. The wait for late contexts is left out of both.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

from bleak import BleakClient
from bleak.backends.device import BLEDevice

from carehub.care.readings import Kind
from carehub.devices import link, meters
from carehub.devices.simulator import Air, PretendGlucoseMeter
from tests.benchmarks.row import Row
from tests.helpers.meters import MINUTE, NOON, Sitting, room

RECORDS = 500
ROUNDS = 3
LINGER = 0.05


def measure() -> Iterator[Row]:
    """Read the memory a few times each way and keep the best of each."""
    ours, bare, decoded = 0.0, 0.0, 0.0
    for _round in range(ROUNDS):
        bare = max(bare, RECORDS / asyncio.run(_bare()))
        seconds, decoding = asyncio.run(_ours())
        ours, decoded = max(ours, RECORDS / seconds), max(decoded, RECORDS / decoding)
    yield Row("500 stored glucose records, read", ours, "records/s", bare, bare / ours)
    yield Row("500 stored glucose records, decoded", decoded, "records/s")


def _stocked(air: Air) -> PretendGlucoseMeter:
    meter = air.glucose_meter()
    for age in reversed(range(RECORDS)):
        meter.remember("5.6", at=NOON - age * MINUTE, meal=1)
    return meter


async def _ours() -> tuple[float, float]:
    async with room() as air:
        limits = replace(link.USUAL, settle=0.0, linger=LINGER)
        sitting = Sitting(air, limits=limits)
        meter = _stocked(air)
        await meter.switch_on()
        seen = await sitting.hear(Kind.GLUCOSE)
        driver = meters.driver_of(seen)
        assert driver is not None
        start = time.perf_counter()
        transfer = await link.read(
            air.radio,
            seen,
            driver,
            keep=sitting.frames.append,
            tell=sitting.events.append,
            clock=air.clock,
            timeouts=limits,
        )
        read = time.perf_counter() - start - LINGER
        assert transfer.received == RECORDS
    start = time.perf_counter()
    assert len(sitting.decoded().measurements) == RECORDS
    return read, time.perf_counter() - start


async def _bare() -> float:
    async with room() as air:
        meter = _stocked(air)
        await meter.switch_on()
        seen = await Sitting(air).hear(Kind.GLUCOSE)
        assert isinstance(seen.handle, BLEDevice)
        count, done = 0, asyncio.Event()

        def hear(_sender: object, _data: bytearray) -> None:
            nonlocal count
            count += 1

        start = time.perf_counter()
        async with BleakClient(seen.handle, backend=air.radio.client) as client:
            await client.start_notify("2A52", lambda _sender, _data: done.set())
            await client.start_notify("2A34", hear)
            await client.start_notify("2A18", hear)
            await client.write_gatt_char("2A52", b"\x01\x01", response=True)
            await done.wait()
        assert count == 2 * RECORDS
        return time.perf_counter() - start
