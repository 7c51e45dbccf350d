"""The keys of an archive: made once, wrapped for each way of unlocking, never written in the open.

`create` makes them and returns the recovery code; the `unlock_with_…` functions return `Keys`.
Nothing here imports SQLAlchemy or SQLCipher, so that a lock screen opens at once.
"""

from carehub.archive.keyrings import KeyStore, MemoryKeys, OsKeyring
from carehub.archive.vault.changing import (
    change_pin,
    check_seal,
    create,
    exists,
    forget_keyring,
    key_file_copy,
    new_recovery_code,
    remember_in_keyring,
    restore_key_file,
    set_generation,
    set_passphrase,
    ways,
)
from carehub.archive.vault.keys import Keys
from carehub.archive.vault.process import harden_process
from carehub.archive.vault.slots import Way
from carehub.archive.vault.unlocking import (
    pin_wait,
    unlock_with_keyring,
    unlock_with_passphrase,
    unlock_with_pin,
    unlock_with_recovery,
)

__all__ = [
    "KeyStore",
    "Keys",
    "MemoryKeys",
    "OsKeyring",
    "Way",
    "change_pin",
    "check_seal",
    "create",
    "exists",
    "forget_keyring",
    "harden_process",
    "key_file_copy",
    "new_recovery_code",
    "pin_wait",
    "remember_in_keyring",
    "restore_key_file",
    "set_generation",
    "set_passphrase",
    "unlock_with_keyring",
    "unlock_with_passphrase",
    "unlock_with_pin",
    "unlock_with_recovery",
    "ways",
]
