"""The routes of family: invitations, mandates, and their ends."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.platform.accounts import secrets
from carehub.platform.accounts import service as accounts
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.consents import agreeing
from carehub.platform.family import reviewing, service
from carehub.platform.refusals import Refused
from carehub.platform.running import Here
from carehub.platform.schema_range import Schema
from carehub.wire.family import (
    Accept,
    Asked,
    AskFor,
    Confirm,
    Invitation,
    Invite,
    MandateRow,
    Mandates,
)

router = APIRouter(prefix="/v1", tags=["family"], responses=ANSWERS, dependencies=[Schema])


@router.post("/people/{person_id}/invitations", status_code=201)
async def invite(person_id: UUID, asked: Invite, here: Here, who: Signed) -> Invitation:
    """Make a code that lets somebody ask for a mandate; the person's own act."""
    code, now = secrets.new_code(service.CODE_LENGTH), here.clock()
    key = secrets.code_hash(here.settings, code)
    invitation_id = await here.db.write(
        lambda tx: service.invite(tx, person_id, asked, who, key, now)
    )
    return Invitation(
        id=invitation_id, person_id=person_id, code=code, expires_at=now + service.CODE_LASTS
    )


@router.post("/mandates/accept", status_code=201)
async def accept(asked: Accept, here: Here, who: Signed) -> MandateRow:
    """Answer an invitation; the person still confirms on their own screen."""
    key = secrets.code_hash(here.settings, secrets.plain_code(asked.code))

    async def work(tx: AsyncConnection) -> MandateRow:
        now = here.clock()
        person_id, mandate_id = await service.accept(tx, key, who, now, asked.name)
        if asked.alerts:
            await reviewing.keep_word(tx, person_id, (True, asked.alerts), who, now)
        return await service.row_of(tx, person_id, mandate_id, here.clock())

    row = await here.db.write(work)
    here.bell.ring(row.person_id)
    return row


@router.post("/mandates/ask", status_code=202)
async def ask(asked: AskFor, here: Here, who: Signed) -> Asked:
    """Ask from afar by somebody's login; the answer never tells whether there is such an account."""
    agreed = service.terms(asked.role, (), asked.relation, asked.days, asked.name)
    try:
        login = secrets.normal_login(asked.login)
    except Refused:
        return Asked()
    key = secrets.login_hash(here.settings, login)

    async def work(tx: AsyncConnection) -> list[UUID]:
        known = await accounts.find(tx, key)
        people = [] if known is None else list(await accounts.own_people(tx, known.account_id))
        for person_id in people:
            mandate_id = await service.ask(tx, person_id, agreed, who, here.clock())
            if mandate_id is not None and asked.alerts:
                word = True, asked.alerts
                await reviewing.keep_word(tx, person_id, word, who, here.clock())
        return people

    here.bell.ring(*await here.db.write(work))
    return Asked()


@router.get("/mandates")
async def mine(here: Here, who: Signed) -> Mandates:
    """List the mandates this account holds, held or asked for."""
    return Mandates(
        mandates=await here.db.read(lambda tx: service.of_account(tx, who, here.clock()))
    )


@router.get("/people/{person_id}/mandates")
async def of_person(person_id: UUID, here: Here, who: Signed) -> Mandates:
    """List who holds, held or asked for a mandate; the person's own act."""
    return Mandates(
        mandates=await here.db.read(lambda tx: service.of_person(tx, person_id, who, here.clock()))
    )


@router.post("/people/{person_id}/mandates/{mandate_id}/confirm")
async def confirm(
    person_id: UUID, mandate_id: UUID, asked: Confirm, here: Here, who: Signed
) -> MandateRow:
    """Say yes to a mandate, which is consent to family sharing as well; the person's own act."""

    async def work(tx: AsyncConnection) -> MandateRow:
        now = here.clock()
        row = await service.confirm(tx, person_id, mandate_id, asked.how, who, now)
        await agreeing.ensure(tx, person_id, Purpose.FAMILY_SHARING, who, now)
        return row

    row = await here.db.write(work)
    here.bell.ring(person_id, row.account_id)
    return row


@router.post("/people/{person_id}/mandates/{mandate_id}/decline")
async def decline(person_id: UUID, mandate_id: UUID, here: Here, who: Signed) -> MandateRow:
    """Say no to a mandate; the person's own act."""
    return await here.db.write(
        lambda tx: service.decline(tx, person_id, mandate_id, who, here.clock())
    )


@router.delete("/people/{person_id}/mandates/{mandate_id}")
async def revoke(person_id: UUID, mandate_id: UUID, here: Here, who: Signed) -> MandateRow:
    """Take a mandate back, or give one's own up; it ends at once."""
    row = await here.db.write(
        lambda tx: service.revoke(tx, person_id, mandate_id, who, here.clock())
    )
    here.bell.ring(person_id, row.account_id)
    return row
