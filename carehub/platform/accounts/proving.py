"""Proving by a password who comes in, and letting in: the same for every kind of sign-in."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import secrets, service, sessions
from carehub.platform.refusals import Refused
from carehub.platform.running import Running
from carehub.wire.accounts import Device, Tokens


async def by_password(here: Running, login: str, password: str) -> UUID:
    """Return the account whose password was given; every try is counted before it is looked at."""
    key = _key(here, login)
    await here.db.write(lambda tx: service.count_try(tx, key, here.clock()), again_on_double=True)
    known = await here.db.read(lambda tx: service.find(tx, key))
    kept = None if known is None else known.password
    if not await here.passwords.right(kept, password) or known is None:
        raise Refused("wrong_credentials")
    await here.db.write(lambda tx: service.forgive(tx, key))
    return known.account_id


async def let_in(
    tx: AsyncConnection, account_id: UUID, device: Device, by: str, now: int
) -> Tokens:
    """Begin a session on a device, and note in the audit by what (`password`, `browser`, `pin`)."""
    detail = {"device": str(device.id), "by": by}
    await service.note_for_own(tx, account_id, "signed_in", detail, now)
    return await sessions.begin(tx, account_id, device, now)


def _key(here: Running, login: str) -> bytes:
    try:
        return secrets.login_hash(here.settings, secrets.normal_login(login))
    except Refused as refused:
        raise Refused("wrong_credentials") from refused
