"""A glucose monitor's session: start time (2AAA), run time (2AAB), specific operations (2AAC).

Start: Date Time, time zone (steps of 15 minutes, -128 unknown) and daylight saving offset. Run time:
hours of 16 bits. A specific operation is an op code, an operand as the op code says, and like the
others a CRC where the monitor protects its values; private op codes keep their operand as bytes.
Layout: Continuous Glucose Monitoring Service 1.0.2, sections 3.4, 3.5 and 3.7.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, TypeAlias

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
from carehub.devices.gatt.end_to_end import end_with_crc
from carehub.devices.gatt.glucose import SampleLocation, SampleType
from carehub.devices.gatt.glucose_monitor import MG_DL
from carehub.devices.gatt.medical_float import MedFloat, text
from carehub.devices.gatt.octets import Octets

_UNKNOWN_ZONE: Final = -128
_ZONE_STEP_MINUTES: Final = 15


class DaylightSaving(IntEnum):
    """How far the clock is ahead of standard time (DST Offset)."""

    STANDARD_TIME = 0
    HALF_AN_HOUR = 2
    DAYLIGHT_TIME = 4
    DOUBLE_DAYLIGHT_TIME = 8
    UNKNOWN = 255


class SessionOp(IntEnum):
    """What is asked of a monitor, or answered (CGM Specific Ops Control Point)."""

    SET_COMMUNICATION_INTERVAL = 0x01
    GET_COMMUNICATION_INTERVAL = 0x02
    COMMUNICATION_INTERVAL = 0x03
    SET_CALIBRATION = 0x04
    GET_CALIBRATION = 0x05
    CALIBRATION = 0x06
    SET_PATIENT_HIGH = 0x07
    GET_PATIENT_HIGH = 0x08
    PATIENT_HIGH = 0x09
    SET_PATIENT_LOW = 0x0A
    GET_PATIENT_LOW = 0x0B
    PATIENT_LOW = 0x0C
    SET_HYPO = 0x0D
    GET_HYPO = 0x0E
    HYPO = 0x0F
    SET_HYPER = 0x10
    GET_HYPER = 0x11
    HYPER = 0x12
    SET_RATE_OF_DECREASE = 0x13
    GET_RATE_OF_DECREASE = 0x14
    RATE_OF_DECREASE = 0x15
    SET_RATE_OF_INCREASE = 0x16
    GET_RATE_OF_INCREASE = 0x17
    RATE_OF_INCREASE = 0x18
    RESET_DEVICE_SPECIFIC_ALERT = 0x19
    START_SESSION = 0x1A
    STOP_SESSION = 0x1B
    RESPONSE = 0x1C


class SessionResponse(IntEnum):
    """How an operation ended."""

    SUCCESS = 1
    OP_CODE_NOT_SUPPORTED = 2
    INVALID_OPERAND = 3
    PROCEDURE_NOT_COMPLETED = 4
    PARAMETER_OUT_OF_RANGE = 5


class CalibrationStatus(StrEnum):
    """What became of a calibration."""

    REJECTED = "rejected"
    OUT_OF_RANGE = "out_of_range"
    PENDING = "pending"


_CALIBRATION_PATTERNS: Final = single(*CalibrationStatus)
_INTERVALS: Final = frozenset(
    {SessionOp.SET_COMMUNICATION_INTERVAL, SessionOp.COMMUNICATION_INTERVAL}
)
_CALIBRATIONS: Final = frozenset({SessionOp.SET_CALIBRATION, SessionOp.CALIBRATION})
# Levels come in threes: set, get, answer; set and answer carry the level, in mg/dL (per minute).
_LEVELS: Final = frozenset(
    op
    for op in SessionOp
    if SessionOp.SET_PATIENT_HIGH <= op <= SessionOp.RATE_OF_INCREASE and op % 3 != 2
)
_RATES: Final = frozenset(op for op in SessionOp if op >= SessionOp.SET_RATE_OF_DECREASE)


@dataclass(frozen=True, slots=True)
class SessionStart:
    """One 2AAA: when the session began, in the monitor's civil time; zone and saving as sent."""

    started_at: DateTime
    zone_steps: int
    daylight_saving: int
    protected: bool = False

    @property
    def zone_minutes(self) -> int | None:
        """Return the minutes east of UTC without daylight saving, or None where they are unknown."""
        return None if self.zone_steps == _UNKNOWN_ZONE else self.zone_steps * _ZONE_STEP_MINUTES

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AAA."""
        return with_reserved(
            {
                "started_at": self.started_at.iso(),
                "zone_minutes": self.zone_minutes,
                "daylight_saving": code_name(DaylightSaving, self.daylight_saving),
                "crc": self.protected,
            },
            started_at=self.started_at.impossible(),
            daylight_saving=unnamed(DaylightSaving, self.daylight_saving),
        )


@dataclass(frozen=True, slots=True)
class SessionRunTime:
    """One 2AAB: how many hours the sensor is expected to run."""

    hours: int
    protected: bool = False

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AAB."""
        return {"hours": self.hours, "crc": self.protected}


