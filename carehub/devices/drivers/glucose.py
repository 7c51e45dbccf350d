"""Glucose meters that follow the Bluetooth Glucose Service (1808).

The meter keeps its records and reports them when asked through its record access control point:
measurements (2A18), each perhaps followed by a context (2A34) that says how it lay to a meal.
The two are joined by sequence number, whatever order they come in. Records made with control
solution are marked and are never a person's value; nothing on the meter is ever deleted.

Verified: profile-conformant, simulated; unverified on hardware.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from carehub.care.meters import Frame, Measurement
from carehub.care.readings import HIGH, LOW, Flag, Kind, MealContext, TimeQuality, Unit
from carehub.devices import gatt
from carehub.devices.drivers.clocks import Ahead, correction, quality, received, told
from carehub.devices.drivers.records import (
    as_sent,
    named_like,
    once,
    record_key,
    scaled,
    unreadable,
)
from carehub.devices.gatt.glucose import GlucoseMeasurement, measurement
from carehub.devices.gatt.glucose_context import GlucoseContext, context
from carehub.devices.meters import CHINA, Decoded, Policy, Refused, Seen
from carehub.errors import MalformedFrame
from carehub.i18n import _

SERVICE, VALUE, CONTEXT, CONTROL = "1808", "2A18", "2A34", "2A52"
_SEQUENCE, _BASE_TIME, _BASE_MINUTE = slice(1, 3), slice(3, 10), slice(3, 9)
POLICY = Policy(service=SERVICE, values=(VALUE, CONTEXT), control=CONTROL)
_UNITS = {
    gatt.ConcentrationUnit.MOL_L: (Unit.MMOL_L, 3),
    gatt.ConcentrationUnit.KG_L: (Unit.MG_DL, 5),
}
_MEALS = {
    gatt.Meal.BEFORE_MEAL: MealContext.BEFORE_MEAL,
    gatt.Meal.AFTER_MEAL: MealContext.AFTER_MEAL,
    gatt.Meal.FASTING: MealContext.FASTING,
    gatt.Meal.BEDTIME: MealContext.BEDTIME,
}
_PRIVATE_KETONE = 6
"""A meal code outside the profile; CareSens meters mark ketone records with it (xDrip ContextRx)."""
_SAMPLE_PROBLEMS = frozenset(gatt.SensorStatus) - {
    gatt.SensorStatus.BATTERY_LOW,
    gatt.SensorStatus.RESULT_TOO_HIGH,
    gatt.SensorStatus.RESULT_TOO_LOW,
    gatt.SensorStatus.TIME_FAULT,
}


@dataclass(frozen=True, slots=True)
class GlucoseDriver:
    """The standard Glucose Service; a family of meters has `names` and its own ways.

    `names` are beginnings of advertised names in lower case, none meaning any; `mend` makes a
    conforming measurement of what this family sends; `seconds` tells whether a record has the same
    seconds each time it is sent, so that they may help to name it.
    """

    name: str = "glucose"
    kind: Kind = Kind.GLUCOSE
    policy: Policy = POLICY
    names: tuple[str, ...] = ()
    mend: Callable[[bytes], bytes] = as_sent
    seconds: bool = True

    def match(self, seen: Seen) -> bool:
        """Tell whether the advertisement offers the service, under a name of this family."""
        return SERVICE in seen.services and named_like(seen, self.names)

    def sequence(self, data: bytes) -> int | None:
        """Return the record number; it lies in the same place in both characteristics."""
        number = data[_SEQUENCE]
        return int.from_bytes(number, "little") if len(number) == 2 else None

    def live(self, data: bytes) -> tuple[Decimal, Unit] | None:  # noqa: ARG002 - nothing is live
        """Return None: these meters send nothing while they measure."""
        return None

    def decode(self, frames: Sequence[Frame], zone_offset: int = CHINA) -> Decoded:
        """Decode one transfer's frames; each measurement with its context, if one came."""
        ahead = told(frames, zone_offset)
        contexts, refused = _contexts(frames)
        measurements: list[Measurement] = []
        for frame in frames:
            if frame.characteristic != VALUE:
                continue
            mended = replace(frame, data=self.mend(frame.data))
            found = _read(mended, contexts, zone_offset, ahead)
            if isinstance(found, Measurement):
                measurements.append(self._named(found, mended.data))
            else:
                refused.append(found)
        return Decoded(once(measurements), tuple(refused), ahead.found)

    def _named(self, found: Measurement, data: bytes) -> Measurement:
        """Give a record its name on this family of meters, and no number where numbers move."""
        if self.policy.renumbers:
            found = replace(found, sequence=None)
        elif self.seconds:
            return found
        sent, base = measurement(data), data[_BASE_TIME if self.seconds else _BASE_MINUTE].hex()
        key = record_key(found.sequence, base, sent.concentration, sent.unit, sent.type)
        return replace(found, record_key=key)


