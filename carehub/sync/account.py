"""Signing in, and the tokens: kept in the archive, renewed by one at a time, kept before their use."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from carehub.archive import accounts, streams
from carehub.archive.accounts import Account
from carehub.errors import (
    InputError,
    NotAllowed,
    NotLetIn,
    NotSignedIn,
    PlatformBusy,
    PlatformRefused,
    PlatformUnreachable,
    SignedOut,
)
from carehub.i18n import _
from carehub.wire.accounts import (
    Device,
    DeviceAsk,
    DeviceCodes,
    Refresh,
    Register,
    SignIn,
    Tokens,
)

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

EARLY = 30_000
"""Milliseconds before its end at which an access token is renewed."""

Result = TypeVar("Result")


class Session:
    """What an archive proves itself with; the tokens never leave this object but to the client."""

    def __init__(self, archive: "Archive", client: "Client", clock: Callable[[], int]) -> None:
        self._archive = archive
        self._client = client
        self._clock = clock
        self._renewing = asyncio.Lock()

    async def run(self, work: Callable[[str], Awaitable[Result]]) -> Result:
        """Ask with an access token; where that is not taken, renew it and ask once more."""
        access = await self._access()
        try:
            return await work(access)
        except SignedOut:
            return await work(await self._access(stale=access))

    async def follow(self, work: Callable[[str], AsyncIterator[Result]]) -> AsyncIterator[Result]:
        """Give what a stream gives that is opened with an access token, until it ends."""
        access = await self._access()
        try:
            async for each in work(access):
                yield each
        except SignedOut:
            async for each in work(await self._access(stale=access)):
                yield each

    async def _access(self, stale: str = "") -> str:
        """Return an access token; several who need a new one at once get the same.

        A successor is on the disk before anybody uses it. If its arrival was lost, asking again with
        the old one gives the same successor.
        """
        async with self._renewing:
            account = kept(self._archive)
            fresh = account.access and account.access != stale
            if fresh and self._clock() < account.access_until - EARLY:
                return account.access
            if not account.refresh:
                raise SignedOut
            try:
                tokens = await self._client.refresh(Refresh(refresh_token=account.refresh))
            except SignedOut as error:
                self._forget(str(error.parameters["reason"]))
                raise
            keep(self._archive, account, tokens, self._clock())
            return tokens.access_token

    def _forget(self, reason: str) -> None:
        with self._archive.write() as tx:
            accounts.note(tx, access="", refresh="", trouble=reason)


def kept(archive: "Archive") -> Account:
    """Return the account; raises NotSignedIn."""
    with archive.read() as tx:
        account = accounts.get(tx)
    if account is None or not account.signed_in:
        raise NotSignedIn if account is None or not account.trouble else SignedOut(account.trouble)
    return account


def keep(archive: "Archive", account: Account, tokens: Tokens, now: int) -> Account:
    """Keep new tokens, on the disk before anybody uses them."""
    account = replace(
        account,
        access=tokens.access_token,
        access_until=now + tokens.expires_in * 1000,
        refresh=tokens.refresh_token or "",
        trouble="",
    )
    with archive.write() as tx:
        accounts.put(tx, account)
    return account


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to sign in and as whom; `new` makes the account first."""

    url: str
    login: str = field(repr=False)
    password: str = field(repr=False)
    new: bool = False


async def sign_in(
    archive: "Archive",
    client: "Client",
    asked: Asked,
    *,
    new_id: Callable[[], UUID],
    clock: Callable[[], int],
) -> Account:
    """Sign this archive in and keep the tokens in it.

    Raises SignedOut where name and password do not fit, NotAllowed where the archive is another's,
    InputError where they cannot be right.
    """
    device = device_of(archive, new_id)
    tokens = await _prove(client, asked, device)
    return enter(archive, asked, device, tokens, clock())


async def sign_in_by_code(
    archive: "Archive",
    client: "Client",
    url: str,
    show: Callable[[DeviceCodes], object],
    *,
    new_id: Callable[[], UUID],
    clock: Callable[[], int],
) -> Account:
    """Sign this archive in by a code that `show` shows and a signed-in machine says yes to (RFC 8628).

    Waits until it was answered. Raises NotLetIn where the answer was no or none came in time.
    """
    device = device_of(archive, new_id)
    codes = await client.ask_code(DeviceAsk(device=device))
    until = clock() + codes.expires_in * 1000
    show(codes)
    pause = max(float(codes.interval), SOONEST)
    while clock() < until:
        await asyncio.sleep(pause)
        try:
            tokens = await client.poll_code(codes.device_code)
        except PlatformRefused as error:
            pause = _pause_after(error, pause)
        except (PlatformBusy, PlatformUnreachable):
            pause += SLOWER
        else:
            return enter(archive, Asked(url, "", ""), device, tokens, clock())
    raise NotLetIn


SOONEST = 0.05
SLOWER = 5.0
"""Seconds between two questions at least; by how many they grow when we ask too often (RFC 8628)."""


def _pause_after(error: PlatformRefused, pause: float) -> float:
    match error.parameters["reason"]:
        case "authorization_pending":
            return pause
        case "slow_down":
            return pause + SLOWER
        case _:
            raise NotLetIn from error


def device_of(archive: "Archive", new_id: Callable[[], UUID]) -> Device:
    """Return this archive's device, whose id is made once."""
    with archive.read() as tx:
        before = accounts.get(tx)
    return Device(id=before.device_id if before else new_id())


def enter(archive: "Archive", asked: Asked, device: Device, tokens: Tokens, now: int) -> Account:
    """Keep the tokens of this account, if this archive is not already shared by another one."""
    with archive.read() as tx:
        before, shared = accounts.get(tx), streams.everyone(tx)
    if before is not None and shared and before.id != tokens.account_id:
        raise NotAllowed(_("These records are shared by another account. Sign in with that one."))
    fresh = Account(tokens.account_id, asked.url, asked.login, device.id)
    if before is not None and before.id == tokens.account_id:
        login = asked.login or before.login
        fresh = replace(before, url=asked.url, login=login, failures=0, next_at=0)
    return keep(archive, fresh, tokens, now)


async def _prove(client: "Client", asked: Asked, device: Device) -> Tokens:
    try:
        if asked.new:
            shape = Register(login=asked.login, password=asked.password, device=device)
            return await client.register(shape)
        known = SignIn(login=asked.login, password=asked.password, device=device)
    except ValueError as error:
        raise InputError(
            _("A name has 3 to 64 signs and a password 8 or more. Check both and try again.")
        ) from error
    return await client.sign_in(known)


async def sign_out(archive: "Archive", client: "Client", clock: Callable[[], int]) -> None:
    """End the session here and there; what waits stays, and waits for the next sign-in."""
    session = Session(archive, client, clock)
    try:
        await session.run(client.sign_out)
    finally:
        with archive.write() as tx:
            accounts.note(tx, access="", refresh="", trouble="")
