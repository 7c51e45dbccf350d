"""The account this archive is signed in to, its tokens, and how the last exchange went.

Tokens are kept nowhere else: the archive is what is encrypted.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from carehub.archive import rows, tables

_row = tables.account
_meta = tables.meta
_DEVICE_KEY = "device_key"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in on which platform, and how the exchange with it stands.

    Times are UTC milliseconds by this machine's clock; `clock_offset` is what to add to it to have the
    platform's, `heard_at` the platform's own time when it last answered. `trouble` is the code of the
    last failure, `failures` how many there were in a row, `next_at` when to try again at the earliest,
    `batch` how many ops fit into a push.
    """

    id: UUID
    url: str
    login: str = field(repr=False)
    device_id: UUID
    access: str = field(default="", repr=False)
    access_until: int = 0
    refresh: str = field(default="", repr=False)
    clock_offset: int = 0
    heard_at: int = 0
    grants_rev: int = -1
    last_success_at: int | None = None
    trouble: str = ""
    failures: int = 0
    next_at: int = 0
    batch: int = 200

    @property
    def signed_in(self) -> bool:
        """Tell whether there is anything left to prove who we are with."""
        return bool(self.access or self.refresh)


def put(tx: Connection, account: Account) -> None:
    """Keep the account, in place of whichever was here."""
    tx.execute(delete(_row).where(_row.c.id != account.id))
    rows.put(tx, _row, account)


def get(tx: Connection) -> Account | None:
    """Return the account, or None where this archive was never signed in."""
    return rows.first(tx, Account, rows.every(Account, _row))


def note(tx: Connection, **changed: object) -> None:
    """Change some columns of the account; nothing happens where there is none."""
    tx.execute(update(_row).values(**changed))


def device_key(tx: Connection) -> str:
    """Return the key with which this machine and a PIN sign in; empty where none was bound."""
    return tx.execute(select(_meta.c.value).where(_meta.c.key == _DEVICE_KEY)).scalar() or ""


def keep_device_key(tx: Connection, key: str) -> None:
    """Keep the key for the next sign-in in place of the one before; an empty one forgets it."""
    tx.execute(delete(_meta).where(_meta.c.key == _DEVICE_KEY))
    if key:
        tx.execute(insert(_meta).values(key=_DEVICE_KEY, value=key))


def platform_time(tx: Connection, now: int) -> int:
    """Return the platform's time, as far as the difference is known, for this machine's `now`.

    Never earlier than the platform has said itself: a clock that was set meanwhile does not put what
    is done now before what was agreed then.
    """
    row = tx.execute(select(_row.c.clock_offset, _row.c.heard_at)).first()
    return now if row is None else max(now + row.clock_offset, row.heard_at)


def clock_offset(tx: Connection) -> int:
    """Return what to add to this machine's clock to have the platform's; 0 where none was asked."""
    return tx.execute(select(_row.c.clock_offset)).scalar() or 0
