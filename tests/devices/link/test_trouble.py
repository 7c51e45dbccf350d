"""What radio libraries raise, and the sentence a person gets for it."""

import pytest
from bleak.exc import (
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from carehub import errors
from carehub.devices.link.trouble import explained, named


@pytest.mark.parametrize(
    ("raised", "meaning"),
    [
        (FileNotFoundError(), errors.BluetoothMissing),
        (ConnectionRefusedError(), errors.BluetoothMissing),
        (PermissionError(), errors.BluetoothForbidden),
        (OSError(), errors.BluetoothLost),
        (EOFError(), errors.BluetoothLost),
        (TimeoutError(), errors.MeterSilent),
        (BleakError("?"), errors.LinkLost),
        (BleakDeviceNotFoundError("F0"), errors.MeterNotFound),
        (BleakDBusError("org.bluez.Error.NotReady", []), errors.BluetoothOff),
        (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), errors.PairingFailed),
        (BleakDBusError("org.bluez.Error.InProgress", []), errors.MeterBusy),
        (BleakDBusError("org.freedesktop.DBus.Error.NoReply", []), errors.BluetoothLost),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), errors.BluetoothForbidden),
        (BleakDBusError("org.bluez.Error.Failed", []), errors.LinkLost),
        (BleakGATTProtocolError(0x05), errors.PairingFailed),
        (BleakGATTProtocolError(0x0F), errors.PairingFailed),
        (BleakGATTProtocolError(0xFE), errors.MeterRefused),
    ],
)
def test_each_error_has_its_name(raised: Exception, meaning: type[errors.MeterError]) -> None:
    found = named(raised)
    assert type(found) is meaning
    assert "{" not in found.sentence()


def test_a_refusal_carries_the_profiles_name() -> None:
    told = named(BleakGATTProtocolError(0xFE))
    assert told.parameters["answer"] == "procedure already in progress"
    assert "procedure" not in told.sentence()


def test_a_bug_of_ours_stays_a_bug() -> None:
    with pytest.raises(ValueError, match="ours"), explained():
        raise ValueError("ours")
