"""A whole record as FHIR: its resources one by one, where each reading came from, and the Bundle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from carehub.care.meters import Meter
from carehub.care.readings import Reading, Source
from carehub.care.record import Record
from carehub.wire.fhir import alerts, consents, meters, people, terms
from carehub.wire.fhir.elements import (
    Element,
    Json,
    Resource,
    absent,
    coding,
    concept,
    element,
    made_id,
    moment,
    own,
    reference,
)
from carehub.wire.fhir.readings import meter_id, observation_ids, observations
from carehub.wire.fhir.text import written

Origin = tuple[Source, str]
"""How readings came in, and by which meter."""


def resources(record: Record, now: int, *, demo: bool = False) -> Iterator[Resource]:
    """Yield every resource of a record, the person first, where it all came from last.

    What a pretend meter sent is left out; in the demo it stays, and all is marked as test data.
    """
    kept = record if demo else record.real()
    for resource in _unmarked(kept, now):
        yield as_test_data(resource) if demo else resource


def as_test_data(resource: Resource) -> Resource:
    """Mark a resource of the demo, so that no reader takes it for a person's."""
    meta = resource.get("meta", {})
    assert isinstance(meta, Mapping)
    security = [coding(terms.ACT_REASON, "HTEST", "test health data")]
    marked = {**meta, "security": security, "tag": [coding(own("tag"), "demo")]}
    return {**resource, "meta": marked}


def bundle(found: Iterable[Resource], now: int, base: str = "") -> Resource:
    """Return a Bundle of type collection; `base` is the service's address, where there is one."""
    return {**_envelope(now), "entry": [_entry(resource, base) for resource in found]}


def bundle_text(found: Iterable[Resource], now: int, base: str = "") -> Iterator[str]:
    """Yield the same Bundle as text, an entry on each line, never whole in memory."""
    yield written(_envelope(now))[:-1] + ',"entry":[\n'
    for number, resource in enumerate(found):
        yield (",\n" if number else "") + written(_entry(resource, base))
    yield "\n]}\n"


def _unmarked(record: Record, now: int) -> Iterator[Resource]:
    profile = record.profile
    yield people.patient(profile.person)
    yield from map(people.related_person, profile.contacts)
    yield from map(people.condition, profile.conditions)
    yield from map(people.allergy, profile.allergies)
    yield from map(people.medication, profile.medicines)
    yield from map(people.history, profile.history)
    yield from consents.consents(record.consents)
    yield meters.software()
    yield from map(meters.device, _met(record))
    superseded = {r.replaces: r.id for r in record.readings if r.replaces is not None}
    for reading in record.readings:
        yield from observations(reading, superseded_by=superseded.get(reading.id))
    yield from map(alerts.flag, record.alerts)
    yield from provenances(profile.person.id, record.readings, now)


def provenances(person_id: UUID, readings: Iterable[Reading], now: int) -> Iterator[Resource]:
    """Yield where a person's readings came from: one Provenance for each source and meter."""
    origins: dict[Origin, list[tuple[Reading, list[Json]]]] = defaultdict(list)
    for reading in readings:
        ids = observation_ids(reading)
        targets: list[Json] = [reference("Observation", one) for one in ids]
        if targets:
            origins[reading.source, reading.device_id].append((reading, targets))
    for origin, came in origins.items():
        yield _provenance(person_id, origin, came, now)


def _met(record: Record) -> list[Meter]:
    """Return the meters of the readings; one that was forgotten is known by its id alone."""
    known = {meter.id: meter for meter in record.meters}
    met = {
        reading.device_id: known.get(reading.device_id)
        or Meter(reading.device_id, "", "", "", reading.kind)
        for reading in record.readings
        if reading.device_id
    }
    return list(met.values())


def _provenance(
    person_id: UUID, origin: Origin, came: list[tuple[Reading, list[Json]]], now: int
) -> Resource:
    """Say of all readings of one origin who or what entered them, and that we put them together."""
    source, device_id = origin
    arrived = [reading.received_at for reading, _ in came if reading.received_at]
    whole = element(
        start=moment(min(arrived, default=None)), end=moment(max(arrived, default=None))
    )
    recorded = moment(now)
    who: Element = {"display": source.value}
    if device_id:
        who = reference("Device", meter_id(device_id))
    role = "performer" if device_id else "enterer"
    return element(
        resourceType="Provenance",
        id=str(made_id("provenance", str(person_id), source.value, device_id)),
        target=[target for _, targets in came for target in targets],
        occurredPeriod=whole,
        recorded=recorded,
        _recorded=None if recorded else absent(terms.AbsentReason.ERROR),
        activity=concept(coding(terms.DATA_OPERATION, "CREATE", "create")),
        agent=[
            {"type": concept(coding(terms.PROVENANCE_AGENT, role)), "who": who},
            {
                "type": concept(coding(terms.PROVENANCE_AGENT, "assembler", "Assembler")),
                "who": reference("Device", meters.SOFTWARE),
            },
        ],
    )


def _envelope(now: int) -> Resource:
    return element(resourceType="Bundle", type="collection", timestamp=moment(now))


def _entry(resource: Resource, base: str) -> Element:
    kind, id_ = str(resource["resourceType"]), str(resource["id"])
    if base:
        return {"fullUrl": f"{base}/{kind}/{id_}", "resource": resource}
    return {"fullUrl": f"urn:uuid:{id_}", "resource": _by_uuid(resource)}


def _by_uuid(value: Json) -> Json:
    """Turn relative references into the names of a bundle's entries: `urn:uuid:…`."""
    if isinstance(value, Mapping):
        return {name: _pointed(name, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_by_uuid(part) for part in value]
    return value


def _pointed(name: str, part: Json) -> Json:
    if name == "reference" and isinstance(part, str):
        return f"urn:uuid:{part.rpartition('/')[2]}"
    return _by_uuid(part)
