"""One session with one meter, step by step, over bleak.

STOP_SCAN, CONNECT, SECURE, SUBSCRIBE, IDENTIFY, CLOCK, TRANSFER, COMMIT, CLOSE. Each link has its
own client and is always closed: BlueZ delivers everything twice to a client that is used again or
that was never disconnected after the meter hung up (hbldh/bleak #2002).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from carehub import log
from carehub.care.meters import Meter
from carehub.devices.gatt.device import device_text
from carehub.devices.link import clock
from carehub.devices.link.inbox import Inbox
from carehub.devices.link.records import RecordTransfer
from carehub.devices.link.scanning import hush
from carehub.devices.link.terms import (
    Clock,
    End,
    Ended,
    Keep,
    Radio,
    Step,
    StepChanged,
    Tell,
    Timeouts,
    Transfer,
)
from carehub.devices.link.trouble import explained, wants_pairing
from carehub.devices.meters import CHINA, Bond, Driver, Seen
from carehub.errors import (
    LinkLost,
    MalformedFrame,
    MeterNotFound,
    MeterRefused,
    MeterSilent,
    PairingFailed,
    TransferIncomplete,
)

_T = TypeVar("_T")
_DEVICE_INFORMATION, _MODEL, _SERIAL = "180A", "2A24", "2A25"
_REAL_SERIAL = 4
"""Fewer letters and digits than this, or all the same, is a placeholder and names no meter."""


@dataclass(frozen=True, slots=True)
class Door:
    """How a session reaches its caller: keep a frame, tell an event, read the clock (UTC ms)."""

    keep: Keep
    tell: Tell
    clock: Clock
    zone_offset: int = CHINA
    """Minutes east of UTC where the meter stands."""


class Session:
    """The state of one session; `run` is called once."""

    def __init__(
        self, radio: Radio, seen: Seen, driver: Driver, door: Door, known: Meter | None
    ) -> None:
        self._radio, self._seen, self._driver, self._door = radio, seen, driver, door
        # An address may have belonged to another kind of meter before.
        self._known = known = known if known and known.kind is driver.kind else None
        self._model = known.model if known else ""
        self._inbox = Inbox(driver, door.keep, door.tell, door.clock)
        self._inbox.simulated = radio.simulated
        self._inbox.meter_id = known.id if known else ""
        self._limits = Timeouts()
        self._linked = False
        self._asked_time = False
        self._holes = False
        self._records: RecordTransfer | None = None

    async def run(self, limits: Timeouts) -> Transfer:
        """Go through the steps; raises a MeterError, or what `keep` raised."""
        self._limits = limits
        if self._driver.policy.control:
            since = self._known.last_sequence if self._known else None
            since = None if self._driver.policy.renumbers else since
            self._records = RecordTransfer(self._inbox, self._door.tell, limits, since)
        end = End.BROKEN
        try:
            end = await self._over_links()
        except TransferIncomplete:
            self._holes = True
            raise
        finally:
            transfer = self._transfer(end)
            if self._linked:
                self._door.tell(Ended(transfer))
        return transfer

    async def _over_links(self) -> End:
        self._enter(Step.STOP_SCAN)
        await hush(self._radio)
        resumes = self._limits.resumes if self._records else 0
        while True:
            try:
                return await self._over_one_link()
            except LinkLost:
                if not resumes:
                    raise
                resumes -= 1
            except MeterNotFound as error:
                if self._linked:
                    raise LinkLost from error  # it was here, and went out of range
                raise

    async def _over_one_link(self) -> End:
        self._enter(Step.CONNECT)
        client = await self._connect()
        self._linked = True
        try:
            end = await self._received(client)
            self._enter(Step.COMMIT)
            self._inbox.check()
        finally:
            self._enter(Step.CLOSE)
            await self._close(client)
        return end

    async def _received(self, client: BleakClient) -> End:
        """Receive everything; a cuff that hangs up or falls silent after its values has ended well."""
        try:
            return await self._converse(client)
        except (LinkLost, MeterSilent) as error:
            self._inbox.check()
            if self._records is None and self._inbox.values:
                return End.HUNG_UP if isinstance(error, LinkLost) else End.IDLE
            raise

    async def _connect(self) -> BleakClient:
        for attempt in range(self._limits.attempts):
            self._inbox.link_up()
            client = self._client()
            linked = False
            try:
                with explained(MeterNotFound, silence=MeterNotFound):
                    async with asyncio.timeout(self._limits.connect):
                        await client.connect()
                linked = True
                return client
            except MeterNotFound:
                if attempt + 1 == self._limits.attempts:
                    raise
            finally:
                if not linked:
                    await self._close(client)
        raise MeterNotFound

    def _client(self) -> BleakClient:
        handle = self._seen.handle
        return BleakClient(
            handle if isinstance(handle, BLEDevice) else self._seen.address,
            disconnected_callback=lambda _client: self._inbox.link_down(),
            timeout=self._limits.connect,
            backend=self._radio.client,
        )

    async def _close(self, client: BleakClient) -> None:
        """Say goodbye whatever happened; a second cancellation does not stop it."""
        await asyncio.shield(asyncio.ensure_future(self._goodbye(client)))

    async def _goodbye(self, client: BleakClient) -> None:
        with suppress(LinkLost, MeterSilent), explained():
            async with asyncio.timeout(self._limits.close):
                await client.disconnect()

    # The steps of one link -----------------------------------------------------------------

    async def _converse(self, client: BleakClient) -> End:
        self._enter(Step.SECURE)
        if self._driver.policy.bond is Bond.AT_ONCE:
            await self._pair(client)
        if not self._inbox.meter_id:
            # A meter we never met cannot send before we subscribe, so its name comes first:
            # frames carry it from the first byte on. A known meter is subscribed to at once,
            # because what a bonded one indicates earlier is confirmed by BlueZ and lost.
            self._inbox.meter_id = await self._serial(client) or self._seen.address
        if self._driver.policy.clock.first:
            await self._tend_clock(client)
        await asyncio.sleep(self._driver.policy.pause)
        self._enter(Step.SUBSCRIBE)
        await self._subscribe(client)
        self._enter(Step.IDENTIFY)
        self._model = await self._text(client, _MODEL) or self._model
        if not self._driver.policy.clock.first:
            await self._tend_clock(client)
        self._enter(Step.TRANSFER)
        return await self._receive(client)

    async def _pair(self, client: BleakClient) -> None:
        with explained(PairingFailed, silence=PairingFailed):
            async with asyncio.timeout(self._limits.pairing):
                with suppress(NotImplementedError):  # macOS pairs by itself, when it has to
                    await client.pair()

    async def _subscribe(self, client: BleakClient) -> None:
        policy = self._driver.policy
        for name in filter(None, (policy.control, policy.live, *reversed(policy.values))):
            found = self._characteristic(client, policy.service, name)
            if found is not None:
                await self._asking(client, partial(self._listen_to, client, found, name))
            elif name in (policy.control, policy.values[0]):
                raise MeterRefused(answer=name)

    async def _listen_to(
        self, client: BleakClient, found: BleakGATTCharacteristic, name: str
    ) -> None:
        hear = self._inbox.hearing(name)
        # AcquireNotify reorders across characteristics and crashed bluetoothd 5.66.
        await client.start_notify(found, hear, bluez={"use_start_notify": True})

    async def _tend_clock(self, client: BleakClient) -> None:
        self._enter(Step.CLOCK)
        place = self._driver.policy.clock
        found = self._characteristic(client, place.service, place.characteristic)
        if found is None or (self._asked_time and not place.first):
            return
        readable = "read" in found.properties
        now = clock.civil(self._door.clock(), self._door.zone_offset)

        async def read() -> bytes:
            return await self._read(client, place.service, place.characteristic)

        async def write(data: bytes) -> bool:
            return await self._set(client, found, data)

        shown = await clock.tend(
            place,
            now,
            read if readable else _nothing,
            write if "write" in found.properties else None,
        )
        # Another link of this session finds the clock set; what it was before counts.
        for data in () if self._asked_time else shown:
            self._inbox.frame(place.characteristic, data)
        self._asked_time = True

    async def _set(self, client: BleakClient, found: BleakGATTCharacteristic, data: bytes) -> bool:
        """Write what is nice to have set; False where the meter refuses it."""
        try:
            await self._timed(lambda: client.write_gatt_char(found, data, response=True))
        except (MeterRefused, PairingFailed):
            return False
        return True

    async def _receive(self, client: BleakClient) -> End:
        if self._records is None:
            return await self._wait_for_values()
        policy = self._driver.policy
        control = self._characteristic(client, policy.service, policy.control)
        if control is None:
            raise MeterRefused(answer=policy.control)

        async def write(data: bytes) -> None:
            await self._asking(client, lambda: client.write_gatt_char(control, data, response=True))

        return await self._records.run(write)

    async def _wait_for_values(self) -> End:
        while True:
            quiet = self._limits.idle if self._inbox.values else self._limits.first_value
            if not await self._inbox.news(quiet):
                if self._inbox.values:
                    return End.IDLE
                raise MeterSilent

    # Questions -----------------------------------------------------------------------------

    async def _asking(self, client: BleakClient, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Ask the meter something; where it wants an encrypted link, pair once and ask again."""
        try:
            return await self._timed(ask)
        except PairingFailed as error:
            if not isinstance(error.__cause__, BleakError) or not wants_pairing(error.__cause__):
                raise
        await self._pair(client)
        return await self._timed(ask)

    async def _timed(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        with explained():
            async with asyncio.timeout(self._limits.operation):
                return await ask()

    async def _read(self, client: BleakClient, service: str, name: str) -> bytes:
        """Read a value that is nice to have; empty where the meter lacks or refuses it."""
        found = self._characteristic(client, service, name)
        if found is None:
            return b""
        try:
            return bytes(await self._timed(lambda: client.read_gatt_char(found)))
        except (MeterRefused, PairingFailed):
            return b""

    async def _text(self, client: BleakClient, name: str) -> str:
        try:
            return device_text(await self._read(client, _DEVICE_INFORMATION, name)).text
        except MalformedFrame:
            return ""

    async def _serial(self, client: BleakClient) -> str:
        text = await self._text(client, _SERIAL)
        signs = [sign for sign in text if sign.isalnum()]
        return text if len(signs) >= _REAL_SERIAL and len(set(signs)) > 1 else ""

    def _characteristic(
        self, client: BleakClient, service: str, name: str
    ) -> BleakGATTCharacteristic | None:
        with explained():
            offered = client.services.get_service(service)
        return offered.get_characteristic(name) if offered else None

    # The result ----------------------------------------------------------------------------

    def _enter(self, step: Step) -> None:
        log.meters.debug("session with a %s meter: %s", self._driver.name, step.value)
        self._door.tell(StepChanged(step))

    def _transfer(self, end: End) -> Transfer:
        counted = self._records.counted if self._records else None
        return Transfer(
            replace(self._meter(), last_sequence=self._last_sequence(end)),
            tuple(self._inbox.frames),
            counted,
            self._inbox.received,
            end,
        )

    def _last_sequence(self, end: End) -> int | None:
        """Return where the next visit goes on: only past records that surely came without a hole."""
        newest = self._inbox.newest()
        if newest is None and end is End.COMPLETE and self._inbox.numbers:
            newest = max(self._inbox.numbers)
        if newest is None or self._holes:
            return self._known.last_sequence if self._known else None
        return newest

    def _meter(self) -> Meter:
        now = self._door.clock()
        if self._known is not None:
            return replace(
                self._known,
                driver=self._driver.name,
                address=self._seen.address,
                model=self._model,
                last_read_at=now,
            )
        return Meter(
            id=self._inbox.meter_id or self._seen.address,
            name=self._seen.name,
            driver=self._driver.name,
            address=self._seen.address,
            kind=self._driver.kind,
            model=self._model,
            simulated=self._radio.simulated,
            last_read_at=now,
        )


async def _nothing() -> bytes:
    return b""
