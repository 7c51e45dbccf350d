"""Heart Rate Service 1.0: measurement (2A37) and body sensor location (2A38).

A measurement is a flags byte and the heart rate (1/min) in 8 or 16 bits, then what the flags announce:
energy expended (kJ, 16 bits) and RR intervals (16 bits each, 1/1024 s), as many as the rest holds, one
at least. Layout: Heart Rate Service 1.0, sections 3.1 and 3.2. Flag bits 5-7 are reserved and kept.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
from carehub.devices.gatt.octets import Octets

_WIDE, _DETECTED, _TELLS_CONTACT, _ENERGY, _INTERVALS = 0x01, 0x02, 0x04, 0x08, 0x10
_RESERVED_FLAGS: Final = 0xE0
_INTERVAL_BYTES: Final = 2


class SensorContact(StrEnum):
    """Whether the sensor touches the skin, where it can tell."""

    NOT_SUPPORTED = "not_supported"
    NOT_DETECTED = "not_detected"
    DETECTED = "detected"


class SensorPlace(IntEnum):
    """Where the sensor is meant to be worn (Body Sensor Location)."""

    OTHER = 0
    CHEST = 1
    WRIST = 2
    FINGER = 3
    HAND = 4
    EAR_LOBE = 5
    FOOT = 6


@dataclass(frozen=True, slots=True, repr=False)
class HeartRate:
    """One 2A37: beats per minute; the energy in kJ where sent; RR intervals in 1/1024 s, oldest first.

    `wide` tells in how many bytes the rate came: two, else one.
    """

    rate: int
    contact: SensorContact
    energy_expended_kj: int | None = None
    rr_intervals_1024: tuple[int, ...] | None = None
    wide: bool = False
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A37."""
        intervals = self.rr_intervals_1024
        return with_reserved(
            {
                "heart_rate": self.rate,
                "sensor_contact": self.contact.value,
                "energy_expended_kj": self.energy_expended_kj,
                "rr_intervals_1024": None if intervals is None else list(intervals),
            },
            flags=self.reserved_flags or None,
        )


@dataclass(frozen=True, slots=True)
class SensorLocation:
    """One 2A38: where the sensor is meant to be worn, as the code that was sent."""

    place: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A38."""
        return with_reserved(
            {"location": code_name(SensorPlace, self.place)},
            location=unnamed(SensorPlace, self.place),
        )


def measurement(data: bytes) -> HeartRate:
    """Decode 2A37 Heart Rate Measurement, from 2 bytes on."""
    octets = Octets(data)
    flags = octets.u8()
    wide = bool(flags & _WIDE)
    decoded = HeartRate(
        octets.u16() if wide else octets.u8(),
        _contact(flags),
        octets.u16() if flags & _ENERGY else None,
        _intervals(octets) if flags & _INTERVALS else None,
        wide,
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def location(data: bytes) -> SensorLocation:
    """Decode 2A38 Body Sensor Location, exactly 1 byte."""
    octets = Octets(data)
    decoded = SensorLocation(octets.u8())
    octets.end()
    return decoded


def _contact(flags: int) -> SensorContact:
    if not flags & _TELLS_CONTACT:
        return SensorContact.NOT_SUPPORTED
    return SensorContact.DETECTED if flags & _DETECTED else SensorContact.NOT_DETECTED


def _intervals(octets: Octets) -> tuple[int, ...]:
    first = octets.u16()
    return (first, *(octets.u16() for _ in range(octets.left // _INTERVAL_BYTES)))
