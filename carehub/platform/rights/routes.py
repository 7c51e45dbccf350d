"""The routes of a person's rights: a copy of everything, and erasing it with a receipt."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.rights import copies, erasing
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.rights import AskCopy, Copies, CopyRow, ErasureRow, Erasures

router = APIRouter(prefix="/v1", tags=["rights"], responses=ANSWERS, dependencies=[Schema])

PATIENCE = 5.0
"""Seconds for which a request waits for its erasure to end; after that it goes on by itself."""
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "The ZIP", "content": {"application/zip": {}}}
}


@router.post("/people/{person_id}/copies", status_code=202)
async def ask_copy(person_id: UUID, asked: AskCopy, here: Here, who: Signed) -> CopyRow:
    """Begin a copy of everything; it is made beside, ask again how far it is."""
    await here.db.write(lambda tx: copies.sweep(tx, here.clock()))
    copy_id = await here.db.write(lambda tx: copies.ask(tx, person_id, asked, who, here.clock()))
    here.jobs.start(copies.make(here, person_id, copy_id))
    return await here.db.read(lambda tx: copies.one(tx, person_id, copy_id, who, here))


@router.get("/people/{person_id}/copies")
async def of_person(person_id: UUID, here: Here, who: Signed) -> Copies:
    """List the copies this account asked for; a ready one has its link for a day."""
    rows = await here.db.read(lambda tx: copies.of_person(tx, person_id, who, here))
    for row in rows:
        if row.state in copies.OPEN:  # whoever made it may have been stopped
            here.jobs.start(copies.make(here, person_id, row.id))
    return Copies(copies=rows)


@router.delete("/people/{person_id}/copies/{copy_id}")
async def cancel(person_id: UUID, copy_id: UUID, here: Here, who: Signed) -> CopyRow:
    """Give a copy up; its link is over with this answer."""
    return await here.db.write(lambda tx: copies.cancel(tx, person_id, copy_id, who, here))


@router.get("/copies/{token}", response_class=StreamingResponse, responses=_ZIP)
async def fetch(token: str, here: Here) -> StreamingResponse:
    """Give the ZIP to whoever has the link; each fetching is in the person's audit."""
    size, content = await copies.pieces(here, token)
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": 'attachment; filename="carehub-record.zip"',
    }
    return StreamingResponse(content, headers=headers, media_type="application/zip")


@router.post("/people/{person_id}/erasures", status_code=202)
async def erase(person_id: UUID, here: Here, who: Signed) -> ErasureRow:
    """Erase everything of a person here; sharing and mandates end with this request."""
    row = await here.db.write(lambda tx: erasing.ask(tx, person_id, who, here.clock()))
    here.bell.ring(person_id)
    work = here.jobs.start(erasing.finish(here, person_id, row.id))
    await asyncio.wait({work}, timeout=PATIENCE)
    rows = await here.db.read(lambda tx: erasing.of_person(tx, person_id, who))
    return next(each for each in rows if each.id == row.id)


@router.get("/people/{person_id}/erasures")
async def erasures(person_id: UUID, here: Here, who: Signed) -> Erasures:
    """List the erasures with their receipts."""
    rows = await here.db.read(lambda tx: erasing.of_person(tx, person_id, who))
    return Erasures(erasures=rows)


async def resume(here: Running) -> None:
    """Go on with what a stop of the service left undone."""
    await here.db.write(lambda tx: copies.sweep(tx, here.clock()))
    for person_id, copy_id in await here.db.read(copies.unfinished):
        here.jobs.start(copies.make(here, person_id, copy_id))
    for person_id, erasure_id in await here.db.read(erasing.unfinished):
        here.jobs.start(erasing.finish(here, person_id, erasure_id))
