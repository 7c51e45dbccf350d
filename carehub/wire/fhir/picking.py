"""Picks values out of others' FHIR JSON: anything may be missing, of another type, or not meant so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from carehub.care.civil import DAY, day_of, start_of_day
from carehub.care.readings import TimeQuality, Unit
from carehub.wire.fhir import terms

E = TypeVar("E", bound=StrEnum)

UNITS = {code: unit for unit, code in terms.UCUM_CODES.items()} | {
    "mmHg": Unit.MMHG,
    "mm Hg": Unit.MMHG,
    "mmol/l": Unit.MMOL_L,
    "mg/dl": Unit.MG_DL,
}
_PER_MINUTE = frozenset({terms.PER_MINUTE, "{Beats}/min", "{beats}/min", "beats/minute", "bpm"})
_LARGEST_EXPONENT = 6
_MOST_PLACES = 6
"""What the archive keeps exactly: a millionth; a value as large as a million is no measurement."""
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?", re.ASCII)


class Reason(StrEnum):
    """Why something of a document did not become a reading."""

    NO_OBSERVATION = "not_an_observation"
    ANOTHER_KIND = "another_kind_of_observation"
    ANOTHER_PERSON = "of_another_person"
    SEVERAL_PEOPLE = "of_several_people"
    STATUS = "status_not_final"
    MODIFIED = "modified_in_a_way_not_understood"
    NO_TIME = "no_time"
    NO_VALUE = "no_value"
    NO_NUMBER = "no_usable_number"
    BOUND = "a_bound_and_no_value"
    UNIT = "unit_not_understood"
    PULSE_ALONE = "pulse_without_pressure"


class Unfit(Exception):
    """An Observation does not fit a reading; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Taken:
    """When an Observation was made; a day alone counts as its noon, and says nothing of the hour."""

    at: int
    zone_offset: int
    quality: TimeQuality


def mapped(value: object) -> Mapping[str, object]:
    """Return an object, or an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list, or nothing."""
    if isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, Mapping))


def word(value: object) -> str:
    """Return a text, or an empty one where there is none."""
    return value if isinstance(value, str) else ""


def one_of(kind: type[E], value: object) -> E | None:
    """Return the member of an enum that a word names, or None."""
    return next((member for member in kind if member.value == value), None)


def id_in(value: object) -> UUID | None:
    """Return the UUID a text is, or that a reference ends with, or None."""
    try:
        return UUID(word(value).rpartition("/")[2].removeprefix("urn:uuid:"))
    except ValueError:
        return None


def codes(concept: object, system: str) -> list[str]:
    """Return the codes of one system in a CodeableConcept."""
    codings = listed(mapped(concept).get("coding"))
    return [word(each.get("code")) for each in codings if each.get("system") == system]


def extended(holder: Mapping[str, object], url: str) -> Mapping[str, object]:
    """Return the extension of this URL, or an empty one."""
    found = (each for each in listed(holder.get("extension")) if each.get("url") == url)
    return next(found, {})


def measured(holder: Mapping[str, object], name: str = "valueQuantity") -> tuple[Decimal, Unit]:
    """Return value and unit of a Quantity; raises Unfit."""
    whole = _quantity(holder, name)
    unit = UNITS.get(_unit(whole))
    if unit is None:
        raise Unfit(Reason.UNIT)
    return _number(whole), unit


def per_minute(holder: Mapping[str, object]) -> Decimal:
    """Return a rate per minute; raises Unfit."""
    whole = _quantity(holder, "valueQuantity")
    if _unit(whole) not in _PER_MINUTE:
        raise Unfit(Reason.UNIT)
    return _number(whole)


def taken(observation: Mapping[str, object], zone_offset: int) -> Taken:
    """Return when it was made; `zone_offset` is meant where only a day is told. Raises Unfit."""
    period = mapped(observation.get("effectivePeriod"))
    told = (observation.get("effectiveDateTime"), observation.get("effectiveInstant"))
    text = next((word(each) for each in (*told, period.get("start")) if word(each)), "")
    if not _DATE_TIME.fullmatch(text):
        raise Unfit(Reason.NO_TIME)
    try:
        return _moment(text, zone_offset)
    except ValueError:
        raise Unfit(Reason.NO_TIME) from None


def _moment(text: str, zone_offset: int) -> Taken:
    if "T" not in text:
        noon = start_of_day(day_of(date.fromisoformat(text)), zone_offset) + DAY // 2
        return Taken(noon, zone_offset, TimeQuality.NONE)
    moment = datetime.fromisoformat(text)
    offset = moment.utcoffset() or timedelta()
    since = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC) - offset
    zone = int(offset.total_seconds()) // 60
    return Taken(since // timedelta(milliseconds=1), zone, TimeQuality.OK)


def _quantity(holder: Mapping[str, object], name: str) -> Mapping[str, object]:
    whole = mapped(holder.get(name))
    if whole.get("value") is None:
        raise Unfit(Reason.NO_VALUE)
    if whole.get("comparator") is not None:
        raise Unfit(Reason.BOUND)
    return whole


def _unit(whole: Mapping[str, object]) -> str:
    return word(whole.get("code")) or word(whole.get("unit"))


def _number(whole: Mapping[str, object]) -> Decimal:
    value = whole["value"]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unfit(Reason.NO_NUMBER)
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        raise Unfit(Reason.NO_NUMBER)
    if number.adjusted() < -_MOST_PLACES - 1 or number != round(number, _MOST_PLACES):
        raise Unfit(Reason.NO_NUMBER)
    return number
