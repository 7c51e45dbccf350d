"""Glucose Service 1.0.1: measurement context (2A34), what the person told the meter about a record.

A flags byte and the sequence number of the measurement it belongs to; then, where flagged and in
this order: extended flags, carbohydrate (id, SFLOAT kg), meal, tester (low nibble) and health (high
nibble), exercise (u16 seconds, u8 percent), medication (id, SFLOAT kg or L), HbA1c (SFLOAT percent).
All bits of the extended flags are reserved; they are kept.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
from carehub.devices.gatt.medical_float import MedFloat, text
from carehub.devices.gatt.octets import Octets

_CARBOHYDRATE, _MEAL, _TESTER_HEALTH, _EXERCISE = 0x01, 0x02, 0x04, 0x08
_MEDICATION, _LITRES, _HBA1C, _EXTENDED = 0x10, 0x20, 0x40, 0x80

EXERCISE_OVERRUN: Final = 0xFFFF


class CarbohydrateId(IntEnum):
    """What was eaten."""

    BREAKFAST = 1
    LUNCH = 2
    DINNER = 3
    SNACK = 4
    DRINK = 5
    SUPPER = 6
    BRUNCH = 7


class Meal(IntEnum):
    """When, in relation to a meal; a code 6 is one maker's private sign for ketone, not ours."""

    BEFORE_MEAL = 1
    AFTER_MEAL = 2
    FASTING = 3
    CASUAL = 4
    BEDTIME = 5


class Tester(IntEnum):
    """Who took the sample."""

    SELF = 1
    HEALTH_CARE_PROFESSIONAL = 2
    LABORATORY = 3
    NOT_AVAILABLE = 15


class Health(IntEnum):
    """How the person was."""

    MINOR_ISSUES = 1
    MAJOR_ISSUES = 2
    DURING_MENSES = 3
    UNDER_STRESS = 4
    NO_ISSUES = 5
    NOT_AVAILABLE = 15


class MedicationId(IntEnum):
    """What was taken."""

    RAPID_ACTING_INSULIN = 1
    SHORT_ACTING_INSULIN = 2
    INTERMEDIATE_ACTING_INSULIN = 3
    LONG_ACTING_INSULIN = 4
    PRE_MIXED_INSULIN = 5


class MedicationUnit(StrEnum):
    """The unit of the medication, as sent."""

    KG = "kg"
    LITRE = "L"


@dataclass(frozen=True, slots=True, repr=False)
class Carbohydrate:
    """What was eaten: its code, and its mass in kilograms."""

    id: int
    mass: MedFloat


@dataclass(frozen=True, slots=True, repr=False)
class Exercise:
    """Seconds of exercise (65535: more than the field holds) and its intensity in percent."""

    duration_seconds: int
    intensity_percent: int


@dataclass(frozen=True, slots=True, repr=False)
class Medication:
    """What was taken: its code, and how much in kilograms or litres."""

    id: int
    amount: MedFloat
    unit: MedicationUnit


@dataclass(frozen=True, slots=True, repr=False)
class GlucoseContext:
    """One 2A34; what was not sent is None. Codes are kept as sent, named or not."""

    sequence_number: int
    carbohydrate: Carbohydrate | None = None
    meal: int | None = None
    tester: int | None = None
    health: int | None = None
    exercise: Exercise | None = None
    medication: Medication | None = None
    hba1c: MedFloat | None = None
    extended_flags: int | None = None

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A34."""
        return with_reserved(
            {
                "sequence_number": self.sequence_number,
                "carbohydrate": _carbohydrate_shape(self.carbohydrate),
                "meal": code_name(Meal, self.meal),
                "tester": code_name(Tester, self.tester),
                "health": code_name(Health, self.health),
                "exercise": _exercise_shape(self.exercise),
                "medication": _medication_shape(self.medication),
                "hba1c": None if self.hba1c is None else text(self.hba1c),
            },
            **self._unnamed_codes(),
        )

    def _unnamed_codes(self) -> Shape:
        carbohydrate = self.carbohydrate.id if self.carbohydrate else None
        medication = self.medication.id if self.medication else None
        return {
            "extended_flags": self.extended_flags,
            "carbohydrate_id": unnamed(CarbohydrateId, carbohydrate),
            "meal": unnamed(Meal, self.meal),
            "tester": unnamed(Tester, self.tester),
            "health": unnamed(Health, self.health),
            "medication_id": unnamed(MedicationId, medication),
        }


def context(data: bytes) -> GlucoseContext:
    """Decode 2A34 Glucose Measurement Context, 3 to 17 bytes."""
    octets = Octets(data)
    flags, sequence_number = octets.u8(), octets.u16()
    extended = octets.u8() if flags & _EXTENDED else None
    carbohydrate = Carbohydrate(octets.u8(), octets.sfloat()) if flags & _CARBOHYDRATE else None
    meal = octets.u8() if flags & _MEAL else None
    tester, health = _nibbles(octets) if flags & _TESTER_HEALTH else (None, None)
    exercise = Exercise(octets.u16(), octets.u8()) if flags & _EXERCISE else None
    medication, hba1c = _medication(flags, octets), octets.sfloat() if flags & _HBA1C else None
    octets.end()
    return GlucoseContext(
        sequence_number, carbohydrate, meal, tester, health, exercise, medication, hba1c, extended
    )


def _nibbles(octets: Octets) -> tuple[int, int]:
    both = octets.u8()
    return both & 0x0F, both >> 4


def _medication(flags: int, octets: Octets) -> Medication | None:
    if not flags & _MEDICATION:
        return None
    unit = MedicationUnit.LITRE if flags & _LITRES else MedicationUnit.KG
    return Medication(octets.u8(), octets.sfloat(), unit)


def _carbohydrate_shape(value: Carbohydrate | None) -> Shape | None:
    if value is None:
        return None
    return {"id": code_name(CarbohydrateId, value.id), "mass": text(value.mass), "unit": "kg"}


def _exercise_shape(value: Exercise | None) -> Shape | None:
    if value is None:
        return None
    return {
        "duration_seconds": value.duration_seconds,
        "intensity_percent": value.intensity_percent,
    }


def _medication_shape(value: Medication | None) -> Shape | None:
    if value is None:
        return None
    return {
        "id": code_name(MedicationId, value.id),
        "amount": text(value.amount),
        "unit": value.unit.value,
    }
