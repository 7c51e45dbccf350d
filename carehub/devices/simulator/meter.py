"""What every pretend meter has in common: its place on the air, its identity and its clock."""

import asyncio
import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bumble import core
from bumble.core import AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.gatt_server import Server
from bumble.pairing import PairingConfig, PairingDelegate

from carehub.devices.simulator.encoding import current_time
from carehub.devices.simulator.traits import Faults, Features

if TYPE_CHECKING:
    from carehub.devices.simulator.air import Air

READ = Characteristic.Properties.READ
WRITE = Characteristic.Properties.WRITE
NOTIFY = Characteristic.Properties.NOTIFY
INDICATE = Characteristic.Properties.INDICATE
_READABLE = Characteristic.Permissions.READABLE
_WRITEABLE = Characteristic.Permissions.WRITEABLE
_SUBSCRIBING = core.UUID.from_16_bits(0x2902)
PASSKEY = 246810
"""The six digits that a meter which needs a passkey shows."""


def uuid(short: str) -> core.UUID:
    """Return the Bumble UUID of a 16-bit one in hex."""
    return core.UUID.from_16_bits(int(short, 16))


def readable(short: str, value: bytes | Callable[[], bytes]) -> Characteristic[bytes]:
    """Return a characteristic that can be read; a function is asked at each read."""
    if isinstance(value, bytes):
        return Characteristic(uuid(short), READ, _READABLE, value)
    return Characteristic(uuid(short), READ, _READABLE, CharacteristicValue(lambda _: value()))


def sending(short: str, how: Characteristic.Properties) -> Characteristic[bytes]:
    """Return a characteristic that only notifies or indicates."""
    return Characteristic(uuid(short), how, Characteristic.Permissions(0), b"")


def settable(
    short: str, value: Callable[[], bytes], write: Callable[[Connection, bytes], None]
) -> Characteristic[bytes]:
    """Return a characteristic that can be read and written, both by a function."""
    access = CharacteristicValue(lambda _: value(), write)
    return Characteristic(uuid(short), READ | WRITE, _READABLE | _WRITEABLE, access)


def control_point(
    short: str, write: Callable[[Connection, bytes], None], *, encrypted: bool
) -> Characteristic[bytes]:
    """Return a control point: written with a response, answered by an indication."""
    permissions = _WRITEABLE
    if encrypted:
        permissions |= Characteristic.Permissions.WRITE_REQUIRES_ENCRYPTION
    return Characteristic(
        uuid(short), WRITE | INDICATE, permissions, CharacteristicValue(write=write)
    )


class Doorkeeper(PairingDelegate):
    """How a guarded meter pairs: it shows six digits, or sends everybody away."""

    def __init__(self, *, welcomes: bool) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_ONLY)
        self._welcomes = welcomes

    async def accept(self) -> bool:
        """Tell whether a stranger may pair."""
        return self._welcomes

    async def generate_passkey(self) -> int:
        """Return what the meter shows."""
        return PASSKEY


