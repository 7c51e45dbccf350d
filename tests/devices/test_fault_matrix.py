"""Every driver survives every fault that applies, and ends as the table in docs/meters.md says."""

import asyncio
import os

from tests.helpers.fault_matrix import CELLS, DRIVERS, FAULTS, expected, run

ALL = "CAREHUB_ALL_FAULTS"
"""With this in the environment every cell is run; else the families skip what the standards prove."""
STANDARDS = ("blood_pressure", "glucose")
OWN = (
    *("none", "drops after 2", "wrong clock", "truncated", "two users", "65535 wrap"),
    *("needs passkey", "bonded elsewhere"),
)
AT_ONCE = 16
"""Rooms at a time: mostly silence is waited for, and the same silence serves them all."""


async def test_each_driver_ends_each_fault_as_the_table_says() -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def cell(driver: str, fault: str) -> str:
        async with gate:
            return await run(driver, fault)

    cells = [
        (driver, fault)
        for driver, fault in CELLS
        if driver in STANDARDS or fault in OWN or ALL in os.environ
    ]
    ends = await asyncio.gather(*(cell(driver, fault) for driver, fault in cells))
    wrong = {
        f"{driver}, {fault}": (end, expected(driver, fault))
        for (driver, fault), end in zip(cells, ends, strict=True)
        if end != expected(driver, fault)
    }
    assert not wrong


def test_each_driver_meets_most_faults() -> None:
    for driver in DRIVERS:
        met = [fault for one, fault in CELLS if one == driver]
        assert len(met) >= len(FAULTS) - 3
