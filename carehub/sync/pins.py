"""Signing in with a PIN on a computer that was bound to it: the key lies in the archive."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from carehub.archive import accounts
from carehub.errors import InputError, SignedOut
from carehub.i18n import N_, _
from carehub.sync.account import Asked, Session, enter
from carehub.wire.accounts import Device, Pin, SignInWithPin

if TYPE_CHECKING:
    from carehub.archive.accounts import Account
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

WRONG = N_("That PIN is not right.")
UNBOUND = N_("This computer takes no PIN now. Sign in with the password, then bind it again.")


async def bind(archive: "Archive", client: "Client", pin: str, clock: Callable[[], int]) -> None:
    """Bind this computer to a PIN of six to twelve digits; it has to be signed in."""
    asked = _pin(pin)
    bound = await Session(archive, client, clock).run(lambda access: client.bind(access, asked))
    with archive.write() as tx:
        accounts.keep_device_key(tx, bound.device_key)


async def sign_in(
    archive: "Archive", client: "Client", pin: str, clock: Callable[[], int]
) -> "Account":
    """Sign this archive in again; the key for the next time is on the disk before the tokens are.

    Raises InputError where the PIN is wrong or this computer is bound to none.
    """
    with archive.read() as tx:
        before, key = accounts.get(tx), accounts.device_key(tx)
    if before is None or not key:
        raise InputError(_(UNBOUND))
    device = Device(id=before.device_id)
    asked = SignInWithPin(pin=_pin(pin).pin, device_key=key, device=device)
    try:
        tokens = await client.sign_in_with_pin(asked)
    except SignedOut as error:
        if error.parameters["reason"] == "wrong_pin":
            raise InputError(_(WRONG)) from error
        with archive.write() as tx:
            accounts.keep_device_key(tx, "")
        raise InputError(_(UNBOUND)) from error
    with archive.write() as tx:
        accounts.keep_device_key(tx, tokens.device_key)
    return enter(archive, Asked(before.url, before.login, ""), device, tokens, clock())


def _pin(text: str) -> Pin:
    try:
        return Pin(pin=text)
    except ValueError as error:
        raise InputError(_("A PIN for the platform has six to twelve digits.")) from error
