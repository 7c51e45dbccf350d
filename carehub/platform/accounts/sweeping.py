"""Forgetting what nobody can use or would miss: old codes, tokens, wrong tries, ended sessions."""

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import service, tables

DAY = 86_400_000
LISTED = 400 * DAY
"""How long an ended session can still be seen, and a copied key still be noticed."""


async def sweep(tx: AsyncConnection, now: int) -> int:
    """Delete what is over, and return how many rows; used refresh tokens stay with their session."""
    session, token, key = tables.session, tables.token, tables.device_key
    code, shown, tries = tables.auth_code, tables.device_code, tables.wrong_try
    over = select(session.c.id).where(
        or_(session.c.until_at < now - LISTED, session.c.ended_at < now - LISTED)
    )
    gone = [
        delete(code).where(code.c.expires_at < now - DAY),
        delete(shown).where(shown.c.expires_at < now - DAY),
        delete(tries).where(tries.c.at < now - service.FORGIVEN_AFTER, tries.c.locked_until < now),
        delete(key).where(or_(key.c.ended_at < now - LISTED, key.c.passed_at < now - LISTED)),
        delete(token).where(token.c.kind == "access", token.c.expires_at < now - DAY),
        delete(token).where(token.c.session_id.in_(over)),
        delete(session).where(
            or_(session.c.until_at < now - LISTED, session.c.ended_at < now - LISTED)
        ),
    ]
    return sum([(await tx.execute(each)).rowcount for each in gone])
