"""What the platform holds of one person, as FHIR resources in an order that pages can rest on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import Allergy, Condition, EmergencyContact, HistoryLine, Medicine, Person
from carehub.care.readings import Kind, Reading
from carehub.platform.fhir.outcomes import BadSearch
from carehub.platform.fhir.search import PAGE
from carehub.platform.records import looking
from carehub.platform.records.looking import Span, Wanted
from carehub.wire import fhir
from carehub.wire.fhir import Resource, alerts, consents, meters, people

Found = tuple[str, Resource]
"""A resource, and the place from which a page can go on with it."""
LINES, READINGS, ORIGINS = "lines", "readings", "origins"
_ORDER = (
    "Patient",
    "RelatedPerson",
    "Condition",
    "AllergyIntolerance",
    "MedicationStatement",
    "Procedure",
    "FamilyMemberHistory",
    "Observation",
    "Consent",
    "Flag",
    "Device",
)
EVERY_STAGE = (LINES, READINGS, ORIGINS)
_STAGES = {"Observation": (READINGS, LINES), "Provenance": (ORIGINS,)}
_KINDS = {
    "85354-9": Kind.BLOOD_PRESSURE,
    "8867-4": Kind.BLOOD_PRESSURE,
    "14743-9": Kind.GLUCOSE,
    "41653-7": Kind.GLUCOSE,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """Which resources of which person, in which order, and from which place on."""

    person_id: UUID
    now: int
    stages: Sequence[str] = EVERY_STAGE
    spans: tuple[tuple[Span, ...], ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)
    newest_first: bool = True
    page: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some resources, and where the next page begins; empty on the last."""

    resources: tuple[Resource, ...]
    next: str = ""


def stages(kind: str, *, dated: bool = False) -> Sequence[str]:
    """Return where resources of a kind can be, in order; `dated` leaves out what has no hour."""
    return (READINGS,) if dated else _STAGES.get(kind, (LINES,))


def kinds(codes: Sequence[str]) -> tuple[Kind, ...]:
    """Return which readings can bear any of these codes; all of them where a code is not ours."""
    if not codes or not all(code in _KINDS for code in codes):
        return tuple(Kind)
    return tuple({_KINDS[code] for code in codes})


async def page(
    tx: AsyncConnection, held: Holding, fits: Callable[[Resource], bool], count: int
) -> Page:
    """Return up to `count` resources that fit, from `held.page` on."""
    found: list[Resource] = []
    async for place, resource in walk(tx, held):
        if not fits(resource):
            continue
        if len(found) == count:
            return Page(tuple(found), place)
        found.append(resource)
    return Page(tuple(found))


async def walk(tx: AsyncConnection, held: Holding) -> AsyncIterator[Found]:
    """Yield every resource of a person from `held.page` on, stage after stage."""
    stage, _, place = held.page.partition(".")
    left = list(held.stages)
    if stage:
        if stage not in left:
            raise BadSearch(PAGE)
        left = left[left.index(stage) :]
    for name in left:
        async for inner, resource in _stage(tx, name, held, place if name == stage else ""):
            yield f"{name}.{inner}", resource


def _stage(tx: AsyncConnection, name: str, held: Holding, place: str) -> AsyncIterator[Found]:
    if name == LINES:
        return _lines(tx, held, place)
    return _observations(tx, held, place) if name == READINGS else _origins(tx, held, place)


async def _lines(tx: AsyncConnection, held: Holding, place: str) -> AsyncIterator[Found]:
    """Yield all that is no reading, by kind and id: what comes or goes meanwhile moves nothing."""
    found = await looking.lines(tx, held.person_id)
    made = [
        *filter(None, map(_resource, found)),
        *consents.consents(one for one in found if isinstance(one, Consent)),
        meters.software(),
        *(_met(*each) for each in await looking.devices(tx, held.person_id)),
    ]
    for name, resource in sorted(((_name(one), one) for one in made), key=lambda pair: pair[0]):
        if name >= place:
            yield name, resource


def _name(resource: Resource) -> str:
    return f"{_ORDER.index(str(resource['resourceType'])):02d}-{resource['id']}"


def _met(device_id: str, kind: Kind) -> Resource:
    """Return a meter as far as the readings name it: the meters themselves stay with the client."""
    return meters.device(Meter(device_id, "", "", "", kind))


@singledispatch
def _resource(_one: object) -> Resource | None:
    return None


_resource.register(Person, people.patient)
_resource.register(EmergencyContact, people.related_person)
_resource.register(Condition, people.condition)
_resource.register(Allergy, people.allergy)
_resource.register(Medicine, people.medication)
_resource.register(HistoryLine, people.history)
_resource.register(Alert, alerts.flag)


async def _observations(tx: AsyncConnection, held: Holding, place: str) -> AsyncIterator[Found]:
    at, _, rest = place.partition(".")
    first, _, skipped = rest.partition(".")
    replaced = await looking.superseded(tx, held.person_id)
    async for (taken, reading_id), reading in looking.readings(
        tx, held.person_id, _from(held, at, first)
    ):
        made = observed(reading, replaced.get(reading.id))
        skip = int(skipped) if skipped.isdecimal() and str(reading_id) == first else 0
        for n, resource in enumerate(made[skip:], start=skip):
            yield f"{taken}.{reading_id}.{n}", resource


def observed(reading: Reading, superseded_by: UUID | None) -> list[Resource]:
    """Return the Observations of a reading; a pretend meter's are marked as test data."""
    made = fhir.observations(reading, superseded_by=superseded_by)
    return [fhir.as_test_data(each) for each in made] if reading.simulated else made


def _from(held: Holding, at: str, first: str) -> Wanted:
    wanted = Wanted(held.spans, held.kinds, held.newest_first)
    if not at:
        return wanted
    try:
        return replace(wanted, start=(int(at[:20]), UUID(first)))
    except ValueError as error:
        raise BadSearch(PAGE) from error


async def _origins(tx: AsyncConnection, held: Holding, place: str) -> AsyncIterator[Found]:
    """Yield where readings came from; each names all of its targets, so all must be looked at."""
    every = looking.readings(tx, held.person_id, Wanted())
    kept = [reading async for _, reading in every if not reading.simulated]
    made = await asyncio.to_thread(lambda: list(fhir.provenances(held.person_id, kept, held.now)))
    for resource in sorted(made, key=lambda one: str(one["id"])):
        if str(resource["id"]) >= place:
            yield str(resource["id"]), resource
