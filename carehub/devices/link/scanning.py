"""Listening for meters; the first driver in the list claims what is heard."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import suppress

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from carehub.care.readings import Kind
from carehub.devices import gatt
from carehub.devices.link.terms import Radio
from carehub.devices.link.trouble import explained
from carehub.devices.meters import Seen, driver_of, registry
from carehub.errors import BluetoothLost, BluetoothMissing, InputError, MeterError, MeterNotFound


async def find(radio: Radio, kinds: Collection[Kind], seconds: float) -> AsyncGenerator[Seen, None]:
    """Yield each meter of these kinds once, as it is heard, for so many `seconds`.

    Raises MeterNotFound where none was heard in time, and the Bluetooth errors.
    """
    registry()  # a driver that cannot load is told here, not swallowed in the radio's callback
    heard: asyncio.Queue[Seen | None] = asyncio.Queue()
    scanner = BleakScanner(
        lambda device, data: _claim(radio, kinds, device, data, heard), backend=radio.scanner
    )
    running = True

    async def stop() -> None:
        nonlocal running
        if running:
            running = False
            radio.scans.remove(stop)
            heard.put_nowait(None)
            async with radio.turn:
                with suppress(MeterError), explained(BluetoothLost):
                    await scanner.stop()

    radio.scans.append(stop)
    try:
        # A scan that begins while another one ends would be ended with it.
        async with radio.turn:
            await _start(scanner)
        async for seen in _in_time(heard, seconds):
            yield seen
    finally:
        await stop()


async def hush(radio: Radio) -> None:
    """Stop what still scans: many adapters cannot link while they listen."""
    for stop in tuple(radio.scans):
        await stop()


async def _start(scanner: BleakScanner) -> None:
    try:
        with explained(BluetoothMissing, silence=BluetoothMissing):
            await scanner.start()
    except BluetoothLost as error:
        # Before anything worked, a service that does not answer was never there.
        raise BluetoothMissing from error


async def _in_time(heard: asyncio.Queue[Seen | None], seconds: float) -> AsyncGenerator[Seen, None]:
    found: set[str] = set()
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                seen = await heard.get()
        except TimeoutError:
            if not found:
                raise MeterNotFound from None
            return
        if seen is None:
            return
        if seen.address not in found:
            found.add(seen.address)
            yield seen


def _claim(
    radio: Radio,
    kinds: Collection[Kind],
    device: BLEDevice,
    data: AdvertisementData,
    heard: asyncio.Queue[Seen | None],
) -> None:
    seen = Seen(
        address=device.address,
        name=data.local_name or device.name or "",
        services=frozenset(_short(data.service_uuids)),
        rssi=data.rssi,
        simulated=radio.simulated,
        handle=device,
    )
    driver = driver_of(seen)
    if driver is not None and driver.kind in kinds:
        heard.put_nowait(seen)


def _short(uuids: list[str]) -> list[str]:
    found = []
    for uuid in uuids:
        try:
            found.append(gatt.characteristic(uuid))
        except InputError:
            continue  # a maker's own service has no short form
    return found
