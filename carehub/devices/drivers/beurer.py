"""Beurer and Sanitas cuffs (BM48 to BM96, BC54, BC57, BC85, BC87, SBM67, SBM69).

Switch Bluetooth on in the cuff's menu. Where a number of six digits appears on the cuff, type it when
this computer asks; it is shown only once, and not for long. The cuff sends all it has stored each time.

Some of these cuffs send the pulse and the status with their two bytes exchanged, and a user number that
their flags do not announce; a mean pressure of 0 stands for none. What is possible only one way round
is read that way, so a cuff that keeps to the profile is read as it is.

Source: derdilla/blood-pressure-monitor-fl, ble_read_cubit.dart and ble_measurement_data_test.dart;
ignisf/sbm69, README.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from carehub.devices.drivers.blood_pressure import POLICY, BloodPressureDriver
from carehub.devices.gatt.medical_float import number, sfloat

_TIME, _PULSE, _USER, _STATUS = 0x02, 0x04, 0x08, 0x10
_HEAD, _TIME_BYTES, _WORD = 7, 7, 2
_NAMED_STATUS = 0x3F
_LOWEST, _HIGHEST = Decimal(20), Decimal(300)


def mended(data: bytes) -> bytes:
    """Return a 2A35 with the user announced and the words the right way round."""
    if not data:
        return data
    flags = data[0]
    if len(data) == _length(flags) + 1 and not flags & _USER:
        flags |= _USER
    if len(data) != _length(flags):
        return data
    body = bytearray((flags, *data[1:]))
    at = _HEAD + (_TIME_BYTES if flags & _TIME else 0)
    if flags & _PULSE:
        body[at : at + _WORD] = _turned(bytes(body[at : at + _WORD]), _is_pulse)
        at += _WORD
    if flags & _STATUS:
        at += 1 if flags & _USER else 0
        body[at : at + _WORD] = _turned(bytes(body[at : at + _WORD]), _is_status)
    return bytes(body)


def _length(flags: int) -> int:
    length = _HEAD + (_TIME_BYTES if flags & _TIME else 0) + (_WORD if flags & _PULSE else 0)
    return length + (1 if flags & _USER else 0) + (_WORD if flags & _STATUS else 0)


def _turned(word: bytes, possible: Callable[[int], bool]) -> bytes:
    """Return the word turned round where it is possible only that way."""
    little, big = int.from_bytes(word, "little"), int.from_bytes(word, "big")
    return word[::-1] if possible(big) and not possible(little) else word


def _is_pulse(word: int) -> bool:
    pulse = number(sfloat(word))
    return pulse is not None and _LOWEST <= pulse <= _HIGHEST


def _is_status(word: int) -> bool:
    return word <= _NAMED_STATUS


BEURER = BloodPressureDriver(
    name="beurer",
    policy=replace(POLICY, pause=0.1),
    names=(
        *("beurer", "sanitas", "silvercrest", "bm48", "bm54", "bm57", "bm59", "bm64", "bm77"),
        *("bm81", "bm85", "bm95", "bm96", "bc54", "bc57", "bc85", "bc87", "sbm67", "sbm69"),
    ),
    mend=mended,
)