@dataclass(frozen=True, slots=True)
class Interval:
    """Minutes between measurements; 0 switches them off, 255 is as often as the monitor can."""

    minutes: int

    def describe(self) -> Shape:
        """Return the operand as JSON."""
        return {"minutes": self.minutes}


@dataclass(frozen=True, slots=True, repr=False)
class Level:
    """A level in mg/dL, or in mg/dL per minute where it is of a rate."""

    value: MedFloat
    per_minute: bool

    def describe(self) -> Shape:
        """Return the operand as JSON."""
        return {"value": text(self.value), "unit": f"{MG_DL}/min" if self.per_minute else MG_DL}


@dataclass(frozen=True, slots=True, repr=False)
class Calibration:
    """A finger-stick value that calibrates the sensor: mg/dL, minutes since the session began."""

    concentration: MedFloat
    time_offset_minutes: int
    type: int
    sample_location: int
    next_offset_minutes: int
    record_number: int
    status: Bits[CalibrationStatus]

    def describe(self) -> Shape:
        """Return the operand as JSON."""
        return with_reserved(
            {
                "concentration": text(self.concentration),
                "unit": MG_DL,
                "time_offset_minutes": self.time_offset_minutes,
                "type": code_name(SampleType, self.type),
                "sample_location": code_name(SampleLocation, self.sample_location),
                "next_offset_minutes": self.next_offset_minutes,
                "record_number": self.record_number,
                "status": self.status.listed(),
            },
            type=unnamed(SampleType, self.type),
            sample_location=unnamed(SampleLocation, self.sample_location),
            status=self.status.unknown,
        )


@dataclass(frozen=True, slots=True)
class CalibrationWanted:
    """Which calibration record is asked for; 65535 is the latest."""

    record_number: int

    def describe(self) -> Shape:
        """Return the operand as JSON."""
        return {"record_number": self.record_number}


@dataclass(frozen=True, slots=True)
class Ended:
    """How the operation of this op code ended; both codes as sent."""

    request_op_code: int
    response_code: int

    def describe(self) -> Shape:
        """Return the operand as JSON."""
        return with_reserved(
            {
                "request_op_code": code_name(SessionOp, self.request_op_code),
                "response_code": code_name(SessionResponse, self.response_code),
            },
            request_op_code=unnamed(SessionOp, self.request_op_code),
            response_code=unnamed(SessionResponse, self.response_code),
        )


Operand: TypeAlias = Interval | Level | Calibration | CalibrationWanted | Ended | bytes | None


@dataclass(frozen=True, slots=True)
class SessionCommand:
    """One 2AAC: an op code and its operand; a private op code's operand stays as bytes."""

    op_code: int
    operand: Operand = None
    protected: bool = False

    def describe(self) -> Shape:
        """Return the JSON shape of a 2AAC."""
        operand = self.operand
        raw = operand if isinstance(operand, bytes) else None
        known = None if isinstance(operand, bytes) or operand is None else operand.describe()
        return with_reserved(
            {
                "op_code": code_name(SessionOp, self.op_code),
                "operand": known,
                "crc": self.protected,
            },
            op_code=unnamed(SessionOp, self.op_code),
            operand=raw.hex() if raw else None,
        )


def start(data: bytes) -> SessionStart:
    """Decode 2AAA CGM Session Start Time, 9 bytes, or 11 with a CRC."""
    octets = Octets(data)
    started, zone, saving = DateTime.read(octets), octets.s8(), octets.u8()
    return SessionStart(started, zone, saving, end_with_crc(octets, data))


def run_time(data: bytes) -> SessionRunTime:
    """Decode 2AAB CGM Session Run Time, 2 bytes, or 4 with a CRC."""
    octets = Octets(data)
    return SessionRunTime(octets.u16(), end_with_crc(octets, data))


def command(data: bytes) -> SessionCommand:
    """Decode 2AAC CGM Specific Ops Control Point; the op code says how long it is."""
    octets = Octets(data)
    op_code = octets.u8()
    if unnamed(SessionOp, op_code) is not None:
        return SessionCommand(op_code, octets.rest() or None)
    operand = _operand(op_code, octets)
    return SessionCommand(op_code, operand, end_with_crc(octets, data))


def _operand(op_code: int, octets: Octets) -> Operand:
    if op_code in _INTERVALS:
        return Interval(octets.u8())
    if op_code in _CALIBRATIONS:
        return _calibration(octets)
    if op_code == SessionOp.GET_CALIBRATION:
        return CalibrationWanted(octets.u16())
    if op_code in _LEVELS:
        return Level(octets.sfloat(), op_code in _RATES)
    if op_code == SessionOp.RESPONSE:
        return Ended(octets.u8(), octets.u8())
    return None


def _calibration(octets: Octets) -> Calibration:
    concentration, minutes, nibbles = octets.sfloat(), octets.u16(), octets.u8()
    return Calibration(
        concentration,
        minutes,
        nibbles & 0x0F,
        nibbles >> 4,
        octets.u16(),
        octets.u16(),
        named(octets.u8(), _CALIBRATION_PATTERNS),
    )
