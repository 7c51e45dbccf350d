"""Continuous Glucose Monitoring Service 1.0.2: measurement (2AA7), status (2AA9), feature (2AA8).

One 2AA7 holds one or more records. A record begins with its own size and a flags byte; then follow the
concentration (SFLOAT, mg/dL), minutes since the session began (16 bits), the octets of the sensor
status that the flags announce (status, calibration and temperature, warning), the trend (SFLOAT,
mg/dL per minute), the quality (SFLOAT, percent), and a CRC where the monitor protects its values.
Layout: CGM Service 1.0.2, sections 3.1-3.3. Flag bits 2-4 are reserved and kept.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carehub.devices.gatt.bits import (
    Bits,
    Shape,
    code_name,
    listed,
    named,
    single,
    unlisted,
    unnamed,
    with_reserved,
)
from carehub.devices.gatt.end_to_end import CRC_BYTES, check, end_with_crc
from carehub.devices.gatt.glucose import SampleLocation, SampleType
from carehub.devices.gatt.medical_float import MedFloat, optional_text, text
from carehub.devices.gatt.octets import Octets
from carehub.errors import MalformedFrame
from carehub.i18n import _

MG_DL: Final = "mg/dL"
_TREND, _QUALITY, _WARNING, _CALIBRATION, _STATUS = 0x01, 0x02, 0x20, 0x40, 0x80
_RESERVED_FLAGS: Final = 0x1C
_NO_CRC: Final = 0xFFFF
_ANNUNCIATION_BYTES: Final = 3


class MonitorStatus(StrEnum):
    """What the monitor says about itself and this value (Sensor Status Annunciation, 24 bits)."""

    SESSION_STOPPED = "session_stopped"
    BATTERY_LOW = "battery_low"
    SENSOR_TYPE_INCORRECT = "sensor_type_incorrect"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    DEVICE_SPECIFIC_ALERT = "device_specific_alert"
    DEVICE_FAULT = "device_fault"
    TIME_SYNCHRONIZATION_REQUIRED = "time_synchronization_required"
    CALIBRATION_NOT_ALLOWED = "calibration_not_allowed"
    CALIBRATION_RECOMMENDED = "calibration_recommended"
    CALIBRATION_REQUIRED = "calibration_required"
    TEMPERATURE_TOO_HIGH = "temperature_too_high"
    TEMPERATURE_TOO_LOW = "temperature_too_low"
    BELOW_PATIENT_LOW = "below_patient_low"
    ABOVE_PATIENT_HIGH = "above_patient_high"
    BELOW_HYPO = "below_hypo"
    ABOVE_HYPER = "above_hyper"
    FALLING_TOO_FAST = "falling_too_fast"
    RISING_TOO_FAST = "rising_too_fast"
    RESULT_TOO_LOW = "result_too_low"
    RESULT_TOO_HIGH = "result_too_high"


class MonitorFeature(StrEnum):
    """What the monitor can do (CGM Feature, 24 bits)."""

    CALIBRATION = "calibration"
    PATIENT_ALERTS = "patient_alerts"
    HYPO_ALERTS = "hypo_alerts"
    HYPER_ALERTS = "hyper_alerts"
    RATE_ALERTS = "rate_alerts"
    DEVICE_SPECIFIC_ALERT = "device_specific_alert"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    TEMPERATURE_HIGH_LOW = "temperature_high_low"
    RESULT_HIGH_LOW = "result_high_low"
    LOW_BATTERY = "low_battery"
    SENSOR_TYPE = "sensor_type"
    DEVICE_FAULT = "device_fault"
    E2E_CRC = "e2e_crc"
    MULTIPLE_BONDS = "multiple_bonds"
    MULTIPLE_SESSIONS = "multiple_sessions"
    TREND = "trend"
    QUALITY = "quality"


# Bits 6-7 and 14-15 of the annunciation have no name, so its names lie in three octets.
_STATUS_NAMES: Final = tuple(MonitorStatus)
_STATUS_PATTERNS: Final = tuple(
    (mask << shift, bit << shift, name)
    for shift, names in ((0, _STATUS_NAMES[:6]), (8, _STATUS_NAMES[6:12]), (16, _STATUS_NAMES[12:]))
    for mask, bit, name in single(*names)
)
_FEATURE_PATTERNS: Final = single(*MonitorFeature)


@dataclass(frozen=True, slots=True, repr=False)
class MonitorRecord:
    """One record of a 2AA7; what was not sent is None.

    The concentration is in mg/dL, the time in minutes since the session began, the trend in mg/dL per
    minute, the quality in percent. `protected` tells that a CRC came with it, and was right.
    """

    concentration: MedFloat
    time_offset_minutes: int
    status: Bits[MonitorStatus] | None = None
    trend: MedFloat | None = None
    quality: MedFloat | None = None
    protected: bool = False
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return one record as JSON."""
        return with_reserved(
            {
                "concentration": text(self.concentration),
                "unit": MG_DL,
                "time_offset_minutes": self.time_offset_minutes,
                "status": listed(self.status),
                "trend": optional_text(self.trend),
                "quality": optional_text(self.quality),
                "crc": self.protected,
            },
            flags=self.reserved_flags or None,
            status=unlisted(self.status),
        )


