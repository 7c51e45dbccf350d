"""The air of one room in memory: a computer's radio and pretend meters on one Bumble link."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.device import Device
from bumble.host import Host
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink

from carehub.devices.link import Radio
from carehub.devices.simulator.backend import backend_on
from carehub.devices.simulator.traits import NO_FAULTS, PLAIN, Faults, Features

if TYPE_CHECKING:
    from bumble import ll

    from carehub.devices.simulator.cuff import PretendCuff
    from carehub.devices.simulator.glucose import PretendGlucoseMeter

_T = TypeVar("_T")
_COMPUTER = "F0:00:00:00:00:01"
_SUPERVISION_SECONDS = 0.1
"""How long until both ends notice a lost link; real links take 0.7 to 6 seconds."""


class Typist(PairingDelegate):
    """Who types what a meter shows into the computer, if anybody does."""

    def __init__(self, air: "Air") -> None:
        super().__init__(PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY)
        self._air = air

    async def get_number(self) -> int | None:
        """Return the digits typed, or None where the person gave up."""
        return self._air.passkey


class RoomController(Controller):
    """A Bumble controller that can cancel a connection attempt and can go out of range.

    Bumble 0.0.236 answers a cancel with success but leaves the attempt pending, so that every
    later connect is COMMAND_DISALLOWED, and it has no way to lose a link without a goodbye.
    """

    out_of_range = False

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up the pending attempt and report it, as section 7.8.13 of the HCI asks."""
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_link_acl_data(
        self, sender_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Hear data, unless out of range or after the link was lost."""
        if not self.out_of_range and sender_address in self.le_connections:
            super().on_link_acl_data(sender_address, transport, data)

    def on_ll_control_pdu(self, sender_address: hci.Address, packet: "ll.ControlPdu") -> None:
        """Hear control packets, unless out of range or after the link was lost."""
        if not self.out_of_range and sender_address in self.le_connections:
            super().on_ll_control_pdu(sender_address, packet)

    async def leave_range(self) -> None:
        """Fall silent; both ends notice when the supervision timeout has passed."""
        self.out_of_range = True
        mute: list[tuple[Controller, hci.Address]] = [(self, peer) for peer in self.le_connections]
        mute += [(other, own) for other in self._peers() for own in (self.random_address,)]
        await asyncio.sleep(_SUPERVISION_SECONDS)
        for controller, address in mute:
            if connection := controller.le_connections.get(address):
                controller.on_le_disconnected(
                    connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
                )
        self.out_of_range = False

    def _peers(self) -> list[Controller]:
        return [
            controller
            for controller in self.link.controllers
            if self.random_address in controller.le_connections
        ]


class Air:
    """An async context in which pretend meters can be heard; leaving it ends them all.

    `clock` gives UTC milliseconds and `zone_offset` minutes east of UTC; the meters' own clocks
    follow them unless a fault says otherwise. `advertising_ms` is 20 so that tests are quick.
    """

    def __init__(
        self, clock: Callable[[], int], *, zone_offset: int = 480, advertising_ms: float = 20.0
    ) -> None:
        self.clock = clock
        self.zone_offset = zone_offset
        self.advertising_ms = advertising_ms
        self.passkey: int | None = None
        """What the person types when a meter shows six digits."""
        self._link = LocalLink()  # type: ignore[no-untyped-call]  # Bumble leaves it untyped
        self._tasks: set[asyncio.Task[object]] = set()
        self._unfinished: set[asyncio.Task[object]] = set()
        self._devices: list[Device] = []
        self._addresses: set[str] = set()
        self._radio: Radio | None = None

    @property
    def radio(self) -> Radio:
        """Return the computer's radio; everything read through it is marked as simulated."""
        if self._radio is None:
            raise RuntimeError("the air must be entered first")
        return self._radio

    async def __aenter__(self) -> Self:
        computer = self.device("computer", _COMPUTER)
        typist = Typist(self)
        computer.pairing_config_factory = lambda _link: PairingConfig(delegate=typist)
        await computer.power_on()
        scanner, client = backend_on(computer)
        self._radio = Radio(scanner=scanner, client=client, simulated=True)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._unfinished, return_exceptions=True)
        for device in self._devices:
            await self._end(device)
        self._devices.clear()

    async def _end(self, device: Device) -> None:
        """Silence a device: no advertising timer, no link and no task of it stays behind."""
        if not device.powered_on:
            return
        for connection in list(device.connections.values()):
            await connection.disconnect()
        if device.is_scanning:
            await device.stop_scanning()
        await device.stop_advertising()
        await device.power_off()

    def address(self, identity: str) -> str:
        """Return the address of a meter: the same in each run, and nobody else's in this room."""
        digest = hashlib.sha256(identity.encode()).hexdigest().upper()
        address = f"F0:CA:4E:{digest[0:2]}:{digest[2:4]}:{digest[4:6]}"
        if address in self._addresses:
            return self.address(identity + "'")
        self._addresses.add(address)
        return address

    def device(self, name: str, address: str) -> Device:
        """Return a Bumble device on this link, not yet powered on."""
        controller = RoomController(name, link=self._link, public_address=address)
        host = Host(controller, AsyncPipeSink(controller))
        device = Device(name=name, address=hci.Address(address), host=host)
        self._devices.append(device)
        return device

    def start(self, work: Coroutine[object, None, _T]) -> asyncio.Task[_T]:
        """Run a meter's work until it ends or the air is left."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, work: Coroutine[object, None, _T]) -> _T:
        """Await work that must not stop half-way, such as switching a meter on."""
        task = asyncio.get_running_loop().create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return await asyncio.shield(task)

    def cuff(
        self,
        name: str = "Pretend Cuff",
        *,
        serial: str = "SIM-CUFF-0001",
        faults: Faults = NO_FAULTS,
        features: Features = PLAIN,
    ) -> "PretendCuff":
        """Place a pretend blood-pressure cuff in the room, switched off."""
        from carehub.devices.simulator.cuff import PretendCuff

        return PretendCuff(self, name, serial, faults, features)

    def glucose_meter(
        self,
        name: str = "Pretend Glucose Meter",
        *,
        serial: str = "SIM-GLUC-0001",
        faults: Faults = NO_FAULTS,
        features: Features = PLAIN,
    ) -> "PretendGlucoseMeter":
        """Place a pretend glucose meter in the room, switched off."""
        from carehub.devices.simulator.glucose import PretendGlucoseMeter

        return PretendGlucoseMeter(self, name, serial, faults, features)

    def family(
        self, driver: str, faults: Faults = NO_FAULTS
    ) -> "PretendCuff | PretendGlucoseMeter":
        """Place a pretend meter of a driver's family in the room, with its quirks, switched off."""
        from carehub.devices.simulator.families import FAMILIES

        made, name, features = FAMILIES[driver]
        return made(self, name, "SIM-" + driver.upper(), faults, features)
