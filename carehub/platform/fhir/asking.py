"""One question of another system: passed through the gate, noted, answered from one moment's rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.family import Scope
from carehub.platform.access import Actor, refusal, require, standing
from carehub.platform.accounts import tables as accounts
from carehub.platform.audit import service as audit
from carehub.platform.fhir import holding
from carehub.platform.fhir.holding import Holding, Page
from carehub.platform.fhir.outcomes import BadSearch
from carehub.platform.fhir.search import PAGE, USUAL_COUNT, Search
from carehub.platform.records import looking
from carehub.platform.refusals import Refused
from carehub.platform.running import Running
from carehub.wire import fhir
from carehub.wire.fhir import Resource, people

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of everything begins: one person alone, or one of all, and a place in theirs."""

    person_id: UUID | None
    alone: bool
    inner: str = ""

    @classmethod
    def of(cls, person_id: UUID | None, page: str) -> "Place":
        """Return the place that a link named; a person asked for alone is never left for another."""
        if person_id is not None:
            return cls(person_id, alone=True, inner=page)
        if not page:
            return cls(None, alone=False)
        named, _, inner = page.partition("~")
        try:
            return cls(UUID(named), alone=False, inner=inner)
        except ValueError as error:
            raise BadSearch(PAGE) from error


async def found(here: Running, who: Actor, asked: Search) -> tuple[Page, int | None]:
    """Return a page of a search and, where no page was asked for, how many there are."""
    if asked.kind == "Patient":
        return await _patients(here, who, asked)
    assert asked.person_id is not None
    held = Holding(
        asked.person_id,
        here.clock(),
        holding.stages(asked.kind, dated=bool(asked.spans)),
        asked.spans,
        holding.kinds(_codes(asked)),
        asked.newest_first,
        asked.page,
    )
    if asked.count:
        return await _looked(
            here, who, held, lambda tx: holding.page(tx, held, asked.matches, asked.count)
        ), None
    return Page(()), await _looked(here, who, held, lambda tx: _counted(tx, held, asked))


async def everything(
    here: Running, who: Actor, held: Holding, kinds: Sequence[str], count: int
) -> Page:
    """Return a page of all that is held of a person; `kinds` leaves others out."""

    def fits(resource: Resource) -> bool:
        return not kinds or resource["resourceType"] in kinds

    return await _looked(
        here, who, held, lambda tx: holding.page(tx, held, fits, count or USUAL_COUNT)
    )


async def next_person(here: Running, who: Actor, place: Place) -> UUID | None:
    """Return whose turn it is, or None where the account may see nobody (any more)."""
    if place.alone:
        return place.person_id
    people_seen = [p for p, _ in await here.db.read(lambda tx: seen(tx, who, here.clock()))]
    left = [p for p in people_seen if place.person_id is None or p >= place.person_id]
    return left[0] if left else None


async def go_on(here: Running, who: Actor, place: Place, person_id: UUID, page: Page) -> Page:
    """Return the page with the place of the next, which may be the next person's first."""
    if place.alone:
        return page
    if page.next:
        return replace(page, next=f"{person_id}~{page.next}")
    everybody = [p for p, _ in await here.db.read(lambda tx: seen(tx, who, here.clock()))]
    later = [p for p in everybody if p > person_id]
    return replace(page, next=f"{later[0]}~" if later else "")


async def one(here: Running, who: Actor, kind: str, resource_id: str) -> Resource:
    """Return one resource of anybody the account may see; refuses what is not there."""

    async def work(tx: AsyncConnection) -> tuple[UUID, bool, Resource]:
        for person_id, own in await seen(tx, who, here.clock()):
            resource = await _one(tx, Holding(person_id, here.clock()), kind, resource_id)
            if resource is not None:
                return person_id, own, resource
        raise Refused("not_found")

    person_id, own, resource = await here.db.read(work)
    await _note(here, who, person_id, own=own)
    return resource


