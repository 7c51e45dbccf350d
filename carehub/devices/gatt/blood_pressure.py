"""Blood Pressure Service 1.1.1: measurement (2A35), intermediate cuff pressure (2A36), feature (2A49).

A measurement is a flags byte, three SFLOAT pressures, then what the flags announce, in this order:
Date Time, pulse rate (SFLOAT, 1/min), user id, measurement status. Flag bits 5-7 are reserved; they
are kept, and never read as announcing a field: bytes that follow for them are refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carehub.devices.gatt.bits import Bits, Pattern, Shape, named, single, with_reserved
from carehub.devices.gatt.civil_time import DateTime
from carehub.devices.gatt.medical_float import MedFloat, Special, text
from carehub.devices.gatt.octets import Octets

UNKNOWN_USER: Final = 255

_KPA, _TIME, _PULSE, _USER, _STATUS = 0x01, 0x02, 0x04, 0x08, 0x10
_RESERVED_FLAGS: Final = 0xE0


class PressureUnit(StrEnum):
    """The unit of the three pressures, as sent."""

    MMHG = "mmHg"
    KPA = "kPa"


class PressureStatus(StrEnum):
    """What the cuff says about this measurement (Measurement Status)."""

    BODY_MOVEMENT = "body_movement"
    CUFF_LOOSE = "cuff_loose"
    IRREGULAR_PULSE = "irregular_pulse"
    PULSE_ABOVE_RANGE = "pulse_above_range"
    PULSE_BELOW_RANGE = "pulse_below_range"
    BAD_POSITION = "bad_position"


class PressureFeature(StrEnum):
    """What the cuff can tell (Blood Pressure Feature)."""

    BODY_MOVEMENT = "body_movement"
    CUFF_FIT = "cuff_fit"
    IRREGULAR_PULSE = "irregular_pulse"
    PULSE_RANGE = "pulse_range"
    MEASUREMENT_POSITION = "measurement_position"
    MULTIPLE_BONDS = "multiple_bonds"
    E2E_CRC = "e2e_crc"
    USER_DATA_SERVICE = "user_data_service"
    USER_FACING_TIME = "user_facing_time"


# Bits 3-4 are one two-bit code: 0 in range, 1 above, 2 below; 3 is reserved.
_STATUS_PATTERNS: Final[tuple[Pattern[PressureStatus], ...]] = (
    (0x01, 0x01, PressureStatus.BODY_MOVEMENT),
    (0x02, 0x02, PressureStatus.CUFF_LOOSE),
    (0x04, 0x04, PressureStatus.IRREGULAR_PULSE),
    (0x18, 0x08, PressureStatus.PULSE_ABOVE_RANGE),
    (0x18, 0x10, PressureStatus.PULSE_BELOW_RANGE),
    (0x20, 0x20, PressureStatus.BAD_POSITION),
)
_FEATURE_PATTERNS: Final = single(*PressureFeature)


@dataclass(frozen=True, slots=True, repr=False)
class PressureMeasurement:
    """One 2A35, or one 2A36 as a `CuffPressure`; what was not sent is None.

    Pressures are in `unit`, `pulse_rate` in beats per minute; each may be a Special.
    `user_id` 255 means that the cuff does not know who was measured.
    """

    systolic: MedFloat
    diastolic: MedFloat
    mean_arterial_pressure: MedFloat
    unit: PressureUnit
    taken_at: DateTime | None = None
    pulse_rate: MedFloat | None = None
    user_id: int | None = None
    status: Bits[PressureStatus] | None = None
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A35."""
        return with_reserved(
            {
                "systolic": text(self.systolic),
                "diastolic": text(self.diastolic),
                "mean_arterial_pressure": text(self.mean_arterial_pressure),
                "unit": self.unit.value,
                **_shared(self),
            },
            **_unexplained(self),
        )


@dataclass(frozen=True, slots=True, repr=False)
class CuffPressure:
    """One 2A36, the pressure while the cuff fills; `unused` is NaN twice in a conforming cuff."""

    cuff_pressure: MedFloat
    unused: tuple[MedFloat, MedFloat]
    unit: PressureUnit
    taken_at: DateTime | None = None
    pulse_rate: MedFloat | None = None
    user_id: int | None = None
    status: Bits[PressureStatus] | None = None
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A36."""
        filled = self.unused != (Special.NAN, Special.NAN)
        return with_reserved(
            {
                "cuff_pressure": text(self.cuff_pressure),
                "unit": self.unit.value,
                **_shared(self),
            },
            unused=[text(value) for value in self.unused] if filled else None,
            **_unexplained(self),
        )


@dataclass(frozen=True, slots=True)
class PressureFeatures:
    """One 2A49: what this cuff can tell."""

    features: Bits[PressureFeature]

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A49."""
        return with_reserved({"features": self.features.listed()}, features=self.features.unknown)


def measurement(data: bytes) -> PressureMeasurement:
    """Decode 2A35 Blood Pressure Measurement, 7 to 19 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    decoded = PressureMeasurement(
        octets.sfloat(), octets.sfloat(), octets.sfloat(), _unit(flags), *_announced(flags, octets)
    )
    octets.end()
    return decoded


def cuff_pressure(data: bytes) -> CuffPressure:
    """Decode 2A36 Intermediate Cuff Pressure, laid out as a 2A35 with two unused pressures."""
    octets = Octets(data)
    flags = octets.u8()
    decoded = CuffPressure(
        octets.sfloat(),
        (octets.sfloat(), octets.sfloat()),
        _unit(flags),
        *_announced(flags, octets),
    )
    octets.end()
    return decoded


def feature(data: bytes) -> PressureFeatures:
    """Decode 2A49 Blood Pressure Feature, exactly 2 bytes."""
    octets = Octets(data)
    decoded = PressureFeatures(named(octets.u16(), _FEATURE_PATTERNS))
    octets.end()
    return decoded


def _unit(flags: int) -> PressureUnit:
    return PressureUnit.KPA if flags & _KPA else PressureUnit.MMHG


def _announced(
    flags: int, octets: Octets
) -> tuple[DateTime | None, MedFloat | None, int | None, Bits[PressureStatus] | None, int]:
    return (
        DateTime.read(octets) if flags & _TIME else None,
        octets.sfloat() if flags & _PULSE else None,
        octets.u8() if flags & _USER else None,
        named(octets.u16(), _STATUS_PATTERNS) if flags & _STATUS else None,
        flags & _RESERVED_FLAGS,
    )


def _shared(value: PressureMeasurement | CuffPressure) -> Shape:
    return {
        "taken_at": value.taken_at.iso() if value.taken_at else None,
        "pulse_rate": None if value.pulse_rate is None else text(value.pulse_rate),
        "user_id": value.user_id,
        "status": None if value.status is None else value.status.listed(),
    }


def _unexplained(value: PressureMeasurement | CuffPressure) -> Shape:
    return {
        "flags": value.reserved_flags or None,
        "taken_at": value.taken_at.impossible() if value.taken_at else None,
        "status": value.status.unknown if value.status else None,
    }
