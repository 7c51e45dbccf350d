"""Words for the codes of care: conditions, sexes, meals and levels, as people say them."""

from carehub.care.people import ConditionCode, HistoryKind, MedicineClass, Sex
from carehub.care.readings import Kind, MealContext
from carehub.i18n import N_

CONDITIONS: dict[ConditionCode, str] = {
    ConditionCode.HYPERTENSION: N_("High blood pressure"),
    ConditionCode.DIABETES_TYPE_1: N_("Diabetes, type 1"),
    ConditionCode.DIABETES_TYPE_2: N_("Diabetes, type 2"),
    ConditionCode.CORONARY_DISEASE: N_("Coronary heart disease"),
    ConditionCode.STROKE: N_("Stroke"),
    ConditionCode.HEART_FAILURE: N_("Heart failure"),
    ConditionCode.ATRIAL_FIBRILLATION: N_("Atrial fibrillation"),
    ConditionCode.KIDNEY_DISEASE: N_("Kidney disease"),
    ConditionCode.LUNG_DISEASE: N_("Lung disease"),
    ConditionCode.COGNITIVE_IMPAIRMENT: N_("Failing memory"),
    ConditionCode.FRAILTY: N_("Frailty"),
    ConditionCode.OTHER: N_("Other"),
}

MEDICINE_CLASSES: dict[MedicineClass, str] = {
    MedicineClass.ANTIHYPERTENSIVE: N_("For blood pressure"),
    MedicineClass.INSULIN: N_("Insulin"),
    MedicineClass.SULFONYLUREA: N_("Sulfonylurea (gli-)"),
    MedicineClass.GLINIDE: N_("Glinide (-glinide)"),
    MedicineClass.GLUCOSE_LOWERING: N_("Other for glucose"),
    MedicineClass.ANTICOAGULANT: N_("Blood thinner"),
    MedicineClass.ANTIEPILEPTIC: N_("For epilepsy"),
    MedicineClass.OTHER: N_("Other"),
}

HISTORY_KINDS: dict[HistoryKind, str] = {
    HistoryKind.SURGERY: N_("Operation"),
    HistoryKind.ILLNESS: N_("Earlier illness"),
    HistoryKind.FAMILY: N_("In the family"),
    HistoryKind.LIVING: N_("Habits"),
}
"""What a person may tell; the statements that there is none are made by the first run."""

SEXES: dict[Sex, str] = {
    Sex.FEMALE: N_("Woman"),
    Sex.MALE: N_("Man"),
    Sex.UNKNOWN: N_("Not said"),
}

MEALS: dict[MealContext, str] = {
    MealContext.FASTING: N_("Fasting"),
    MealContext.BEFORE_MEAL: N_("Before a meal"),
    MealContext.AFTER_MEAL: N_("2 hours after a meal"),
    MealContext.BEDTIME: N_("At bedtime"),
    MealContext.NIGHT: N_("At night"),
    MealContext.RANDOM: N_("Any time"),
}

KINDS: dict[Kind, str] = {
    Kind.BLOOD_PRESSURE: N_("Blood pressure"),
    Kind.GLUCOSE: N_("Glucose"),
}

LEVELS: dict[int, str] = {
    0: N_("Information"),
    1: N_("Notice"),
    2: N_("Attention"),
    3: N_("Urgent"),
    4: N_("Emergency"),
}
"""By `care.alerts.Level`, which is an int; the rules are not loaded for a word."""
