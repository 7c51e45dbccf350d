"""Sessions and their tokens: short access, rotating refresh with grace, and an end to reuse."""

from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor
from carehub.platform.accounts import tables
from carehub.platform.accounts.secrets import new_token, successor, token_hash
from carehub.platform.refusals import Refused
from carehub.platform.settings import Settings
from carehub.wire.accounts import Device, Session, Tokens

ACCESS_LASTS = 600_000
REFRESH_LASTS = 90 * 86_400_000
SESSION_LASTS = 365 * 86_400_000
GRACE = 600_000
"""Milliseconds in which a refresh whose answer was lost may be repeated; it gives the same token."""
KIOSK_LASTS = 900_000
"""A kiosk's session: no refresh token, and over within a quarter of an hour."""
SEEN_EVERY = 60_000


class Found(NamedTuple):
    """A token with its session."""

    kind: str
    expires_at: int
    replaced_at: int | None
    session_id: UUID
    account_id: UUID
    device_id: UUID
    until_at: int
    seen_at: int
    ended_at: int | None


async def begin(
    tx: AsyncConnection, account_id: UUID, device: Device, now: int, *, kiosk: bool = False
) -> Tokens:
    """Begin a session on a device; an earlier one on the same device ends."""
    await end_device(tx, account_id, device.id, now)
    session_id = uuid4()
    lasts = KIOSK_LASTS if kiosk else SESSION_LASTS
    await tx.execute(
        insert(tables.session).values(
            id=session_id,
            account_id=account_id,
            device_id=device.id,
            device_name=device.name,
            kiosk=kiosk,
            created_at=now,
            seen_at=now,
            until_at=now + lasts,
            ended_because="",
        )
    )
    refresh = None if kiosk else new_token()
    if refresh is not None:
        await _keep(tx, refresh, "refresh", session_id, now + REFRESH_LASTS)
    return await _tokens(tx, account_id, session_id, refresh, now, now + lasts)


async def renew(tx: AsyncConnection, settings: Settings, refresh: str, now: int) -> Tokens:
    """Exchange a refresh token for its successor; reuse after the grace ends the session."""
    found = await _find(tx, refresh, lock=True)
    if found is None or found.kind != "refresh":
        raise Refused("not_signed_in")
    if found.ended_at is not None:
        raise Refused("session_ended")
    if found.replaced_at is not None and now - found.replaced_at > GRACE:
        await end(tx, found.session_id, "reused", now)
        raise Refused("token_reused", keep=True)
    if now >= min(found.expires_at, found.until_at):
        raise Refused("expired")
    following = successor(settings, refresh)
    if found.replaced_at is None:
        await tx.execute(
            update(tables.token)
            .where(tables.token.c.token_hash == token_hash(refresh))
            .values(replaced_at=now)
        )
        until = min(now + REFRESH_LASTS, found.until_at)
        await _keep(tx, following, "refresh", found.session_id, until)
        await _sweep(tx, found.session_id, now)
    await see(tx, found.session_id, now)
    return await _tokens(tx, found.account_id, found.session_id, following, now, found.until_at)


async def actor_of(tx: AsyncConnection, access: str, now: int) -> tuple[Actor, bool]:
    """Return who an access token belongs to, and whether the session should be marked as seen."""
    found = await _find(tx, access)
    if found is None or found.kind != "access":
        raise Refused("not_signed_in")
    if found.ended_at is not None:
        raise Refused("session_ended")
    if now >= min(found.expires_at, found.until_at):
        raise Refused("expired")
    actor = Actor(found.account_id, found.session_id, found.device_id)
    return actor, now - found.seen_at > SEEN_EVERY


async def of_account(tx: AsyncConnection, actor: Actor) -> list[Session]:
    """Return the sessions of an account, the newest first."""
    row = tables.session
    found = await tx.execute(
        select(row)
        .where(row.c.account_id == actor.account_id)
        .order_by(row.c.created_at.desc(), row.c.id)
        .limit(100)
    )
    return [
        Session(
            id=each["id"],
            device=Device(id=each["device_id"], name=each["device_name"]),
            created_at=each["created_at"],
            seen_at=each["seen_at"],
            ended_at=each["ended_at"],
            ended_because=each["ended_because"],
            current=each["id"] == actor.session_id,
        )
        for each in found.mappings()
    ]