class PretendMeter:
    """A meter in memory; `confirmed` counts the records the computer acknowledged."""

    service = ""

    def __init__(
        self, air: "Air", name: str, serial: str, faults: Faults, features: Features
    ) -> None:
        self.air = air
        self.name = name
        self.serial = serial
        self.faults = faults
        self.features = features
        self.address = air.address(f"{name} {serial}")
        self.links = 0
        self.confirmed = 0
        self.connection: Connection | None = None
        self.told: list[bytes] = []
        self._set_at: tuple[int, datetime] | None = None
        self._dropped = False
        self._subscribed: set[str] = set()
        self._news = asyncio.Event()
        self._switch = asyncio.Lock()
        self._unlinked = asyncio.Event()
        self._unlinked.set()
        self._device: Device | None = None
        self._at_work: asyncio.Task[None] | None = None

    # What a kind of meter adds -------------------------------------------------------------

    def services(self) -> Iterable[Service]:
        """Return the services beside the meter's identity."""
        raise NotImplementedError

    async def work(self) -> None:
        """Do what the meter does while it is linked."""
        raise NotImplementedError

    # Power and link ------------------------------------------------------------------------

    async def switch_on(self) -> None:
        """Advertise until the computer links to the meter."""
        await self.air.finish(self._switched_on())

    async def _switched_on(self) -> None:
        async with self._switch:
            if self._device is None:
                self._device = await self._build()
            if self.connection is None and not self._device.is_advertising:
                await self._device.start_advertising(
                    advertising_data=self._advertisement(),
                    advertising_interval_min=self.air.advertising_ms,
                    advertising_interval_max=self.air.advertising_ms,
                )

    async def switch_off(self) -> None:
        """End the link, if there is one, and advertise no longer."""
        await self.air.finish(self._switched_off())

    async def _switched_off(self) -> None:
        async with self._switch:
            if self.connection is not None:
                await self.connection.disconnect()
            if self._device is not None:
                await self._device.stop_advertising()

    async def leave_range(self) -> None:
        """Lose the link without a goodbye, as when someone walks away with the meter."""
        from carehub.devices.simulator.air import RoomController

        controller = self._controller()
        if isinstance(controller, RoomController):
            await controller.leave_range()
            await self._unlinked.wait()

    def _controller(self) -> object:
        sink = self._device.host.hci_sink if self._device else None
        return getattr(sink, "sink", None)

    def _advertisement(self) -> bytes:
        service = int(self.service, 16).to_bytes(2, "little")
        return bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, b"\x06"),
                    (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, service),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()[:22]),
                ]
            )
        )

    async def _build(self) -> Device:
        device = self.air.device(self.name, self.address)
        for service in (*self.services(), self._identity(), self._battery()):
            device.add_service(service)
        if self.faults.guarded:
            self._guard(device)
        device.on(Device.EVENT_CONNECTION, self._on_link_up)
        device.gatt_server.on("characteristic_subscription", self._on_subscription)
        await device.power_on()
        return device

    def _guard(self, device: Device) -> None:
        """Let nobody subscribe without a bond."""
        for attribute in device.gatt_server.attributes:
            if attribute.type == _SUBSCRIBING:
                attribute.permissions |= Characteristic.Permissions.WRITE_REQUIRES_ENCRYPTION
        doorkeeper = Doorkeeper(welcomes=not self.faults.bonded_elsewhere)
        device.pairing_config_factory = lambda _link: PairingConfig(delegate=doorkeeper)

    def _identity(self) -> Service:
        return Service(
            uuid("180A"),
            [
                readable("2A29", b"CareHub simulator"),
                readable("2A24", type(self).__name__.encode()),
                readable("2A25", self.serial.encode()),
                readable("2A26", b"1.0"),
            ],
        )

    def _battery(self) -> Service:
        return Service(uuid("180F"), [readable("2A19", bytes((80,)))])

    def _clock_service(self) -> Service:
        def shown() -> bytes:
            return current_time(self.now())

        if self.features.lets_set:
            return Service(uuid("1805"), [settable("2A2B", shown, self.set_clock)])
        return Service(uuid("1805"), [readable("2A2B", shown)])

    def _on_link_up(self, connection: Connection) -> None:
        self.connection = connection
        self.links += 1
        self._unlinked.clear()
        connection.on(Connection.EVENT_DISCONNECTION, self._on_link_down)
        if not self.faults.silent:
            self._at_work = self.air.start(self.work())

    def _on_link_down(self, _reason: int) -> None:
        self.connection = None
        self._subscribed.clear()
        self._unlinked.set()
        if self._at_work is not None:
            self._at_work.cancel()
            self._at_work = None

    def _on_subscription(
        self,
        _bearer: Connection,
        characteristic: Characteristic[bytes],
        notify: bool,
        indicate: bool,
    ) -> None:
        short = characteristic.uuid.to_hex_str().upper()
        (self._subscribed.add if notify or indicate else self._subscribed.discard)(short)
        self._news.set()

    async def until_told(self) -> None:
        """Wait until the computer has told the time over this link."""
        while not self.told:
            self._news.clear()
            await self._news.wait()

    async def until_subscribed(self, short: str) -> None:
        """Wait until the computer asked for this characteristic's values."""
        while short not in self._subscribed:
            self._news.clear()
            await self._news.wait()

    # Clock ---------------------------------------------------------------------------------

    def now(self) -> datetime | None:
        """Return the meter's civil time, or None where its clock was never set."""
        return self.civil(self.air.clock())

    def set_clock(self, _connection: Connection, data: bytes) -> None:
        """Take the time that was written; what is in the memory keeps its own."""
        self.told.append(data)
        if not self.features.ignores_setting:
            self._set_at = (self.air.clock(), datetime(*struct.unpack("<HBBBBB", data[:7])))  # noqa: DTZ001 - civil time
        self._news.set()

    def civil(self, moment: int) -> datetime | None:
        """Return what this meter's clock shows at `moment` (UTC milliseconds)."""
        if self._set_at is not None:
            since, shown = self._set_at
            return shown + timedelta(milliseconds=moment - since)
        if self.faults.unset_clock:
            return None
        zone = timedelta(minutes=self.air.zone_offset)
        shown = datetime.fromtimestamp(moment / 1000, UTC).replace(tzinfo=None) + zone
        year = self.faults.wrong_clock
        return shown if year is None else shown.replace(year=year, day=min(shown.day, 28))

    # Sending -------------------------------------------------------------------------------

    async def notify(self, characteristic: Characteristic[bytes], data: bytes) -> None:
        """Send a value that needs no confirmation."""
        await self._server().notify_subscribers(characteristic, data)

    async def indicate(self, characteristic: Characteristic[bytes], data: bytes) -> None:
        """Send a value and wait until the computer confirms it."""
        connection = self.connection
        if connection is not None:
            await self._server().indicate_subscriber(connection, characteristic, data)

    def _server(self) -> Server:
        if self._device is None:
            raise RuntimeError("the meter was never switched on")
        return self._device.gatt_server

    async def drop_after(self, sent: int) -> None:
        """Pretend the fault `drops_after_n`, once."""
        if sent == self.faults.drops_after_n and not self._dropped:
            self._dropped = True
            self.air.start(self.walk_away())
            await asyncio.Event().wait()

    async def walk_away(self) -> None:
        """Leave range, then come back and be heard again."""
        await self.leave_range()
        await self.switch_on()
