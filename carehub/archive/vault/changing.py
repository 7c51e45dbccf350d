"""Making an archive's keys, and changing how it is unlocked: re-wrapping, never re-encrypting."""

import secrets
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from carehub.archive import files
from carehub.archive.keyrings import KeyStore, OsKeyring
from carehub.archive.vault import codes, device, keyfile, slots, tries
from carehub.archive.vault.keyfile import KeyFile
from carehub.archive.vault.keys import KEY_BYTES, Keys
from carehub.archive.vault.slots import Slot, Way
from carehub.errors import ArchiveExists, KeyFileDamaged, KeyringOnly

DATABASE_NAME = "archive.db"


def exists(folder: Path) -> bool:
    """Tell whether `folder` holds an archive, or what is left of one."""
    return keyfile.path(folder).exists() or (folder / DATABASE_NAME).exists()


def ways(folder: Path) -> frozenset[Way]:
    """Return the ways this archive is set up to be unlocked."""
    return frozenset(slot.way for slot in keyfile.read(folder).slots)


def create(
    folder: Path,
    *,
    now: int,
    pin: str | None = None,
    passphrase: str | None = None,
    keyring: bool = True,
    store: KeyStore | None = None,
) -> tuple[Keys, str]:
    """Make the keys of a new archive and return them with the recovery code, which is shown once.

    Raises ArchiveExists, KeyringOnly (a PIN or a passphrase is needed too), InputError, and
    KeyringUnavailable where a keyring or PIN slot is asked for and no keyring will hold its secret.
    """
    if exists(folder):
        raise ArchiveExists
    if pin is None and passphrase is None:
        raise KeyringOnly
    _check(pin, passphrase)
    keys = Keys(secrets.token_bytes(KEY_BYTES), uuid4())
    file = KeyFile(keys.archive_id, now)
    holder = store or OsKeyring()
    if keyring:
        file = _with_keyring(file, keys, holder)
    if pin is not None:
        file = _with_pin(file, keys, pin, holder)
    if passphrase is not None:
        file = _with_passphrase(file, keys, passphrase)
    file, code = _with_recovery(file, keys)
    _publish(folder, keyfile.sealed(file, keys))
    return keys, code


def change_pin(folder: Path, keys: Keys, pin: str, *, store: KeyStore | None = None) -> None:
    """Set the PIN, also after it was destroyed, and forget the wrong tries."""
    codes.check_pin(pin)
    _save(folder, keys, _with_pin(_current(folder, keys), keys, pin, store or OsKeyring()))
    tries.clear(folder)


def set_passphrase(folder: Path, keys: Keys, text: str) -> None:
    """Set or replace the passphrase."""
    codes.check_passphrase(text)
    _save(folder, keys, _with_passphrase(_current(folder, keys), keys, text))


def new_recovery_code(folder: Path, keys: Keys) -> str:
    """Replace the recovery code and return the new one; the old one opens nothing any more."""
    file, code = _with_recovery(_current(folder, keys), keys)
    _save(folder, keys, file)
    return code


def remember_in_keyring(folder: Path, keys: Keys, *, store: KeyStore | None = None) -> None:
    """Let the keyring unlock the archive from now on; slots of other keyrings stay."""
    _save(folder, keys, _with_keyring(_current(folder, keys), keys, store or OsKeyring()))


def forget_keyring(folder: Path, keys: Keys) -> None:
    """Let no keyring unlock the archive any more; its secret stays there, as the PIN needs it."""
    _save(folder, keys, _current(folder, keys).without(Way.KEYRING))


def set_generation(folder: Path, keys: Keys, generation: int, pending: int | None) -> Keys:
    """Record which generation of the database key is in use, and which a change is moving to."""
    file = replace(_current(folder, keys), generation=generation, pending=pending)
    _save(folder, keys, file)
    return Keys(keys.master(), keys.archive_id, generation, pending)


