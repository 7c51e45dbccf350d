"""The sync routes: push, heads, pull, snapshot, digest; and opening a person's stream."""

import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.family import Scope
from carehub.platform.access import require
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.alerts import listening
from carehub.platform.alerts import service as alerts
from carehub.platform.answers import ANSWERS
from carehub.platform.attachments import service as attachments
from carehub.platform.audit import service as audit
from carehub.platform.db import crossed
from carehub.platform.records import opening, pages, seeded, service
from carehub.platform.records.events import events
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.accounts import NewPerson
from carehub.wire.exchange import (
    LATEST,
    MOST_BYTES,
    PAGE,
    Act,
    Body,
    Digest,
    EntityKind,
    Heads,
    Op,
    OpResult,
    Pull,
    PushAnswer,
    PushParcel,
    Snapshot,
    Status,
    op_of,
)

router = APIRouter(prefix="/v1", tags=["records"], responses=ANSWERS, dependencies=[Schema])

MOST_UNPACKED = 4 * 1024 * 1024
"""A push that unpacks to more is refused before it is read."""
Limit = Annotated[int, Query(ge=1, le=PAGE)]
Cursor = Annotated[int, Query(ge=0, le=LATEST)]


@router.post("/people", status_code=201)
async def open_person(asked: NewPerson, here: Here, who: Signed) -> NewPerson:
    """Open the stream of a person whose records are this account's own; again is harmless."""
    await here.db.write(
        lambda tx: opening.open_person(tx, asked.person_id, who, here.clock()),
        again_on_double=True,
    )
    here.bell.ring(who.account_id)
    return asked


@router.post(
    "/sync/push",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/PushRequest"}}
            },
        }
    },
)
async def push(request: Request, here: Here, who: Signed) -> PushAnswer:
    """Take in up to 200 ops (gzip allowed, 256 KiB on the wire) and answer each."""
    parcel = _parcel(await _unpacked(request))
    if parcel.device_id != who.device_id:
        raise Refused("wrong_device")
    ops = [_op(raw) for raw in parcel.ops]
    answers: dict[UUID, list[OpResult]] = {}
    for person_id in dict.fromkeys(op.person_id for op in ops if isinstance(op, Op)):
        mine = [op for op in ops if isinstance(op, Op) and op.person_id == person_id]
        answers[person_id] = await _answered(here, who, person_id, mine)
    results = [answers[op.person_id].pop(0) if isinstance(op, Op) else op for op in ops]
    return PushAnswer(server_time=here.clock(), results=results)


async def _answered(here: Running, who: Signed, person_id: UUID, ops: list[Op]) -> list[OpResult]:
    """Answer one person's ops; where others crossed them again and again, they are to be sent again."""
    try:
        return await _push_one(here, who, person_id, ops)
    except DBAPIError as error:
        if not crossed(error):
            raise
        return [OpResult(op_id=op.op_id, status=Status.RETRY, code="busy") for op in ops]


async def _push_one(here: Running, who: Signed, person_id: UUID, ops: list[Op]) -> list[OpResult]:
    faults = await seeded.draw(here.faults)

    async def work(tx: AsyncConnection) -> service.Pushed:
        now = here.clock()
        await alerts.hold(tx, person_id, alerts.alerts_in(ops))
        pushed = await service.push(tx, person_id, ops, who, now, faults)
        await alerts.arrived(tx, person_id, pushed, now)
        await listening.arrived(tx, person_id, pushed, now)
        return pushed

    pushed = await here.db.write(work, again_on_double=True)
    if pushed.head is not None:
        here.bell.ring(person_id)
    await _drop_files(here, person_id, ops, pushed.results)
    return list(pushed.results)


async def _drop_files(
    here: Running, person_id: UUID, ops: Sequence[Op], results: Sequence[OpResult]
) -> None:
    """Throw away the files of attachments that were just removed."""
    done = {result.op_id for result in results if result.status in (Status.OK, Status.DUPLICATE)}
    gone = [
        op.entity_id
        for op in ops
        if op.kind == EntityKind.ATTACHMENT and op.act is Act.REMOVE and op.op_id in done
    ]
    if gone:
        await here.db.write(lambda tx: attachments.forget(tx, here.shelf, person_id, gone))


@router.get("/sync/heads")
async def heads(here: Here, who: Signed) -> Heads:
    """Tell where each stream stands, and what this account may do there."""
    return await here.db.read(lambda tx: pages.heads(tx, who, here.clock()))


@router.get("/sync/pull")
async def pull(
    here: Here,
    who: Signed,
    person: UUID,
    since: Cursor = 0,
    epoch: Cursor | None = None,
    limit: Limit = PAGE,
) -> Pull:
    """Return the changes after `since`; 410 where the stream was begun anew."""

    async def work(tx: AsyncConnection) -> tuple[bool, Pull]:
        found = await require(tx, Scope.VIEW, person, who, here.clock())
        return found.own, await pages.pull(tx, found, since, epoch, limit, here.clock())

    own, page = await here.db.read(work)
    if not own and page.changes:
        await _note_look(here, who, person)
    return page


@router.get("/sync/snapshot")
async def snapshot(
    here: Here,
    who: Signed,
    person: UUID,
    after: Annotated[str | None, Query(max_length=90)] = None,
    limit: Limit = PAGE,
) -> Snapshot:
    """Return the entities of a person as they stand, a page at a time."""

    async def work(tx: AsyncConnection) -> tuple[bool, Snapshot]:
        found = await require(tx, Scope.VIEW, person, who, here.clock())
        return found.own, await pages.snapshot(tx, found, after, limit, here.clock())

    own, page = await here.db.read(work)
    if not own:
        await _note_look(here, who, person)
    return page


@router.get("/sync/digest")
async def digest(here: Here, who: Signed, person: UUID) -> Digest:
    """Return what a person's entities add up to, to find drift."""

    async def work(tx: AsyncConnection) -> Digest:
        return await pages.digest(tx, await require(tx, Scope.VIEW, person, who, here.clock()))

    return await here.db.read(work)


@router.get("/sync/events", response_class=EventSourceResponse)
async def live(here: Here, who: Signed) -> AsyncIterator[ServerSentEvent]:
    """Tell live (server-sent events) when a stream moves on; ends with the access token's time."""
    async for event in events(here, who):
        yield event


async def _note_look(here: Running, who: Signed, person: UUID) -> None:
    """Write down who looked before the answer leaves."""
    await here.db.write(lambda tx: audit.looked(tx, person, who.account_id, here.clock()))


def _op(raw: Body) -> Op | OpResult:
    """Return the op, or its refusal; one that has not even an id spoils the parcel."""
    op = op_of(raw)
    if op is not None:
        return op
    try:
        op_id = UUID(str(raw.get("op_id")))
    except ValueError as error:
        raise Refused("malformed") from error
    return OpResult(op_id=op_id, status=Status.REJECTED, code="malformed")


def _parcel(raw: bytes) -> PushParcel:
    try:
        return PushParcel.model_validate_json(raw)
    except ValueError as error:
        raise Refused("malformed") from error


async def _unpacked(request: Request) -> bytes:
    """Return the body, unpacked where it is gzip, and never more than is allowed."""
    raw = await request.body()
    if len(raw) > MOST_BYTES:
        raise Refused("too_large")
    if request.headers.get("content-encoding", "identity") != "gzip":
        return raw
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = stream.decompress(raw, MOST_UNPACKED)
    except zlib.error as error:
        raise Refused("malformed") from error
    if stream.unconsumed_tail:
        raise Refused("too_large")
    if not stream.eof:
        raise Refused("malformed")
    return plain
