"""Readings as FHIR Observations: the blood pressure panel with its pulse, and capillary glucose."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from carehub.care.readings import (
    HIGH,
    LOW,
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    TimeQuality,
    Unit,
)
from carehub.care.units import convert
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import (
    Element,
    Part,
    Resource,
    absent,
    absent_concept,
    coding,
    concept,
    element,
    extension,
    identifier,
    made_id,
    moment,
    own,
    quantity,
    reference,
    said,
)

_PRESSURES = frozenset({Unit.MMHG, Unit.KPA})
_CONCENTRATIONS = frozenset({Unit.MMOL_L, Unit.MG_DL})
OFF_SCALE = {
    HIGH: (">", "Off scale high", terms.AbsentReason.POSITIVE_INFINITY),
    LOW: ("<", "Off scale low", terms.AbsentReason.NEGATIVE_INFINITY),
}
"""What HI and LO become: interpretation and the reason why there is no number."""


def observations(reading: Reading, *, superseded_by: UUID | None = None) -> list[Resource]:
    """Return what a reading is in FHIR: a panel with its pulse, or one glucose value.

    `superseded_by` is the reading that corrects this one, which then counts as entered in error.
    A reading of nobody, and a test of the meter with control solution, is no observation of a person.
    """
    if not _of_somebody(reading):
        return []
    if reading.kind is Kind.GLUCOSE:
        return [_glucose(reading, superseded_by)]
    found = [_panel(reading, superseded_by)]
    if reading.v3 is not None and reading.v3.is_finite():
        found.append(_pulse(reading, reading.v3, superseded_by))
    return found


def observation_ids(reading: Reading) -> list[UUID]:
    """Return the ids of what `observations` makes of a reading, without making it."""
    if not _of_somebody(reading):
        return []
    pulse = reading.kind is not Kind.GLUCOSE and reading.v3 is not None and reading.v3.is_finite()
    return [reading.id, pulse_id(reading.id)] if pulse else [reading.id]


def _of_somebody(reading: Reading) -> bool:
    return reading.person_id is not None and Flag.CONTROL_SOLUTION not in reading.flags


def pulse_id(reading_id: UUID) -> UUID:
    """Return the id of the Observation that holds the pulse of this reading."""
    return made_id("pulse", str(reading_id))


def meter_id(device_id: str) -> UUID:
    """Return the id of the Device that a meter's own id (serial number, address) becomes."""
    return made_id("meter", device_id)


def _panel(reading: Reading, superseded_by: UUID | None) -> Resource:
    pulse = reading.v3 is not None and reading.v3.is_finite()
    components = [
        _pressure(terms.SYSTOLIC, reading.v1, reading.unit),
        _pressure(terms.DIASTOLIC, reading.v2, reading.unit),
    ]
    if reading.mean is not None:
        components.append(_pressure(terms.MEAN, reading.mean, reading.unit))
    return _observation(
        reading,
        reading.id,
        superseded_by,
        element(
            identifier=identifier("reading", reading.id),
            code=concept(coding(terms.LOINC, terms.PANEL), words="Blood pressure"),
            hasMember=[reference("Observation", pulse_id(reading.id))] if pulse else None,
            component=[*components, *_marks(reading)],
        ),
        terms.PROFILE_BP,
    )


def _pulse(reading: Reading, rate: Decimal, superseded_by: UUID | None) -> Resource:
    value: Element = {
        "value": rate,
        "unit": "beats/minute",
        "system": terms.UCUM,
        "code": terms.PER_MINUTE,
    }
    return _observation(
        reading,
        pulse_id(reading.id),
        superseded_by,
        element(
            identifier=identifier("pulse", reading.id),
            code=concept(coding(terms.LOINC, terms.PULSE), words="Pulse"),
            valueQuantity=value,
            derivedFrom=[reference("Observation", reading.id)],
        ),
        terms.PROFILE_HEART_RATE,
    )


def _glucose(reading: Reading, superseded_by: UUID | None) -> Resource:
    code = terms.GLUCOSE_MASS if reading.unit is Unit.MG_DL else terms.GLUCOSE_MOLES
    measured = _measured(reading.v1, reading.unit, _CONCENTRATIONS)
    interpretation: Part = None
    if reading.v1 is None and reading.text in OFF_SCALE:
        sign, shown, reason = OFF_SCALE[reading.text]
        interpretation = [concept(coding(terms.INTERPRETATION, sign, shown), words=reading.text)]
        measured = {"dataAbsentReason": absent_concept(reason)}
    return _observation(
        reading,
        reading.id,
        superseded_by,
        element(
            identifier=identifier("reading", reading.id),
            code=concept(coding(terms.LOINC, code), words="Blood glucose"),
            interpretation=interpretation,
            component=[*_meal(reading.context), *_marks(reading)],
            **measured,
        ),
    )


