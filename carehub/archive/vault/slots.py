"""A slot wraps the master key for one way of unlocking: keyring, PIN, passphrase or recovery code."""

import os
import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum

from carehub.archive.vault.codes import passphrase_bytes, pin_bytes
from carehub.archive.vault.keys import KEY_BYTES, draw
from carehub.errors import MemoryShort

SALT_BYTES = 16
NONCE_BYTES = 12
MIB = 1024


class Way(StrEnum):
    """How an archive may be unlocked."""

    KEYRING = "keyring"
    PIN = "pin"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a way, not a secret
    RECOVERY = "recovery"


DEVICE_BOUND = frozenset({Way.KEYRING, Way.PIN})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Argon2id's cost: memory in KiB, passes and lanes."""

    memory: int
    passes: int
    lanes: int


STRONG = Stretch(64 * MIB, 3, 4)
SMALL = Stretch(19 * MIB, 2, 1)
FREE_MEMORY_WANTED = 256 * 1024 * MIB


@dataclass(frozen=True, slots=True)
class Slot:
    """One wrapped copy of the master key; `backend` names the keyring that holds its device secret."""

    id: str
    way: Way
    salt: bytes
    nonce: bytes
    wrapped: bytes = field(repr=False)
    stretch: Stretch | None = None
    backend: str = ""


def fresh_slot(way: Way, backend: str = "") -> Slot:
    """Return a slot of this kind with new salt and nonce, still empty."""
    stretch = affordable() if way in (Way.PIN, Way.PASSPHRASE) else None
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    return Slot(secrets.token_hex(4), way, salt, nonce, b"", stretch, backend)


def affordable() -> Stretch:
    """Choose Argon2id's cost: 64 MiB, or 19 MiB (OWASP's smallest) where memory is short."""
    if not hasattr(os, "sysconf") or "SC_AVPHYS_PAGES" not in os.sysconf_names:
        return STRONG  # pragma: no cover - Windows and macOS do not tell
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return STRONG if free >= FREE_MEMORY_WANTED else SMALL


def stretched(secret: bytes, salt: bytes, cost: Stretch) -> bytes:
    """Return 32 bytes of Argon2id (RFC 9106); raises MemoryShort where the memory is not there."""
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(
            secret, salt, cost.passes, cost.memory, cost.lanes, KEY_BYTES, Type.ID
        )
    except (HashingError, MemoryError) as error:
        raise MemoryShort from error


def keyring_key(slot: Slot, device_secret: bytes) -> bytes:
    """Return the key-encryption key of a keyring slot."""
    return draw(device_secret, "carehub/slot/keyring/v1", slot.salt)


def pin_key(slot: Slot, pin: str, device_secret: bytes) -> bytes:
    """Return the key-encryption key of a PIN slot.

    It needs the device secret as well: six digits alone fall to guessing in days, whatever the cost.
    """
    secret = stretched(pin_bytes(pin), slot.salt, _cost(slot)) + device_secret
    return draw(secret, "carehub/slot/pin/v1", slot.salt)


def passphrase_key(slot: Slot, text: str) -> bytes:
    """Return the key-encryption key of a passphrase slot."""
    secret = stretched(passphrase_bytes(text), slot.salt, _cost(slot))
    return draw(secret, "carehub/slot/passphrase/v1", slot.salt)


def recovery_key(slot: Slot, code: bytes) -> bytes:
    """Return the key-encryption key of a recovery slot; 160 random bits need no stretching."""
    return draw(code, "carehub/slot/recovery/v1", slot.salt)


def wrap(slot: Slot, master: bytes, key: bytes, bound: bytes) -> Slot:
    """Return the slot with the master key wrapped in AES-256-GCM, bound to `bound`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return replace(slot, wrapped=AESGCM(key).encrypt(slot.nonce, master, bound))


def unwrap(slot: Slot, key: bytes, bound: bytes) -> bytes | None:
    """Return the master key, or None where key, slot or `bound` are not those it was wrapped with."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(slot.nonce, slot.wrapped, bound)
    except InvalidTag:
        return None


def _cost(slot: Slot) -> Stretch:
    if slot.stretch is None:
        raise ValueError("a typed secret is always stretched")
    return slot.stretch
