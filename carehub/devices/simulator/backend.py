"""bleak's two backend classes over a Bumble device, so that the real session runs without a radio."""

# ruff: noqa: ARG002 - the arguments are bleak's, whether a pretend radio needs them or not

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, TypeVar

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att, core, gatt_client, hci
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Device
from bumble.gatt import Characteristic

from carehub import log

if TYPE_CHECKING:
    from bleak.args import SizedBuffer
    from bleak.assigned_numbers import CharacteristicPropertyName

_T = TypeVar("_T")
_SOON = 0.02
_BASE = "0000{:04x}-0000-1000-8000-00805f9b34fb"
_PROPERTIES: tuple[tuple[Characteristic.Properties, "CharacteristicPropertyName"], ...] = (
    (Characteristic.Properties.READ, "read"),
    (Characteristic.Properties.WRITE_WITHOUT_RESPONSE, "write-without-response"),
    (Characteristic.Properties.WRITE, "write"),
    (Characteristic.Properties.NOTIFY, "notify"),
    (Characteristic.Properties.INDICATE, "indicate"),
)


class _NotKept(Exception):
    """The program could not keep what was indicated, so it must not be confirmed."""


class _CarefulClient(gatt_client.Client):
    """A GATT client that leaves an indication unconfirmed when its subscriber refuses it."""

    def on_att_handle_value_indication(self, indication: att.ATT_Handle_Value_Indication) -> None:
        # Bumble calls the subscribers first and confirms after; a refusal skips the confirmation.
        try:
            super().on_att_handle_value_indication(indication)
        except _NotKept:
            log.meters.warning("an indication was not kept and therefore not confirmed")

    def on_att_handle_value_notification(
        self, notification: att.ATT_Handle_Value_Notification
    ) -> None:
        try:
            super().on_att_handle_value_notification(notification)
        except _NotKept:
            log.meters.warning("a notification was not kept")


async def undisturbed(work: Awaitable[_T]) -> _T:
    """Await Bumble's work without ever cancelling it.

    A command that Bumble gave up breaks its host when the answer comes, and on Python 3.11 its
    `wait_for` swallows a cancellation that comes together with the answer. What was asked of a
    meter ends by itself when the link does.
    """
    return await asyncio.shield(asyncio.ensure_future(work))


def _uuid(uuid: core.UUID) -> str:
    text = uuid.to_hex_str().lower()
    return _BASE.format(int(text, 16)) if len(text) == 4 else str(uuid).lower()


