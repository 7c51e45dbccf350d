"""The routes of attachments: resumable uploads by tus 1.0, and files by the piece.

Core, creation, checksum, termination and expiration. An upload has the id of its attachment, so that
asking for it again, after a lost answer or a restart, finds the same one and says how far it is.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import ClientDisconnect

from carehub.care.family import Scope
from carehub.platform.access import Actor, require
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.attachments import service
from carehub.platform.attachments.service import Bringing, Upload
from carehub.platform.attachments.shelf import BLOCK
from carehub.platform.audit import service as audit
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.attachments import (
    BEGINNINGS,
    MOST_FILE,
    PIECE_TYPE,
    TUS,
    AttachmentBody,
    attachment_of,
    checksum_of,
    metadata_of,
)
from carehub.wire.exchange import LATEST

router = APIRouter(prefix="/v1", tags=["attachments"], responses=ANSWERS, dependencies=[Schema])

UPLOADS = "/people/{person_id}/uploads"
EXTENSIONS = "creation,checksum,termination,expiration"
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
_FILES: dict[str, dict[str, str]] = {kind: {} for kind in BEGINNINGS}
_PIECE = {
    "requestBody": {
        "required": True,
        "content": {PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}

Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, le=LATEST)]
Length = Annotated[int, Header(alias="Upload-Length", ge=1, le=LATEST)]
Metadata = Annotated[str, Header(alias="Upload-Metadata", max_length=2000)]
Checksum = Annotated[str | None, Header(alias="Upload-Checksum", max_length=200)]


def speak_tus(
    asked: Annotated[str | None, Header(alias="Tus-Resumable", max_length=20)] = None,
) -> None:
    """Refuse a client of another version of the protocol."""
    if asked != TUS:
        raise Refused("tus_version")


Tus = Annotated[None, Depends(speak_tus)]


@router.options(UPLOADS, status_code=204, response_class=Response)
async def describe(person_id: UUID, here: Here, who: Signed) -> Response:
    """Tell which parts of the protocol are spoken, and how large a file may be."""
    await _allow(here, person_id, who, Scope.RECORD)
    told = {
        "Tus-Version": TUS,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(MOST_FILE),
        "Tus-Checksum-Algorithm": "sha256",
    }
    return _answer(204, told)


@router.post(UPLOADS, status_code=201, response_class=Response)
async def begin(
    person_id: UUID,
    here: Here,
    who: Signed,
    _tus: Tus,
    length: Length,
    metadata: Metadata,
) -> Response:
    """Begin the upload that `Upload-Metadata` describes (id, sha256, media_type); again is harmless."""
    await _allow(here, person_id, who, Scope.RECORD)
    said = _said(person_id, length, metadata)

    async def work(tx: AsyncConnection) -> Upload:
        await service.expire(tx, here.shelf, here.clock())
        bringing = await _bringing(here, tx, person_id, who)
        return await bringing.begin(said, here.settings.person_bytes)

    upload = await here.db.write(work, again_on_double=True)
    place = {"Location": f"/v1/people/{person_id}/uploads/{upload.id}"}
    return _answer(201, place | _standing(upload))


@router.head(UPLOADS + "/{upload_id}", response_class=Response)
async def look(person_id: UUID, upload_id: UUID, here: Here, who: Signed, _tus: Tus) -> Response:
    """Tell how far an upload is."""

    async def work(tx: AsyncConnection) -> Upload:
        await require(tx, Scope.RECORD, person_id, who, here.clock())
        return await service.get(tx, person_id, upload_id)

    return _answer(200, _standing(await here.db.read(work)))


@router.patch(
    UPLOADS + "/{upload_id}", status_code=204, response_class=Response, openapi_extra=_PIECE
)
async def add(  # noqa: PLR0913 - the protocol's own headers, each by name
    request: Request,
    person_id: UUID,
    upload_id: UUID,
    here: Here,
    who: Signed,
    _tus: Tus,
    offset: Offset,
    checksum: Checksum = None,
) -> Response:
    """Add a piece of at most a megabyte; with `Upload-Checksum` a piece that was altered is refused."""
    await _allow(here, person_id, who, Scope.RECORD)
    piece = await _piece(request, checksum)

    async def work(tx: AsyncConnection) -> Upload:
        bringing = await _bringing(here, tx, person_id, who)
        return await bringing.add(upload_id, offset, piece)

    return _answer(204, _standing(await here.db.write(work)))


@router.delete(UPLOADS + "/{upload_id}", status_code=204, response_class=Response)
async def end(person_id: UUID, upload_id: UUID, here: Here, who: Signed, _tus: Tus) -> Response:
    """Throw away half an upload."""

    async def work(tx: AsyncConnection) -> None:
        await (await _bringing(here, tx, person_id, who)).end(upload_id)

    await here.db.write(work)
    return _answer(204, {})


@router.get(
    "/people/{person_id}/attachments/{attachment_id}",
    response_class=Response,
    responses={
        200: {"content": _FILES, "description": "The file."},
        206: {"content": _FILES, "description": "A part of the file."},
    },
)
async def fetch(
    person_id: UUID,
    attachment_id: UUID,
    here: Here,
    who: Signed,
    wanted: Annotated[str | None, Header(alias="Range", max_length=200)] = None,
) -> Response:
    """Give a file, or the part of it that `Range` asks for; always to be saved, never to be shown."""

    async def work(tx: AsyncConnection) -> tuple[bool, Upload]:
        found = await require(tx, Scope.VIEW, person_id, who, here.clock())
        return found.own, await service.get(tx, person_id, attachment_id)

    own, upload = await here.db.read(work)
    if not upload.whole or not here.shelf.has(person_id, upload.sha256, upload.size):
        raise Refused("not_found")
    start, stop, partial = _part(wanted, upload.size)
    if not own:
        await here.db.write(lambda tx: audit.looked(tx, person_id, who.account_id, here.clock()))
    headers = _file_headers(upload, stop - start)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{upload.size}"
    return StreamingResponse(
        _bytes(here, person_id, upload, start, stop),
        status_code=206 if partial else 200,
        headers=headers,
        media_type=upload.media_type,
    )


async def _allow(here: Running, person_id: UUID, who: Actor, scope: Scope) -> None:
    await here.db.read(lambda tx: require(tx, scope, person_id, who, here.clock()))


async def _bringing(here: Running, tx: AsyncConnection, person_id: UUID, who: Actor) -> Bringing:
    """Return the one who brings files; looked up in the very transaction that writes."""
    now = here.clock()
    found = await require(tx, Scope.RECORD, person_id, who, now)
    return Bringing(tx, here.shelf, found, who.account_id, now)


def _said(person_id: UUID, length: int, metadata: str) -> AttachmentBody:
    """Return what is to come; a name, or anything else that was said besides, is not looked at."""
    try:
        told = metadata_of(metadata)
    except ValueError as error:
        raise Refused("malformed") from error
    if length > MOST_FILE:
        raise Refused("file_too_large")
    if told.get("media_type") not in BEGINNINGS:
        raise Refused("media_type")
    named = {name: told.get(name, "") for name in ("id", "sha256", "media_type")}
    said = attachment_of({**named, "person_id": str(person_id), "size": length})
    if said is None:
        raise Refused("malformed")
    return said


async def _piece(request: Request, checksum: str | None) -> bytes:
    if request.headers.get("content-type") != PIECE_TYPE:
        raise Refused("piece_type")
    try:
        piece = await request.body()
    except ClientDisconnect as error:
        # Nobody is there to read this; what came is sent again from where we stand.
        raise Refused("malformed") from error
    if checksum is not None:
        try:
            digest = checksum_of(checksum)
        except ValueError as error:
            raise Refused("malformed") from error
        if hashlib.sha256(piece).digest() != digest:
            raise Refused("checksum")
    return piece


def _standing(upload: Upload) -> dict[str, str]:
    """Return how an upload stands, as headers."""
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    if not upload.whole:
        expires = datetime.fromtimestamp(upload.expires_at / 1000, UTC)
        headers["Upload-Expires"] = format_datetime(expires, usegmt=True)
    return headers


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": TUS} | headers)


def _file_headers(upload: Upload, length: int) -> dict[str, str]:
    """Return headers under which no browser runs or shows a file."""
    ending = _ENDINGS.get(upload.media_type, "txt")
    return {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{upload.id}.{ending}"',
        "Content-Length": str(length),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{upload.sha256.hex()}"',
        "X-Content-Type-Options": "nosniff",
    }


def _part(wanted: str | None, size: int) -> tuple[int, int, bool]:
    """Return from where to where, and whether that is a part; what is no range asks for everything."""
    found = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if found is None or not (found[1] or found[2]):
        return 0, size, False
    if found[1]:
        start, stop = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
    else:
        start, stop = max(size - int(found[2]), 0), size
    if start >= stop:
        raise Refused("range")
    return start, stop, True


async def _bytes(
    here: Running, person_id: UUID, upload: Upload, start: int, stop: int
) -> AsyncIterator[bytes]:
    for at in range(start, stop, BLOCK):
        length = min(BLOCK, stop - at)
        yield await asyncio.to_thread(here.shelf.read, person_id, upload.sha256, at, length)
