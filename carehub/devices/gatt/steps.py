"""Whole numbers that stand for steps of a fixed size, and the one that stands for "it failed"."""

from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from carehub.devices.gatt.octets import Octets

_FAILED: Final = 0xFFFF


class Unsuccessful(Enum):
    """What a scale sends in the place of a number when the measurement failed (0xFFFF)."""

    UNSUCCESSFUL = "unsuccessful"


Stepped: TypeAlias = Decimal | Unsuccessful


def steps(octets: Octets, size: Decimal) -> Decimal:
    """Read an unsigned 16-bit number of steps of `size`; every one of them is a number."""
    return octets.u16() * size


def measured(octets: Octets, size: Decimal) -> Stepped:
    """Read an unsigned 16-bit number of steps of `size`, or that the measurement failed."""
    raw = octets.u16()
    return Unsuccessful.UNSUCCESSFUL if raw == _FAILED else raw * size


def text(value: Stepped | None) -> str | None:
    """Write a value in plain digits, a failure by its name, and None where none was sent."""
    if value is None:
        return None
    return value.value if isinstance(value, Unsuccessful) else format(value, "f")
