"""FHIR Observations as readings: what fits comes in, everything else is left with a reason.

Others' records are taken as they are: a unit, a code or a status that is not understood is never
guessed at. Blood pressure, with the pulse that belongs to it, and glucose are understood.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Source,
    Symptom,
    TimeQuality,
    Unit,
)
from carehub.care.units import convert
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import made_id, own
from carehub.wire.fhir.picking import (
    Reason,
    Unfit,
    codes,
    extended,
    id_in,
    listed,
    mapped,
    measured,
    one_of,
    per_minute,
    taken,
    word,
)
from carehub.wire.fhir.readings import OFF_SCALE

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
Values = dict[str, object]

_USABLE = frozenset(
    {
        terms.ObservationStatus.FINAL,
        terms.ObservationStatus.AMENDED,
        terms.ObservationStatus.CORRECTED,
        terms.ObservationStatus.ENTERED_IN_ERROR,
    }
)
_PRESSURES = frozenset({Unit.MMHG, Unit.KPA})
_MEALS = {code: context for context, code in terms.MEAL_CODES.items()} | {
    terms.CASUAL: MealContext.RANDOM
}


@dataclass(frozen=True, slots=True)
class Left:
    """What did not come in: which entry, and why."""

    where: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Arrived:
    """The readings a document holds, and what it holds beside them."""

    readings: tuple[Reading, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One resource and every name by which others may refer to it."""

    where: str
    names: frozenset[str]
    body: Mapping[str, object] = field(repr=False)

    @property
    def kind(self) -> str:
        return word(self.body.get("resourceType"))

    def codes(self) -> set[str]:
        return set(codes(self.body.get("code"), terms.LOINC))

    def refers(self, name: str) -> Iterator[str]:
        yield from (word(each.get("reference")) for each in listed(self.body.get(name)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What the entries of one document refer to, and for whom and where they are read."""

    person_id: UUID
    zone_offset: int
    now: int
    pulses: Mapping[str, _Entry]
    meters: Mapping[str, str]
    ids: Mapping[str, UUID]


def read(
    document: Mapping[str, object],
    person_id: UUID,
    *,
    zone_offset: int,
    now: int,
    subject: str = "",
) -> Arrived:
    """Read a Bundle or a single Observation as readings of one person.

    A document about several people is refused whole unless `subject` names whose to take, as its
    references do (`Patient/…`). `zone_offset` counts where only a day is told. The same document
    gives the same readings with the same ids. Whether numbers can be true is asked by who adds them.
    """
    entries = list(_entries(document))
    others = [each for each in entries if each.kind != "Observation"]
    mine, strangers = _of_subject([e for e in entries if e.kind == "Observation"], subject)
    around = _Around(
        person_id,
        zone_offset,
        now,
        pulses=_pulses(mine),
        meters={name: id_ for each in others for name, id_ in _meter(each)},
        ids={name: _id(each) for each in mine for name in each.names},
    )
    readings, left = _sorted_out(mine, around)
    not_ours = [Left(each.where, Reason.NO_OBSERVATION) for each in others]
    return Arrived(tuple(readings), (*left, *strangers, *not_ours))


def _sorted_out(entries: Iterable[_Entry], around: _Around) -> tuple[list[Reading], list[Left]]:
    readings: list[Reading] = []
    left: list[Left] = []
    for entry in entries:
        if terms.PULSE in entry.codes() and around.pulses.keys() & entry.names:
            continue
        try:
            readings.append(_reading(entry, around))
        except Unfit as unfit:
            left.append(Left(entry.where, unfit.reason))
    return readings, left


def _entries(document: Mapping[str, object]) -> Iterator[_Entry]:
    if document.get("resourceType") != "Bundle":
        yield _entry(document, "", 1)
        return
    for number, each in enumerate(listed(document.get("entry")), 1):
        yield _entry(mapped(each.get("resource")), word(each.get("fullUrl")), number)


def _entry(body: Mapping[str, object], url: str, number: int) -> _Entry:
    kind, id_ = word(body.get("resourceType")), word(body.get("id"))
    where = f"{kind or '?'}/{id_}" if id_ else f"entry {number}"
    names = {url, f"{kind}/{id_}" if id_ else "", f"urn:uuid:{id_}" if id_ else ""}
    return _Entry(where, frozenset(names - {""}), body)


def _of_subject(entries: list[_Entry], subject: str) -> tuple[list[_Entry], list[Left]]:
    """Return the Observations of one person; none where it is not clear whose they are."""
    told = [word(mapped(each.body.get("subject")).get("reference")) for each in entries]
    clear = bool(subject) or len(set(told)) <= 1
    reason = Reason.ANOTHER_PERSON if clear else Reason.SEVERAL_PEOPLE
    mine, left = [], []
    for each, whose in zip(entries, told, strict=True):
        if clear and (whose == subject or not subject):
            mine.append(each)
        else:
            left.append(Left(each.where, reason))
    return mine, left


def _pulses(entries: Iterable[_Entry]) -> dict[str, _Entry]:
    """Return the pulses that belong to a panel, by the panel's names and by their own."""
    kept = list(entries)
    rates = {name: each for each in kept if terms.PULSE in each.codes() for name in each.names}
    panels = {name: each for each in kept if _is_panel(each) for name in each.names}
    pairs = [
        *(
            (panel, rates.get(name))
            for panel in panels.values()
            for name in panel.refers("hasMember")
        ),
        *(
            (panels.get(name), rate)
            for rate in rates.values()
            for name in rate.refers("derivedFrom")
        ),
    ]
    found: dict[str, _Entry] = {}
    for panel, rate in pairs:
        if panel is not None and rate is not None:
            found |= dict.fromkeys(panel.names | rate.names, rate)
    return found


def _is_panel(entry: _Entry) -> bool:
    return bool(entry.codes() & terms.PANEL_CODES)


def _meter(entry: _Entry) -> Iterator[tuple[str, str]]:
    for each in listed(entry.body.get("identifier")):
        if entry.kind == "Device" and each.get("system") == own("meter"):
            yield from ((name, word(each.get("value"))) for name in entry.names)


def _id(entry: _Entry) -> UUID:
    """Return the reading's own id where it was ours once, else one made of what others call it."""
    for each in listed(entry.body.get("identifier")):
        value = word(each.get("value"))
        if each.get("system") == own("reading") and (ours := id_in(value)) is not None:
            return ours
        if value:
            return made_id("observation", word(each.get("system")), value)
    return made_id("observation", *sorted(entry.names or {repr(sorted(entry.body.items()))}))


def _reading(entry: _Entry, around: _Around) -> Reading:
    body = entry.body
    if body.get("modifierExtension") or body.get("implicitRules"):
        raise Unfit(Reason.MODIFIED)
    kind, values = _values(entry, around)
    status = one_of(terms.ObservationStatus, body.get("status"))
    if status not in _USABLE:
        raise Unfit(Reason.STATUS)
    when = taken(body, around.zone_offset)
    told = one_of(TimeQuality, _own(body, "time-quality", "valueCode"))
    superseded = bool(_own(body, "superseded-by", "valueReference"))
    return Reading(
        id=_id(entry),
        person_id=around.person_id,
        kind=kind,
        taken_at=when.at,
        zone_offset=when.zone_offset,
        time_quality=told or when.quality,
        received_at=around.now,
        voided=status is terms.ObservationStatus.ENTERED_IN_ERROR and not superseded,
        **values,  # type: ignore[arg-type]  # fields of Reading by name, made below
        **_circumstances(body, around),  # type: ignore[arg-type]  # the same
    )


def _values(entry: _Entry, around: _Around) -> tuple[Kind, Values]:
    found = entry.codes()
    if _is_panel(entry):
        return Kind.BLOOD_PRESSURE, _pressure(entry, around)
    if found & terms.GLUCOSE_CODES.keys():
        return Kind.GLUCOSE, _glucose(entry)
    raise Unfit(Reason.PULSE_ALONE if terms.PULSE in found else Reason.ANOTHER_KIND)


def _pressure(entry: _Entry, around: _Around) -> Values:
    parts = {code: _component(entry.body, code) for code in (terms.SYSTOLIC, terms.DIASTOLIC)}
    systolic, unit = _pressed(parts[terms.SYSTOLIC])
    diastolic, same = _pressed(parts[terms.DIASTOLIC])
    if unit is not same or unit not in _PRESSURES:
        raise Unfit(Reason.UNIT)
    mean = _lenient(lambda: _pressed(_component(entry.body, terms.MEAN)))
    return {
        "unit": unit,
        "v1": systolic,
        "v2": diastolic,
        "v3": _rate(entry, around),
        "mean": mean[0] if mean is not None and mean[1] is unit else None,
    }


def _pressed(component: Mapping[str, object]) -> tuple[Decimal, Unit]:
    """Return a pressure as it was measured, where we wrote that beside it and nobody changed it."""
    original = _lenient(lambda: measured(extended(component, own("as-measured"))))
    if original is not None and original[1] in _PRESSURES:
        told = mapped(component.get("valueQuantity")).get("value")
        if told == convert(*original, Unit.MMHG):
            return original
    return measured(component)


def _rate(entry: _Entry, around: _Around) -> Decimal | None:
    rate = next((around.pulses[name] for name in entry.names if name in around.pulses), None)
    if rate is None or rate.body.get("status") != entry.body.get("status"):
        return None
    return _lenient(lambda: per_minute(rate.body))


def _glucose(entry: _Entry) -> Values:
    usual = next(unit for code, unit in terms.GLUCOSE_CODES.items() if code in entry.codes())
    meal = _component(entry.body, terms.MEAL, terms.MDC).get("valueCodeableConcept")
    context = {"context": _meal(meal)}
    for text, (sign, _name, _reason) in OFF_SCALE.items():
        signs = [
            codes(each, terms.INTERPRETATION) for each in listed(entry.body.get("interpretation"))
        ]
        if "valueQuantity" not in entry.body and [sign] in signs:
            return {"unit": usual, "v1": None, "text": text, **context}
    value, unit = measured(entry.body)
    if unit in _PRESSURES:
        raise Unfit(Reason.UNIT)
    return {"unit": unit, "v1": value, **context}


def _meal(told: object) -> MealContext:
    mine = (one_of(MealContext, code) for code in codes(told, own("meal-context")))
    known = (_MEALS.get(code) for code in codes(told, terms.MDC))
    return next((each for each in (*mine, *known) if each is not None), MealContext.RANDOM)


def _circumstances(body: Mapping[str, object], around: _Around) -> Values:
    """Return how, by whom and with what it was measured."""
    posture = extended(body, terms.BODY_POSITION).get("valueCodeableConcept")
    held = (one_of(Posture, code) for code in codes(posture, own("posture")))
    device = word(mapped(body.get("device")).get("reference"))
    old = word(mapped(extended(body, terms.REPLACES).get("valueReference")).get("reference"))
    notes = (word(each.get("text")) for each in listed(body.get("note")))
    security = listed(mapped(body.get("meta")).get("security"))
    return {
        "posture": next((each for each in held if each is not None), Posture.SITTING),
        "source": one_of(Source, _own(body, "source", "valueCode")) or Source.IMPORT,
        "setting": one_of(Setting, _own(body, "setting", "valueCode")) or Setting.HOME,
        "device_taken_at": word(_own(body, "device-time", "valueString")),
        "flags": _marks(body, "flag", Flag),
        "symptoms": _marks(body, "symptom", Symptom),
        "device_id": around.meters.get(device, ""),
        "replaces": around.ids.get(old) or id_in(old),
        "note": "\n".join(filter(None, notes)),
        # Test data is never a person's: it stays marked, as what a pretend meter sends.
        "simulated": any(each.get("code") == "HTEST" for each in security),
    }


def _own(body: Mapping[str, object], noun: str, name: str) -> object:
    return extended(body, own(noun)).get(name)


def _component(
    body: Mapping[str, object], code: str, system: str = terms.LOINC
) -> Mapping[str, object]:
    parts = listed(body.get("component"))
    return next((each for each in parts if code in codes(each.get("code"), system)), {})


def _marks(body: Mapping[str, object], noun: str, kind: type[E]) -> frozenset[E]:
    true = [each for each in listed(body.get("component")) if each.get("valueBoolean") is True]
    found = (one_of(kind, code) for each in true for code in codes(each.get("code"), own(noun)))
    return frozenset(each for each in found if each is not None)


def _lenient(pick: Callable[[], T]) -> T | None:
    """Return what is beside the main values, or None where it does not fit."""
    try:
        return pick()
    except Unfit:
        return None
