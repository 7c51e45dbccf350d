"""The FHIR addresses: what this service can do, read, search, and everything about a person."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from carehub.platform.access import Actor
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.fhir import asking, search
from carehub.platform.fhir.capability import statement
from carehub.platform.fhir.holding import Holding, Page
from carehub.platform.fhir.outcomes import MEDIA_TYPE, ROOT, answer
from carehub.platform.fhir.search import PAGE, PARAMETERS
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.wire import fhir
from carehub.wire.fhir.elements import element, moment

_RESOURCE: dict[str, Any] = {"type": "object", "required": ["resourceType"]}
_FORM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": _RESOURCE}}}
_DESCRIBED: dict[int | str, dict[str, Any]] = {
    **{status: {"description": "OperationOutcome", **_FORM} for status in ANSWERS},
    200: {"description": "A resource of FHIR R4", **_FORM},
}
_JSON = ("json", "*/*", "application/*")
router = APIRouter(prefix=ROOT, tags=["fhir"], responses=_DESCRIBED)


@router.get("/metadata", response_class=Response)
async def metadata(request: Request) -> Response:
    """Tell what this address can do; nobody needs to be signed in for that."""
    _readable(request)
    return answer(statement(_base(request)))


async def everything(person_id: str, request: Request, here: Here, who: Signed) -> Response:
    """Return all that is held of a person, a page at a time: follow the link `next` to its end."""
    return await _everything(request, here, who, _id(person_id))


async def of_everybody(request: Request, here: Here, who: Signed) -> Response:
    """Return all that is held of everybody the account may see, one person after the other."""
    return await _everything(request, here, who, None)


async def _everything(
    request: Request, here: Running, who: Actor, person_id: UUID | None
) -> Response:
    given, strict = _given(request)
    told = search.known(given, search.EVERYTHING, strict=strict)
    one = dict(told)
    place = asking.Place.of(person_id, one.get(PAGE, ""))
    person = await asking.next_person(here, who, place)
    page = Page(())
    if person is not None:
        zone = await asking.zone_of(here, who, person)
        held = Holding(
            person,
            here.clock(),
            spans=search.period(one, zone),
            newest_first=False,
            page=place.inner,
        )
        kinds = [kind for kind in one.get("_type", "").split(",") if kind]
        page = await asking.everything(here, who, held, kinds, search.count(one))
        page = await asking.go_on(here, who, place, person, page)
    links = {"self": urlencode(told)}
    if page.next:
        links["next"] = urlencode([*(pair for pair in told if pair[0] != PAGE), (PAGE, page.next)])
    return answer(_bundle(request, page, links, here.clock()))


def _reader(kind: str) -> Callable[..., Awaitable[Response]]:
    async def read(resource_id: str, request: Request, here: Here, who: Signed) -> Response:
        _readable(request)
        return answer(await asking.one(here, who, kind, str(_id(resource_id))))

    read.__doc__ = f"Return one {kind} of anybody whose records the account may see."
    return read


def _searcher(kind: str) -> Callable[..., Awaitable[Response]]:
    async def find(request: Request, here: Here, who: Signed) -> Response:
        given, strict = _given(request)
        asked = search.search(kind, given, strict=strict)
        if asked.spans and asked.person_id is not None:
            zone = await asking.zone_of(here, who, asked.person_id)
            asked = search.search(kind, given, strict=strict, zone=zone)
        page, total = await asking.found(here, who, asked)
        links = {"self": asked.link(asked.page)}
        if page.next:
            links["next"] = asked.link(page.next)
        bundle = _bundle(request, page, links, here.clock(), "match")
        return answer(bundle if total is None else {**bundle, "total": total})

    find.__doc__ = f"Search every {kind} that fits, a page at a time: follow the link `next`."
    return find


def _bundle(
    request: Request, page: Page, links: dict[str, str], now: int, mode: str = ""
) -> fhir.Resource:
    """Return a searchset; an OperationOutcome never stands in it, so each entry is a match."""
    base, address = _base(request), _base(request) + request.url.path
    return element(
        resourceType="Bundle",
        type="searchset",
        timestamp=moment(now),
        link=[
            {"relation": name, "url": f"{address}?{query}" if query else address}
            for name, query in links.items()
        ],
        entry=[
            element(
                fullUrl=f"{base}{ROOT}/{one['resourceType']}/{one['id']}",
                resource=one,
                search={"mode": mode} if mode else None,
            )
            for one in page.resources
        ],
    )


def _given(request: Request) -> tuple[Sequence[tuple[str, str]], bool]:
    """Return the parameters in their order, and whether unknown ones are to be refused."""
    _readable(request)
    preferred = ",".join(request.headers.getlist("prefer")).replace(" ", "").lower()
    return list(request.query_params.multi_items()), "handling=strict" in preferred


def _readable(request: Request) -> None:
    """Refuse who can read no JSON."""
    accepted = request.headers.get("accept", "*/*")
    if not any(word in accepted for word in _JSON):
        raise Refused("not_json")


def _id(text: str) -> UUID:
    """Return an id; every id here is a UUID, so another word names nothing."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("not_found") from error


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _told(names: Sequence[str]) -> dict[str, Any]:
    """Describe search parameters for the OpenAPI page; the route reads them itself."""
    text = {"type": "string"}
    return {"parameters": [{"name": name, "in": "query", "schema": text} for name in names]}


def _add(
    path: str, name: str, route: Callable[..., Awaitable[Response]], names: Sequence[str]
) -> None:
    router.add_api_route(
        path,
        route,
        name=name,
        response_class=Response,
        openapi_extra=_told(names) if names else None,
    )


_add("/Patient/$everything", "everything_of_everybody", of_everybody, search.EVERYTHING)
_add("/Patient/{person_id}/$everything", "everything", everything, search.EVERYTHING)
for _kind, _names in PARAMETERS.items():
    _add(f"/{_kind}", f"search_{_kind}", _searcher(_kind), ("_id", "_count", "_format", *_names))
    _add(f"/{_kind}/{{resource_id}}", f"read_{_kind}", _reader(_kind), ())
