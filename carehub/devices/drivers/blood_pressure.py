"""Cuffs that follow the Bluetooth Blood Pressure Service (1810).

The cuff sends each stored or fresh measurement by itself as an indication (2A35) once it is asked,
and hangs up; while it fills it may notify the pressure (2A36). Nothing on the cuff is ever deleted
by us, but many cuffs forget a record once it was confirmed, so a frame is kept before that.

Verified: profile-conformant, simulated; unverified on hardware.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from carehub.care.meters import Frame, Measurement
from carehub.care.readings import Flag, Kind, TimeQuality, Unit
from carehub.devices import gatt
from carehub.devices.drivers.clocks import Ahead, correction, quality, received, told
from carehub.devices.drivers.records import as_sent, named_like, once, record_key, unreadable
from carehub.devices.gatt.blood_pressure import UNKNOWN_USER, cuff_pressure, measurement
from carehub.devices.meters import CHINA, Decoded, Policy, Refused, Seen
from carehub.errors import MalformedFrame
from carehub.i18n import _

SERVICE, VALUE, LIVE = "1810", "2A35", "2A36"
POLICY = Policy(service=SERVICE, values=(VALUE,), live=LIVE)
_UNITS = {gatt.PressureUnit.MMHG: Unit.MMHG, gatt.PressureUnit.KPA: Unit.KPA}
_FLAGS = {
    gatt.PressureStatus.BODY_MOVEMENT: Flag.BODY_MOVEMENT,
    gatt.PressureStatus.CUFF_LOOSE: Flag.CUFF_LOOSE,
    gatt.PressureStatus.IRREGULAR_PULSE: Flag.IRREGULAR_PULSE,
    gatt.PressureStatus.PULSE_ABOVE_RANGE: Flag.PULSE_OUT_OF_RANGE,
    gatt.PressureStatus.PULSE_BELOW_RANGE: Flag.PULSE_OUT_OF_RANGE,
    gatt.PressureStatus.BAD_POSITION: Flag.BAD_POSITION,
}
_SAME_MEASUREMENT_MS = 60_000
"""A cuff without a clock: equal values this close together are one measurement sent again."""


@dataclass(frozen=True, slots=True)
class BloodPressureDriver:
    """The standard Blood Pressure Service; a family of cuffs has `names` and its own ways.

    `names` are beginnings of advertised names in lower case, none meaning any; `mend` makes a
    conforming value of what this family sends.
    """

    name: str = "blood_pressure"
    kind: Kind = Kind.BLOOD_PRESSURE
    policy: Policy = POLICY
    names: tuple[str, ...] = ()
    mend: Callable[[bytes], bytes] = as_sent

    def match(self, seen: Seen) -> bool:
        """Tell whether the advertisement offers the service, under a name of this family."""
        return SERVICE in seen.services and named_like(seen, self.names)

    def sequence(self, data: bytes) -> int | None:  # noqa: ARG002 - the service numbers no records
        """Return None: the service numbers no records."""
        return None

    def live(self, data: bytes) -> tuple[Decimal, Unit] | None:
        """Return the pressure in the cuff now, or None where the value is no number."""
        try:
            sent = cuff_pressure(data)
        except MalformedFrame:
            return None
        value = gatt.number(sent.cuff_pressure)
        return None if value is None else (value, _UNITS[sent.unit])

    def decode(self, frames: Sequence[Frame], zone_offset: int = CHINA) -> Decoded:
        """Decode one transfer's frames: its values, and what its clock and live values tell."""
        ahead = told(frames, zone_offset)
        measurements: list[Measurement] = []
        refused: list[Refused] = []
        live = False
        for frame in frames:
            live = live or frame.characteristic == LIVE
            if frame.characteristic != VALUE:
                continue
            mended = replace(frame, data=self.mend(frame.data))
            found = _read(mended, zone_offset, ahead, live=live)
            if isinstance(found, Measurement):
                measurements.append(_joined(measurements, found))
            else:
                refused.append(found)
        return Decoded(once(measurements), tuple(refused), ahead.found)


BLOOD_PRESSURE = BloodPressureDriver()


def _read(frame: Frame, zone_offset: int, ahead: Ahead, *, live: bool) -> Measurement | Refused:
    try:
        sent = measurement(frame.data)
    except MalformedFrame as error:
        return unreadable(frame, error)
    systolic, diastolic = gatt.number(sent.systolic), gatt.number(sent.diastolic)
    if systolic is None or diastolic is None:
        return Refused(
            frame.id, _("The cuff sent no number for this measurement. Please measure again.")
        )
    if systolic <= 0 or diastolic <= 0:
        return Refused(
            frame.id, _("The cuff sent a number no blood pressure can have. Please measure again.")
        )
    pulse, slot = _positive(sent.pulse_rate), _slot(sent)
    arrived = received(frame, zone_offset)
    shown = sent.taken_at.iso() if sent.taken_at else None
    when = shown or frame.received_at // _SAME_MEASUREMENT_MS
    return Measurement(
        meter_id=frame.meter_id,
        record_key=record_key(slot, when, systolic, diastolic, pulse),
        kind=Kind.BLOOD_PRESSURE,
        unit=_UNITS[sent.unit],
        received_at=frame.received_at,
        v1=systolic,
        v2=diastolic,
        v3=pulse,
        mean=_positive(sent.mean_arterial_pressure),
        device_time=shown or "",
        time_quality=_quality(sent, arrived, ahead, live=live),
        clock_ahead=correction(sent.taken_at.civil(), arrived, ahead) if sent.taken_at else None,
        user_slot=slot,
        flags=frozenset(_FLAGS[name] for name in sent.status.names) if sent.status else frozenset(),
        frames=(frame.id,),
        simulated=frame.simulated,
    )


def _positive(value: gatt.MedFloat | None) -> Decimal | None:
    """Return a pulse or a mean; 0 stands for "none" (some Beurer cuffs, derdilla/…-fl)."""
    number = gatt.number(value)
    return number if number is not None and number > 0 else None


def _slot(sent: gatt.PressureMeasurement) -> int | None:
    return None if sent.user_id == UNKNOWN_USER else sent.user_id


def _quality(
    sent: gatt.PressureMeasurement, arrived: datetime, ahead: Ahead, *, live: bool
) -> TimeQuality:
    if sent.taken_at is None:
        return TimeQuality.NONE
    return quality(sent.taken_at.civil(), arrived, ahead=ahead, live=live)


def _joined(earlier: Sequence[Measurement], found: Measurement) -> Measurement:
    """Give a record without a time the key of an equal one that came shortly before."""
    if found.device_time:
        return found
    for other in earlier:
        near = found.received_at - other.received_at < _SAME_MEASUREMENT_MS
        if near and not other.device_time and _values(other) == _values(found):
            return replace(found, record_key=other.record_key)
    return found


def _values(found: Measurement) -> tuple[object, ...]:
    return found.user_slot, found.v1, found.v2, found.v3
