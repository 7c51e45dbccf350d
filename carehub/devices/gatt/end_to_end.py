"""The end-to-end CRC of continuous glucose monitors: CRC-16 MCRF4XX, little-endian, after the value.

Polynomial 0x1021 reflected, start 0xFFFF, no final change (Continuous Glucose Monitoring Service 1.0.2,
section 3.11); "123456789" gives 0x6F91. A value's length alone says whether one was sent.
"""

from typing import Final

from carehub.devices.gatt.octets import Octets
from carehub.errors import MalformedFrame
from carehub.i18n import _

CRC_BYTES: Final = 2
_START: Final = 0xFFFF
_REFLECTED: Final = 0x8408
_OCTET_BITS: Final = 8


def checksum(data: bytes) -> int:
    """Return the CRC-16 MCRF4XX of `data`."""
    crc = _START
    for octet in data:
        crc ^= octet
        for _bit in range(_OCTET_BITS):
            crc = crc >> 1 ^ (_REFLECTED if crc & 1 else 0)
    return crc


def end_with_crc(octets: Octets, data: bytes) -> bool:
    """End a value that may carry a CRC, and tell whether it did; `data` is all of the value.

    Raises MalformedFrame where the CRC is not that of the bytes before it, or for any other length.
    """
    if octets.left != CRC_BYTES:
        octets.end()
        return False
    check(data[:-CRC_BYTES], octets.u16())
    return True


def check(data: bytes, crc: int) -> None:
    """Raise MalformedFrame where `crc` is not that of `data`."""
    if checksum(data) != crc:
        raise MalformedFrame(
            _("The checksum in the frame is wrong: bytes were changed on the way.")
        )
