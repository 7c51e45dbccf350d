"""Mandates: inviting, asking, confirming, reviewing, revoking; each step is in the person's audit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.family import How, Role, Scope, within
from carehub.platform.access import ACTIVE, Actor, require_own
from carehub.platform.accounts import service as accounts
from carehub.platform.accounts import tables as account_tables
from carehub.platform.audit import service as audit
from carehub.platform.family import tables
from carehub.platform.records import saying
from carehub.platform.refusals import Refused
from carehub.wire.family import Invite, MandateRow

ASKED, REVIEW, DECLINED, REVOKED = "asked", "review", "declined", "revoked"
OPEN = (ASKED, REVIEW, ACTIVE)
DAY = 86_400_000
CODE_LASTS = 1_800_000
CODE_LENGTH = 10
MOST_ASKED = 20
"""Open questions one person may be left with; more are dropped unseen."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate is to be: its role, scopes, relation and how long it lasts in milliseconds."""

    role: Role
    scopes: frozenset[Scope]
    relation: str
    lasts: int
    name: str = field(default="", repr=False)


def terms(role: Role, scopes: Iterable[Scope], relation: str, days: int, name: str = "") -> Terms:
    """Return terms within what the role may have; nobody is given the person's own role."""
    if role is Role.SELF:
        raise Refused("not_allowed")
    return Terms(role, within(role, scopes), relation, days * DAY, name)


async def invite(
    tx: AsyncConnection, person_id: UUID, asked: Invite, actor: Actor, code: bytes, now: int
) -> UUID:
    """Keep an invitation under the hash of its code; only the person can invite."""
    await require_own(tx, person_id, actor)
    agreed = terms(asked.role, asked.scopes, asked.relation, asked.days)
    invitation_id = uuid4()
    await tx.execute(
        insert(tables.invitation).values(
            code_hash=code,
            id=invitation_id,
            person_id=person_id,
            role=agreed.role,
            scopes=sorted(agreed.scopes),
            relation=agreed.relation,
            lasts=agreed.lasts,
            expires_at=now + CODE_LASTS,
        )
    )
    detail = {"invitation": str(invitation_id), "role": str(agreed.role)}
    await audit.note(tx, person_id, actor.account_id, "invited", detail, now=now)
    return invitation_id


async def accept(
    tx: AsyncConnection, code: bytes, actor: Actor, now: int, name: str = ""
) -> tuple[UUID, UUID]:
    """Use an invitation once; the mandate then waits for the person's yes. Returns person, mandate."""
    row = tables.invitation
    found = (
        (await tx.execute(select(row).where(row.c.code_hash == code).with_for_update()))
        .mappings()
        .first()
    )
    if found is None or found["used_at"] is not None or found["expires_at"] <= now:
        raise Refused("code_wrong")
    await tx.execute(update(row).where(row.c.code_hash == code).values(used_at=now))
    agreed = Terms(
        Role(found["role"]),
        frozenset(Scope(word) for word in found["scopes"]),
        found["relation"],
        found["lasts"],
        name,
    )
    mandate_id = await ask(tx, found["person_id"], agreed, actor, now)
    if mandate_id is None:
        raise Refused("not_now")
    return found["person_id"], mandate_id


async def ask(
    tx: AsyncConnection, person_id: UUID, agreed: Terms, actor: Actor, now: int
) -> UUID | None:
    """Put a mandate before the person, who must confirm it; None where it makes no sense."""
    row = tables.mandate
    open_rows = await tx.execute(
        select(row.c.account_id).where(
            row.c.person_id == person_id,
            row.c.state.in_(OPEN),
            row.c.until_at > now,
            row.c.revoked_at.is_(None),
        )
    )
    asking = list(open_rows.scalars())
    if len(asking) >= MOST_ASKED or actor.account_id in asking:
        return None
    if person_id in await accounts.own_people(tx, actor.account_id):
        return None
    mandate_id = uuid4()
    await tx.execute(
        insert(row).values(
            person_id=person_id,
            id=mandate_id,
            account_id=actor.account_id,
            role=agreed.role,
            scopes=sorted(agreed.scopes),
            relation=agreed.relation,
            how=How.ON_SCREEN,
            state=ASKED,
            granted_at=now,
            from_at=now,
            until_at=now + agreed.lasts,
            name=agreed.name,
        )
    )
    await accounts.touch_grants(tx, await saying.owner(tx, person_id))
    await accounts.join(tx, actor.account_id, person_id, own=False)
    detail = {"mandate": str(mandate_id), "role": str(agreed.role)}
    await audit.note(tx, person_id, actor.account_id, "asked", detail, now=now)
    return mandate_id


