"""Three backups to choose from, a damaged key file with and without its copy, and no backup."""

from pathlib import Path

from carehub.ui.screens.restore.model import RestoreView, view_of_backups, view_of_keys
from carehub.ui.screens.sample import NOW, Sample

DAY = 86_400_000


def backups() -> RestoreView:
    """Return three backups."""
    from carehub.archive.backup import Backup

    made = [Backup(Path(f"{n}.db"), NOW - n * DAY - 7_200_000) for n in range(3)]
    made.append(Backup(Path("x.db"), NOW - 40 * DAY, "0001"))
    return view_of_backups(made, NOW, 480)


def nothing() -> RestoreView:
    """Return the page without any backup."""
    return view_of_backups([], NOW, 480)


SAMPLES = (
    Sample("restore", "backups", backups),
    Sample("restore", "nothing", nothing),
    Sample("restore", "keys", lambda: view_of_keys(copy=True), {"keys": True}),
    Sample("restore", "helpless", lambda: view_of_keys(copy=False), {"keys": True}),
)
