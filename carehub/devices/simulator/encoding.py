"""The bytes a pretend meter sends, written from the Bluetooth profiles and apart from our decoders.

A decoder tested only against its own encoder agrees with itself; so nothing here imports `gatt`.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

NAN = 0x07FF
NOT_AT_THIS_RESOLUTION = 0x0800
RESERVED = 0x0801
PLUS_INFINITY = 0x07FE
MINUS_INFINITY = 0x0802

SHORT_FLOAT_SPECIALS = frozenset(
    {NAN, NOT_AT_THIS_RESOLUTION, RESERVED, PLUS_INFINITY, MINUS_INFINITY}
)

type_of_clock = tuple[int, int, int, int, int, int]
UNSET_CLOCK: type_of_clock = (0, 0, 0, 0, 0, 0)


def short_float(value: Decimal | int) -> bytes:
    """Return the IEEE 11073 SFLOAT of `value` (4-bit exponent, 12-bit mantissa, little-endian).

    Raises ValueError where twelve bits of mantissa cannot hold the digits.
    """
    number = Decimal(value)
    exponent = int(number.as_tuple().exponent)
    mantissa = int(number.scaleb(-exponent))
    while abs(mantissa) > 2045 and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    if abs(mantissa) > 2045 or not -8 <= exponent <= 7:
        raise ValueError("too many digits for an SFLOAT")
    return struct.pack("<H", (exponent & 0xF) << 12 | mantissa & 0xFFF)


def special(code: int) -> bytes:
    """Return the two bytes of an SFLOAT special such as NAN."""
    return struct.pack("<H", code)


def date_time(moment: datetime | None) -> bytes:
    """Return the seven bytes of a Date Time (2A08); None is a clock that was never set."""
    parts = UNSET_CLOCK if moment is None else (*moment.timetuple()[:6],)
    return struct.pack("<HBBBBB", *parts)


def current_time(moment: datetime | None) -> bytes:
    """Return the ten bytes of a Current Time (2A2B), weekday Monday = 1, no fractions."""
    weekday = 0 if moment is None else moment.isoweekday()
    return date_time(moment) + bytes((weekday, 0, 0))


@dataclass(frozen=True, slots=True)
class Pressure:
    """One record in a pretend cuff's memory; None leaves an optional field out.

    `flags_status` is the Measurement Status word; values may be raw SFLOAT bytes to pretend faults.
    """

    systolic: Decimal | int | bytes = field(repr=False)
    diastolic: Decimal | int | bytes = field(repr=False)
    mean: Decimal | int | bytes = field(default=0, repr=False)
    pulse: Decimal | int | bytes | None = field(default=None, repr=False)
    taken_at: datetime | None = None
    has_time: bool = True
    user: int | None = None
    status: int | None = None
    kilopascal: bool = False


def _sfloat(value: Decimal | int | bytes) -> bytes:
    return value if isinstance(value, bytes) else short_float(value)


def pressure(record: Pressure) -> bytes:
    """Return a Blood Pressure Measurement (2A35): flags, three pressures, then what is present."""
    flags = (
        record.kilopascal
        | record.has_time << 1
        | (record.pulse is not None) << 2
        | (record.user is not None) << 3
        | (record.status is not None) << 4
    )
    values = (record.systolic, record.diastolic, record.mean)
    data = bytes((flags,)) + b"".join(_sfloat(value) for value in values)
    data += date_time(record.taken_at) if record.has_time else b""
    data += b"" if record.pulse is None else _sfloat(record.pulse)
    data += b"" if record.user is None else bytes((record.user,))
    return data + (b"" if record.status is None else struct.pack("<H", record.status))


def cuff_pressure(value: Decimal | int, *, kilopascal: bool = False) -> bytes:
    """Return an Intermediate Cuff Pressure (2A36): only the first pressure is a number."""
    return bytes((kilopascal,)) + short_float(value) + special(NAN) * 2


@dataclass(frozen=True, slots=True)
class Glucose:
    """One record in a pretend glucose meter's memory; `meal` makes a context record follow.

    `concentration` is in mol/L or kg/L as `molar` says; raw SFLOAT bytes pretend faults.
    """

    sequence: int
    taken_at: datetime | None
    concentration: Decimal | bytes | None = field(repr=False)
    molar: bool = True
    offset: int | None = None
    sample: int = 1
    location: int = 1
    status: int | None = None
    meal: int | None = None


def glucose(record: Glucose) -> bytes:
    """Return a Glucose Measurement (2A18): flags, sequence, base time, then what is present."""
    flags = (
        (record.offset is not None)
        | (record.concentration is not None) << 1
        | record.molar << 2
        | (record.status is not None) << 3
        | (record.meal is not None) << 4
    )
    data = bytes((flags,)) + struct.pack("<H", record.sequence) + date_time(record.taken_at)
    data += b"" if record.offset is None else struct.pack("<h", record.offset)
    if record.concentration is not None:
        data += _sfloat(record.concentration) + bytes((record.location << 4 | record.sample,))
    return data + (b"" if record.status is None else struct.pack("<H", record.status))


def glucose_context(record: Glucose) -> bytes:
    """Return the Glucose Measurement Context (2A34) of a record: only its meal."""
    return bytes((0x02,)) + struct.pack("<HB", record.sequence, record.meal or 0)


def millimolar(value: Decimal | str) -> Decimal:
    """Return mmol/L as the mol/L a meter sends."""
    return Decimal(value).scaleb(-3)


def milligrams(value: Decimal | int | str) -> Decimal:
    """Return mg/dL as the kg/L a meter sends."""
    return Decimal(value).scaleb(-5)
