"""A clinic's part in mandates, and a relative's own word on being told of alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.family import How, Role, Scope
from carehub.platform.access import ACTIVE, Actor, require
from carehub.platform.audit import service as audit
from carehub.platform.family import service, tables
from carehub.platform.records import saying
from carehub.platform.refusals import Refused
from carehub.wire.family import MandateRow


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found of a guardian's document; `by` None is the operator."""

    good: bool
    reason: str = ""
    by: UUID | None = None


async def review(tx: AsyncConnection, found: RowMapping, told: Finding, now: int) -> MandateRow:
    """Let a guardian's mandate come into force, or refuse it; only one that waits for a review."""
    if found["state"] != service.REVIEW or found["revoked_at"] is not None:
        raise Refused("not_now")
    verdict = {"reviewer_id": told.by, "reviewed_at": now, "reason": told.reason}
    state = ACTIVE if told.good else service.DECLINED
    await service.change(tx, found, state=state, how=How.GUARDIAN, from_at=now, **verdict)
    await service.tell(tx, found, told.by, "reviewed", now)
    return await service.row_of(tx, found["person_id"], found["id"], now)


async def confirm_present(
    tx: AsyncConnection, found: RowMapping, clinic_code: str, actor: Actor, now: int
) -> MandateRow:
    """Note that the person said yes in presence of a clinic's worker, who may not be a party to it."""
    person_id, mandate_id = found["person_id"], found["id"]
    parties = (found["account_id"], await saying.owner(tx, person_id))
    if actor.account_id in parties:
        raise Refused("not_allowed")
    if found["state"] != service.ASKED or found["until_at"] <= now:
        raise Refused("not_now")
    lasts = found["until_at"] - found["granted_at"]
    term = {"granted_at": now, "from_at": now, "until_at": now + lasts}
    state = service.REVIEW if found["role"] == Role.GUARDIAN else ACTIVE
    witness = {"clinic_code": clinic_code, "witness_id": actor.account_id}
    await service.change(tx, found, state=state, how=How.WITNESSED, **term, **witness)
    await service.tell(tx, found, actor.account_id, "confirmed_at_clinic", now)
    return await service.row_of(tx, person_id, mandate_id, now)


async def hand_in(
    tx: AsyncConnection, found: RowMapping, document: tuple[UUID, UUID], clinic_code: str, now: int
) -> MandateRow:
    """Keep which attachment (of whose) shows that somebody is a guardian, and who is to look at it."""
    if found["role"] != Role.GUARDIAN or found["state"] not in (service.ASKED, service.REVIEW):
        raise Refused("not_now")
    where = {"document_person_id": document[0], "document_id": document[1]}
    await service.change(tx, found, **where, clinic_code=clinic_code)
    await service.tell(tx, found, found["account_id"], "handed_in", now)
    return await service.row_of(tx, found["person_id"], found["id"], now)


async def asked_of(tx: AsyncConnection, people: Iterable[UUID], now: int) -> list[MandateRow]:
    """Return what waits for the yes of one of these people."""
    row = tables.mandate
    found = await tx.execute(
        select(row)
        .where(
            row.c.person_id.in_(list(people)),
            row.c.state == service.ASKED,
            row.c.until_at > now,
            row.c.revoked_at.is_(None),
        )
        .order_by(row.c.granted_at, row.c.id)
    )
    return [await service.as_row(tx, each, now) for each in list(found.mappings())]


async def reviewed_by(tx: AsyncConnection, clinic_code: str, now: int) -> list[MandateRow]:
    """Return the guardians whose documents wait for this clinic's look."""
    row = tables.mandate
    found = await tx.execute(
        select(row)
        .where(
            row.c.clinic_code == clinic_code,
            row.c.state == service.REVIEW,
            row.c.document_id.is_not(None),
            row.c.revoked_at.is_(None),
        )
        .order_by(row.c.granted_at, row.c.id)
        .limit(200)
    )
    return [await service.as_row(tx, each, now) for each in list(found.mappings())]


async def agree_to_alerts(
    tx: AsyncConnection, person_id: UUID, given: tuple[bool, str], actor: Actor, now: int
) -> None:
    """Keep a relative's own word on being told, and the version of the text they read.

    Only who may see and acknowledge can say yes; saying no again needs no mandate.
    """
    agreed, text_version = given
    if agreed:
        found = await require(tx, Scope.ACKNOWLEDGE, person_id, actor, now)
        if found.own:
            raise Refused("not_allowed")
    elif not await _words(tx, person_id, actor):
        raise Refused("not_allowed")
    await keep_word(tx, person_id, (agreed, text_version), actor, now)


async def keep_word(
    tx: AsyncConnection, person_id: UUID, given: tuple[bool, str], actor: Actor, now: int
) -> None:
    """Keep the word of who asks for a mandate; it counts from the person's yes, for a role that may."""
    line = {"person_id": person_id, "account_id": actor.account_id}
    n = await _words(tx, person_id, actor) + 1
    agreed, text_version = given
    await tx.execute(
        insert(tables.alert_consent).values(
            **line, n=n, agreed=agreed, text_version=text_version, at=now
        )
    )
    act = "agreed_to_alerts" if agreed else "declined_alerts"
    await audit.note(tx, person_id, actor.account_id, act, {}, now=now)


async def _words(tx: AsyncConnection, person_id: UUID, actor: Actor) -> int:
    """Return how often an account has said yes or no."""
    row = tables.alert_consent
    mine = row.c.person_id == person_id, row.c.account_id == actor.account_id
    return (await tx.execute(select(func.max(row.c.n)).where(*mine))).scalar() or 0
