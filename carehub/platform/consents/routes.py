"""The routes of consents: the person's own, to read, to give, to take back."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import require_own
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.consents import agreeing, service
from carehub.platform.running import Here
from carehub.platform.schema_range import Schema
from carehub.wire.family import ConsentRow, Consents, GiveConsent, TakeBack

router = APIRouter(
    prefix="/v1/people/{person_id}/consents",
    tags=["consents"],
    responses=ANSWERS,
    dependencies=[Schema],
)


@router.get("")
async def of_person(person_id: UUID, here: Here, who: Signed) -> Consents:
    """List what was agreed to and taken back."""

    async def work(tx: AsyncConnection) -> Consents:
        await require_own(tx, person_id, who)
        return Consents(consents=await service.rows(tx, person_id))

    return await here.db.read(work)


@router.post("", status_code=201)
async def give(person_id: UUID, given: GiveConsent, here: Here, who: Signed) -> ConsentRow:
    """Agree to one purpose; nothing is agreed by another."""
    row = await here.db.write(
        lambda tx: agreeing.give(tx, person_id, given, who, here.clock()), again_on_double=True
    )
    here.bell.ring(person_id)
    return row


@router.post("/withdraw")
async def take_back(person_id: UUID, told: TakeBack, here: Here, who: Signed) -> ConsentRow:
    """Take a consent back by a row of the device's own; again is harmless, and it counts from now."""
    row = await here.db.write(
        lambda tx: agreeing.take_back(tx, person_id, told, who, here.clock()), again_on_double=True
    )
    here.bell.ring(person_id)
    return row


@router.post("/{consent_id}/withdraw")
async def withdraw(person_id: UUID, consent_id: UUID, here: Here, who: Signed) -> ConsentRow:
    """Take one consent back; what it allowed stops with this answer."""
    row = await here.db.write(
        lambda tx: agreeing.withdraw(tx, person_id, consent_id, who, here.clock())
    )
    here.bell.ring(person_id)
    return row
