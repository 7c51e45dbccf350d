"""Pulse Oximeter Service 1.0: spot check (2A5E), continuous (2A5F) and features (2A60).

A measurement is a flags byte, then the oxygen saturation (SFLOAT, percent) and the pulse rate (SFLOAT,
1/min), then what the flags announce. Spot check: Date Time, measurement status (16 bits), device and
sensor status (24 bits), pulse amplitude index (SFLOAT, percent); a flag of its own says that the clock
was never set. Continuous: the pair again as the fast and as the slow average, then the two statuses
and the index. Layout: Pulse Oximeter Service 1.0.1, sections 3.1-3.3. Flag bits 5-7 are reserved.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carehub.devices.gatt.bits import (
    Bits,
    Pattern,
    Shape,
    listed,
    named,
    single,
    unlisted,
    with_reserved,
)
from carehub.devices.gatt.civil_time import DateTime, shown, unshown
from carehub.devices.gatt.medical_float import MedFloat, optional_text, text
from carehub.devices.gatt.octets import Octets

_TIME, _STATUS, _SENSOR, _AMPLITUDE, _CLOCK_UNSET = 0x01, 0x02, 0x04, 0x08, 0x10
_FAST, _SLOW, _C_STATUS, _C_SENSOR, _C_AMPLITUDE = 0x01, 0x02, 0x04, 0x08, 0x10
_RESERVED_FLAGS: Final = 0xE0
_FIRST_STATUS_BIT: Final = 5
_STATUS_SUPPORT, _SENSOR_SUPPORT = 0x0001, 0x0002


class OximetryStatus(StrEnum):
    """How far the measurement can be trusted (Measurement Status, bits 5-15)."""

    MEASUREMENT_ONGOING = "measurement_ongoing"
    EARLY_ESTIMATE = "early_estimate"
    VALIDATED = "validated"
    FULLY_QUALIFIED = "fully_qualified"
    FROM_STORAGE = "from_storage"
    FOR_DEMONSTRATION = "for_demonstration"
    FOR_TESTING = "for_testing"
    CALIBRATION_ONGOING = "calibration_ongoing"
    MEASUREMENT_UNAVAILABLE = "measurement_unavailable"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"


class OximeterStatus(StrEnum):
    """What the meter and its sensor say of themselves (Device and Sensor Status)."""

    EXTENDED_DISPLAY_UPDATE = "extended_display_update"
    EQUIPMENT_MALFUNCTION = "equipment_malfunction"
    SIGNAL_IRREGULAR = "signal_irregular"
    SIGNAL_INADEQUATE = "signal_inadequate"
    SIGNAL_POOR = "signal_poor"
    LOW_PERFUSION = "low_perfusion"
    SIGNAL_ERRATIC = "signal_erratic"
    SIGNAL_NOT_PULSATILE = "signal_not_pulsatile"
    PULSE_QUESTIONABLE = "pulse_questionable"
    SIGNAL_ANALYSIS_ONGOING = "signal_analysis_ongoing"
    SENSOR_INTERFERENCE = "sensor_interference"
    SENSOR_OFF_USER = "sensor_off_user"
    SENSOR_UNKNOWN = "sensor_unknown"
    SENSOR_DISPLACED = "sensor_displaced"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    SENSOR_DISCONNECTED = "sensor_disconnected"


class OximeterFeature(StrEnum):
    """What the meter can tell (PLX Features)."""

    MEASUREMENT_STATUS = "measurement_status"
    SENSOR_STATUS = "sensor_status"
    SPOT_CHECK_STORAGE = "spot_check_storage"
    SPOT_CHECK_TIME = "spot_check_time"
    FAST_AVERAGE = "fast_average"
    SLOW_AVERAGE = "slow_average"
    PULSE_AMPLITUDE_INDEX = "pulse_amplitude_index"
    MULTIPLE_BONDS = "multiple_bonds"


_STATUS_PATTERNS: Final[tuple[Pattern[OximetryStatus], ...]] = tuple(
    (mask << _FIRST_STATUS_BIT, bit << _FIRST_STATUS_BIT, name)
    for mask, bit, name in single(*OximetryStatus)
)
_SENSOR_PATTERNS: Final = single(*OximeterStatus)
_FEATURE_PATTERNS: Final = single(*OximeterFeature)


@dataclass(frozen=True, slots=True, repr=False)
class Oxygen:
    """Oxygen saturation in percent and pulse rate per minute; each may be a Special."""

    spo2: MedFloat
    pulse_rate: MedFloat

    def describe(self) -> Shape:
        """Return the pair as JSON."""
        return {"spo2": text(self.spo2), "pulse_rate": text(self.pulse_rate)}


@dataclass(frozen=True, slots=True, repr=False)
class SpotCheck:
    """One 2A5E; what was not sent is None. `clock_unset`: the time is not to be believed."""

    oxygen: Oxygen
    taken_at: DateTime | None = None
    status: Bits[OximetryStatus] | None = None
    sensor_status: Bits[OximeterStatus] | None = None
    pulse_amplitude_index: MedFloat | None = None
    clock_unset: bool = False
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A5E."""
        return with_reserved(
            {
                **self.oxygen.describe(),
                "taken_at": shown(self.taken_at),
                "clock_unset": self.clock_unset,
                "status": listed(self.status),
                "sensor_status": listed(self.sensor_status),
                "pulse_amplitude_index": optional_text(self.pulse_amplitude_index),
            },
            flags=self.reserved_flags or None,
            taken_at=unshown(self.taken_at),
            status=unlisted(self.status),
            sensor_status=unlisted(self.sensor_status),
        )


