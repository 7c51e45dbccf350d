"""How a command comes to an open archive: the passphrase on standard input, or the keyring."""

import argparse
import getpass
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from carehub import log, paths
from carehub.cli import times
from carehub.errors import ArchiveMissing, InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.app import App
    from carehub.archive.store import Archive
    from carehub.archive.vault import Keys
    from carehub.devices.link import Radio


@contextmanager
def opened(args: argparse.Namespace) -> "Iterator[Archive]":
    """Give the archive of this machine, unlocked, and close it again whatever happens."""
    folder = paths.archive()
    keys = unlocked(args, folder)
    from carehub.archive.store import Archive

    archive = Archive.open(folder, keys, times.now())
    try:
        yield archive
    finally:
        archive.close(times.now())


@contextmanager
def joined(args: argparse.Namespace, radio: "Radio | None" = None) -> "Iterator[App]":
    """Give the archive as of now: what a crash left undecoded is taken in, and the rules look at it."""
    folder = paths.archive()
    keys = unlocked(args, folder)
    from carehub.app import App
    from carehub.devices.link import Radio

    app = App.open(folder, keys, radio or Radio(), times.now)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def scratch(*, demo: bool = False) -> "Iterator[Archive]":
    """Give an archive that ends with this command: its key is kept nowhere, its folder goes."""
    from carehub.archive import vault
    from carehub.archive.store import Archive

    vault.harden_process()
    with tempfile.TemporaryDirectory(prefix="carehub-") as place:
        folder, now = Path(place, "archive"), times.now()
        keys, _code = vault.create(
            folder, passphrase=secrets.token_urlsafe(), keyring=False, now=now
        )
        archive = Archive.create(folder, keys, now, demo=demo)
        try:
            yield archive
        finally:
            archive.close(times.now())


def unlocked(args: argparse.Namespace, folder: Path) -> "Keys":
    """Return the keys of the archive in `folder`; raises ArchiveMissing or why it stays locked."""
    from carehub.archive import vault

    if not vault.exists(folder):
        raise ArchiveMissing
    return key_turner(args)(folder)


def key_turner(args: argparse.Namespace) -> "Callable[[Path], Keys]":
    """Return what unlocks an archive's folder in the way the command was told; it reads input once."""
    from carehub.archive import vault

    vault.harden_process()
    log.set_up(paths.state(), debug=args.debug)
    if args.passphrase_stdin:
        passphrase = first_line(_("Passphrase: "))
        return lambda folder: vault.unlock_with_passphrase(folder, passphrase)
    if args.recovery_code_stdin:
        code = first_line(_("Recovery code: "))
        return lambda folder: vault.unlock_with_recovery(folder, code)
    return vault.unlock_with_keyring


def first_line(prompt: str) -> str:
    """Return the first line of standard input; where that is a terminal, ask without showing it."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = _text(sys.stdin.readline)
    if not line:
        raise InputError(_("Standard input is empty; its first line must be what unlocks."))
    return line.rstrip("\r\n")


def rest() -> str:
    """Return what standard input holds after the lines already read."""
    return _text(sys.stdin.read)


def _text(read: Callable[[], str]) -> str:
    try:
        return read()
    except UnicodeDecodeError as error:
        raise InputError(_("Standard input is not UTF-8 text.")) from error
