"""Devices bound to a PIN: a key on the device and the PIN together sign in; neither does alone.

The key is used once and gives its successor, as refresh tokens do. A key whose successor was used
already was copied: then nothing of that device is taken any more but the password.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor
from carehub.platform.accounts import proving, service, sessions, tables
from carehub.platform.accounts.secrets import new_token, pin_key, successor, token_hash
from carehub.platform.refusals import Refused
from carehub.platform.settings import Settings
from carehub.wire.accounts import BoundTokens, Device, SignInWithPin

MOST_TRIES = 10
"""Wrong PINs in a row after which the device takes the password only; the waits begin at the fifth."""


class Bound(NamedTuple):
    """A key that was shown, the hash of the PIN it goes with, and which try this is."""

    key: str
    account_id: UUID
    pin: str
    tries: int


async def bind(tx: AsyncConnection, actor: Actor, pin: str, now: int) -> str:
    """Bind the actor's device to a PIN (its hash) and return the key; an earlier one ends."""
    if await sessions.at_kiosk(tx, actor.session_id):
        raise Refused("not_allowed")
    await unbind(tx, actor.account_id, actor.device_id, now)
    key = new_token()
    await _keep(tx, key, (actor.account_id, actor.device_id), pin, now)
    detail = {"device": str(actor.device_id)}
    await service.note_for_own(tx, actor.account_id, "device_bound", detail, now)
    return key


async def unbind(tx: AsyncConnection, account_id: UUID, device_id: UUID, now: int) -> None:
    """End a device's key; from now on it takes the password."""
    row = tables.device_key
    await tx.execute(
        update(row)
        .where(
            row.c.account_id == account_id, row.c.device_id == device_id, row.c.ended_at.is_(None)
        )
        .values(ended_at=now)
    )


async def show(tx: AsyncConnection, settings: Settings, asked: SignInWithPin, now: int) -> Bound:
    """Return what a shown key is bound to; the try is counted before the PIN is looked at."""
    found = await _find(tx, asked.device_key, asked.device.id)
    if found["passed_at"] is not None:
        await _copied(tx, found, now)
        raise Refused("token_reused", keep=True)
    counted = pin_key(settings, found["account_id"], found["device_id"])
    tries = await service.count_try(tx, counted, now)
    return Bound(asked.device_key, found["account_id"], found["pin"], tries)


async def miss(tx: AsyncConnection, bound: Bound, device_id: UUID, now: int) -> None:
    """Raise the alarm where a wrong PIN was one too many; after the last one the key ends."""
    detail = {"device": str(device_id)}
    if bound.tries >= MOST_TRIES:
        await unbind(tx, bound.account_id, device_id, now)
        await service.note_for_own(tx, bound.account_id, "pin_refused", detail, now)
    elif bound.tries >= service.FREE_TRIES:
        await service.note_for_own(tx, bound.account_id, "pin_locked", detail, now)


async def enter(
    tx: AsyncConnection, settings: Settings, bound: Bound, device: Device, now: int
) -> BoundTokens:
    """Begin a session once the PIN was right, and give the key for the next time."""
    found = await _find(tx, bound.key, device.id)
    following = successor(settings, bound.key, "device")
    row = tables.device_key
    used = (row.c.account_id == found["account_id"], row.c.device_id == device.id)
    earlier = (row.c.key_hash != found["key_hash"], row.c.replaced_at.is_not(None))
    await tx.execute(
        update(row).where(*used, *earlier, row.c.passed_at.is_(None)).values(passed_at=now)
    )
    if found["replaced_at"] is None:
        await tx.execute(
            update(row).where(row.c.key_hash == found["key_hash"]).values(replaced_at=now)
        )
        await _keep(tx, following, (found["account_id"], device.id), found["pin"], now)
    await service.forgive(tx, pin_key(settings, found["account_id"], device.id))
    tokens = await proving.let_in(tx, found["account_id"], device, "pin", now)
    return BoundTokens(**tokens.model_dump(), device_key=following)


async def _find(tx: AsyncConnection, key: str, device_id: UUID) -> RowMapping:
    """Return the row of a key, locked; refuses one that is not of this device or has ended."""
    row = tables.device_key
    wanted = select(row).where(row.c.key_hash == token_hash(key)).with_for_update()
    found = (await tx.execute(wanted)).mappings().first()
    if found is None or found["device_id"] != device_id or found["ended_at"] is not None:
        raise Refused("not_bound")
    return found


async def _keep(tx: AsyncConnection, key: str, of: tuple[UUID, UUID], pin: str, now: int) -> None:
    await tx.execute(
        insert(tables.device_key).values(
            key_hash=token_hash(key), account_id=of[0], device_id=of[1], pin=pin, bound_at=now
        )
    )


async def _copied(tx: AsyncConnection, found: RowMapping, now: int) -> None:
    await unbind(tx, found["account_id"], found["device_id"], now)
    await sessions.end_device(tx, found["account_id"], found["device_id"], now, because="reused")
    detail = {"device": str(found["device_id"])}
    await service.note_for_own(tx, found["account_id"], "device_key_reused", detail, now)