@dataclass(frozen=True, slots=True, repr=False)
class ContinuousOximetry:
    """One 2A5F; what was not sent is None. `fast` and `slow` are averages over less and more time."""

    oxygen: Oxygen
    fast: Oxygen | None = None
    slow: Oxygen | None = None
    status: Bits[OximetryStatus] | None = None
    sensor_status: Bits[OximeterStatus] | None = None
    pulse_amplitude_index: MedFloat | None = None
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A5F."""
        return with_reserved(
            {
                **self.oxygen.describe(),
                "fast": self.fast.describe() if self.fast else None,
                "slow": self.slow.describe() if self.slow else None,
                "status": listed(self.status),
                "sensor_status": listed(self.sensor_status),
                "pulse_amplitude_index": optional_text(self.pulse_amplitude_index),
            },
            flags=self.reserved_flags or None,
            status=unlisted(self.status),
            sensor_status=unlisted(self.sensor_status),
        )


@dataclass(frozen=True, slots=True)
class OximeterFeatures:
    """One 2A60: what this meter can tell, and which status bits it ever sets, where it says so."""

    features: Bits[OximeterFeature]
    status: Bits[OximetryStatus] | None = None
    sensor_status: Bits[OximeterStatus] | None = None

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A60."""
        return with_reserved(
            {
                "features": self.features.listed(),
                "status": listed(self.status),
                "sensor_status": listed(self.sensor_status),
            },
            features=self.features.unknown,
            status=unlisted(self.status),
            sensor_status=unlisted(self.sensor_status),
        )


def spot_check(data: bytes) -> SpotCheck:
    """Decode 2A5E PLX Spot-check Measurement, 5 to 19 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    decoded = SpotCheck(
        _oxygen(octets),
        DateTime.read(octets) if flags & _TIME else None,
        _status(octets) if flags & _STATUS else None,
        _sensor_status(octets) if flags & _SENSOR else None,
        octets.sfloat() if flags & _AMPLITUDE else None,
        bool(flags & _CLOCK_UNSET),
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def continuous(data: bytes) -> ContinuousOximetry:
    """Decode 2A5F PLX Continuous Measurement, 5 to 20 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    decoded = ContinuousOximetry(
        _oxygen(octets),
        _oxygen(octets) if flags & _FAST else None,
        _oxygen(octets) if flags & _SLOW else None,
        _status(octets) if flags & _C_STATUS else None,
        _sensor_status(octets) if flags & _C_SENSOR else None,
        octets.sfloat() if flags & _C_AMPLITUDE else None,
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def feature(data: bytes) -> OximeterFeatures:
    """Decode 2A60 PLX Features, 2 to 7 bytes: the first two say which supports follow."""
    octets = Octets(data)
    value = octets.u16()
    decoded = OximeterFeatures(
        named(value, _FEATURE_PATTERNS),
        _status(octets) if value & _STATUS_SUPPORT else None,
        _sensor_status(octets) if value & _SENSOR_SUPPORT else None,
    )
    octets.end()
    return decoded


def _oxygen(octets: Octets) -> Oxygen:
    return Oxygen(octets.sfloat(), octets.sfloat())


def _status(octets: Octets) -> Bits[OximetryStatus]:
    return named(octets.u16(), _STATUS_PATTERNS)


def _sensor_status(octets: Octets) -> Bits[OximeterStatus]:
    return named(octets.unsigned(3), _SENSOR_PATTERNS)