def _observation(
    reading: Reading,
    id: UUID,  # noqa: A002 - the name FHIR gives it
    superseded_by: UUID | None,
    parts: Element,
    profile: str = "",
) -> Resource:
    """Return what every Observation of a reading has; `parts` are what it has of its own."""
    assert reading.person_id is not None
    vital = reading.kind is Kind.BLOOD_PRESSURE
    taken = moment(reading.taken_at, reading.zone_offset)
    error = terms.AbsentReason.ERROR
    return element(
        resourceType="Observation",
        id=str(id),
        # No profile is claimed for a time the calendar does not have.
        meta=element(profile=[profile] if profile and taken else None),
        extension=_extensions(reading, superseded_by),
        status=_status(reading, superseded_by).value,
        category=[concept(coding(terms.OBSERVATION_CATEGORY, "vital-signs", "Vital Signs"))]
        if vital
        else None,
        subject=reference("Patient", reading.person_id),
        effectiveDateTime=taken,
        _effectiveDateTime=None if taken else absent(error),
        issued=moment(reading.received_at or None),
        device=reference("Device", meter_id(reading.device_id)) if reading.device_id else None,
        note=[{"text": said(reading.note) or ""}] if said(reading.note) else None,
        **parts,
    )


def _status(reading: Reading, superseded_by: UUID | None) -> terms.ObservationStatus:
    if reading.voided or superseded_by is not None:
        return terms.ObservationStatus.ENTERED_IN_ERROR
    if reading.replaces is not None:
        return terms.ObservationStatus.AMENDED
    return terms.ObservationStatus.FINAL


def _extensions(reading: Reading, superseded_by: UUID | None) -> list[Element]:
    found: list[Element] = []
    if reading.replaces is not None:
        old = reference("Observation", reading.replaces)
        found.append({"url": terms.REPLACES, "valueReference": old})
    if superseded_by is not None:
        found += extension("superseded-by", valueReference=reference("Observation", superseded_by))
    if reading.kind is Kind.BLOOD_PRESSURE or reading.posture is not Posture.SITTING:
        how = concept(coding(own("posture"), reading.posture.value))
        found.append({"url": terms.BODY_POSITION, "valueCodeableConcept": how})
    found += extension("source", valueCode=reading.source.value)
    found += extension("setting", valueCode=reading.setting.value)
    if reading.time_quality is not TimeQuality.OK:
        found += extension("time-quality", valueCode=reading.time_quality.value)
    return found + extension("device-time", valueString=said(reading.device_taken_at))


def _pressure(code: str, value: Decimal | None, unit: Unit) -> Element:
    """Return a component in mm[Hg], which the bp profile demands; kPa stays beside it as measured."""
    measured = _measured(value, unit, _PRESSURES)
    if value is not None and unit is Unit.KPA and "valueQuantity" in measured:
        measured["valueQuantity"] = quantity(convert(value, unit, Unit.MMHG), Unit.MMHG)
        measured["extension"] = extension("as-measured", valueQuantity=quantity(value, unit))
    return {"code": concept(coding(terms.LOINC, code)), **measured}


def _measured(value: Decimal | None, unit: Unit, fitting: frozenset[Unit]) -> Element:
    """Return the value, or why there is none; a number in a unit of something else is an error."""
    if value is None:
        return {"dataAbsentReason": absent_concept(terms.AbsentReason.UNKNOWN)}
    if not value.is_finite():
        return {"dataAbsentReason": absent_concept(terms.AbsentReason.ERROR)}
    if unit in fitting:
        return {"valueQuantity": quantity(value, unit)}
    return {"dataAbsentReason": absent_concept(terms.AbsentReason.ERROR)}


def _meal(context: MealContext) -> Iterator[Element]:
    """Yield when it was taken; nothing for RANDOM, which also stands for not known."""
    if context is MealContext.RANDOM:
        return
    codes = [coding(own("meal-context"), context.value)]
    if context in terms.MEAL_CODES:
        codes.insert(0, coding(terms.MDC, terms.MEAL_CODES[context]))
    yield {
        "code": concept(coding(terms.MDC, terms.MEAL, "MDC_CTXT_GLU_MEAL"), words="Meal context"),
        "valueCodeableConcept": concept(*codes),
    }


def _marks(reading: Reading) -> Iterator[Element]:
    """Yield what the meter remarked (an irregular pulse) and what the person felt, each as true."""
    for noun, marks in (("flag", sorted(reading.flags)), ("symptom", sorted(reading.symptoms))):
        for mark in marks:
            yield {
                "code": concept(coding(own(noun), mark.value), words=mark.value.replace("_", " ")),
                "valueBoolean": True,
            }
