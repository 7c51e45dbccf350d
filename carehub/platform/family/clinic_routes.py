"""The routes of a clinic's part in mandates: a yes in presence, and a guardian's document."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.care.family import Scope
from carehub.platform.access import Actor, refusal, standing
from carehub.platform.accounts import secrets
from carehub.platform.accounts import service as accounts
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.alerts import circle
from carehub.platform.answers import ANSWERS
from carehub.platform.attachments import service as attachments
from carehub.platform.attachments.service import Upload
from carehub.platform.attachments.shelf import BLOCK
from carehub.platform.audit import service as audit
from carehub.platform.consents import agreeing
from carehub.platform.directory import service as directory
from carehub.platform.directory.service import Staff
from carehub.platform.directory.staffed import Staffed as Worker
from carehub.platform.family import reviewing, service
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.clinic import ClinicRow, HandIn, LookUp, Staffed, Verdict
from carehub.wire.family import MandateRow, Mandates

router = APIRouter(prefix="/v1", tags=["clinic"], responses=ANSWERS, dependencies=[Schema])
MANDATE = "/clinic/mandates/{person_id}/{mandate_id}"


@router.get("/clinic/me")
async def me(here: Here, member: Worker) -> Staffed:
    """Tell which clinic's worker or doctor this account is."""
    clinic = await here.db.read(lambda tx: directory.clinic(tx, member.clinic_code))
    name, phone = (clinic.name, clinic.phone) if clinic else ("", "")
    row = ClinicRow(code=member.clinic_code, name=name, phone=phone)
    return Staffed(part=member.part, name=member.name, clinic=row)


@router.post("/clinic/look-up")
async def look_up(asked: LookUp, here: Here, member: Worker, who: Signed) -> Mandates:
    """List what waits for the yes of somebody who stands here, by their login; they see who looked."""
    try:
        key = secrets.login_hash(here.settings, secrets.normal_login(asked.login))
    except Refused:
        return Mandates(mandates=[])

    async def work(tx: AsyncConnection) -> Mandates:
        now = here.clock()
        known = await accounts.find(tx, key)
        people = [] if known is None else list(await accounts.own_people(tx, known.account_id))
        detail = {"clinic": member.clinic_code}
        for person_id in people:
            await audit.note(tx, person_id, who.account_id, "looked_up", detail, now=now)
        return Mandates(mandates=await reviewing.asked_of(tx, people, now))

    return await here.db.write(work)


@router.post(MANDATE + "/confirm")
async def confirm(
    person_id: UUID, mandate_id: UUID, here: Here, member: Worker, who: Signed
) -> MandateRow:
    """Say that the person said yes here, in presence; it is written down who says so."""

    async def work(tx: AsyncConnection) -> MandateRow:
        now = here.clock()
        found = await _mandate(tx, person_id, mandate_id)
        row = await reviewing.confirm_present(tx, found, member.clinic_code, who, now)
        await agreeing.witness(tx, person_id, Purpose.FAMILY_SHARING, who, now)
        return row

    row = await here.db.write(work, again_on_double=True)
    here.bell.ring(person_id, row.account_id)
    return row


@router.post("/people/{person_id}/mandates/{mandate_id}/document")
async def hand_in(
    person_id: UUID, mandate_id: UUID, paper: HandIn, here: Here, who: Signed
) -> MandateRow:
    """Hand in a guardian's document: a whole upload of somebody whose records one may see."""

    async def work(tx: AsyncConnection) -> MandateRow:
        now = here.clock()
        found = await service.mandate(tx, person_id, mandate_id, who.account_id)
        if found["account_id"] != who.account_id:
            raise Refused("not_allowed")
        await _check_paper(tx, paper, who, now)
        code = paper.clinic or await circle.clinic_code(tx, person_id)
        if await directory.clinic(tx, code) is None:
            raise Refused("not_found")
        document = paper.person_id, paper.attachment_id
        return await reviewing.hand_in(tx, found, document, code, now)

    return await here.db.write(work)


@router.get("/clinic/reviews")
async def reviews(here: Here, member: Worker) -> Mandates:
    """List the guardians whose documents wait for this clinic's look."""
    return Mandates(
        mandates=await here.db.read(
            lambda tx: reviewing.reviewed_by(tx, member.clinic_code, here.clock())
        )
    )


@router.get(
    MANDATE + "/document",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The document."}},
)
async def document(
    person_id: UUID, mandate_id: UUID, here: Here, member: Worker, who: Signed
) -> Response:
    """Give the document that waits for this clinic's look; always to be saved, never to be shown."""

    async def work(tx: AsyncConnection) -> tuple[UUID, Upload]:
        found = await _for_review(tx, person_id, mandate_id, member)
        whose = found["document_person_id"]
        await audit.note(tx, person_id, who.account_id, "read_document", {}, now=here.clock())
        return whose, await attachments.get(tx, whose, found["document_id"])

    whose, upload = await here.db.write(work)
    if not upload.whole or not here.shelf.has(whose, upload.sha256, upload.size):
        raise Refused("not_found")
    headers = {
        "Content-Disposition": f'attachment; filename="{upload.id}"',
        "Content-Length": str(upload.size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(
        _bytes(here, whose, upload), headers=headers, media_type="application/octet-stream"
    )


@router.post(MANDATE + "/review")
async def review(
    person_id: UUID, mandate_id: UUID, told: Verdict, here: Here, member: Worker, who: Signed
) -> MandateRow:
    """Say whether a guardian's document does; a refusal says why."""
    if not told.good and not told.reason:
        raise Refused("malformed")

    async def work(tx: AsyncConnection) -> MandateRow:
        found = await _for_review(tx, person_id, mandate_id, member)
        if found["account_id"] == who.account_id:
            raise Refused("not_allowed")
        verdict = reviewing.Finding(told.good, told.reason, who.account_id)
        return await reviewing.review(tx, found, verdict, here.clock())

    row = await here.db.write(work)
    here.bell.ring(person_id, row.account_id)
    return row


async def _mandate(tx: AsyncConnection, person_id: UUID, mandate_id: UUID) -> RowMapping:
    """Return a mandate; to a worker one that does not exist looks like one they have no part in."""
    return await service.mandate(tx, person_id, mandate_id, person_id)


async def _for_review(
    tx: AsyncConnection, person_id: UUID, mandate_id: UUID, member: Staff
) -> RowMapping:
    """Return the mandate of a guardian whose document this clinic was asked to look at."""
    found = await _mandate(tx, person_id, mandate_id)
    mine = found["clinic_code"] == member.clinic_code and found["document_id"] is not None
    if not mine or found["state"] != service.REVIEW:
        raise Refused("not_allowed")
    return found


async def _check_paper(tx: AsyncConnection, paper: HandIn, who: Actor, now: int) -> None:
    found = await standing(tx, paper.person_id, who)
    code = refusal(found, Scope.VIEW, now)
    if code:
        raise Refused(code)
    if not await attachments.whole(tx, paper.person_id, [paper.attachment_id]):
        raise Refused("not_found")


async def _bytes(here: Running, person_id: UUID, upload: Upload) -> AsyncIterator[bytes]:
    for at in range(0, upload.size, BLOCK):
        length = min(BLOCK, upload.size - at)
        yield await asyncio.to_thread(here.shelf.read, person_id, upload.sha256, at, length)
