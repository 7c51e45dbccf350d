"""The small parts FHIR resources are made of: codings, quantities, references, times, texts."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID, uuid5

from carehub.care.civil import DAY, MINUTE, date_of
from carehub.care.readings import Unit
from carehub.wire.fhir import terms

Json: TypeAlias = "str | int | bool | Decimal | Sequence[Json] | Mapping[str, Json]"
Part: TypeAlias = "Json | None"
"""A part of an element that may be missing."""
Element = dict[str, Json]
Resource = dict[str, Json]
"""One resource; numbers are Decimal, so that no digit is lost (`text.written` writes them)."""

OWN = "urn:carehub"
"""Our identifiers, code systems and extensions are `urn:carehub:<noun>`."""
_MADE = UUID("b7a63c1e-7f0d-5a55-9d1c-2f1c9a4de870")
"""The namespace of ids for what has none of its own here; it never changes."""
_FARTHEST_ZONE = 14 * 60
_FIRST_DAY = date.min.toordinal() - date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - date(1970, 1, 1).toordinal()
# FHIR strings hold no control character but tab and line ends; a lone surrogate is no character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def made_id(*words: str) -> UUID:
    """Return the id of something that is known by words (a meter by its serial number)."""
    return uuid5(_MADE, "|".join(words))


def element(**parts: Part) -> Element:
    """Return an element without the parts that are empty, for FHIR has no empty ones."""
    return {name: part for name, part in parts.items() if part not in (None, "", [], {})}


def said(words: str) -> str | None:
    """Return a text as FHIR allows it, or None where nothing is left."""
    return _FORBIDDEN.sub("", words).strip() or None


def own(noun: str) -> str:
    """Return our own URI for a noun."""
    return f"{OWN}:{noun}"


def coding(system: str, code: str, display: str = "") -> Element:
    """Return a coding; LOINC codes know their own name."""
    shown = display or (terms.NAMES.get(code, "") if system == terms.LOINC else "")
    # A FHIR code has no spaces around it and no two together.
    return element(system=system, code=" ".join((said(code) or "-").split()), display=shown)


def concept(*codings: Element, words: str = "") -> Element:
    """Return a CodeableConcept; one that says nothing says that it is not known."""
    whole = element(coding=list(codings), text=said(words))
    return whole or absent(terms.AbsentReason.UNKNOWN)


def absent(reason: terms.AbsentReason) -> Element:
    """Return an element that has no value but tells why."""
    return {"extension": [{"url": terms.ABSENT_BECAUSE, "valueCode": reason.value}]}


def absent_concept(reason: terms.AbsentReason) -> Element:
    """Return why an observation has no value."""
    return concept(coding(terms.DATA_ABSENT, reason.value))


def identifier(noun: str, value: object) -> list[Element]:
    """Return the identifier of one of our nouns, `urn:carehub:<noun>`."""
    return [element(system=own(noun), value=said(str(value)) or "-")]


def reference(kind: str, target: UUID) -> Element:
    """Return a relative reference; `bundle` turns it into what its entries are called."""
    return {"reference": f"{kind}/{target}"}


def quantity(value: Decimal, unit: Unit) -> Element:
    """Return a measured value with its UCUM unit."""
    return {
        "value": value,
        "unit": unit.value,
        "system": terms.UCUM,
        "code": terms.UCUM_CODES[unit],
    }


def extension(noun: str, **value: Part) -> list[Element]:
    """Return one extension of ours in a list, or nothing where it has no value."""
    whole = element(**value)
    return [{"url": own(noun), **whole}] if whole else []


def moment(at: int | None, zone_offset: int = 0) -> str | None:
    """Write UTC milliseconds as a FHIR dateTime or instant; None beyond the years 1 to 9999.

    A zone that FHIR does not know (more than 14 hours) is written as UTC.
    """
    if at is None:
        return None
    offset = zone_offset if abs(zone_offset) <= _FARTHEST_ZONE else 0
    day, rest = divmod(at + offset * MINUTE, DAY)
    if not _FIRST_DAY <= day <= _LAST_DAY:
        return None
    return f"{date_of(day).isoformat()}T{_clock(rest)}{_zone(offset)}"


def year(number: int | None) -> str | None:
    """Write a year as FHIR does, or None where it is none."""
    return None if number is None or not 1 <= number <= date.max.year else f"{number:04d}"


def _clock(rest: int) -> str:
    seconds, fraction = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
    return f"{clock}.{fraction:03d}" if fraction else clock


def _zone(offset: int) -> str:
    if offset == 0:
        return "Z"
    hours, minutes = divmod(abs(offset), 60)
    return f"{'+' if offset > 0 else '-'}{hours:02d}:{minutes:02d}"
