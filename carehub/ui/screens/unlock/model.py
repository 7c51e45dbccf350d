"""What the lock says: which ways there are, how long to wait, what became of a try; free of Qt."""

from dataclasses import dataclass, replace
from typing import Literal

from carehub.errors import (
    CareHubError,
    KeyringChanged,
    KeyringUnavailable,
    PinDestroyed,
    PinLocked,
    WayMissing,
)
from carehub.i18n import N_, _
from carehub.ui.door import Ways

How = Literal["pin", "passphrase", "recovery"]

NO_PIN = N_("The PIN no longer works. Use the recovery code; your records are all still here.")
RECOVERY_SIGNS = 32


@dataclass(frozen=True, slots=True)
class UnlockView:
    """The lock: `how` is what it asks for, `said` what became of the last try."""

    ways: Ways
    how: How = "pin"
    wait: int = 0
    said: str = ""
    keyring_lost: bool = False
    urgent: bool = False

    @property
    def waiting(self) -> bool:
        """Tell whether a PIN has to wait."""
        return self.how == "pin" and self.wait > 0

    @property
    def others(self) -> tuple[How, ...]:
        """Return the other ways that lead in."""
        possible: dict[How, bool] = {
            "pin": self.ways.pin and not self.keyring_lost,
            "passphrase": self.ways.passphrase,
            "recovery": True,
        }
        return tuple(how for how, there in possible.items() if there and how != self.how)


def view_of(ways: Ways, *, urgent: bool = False) -> UnlockView:
    """Return the lock as it stands when somebody comes."""
    if ways.pin:
        return UnlockView(ways, "pin", ways.wait, urgent=urgent)
    if ways.passphrase:
        return UnlockView(ways, "passphrase", urgent=urgent)
    return UnlockView(ways, "recovery", said=_(NO_PIN), urgent=urgent)


def turned_to(view: UnlockView, how: How) -> UnlockView:
    """Return the lock asking for something else."""
    return replace(view, how=how, said="")


def after(view: UnlockView, error: CareHubError) -> UnlockView:
    """Return the lock after a try that failed."""
    said = error.sentence()
    if isinstance(error, PinLocked):
        seconds = error.parameters.get("seconds", 0)
        return replace(view, wait=int(str(seconds)), said="")
    if isinstance(error, PinDestroyed | WayMissing):
        ways = replace(view.ways, pin=view.ways.pin and not isinstance(error, PinDestroyed))
        return replace(view, ways=ways, how="recovery", said=said)
    if isinstance(error, KeyringUnavailable | KeyringChanged):
        how: How = "passphrase" if view.ways.passphrase else "recovery"
        return replace(view, how=how, said=said, keyring_lost=True)
    return replace(view, said=said)


def waited(view: UnlockView) -> UnlockView:
    """Return the lock one second later."""
    return replace(view, wait=max(0, view.wait - 1))


def wait_words(seconds: int) -> str:
    """Return how long is left to wait, as people say it."""
    if seconds >= 60:
        return _("Wait {minutes} min {seconds} s").format(
            minutes=seconds // 60, seconds=seconds % 60
        )
    return _("Wait {seconds} s").format(seconds=seconds)


def counted(text: str) -> int:
    """Return how many signs of a recovery code stand in `text`."""
    return sum(sign.isalnum() for sign in text)


def grouped(text: str) -> str:
    """Write what was typed of a recovery code in groups of four capitals."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())[:RECOVERY_SIGNS]
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
