"""Whom a person has to be told: carers in their order, each with an own consent, and a clinic."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.care.escalation import Carer, Circle
from carehub.platform.access import Actor, mandates_of, require_own
from carehub.platform.alerts import tables
from carehub.platform.audit import service as audit
from carehub.platform.consents import agreeing
from carehub.platform.consents import service as consents
from carehub.platform.directory import service as directory
from carehub.platform.family import service as family
from carehub.platform.records import saying
from carehub.platform.refusals import Refused


async def of(tx: AsyncConnection, person_id: UUID) -> Circle:
    """Return whom a person has, whether or not each may be told now."""
    given = await consents.rows(tx, person_id)
    closed = (Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)
    shared = not any(consents.withdrawn(given, purpose) for purpose in closed)
    code = await clinic_code(tx, person_id)
    clinic = await directory.clinic(tx, code) if code else None
    doctors = shared and not consents.withdrawn(given, Purpose.DOCTOR_SHARING)
    return Circle(
        owner=await saying.owner(tx, person_id),
        carers=tuple(await _carers(tx, person_id)),
        shared=shared,
        clinic=clinic.name if clinic is not None and doctors else "",
    )


async def _carers(tx: AsyncConnection, person_id: UUID) -> list[Carer]:
    agreed = await family.agreements(tx, person_id)
    found = []
    for account_id, name in await in_order(tx, person_id):
        mandates = await mandates_of(tx, person_id, account_id)
        found.append(Carer(account_id, name, mandates, agreed.get(account_id, False)))
    return found


async def in_order(tx: AsyncConnection, person_id: UUID) -> list[tuple[UUID, str]]:
    """Return the accounts that hold a mandate: as the person ordered them, then the oldest first."""
    holders = await family.holders(tx, person_id)
    row = tables.circle
    chosen = (await tx.execute(select(row.c.carers).where(row.c.person_id == person_id))).scalar()
    rank = {str(account): n for n, account in enumerate(chosen or [])}
    return sorted(holders, key=lambda holder: rank.get(str(holder[0]), len(rank)))


async def order(
    tx: AsyncConnection, person_id: UUID, carers: Sequence[UUID], actor: Actor, now: int
) -> None:
    """Keep in which order the person wants their relatives told; the person's own act."""
    await require_own(tx, person_id, actor)
    await _put(tx, person_id, carers=[str(each) for each in dict.fromkeys(carers)])
    await audit.note(tx, person_id, actor.account_id, "ordered_carers", {}, now=now)


async def choose_clinic(
    tx: AsyncConnection, person_id: UUID, code: str, actor: Actor, now: int
) -> None:
    """Keep which clinic may be asked for help, which is consent to share with it; empty is none."""
    await require_own(tx, person_id, actor)
    if code:
        if await directory.clinic(tx, code) is None:
            raise Refused("not_found")
        await agreeing.ensure(tx, person_id, Purpose.DOCTOR_SHARING, actor, now)
    await _put(tx, person_id, clinic_code=code)
    await audit.note(tx, person_id, actor.account_id, "chose_clinic", {"clinic": code}, now=now)


async def clinic_code(tx: AsyncConnection, person_id: UUID) -> str:
    """Return the code of the clinic the person chose, or an empty text."""
    row = tables.circle
    found = await tx.execute(select(row.c.clinic_code).where(row.c.person_id == person_id))
    return str(found.scalar() or "")


async def people_of(tx: AsyncConnection, code: str) -> set[UUID]:
    """Return the people who chose a clinic."""
    row = tables.circle
    return set(
        (await tx.execute(select(row.c.person_id).where(row.c.clinic_code == code))).scalars()
    )


async def _put(tx: AsyncConnection, person_id: UUID, **chosen: object) -> None:
    row = tables.circle
    known = await tx.execute(select(row.c.person_id).where(row.c.person_id == person_id))
    if known.first() is None:
        await tx.execute(
            insert(row).values({"person_id": person_id, "carers": [], "clinic_code": ""} | chosen)
        )
    else:
        await tx.execute(update(row).where(row.c.person_id == person_id).values(**chosen))
