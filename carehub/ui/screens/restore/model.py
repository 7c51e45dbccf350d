"""What can be restored, and what will happen; free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from carehub.i18n import N_, _
from carehub.ui import phrases

if TYPE_CHECKING:
    from carehub.archive.backup import Backup

BACKUP_STEPS = (
    N_("The records come back as they were at that moment"),
    N_("What was written after it is missing from the screen"),
    N_("The damaged file stays beside it; nothing is deleted"),
)
KEY_STEPS = (
    N_("The spare copy of the key file is put in its place"),
    N_("Then unlock as always; your records were not touched"),
    N_("The damaged key file stays beside it; nothing is deleted"),
)
HELPLESS_STEPS = (
    N_("Do not delete anything in CareHub's folder"),
    N_("Ask your family for a backup disk, or somebody who knows computers"),
    N_("Your PIN and recovery code stay right; keep the paper"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A backup: when it was made, in words."""

    file: Path = field(repr=False)
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class RestoreView:
    """The page: `keys` where the key file is what is damaged, else the database.

    `possible` tells whether there is something to restore from.
    """

    keys: bool
    what: str
    steps: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    possible: bool = True


def view_of_backups(backups: "Sequence[Backup]", now: int, zone_offset: int) -> RestoreView:
    """Return the page for a damaged database."""
    choices = tuple(_choice(n, each, now, zone_offset) for n, each in enumerate(backups))
    steps = BACKUP_STEPS if choices else HELPLESS_STEPS
    what = (
        _("Part of the records can no longer be read.")
        if choices
        else _("The records cannot be read, and there is no backup here.")
    )
    return RestoreView(
        keys=False, what=what, steps=_translated(steps), choices=choices, possible=bool(choices)
    )


def view_of_keys(*, copy: bool) -> RestoreView:
    """Return the page for a damaged key file."""
    what = (
        _("The key file is damaged; your records themselves are not.")
        if copy
        else _("The key file is damaged, and there is no copy of it here.")
    )
    steps = KEY_STEPS if copy else HELPLESS_STEPS
    return RestoreView(keys=True, what=what, steps=_translated(steps), possible=copy)


def _choice(number: int, backup: "Backup", now: int, zone_offset: int) -> Choice:
    note = _("the newest") if number == 0 else ""
    if backup.before:
        note = _("before an update")
    return Choice(backup.file, phrases.when(backup.made_at, now, zone_offset), note)


def _translated(steps: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_(step) for step in steps)
