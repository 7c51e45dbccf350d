"""Bytes of Bluetooth characteristics to values and back: pure, strict in length, never guessing.

`decode("2A35", data)` gives the value of one notification, indication or read; it raises
MalformedFrame and nothing else for bytes that break the profile. `describe(value)` gives its JSON.
"""

import re
from collections.abc import Callable
from typing import Final, Protocol

from carehub.devices.gatt import (
    blood_pressure,
    body_composition,
    civil_time,
    device,
    glucose,
    glucose_context,
    glucose_monitor,
    glucose_session,
    heart_rate,
    oximeter,
    racp,
    thermometer,
    user,
    weight,
)
from carehub.devices.gatt.bits import Bits, Shape
from carehub.devices.gatt.blood_pressure import (
    CuffPressure,
    PressureFeatures,
    PressureMeasurement,
    PressureStatus,
    PressureUnit,
)
from carehub.devices.gatt.civil_time import CurrentTime, DateTime
from carehub.devices.gatt.device import BatteryLevel, DeviceText
from carehub.devices.gatt.glucose import (
    ConcentrationUnit,
    GlucoseFeatures,
    GlucoseMeasurement,
    SensorStatus,
)
from carehub.devices.gatt.glucose_context import GlucoseContext, Meal
from carehub.devices.gatt.medical_float import MedFloat, Special, number
from carehub.errors import InputError
from carehub.i18n import _


class Value(Protocol):
    """What a codec makes of bytes: a frozen dataclass that can say itself in JSON."""

    def describe(self) -> Shape:
        """Return the JSON object that docs/characteristics.md lays down."""


_CODECS: Final[dict[str, Callable[[bytes], Value]]] = {
    "2A08": civil_time.date_time,
    "2A18": glucose.measurement,
    "2A19": device.battery_level,
    "2A1C": thermometer.measurement,
    "2A1D": thermometer.place,
    "2A1E": thermometer.measurement,
    "2A21": thermometer.interval,
    "2A23": device.system_id,
    "2A24": device.device_text,
    "2A25": device.device_text,
    "2A26": device.device_text,
    "2A27": device.device_text,
    "2A28": device.device_text,
    "2A29": device.device_text,
    "2A2B": civil_time.current_time,
    "2A34": glucose_context.context,
    "2A35": blood_pressure.measurement,
    "2A36": blood_pressure.cuff_pressure,
    "2A37": heart_rate.measurement,
    "2A38": heart_rate.location,
    "2A49": blood_pressure.feature,
    "2A50": device.pnp_id,
    "2A51": glucose.feature,
    "2A52": racp.decode,
    "2A5E": oximeter.spot_check,
    "2A5F": oximeter.continuous,
    "2A60": oximeter.feature,
    "2A80": user.age,
    "2A85": user.birth_date,
    "2A8A": device.device_text,
    "2A8C": user.gender,
    "2A8E": user.height,
    "2A90": device.device_text,
    "2A98": user.weight,
    "2A99": user.change_counter,
    "2A9A": user.index,
    "2A9B": body_composition.feature,
    "2A9C": body_composition.measurement,
    "2A9D": weight.measurement,
    "2A9E": weight.feature,
    "2A9F": user.command,
    "2AA7": glucose_monitor.measurement,
    "2AA8": glucose_monitor.feature,
    "2AA9": glucose_monitor.status,
    "2AAA": glucose_session.start,
    "2AAB": glucose_session.run_time,
    "2AAC": glucose_session.command,
}
CHARACTERISTICS: Final = tuple(_CODECS)

_SHORT = re.compile(r"(?:0x)?([0-9a-f]{4})|(?:0x)?0000([0-9a-f]{4})", re.IGNORECASE)
_LONG = re.compile(r"0000([0-9a-f]{4})-?0000-?1000-?8000-?00805f9b34fb", re.IGNORECASE)


def characteristic(uuid: str) -> str:
    """Return the 16-bit form in upper case ("2A35") of a UUID in short or full form, any case.

    Raises InputError for a text that is no UUID on the Bluetooth base.
    """
    match = _SHORT.fullmatch(uuid.strip()) or _LONG.fullmatch(uuid.strip())
    if match is None:
        raise InputError(
            _("This is not the UUID of a standard characteristic; write it like 2A35.")
        )
    return next(group for group in match.groups() if group).upper()


def decode(uuid: str, data: bytes) -> Value:
    """Decode the value of one characteristic; the UUID in any form that `characteristic` takes.

    Raises MalformedFrame for bytes that break the profile, InputError for a UUID without a codec.
    """
    codec = _CODECS.get(uuid) or _CODECS.get(characteristic(uuid))
    if codec is None:
        raise InputError(
            _("CareHub cannot decode this characteristic; it knows {known}.").format(
                known=", ".join(CHARACTERISTICS)
            )
        )
    return codec(data)


def describe(value: Value) -> Shape:
    """Return the JSON object of a decoded value, as docs/characteristics.md lays it down."""
    return value.describe()


__all__ = [
    "CHARACTERISTICS",
    "BatteryLevel",
    "Bits",
    "ConcentrationUnit",
    "CuffPressure",
    "CurrentTime",
    "DateTime",
    "DeviceText",
    "GlucoseContext",
    "GlucoseFeatures",
    "GlucoseMeasurement",
    "Meal",
    "MedFloat",
    "PressureFeatures",
    "PressureMeasurement",
    "PressureStatus",
    "PressureUnit",
    "SensorStatus",
    "Shape",
    "Special",
    "Value",
    "characteristic",
    "decode",
    "describe",
    "number",
    "racp",
]