async def confirm(
    tx: AsyncConnection, person_id: UUID, mandate_id: UUID, how: How, actor: Actor, now: int
) -> MandateRow:
    """Let the person say yes; a guardian's mandate then waits for the documents to be looked at."""
    await require_own(tx, person_id, actor)
    found = await mandate(tx, person_id, mandate_id)
    if found["state"] != ASKED or found["until_at"] <= now:
        raise Refused("not_now")
    state = REVIEW if found["role"] == Role.GUARDIAN else ACTIVE
    lasts = found["until_at"] - found["granted_at"]
    await change(tx, found, state=state, how=how, granted_at=now, from_at=now, until_at=now + lasts)
    await tell(tx, found, actor.account_id, "confirmed", now)
    return await row_of(tx, person_id, mandate_id, now)


async def decline(
    tx: AsyncConnection, person_id: UUID, mandate_id: UUID, actor: Actor, now: int
) -> MandateRow:
    """Let the person say no."""
    await require_own(tx, person_id, actor)
    found = await mandate(tx, person_id, mandate_id)
    if found["state"] != ASKED:
        raise Refused("not_now")
    await change(tx, found, state=DECLINED)
    await tell(tx, found, actor.account_id, "declined", now)
    return await row_of(tx, person_id, mandate_id, now)


async def revoke(
    tx: AsyncConnection, person_id: UUID, mandate_id: UUID, actor: Actor, now: int
) -> MandateRow:
    """Take a mandate back, at once: the person's right, and the holder's own."""
    found = await mandate(tx, person_id, mandate_id, actor.account_id)
    if found["account_id"] != actor.account_id:
        await require_own(tx, person_id, actor)
    if found["state"] not in OPEN or found["revoked_at"] is not None:
        raise Refused("not_now")
    state = ACTIVE if found["state"] == ACTIVE else REVOKED  # what was in force stays known as such
    await change(tx, found, state=state, revoked_at=now)
    await tell(tx, found, actor.account_id, "revoked", now)
    return await row_of(tx, person_id, mandate_id, now)


