"""People and their health archive: conditions, allergies, medicines, history, emergency contacts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Sex(StrEnum):
    """Sex as the person states it; it decides nothing but reference ranges."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class ConditionCode(StrEnum):
    """Long-term conditions (基础疾病) that rules look at; everything else is OTHER with its name."""

    HYPERTENSION = "hypertension"
    DIABETES_TYPE_1 = "diabetes_type_1"
    DIABETES_TYPE_2 = "diabetes_type_2"
    CORONARY_DISEASE = "coronary_disease"
    STROKE = "stroke"
    HEART_FAILURE = "heart_failure"
    ATRIAL_FIBRILLATION = "atrial_fibrillation"
    KIDNEY_DISEASE = "kidney_disease"
    LUNG_DISEASE = "lung_disease"
    COGNITIVE_IMPAIRMENT = "cognitive_impairment"
    FRAILTY = "frailty"
    OTHER = "other"


class MedicineClass(StrEnum):
    """Classes of medicine that rules look at; everything else is OTHER."""

    ANTIHYPERTENSIVE = "antihypertensive"
    INSULIN = "insulin"
    SULFONYLUREA = "sulfonylurea"
    GLINIDE = "glinide"
    GLUCOSE_LOWERING = "glucose_lowering"
    ANTICOAGULANT = "anticoagulant"
    ANTIEPILEPTIC = "antiepileptic"
    OTHER = "other"


class HistoryKind(StrEnum):
    """What a line of history tells.

    The last three say that the person was asked and knows of none (their text is `none`), or does
    not know (`unknown`): that is not the same as nobody having asked.
    """

    SURGERY = "surgery"
    ILLNESS = "illness"
    FAMILY = "family"
    LIVING = "living"
    NO_CONDITION = "no_condition"
    NO_ALLERGY = "no_allergy"
    NO_MEDICINE = "no_medicine"


@dataclass(frozen=True, slots=True)
class Person:
    """One person whose records are kept here.

    `born` may be unknown; `called` is how the screen greets them (王奶奶); `zone_offset` is minutes
    east of UTC where they live.
    """

    id: UUID
    name: str = field(repr=False)
    called: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    sex: Sex = Sex.UNKNOWN
    zone_offset: int = 480
    photo_id: UUID | None = None
    created_at: int = 0

    @property
    def greeting_name(self) -> str:
        """Return what to call this person on the screen."""
        return self.called or self.name

    def age_on(self, day: date) -> int | None:
        """Return the completed years on `day`, or None where the birthday is unknown."""
        if self.born is None:
            return None
        before_birthday = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before_birthday


@dataclass(frozen=True, slots=True)
class Condition:
    """A long-term condition as told by the person or a doctor; `since` is a year."""

    id: UUID
    person_id: UUID
    code: ConditionCode
    name: str = field(default="", repr=False)
    since: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Allergy:
    """A substance the person must not be given, and what it did."""

    id: UUID
    person_id: UUID
    substance: str = field(repr=False)
    reaction: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine in use: name, strength and how it is taken, in the words of the box."""

    id: UUID
    person_id: UUID
    name: str = field(repr=False)
    dose: str = field(default="", repr=False)
    timing: str = field(default="", repr=False)
    medicine_class: MedicineClass = MedicineClass.OTHER
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of medical history: an operation, an illness, something in the family."""

    id: UUID
    person_id: UUID
    kind: HistoryKind
    text: str = field(repr=False)
    year: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Whom to call; `order` 1 is called first. `alerts` is that contact's own consent to be told."""

    id: UUID
    person_id: UUID
    name: str = field(repr=False)
    relation: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    order: int = 1
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with the whole health archive: what the rules may look at."""

    person: Person
    conditions: tuple[Condition, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    contacts: tuple[EmergencyContact, ...] = ()

    def has(self, *codes: ConditionCode) -> bool:
        """Tell whether any of these conditions is on record."""
        return any(condition.code in codes for condition in self.conditions)

    def takes(self, *classes: MedicineClass) -> bool:
        """Tell whether a medicine of any of these classes is in use."""
        return any(m.medicine_class in classes and not m.stopped for m in self.medicines)

    @property
    def diabetic(self) -> bool:
        """Tell whether diabetes of any type is on record."""
        return self.has(ConditionCode.DIABETES_TYPE_1, ConditionCode.DIABETES_TYPE_2)

    @property
    def lowers_glucose(self) -> bool:
        """Tell whether a medicine in use lowers glucose (a "treated" diabetic)."""
        return self.risks_low_glucose or self.takes(MedicineClass.GLUCOSE_LOWERING)

    @property
    def risks_low_glucose(self) -> bool:
        """Tell whether a medicine in use can push glucose too low: insulin, sulfonylurea, glinide."""
        return self.takes(MedicineClass.INSULIN, MedicineClass.SULFONYLUREA, MedicineClass.GLINIDE)


@dataclass(frozen=True, slots=True)
class Target:
    """A doctor's own limits for one person: an office pressure in mmHg, glucose ranges in mmol/L."""

    systolic: Decimal | None = field(default=None, repr=False)
    diastolic: Decimal | None = field(default=None, repr=False)
    fasting_low: Decimal | None = field(default=None, repr=False)
    fasting_high: Decimal | None = field(default=None, repr=False)
    other_low: Decimal | None = field(default=None, repr=False)
    other_high: Decimal | None = field(default=None, repr=False)
