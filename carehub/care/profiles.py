"""A person described in a line or in JSON, for replays: `age=72,hypertension,insulin`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid5

from carehub.care.alerts.rulebook import Rulebook
from carehub.care.people import (
    Condition,
    ConditionCode,
    Medicine,
    MedicineClass,
    Person,
    Profile,
    Sex,
    Target,
)
from carehub.care.plans import Plan
from carehub.care.readings import Setting, Symptom
from carehub.errors import InputError
from carehub.i18n import _

E = TypeVar("E", bound=StrEnum)

_PERSON = UUID("7d1c6c0e-0d52-5b0e-9a55-6f3f0d7f1e02")
_OLDEST = 130
_DEFAULT_DAY = date(2026, 1, 1)

_CONDITIONS = {
    "htn": "hypertension",
    "高血压": "hypertension",
    "diabetes": "diabetes_type_2",
    "diabetic": "diabetes_type_2",
    "dm": "diabetes_type_2",
    "t2dm": "diabetes_type_2",
    "type2": "diabetes_type_2",
    "type_2_diabetes": "diabetes_type_2",
    "diabetes_2": "diabetes_type_2",
    "糖尿病": "diabetes_type_2",
    "2型糖尿病": "diabetes_type_2",
    "t1dm": "diabetes_type_1",
    "type1": "diabetes_type_1",
    "type_1_diabetes": "diabetes_type_1",
    "1型糖尿病": "diabetes_type_1",
    "chd": "coronary_disease",
    "coronary": "coronary_disease",
    "冠心病": "coronary_disease",
    "脑卒中": "stroke",
    "中风": "stroke",
    "hf": "heart_failure",
    "心衰": "heart_failure",
    "心力衰竭": "heart_failure",
    "af": "atrial_fibrillation",
    "afib": "atrial_fibrillation",
    "房颤": "atrial_fibrillation",
    "ckd": "kidney_disease",
    "肾病": "kidney_disease",
    "copd": "lung_disease",
    "慢阻肺": "lung_disease",
    "dementia": "cognitive_impairment",
    "痴呆": "cognitive_impairment",
    "frail": "frailty",
    "衰弱": "frailty",
}
_MEDICINES = {
    "胰岛素": "insulin",
    "su": "sulfonylurea",
    "sulphonylurea": "sulfonylurea",
    "glimepiride": "sulfonylurea",
    "格列美脲": "sulfonylurea",
    "磺脲": "sulfonylurea",
    "repaglinide": "glinide",
    "瑞格列奈": "glinide",
    "metformin": "glucose_lowering",
    "二甲双胍": "glucose_lowering",
    "降糖药": "glucose_lowering",
    "amlodipine": "antihypertensive",
    "氨氯地平": "antihypertensive",
    "降压药": "antihypertensive",
    "bp_medicine": "antihypertensive",
    "warfarin": "anticoagulant",
    "华法林": "anticoagulant",
}
_SYMPTOMS = {
    "胸痛": "chest_pain",
    "dyspnoea": "breathless",
    "dyspnea": "breathless",
    "shortness_of_breath": "breathless",
    "气短": "breathless",
    "呼吸困难": "breathless",
    "weakness": "weak_side",
    "one_sided_weakness": "weak_side",
    "numb_face": "weak_side",
    "一侧无力": "weak_side",
    "slurred_speech": "speech_trouble",
    "speech": "speech_trouble",
    "说话不清": "speech_trouble",
    "headache": "severe_headache",
    "剧烈头痛": "severe_headache",
    "头很疼": "severe_headache",
    "blurred_vision": "vision_loss",
    "看不清": "vision_loss",
    "看不清东西": "vision_loss",
    "confusion": "confused",
    "意识不清": "confused",
    "抽搐": "seizure",
    "dizzy": "faint",
    "faintness": "faint",
    "头晕": "faint",
    "fall": "fell",
    "跌倒": "fell",
    "blackout": "black_out",
    "眼前发黑": "black_out",
    "晕厥": "syncope",
    "unable_to_swallow": "cannot_swallow",
    "不能吞咽": "cannot_swallow",
    "vomit": "vomiting",
    "呕吐": "vomiting",
    "abdominal_pain": "belly_pain",
    "腹痛": "belly_pain",
    "kussmaul": "deep_breathing",
    "深大呼吸": "deep_breathing",
    "drowsiness": "drowsy",
    "嗜睡": "drowsy",
    "发烧": "fever",
    "发热": "fever",
}
_SEXES = {"f": "female", "m": "male", "女": "female", "男": "male"}
_SETTINGS = {"office": "clinic", "家": "home", "诊室": "clinic"}


@dataclass(frozen=True, slots=True)
class Described:
    """A person as described, with the plan, and what goes for every reading of a replay."""

    profile: Profile
    plan: Plan
    setting: Setting = Setting.HOME
    symptoms: frozenset[Symptom] = frozenset()


@dataclass(slots=True)
class _Draft:
    on: date
    born: date | None = None
    sex: Sex = Sex.UNKNOWN
    conditions: list[ConditionCode] = field(default_factory=list)
    medicines: list[tuple[str, MedicineClass]] = field(default_factory=list)
    limits: dict[str, Decimal] = field(default_factory=dict)
    setting: Setting = Setting.HOME
    symptoms: set[Symptom] = field(default_factory=set)


def parse_profile(text: str, rulebook: Rulebook, on: date = _DEFAULT_DAY) -> Described:
    """Parse JSON, the short form, or `default`; an age is the age on the day `on`.

    JSON keys: born or age, sex, conditions, medicines (words, or objects with class and name),
    target {systolic, diastolic} as the doctor measures it, setting, symptoms. Raises InputError with
    one sentence on a word that is not known.
    """
    draft = _Draft(on)
    told = text.strip()
    if told.startswith("{"):
        for key, value in _json(told).items():
            _put(draft, key, value)
    elif told and told.lower() != "default":
        for word in (part.strip() for part in told.replace("，", ",").split(",")):
            _put_word(draft, word)
    return _finished(draft, rulebook)


def symptom(word: str) -> Symptom:
    """Return the symptom a word means; raises InputError where none is known."""
    found = _known(Symptom, _SYMPTOMS, word)
    if found is None:
        raise _unknown(word)
    return found


def _json(text: str) -> Mapping[str, object]:
    try:
        told = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise InputError(_("The profile is not valid JSON. Mend it and try again.")) from error
    return dict(told)


def _put(draft: _Draft, key: str, value: object) -> None:
    """Take one key of the JSON form, or `key=value` of the short one."""
    word = _plain(key)
    if word == "age":
        draft.born = _born_of_age(value, draft.on)
    elif word in ("born", "birthday"):
        draft.born = _day(value)
    elif word == "target":
        _put_target(draft, value)
    elif word in ("conditions", "condition", "medicines", "medicine", "symptoms", "symptom"):
        _put_many(draft, word.rstrip("s"), value)
    else:
        _put_one(draft, word, value)


def _put_one(draft: _Draft, word: str, value: object) -> None:
    if word == "sex":
        draft.sex = _one(Sex, _SEXES, value)
    elif word == "setting":
        draft.setting = _one(Setting, _SETTINGS, value)
    elif word not in ("name", "id", "called"):
        raise _unknown(word)


def _put_many(draft: _Draft, noun: str, value: object) -> None:
    for item in value if isinstance(value, list) else [value]:
        if noun == "condition":
            draft.conditions.append(_one(ConditionCode, _CONDITIONS, _inner(item, "code")))
        elif noun == "symptom":
            draft.symptoms.add(_one(Symptom, _SYMPTOMS, item))
        else:
            _put_medicine(draft, item)


def _put_medicine(draft: _Draft, item: object) -> None:
    """Take a medicine; one of no class that rules look at is simply another."""
    kind = _inner(item, "class")
    name = str(item.get("name", kind)) if isinstance(item, dict) else str(item)
    known = _known(MedicineClass, _MEDICINES, str(kind))
    if known is None and isinstance(item, dict) and "class" in item:
        raise _unknown(str(kind))
    draft.medicines.append((name, known or MedicineClass.OTHER))


def _inner(item: object, key: str) -> object:
    return item.get(key, item.get("name", "")) if isinstance(item, dict) else item


def _put_target(draft: _Draft, value: object) -> None:
    if isinstance(value, str) and value.count("/") == 1:
        value = dict(zip(("systolic", "diastolic"), value.split("/"), strict=True))
    if not isinstance(value, dict):
        raise _unknown(str(value))
    for axis, limit in value.items():
        if axis not in Target.__dataclass_fields__:
            raise _unknown(str(axis))
        draft.limits[axis] = _number(limit)


def _put_word(draft: _Draft, word: str) -> None:
    key, equals, value = word.partition("=")
    if equals:
        _put(draft, key, value.strip())
    elif (condition := _known(ConditionCode, _CONDITIONS, word)) is not None:
        draft.conditions.append(condition)
    elif (kind := _known(MedicineClass, _MEDICINES, word)) is not None:
        draft.medicines.append((word, kind))
    elif (felt := _known(Symptom, _SYMPTOMS, word)) is not None:
        draft.symptoms.add(felt)
    elif (sex := _known(Sex, _SEXES, word)) is not None:
        draft.sex = sex
    else:
        draft.setting = _one(Setting, _SETTINGS, word)


def _one(kind: type[E], aliases: Mapping[str, str], word: object) -> E:
    found = _known(kind, aliases, str(word))
    if found is None:
        raise _unknown(str(word))
    return found


def _known(kind: type[E], aliases: Mapping[str, str], word: str) -> E | None:
    plain = _plain(word)
    plain = aliases.get(plain, plain)
    return kind(plain) if plain in {member.value for member in kind} else None


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def _unknown(word: str) -> InputError:
    return InputError(
        _("The profile has a word that is not known: {word}. Mend it and try again.").format(
            word=word
        )
    )


def _number(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _unknown(str(value)) from None
    if not number.is_finite() or not 0 < number < 1000:
        raise _unknown(str(value))
    return number


def _born_of_age(value: object, on: date) -> date:
    age = _number(value) if str(value) != "0" else Decimal(0)
    if age > _OLDEST or age != int(age):
        raise _unknown(str(value))
    year = max(on.year - int(age), 1)
    # A birthday on 29 February is kept on the 28th: the age on `on` stays as told.
    return date(year, on.month, min(on.day, 28))


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _unknown(str(value)) from None


def _finished(draft: _Draft, rulebook: Rulebook) -> Described:
    person = Person(_PERSON, name="", born=draft.born, sex=draft.sex)
    profile = Profile(
        person,
        conditions=tuple(
            Condition(uuid5(_PERSON, code), _PERSON, code) for code in _distinct(draft.conditions)
        ),
        medicines=tuple(
            Medicine(uuid5(_PERSON, name), _PERSON, name, medicine_class=kind)
            for name, kind in _distinct(draft.medicines)
        ),
    )
    plan = Plan(rulebook, target=Target(**draft.limits))
    return Described(profile, plan, draft.setting, frozenset(draft.symptoms))


H = TypeVar("H")


def _distinct(items: Iterable[H]) -> list[H]:
    return list(dict.fromkeys(items))
