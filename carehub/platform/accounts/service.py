"""Accounts: register, find by login, lock after wrong tries, know whose records are an account's."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import tables
from carehub.platform.audit import service as audit
from carehub.platform.refusals import Refused
from carehub.wire.exchange import Json

FREE_TRIES = 5
WAITS = (30_000, 60_000, 300_000, 1_800_000, 3_600_000)
"""Milliseconds of waiting after the fifth, sixth, … wrong password in a row."""
FORGIVEN_AFTER = 86_400_000
"""Milliseconds without a wrong try, after which counting begins anew."""


class Known(NamedTuple):
    """An account and the hash of its password."""

    account_id: UUID
    password: str


async def add(tx: AsyncConnection, login_key: bytes, shown: str, password: str, now: int) -> UUID:
    """Add an account under a login nobody has; the login's own key is the claim to it."""
    taken = select(tables.login.c.account_id).where(tables.login.c.login_hash == login_key)
    if (await tx.execute(taken)).first() is not None:
        raise Refused("login_taken")
    account_id = uuid4()
    await tx.execute(insert(tables.login).values(login_hash=login_key, account_id=account_id))
    await tx.execute(
        insert(tables.account).values(
            id=account_id, login=shown, password=password, grants_rev=1, created_at=now
        )
    )
    return account_id


async def find(tx: AsyncConnection, login_key: bytes) -> Known | None:
    """Return the account behind a login, or None."""
    row, login = tables.account, tables.login
    found = await tx.execute(
        select(row.c.id, row.c.password)
        .join_from(login, row, login.c.account_id == row.c.id)
        .where(login.c.login_hash == login_key, row.c.closed_at.is_(None))
    )
    line = found.first()
    return None if line is None else Known(line.id, line.password)


async def count_try(tx: AsyncConnection, login_key: bytes, now: int) -> int:
    """Count a try before the secret is looked at, and return which it is; refuses while it is locked.

    Unknown logins are counted as well, so that nobody learns which ones exist.
    """
    row = tables.wrong_try
    found = (
        await tx.execute(select(row).where(row.c.login_hash == login_key).with_for_update())
    ).first()
    if found is None:
        await tx.execute(insert(row).values(login_hash=login_key, tries=1, locked_until=0, at=now))
        return 1
    if found.locked_until > now:
        raise Refused("locked", wait=-(-(found.locked_until - now) // 1000))
    tries = 1 if found.at < now - FORGIVEN_AFTER else found.tries + 1
    wait = WAITS[min(tries - FREE_TRIES, len(WAITS) - 1)] if tries >= FREE_TRIES else 0
    await tx.execute(
        update(row)
        .where(row.c.login_hash == login_key)
        .values(tries=tries, locked_until=now + wait, at=now)
    )
    return int(tries)


async def forgive(tx: AsyncConnection, login_key: bytes) -> None:
    """Forget the wrong tries once the right secret came."""
    await tx.execute(delete(tables.wrong_try).where(tables.wrong_try.c.login_hash == login_key))


async def join(tx: AsyncConnection, account_id: UUID, person_id: UUID, *, own: bool) -> None:
    """Note that an account has to do with a person; once is enough."""
    row = tables.account_person
    known = select(row.c.own).where(row.c.account_id == account_id, row.c.person_id == person_id)
    if (await tx.execute(known)).first() is None:
        await tx.execute(insert(row).values(account_id=account_id, person_id=person_id, own=own))
    await touch_grants(tx, account_id)


async def touch_grants(tx: AsyncConnection, account_id: UUID) -> None:
    """Let an account's devices see that what it may do has changed."""
    row = tables.account
    await tx.execute(
        update(row).where(row.c.id == account_id).values(grants_rev=row.c.grants_rev + 1)
    )


async def own_people(tx: AsyncConnection, account_id: UUID) -> Sequence[UUID]:
    """Return the people whose records are the account's own."""
    row = tables.account_person
    found = await tx.execute(
        select(row.c.person_id)
        .where(row.c.account_id == account_id, row.c.own.is_(True))
        .order_by(row.c.person_id)
    )
    return list(found.scalars())


async def note_for_own(
    tx: AsyncConnection, account_id: UUID, act: str, detail: Mapping[str, Json], now: int
) -> None:
    """Write an act of the account, or on it, into the audit of the people who are its own."""
    for person_id in await own_people(tx, account_id):
        await audit.note(tx, person_id, account_id, act, detail, now=now)


async def shown(tx: AsyncConnection, account_id: UUID) -> str:
    """Return an account's login as it is shown."""
    row = tables.account
    found = await tx.execute(select(row.c.login).where(row.c.id == account_id))
    return str(found.scalar() or "")


async def how_many(tx: AsyncConnection) -> int:
    """Return how many accounts there are."""
    return int((await tx.execute(select(func.count()).select_from(tables.account))).scalar_one())
