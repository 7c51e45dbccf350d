"""Every driver survives every fault that applies, and ends as the table in docs/meters.md says."""

import asyncio

from tests.helpers.fault_matrix import CELLS, DRIVERS, FAULTS, expected, run

AT_ONCE = 16
"""Rooms at a time: mostly silence is waited for, and the same silence serves them all."""


async def test_each_driver_ends_each_fault_as_the_table_says() -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def cell(driver: str, fault: str) -> str:
        async with gate:
            return await run(driver, fault)

    ends = await asyncio.gather(*(cell(driver, fault) for driver, fault in CELLS))
    wrong = {
        f"{driver}, {fault}": (end, expected(driver, fault))
        for (driver, fault), end in zip(CELLS, ends, strict=True)
        if end != expected(driver, fault)
    }
    assert not wrong


def test_each_driver_meets_most_faults() -> None:
    for driver in DRIVERS:
        met = [fault for one, fault in CELLS if one == driver]
        assert len(met) >= len(FAULTS) - 3