GLUCOSE = GlucoseDriver()


def _contexts(
    frames: Iterable[Frame],
) -> tuple[dict[int, tuple[GlucoseContext, Frame]], list[Refused]]:
    found: dict[int, tuple[GlucoseContext, Frame]] = {}
    refused: list[Refused] = []
    for frame in frames:
        if frame.characteristic == CONTEXT:
            try:
                sent = context(frame.data)
            except MalformedFrame as error:
                refused.append(unreadable(frame, error))
            else:
                found[sent.sequence_number] = (sent, frame)
    return found, refused


def _read(
    frame: Frame,
    contexts: dict[int, tuple[GlucoseContext, Frame]],
    zone_offset: int,
    ahead: Ahead,
) -> Measurement | Refused:
    try:
        sent = measurement(frame.data)
    except MalformedFrame as error:
        return unreadable(frame, error)
    about, about_frame = contexts.get(sent.sequence_number, (None, None))
    value, text = _value(sent)
    sentence = _refusal(value, text, about)
    if sentence:
        return Refused(frame.id, sentence)
    unit, power = _UNITS[sent.unit or gatt.ConcentrationUnit.MOL_L]
    shown = sent.base_time.later(sent.time_offset_minutes or 0)
    arrived = received(frame, zone_offset)
    return Measurement(
        meter_id=frame.meter_id,
        record_key=_key(frame.data, sent),
        kind=Kind.GLUCOSE,
        unit=unit,
        received_at=frame.received_at,
        v1=None if value is None else scaled(value, power),
        text=text,
        context=_meal(about),
        device_time=shown.isoformat() if shown else "",
        time_quality=_quality(sent, shown, arrived, ahead),
        clock_ahead=correction(shown, arrived, ahead),
        sequence=sent.sequence_number,
        flags=_flags(sent),
        frames=(frame.id, about_frame.id) if about_frame else (frame.id,),
        simulated=frame.simulated,
    )


def _quality(
    sent: GlucoseMeasurement, shown: datetime | None, arrived: datetime, ahead: Ahead
) -> TimeQuality:
    if shown is not None and _has(sent, gatt.SensorStatus.TIME_FAULT):
        return TimeQuality.SKEWED
    return quality(shown, arrived, ahead=ahead, live=False)


def _value(sent: GlucoseMeasurement) -> tuple[Decimal | None, str]:
    """Return the concentration as sent, or None and HI or LO where the meter could not measure it."""
    number = gatt.number(sent.concentration)
    if number is not None:
        return number, ""
    special = sent.concentration
    if _has(sent, gatt.SensorStatus.RESULT_TOO_HIGH) or special is gatt.Special.PLUS_INFINITY:
        return None, HIGH
    if _has(sent, gatt.SensorStatus.RESULT_TOO_LOW) or special is gatt.Special.MINUS_INFINITY:
        return None, LOW
    return None, ""


def _refusal(value: Decimal | None, text: str, about: GlucoseContext | None) -> str:
    if about is not None and about.meal == _PRIVATE_KETONE:
        return _("The meter marked this record as a ketone value, so it is not blood glucose.")
    if value is None and not text:
        return _("The meter sent no number for this record. Please measure again.")
    if value is not None and value <= 0:
        return _("The meter sent a number no blood glucose can have. Please measure again.")
    return ""


def _key(data: bytes, sent: GlucoseMeasurement) -> str:
    # The base time never changes, the offset does; a sequence alone wraps and may run backwards.
    base = data[_BASE_TIME].hex()
    return record_key(sent.sequence_number, base, sent.concentration, sent.unit, sent.type)


def _has(sent: GlucoseMeasurement, status: gatt.SensorStatus) -> bool:
    return sent.status is not None and status in sent.status


def _meal(about: GlucoseContext | None) -> MealContext:
    meals: dict[int | None, MealContext] = {int(code): named for code, named in _MEALS.items()}
    return meals.get(about.meal if about else None, MealContext.RANDOM)


def _flags(sent: GlucoseMeasurement) -> frozenset[Flag]:
    flags = {Flag.CONTROL_SOLUTION} if sent.control_solution else set()
    if sent.status is not None and not _SAMPLE_PROBLEMS.isdisjoint(sent.status.names):
        flags.add(Flag.SAMPLE_PROBLEM)
    return frozenset(flags)