async def waiting_guardians(tx: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Return person and mandate of each guardian whose documents nobody has looked at yet."""
    row = tables.mandate
    found = await tx.execute(
        select(row.c.person_id, row.c.id)
        .where(row.c.state == REVIEW, row.c.revoked_at.is_(None))
        .order_by(row.c.granted_at)
    )
    return [(line.person_id, line.id) for line in found]


async def of_person(
    tx: AsyncConnection, person_id: UUID, actor: Actor, now: int
) -> list[MandateRow]:
    """Return every mandate ever asked for one person, the newest first, to the person alone."""
    await require_own(tx, person_id, actor)
    row = tables.mandate
    found = await tx.execute(
        select(row).where(row.c.person_id == person_id).order_by(row.c.granted_at.desc(), row.c.id)
    )
    return [await as_row(tx, each, now) for each in list(found.mappings())]


async def of_account(tx: AsyncConnection, actor: Actor, now: int) -> list[MandateRow]:
    """Return the mandates that an account asked for or holds."""
    people = account_tables.account_person
    mine = await tx.execute(
        select(people.c.person_id).where(
            people.c.account_id == actor.account_id, people.c.own.is_(False)
        )
    )
    row, rows = tables.mandate, []
    for person_id in list(mine.scalars()):
        found = await tx.execute(
            select(row).where(row.c.person_id == person_id, row.c.account_id == actor.account_id)
        )
        rows += [await as_row(tx, each, now) for each in list(found.mappings())]
    return rows


async def holders(tx: AsyncConnection, person_id: UUID) -> list[tuple[UUID, str]]:
    """Return the accounts that hold a confirmed mandate, the oldest first, as others know them."""
    row = tables.mandate
    found = await tx.execute(
        select(row.c.account_id, row.c.relation, row.c.name)
        .where(row.c.person_id == person_id, row.c.state == ACTIVE, row.c.revoked_at.is_(None))
        .order_by(row.c.granted_at, row.c.id)
    )
    named: dict[UUID, str] = {}
    for line in found:
        named.setdefault(line.account_id, line.name or line.relation)
    return [(each, name or await accounts.shown(tx, each)) for each, name in named.items()]


async def agreements(tx: AsyncConnection, person_id: UUID) -> dict[UUID, bool]:
    """Return each relative's newest word on being told of the person's alerts."""
    row = tables.alert_consent
    found = await tx.execute(
        select(row.c.account_id, row.c.agreed).where(row.c.person_id == person_id).order_by(row.c.n)
    )
    return {line.account_id: line.agreed for line in found}


async def end_all(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> None:
    """End every mandate of a person and every invitation: the records are about to be erased."""
    row, invited = tables.mandate, tables.invitation
    found = await tx.execute(
        select(row).where(
            row.c.person_id == person_id, row.c.state.in_(OPEN), row.c.revoked_at.is_(None)
        )
    )
    for each in list(found.mappings()):
        state = ACTIVE if each["state"] == ACTIVE else REVOKED
        await change(tx, each, state=state, revoked_at=now)
        await tell(tx, each, actor.account_id, "revoked", now)
    await tx.execute(delete(invited).where(invited.c.person_id == person_id))


async def row_of(tx: AsyncConnection, person_id: UUID, mandate_id: UUID, now: int) -> MandateRow:
    """Return one mandate as it travels."""
    return await as_row(tx, await mandate(tx, person_id, mandate_id), now)


async def mandate(
    tx: AsyncConnection, person_id: UUID, mandate_id: UUID, account_id: UUID | None = None
) -> RowMapping:
    """Return one mandate's row, locked until the end of the transaction."""
    row = tables.mandate
    found = await tx.execute(
        select(row).where(row.c.person_id == person_id, row.c.id == mandate_id).with_for_update()
    )
    line = found.mappings().first()
    if line is None:
        # To a stranger, records and mandates that do not exist look like those of others.
        raise Refused("not_allowed" if account_id else "not_found")
    return line


async def change(tx: AsyncConnection, found: RowMapping, **values: object) -> None:
    """Change a mandate's row."""
    row = tables.mandate
    await tx.execute(
        update(row)
        .where(row.c.person_id == found["person_id"], row.c.id == found["id"])
        .values(**values)
    )


async def tell(tx: AsyncConnection, found: RowMapping, by: UUID | None, act: str, now: int) -> None:
    """Let the holder's devices look again, and note the act in the person's audit."""
    await accounts.touch_grants(tx, found["account_id"])
    detail = {"mandate": str(found["id"]), "role": found["role"]}
    await audit.note(tx, found["person_id"], by, act, detail, now=now)


async def as_row(tx: AsyncConnection, found: RowMapping, now: int) -> MandateRow:
    """Return a mandate's row as it travels."""
    state = found["state"]
    if found["revoked_at"] is not None:
        state = REVOKED
    elif state in OPEN and found["until_at"] <= now:
        state = "expired"
    return MandateRow(
        id=found["id"],
        person_id=found["person_id"],
        account_id=found["account_id"],
        account=await accounts.shown(tx, found["account_id"]),
        role=Role(found["role"]),
        scopes=[Scope(word) for word in found["scopes"]],
        relation=found["relation"],
        how=How(found["how"]),
        state=state,
        granted_at=found["granted_at"],
        from_at=found["from_at"],
        until_at=found["until_at"],
        revoked_at=found["revoked_at"],
        name=found["name"],
        alerts=(await agreements(tx, found["person_id"])).get(found["account_id"], False),
        document_id=found["document_id"],
        reason=found["reason"],
        clinic=found["clinic_code"],
    )