async def end_one(tx: AsyncConnection, actor: Actor, session_id: UUID, now: int) -> UUID:
    """End one session of the actor's own account; return the device it was on."""
    row = tables.session
    mine = row.c.id == session_id, row.c.account_id == actor.account_id
    device_id: UUID | None = (await tx.execute(select(row.c.device_id).where(*mine))).scalar()
    if device_id is None:
        raise Refused("not_found")
    await end(tx, session_id, "signed_out", now)
    return device_id


async def end(tx: AsyncConnection, session_id: UUID, because: str, now: int) -> None:
    """End a session; its tokens are worth nothing from now on."""
    row = tables.session
    await tx.execute(
        update(row)
        .where(row.c.id == session_id, row.c.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )


async def end_device(
    tx: AsyncConnection,
    account_id: UUID,
    device_id: UUID,
    now: int,
    *,
    because: str = "signed_in_anew",
) -> None:
    """End the sessions of an account on one device: whoever signs in there anew replaces them."""
    row = tables.session
    await tx.execute(
        update(row)
        .where(
            row.c.account_id == account_id,
            row.c.device_id == device_id,
            row.c.ended_at.is_(None),
        )
        .values(ended_at=now, ended_because=because)
    )


async def see(tx: AsyncConnection, session_id: UUID, now: int) -> None:
    """Note that a session's device was heard from."""
    row = tables.session
    await tx.execute(update(row).where(row.c.id == session_id).values(seen_at=now))


async def last_heard(tx: AsyncConnection, account_id: UUID, now: int) -> int | None:
    """Return when any machine of an account that is still signed in was heard from; None: none is."""
    row = tables.session
    found = await tx.execute(
        select(func.max(row.c.seen_at)).where(
            row.c.account_id == account_id,
            row.c.ended_at.is_(None),
            row.c.until_at > now,
            row.c.kiosk.is_(False),
        )
    )
    at: int | None = found.scalar()
    return at


async def _find(tx: AsyncConnection, token: str, *, lock: bool = False) -> Found | None:
    """Return a token with its session; `lock` where it is about to be exchanged."""
    row, session = tables.token, tables.session
    wanted = (
        select(
            row.c.kind,
            row.c.expires_at,
            row.c.replaced_at,
            row.c.session_id,
            session.c.account_id,
            session.c.device_id,
            session.c.until_at,
            session.c.seen_at,
            session.c.ended_at,
        )
        .join_from(row, session, row.c.session_id == session.c.id)
        .where(row.c.token_hash == token_hash(token))
    )
    found = await tx.execute(wanted.with_for_update(of=row) if lock else wanted)
    line = found.first()
    return None if line is None else Found(*line)


async def _keep(
    tx: AsyncConnection, token: str, kind: str, session_id: UUID, expires_at: int
) -> None:
    await tx.execute(
        insert(tables.token).values(
            token_hash=token_hash(token), kind=kind, session_id=session_id, expires_at=expires_at
        )
    )


async def _tokens(
    tx: AsyncConnection,
    account_id: UUID,
    session_id: UUID,
    refresh: str | None,
    now: int,
    until_at: int,
) -> Tokens:
    access = new_token()
    lasts = min(ACCESS_LASTS, until_at - now)
    await _keep(tx, access, "access", session_id, now + lasts)
    return Tokens(
        access_token=access,
        refresh_token=refresh,
        expires_in=lasts // 1000,
        account_id=account_id,
        session_id=session_id,
        server_time=now,
    )


async def _sweep(tx: AsyncConnection, session_id: UUID, now: int) -> None:
    """Forget a session's access tokens that ran out; used refresh tokens stay, to notice reuse."""
    row = tables.token
    await tx.execute(
        delete(row).where(
            row.c.session_id == session_id, row.c.kind == "access", row.c.expires_at < now
        )
    )


async def lasts(tx: AsyncConnection, session_id: UUID) -> bool:
    """Tell whether a session was not ended yet."""
    row = tables.session
    found = await tx.execute(
        select(row.c.id).where(row.c.id == session_id, row.c.ended_at.is_(None))
    )
    return found.first() is not None


async def at_kiosk(tx: AsyncConnection, session_id: UUID) -> bool:
    """Tell whether a session is a kiosk's."""
    row = tables.session
    found = await tx.execute(select(row.c.kiosk).where(row.c.id == session_id))
    return bool(found.scalar())


async def owner_of(tx: AsyncConnection, token: str) -> Actor:
    """Return whom a token belongs or belonged to, and on which device."""
    found = await _find(tx, token)
    assert found is not None
    return Actor(found.account_id, found.session_id, found.device_id)
