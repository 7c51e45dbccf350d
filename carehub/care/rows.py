"""Readings from the rows of a CSV, for replays.

Columns: `taken_at,systolic,diastolic,pulse` or `taken_at,glucose_mmol,context` (or `glucose_mgdl`),
and where wanted `unit` (mmHg or kPa), `symptoms`, `flags`, `setting`, `posture`. Several symptoms or
flags are parted by a space, ";" or "|". A time without zone is at +08:00. Glucose may be HI or LO.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid5

from carehub.care.civil import MINUTE
from carehub.care.profiles import Described, symptom
from carehub.care.readings import (
    HIGH,
    LOW,
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Source,
    Symptom,
    Unit,
)
from carehub.errors import InputError
from carehub.i18n import _

E = TypeVar("E", bound=StrEnum)

ZONE = 480
_ALIASES = {"sys": "systolic", "dia": "diastolic", "time": "taken_at", "bpm": "pulse"}
_GLUCOSE = {"glucose_mmol": Unit.MMOL_L, "glucose_mgdl": Unit.MG_DL}
_COLUMNS = frozenset(
    {
        "taken_at",
        "systolic",
        "diastolic",
        "pulse",
        "context",
        "unit",
        "symptoms",
        "flags",
        "setting",
        "posture",
        *_GLUCOSE,
    }
)
_CONTEXTS = {
    "after_meal": "after_meal_2h",
    "postprandial": "after_meal_2h",
    "餐后": "after_meal_2h",
    "餐后2小时": "after_meal_2h",
    "空腹": "fasting",
    "餐前": "before_meal",
    "睡前": "bedtime",
    "夜间": "night",
    "随机": "random",
    "unknown": "random",
    "": "random",
}
_FLAGS = {
    "movement": "body_movement",
    "loose_cuff": "cuff_loose",
    "irregular": "irregular_pulse",
    "ihb": "irregular_pulse",
    "position": "bad_position",
    "control": "control_solution",
}
_POSTURES = {"": "sitting", "standing": "standing_1_min"}
_UNITS = {unit.value.lower(): unit for unit in Unit}
_FARTHEST = timedelta(hours=14)


def readings_of(text: str, described: Described) -> list[Reading]:
    """Return the readings of a CSV in file order; each arrives at its own time.

    Raises InputError that names the line of a row that cannot be read.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    readings: list[Reading] = []
    seen: Counter[str] = Counter()
    try:
        _check_columns(reader)
        readings.extend(_reading(_fields(row), described, seen) for row in reader)
    except (_BadRow, csv.Error) as error:
        raise InputError(
            _("Line {line} of the file cannot be read: {what}. Mend it and try again.").format(
                line=reader.line_num, what=str(error) or _("a field is missing")
            )
        ) from error
    return readings


class _BadRow(Exception):
    """A field of a row cannot be used; the message says which."""


def _check_columns(reader: "csv.DictReader[str]") -> None:
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    names = [_ALIASES.get(name, name) for name in names]
    pressure = {"taken_at", "systolic", "diastolic"} <= set(names)
    glucose = "taken_at" in names and bool(set(names) & set(_GLUCOSE))
    unknown = sorted(set(names) - _COLUMNS)
    if unknown or not (pressure or glucose):
        raise InputError(
            _(
                "The first line must name the columns: taken_at,systolic,diastolic,pulse or "
                "taken_at,glucose_mmol,context."
            )
        )
    reader.fieldnames = names


def _fields(row: Mapping[str | None, object]) -> dict[str, str]:
    fields = {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}
    if None in row:
        raise _BadRow(_("too many fields"))
    return fields


def _reading(row: Mapping[str, str], described: Described, seen: Counter[str]) -> Reading:
    taken_at, zone_offset = _time(row.get("taken_at", ""))
    kind, unit, values, text = _values(row)
    content = f"{kind}|{taken_at}|{values}|{text}|{row.get('context', '')}"
    seen[content] += 1
    person_id = described.profile.person.id
    setting = row.get("setting", "")
    return Reading(
        id=_id(person_id, f"{content}|{seen[content]}"),
        person_id=person_id,
        kind=kind,
        taken_at=taken_at,
        unit=unit,
        v1=values[0],
        v2=values[1],
        v3=values[2],
        text=text,
        context=_one(MealContext, _CONTEXTS, row.get("context", "")),
        setting=_one(Setting, {}, setting) if setting else described.setting,
        posture=_one(Posture, _POSTURES, row.get("posture", "")),
        source=Source.IMPORT,
        zone_offset=zone_offset,
        received_at=taken_at,
        flags=frozenset(_one(Flag, _FLAGS, word) for word in _words(row.get("flags", ""))),
        symptoms=described.symptoms | _symptoms(row.get("symptoms", "")),
    )


def _id(person_id: UUID, content: str) -> UUID:
    return uuid5(person_id, content)


Values = tuple[Decimal | None, Decimal | None, Decimal | None]


def _values(row: Mapping[str, str]) -> tuple[Kind, Unit, Values, str]:
    for column, unit in _GLUCOSE.items():
        value = row.get(column, "")
        if value.upper() in (HIGH, LOW):
            return Kind.GLUCOSE, unit, (None, None, None), value.upper()
        if value:
            return Kind.GLUCOSE, unit, (_number(value), None, None), ""
    pulse = row.get("pulse", "")
    unit = _UNITS.get(row.get("unit", "").lower() or "mmhg", Unit.MMOL_L)
    if unit not in (Unit.MMHG, Unit.KPA):
        raise _BadRow(row.get("unit", ""))
    pressures = _number(row.get("systolic", "")), _number(row.get("diastolic", ""))
    return Kind.BLOOD_PRESSURE, unit, (*pressures, _number(pulse) if pulse else None), ""


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _BadRow(text or _("a number is missing")) from None
    if not number.is_finite():
        raise _BadRow(text)
    return number


def _time(text: str) -> tuple[int, int]:
    """Return UTC milliseconds and the zone's minutes east of UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _BadRow(text or _("the time is missing")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=ZONE)))
    offset = moment.utcoffset() or timedelta(0)
    if abs(offset) > _FARTHEST:
        raise _BadRow(text)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1), offset // timedelta(milliseconds=MINUTE)


def _words(text: str) -> list[str]:
    for mark in (";", "|", "；", "、"):
        text = text.replace(mark, " ")
    return text.split()


def _symptoms(text: str) -> frozenset[Symptom]:
    try:
        return frozenset(symptom(word) for word in _words(text))
    except InputError:
        raise _BadRow(text) from None


def _one(kind: type[E], aliases: Mapping[str, str], word: str) -> E:
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")
    plain = aliases.get(plain, plain)
    if plain not in {member.value for member in kind}:
        raise _BadRow(word)
    return kind(plain)