@dataclass(frozen=True, slots=True, repr=False)
class MonitorMeasurement:
    """One 2AA7: its records, in the order sent."""

    records: tuple[MonitorRecord, ...]

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AA7."""
        return {"records": [record.describe() for record in self.records]}


@dataclass(frozen=True, slots=True)
class MonitorState:
    """One 2AA9: the minutes since the session began, and what the monitor says of itself."""

    time_offset_minutes: int
    status: Bits[MonitorStatus]
    protected: bool = False

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AA9."""
        return with_reserved(
            {
                "time_offset_minutes": self.time_offset_minutes,
                "status": self.status.listed(),
                "crc": self.protected,
            },
            status=self.status.unknown,
        )


@dataclass(frozen=True, slots=True)
class MonitorFeatures:
    """One 2AA8: what this monitor can do, and the type and location of its samples, as codes sent.

    `unused_crc` is what stood in the place of the CRC of a monitor that protects nothing.
    """

    features: Bits[MonitorFeature]
    type: int
    sample_location: int
    unused_crc: int = _NO_CRC

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AA8."""
        return with_reserved(
            {
                "features": self.features.listed(),
                "type": code_name(SampleType, self.type),
                "sample_location": code_name(SampleLocation, self.sample_location),
                "crc": MonitorFeature.E2E_CRC in self.features,
            },
            features=self.features.unknown,
            type=unnamed(SampleType, self.type),
            sample_location=unnamed(SampleLocation, self.sample_location),
            crc=None if self.unused_crc == _NO_CRC else self.unused_crc,
        )


def measurement(data: bytes) -> MonitorMeasurement:
    """Decode 2AA7 CGM Measurement: one record of 6 to 15 bytes, or more of them."""
    octets = Octets(data)
    records = [_record(octets)]
    while octets.left:
        records.append(_record(octets))
    return MonitorMeasurement(tuple(records))


def status(data: bytes) -> MonitorState:
    """Decode 2AA9 CGM Status, 5 bytes, or 7 with a CRC."""
    octets = Octets(data)
    minutes, bits = octets.u16(), named(octets.unsigned(_ANNUNCIATION_BYTES), _STATUS_PATTERNS)
    return MonitorState(minutes, bits, end_with_crc(octets, data))


def feature(data: bytes) -> MonitorFeatures:
    """Decode 2AA8 CGM Feature, exactly 6 bytes; its CRC counts only where the features say so."""
    octets = Octets(data)
    features = named(octets.unsigned(3), _FEATURE_PATTERNS)
    nibbles, crc = octets.u8(), octets.u16()
    octets.end()
    if MonitorFeature.E2E_CRC in features:
        check(data[:-CRC_BYTES], crc)
        crc = _NO_CRC
    return MonitorFeatures(features, nibbles & 0x0F, nibbles >> 4, crc)


def _record(octets: Octets) -> MonitorRecord:
    size = octets.u8()
    if not size:
        raise MalformedFrame(_("A record in the frame says that it has no bytes."))
    whole = bytes((size,)) + octets.take(size - 1)
    record = Octets(whole[1:])
    flags = record.u8()
    return MonitorRecord(
        record.sfloat(),
        record.u16(),
        _annunciation(flags, record),
        record.sfloat() if flags & _TREND else None,
        record.sfloat() if flags & _QUALITY else None,
        end_with_crc(record, whole),
        flags & _RESERVED_FLAGS,
    )


def _annunciation(flags: int, record: Octets) -> Bits[MonitorStatus] | None:
    if not flags & (_STATUS | _CALIBRATION | _WARNING):
        return None
    value = record.u8() if flags & _STATUS else 0
    value |= (record.u8() if flags & _CALIBRATION else 0) << 8
    value |= (record.u8() if flags & _WARNING else 0) << 16
    return named(value, _STATUS_PATTERNS)
