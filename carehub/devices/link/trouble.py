"""What goes wrong on a radio, under the names a person can be told.

bleak raises its own errors, but also plain ones: without D-Bus a FileNotFoundError, with a vanished
bluetoothd an EOFError or a D-Bus NoReply, and TimeoutError everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from carehub import log
from carehub.errors import (
    BluetoothForbidden,
    BluetoothLost,
    BluetoothMissing,
    BluetoothOff,
    LinkLost,
    MeterBusy,
    MeterError,
    MeterNotFound,
    MeterRefused,
    MeterSilent,
    PairingFailed,
)

_REASONS: dict[BleakBluetoothNotAvailableReason, type[MeterError]] = {
    BleakBluetoothNotAvailableReason.POWERED_OFF: BluetoothOff,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: BluetoothForbidden,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: BluetoothForbidden,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: BluetoothForbidden,
}
_BUS_NAMES: dict[str, type[MeterError]] = {
    "org.bluez.Error.NotReady": BluetoothOff,
    "org.bluez.Error.NotAuthorized": PairingFailed,
    "org.bluez.Error.AuthenticationFailed": PairingFailed,
    "org.bluez.Error.AuthenticationCanceled": PairingFailed,
    "org.bluez.Error.AuthenticationRejected": PairingFailed,
    "org.bluez.Error.AuthenticationTimeout": PairingFailed,
    "org.bluez.Error.InProgress": MeterBusy,
    "org.bluez.Error.AlreadyConnected": MeterBusy,
    "org.freedesktop.DBus.Error.AccessDenied": BluetoothForbidden,
    "org.freedesktop.DBus.Error.ServiceUnknown": BluetoothLost,
    "org.freedesktop.DBus.Error.NoReply": BluetoothLost,
    "org.freedesktop.DBus.Error.Disconnected": BluetoothLost,
    "org.freedesktop.DBus.Error.UnknownObject": BluetoothLost,
}
_WANTS_PAIRING = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)
_SYSTEM: tuple[tuple[type[Exception], type[MeterError]], ...] = (
    (BleakDeviceNotFoundError, MeterNotFound),
    (TimeoutError, MeterSilent),
    (PermissionError, BluetoothForbidden),
    (FileNotFoundError, BluetoothMissing),
    (ConnectionRefusedError, BluetoothMissing),
    (OSError, BluetoothLost),
    (EOFError, BluetoothLost),
)
RADIO_ERRORS = (BleakError, OSError, EOFError, ValueError)
"""ValueError, because dbus-fast raises one of its own for a D-Bus address it cannot read."""


def named(error: Exception, otherwise: type[MeterError] = LinkLost) -> MeterError:
    """Return the error a person is told for what the radio library raised.

    `otherwise` is the meaning of a bleak error that says nothing more.
    """
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, BluetoothMissing)()
    if isinstance(error, BleakDBusError):
        return _BUS_NAMES.get(error.dbus_error, otherwise)()
    if isinstance(error, BleakGATTProtocolError):
        if error.code in _WANTS_PAIRING:
            return PairingFailed()
        return MeterRefused(answer=error.code.name.lower().replace("_", " "))
    for kind, meaning in _SYSTEM:
        if isinstance(error, kind):
            return meaning()
    return otherwise()


def wants_pairing(error: Exception) -> bool:
    """Tell whether the meter refused something only because the link is not encrypted."""
    return isinstance(error, BleakGATTProtocolError) and error.code in _WANTS_PAIRING


@contextmanager
def explained(
    otherwise: type[MeterError] = LinkLost, *, silence: type[MeterError] = MeterSilent
) -> Iterator[None]:
    """Raise what goes wrong inside as a MeterError; `silence` is what a timeout means here."""
    try:
        yield
    except RADIO_ERRORS as error:
        if isinstance(error, ValueError) and not _of_bus(error):
            raise
        meaning = silence() if type(error) is TimeoutError else named(error, otherwise)
        log.meters.info("radio: %s, told as %s", type(error).__name__, meaning.code)
        raise meaning from error


def _of_bus(error: ValueError) -> bool:
    return type(error).__module__.startswith("dbus_fast")
