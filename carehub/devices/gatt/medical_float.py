"""The two number formats of IEEE 11073-20601 that meters send: SFLOAT (16 bits) and FLOAT (32).

Both are mantissa × 10^exponent, each part in two's complement without bias: SFLOAT has a 4-bit
exponent above a 12-bit mantissa, FLOAT 8 above 24. Five patterns are not numbers at all. The
standard reserves them with exponent 0 only; with another exponent the same mantissa is an ordinary
number (0xF7FF is 204.7, a pressure a cuff with tenths may well send), so only whole patterns count.
"""

from decimal import Context, Decimal
from enum import Enum
from typing import Final, TypeAlias


class Special(Enum):
    """What stands in the place of a number; none of them ever becomes one."""

    NAN = "NaN"
    NRES = "NRes"
    PLUS_INFINITY = "+INF"
    MINUS_INFINITY = "-INF"
    RESERVED = "reserved"


MedFloat: TypeAlias = Decimal | Special

_SFLOAT_SPECIALS: Final = {
    0x07FE: Special.PLUS_INFINITY,
    0x07FF: Special.NAN,
    0x0800: Special.NRES,
    0x0801: Special.RESERVED,
    0x0802: Special.MINUS_INFINITY,
}
_FLOAT_SPECIALS: Final = {
    0x007FFFFE: Special.PLUS_INFINITY,
    0x007FFFFF: Special.NAN,
    0x00800000: Special.NRES,
    0x00800001: Special.RESERVED,
    0x00800002: Special.MINUS_INFINITY,
}
# Our own context: the caller's may round to fewer digits than a FLOAT carries.
_EXACT: Final = Context(prec=30)


def sfloat(bits: int) -> MedFloat:
    """Read a 16-bit SFLOAT; the value keeps the digits that were sent (12.0 stays 12.0)."""
    special = _SFLOAT_SPECIALS.get(bits)
    if special is not None:
        return special
    mantissa, exponent = bits & 0x0FFF, bits >> 12
    return _scaled(
        mantissa - 0x1000 if mantissa & 0x0800 else mantissa,
        exponent - 0x10 if exponent & 0x8 else exponent,
    )


def float32(bits: int) -> MedFloat:
    """Read a 32-bit FLOAT; the value keeps the digits that were sent."""
    special = _FLOAT_SPECIALS.get(bits)
    if special is not None:
        return special
    mantissa, exponent = bits & 0xFFFFFF, bits >> 24
    return _scaled(
        mantissa - 0x1000000 if mantissa & 0x800000 else mantissa,
        exponent - 0x100 if exponent & 0x80 else exponent,
    )


def text(value: MedFloat) -> str:
    """Write a value in plain digits, never with an exponent; a special by its name."""
    return value.value if isinstance(value, Special) else format(value, "f")


def optional_text(value: MedFloat | None) -> str | None:
    """Write a value as `text` does, and None where it was not sent."""
    return None if value is None else text(value)


def number(value: MedFloat | None) -> Decimal | None:
    """Return the value where it is a number, and None where it is a special or was not sent."""
    return value if isinstance(value, Decimal) else None


def _scaled(mantissa: int, exponent: int) -> Decimal:
    return Decimal(mantissa).scaleb(exponent, _EXACT)
