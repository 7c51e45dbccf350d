"""A pretend glucose meter: Glucose Service 1808 with a memory and a record access control point."""

import asyncio
import struct
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from bumble import att
from bumble.device import Connection
from bumble.gatt import Service

from carehub.devices.simulator.encoding import (
    NAN,
    RESERVED,
    Glucose,
    glucose,
    glucose_context,
    milligrams,
    millimolar,
    special,
)
from carehub.devices.simulator.meter import (
    NOTIFY,
    PretendMeter,
    control_point,
    readable,
    sending,
    uuid,
)
from carehub.devices.simulator.traits import NO_FAULTS, PLAIN, Faults, Features

if TYPE_CHECKING:
    from carehub.devices.simulator.air import Air

_FEATURES = b"\xff\x03"
_REPORT, _DELETE, _ABORT, _COUNT, _COUNT_ANSWER, _ANSWER = 1, 2, 3, 4, 5, 6
_OK, _NO_OP, _BAD_OPERATOR, _BAD_OPERAND, _NO_FILTER, _NONE_FOUND = 1, 2, 3, 5, 9, 6
_SEQUENCE_FILTER = 1
_WRAPS_AT = 0x10000


class PretendGlucoseMeter(PretendMeter):
    """A meter that reports its memory when the record access control point asks for it.

    `asked` lists each request as it came, so that a test can see that nothing was ever deleted.
    """

    service = "1808"

    def __init__(
        self,
        air: "Air",
        name: str,
        serial: str,
        faults: Faults = NO_FAULTS,
        features: Features = PLAIN,
    ) -> None:
        super().__init__(air, name, serial, faults, features)
        self.memory: list[Glucose] = []
        self.asked: list[bytes] = []
        self._next = 65533 if faults.sequence_wrap else 1
        self._values = sending("2A18", NOTIFY)
        self._contexts = sending("2A34", NOTIFY)
        self.control = control_point("2A52", self.requested, encrypted=features.encrypted)
        self.reporting: asyncio.Task[None] | None = None

    def services(self) -> Iterable[Service]:
        """Return the Glucose Service and, where it tells the time, Current Time."""
        offered = [self._values, self._contexts, readable("2A51", _FEATURES), self.control]
        yield Service(uuid(self.service), offered)
        if self.features.tells_time:
            yield self._clock_service()

    def remember(
        self,
        mmol: Decimal | str | None = None,
        *,
        mgdl: Decimal | int | str | None = None,
        at: int | None = None,
        meal: int | None = None,
        **details: object,
    ) -> Glucose:
        """Store a record of `mmol` (mmol/L) or `mgdl` (mg/dL) taken `at` UTC milliseconds.

        `meal` is the profile's code (1 before, 2 after, 3 fasting, 4 casual, 5 bedtime).
        """
        molar = mgdl is None
        value: Decimal | bytes | None = self._special()
        if value is None:
            value = milligrams(mgdl) if mgdl is not None else millimolar(mmol or "5.6")
        record = Glucose(
            sequence=self._next,
            taken_at=self._taken_at(at),
            concentration=value,
            molar=molar,
            meal=meal,
            **details,  # type: ignore[arg-type]  # named by the caller
        )
        self._next = (self._next + 1) % _WRAPS_AT
        self.memory.append(record)
        return record

    def _taken_at(self, at: int | None) -> datetime | None:
        return self.civil(self.air.clock() if at is None else at)

    def _special(self) -> bytes | None:
        if self.faults.nan_values:
            return special(NAN)
        return special(RESERVED) if self.faults.reserved_values else None

    async def work(self) -> None:
        """Wait: everything this meter sends was asked for."""

    # The record access control point -------------------------------------------------------

    def requested(self, _connection: Connection, request: bytes) -> None:
        """Do what was written to the control point; raises ATT_Error where the profile refuses."""
        self.asked.append(request)
        if self.faults.silent:
            return
        if "2A52" not in self._subscribed:
            raise att.ATT_Error(att.ErrorCode.CCCD_IMPROPERLY_CONFIGURED)
        busy = self.reporting is not None and not self.reporting.done()
        if busy and request[:1] != bytes((_ABORT,)):
            raise att.ATT_Error(att.ErrorCode.PROCEDURE_ALREADY_IN_PROGRESS)
        actions: dict[int, Callable[[bytes], asyncio.Task[None]]] = {
            _REPORT: lambda asked: self.air.start(self._report(asked)),
            _COUNT: lambda asked: self.air.start(self._count(asked)),
            _ABORT: lambda _asked: self.air.start(self._abort()),
        }
        act = actions.get(request[0])
        if act is None:
            self.air.start(self.answer(request[0], _NO_OP))
        elif request[0] == _ABORT:
            act(request)
        else:
            self.reporting = act(request)

    def _chosen(self, request: bytes) -> list[Glucose] | int:
        """Return the records a request names, or the code of the refusal."""
        operator, operand = request[1], request[2:]
        memory = self.listed()
        if operator == 1:
            return memory
        if operator in (5, 6):
            return memory[:1] if operator == 5 else memory[-1:]
        if operator not in (2, 3, 4):
            return _BAD_OPERATOR
        if not operand or operand[0] != _SEQUENCE_FILTER:
            return _NO_FILTER
        bounds = [value for (value,) in struct.iter_unpack("<H", operand[1:])]
        low = 0 if operator == 2 else bounds[0]
        high = _WRAPS_AT if operator == 3 else bounds[-1]
        if low > high:
            return _BAD_OPERAND
        return [record for record in memory if low <= record.sequence <= high]

    def listed(self) -> list[Glucose]:
        """Return the memory with its numbers, in the order in which this family sends it."""
        return self.memory[:]

    def encoded(self, record: Glucose) -> bytes:
        """Return a record's bytes as this family of meters sends them."""
        return glucose(record)

    async def _count(self, request: bytes) -> None:
        chosen = self._chosen(request)
        if isinstance(chosen, int):
            await self.answer(_COUNT, chosen)
            return
        count = len(chosen) + self.faults.count_mismatch
        await self.indicate(self.control, struct.pack("<BBH", _COUNT_ANSWER, 0, count))

    async def _report(self, request: bytes) -> None:
        chosen = self._chosen(request)
        if isinstance(chosen, int) or not chosen:
            await self.answer(_REPORT, chosen if isinstance(chosen, int) else _NONE_FOUND)
            return
        for sent, record in enumerate(chosen[::-1] if self.faults.reorders else chosen):
            await self.drop_after(sent)
            await asyncio.sleep(self.faults.slow)
            await self.send(record)
        if self.faults.deletes_after_transfer:
            self.memory.clear()
        await self.answer(_REPORT, _OK)

    async def send(self, record: Glucose) -> None:
        """Notify one record and, where it has a meal, its context."""
        parts = [(self._values, self.faults.spoil(self.encoded(record)))]
        if record.meal is not None:
            parts.append((self._contexts, glucose_context(record)))
        for _again in range(2 if self.faults.duplicates else 1):
            for characteristic, data in reversed(parts) if self.faults.reorders else parts:
                await self.notify(characteristic, data)
        self.confirmed += 1

    async def _abort(self) -> None:
        if self.reporting is not None:
            self.reporting.cancel()
        await self.answer(_ABORT, _OK)

    async def answer(self, operation: int, code: int) -> None:
        """Indicate how the procedure of an operation ended."""
        await self.indicate(self.control, bytes((_ANSWER, 0, operation, code)))
