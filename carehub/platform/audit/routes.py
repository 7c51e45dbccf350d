"""The routes of audit: the person reads who did what, and who looked (谁看过我的档案)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import require_own
from carehub.platform.accounts import service as accounts
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.audit import service
from carehub.platform.running import Here
from carehub.platform.schema_range import Schema
from carehub.wire.exchange import LATEST
from carehub.wire.family import Audit, AuditRow, Looks

router = APIRouter(
    prefix="/v1/people/{person_id}", tags=["audit"], responses=ANSWERS, dependencies=[Schema]
)
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/audit")
async def of_person(
    person_id: UUID,
    here: Here,
    who: Signed,
    after: Annotated[int, Query(ge=0, le=LATEST)] = 0,
    limit: Limit = 100,
) -> Audit:
    """Return a page of the chain, oldest first."""

    async def work(tx: AsyncConnection) -> Audit:
        await require_own(tx, person_id, who)
        rows = await _named(tx, await service.rows(tx, person_id, after, limit))
        return Audit(rows=rows, next=rows[-1].n if len(rows) == limit else None)

    return await here.db.read(work)


@router.get("/looks")
async def looks(person_id: UUID, here: Here, who: Signed, limit: Limit = 100) -> Looks:
    """Return who looked, the newest first."""

    async def work(tx: AsyncConnection) -> Looks:
        await require_own(tx, person_id, who)
        return Looks(rows=await _named(tx, await service.looks(tx, person_id, limit)))

    return await here.db.read(work)


async def _named(tx: AsyncConnection, rows: list[AuditRow]) -> list[AuditRow]:
    """Add how each actor's account is shown."""
    actors = {row.actor for row in rows if row.actor is not None}
    names = {actor: await accounts.shown(tx, actor) for actor in actors}
    return [
        row if row.actor is None else row.model_copy(update={"who": names[row.actor]})
        for row in rows
    ]
