"""Signing in a device without a keyboard (RFC 8628): it shows a code, a signed-in device says yes."""

from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor
from carehub.platform.accounts import service, sessions, tables
from carehub.platform.accounts.secrets import code_hash, new_code, new_token, plain_code, token_hash
from carehub.platform.refusals import Refused
from carehub.platform.settings import Settings
from carehub.wire.accounts import AskedDevice, Device, DeviceAsk, DeviceCodes, Tokens

LASTS = 600_000
INTERVAL = 5_000
"""Milliseconds between two questions of a waiting device."""
CODE_LENGTH = 8
PLACE = "carehub:device"
"""Where the code is given in: CareHub itself opens this address, from a QR code as well."""


async def ask(tx: AsyncConnection, settings: Settings, asked: DeviceAsk, now: int) -> DeviceCodes:
    """Give a device its two codes: one to show, one to keep."""
    user_code, secret = new_code(CODE_LENGTH), new_token()
    await tx.execute(
        insert(tables.device_code).values(
            user_hash=code_hash(settings, user_code),
            device_hash=token_hash(secret),
            device_id=asked.device.id,
            device_name=asked.device.name,
            kiosk=asked.kiosk,
            asked_at=now,
            expires_at=now + LASTS,
            polled_at=0,
            refused=False,
        )
    )
    shown = f"{user_code[:4]}-{user_code[4:]}"
    return DeviceCodes(
        device_code=f"{user_code}.{secret}",
        user_code=shown,
        verification_uri=PLACE,
        verification_uri_complete=f"{PLACE}?user_code={shown}",
        expires_in=LASTS // 1000,
        interval=INTERVAL // 1000,
    )


async def look(tx: AsyncConnection, settings: Settings, user_code: str, now: int) -> AskedDevice:
    """Return which device shows this code, so that nobody says yes to another."""
    return _asked(await _waiting(tx, settings, user_code, now))


async def answer(
    tx: AsyncConnection, settings: Settings, user_code: str, actor: Actor, now: int, *, yes: bool
) -> AskedDevice:
    """Say yes or no to the device that shows this code, once."""
    found = await _waiting(tx, settings, user_code, now)
    row = tables.device_code
    await tx.execute(
        update(row)
        .where(row.c.user_hash == found["user_hash"])
        .values(account_id=actor.account_id if yes else None, refused=not yes)
    )
    if yes:
        detail = {"device": str(found["device_id"])}
        await service.note_for_own(tx, actor.account_id, "device_let_in", detail, now)
    return _asked(found)


async def poll(tx: AsyncConnection, settings: Settings, given: str, now: int) -> Tokens:
    """Answer the waiting device: tokens once, or one of RFC 8628's refusals."""
    user_code, _, secret = given.partition(".")
    found = await _find(tx, settings, user_code)
    if found is None or found["device_hash"] != token_hash(secret) or found["used_at"] is not None:
        raise Refused("invalid_grant")
    if found["expires_at"] <= now:
        raise Refused("expired_token")
    if found["refused"]:
        raise Refused("access_denied")
    too_soon = now - found["polled_at"] < INTERVAL
    account_id: UUID | None = found["account_id"]
    row = tables.device_code
    mine = update(row).where(row.c.user_hash == found["user_hash"])
    if account_id is None or too_soon:
        await tx.execute(mine.values(polled_at=now))
        raise Refused("slow_down" if too_soon else "authorization_pending", keep=True)
    await tx.execute(mine.values(used_at=now))
    device = Device(id=found["device_id"], name=found["device_name"])
    return await sessions.begin(tx, account_id, device, now, kiosk=found["kiosk"])


async def _waiting(tx: AsyncConnection, settings: Settings, user_code: str, now: int) -> RowMapping:
    found = await _find(tx, settings, user_code)
    if found is None or found["expires_at"] <= now or found["refused"] or found["account_id"]:
        raise Refused("code_wrong")
    return found


async def _find(tx: AsyncConnection, settings: Settings, user_code: str) -> RowMapping | None:
    row = tables.device_code
    key = code_hash(settings, plain_code(user_code))
    found = await tx.execute(select(row).where(row.c.user_hash == key).with_for_update())
    return found.mappings().first()


def _asked(row: RowMapping) -> AskedDevice:
    device = Device(id=row["device_id"], name=row["device_name"])
    return AskedDevice(device=device, kiosk=row["kiosk"], asked_at=row["asked_at"])
