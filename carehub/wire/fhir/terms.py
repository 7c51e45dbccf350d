"""The words of FHIR R4 that we use: codes of required bindings as enums, systems, LOINC, UCUM, MDC.

Sources: hl7.org/fhir/R4 (value sets, `vitalsigns`, `bp`, `heartrate`), the HL7 Personal Health Device
guide (meal context, device types), loinc.org. `docs/fhir.md` says why each was chosen.
"""

from enum import StrEnum

from carehub.care.people import ConditionCode
from carehub.care.readings import MealContext, Unit

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
MDC = "urn:iso:std:iso:11073:10101"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ABSENT_LIST = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
FLAG_PRIORITY = "http://hl7.org/fhir/flag-priority-code"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
OBSERVATION_CATEGORY = f"{_TERMINOLOGY}/observation-category"
INTERPRETATION = f"{_TERMINOLOGY}/v3-ObservationInterpretation"
DATA_ABSENT = f"{_TERMINOLOGY}/data-absent-reason"
CONDITION_CLINICAL = f"{_TERMINOLOGY}/condition-clinical"
CONDITION_CATEGORY = f"{_TERMINOLOGY}/condition-category"
ALLERGY_CLINICAL = f"{_TERMINOLOGY}/allergyintolerance-clinical"
CONTACT_ROLE = f"{_TERMINOLOGY}/v2-0131"
ROLE_CODE = f"{_TERMINOLOGY}/v3-RoleCode"
ACT_REASON = f"{_TERMINOLOGY}/v3-ActReason"
DATA_OPERATION = f"{_TERMINOLOGY}/v3-DataOperation"
CONSENT_SCOPE = f"{_TERMINOLOGY}/consentscope"
FLAG_CATEGORY = f"{_TERMINOLOGY}/flag-category"
PROVENANCE_AGENT = f"{_TERMINOLOGY}/provenance-participant-type"

_DEFINITION = "http://hl7.org/fhir/StructureDefinition"
PROFILE_BP = f"{_DEFINITION}/bp"
PROFILE_HEART_RATE = f"{_DEFINITION}/heartrate"
ABSENT_BECAUSE = f"{_DEFINITION}/data-absent-reason"
REPLACES = f"{_DEFINITION}/observation-replaces"
BODY_POSITION = f"{_DEFINITION}/observation-bodyPosition"
FLAG_DETAIL = f"{_DEFINITION}/flag-detail"
FLAG_PRIORITY_OF = f"{_DEFINITION}/flag-priority"

PANEL = "85354-9"
SYSTOLIC = "8480-6"
DIASTOLIC = "8462-4"
MEAN = "8478-0"
PULSE = "8867-4"
GLUCOSE_MOLES = "14743-9"
GLUCOSE_MASS = "41653-7"
CONSENT_DOCUMENT = "59284-0"
NAMES = {
    PANEL: "Blood pressure panel with all children optional",
    SYSTOLIC: "Systolic blood pressure",
    DIASTOLIC: "Diastolic blood pressure",
    MEAN: "Mean blood pressure",
    PULSE: "Heart rate",
    GLUCOSE_MOLES: "Glucose [Moles/volume] in Capillary blood by Glucometer",
    GLUCOSE_MASS: "Glucose [Mass/volume] in Capillary blood by Glucometer",
    CONSENT_DOCUMENT: "Consent Document",
}
GLUCOSE_CODES = {
    GLUCOSE_MOLES: Unit.MMOL_L,
    "15074-8": Unit.MMOL_L,
    GLUCOSE_MASS: Unit.MG_DL,
    "2339-0": Unit.MG_DL,
}
"""LOINC codes of glucose in blood that are understood, each with the unit of its property."""
PANEL_CODES = frozenset({PANEL, "55284-4"})
"""The panel, and the code for the same that older systems send."""

UCUM_CODES = {
    Unit.MMHG: "mm[Hg]",
    Unit.KPA: "kPa",
    Unit.MMOL_L: "mmol/L",
    Unit.MG_DL: "mg/dL",
}
PER_MINUTE = "/min"

MEAL = "8417864"
MEAL_CODES = {
    MealContext.BEFORE_MEAL: "8417868",
    MealContext.AFTER_MEAL: "8417872",
    MealContext.FASTING: "8417876",
    MealContext.BEDTIME: "8417908",
}
"""MDC_CTXT_GLU_MEAL_…; night has none, and casual (8417880) would say more than we know."""
CASUAL = "8417880"
METER_TYPES = {"blood_pressure": "528391", "glucose": "528401"}
"""MDC_DEV_SPEC_PROFILE_BP and _GLUCOSE."""

ICD_10_CODES = {
    ConditionCode.HYPERTENSION: "I10",
    ConditionCode.DIABETES_TYPE_1: "E10",
    ConditionCode.DIABETES_TYPE_2: "E11",
    ConditionCode.CORONARY_DISEASE: "I25",
    ConditionCode.HEART_FAILURE: "I50",
    ConditionCode.ATRIAL_FIBRILLATION: "I48",
    ConditionCode.KIDNEY_DISEASE: "N18",
}
"""Only where a category of ICD-10 means what the person ticked; the others have their own word."""


class ObservationStatus(StrEnum):
    """http://hl7.org/fhir/ValueSet/observation-status."""

    REGISTERED = "registered"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"


class Gender(StrEnum):
    """http://hl7.org/fhir/ValueSet/administrative-gender."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


class NameUse(StrEnum):
    """http://hl7.org/fhir/ValueSet/name-use, as far as we use it."""

    OFFICIAL = "official"
    NICKNAME = "nickname"


class MedicationStatus(StrEnum):
    """http://hl7.org/fhir/ValueSet/medication-statement-status, as far as we use it."""

    ACTIVE = "active"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class FlagStatus(StrEnum):
    """http://hl7.org/fhir/ValueSet/flag-status."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ENTERED_IN_ERROR = "entered-in-error"


class ConsentState(StrEnum):
    """http://hl7.org/fhir/ValueSet/consent-state-codes, as far as we use it."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class AbsentReason(StrEnum):
    """http://terminology.hl7.org/CodeSystem/data-absent-reason, as far as we use it."""

    UNKNOWN = "unknown"
    ERROR = "error"
    POSITIVE_INFINITY = "positive-infinity"
    NEGATIVE_INFINITY = "negative-infinity"
