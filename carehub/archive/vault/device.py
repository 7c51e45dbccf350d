"""The device secret: 32 random bytes in the keyring, one for each archive, and nothing else."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from carehub.archive.keyrings import KeyStore
from carehub.archive.vault.keys import KEY_BYTES
from carehub.errors import KeyringChanged


def service(archive_id: UUID) -> str:
    """Name the archive's own entry in the keyring."""
    return f"carehub-archive-{archive_id.hex}"


def find(store: KeyStore, archive_id: UUID) -> bytes | None:
    """Return the device secret, or None; raises KeyringChanged where the entry holds something else."""
    text = store.get(service(archive_id))
    if text is None:
        return None
    try:
        secret = urlsafe_b64decode(text + "=")
    except ValueError as error:
        raise KeyringChanged from error
    if len(secret) != KEY_BYTES:
        raise KeyringChanged
    return secret


def get(store: KeyStore, archive_id: UUID) -> bytes:
    """Return the device secret; raises KeyringChanged where the keyring no longer has it."""
    secret = find(store, archive_id)
    if secret is None:
        raise KeyringChanged
    return secret


def make(store: KeyStore, archive_id: UUID) -> bytes:
    """Keep a new device secret in the keyring and return it."""
    secret = secrets.token_bytes(KEY_BYTES)
    store.put(service(archive_id), urlsafe_b64encode(secret).decode().rstrip("="))
    return secret
