"""Asking a meter for its records through the record access control point (RACP).

Count first, so that progress can be shown and completeness proven; then report, from the last
record we have on (itself included, because the last one before a broken link is often lost).
Nothing is ever deleted.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from carehub.devices.gatt import racp
from carehub.devices.gatt.racp import OpCode, Operator, ResponseCode
from carehub.devices.link.inbox import Inbox
from carehub.devices.link.terms import End, Progress, Tell, Timeouts
from carehub.errors import LinkLost, MeterError, MeterRefused, MeterSilent, TransferIncomplete

_NEAR_THE_WRAP = 0x10000 - 1024
"""From here on "this number and later" would leave out what comes after 65535; ask for all."""
_CANNOT_CHOOSE = frozenset(
    {
        ResponseCode.INVALID_OPERATOR,
        ResponseCode.OPERATOR_NOT_SUPPORTED,
        ResponseCode.INVALID_OPERAND,
        ResponseCode.OPERAND_NOT_SUPPORTED,
    }
)
_ABORT_SECONDS = 1.0


class RecordTransfer:
    """One meter's records, over as many links as it takes; `counted` is what the meter counted."""

    def __init__(self, inbox: Inbox, tell: Tell, limits: Timeouts, since: int | None) -> None:
        self.counted: int | None = None
        self._inbox = inbox
        self._tell = tell
        self._limits = limits
        self._chooses = not inbox.driver.policy.renumbers
        self._only_later = inbox.driver.policy.only_later
        self._since = since
        self._told = 0

    async def run(self, write: Callable[[bytes], Awaitable[None]]) -> End:
        """Ask through `write` and wait for everything; a later call goes on where this one broke.

        Raises MeterRefused, MeterSilent, LinkLost, and TransferIncomplete where fewer records came
        than were counted; what came is kept in each case.
        """
        await asyncio.sleep(self._limits.settle)
        if not self._inbox.numbers and not await self._count(write):
            return End.EMPTY
        await self._report(write, self._request(OpCode.REPORT_RECORDS))
        if not self._complete() and self._inbox.numbers:
            # One was lost on the way, or they come in another order than their numbers.
            await self._report(write, self._from(OpCode.REPORT_RECORDS, self._since))
        self._prove_complete()
        return End.COMPLETE

    async def _report(
        self, write: Callable[[bytes], Awaitable[None]], request: racp.Request
    ) -> None:
        answer = await self._ask(write, request)
        code = answer.response_code if isinstance(answer, racp.Response) else None
        if code not in (ResponseCode.SUCCESS, ResponseCode.NO_RECORDS_FOUND):
            raise MeterRefused(answer=_name(code))
        await self._linger()

    def _request(self, op_code: OpCode) -> racp.Request:
        """Ask from the newest record that came on, else from the one known before."""
        newest = self._inbox.newest()
        return self._from(op_code, self._since if newest is None else newest)

    def _from(self, op_code: OpCode, since: int | None) -> racp.Request:
        if since is None or since >= _NEAR_THE_WRAP or not self._chooses:
            return racp.Request(op_code, Operator.ALL_RECORDS)
        # The known record is always counted: where it is gone, the memory was cleared.
        skips = self._only_later and op_code == OpCode.REPORT_RECORDS
        return racp.Request(op_code, Operator.FROM, racp.SequenceFilter(since + skips))

    async def _count(self, write: Callable[[bytes], Awaitable[None]]) -> bool:
        """Ask how many there are; False means none. A meter that cannot count leaves None."""
        request = self._request(OpCode.COUNT_RECORDS)
        answer = await self._ask(write, request)
        code = answer.response_code if isinstance(answer, racp.Response) else None
        none = code == ResponseCode.NO_RECORDS_FOUND or (
            isinstance(answer, racp.CountResponse) and answer.number_of_records == 0
        )
        if self._since is not None and (none or code in _CANNOT_CHOOSE):
            # The record we know must be among them: the memory was cleared, or it cannot choose.
            self._since, self._chooses = None, none
            return await self._count(write)
        if isinstance(answer, racp.CountResponse):
            known = self._only_later and request.operator == Operator.FROM
            self.counted = answer.number_of_records - known
            none = not self.counted
        elif not none and code != ResponseCode.OP_CODE_NOT_SUPPORTED:
            raise MeterRefused(answer=_name(code))
        return not none

    async def _ask(
        self, write: Callable[[bytes], Awaitable[None]], request: racp.Request
    ) -> racp.CountResponse | racp.Response:
        try:
            await self._send(write, request)
            return await self._answer(write, request)
        except asyncio.CancelledError:
            with suppress(MeterError, TimeoutError):
                async with asyncio.timeout(_ABORT_SECONDS):
                    await write(racp.encode(racp.ABORT))
            raise

    async def _send(self, write: Callable[[bytes], Awaitable[None]], request: racp.Request) -> None:
        try:
            await write(racp.encode(request))
        except MeterRefused:
            # It is still busy with what an earlier, broken session asked: stop that, then ask.
            await write(racp.encode(racp.ABORT))
            await write(racp.encode(request))

    async def _answer(
        self, write: Callable[[bytes], Awaitable[None]], request: racp.Request
    ) -> racp.CountResponse | racp.Response:
        silence, asked_again = 0.0, False
        while (answer := self._inbox.answer_to(request)) is None:
            if await self._inbox.news(self._limits.gap):
                self._show_progress()
                silence = 0.0
                continue
            silence += self._limits.gap
            if not asked_again:
                asked_again = True
                with suppress(MeterRefused):  # "procedure in progress": it is alive, so wait
                    await write(racp.encode(self._request(OpCode(request.op_code))))
            elif silence >= self._limits.procedure:
                if self._inbox.received:
                    self._prove_complete()
                raise MeterSilent
        return answer

    def _show_progress(self) -> None:
        if self.counted is not None and self._inbox.received != self._told:
            self._told = self._inbox.received
            self._tell(Progress(self._told, self.counted))

    async def _linger(self) -> None:
        with suppress(LinkLost):  # everything was reported; a meter may hang up at once
            while await self._inbox.news(self._limits.linger):
                self._show_progress()

    def _complete(self) -> bool:
        return self.counted is None or self._inbox.received >= self.counted

    def _prove_complete(self) -> None:
        if not self._complete():
            raise TransferIncomplete(received=self._inbox.received, expected=self.counted)


def _name(code: int | None) -> str:
    if code is None or code not in ResponseCode._value2member_map_:
        return str(code)
    return ResponseCode(code).name.lower().replace("_", " ")
