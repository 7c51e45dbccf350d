"""`carehub archive`: make, look at, check, back up and restore the encrypted archive."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from carehub import log, paths
from carehub.cli import opening, times
from carehub.cli.grammar import Nouns
from carehub.cli.output import emit
from carehub.errors import ArchiveDamaged, ArchiveMissing, InputError, KeyFileDamaged
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.vault import Keys

_UNSOUND = ArchiveDamaged.exit_code


def register(nouns: Nouns) -> None:
    """Add `archive` and its verbs to the command line."""
    noun = nouns.noun("archive", _("make, check, back up and restore the archive"))
    making = noun.verb("create", _("make a new archive and its recovery code"), create)
    making.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help=_("take the passphrase from the first line of standard input"),
    )
    making.add_argument(
        "--keyring", action="store_true", help=_("let this computer's keyring open it as well")
    )
    noun.verb("info", _("tell what the archive holds"), info, archive=True)
    noun.verb("check", _("read every page and compare the tables"), check, archive=True)
    noun.verb("backup", _("make a verified backup now"), make_backup, archive=True)
    restoring = noun.verb("restore", _("put a backup in place"), restore, archive=True)
    restoring.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help=_("the backup; otherwise the newest")
    )


def create(args: argparse.Namespace) -> int:
    """Make an archive; its recovery code is printed once and kept nowhere."""
    from carehub.archive import vault
    from carehub.archive.store import Archive

    vault.harden_process()
    folder, now = paths.archive(), times.now()
    passphrase = opening.first_line(_("Passphrase: ")) if args.passphrase_stdin else None
    if passphrase is not None and _half_made(folder):
        keys = vault.unlock_with_passphrase(folder, passphrase)
        code = vault.new_recovery_code(folder, keys)
    else:
        keys, code = vault.create(folder, passphrase=passphrase, keyring=args.keyring, now=now)
    log.set_up(paths.state(), debug=args.debug)
    Archive.create(folder, keys, now).close(now)
    ways = sorted(way.value for way in vault.ways(folder))
    emit(
        {"folder": str(folder), "ways": ways, "recovery_code": code},
        args.json,
        [
            _("The archive was made in {folder}.").format(folder=folder),
            _("Recovery code: {code}").format(code=code),
            _("Write it down and keep it safe: it is shown only now."),
        ],
    )
    return 0


def _half_made(folder: Path) -> bool:
    """Tell whether making an archive was cut short after its keys, before its database.

    A lost database looks the same but for its backups; then nothing new is made over it.
    """
    from carehub.archive import backup, vault
    from carehub.archive.store import DATABASE

    lost = vault.exists(folder) and not (folder / DATABASE).exists()
    return lost and not backup.list_backups(folder)


def info(args: argparse.Namespace) -> int:
    """Print what the archive holds, in numbers."""
    from carehub.archive import vault

    folder = paths.archive()
    with opening.opened(args) as archive:
        found = archive.info()
    zone = times.local_offset(times.now())
    shape = {
        "folder": str(folder),
        "ways": sorted(way.value for way in vault.ways(folder)),
        "revision": found.revision,
        "created_at": times.written(found.created_at, zone),
        "demo": found.demo,
        "people": found.people,
        "readings": found.readings,
        "waiting_changes": found.open_ops,
        "bytes": found.bytes_used,
        "newest_backup_at": times.written_or_none(found.newest_backup_at, zone),
    }
    emit(shape, args.json, [f"{name}: {_plain(value)}" for name, value in shape.items()])
    return 0


def check(args: argparse.Namespace) -> int:
    """Read the whole archive; the exit code is 0 where it is sound, else that of a damaged one."""
    with opening.opened(args) as archive:
        found = archive.check()
    lines = [_("The archive is sound.")] if found.sound else [ArchiveDamaged().sentence()]
    emit(
        {"sound": found.sound, "faults": list(found.faults), "rows": dict(found.counts)},
        args.json,
        [*lines, *found.faults],
    )
    return 0 if found.sound else _UNSOUND


def make_backup(args: argparse.Namespace) -> int:
    """Make a backup, examine it, and print where it is."""
    from carehub.archive import backup

    with opening.opened(args) as archive:
        made = backup.make(archive, times.now())
    made_at = times.written(made.made_at, times.local_offset(made.made_at))
    emit(
        {"file": str(made.file), "made_at": made_at},
        args.json,
        [_("A backup was made and checked: {file}").format(file=made.file)],
    )
    return 0


def restore(args: argparse.Namespace) -> int:
    """Put a backup in place; what was there is kept beside it."""
    from carehub.archive import backup

    folder = paths.archive()
    file = args.file or _newest(folder)
    if not file.is_file():
        raise InputError(_("There is no file {file}. Check its name.").format(file=file))
    keys = _keys_for(args, folder, file.absolute().parent)
    backup.restore(folder, file, keys, times.now())
    emit(
        {"file": str(file), "folder": str(folder)},
        args.json,
        [_("The backup was put in place. What was there before is kept beside it.")],
    )
    return 0


def _newest(folder: Path) -> Path:
    from carehub.archive import backup

    made = backup.list_backups(folder)
    if not made:
        raise InputError(_("There is no backup here. Name the backup's file."))
    return made[0].file


def _keys_for(args: argparse.Namespace, folder: Path, beside: Path) -> "Keys":
    """Unlock by the archive's key file, or by the copy beside the backup where that one is gone."""
    from carehub.archive import vault
    from carehub.archive.vault import keyfile

    turn = opening.key_turner(args)
    try:
        return turn(folder)
    except (ArchiveMissing, KeyFileDamaged) as error:
        if not keyfile.path(beside).exists():
            raise
        keys = turn(beside)
        if isinstance(error, KeyFileDamaged):
            vault.restore_key_file(folder, keyfile.path(beside), times.now())
        return keys


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "-" if value is None else str(value)
