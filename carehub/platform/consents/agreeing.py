"""Giving and taking back consent: each is a row in the person's stream, so every device sees it."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.platform.access import Actor, require_own
from carehub.platform.consents import service
from carehub.platform.records import saying
from carehub.platform.records import service as records
from carehub.platform.refusals import Refused
from carehub.wire.exchange import Act, EntityKind, Op, Status
from carehub.wire.family import ConsentRow, GiveConsent, TakeBack


async def give(
    tx: AsyncConnection, person_id: UUID, given: GiveConsent, actor: Actor, now: int
) -> ConsentRow:
    """Keep a consent of the person."""
    row = ConsentRow(**given.model_dump(), by=actor.account_id)
    return await _keep(tx, person_id, row, actor, now)


async def withdraw(
    tx: AsyncConnection, person_id: UUID, consent_id: UUID, actor: Actor, now: int
) -> ConsentRow:
    """Take a consent back by a row of its own; it counts from this moment."""
    await require_own(tx, person_id, actor)
    found = [row for row in await service.rows(tx, person_id) if row.id == consent_id]
    if not found:
        raise Refused("not_found")
    row = found[0].model_copy(update={"id": uuid4(), "withdrawn_at": now, "by": actor.account_id})
    return await _keep(tx, person_id, row, actor, now)


async def take_back(
    tx: AsyncConnection, person_id: UUID, told: TakeBack, actor: Actor, now: int
) -> ConsentRow:
    """Keep a withdrawal a device made, with its own id; whether we heard of the consent or not."""
    await require_own(tx, person_id, actor)
    row = ConsentRow(**told.model_dump(), by=actor.account_id)
    return await _keep(tx, person_id, row, actor, now)


async def ensure(
    tx: AsyncConnection, person_id: UUID, purpose: Purpose, actor: Actor, now: int
) -> None:
    """Give one consent where it is not standing already."""
    rows = [row for row in await service.rows(tx, person_id) if row.purpose == purpose]
    if not rows or rows[-1].withdrawn_at is not None:
        row = GiveConsent(
            id=uuid4(), purpose=purpose, text_version=service.BY_MANDATE, granted_at=now
        )
        await give(tx, person_id, row, actor, now)


async def witness(
    tx: AsyncConnection, person_id: UUID, purpose: Purpose, witness: Actor, now: int
) -> None:
    """Keep a consent that was given in presence of a clinic's worker, where nobody was asked before.

    What the person once took back, the person alone can give again.
    """
    if any(row.purpose == purpose for row in await service.rows(tx, person_id)):
        return
    row = ConsentRow(
        id=uuid4(),
        purpose=purpose,
        text_version=service.BY_MANDATE,
        method="witnessed",
        granted_at=now,
        by=witness.account_id,
    )
    body = row.model_dump(mode="json", exclude={"by"}) | {"person_id": str(person_id)}
    said = [(EntityKind.CONSENT, row.id, body)]
    await saying.say(tx, person_id, said, now, by=witness.account_id)


async def _keep(
    tx: AsyncConnection, person_id: UUID, row: ConsentRow, actor: Actor, now: int
) -> ConsentRow:
    body = row.model_dump(mode="json", exclude={"by"}) | {"person_id": str(person_id)}
    op = Op(
        op_id=uuid4(),
        person_id=person_id,
        kind=EntityKind.CONSENT,
        entity_id=row.id,
        act=Act.ADD,
        at=now,
        body=body,
    )
    (result,) = (await records.push(tx, person_id, [op], actor, now)).results
    if result.status is Status.REJECTED:
        raise Refused("not_allowed")
    return row
