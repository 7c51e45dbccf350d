"""First run: make the archive with its first person and their consents, whole or not at all.

Everything is made in a folder beside the archive's place, which then takes its name in one step. A
mark inside says what is still to be done with the person; the next start goes on from there.
"""

import shutil
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from carehub.archive import files, vault
from carehub.care.consent import Purpose
from carehub.care.people import Sex
from carehub.errors import ArchiveExists
from carehub.workflows import people

if TYPE_CHECKING:
    from carehub.archive.keyrings import KeyStore
    from carehub.archive.vault import Keys

MARK = "first-run"
MAKING = ".making"


class Next(StrEnum):
    """What the first run has still to do once the archive is there, in this order."""

    CODE = "code"
    CONDITIONS = "conditions"
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom the archive is for, and what they agreed to under which version of the text."""

    name: str = field(repr=False)
    called: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    sex: Sex = Sex.UNKNOWN
    zone_offset: int = 480
    purposes: tuple[Purpose, ...] = (Purpose.ARCHIVE,)
    text_version: str = ""


def begin(
    folder: Path,
    wish: Wish,
    *,
    pin: str | None = None,
    passphrase: str | None = None,
    store: "KeyStore | None" = None,
    now: int,
) -> "tuple[Keys, str]":
    """Make the archive in `folder` and return its keys with the recovery code, shown once.

    Raises ArchiveExists, InputError (name, birthday, PIN, passphrase), KeyringUnavailable, DiskFull.
    """
    if vault.exists(folder):
        raise ArchiveExists
    making = folder.with_name(folder.name + MAKING)
    shutil.rmtree(making, ignore_errors=True)
    files.make_folder(making)
    try:
        keys, code = vault.create(
            making, pin=pin, passphrase=passphrase, keyring=pin is not None, store=store, now=now
        )
        _fill(making, keys, wish, now)
        files.replace(making / MARK, Next.CODE.encode())
        _publish(making, folder, now)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return keys, code


def pending(folder: Path) -> Next | None:
    """Return where an interrupted first run goes on, or None where it is done."""
    try:
        return Next((folder / MARK).read_text())
    except (FileNotFoundError, ValueError):
        return None


def reach(folder: Path, following: Next | None) -> None:
    """Note what comes next; None is the end of the first run."""
    if following is None:
        (folder / MARK).unlink(missing_ok=True)
    elif (folder / MARK).exists():
        files.replace(folder / MARK, following.encode())


def _fill(making: Path, keys: "Keys", wish: Wish, now: int) -> None:
    from carehub.archive.store import Archive

    archive = Archive.create(making, keys, now)
    try:
        people.add(
            archive,
            name=wish.name,
            called=wish.called,
            born=wish.born,
            sex=wish.sex,
            zone_offset=wish.zone_offset,
            purposes=wish.purposes,
            text_version=wish.text_version,
            now=now,
        )
    finally:
        archive.close(now)


def _publish(making: Path, folder: Path, now: int) -> None:
    """Give the finished folder its name; what lies there without being an archive is kept aside."""
    if folder.exists():
        if any(folder.iterdir()):
            folder.rename(folder.with_name(f"{folder.name}.before-{now}"))
        else:
            folder.rmdir()
    making.rename(folder)
    files.sync_folder(folder.parent)
