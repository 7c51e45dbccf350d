"""Health Thermometer Service 1.0: temperature (2A1C, 2A1E), its type (2A1D), interval (2A21).

A temperature is a flags byte and a FLOAT, then what the flags announce: Date Time, temperature type.
Layout: Health Thermometer Service 1.0, sections 3.1-3.4, and the GATT Specification Supplement. Flag
bits 3-7 are reserved; they are kept and announce nothing.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
from carehub.devices.gatt.civil_time import DateTime, shown, unshown
from carehub.devices.gatt.medical_float import MedFloat, text
from carehub.devices.gatt.octets import Octets

_FAHRENHEIT, _TIME, _TYPE = 0x01, 0x02, 0x04
_RESERVED_FLAGS: Final = 0xF8


class TemperatureUnit(StrEnum):
    """The unit of the temperature, as sent."""

    CELSIUS = "°C"
    FAHRENHEIT = "°F"


class TemperatureType(IntEnum):
    """Where the temperature was taken (Temperature Type)."""

    ARMPIT = 1
    BODY = 2
    EAR = 3
    FINGER = 4
    GASTROINTESTINAL_TRACT = 5
    MOUTH = 6
    RECTUM = 7
    TOE = 8
    EAR_DRUM = 9


@dataclass(frozen=True, slots=True, repr=False)
class TemperatureMeasurement:
    """One 2A1C or 2A1E: the temperature in `unit`, perhaps a Special; what was not sent is None."""

    temperature: MedFloat
    unit: TemperatureUnit
    taken_at: DateTime | None = None
    type: int | None = None
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A1C or 2A1E."""
        return with_reserved(
            {
                "temperature": text(self.temperature),
                "unit": self.unit.value,
                "taken_at": shown(self.taken_at),
                "type": code_name(TemperatureType, self.type),
            },
            flags=self.reserved_flags or None,
            taken_at=unshown(self.taken_at),
            type=unnamed(TemperatureType, self.type),
        )


@dataclass(frozen=True, slots=True)
class TemperaturePlace:
    """One 2A1D: where this thermometer always measures, as the code that was sent."""

    type: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A1D."""
        return with_reserved(
            {"type": code_name(TemperatureType, self.type)},
            type=unnamed(TemperatureType, self.type),
        )


@dataclass(frozen=True, slots=True)
class MeasurementInterval:
    """One 2A21: seconds between measurements; 0 means that none come by themselves."""

    seconds: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A21."""
        return {"seconds": self.seconds}


def measurement(data: bytes) -> TemperatureMeasurement:
    """Decode 2A1C Temperature Measurement or 2A1E Intermediate Temperature, 5 to 13 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    decoded = TemperatureMeasurement(
        octets.float32(),
        TemperatureUnit.FAHRENHEIT if flags & _FAHRENHEIT else TemperatureUnit.CELSIUS,
        DateTime.read(octets) if flags & _TIME else None,
        octets.u8() if flags & _TYPE else None,
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def place(data: bytes) -> TemperaturePlace:
    """Decode 2A1D Temperature Type, exactly 1 byte."""
    octets = Octets(data)
    decoded = TemperaturePlace(octets.u8())
    octets.end()
    return decoded


def interval(data: bytes) -> MeasurementInterval:
    """Decode 2A21 Measurement Interval, exactly 2 bytes."""
    octets = Octets(data)
    decoded = MeasurementInterval(octets.u16())
    octets.end()
    return decoded