class PretendScanner(BaseBleakScanner):
    """A bleak scanner that listens with a Bumble device."""

    device: ClassVar[Device]
    listening: ClassVar[list["PretendScanner"]]
    """All scanners of this device that listen: the last one to stop switches its ear off."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        **options: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._starting: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Listen until `stop`."""
        self.seen_devices = {}
        self.listening.append(self)
        self.device.on(Device.EVENT_ADVERTISEMENT, self._hear)
        self._starting = asyncio.ensure_future(self.device.start_scanning(active=True))
        await asyncio.shield(self._starting)

    async def stop(self) -> None:
        """Listen no longer; also where `start` was cancelled half-way."""
        if self._starting is not None:
            starting, self._starting = self._starting, None
            await asyncio.wait({starting})
            self.device.remove_listener(Device.EVENT_ADVERTISEMENT, self._hear)
            self.listening.remove(self)
            if not self.listening:
                await undisturbed(self.device.stop_scanning())

    def _hear(self, heard: Advertisement) -> None:
        services = heard.data.get_all(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
        uuids = [_uuid(uuid) for group in services for uuid in group]
        if not self.is_allowed_uuid(uuids):
            return
        name = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        data = AdvertisementData(name, {}, {}, uuids, None, heard.rssi, ())
        address = heard.address.to_string(False)
        found = self.create_or_update_device(address, address, name, heard.address, data)
        self.call_detection_callbacks(found, data)


class PretendClient(BaseBleakClient):
    """A bleak client whose link, GATT and pairing are those of a Bumble device."""

    device: ClassVar[Device]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **options: object,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._connection: Connection | None = None
        self._gatt: gatt_client.Client | None = None
        self._give_ups: set[Callable[[], object]] = set()

    @property
    def name(self) -> str:
        """Return the address; nothing here needs the meter's own name."""
        return self.address

    @property
    def mtu_size(self) -> int:
        """Return 23 until something larger was agreed, as BlueZ does."""
        return self._gatt.mtu if self._gatt else 23

    @property
    def is_connected(self) -> bool:
        """Tell whether the link stands."""
        return self._connection is not None

    async def connect(self, pair: bool, **options: object) -> None:
        """Link to the meter and discover what it offers."""
        address = hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS)
        connecting = asyncio.ensure_future(self.device.connect_le(address, timeout=self._timeout))
        try:
            connection = await self._patiently(connecting)
        except asyncio.CancelledError:
            await undisturbed(self._give_up(connecting))
            raise
        except core.TimeoutError as error:
            raise BleakDeviceNotFoundError(self.address, "no meter answered") from error
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._on_link_down)
        self._gatt = connection.gatt_client = _CarefulClient(connection)
        if pair:
            await self.pair()
        self.services = await self._discover(self._gatt)

    async def _give_up(self, connecting: asyncio.Future[Connection]) -> None:
        """Stop trying to link; what was linked in the same moment is unlinked again."""
        while not connecting.done():
            cancel = hci.HCI_LE_Create_Connection_Cancel_Command()
            await self.device.host.send_sync_command_raw(cancel)
            await asyncio.wait({connecting}, timeout=_SOON)
        if not connecting.cancelled() and connecting.exception() is None:
            await connecting.result().disconnect()

    async def _patiently(self, work: Awaitable[_T]) -> _T:
        """Await Bumble's work and speak bleak's errors.

        When the link drops Bumble cancels what waits; that is no cancellation of ours.
        """
        asked = asyncio.ensure_future(work)
        give_up = asked.cancel
        self._give_ups.add(give_up)
        asked.add_done_callback(lambda _asked: self._give_ups.discard(give_up))
        try:
            return await undisturbed(asked)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise BleakError("the link dropped while an answer was awaited") from None
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except (core.ProtocolError, core.InvalidStateError, hci.HCI_Error) as error:
            raise BleakError(str(error)) from error

    async def _discover(self, client: gatt_client.Client) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await self._patiently(client.discover_services()):
            ours = BleakGATTService(service, service.handle, _uuid(service.uuid))
            found.add_service(ours)
            for proxy in await self._patiently(client.discover_characteristics((), service)):
                names = [name for bit, name in _PROPERTIES if proxy.properties & bit]
                handle, uuid = proxy.handle, _uuid(proxy.uuid)
                entry = BleakGATTCharacteristic(proxy, handle, uuid, names, lambda: 20, ours)
                found.add_characteristic(entry)
                for descriptor in await self._patiently(client.discover_descriptors(proxy)):
                    uuid = _uuid(descriptor.type)
                    found.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, uuid, entry)
                    )
        return found

    def _on_link_down(self, reason: int) -> None:
        self._unlink()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def _unlink(self) -> None:
        self._connection = self._gatt = None
        for give_up in self._give_ups:
            give_up()  # Bumble would wait for its answer for thirty seconds more

    def _linked(self) -> gatt_client.Client:
        if self._gatt is None:
            raise BleakError("not connected")
        return self._gatt

    async def disconnect(self) -> None:
        """End the link; nothing happens where it is down already."""
        connection = self._connection
        if connection is not None:
            connection.remove_listener(Connection.EVENT_DISCONNECTION, self._on_link_down)
            await undisturbed(self._goodbye(connection))

    async def _goodbye(self, connection: Connection) -> None:
        with suppress(core.BaseBumbleError):  # the meter may hang up in the same moment
            await connection.disconnect()
        self._unlink()

    async def pair(self, *args: object, **options: object) -> None:
        """Pair as the meter asks."""
        if self._connection is None:
            raise BleakError("not connected")
        await self._patiently(self._connection.pair())

    async def unpair(self) -> None:
        """Forget the bond; bonds are kept in memory only."""
        keys = self.device.keystore
        if keys is not None:
            await keys.delete(self.address)

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **options: object,
    ) -> bytearray:
        """Read a characteristic's value."""
        return bytearray(await self._patiently(self._linked().read_value(characteristic.obj)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **options: object
    ) -> bytearray:
        """Read a descriptor's value."""
        return bytearray(await self._patiently(self._linked().read_value(descriptor.obj)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: "SizedBuffer", response: bool
    ) -> None:
        """Write a characteristic's value."""
        client = self._linked()
        await self._patiently(client.write_value(characteristic.obj, bytes(data), response))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: "SizedBuffer"
    ) -> None:
        """Write a descriptor's value."""
        client = self._linked()
        await self._patiently(client.write_value(descriptor.obj, bytes(data), True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **options: object,
    ) -> None:
        """Call `callback` with each value; where it raises, an indication stays unconfirmed."""

        def hear(value: bytes) -> None:
            try:
                callback(bytearray(value))
            except Exception as error:
                raise _NotKept from error

        await self._patiently(self._linked().subscribe(characteristic.obj, hear))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Ask for no more values."""
        await self._patiently(self._linked().unsubscribe(characteristic.obj))


def backend_on(device: Device) -> tuple[type[PretendScanner], type[PretendClient]]:
    """Return bleak's two backend classes, bound to this Bumble device."""
    scanner = type("PretendScanner", (PretendScanner,), {"device": device, "listening": []})
    client = type("PretendClient", (PretendClient,), {"device": device})
    return scanner, client
