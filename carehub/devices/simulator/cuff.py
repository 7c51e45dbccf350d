"""A pretend blood-pressure cuff: Blood Pressure Service 1810 with a memory and user slots."""

import asyncio
import dataclasses
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from bumble.gatt import Service

from carehub.devices.simulator.encoding import (
    NAN,
    RESERVED,
    Pressure,
    cuff_pressure,
    pressure,
    special,
)
from carehub.devices.simulator.meter import INDICATE, NOTIFY, PretendMeter, readable, sending, uuid
from carehub.devices.simulator.traits import NO_FAULTS, PLAIN, Faults, Features

if TYPE_CHECKING:
    from carehub.devices.simulator.air import Air

_FEATURES = b"\x1f\x00"  # movement, cuff fit, irregular pulse, pulse range, position
_PUMP_STEPS = 8


class PretendCuff(PretendMeter):
    """A cuff that sends what it has stored as soon as it is asked, then hangs up.

    `memory` holds what was not yet confirmed; a record leaves it only when the computer confirms.
    """

    service = "1810"

    def __init__(
        self,
        air: "Air",
        name: str,
        serial: str,
        faults: Faults = NO_FAULTS,
        features: Features = PLAIN,
    ) -> None:
        super().__init__(air, name, serial, faults, features)
        self.memory: list[Pressure] = []
        self._measured = 0
        self._pumping: list[Decimal | int] = []
        self._values = sending("2A35", INDICATE)
        self._pressures = sending("2A36", NOTIFY)

    def services(self) -> Iterable[Service]:
        """Return the Blood Pressure Service and, where it tells the time, Current Time."""
        feature = readable("2A49", _FEATURES)
        offered = (
            [self._values, self._pressures, feature]
            if self.features.live
            else [self._values, feature]
        )
        yield Service(uuid(self.service), offered)
        if self.features.tells_time:
            yield self._clock_service()

    def remember(
        self,
        systolic: Decimal | int,
        diastolic: Decimal | int,
        pulse: Decimal | int | None = None,
        **details: object,
    ) -> Pressure:
        """Store a record; `details` are Pressure's fields, or `at`, UTC milliseconds."""
        self._measured += 1
        at = details.pop("at", self.air.clock())
        if not isinstance(at, int):
            raise TypeError("at is UTC milliseconds")
        if self.faults.two_users:
            details.setdefault("user", 1 + (self._measured - 1) % 2)
        details.setdefault("mean", round((systolic + 2 * diastolic) / 3))
        record = Pressure(systolic, diastolic, pulse=pulse, taken_at=self.civil(at))
        record = dataclasses.replace(record, **details)  # type: ignore[arg-type]  # named by the caller
        self.memory.append(self._spoilt(record))
        self._news.set()
        return record

    def _spoilt(self, record: Pressure) -> Pressure:
        if self.faults.nan_values:
            return dataclasses.replace(record, systolic=special(NAN))
        if self.faults.reserved_values:
            return dataclasses.replace(record, systolic=special(RESERVED))
        return record

    def measure(
        self,
        systolic: Decimal | int,
        diastolic: Decimal | int,
        pulse: Decimal | int | None = None,
        *,
        step_seconds: float = 0.02,
        **details: object,
    ) -> asyncio.Task[None]:
        """Measure now: switch on, pump while linked, then store and send.

        The task ends when the record was confirmed; pumping takes about 16 steps.
        """

        async def act() -> None:
            await self.switch_on()
            if self.features.live and not self.faults.silent:
                await self.until_subscribed("2A36")
                await self._pump(systolic, step_seconds)
            self.remember(systolic, diastolic, pulse, **details)
            while self.memory:
                self._news.clear()
                await self._news.wait()

        return self.air.start(act())

    async def _pump(self, systolic: Decimal | int, step_seconds: float) -> None:
        top = int(systolic) + 30
        up = [top * step // _PUMP_STEPS for step in range(1, _PUMP_STEPS + 1)]
        for value in (*up, *reversed(up[_PUMP_STEPS // 2 :])):
            await self.notify(self._pressures, cuff_pressure(value))
            await asyncio.sleep(step_seconds)

    async def work(self) -> None:
        """Send each stored record, oldest first, and forget it once it is confirmed."""
        await self.until_subscribed("2A35")
        sent = 0
        while True:
            for record in self._in_order():
                await self.drop_after(sent)
                await asyncio.sleep(self.faults.slow)
                await self.send(record)
                sent += 1
            if sent and not self.features.stays and self.connection is not None:
                await asyncio.sleep(0.02)
                self.air.start(self.switch_off())
                return
            self._news.clear()
            await self._news.wait()

    def _in_order(self) -> list[Pressure]:
        return self.memory[::-1] if self.faults.reorders else self.memory[:]

    def encoded(self, record: Pressure) -> bytes:
        """Return a record's bytes as this family of cuffs sends them."""
        return pressure(record)

    async def send(self, record: Pressure) -> None:
        """Indicate one record and forget it once it is confirmed."""
        data = self.faults.spoil(self.encoded(record))
        for _again in range(2 if self.faults.duplicates else 1):
            await self.indicate(self._values, data)
        self.confirmed += 1
        self.memory.remove(record)
        self._news.set()