async def zone_of(here: Running, who: Actor, person_id: UUID) -> int:
    """Return the person's zone in minutes: a date without one is meant where they live."""

    async def work(tx: AsyncConnection) -> int:
        await require(tx, Scope.VIEW, person_id, who, here.clock())
        known = await looking.person(tx, person_id)
        return 0 if known is None else known.zone_offset

    return await here.db.read(work)


async def seen(tx: AsyncConnection, who: Actor, now: int) -> list[tuple[UUID, bool]]:
    """Return the people whose records the account may see now, and whether they are its own."""
    row = accounts.account_person
    mine = await tx.execute(
        select(row.c.person_id).where(row.c.account_id == who.account_id).order_by(row.c.person_id)
    )
    stands = [await standing(tx, person_id, who) for person_id in list(mine.scalars())]
    return [(each.person_id, each.own) for each in stands if not refusal(each, Scope.VIEW, now)]


async def _patients(here: Running, who: Actor, asked: Search) -> tuple[Page, int | None]:
    async def work(tx: AsyncConnection) -> list[tuple[UUID, bool, Resource]]:
        rows = []
        for person_id, own in await seen(tx, who, here.clock()):
            known = await looking.person(tx, person_id)
            if known is not None and asked.matches(resource := people.patient(known)):
                rows.append((person_id, own, resource))
        return rows

    rows = await here.db.read(work)
    left = [row for row in rows if str(row[0]) >= asked.page]
    shown = left[: asked.count]
    for person_id, own, _ in shown:
        await _note(here, who, person_id, own=own)
    more = str(left[asked.count][0]) if asked.count and len(left) > asked.count else ""
    return Page(tuple(row[2] for row in shown), more), len(rows)


async def _looked(
    here: Running, who: Actor, held: Holding, look: Callable[[AsyncConnection], Awaitable[T]]
) -> T:
    """Let a look pass where it is allowed, and write down who looked before the answer leaves."""

    async def work(tx: AsyncConnection) -> tuple[bool, T]:
        allowed = await require(tx, Scope.VIEW, held.person_id, who, held.now)
        return allowed.own, await look(tx)

    own, seen = await here.db.read(work)
    await _note(here, who, held.person_id, own=own)
    return seen


async def _note(here: Running, who: Actor, person_id: UUID, *, own: bool) -> None:
    if not own:
        await here.db.write(lambda tx: audit.looked(tx, person_id, who.account_id, here.clock()))


async def _counted(tx: AsyncConnection, held: Holding, asked: Search) -> int:
    return len([one async for _, one in holding.walk(tx, held) if asked.matches(one)])


async def _one(tx: AsyncConnection, held: Holding, kind: str, resource_id: str) -> Resource | None:
    if kind == "Patient" and resource_id != str(held.person_id):
        return None
    if kind == "Observation" and (found := await _observation(tx, held, resource_id)) is not None:
        return found
    lines = Holding(
        held.person_id, held.now, [s for s in holding.stages(kind) if s != holding.READINGS]
    )
    page = await holding.page(
        tx, lines, lambda one: (one["resourceType"], one["id"]) == (kind, resource_id), 1
    )
    return page.resources[0] if page.resources else None


async def _observation(tx: AsyncConnection, held: Holding, resource_id: str) -> Resource | None:
    """Return the Observation of this id; that of a pulse is made from the id of its reading."""
    for reading_id in await looking.ids(tx, held.person_id):
        if resource_id not in (str(reading_id), str(fhir.pulse_id(reading_id))):
            continue
        reading = await looking.reading(tx, held.person_id, reading_id)
        if reading is None:
            return None
        replaced = await looking.superseded(tx, held.person_id)
        made = holding.observed(reading, replaced.get(reading_id))
        return next((each for each in made if each["id"] == resource_id), None)
    return None


def _codes(asked: Search) -> list[str]:
    return [token.code for name, tokens in asked.tokens if name == "code" for token in tokens]
