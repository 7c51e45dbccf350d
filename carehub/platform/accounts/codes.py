"""Authorization codes (RFC 6749 with PKCE): given to a browser, redeemed once by who asked for it."""

from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import pins, proving, service, sessions, tables
from carehub.platform.accounts.secrets import new_token, token_hash
from carehub.platform.refusals import Refused
from carehub.wire.accounts import Device, Tokens
from carehub.wire.authorization import CLIENT_ID, Authorize, proves

LASTS = 60_000
"""Milliseconds: the asking program waits on the same machine and redeems at once."""


async def give(tx: AsyncConnection, account_id: UUID, asked: Authorize, now: int) -> str:
    """Return a code for the account that proved itself; only its hash is kept."""
    code = new_token()
    await tx.execute(
        insert(tables.auth_code).values(
            code_hash=token_hash(code),
            account_id=account_id,
            device_id=asked.device_id,
            device_name=asked.device_name,
            redirect_uri=asked.redirect_uri,
            challenge=asked.code_challenge,
            expires_at=now + LASTS,
        )
    )
    return code


async def redeem(tx: AsyncConnection, form: dict[str, str], now: int) -> Tokens:
    """Return tokens for a code; whatever goes wrong spends it, and twice ends what it had begun."""
    row = tables.auth_code
    key = row.c.code_hash == token_hash(form.get("code", ""))
    found = (await tx.execute(select(row).where(key).with_for_update())).mappings().first()
    if found is None:
        raise Refused("invalid_grant")
    if found["used_at"] is not None:
        await _reused(tx, found, now)
        raise Refused("invalid_grant", keep=True)
    await tx.execute(update(row).where(key).values(used_at=now))
    if now >= found["expires_at"] or not _redeems(found, form):
        raise Refused("invalid_grant", keep=True)
    device = Device(id=found["device_id"], name=found["device_name"])
    tokens = await proving.let_in(tx, found["account_id"], device, "browser", now)
    await tx.execute(update(row).where(key).values(session_id=tokens.session_id))
    return tokens


def _redeems(found: RowMapping, form: dict[str, str]) -> bool:
    return (
        form.get("client_id") == CLIENT_ID
        and form.get("redirect_uri") == found["redirect_uri"]
        and proves(form.get("code_verifier", ""), found["challenge"])
    )


async def _reused(tx: AsyncConnection, found: RowMapping, now: int) -> None:
    """End the session that the code began: one of the two who showed it has stolen it."""
    if found["session_id"] is not None:
        await sessions.end(tx, found["session_id"], "reused", now)
        await pins.unbind(tx, found["account_id"], found["device_id"], now)
    detail = {"device": str(found["device_id"])}
    await service.note_for_own(tx, found["account_id"], "code_reused", detail, now)
