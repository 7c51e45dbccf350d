"""CareHub's own pairing agent for BlueZ: without one even "just works" pairing fails or hangs.

bluetoothd asks a registered `org.bluez.Agent1` for consent and passkeys; with none it answers the
program with AuthenticationFailed, or not at all. The agent lives as long as its `async with`.
Only Linux needs it: Windows and macOS ask the person themselves.
"""

# ruff: noqa: ARG002 - the arguments are BlueZ's, whether an answer needs them or not

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.errors import DBusFastError
from dbus_fast.service import ServiceInterface, dbus_method

from carehub import log
from carehub.errors import BluetoothForbidden, BluetoothMissing, PairingFailed

AskPasskey = Callable[[], Awaitable[int | None]]
"""Ask the person for the six digits on the meter's display; None where they gave up."""

_PATH = "/org/carehub/agent"
_BLUEZ, _MANAGER_PATH, _MANAGER = "org.bluez", "/org/bluez", "org.bluez.AgentManager1"
_REJECTED = "org.bluez.Error.Rejected"
_FORBIDDEN = "org.freedesktop.DBus.Error.AccessDenied"
_NO_DEVICE = "NoInputNoOutput"
_KEYBOARD = "KeyboardDisplay"


class AgentInterface(ServiceInterface):
    """What bluetoothd calls; each answer is for a meter the person is reading right now."""

    def __init__(self, ask_passkey: AskPasskey | None) -> None:
        super().__init__("org.bluez.Agent1")
        self._ask_passkey = ask_passkey

    @dbus_method("RequestPasskey")
    async def request_passkey(self, device: DBusObjectPath) -> DBusUInt32:
        """Answer with the digits the person read off the meter."""
        passkey = await self._ask_passkey() if self._ask_passkey is not None else None
        if passkey is None:
            raise DBusError(_REJECTED, "no passkey was given")
        return passkey

    @dbus_method("RequestConfirmation")
    def request_confirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:
        """Agree: the person began this themselves."""

    @dbus_method("RequestAuthorization")
    def request_authorization(self, device: DBusObjectPath) -> None:
        """Agree: the person began this themselves."""

    @dbus_method("AuthorizeService")
    def authorize_service(self, device: DBusObjectPath, uuid: DBusStr) -> None:
        """Refuse: a meter has nothing to ask of this computer."""
        raise DBusError(_REJECTED, "CareHub offers no services")

    @dbus_method("DisplayPasskey")
    def display_passkey(
        self, device: DBusObjectPath, passkey: DBusUInt32, entered: DBusUInt16
    ) -> None:
        """Do nothing: no meter has a keyboard."""

    @dbus_method("Cancel")
    def cancel(self) -> None:
        """Do nothing: the session that asked sees the failure itself."""

    @dbus_method("Release")
    def release(self) -> None:
        """Do nothing: bluetoothd has forgotten us."""


@asynccontextmanager
async def standing_by(ask_passkey: AskPasskey | None = None) -> AsyncIterator[None]:
    """Answer what bluetoothd asks while a meter is read; where that cannot be, go on without.

    Most meters never ask. One that does then fails by its own error, which says what to do.
    """
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(PairingAgent(ask_passkey))
        except (BluetoothMissing, BluetoothForbidden, PairingFailed) as error:
            log.meters.info("no pairing agent for this session: %s", error.code)
        yield


class PairingAgent:
    """An async context during which meters may be paired, by passkey if `ask_passkey` is given.

    Raises BluetoothMissing without D-Bus or bluetoothd, BluetoothForbidden, PairingFailed.
    """

    def __init__(self, ask_passkey: AskPasskey | None = None) -> None:
        self._interface = AgentInterface(ask_passkey)
        self._capability = _NO_DEVICE if ask_passkey is None else _KEYBOARD
        self._bus: MessageBus | None = None

    @property
    def bus_name(self) -> str:
        """Return the name under which bluetoothd reaches the agent, empty while it is not up."""
        return str(self._bus.unique_name) if self._bus is not None else ""

    async def __aenter__(self) -> Self:
        try:
            bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        except PermissionError as error:
            raise BluetoothForbidden from error
        except (OSError, EOFError, DBusFastError) as error:
            raise BluetoothMissing from error
        bus.export(_PATH, self._interface)
        try:
            await self._call(bus, "RegisterAgent", "os", [_PATH, self._capability])
            # BlueZ asks the agent of the program that began; bleak has a connection of its own, and
            # what a meter itself begins has no program: both go to the default agent.
            await self._call(bus, "RequestDefaultAgent", "o", [_PATH])
        except BaseException:
            bus.disconnect()
            raise
        self._bus = bus
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        bus, self._bus = self._bus, None
        if bus is None:
            return
        try:
            await self._call(bus, "UnregisterAgent", "o", [_PATH])
        except (BluetoothMissing, PairingFailed):
            log.meters.info("bluetoothd had forgotten the pairing agent already")
        finally:
            bus.disconnect()

    async def _call(self, bus: MessageBus, member: str, signature: str, body: list[object]) -> None:
        reply = await bus.call(
            Message(
                destination=_BLUEZ,
                path=_MANAGER_PATH,
                interface=_MANAGER,
                member=member,
                signature=signature,
                body=body,
            )
        )
        if reply.message_type is not MessageType.ERROR:
            return
        if reply.error_name == _FORBIDDEN:
            raise BluetoothForbidden
        if str(reply.error_name).startswith("org.freedesktop.DBus.Error."):
            raise BluetoothMissing
        raise PairingFailed
