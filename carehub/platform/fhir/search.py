"""What a FHIR search asks for: its parameters, checked, and what of them a resource must match."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import urlencode
from uuid import UUID

from carehub.platform.fhir.outcomes import BadSearch
from carehub.platform.records.looking import Span
from carehub.wire.fhir import Json, Resource

USUAL_COUNT = 50
MOST_COUNT = 500
LONGEST = 500
"""The most signs one parameter may have."""
PAGE = "_page"
"""Our own parameter, in the links we give alone: where the next page begins."""
_TOKENS = {
    "code": ("code", "medicationCodeableConcept"),
    "category": ("category",),
    "status": ("status",),
    "clinical-status": ("clinicalStatus",),
    "identifier": ("identifier",),
    "gender": ("gender",),
}
"""Which elements a token parameter looks at."""
_OF_A_PERSON = ("patient", "subject")
_EVERYWHERE = ("_id", "_count", "_format", PAGE)
PARAMETERS: dict[str, tuple[str, ...]] = {
    "Patient": ("identifier", "name", "gender"),
    "Observation": (*_OF_A_PERSON, "code", "category", "status", "date", "_sort"),
    "AllergyIntolerance": ("patient", "code", "clinical-status"),
    "Condition": (*_OF_A_PERSON, "code", "category", "clinical-status"),
    "MedicationStatement": (*_OF_A_PERSON, "code", "status"),
    "RelatedPerson": ("patient",),
    "Procedure": (*_OF_A_PERSON, "code", "status"),
    "FamilyMemberHistory": ("patient", "status"),
    "Consent": ("patient", "category", "status"),
    "Flag": (*_OF_A_PERSON, "status"),
    "Device": ("patient",),
    "Provenance": ("patient", "target"),
}
"""What each kind of resource can be searched by, beside what counts everywhere."""
EVERYTHING = ("start", "end", "_type", "_count", "_format", PAGE)
_DATE = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?"
    r"(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_JSON = frozenset({"json", "application/json", "application/fhir+json", "text/json"})


@dataclass(frozen=True, slots=True)
class Token:
    """A code, with its system where one was given; an empty system means none at all."""

    code: str
    system: str | None = None

    def fits(self, system: str, code: str) -> bool:
        """Tell whether this is the code meant."""
        return self.code in ("", code) and self.system in (None, system)


@dataclass(frozen=True, slots=True)
class Search:
    """A checked search for one kind of resource; `told` are the parameters that were understood."""

    kind: str
    told: tuple[tuple[str, str], ...]
    person_id: UUID | None = None
    tokens: tuple[tuple[str, tuple[Token, ...]], ...] = ()
    spans: tuple[tuple[Span, ...], ...] = ()
    ids: frozenset[str] | None = None
    target: str = ""
    name: str = ""
    count: int = USUAL_COUNT
    newest_first: bool = True
    page: str = ""

    def matches(self, resource: Resource) -> bool:
        """Tell whether a resource is one of those asked for, by all but its time."""
        if resource["resourceType"] != self.kind:
            return False
        if self.ids is not None and resource["id"] not in self.ids:
            return False
        if not all(_has(resource, name, wanted) for name, wanted in self.tokens):
            return False
        return _named(resource, self.name) and _about(resource, self.target)

    def link(self, page: str) -> str:
        """Return the query that leads to this page of the same search."""
        told = [(name, value) for name, value in self.told if name != PAGE]
        return urlencode([*told, (PAGE, page)] if page else told)


def search(kind: str, given: Sequence[tuple[str, str]], *, strict: bool, zone: int = 0) -> Search:
    """Return the checked search for `kind`; `zone` (minutes) counts for dates that name none.

    A parameter nobody knows is left out, or refused where the client asked for strict handling. One
    with a modifier is always refused: to leave it out would widen what was asked.
    """
    told = known(given, (*PARAMETERS[kind], *_EVERYWHERE), strict=strict)
    one = dict(told)
    people = {_person(name, value) for name, value in told if name in _OF_A_PERSON}
    if kind != "Patient" and len(people) != 1:
        raise BadSearch("patient", "search_person")
    return Search(
        kind,
        told,
        person_id=next(iter(people), None),
        tokens=tuple((n, tuple(map(_token, _each(v)))) for n, v in told if n in _TOKENS),
        spans=tuple(spans(n, v, zone) for n, v in told if n == "date"),
        ids=frozenset(_each(one["_id"])) if "_id" in one else None,
        target=one.get("target", "").rpartition("/")[2],
        name=one.get("name", "").casefold(),
        count=count(one),
        newest_first=_newest_first(one.get("_sort", "-date"), strict=strict),
        page=one.get(PAGE, ""),
    )


def known(
    given: Sequence[tuple[str, str]], names: Sequence[str], *, strict: bool
) -> tuple[tuple[str, str], ...]:
    """Return the parameters that are understood; refuses what must not be passed over."""
    for name, value in given:
        plain, _, modifier = name.partition(":")
        if plain in names and (modifier or not value or len(value) > LONGEST or "\0" in value):
            raise BadSearch(plain)
        if plain not in names and (strict or name == "_filter"):
            raise BadSearch("parameter", "search_unknown")
    told = tuple((name, value) for name, value in given if name in names)
    for name, value in told:
        if name == "_format" and value.replace(" ", "+") not in _JSON:
            raise BadSearch(name, "not_json")
    return told


def count(one: Mapping[str, str]) -> int:
    """Return how many to give at most; 0 asks for their number alone."""
    word = one.get("_count", str(USUAL_COUNT))
    if not word.isascii() or not word.isdigit():
        raise BadSearch("_count")
    return min(int(word[:9]), MOST_COUNT)


def period(one: Mapping[str, str], zone: int) -> tuple[tuple[Span, ...], ...]:
    """Return the times between `start` and `end`, both included, of which either may be missing."""
    given = [(name, prefix) for name, prefix in (("start", "ge"), ("end", "le")) if name in one]
    return tuple(spans(name, prefix + one[name], zone) for name, prefix in given)


def spans(name: str, value: str, zone: int) -> tuple[Span, ...]:
    """Return the times a date parameter means, any of which is enough."""
    return tuple(_span(name, each, zone) for each in _each(value))


def _span(name: str, value: str, zone: int) -> Span:
    found = _DATE.fullmatch(value.replace(" ", "+"))
    if found is None:
        raise BadSearch(name)
    try:
        low, high = _bounds(found, zone)
    except (ValueError, OverflowError) as error:
        raise BadSearch(name) from error
    match found[1]:
        case "gt" | "sa":
            return Span(since=high)
        case "ge":
            return Span(since=low)
        case "lt" | "eb":
            return Span(until=low)
        case "le":
            return Span(until=high)
        case word:
            return Span(low, high, outside=word == "ne")


def _bounds(found: re.Match[str], zone: int) -> tuple[int, int]:
    """Return the first millisecond of a date and the first after it, as exactly as it was given."""
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(2, 8))
    start = datetime(
        year, month or 1, day or 1, hour, minute, second, tzinfo=_zone(found[8] or "", zone)
    )
    if found[7]:
        end = start + timedelta(seconds=1)
    elif found[5]:
        end = start + timedelta(minutes=1)
    elif found[4]:
        end = start + timedelta(days=1)
    else:
        later = date(year + (not month or month == 12), month % 12 + 1 if month else 1, 1)
        end = datetime(later.year, later.month, 1, tzinfo=start.tzinfo)
    return _ms(start), _ms(end)


def _zone(word: str, zone: int) -> timezone:
    if word == "Z":
        return UTC
    if word:
        sign = -1 if word[0] == "-" else 1
        zone = sign * (int(word[1:3]) * 60 + int(word[4:6]))
    return timezone(timedelta(minutes=zone))


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _newest_first(sort: str, *, strict: bool) -> bool:
    if strict and sort not in ("date", "-date"):
        raise BadSearch("_sort")
    return sort != "date"


def _person(name: str, value: str) -> UUID:
    try:
        return UUID(value.rpartition("Patient/")[2])
    except ValueError as error:
        raise BadSearch(name) from error


def _each(value: str) -> list[str]:
    return [part for part in value.split(",") if part]


def _token(value: str) -> Token:
    system, bar, code = value.rpartition("|")
    return Token(code, system if bar else None)


def _has(resource: Resource, name: str, wanted: Sequence[Token]) -> bool:
    told = [pair for element in _TOKENS[name] for pair in _codes(resource.get(element, ""))]
    return any(token.fits(*pair) for token in wanted for pair in told)


def _codes(part: Json) -> Iterator[tuple[str, str]]:
    """Yield system and code of a code, Coding, CodeableConcept or Identifier, or of several."""
    match part:
        case str():
            yield "", part
        case {"coding": [*codings]}:
            for each in codings:
                yield from _codes(each)
        case {"code": str(code)} | {"value": str(code)}:
            system = part.get("system", "") if isinstance(part, Mapping) else ""
            yield str(system), code
        case [*several]:
            for each in several:
                yield from _codes(each)


def _named(resource: Resource, name: str) -> bool:
    if not name:
        return True
    names = resource.get("name", [])
    assert isinstance(names, list)
    return any(str(each.get("text", "")).casefold().startswith(name) for each in names)


def _about(resource: Resource, target: str) -> bool:
    if not target:
        return True
    targets = resource["target"]
    assert isinstance(targets, list)
    return any(str(each["reference"]).rpartition("/")[2] == target for each in targets)
