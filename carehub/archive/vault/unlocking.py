"""Unlocking an archive: by keyring, PIN, passphrase or recovery code."""

from collections.abc import Callable
from pathlib import Path

from carehub import log
from carehub.archive.keyrings import KeyStore, OsKeyring
from carehub.archive.vault import codes, device, keyfile, slots, tries
from carehub.archive.vault.keyfile import KeyFile
from carehub.archive.vault.keys import Keys
from carehub.archive.vault.slots import Slot, Way
from carehub.errors import (
    ArchiveError,
    KeyringChanged,
    MemoryShort,
    PinDestroyed,
    PinLocked,
    WayMissing,
    WrongPassphrase,
    WrongPin,
    WrongRecoveryCode,
)


def unlock_with_keyring(folder: Path, *, store: KeyStore | None = None) -> Keys:
    """Unlock with the device secret in the keyring; raises KeyringUnavailable or KeyringChanged."""
    file = keyfile.read(folder)
    chosen = _slots(file, Way.KEYRING)
    secret = device.get(store or OsKeyring(), file.archive_id)
    return _opened(file, chosen, lambda slot: slots.keyring_key(slot, secret), KeyringChanged())


def unlock_with_passphrase(folder: Path, text: str) -> Keys:
    """Unlock with the passphrase; raises WrongPassphrase."""
    file = keyfile.read(folder)
    chosen = _slots(file, Way.PASSPHRASE)
    return _opened(file, chosen, lambda slot: slots.passphrase_key(slot, text), WrongPassphrase())


def unlock_with_recovery(folder: Path, code: str) -> Keys:
    """Unlock with the recovery code, typed in any case and grouping; raises WrongRecoveryCode."""
    file = keyfile.read(folder)
    chosen = _slots(file, Way.RECOVERY)
    plain = codes.read_code(code)
    return _opened(file, chosen, lambda slot: slots.recovery_key(slot, plain), WrongRecoveryCode())


def unlock_with_pin(folder: Path, pin: str, now: int, *, store: KeyStore | None = None) -> Keys:
    """Unlock with the PIN and the device secret.

    Raises WrongPin with the tries left, PinLocked while it has to wait, PinDestroyed after ten
    wrong tries, KeyringUnavailable or KeyringChanged. The try is on the disk before it is made.
    """
    file = keyfile.read(folder)
    with tries.counting(folder):
        made = _counted(folder, file, now)
        chosen = _slots(file, Way.PIN)
        secret = device.get(store or OsKeyring(), file.archive_id)
        tries.write(folder, tries.Tries(made.count + 1, now))
        try:
            keys = _opened(
                file, chosen, lambda slot: slots.pin_key(slot, pin, secret), _wrong(made.count + 1)
            )
        except MemoryShort:
            tries.write(folder, made)
            raise
        except PinDestroyed:
            destroy_pin(folder, file)
            raise
        tries.clear(folder)
    return keys


def pin_wait(folder: Path, now: int) -> int:
    """Return how many seconds the next PIN has to wait."""
    return tries.read(folder, now).seconds_to_wait(now)


def destroy_pin(folder: Path, file: KeyFile) -> None:
    """Remove the PIN slot for good; every other way still opens the archive."""
    log.archive.warning("the PIN was destroyed after too many wrong tries")
    keyfile.write(folder, file.destroy(Way.PIN))


def _counted(folder: Path, file: KeyFile, now: int) -> tries.Tries:
    made = tries.read(folder, now)
    if made.count >= tries.MOST:
        if file.of(Way.PIN):
            destroy_pin(folder, file)
        raise PinDestroyed
    wait = made.seconds_to_wait(now)
    if wait:
        raise PinLocked(seconds=wait)
    return made


def _wrong(count: int) -> ArchiveError:
    left = tries.Tries(count).left
    return WrongPin(left=left) if left else PinDestroyed()


def _slots(file: KeyFile, way: Way) -> tuple[Slot, ...]:
    found = file.of(way)
    if found:
        return found
    if any(gone.way is way for gone in file.destroyed):
        raise PinDestroyed
    raise WayMissing


def _opened(
    file: KeyFile, chosen: tuple[Slot, ...], key: Callable[[Slot], bytes], refusal: ArchiveError
) -> Keys:
    for slot in chosen:
        master = slots.unwrap(slot, key(slot), file.bound(slot))
        if master is not None:
            return file.keys(master)
    raise refusal
