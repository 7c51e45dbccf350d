"""The lock at rest, after a wrong PIN, while it has to wait, and asking for the recovery code."""

from carehub.errors import KeyringChanged, PinLocked, WrongPin
from carehub.ui.door import Ways
from carehub.ui.screens.sample import Sample
from carehub.ui.screens.unlock.model import UnlockView, after, view_of

BOTH = Ways(exists=True, pin=True, keyring=True)


def resting() -> UnlockView:
    """Return the lock at rest, with urgent news behind it."""
    return view_of(BOTH, urgent=True)


def wrong() -> UnlockView:
    """Return the lock after a wrong PIN."""
    return after(view_of(BOTH), WrongPin(left=6))


def waiting() -> UnlockView:
    """Return the lock that has to wait."""
    return after(view_of(BOTH), PinLocked(seconds=294))


def recovery() -> UnlockView:
    """Return the lock after the keyring lost its secret."""
    return after(view_of(BOTH), KeyringChanged())


def passphrase() -> UnlockView:
    """Return the lock of a computer without a keyring."""
    return view_of(Ways(exists=True, passphrase=True))


SAMPLES = (
    Sample("unlock", "resting", resting),
    Sample("unlock", "wrong", wrong),
    Sample("unlock", "waiting", waiting),
    Sample("unlock", "recovery", recovery),
    Sample("unlock", "passphrase", passphrase),
)
