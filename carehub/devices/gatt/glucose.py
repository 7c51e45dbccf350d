"""Glucose Service 1.0.1: measurement (2A18) and feature (2A51).

A measurement is a flags byte, sequence number and base time, then what the flags announce: time
offset (minutes), concentration (SFLOAT) with a byte that holds type (low nibble) and sample location
(high nibble), sensor status. The time the person saw is base time plus offset: the base never
changes, the offset moves when somebody sets the meter's clock. Flag bits 5-7 are reserved and kept.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from carehub.devices.gatt.bits import (
    Bits,
    Shape,
    code_name,
    named,
    single,
    unnamed,
    with_reserved,
)
from carehub.devices.gatt.civil_time import DateTime
from carehub.devices.gatt.medical_float import MedFloat, text
from carehub.devices.gatt.octets import Octets

_OFFSET, _CONCENTRATION, _MOLES, _STATUS, _CONTEXT = 0x01, 0x02, 0x04, 0x08, 0x10
_RESERVED_FLAGS: Final = 0xE0


class ConcentrationUnit(StrEnum):
    """The unit of the concentration, as sent: mg/dL is kg/L × 100,000, mmol/L is mol/L × 1,000."""

    KG_L = "kg/L"
    MOL_L = "mol/L"


class SampleType(IntEnum):
    """What was measured; code 10 is never a person's value."""

    CAPILLARY_WHOLE_BLOOD = 1
    CAPILLARY_PLASMA = 2
    VENOUS_WHOLE_BLOOD = 3
    VENOUS_PLASMA = 4
    ARTERIAL_WHOLE_BLOOD = 5
    ARTERIAL_PLASMA = 6
    UNDETERMINED_WHOLE_BLOOD = 7
    UNDETERMINED_PLASMA = 8
    INTERSTITIAL_FLUID = 9
    CONTROL_SOLUTION = 10


class SampleLocation(IntEnum):
    """Where the sample came from; code 4 is never a person's value."""

    FINGER = 1
    ALTERNATE_SITE = 2
    EARLOBE = 3
    CONTROL_SOLUTION = 4
    NOT_AVAILABLE = 15


class SensorStatus(StrEnum):
    """What the meter says about this measurement (Sensor Status Annunciation)."""

    BATTERY_LOW = "battery_low"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    SAMPLE_INSUFFICIENT = "sample_insufficient"
    STRIP_INSERTION_ERROR = "strip_insertion_error"
    STRIP_TYPE_INCORRECT = "strip_type_incorrect"
    RESULT_TOO_HIGH = "result_too_high"
    RESULT_TOO_LOW = "result_too_low"
    TEMPERATURE_TOO_HIGH = "temperature_too_high"
    TEMPERATURE_TOO_LOW = "temperature_too_low"
    STRIP_PULLED_TOO_SOON = "strip_pulled_too_soon"
    DEVICE_FAULT = "device_fault"
    TIME_FAULT = "time_fault"


class GlucoseFeature(StrEnum):
    """What the meter can tell (Glucose Feature)."""

    LOW_BATTERY = "low_battery"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    SAMPLE_SIZE = "sample_size"
    STRIP_INSERTION = "strip_insertion"
    STRIP_TYPE = "strip_type"
    RESULT_HIGH_LOW = "result_high_low"
    TEMPERATURE_HIGH_LOW = "temperature_high_low"
    READ_INTERRUPTED = "read_interrupted"
    DEVICE_FAULT = "device_fault"
    TIME_FAULT = "time_fault"
    MULTIPLE_BONDS = "multiple_bonds"


_STATUS_PATTERNS: Final = single(*SensorStatus)
_FEATURE_PATTERNS: Final = single(*GlucoseFeature)


@dataclass(frozen=True, slots=True, repr=False)
class GlucoseMeasurement:
    """One 2A18; what was not sent is None. `unit` is None where no concentration was sent.

    `type` and `sample_location` are the codes as sent, comparable with SampleType and
    SampleLocation; `concentration` is in `unit` and may be a Special.
    """

    sequence_number: int
    base_time: DateTime
    time_offset_minutes: int | None = None
    concentration: MedFloat | None = None
    unit: ConcentrationUnit | None = None
    type: int | None = None
    sample_location: int | None = None
    status: Bits[SensorStatus] | None = None
    context_follows: bool = False
    reserved_flags: int = 0

    @property
    def control_solution(self) -> bool:
        """Tell whether the strip got control solution, so that this is nobody's blood."""
        return (
            self.type == SampleType.CONTROL_SOLUTION
            or self.sample_location == SampleLocation.CONTROL_SOLUTION
        )

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A18."""
        shape: Shape = {
            "sequence_number": self.sequence_number,
            "base_time": self.base_time.iso(),
            "time_offset_minutes": self.time_offset_minutes,
            "concentration": None if self.concentration is None else text(self.concentration),
            "unit": self.unit.value if self.unit else None,
            "type": code_name(SampleType, self.type),
            "sample_location": code_name(SampleLocation, self.sample_location),
            "status": None if self.status is None else self.status.listed(),
            "context_follows": self.context_follows,
        }
        return with_reserved(
            shape,
            flags=self.reserved_flags or None,
            base_time=self.base_time.impossible(),
            type=unnamed(SampleType, self.type),
            sample_location=unnamed(SampleLocation, self.sample_location),
            status=self.status.unknown if self.status else None,
        )


@dataclass(frozen=True, slots=True)
class GlucoseFeatures:
    """One 2A51: what this meter can tell."""

    features: Bits[GlucoseFeature]

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A51."""
        return with_reserved({"features": self.features.listed()}, features=self.features.unknown)


def measurement(data: bytes) -> GlucoseMeasurement:
    """Decode 2A18 Glucose Measurement, 10 to 17 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    sequence_number, base_time = octets.u16(), DateTime.read(octets)
    offset = octets.s16() if flags & _OFFSET else None
    concentration, unit, kind, location = _concentration(flags, octets)
    status = named(octets.u16(), _STATUS_PATTERNS) if flags & _STATUS else None
    octets.end()
    return GlucoseMeasurement(
        sequence_number,
        base_time,
        offset,
        concentration,
        unit,
        kind,
        location,
        status,
        bool(flags & _CONTEXT),
        flags & _RESERVED_FLAGS,
    )


def feature(data: bytes) -> GlucoseFeatures:
    """Decode 2A51 Glucose Feature, exactly 2 bytes."""
    octets = Octets(data)
    decoded = GlucoseFeatures(named(octets.u16(), _FEATURE_PATTERNS))
    octets.end()
    return decoded


def _concentration(
    flags: int, octets: Octets
) -> tuple[MedFloat | None, ConcentrationUnit | None, int | None, int | None]:
    if not flags & _CONCENTRATION:
        return None, None, None, None
    value = octets.sfloat()
    nibbles = octets.u8()
    unit = ConcentrationUnit.MOL_L if flags & _MOLES else ConcentrationUnit.KG_L
    return value, unit, nibbles & 0x0F, nibbles >> 4
