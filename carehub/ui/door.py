"""The door to the archive: how it can be opened, opening it, making it, restoring it; free of Qt.

Everything here takes time and runs on the background thread; `session` shows what comes of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from carehub import log
from carehub.care.people import Person
from carehub.errors import ArchiveDamaged, ArchiveError, KeyFileDamaged, KeyringUnavailable
from carehub.ui import clock

if TYPE_CHECKING:
    from carehub.app import App
    from carehub.archive.backup import Backup
    from carehub.archive.keyrings import KeyStore
    from carehub.archive.vault import Keys
    from carehub.care.alerts import Notice
    from carehub.devices.link import Radio
    from carehub.workflows.first_run import Next, Wish


@dataclass(frozen=True, slots=True)
class Ways:
    """How the archive on this machine can be opened, if there is one; `wait` seconds for a PIN."""

    exists: bool
    pin: bool = False
    passphrase: bool = False
    keyring: bool = False
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """An open archive, who is in it, and what the round at opening has to tell.

    `unfinished` says where a first run goes on; `code` is a recovery code that was just made.
    """

    app: "App"
    people: tuple[Person, ...]
    notices: "tuple[Notice, ...]" = field(default=(), repr=False)
    unfinished: "Next | None" = None
    code: str = field(default="", repr=False)


class Door:
    """The archive's folder, the key store and the radio, and the open archive once there is one."""

    def __init__(
        self, folder: Path, radio: "Callable[[], Radio]", store: "KeyStore | None" = None
    ) -> None:
        self.folder = folder
        self.store = store
        self.app: App | None = None
        self._radio = radio
        self._keys: Keys | None = None
        """Keys that were found right but could not open the database: a restore needs them."""

    # How it can be opened

    def ways(self) -> Ways:
        """Return how the archive can be opened; raises KeyFileDamaged."""
        from carehub.archive import vault
        from carehub.archive.vault import Way

        if not vault.exists(self.folder):
            return Ways(exists=False)
        try:
            known = vault.ways(self.folder)
        except FileNotFoundError as error:
            raise KeyFileDamaged from error
        return Ways(
            exists=True,
            pin=Way.PIN in known,
            passphrase=Way.PASSPHRASE in known,
            keyring=Way.KEYRING in known,
            wait=vault.pin_wait(self.folder, clock.now()),
        )

    def pin_possible(self) -> bool:
        """Tell whether a keyring is here to hold the half of a PIN's secret."""
        from carehub.archive.vault import OsKeyring

        try:
            store = self.store or OsKeyring()
            log.ui.info("the keyring is %s", store.name)
        except KeyringUnavailable:
            return False
        return True

    def urgent(self) -> bool:
        """Tell whether an urgent alert, or a dangerous value to recheck, waits behind the lock."""
        from carehub.archive import alerts, people
        from carehub.care.alerts.model import Level, State

        if self.app is None:
            return False
        with self.app.archive.read() as tx:
            return any(
                alert.level >= Level.L3 or alert.state is State.PENDING
                for person in people.everyone(tx)
                for alert in alerts.open(tx, person.id)
            )

    # Keys

    def with_keyring(self) -> "Keys":
        """Unlock with the keyring alone."""
        from carehub.archive import vault

        return vault.unlock_with_keyring(self.folder, store=self.store)

    def with_pin(self, pin: str) -> "Keys":
        """Unlock with the PIN."""
        from carehub.archive import vault

        return vault.unlock_with_pin(self.folder, pin, clock.now(), store=self.store)

    def with_passphrase(self, text: str) -> "Keys":
        """Unlock with the passphrase."""
        from carehub.archive import vault

        return vault.unlock_with_passphrase(self.folder, text)

    def with_recovery(self, code: str) -> "Keys":
        """Unlock with the recovery code."""
        from carehub.archive import vault

        return vault.unlock_with_recovery(self.folder, code)

    def change_pin(self, pin: str) -> None:
        """Set another PIN; the archive is open. A keyring that lost its part gets it anew."""
        from carehub.archive import vault

        vault.change_pin(self.folder, self._open_keys(), pin, store=self.store)
        vault.remember_in_keyring(self.folder, self._open_keys(), store=self.store)

    def set_passphrase(self, text: str) -> None:
        """Set another passphrase; the archive is open."""
        from carehub.archive import vault

        vault.set_passphrase(self.folder, self._open_keys(), text)

    def new_code(self) -> str:
        """Replace the recovery code and return the new one; the archive is open."""
        from carehub.archive import vault

        return vault.new_recovery_code(self.folder, self._open_keys())

    def _open_keys(self) -> "Keys":
        assert self.app is not None
        return self.app.archive.keys

    # Opening

    def enter(self, keys: "Callable[[], Keys]") -> Opened:
        """Open the archive with the keys that `keys` finds; behind the screen lock it is open."""
        found = keys()
        if self.app is not None:
            return self._opened(self.app, ())
        return self._open(found)

    def _open(self, keys: "Keys") -> Opened:
        from carehub.app import App

        try:
            app = App.open(self.folder, keys, self._radio(), clock.now)
        except ArchiveDamaged:
            self._keys = keys
            raise
        return self._opened(app, app.first_notices)

    def _opened(self, app: "App", notices: "tuple[Notice, ...]") -> Opened:
        from carehub.archive import streams
        from carehub.workflows import first_run

        self.app = app
        with app.archive.read() as tx:
            everyone = tuple(streams.own_people(tx))
        return Opened(app, everyone, notices, first_run.pending(self.folder))

    def make(self, wish: "Wish", pin: str | None, passphrase: str | None) -> Opened:
        """Make the archive and its first person, and open it; the result has the recovery code."""
        from dataclasses import replace

        from carehub.workflows import first_run

        keys, code = first_run.begin(
            self.folder,
            wish,
            pin=pin,
            passphrase=passphrase,
            store=self.store,
            now=clock.now(),
        )
        return replace(self._open(keys), code=code)

    # After damage

    def backups(self) -> "list[Backup]":
        """Return the verified backups, the newest first."""
        from carehub.archive import backup

        return backup.list_backups(self.folder)

    def has_key_copy(self) -> bool:
        """Tell whether a whole copy of the key file lies beside the backups."""
        from carehub.archive import vault

        return vault.key_file_copy(self.folder) is not None

    def restore_key_file(self) -> Ways:
        """Put the copy of the key file in place; the damaged one is kept beside it."""
        from carehub.archive import vault

        copy = vault.key_file_copy(self.folder)
        if copy is None:
            raise KeyFileDamaged
        vault.restore_key_file(self.folder, copy, clock.now())
        return self.ways()

    def restore(self, file: Path) -> Opened:
        """Put a backup in place of the database, keep what was there beside it, and open it."""
        from carehub.archive import backup

        keys = self._keys or self._open_keys()
        self.close_damaged()
        backup.restore(self.folder, file, keys, clock.now())
        return self._open(keys)

    def close_damaged(self) -> None:
        """Close an archive that can no longer be read; its last backup may fail."""
        app, self.app = self.app, None
        if app is None:
            return
        self._keys = app.archive.keys
        try:
            app.close()
        except ArchiveError as error:
            log.ui.warning("closing a damaged archive: %s", error.code)

    def close(self) -> None:
        """Close the archive, with its backup."""
        app, self.app = self.app, None
        if app is not None:
            app.close()