def check_seal(folder: Path, keys: Keys) -> None:
    """Raise KeyFileDamaged unless the key file is whole and belongs to these keys."""
    _current(folder, keys)


def key_file_copy(folder: Path) -> Path | None:
    """Return a whole copy of the key file, or None; it is put in place by `restore_key_file` only."""
    copy = keyfile.copy_path(folder)
    try:
        keyfile.read_file(copy)
    except (FileNotFoundError, KeyFileDamaged):
        return None
    return copy


def restore_key_file(folder: Path, copy: Path, now: int) -> None:
    """Put a copy of the key file in place; the damaged one is kept beside it.

    Raises KeyFileDamaged where the copy is not a whole key file, ArchiveExists where the one in
    place is whole.
    """
    file = keyfile.read_file(copy)
    current = keyfile.path(folder)
    if current.exists():
        _keep_damaged(current, now)
    files.make_folder(folder)
    keyfile.write(folder, file)


def _keep_damaged(current: Path, now: int) -> None:
    try:
        keyfile.read_file(current)
    except KeyFileDamaged:
        files.replace(current.with_name(f"{keyfile.NAME}.damaged-{now}"), current.read_bytes())
    else:
        raise ArchiveExists


def _check(pin: str | None, passphrase: str | None) -> None:
    if pin is not None:
        codes.check_pin(pin)
    if passphrase is not None:
        codes.check_passphrase(passphrase)


def _publish(folder: Path, file: KeyFile) -> None:
    files.make_folder(folder)
    try:
        files.create(keyfile.path(folder), keyfile.content(file))
    except FileExistsError as error:
        raise ArchiveExists from error
    keyfile.write_copy(folder, file)


def _current(folder: Path, keys: Keys) -> KeyFile:
    file = keyfile.read(folder)
    if file.archive_id != keys.archive_id:
        raise KeyFileDamaged
    file.keys(keys.master())
    return file


def _save(folder: Path, keys: Keys, file: KeyFile) -> None:
    keyfile.write(folder, keyfile.sealed(file, keys))


def _with(file: KeyFile, slot: Slot, keys: Keys, key: bytes) -> KeyFile:
    wrapped = slots.wrap(slot, keys.master(), key, file.bound(slot))
    return replace(file, slots=(*file.slots, wrapped))


def _with_keyring(file: KeyFile, keys: Keys, store: KeyStore) -> KeyFile:
    secret, file = _device_secret(file, store)
    slot = slots.fresh_slot(Way.KEYRING, store.name)
    rest = file.without(Way.KEYRING, backend=store.name)
    return _with(rest, slot, keys, slots.keyring_key(slot, secret))


def _with_pin(file: KeyFile, keys: Keys, pin: str, store: KeyStore) -> KeyFile:
    secret, file = _device_secret(file, store)
    slot = slots.fresh_slot(Way.PIN, store.name)
    return _with(file.without(Way.PIN), slot, keys, slots.pin_key(slot, pin, secret))


def _with_passphrase(file: KeyFile, keys: Keys, text: str) -> KeyFile:
    slot = slots.fresh_slot(Way.PASSPHRASE)
    return _with(file.without(Way.PASSPHRASE), slot, keys, slots.passphrase_key(slot, text))


def _with_recovery(file: KeyFile, keys: Keys) -> tuple[KeyFile, str]:
    slot, code = slots.fresh_slot(Way.RECOVERY), codes.new_code()
    rest = file.without(Way.RECOVERY)
    return _with(rest, slot, keys, slots.recovery_key(slot, code)), codes.written(code)


def _device_secret(file: KeyFile, store: KeyStore) -> tuple[bytes, KeyFile]:
    """Return the device secret and the file, without slots that a lost secret made useless."""
    secret = device.find(store, file.archive_id)
    if secret is not None:
        return secret, file
    useless = file.without(Way.KEYRING, backend=store.name).without(Way.PIN, backend=store.name)
    return device.make(store, file.archive_id), useless
