"""The one gate: who may do what with whose records, now, and with whose consent."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.care.family import SCOPES, How, Mandate, Role, Scope, allowed, authored, scope_for
from carehub.platform.consents import service as consents
from carehub.platform.family import tables as family
from carehub.platform.records import tables as records
from carehub.platform.refusals import Refused
from carehub.wire.exchange import EntityKind, Op, Status
from carehub.wire.family import ConsentRow

ACTIVE = "active"
"""The state of a mandate that was confirmed (and reviewed, where that is needed)."""


ERASED = "erased"
"""The method of the withdrawal that an erasure is; until the person agrees anew, all is shut."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account, on one device, in one session."""

    account_id: UUID
    session_id: UUID
    device_id: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """How an actor stands towards a person: own records, or mandates; and what the person agreed to.

    `known` is False where nobody has such records; to a stranger that is the same answer.
    """

    person_id: UUID
    known: bool
    own: bool
    mandates: tuple[Mandate, ...] = ()
    consents: tuple[ConsentRow, ...] = field(default=(), repr=False)

    def role(self, now: int) -> Role | None:
        """Return the greatest role in force, or None."""
        if self.own:
            return Role.SELF
        order = list(Role)
        mine = [each.role for each in self.mandates if each.covers(now)]
        return max(mine, key=order.index, default=None)

    def scopes(self, now: int) -> frozenset[Scope]:
        """Return all that is allowed now."""
        if self.own:
            return SCOPES[Role.SELF]
        return frozenset(s for s in Scope if allowed(self.mandates, s, now))

    def until(self, now: int) -> int | None:
        """Return when the last mandate in force ends; None for the person's own."""
        return max((each.until_at for each in self.mandates if each.covers(now)), default=None)

    def paused(self) -> str:
        """Return why nothing may travel now although it is allowed, or an empty text."""
        if consents.newest_method(self.consents, Purpose.PLATFORM_SYNC) == ERASED:
            return ERASED
        shut = consents.withdrawn(self.consents, Purpose.PLATFORM_SYNC) or (
            not self.own and consents.withdrawn(self.consents, Purpose.FAMILY_SHARING)
        )
        return "consent_withdrawn" if shut else ""

    def agreed(self, row: ConsentRow) -> "Standing":
        """Return the standing once one more consent row is in force."""
        return replace(self, consents=(*self.consents, row))


async def standing(tx: AsyncConnection, person_id: UUID, actor: Actor) -> Standing:
    """Return how the actor stands towards a person."""
    stream = records.person_stream
    owner = (
        await tx.execute(select(stream.c.account_id).where(stream.c.person_id == person_id))
    ).scalar()
    if owner is None:
        return Standing(person_id, known=False, own=False)
    own = owner == actor.account_id
    mandates = () if own else await mandates_of(tx, person_id, actor.account_id)
    given = tuple(await consents.rows(tx, person_id))
    return Standing(person_id, known=True, own=own, mandates=mandates, consents=given)


async def mandates_of(
    tx: AsyncConnection, person_id: UUID, account_id: UUID
) -> tuple[Mandate, ...]:
    """Return the confirmed mandates of an account for a person, ended ones too."""
    row = family.mandate
    found = await tx.execute(
        select(row).where(
            row.c.person_id == person_id, row.c.account_id == account_id, row.c.state == ACTIVE
        )
    )
    return tuple(mandate(each) for each in found.mappings())


def mandate(row: RowMapping) -> Mandate:
    """Return the mandate of a row."""
    return Mandate(
        id=row["id"],
        person_id=row["person_id"],
        account_id=row["account_id"],
        role=Role(row["role"]),
        scopes=frozenset(Scope(word) for word in row["scopes"]),
        from_at=row["from_at"],
        until_at=row["until_at"],
        relation=row["relation"],
        how=How(row["how"]),
        granted_at=row["granted_at"],
        revoked_at=row["revoked_at"],
    )


async def require(
    tx: AsyncConnection, scope: Scope, person_id: UUID, actor: Actor, now: int
) -> Standing:
    """Return the standing where the actor may do this and the data may travel; else refuse."""
    found = await standing(tx, person_id, actor)
    code = refusal(found, scope, now)
    if code:
        raise Refused(code)
    return found


async def require_own(tx: AsyncConnection, person_id: UUID, actor: Actor) -> Standing:
    """Return the standing where these are the actor's own records; else refuse."""
    found = await standing(tx, person_id, actor)
    if not found.own:
        raise Refused("not_allowed")
    return found


async def require_right(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> Standing:
    """Let the person have a copy or an erasure whatever they took back, and a guardian by mandate.

    A copy and an erasure are the person's right (PIPL 45-47) and hang on no consent; a guardian acts
    under the person's consent to share, and only while the mandate lasts.
    """
    found = await standing(tx, person_id, actor)
    if found.own:
        return found
    code = refusal(found, Scope.SHARE, now)
    if code or found.role(now) is not Role.GUARDIAN:
        raise Refused(code or "not_allowed")
    return found


def refusal(found: Standing, scope: Scope, now: int) -> str:
    """Return the code with which a request is refused, or an empty text."""
    if not found.own and not found.mandates:
        return "not_allowed"
    if not found.own and found.role(now) is None:
        return "grant_revoked"
    return found.paused() or ("" if scope in found.scopes(now) else "not_allowed")


def refuse_op(found: Standing, op: Op, now: int) -> tuple[Status, str] | None:
    """Return with what an op is refused, or None; blocked ops may be let in another day."""
    if op.kind == EntityKind.CONSENT:
        # Agreeing, or taking it back, must be possible whatever was taken back before.
        return None if found.own else (Status.REJECTED, "not_allowed")
    if found.own:
        return _blocked(found.paused())
    scope = scope_for(op.kind)
    if scope is None:
        return Status.REJECTED, "not_allowed"
    code = refusal(found, scope, now)
    if code == "not_allowed" and found.mandates:
        return Status.REJECTED, code
    if not code and not authored(found.mandates, scope, op.at, now):
        code = "grant_revoked"
    return _blocked(code)


def _blocked(code: str) -> tuple[Status, str] | None:
    return (Status.BLOCKED, code) if code else None
