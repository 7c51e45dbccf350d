"""Where CareHub keeps its files on this machine; `CAREHUB_HOME` moves all of them."""

import os
from functools import cache
from pathlib import Path

import platformdirs

HOME_VARIABLE = "CAREHUB_HOME"


def home() -> Path:
    """Return the folder that holds everything CareHub writes; it may not exist yet."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("carehub", appauthor=False)


def archive() -> Path:
    """Return the folder of the encrypted archive: database, key file, attachments and backups."""
    return home() / "archive"


def settings_file() -> Path:
    """Return the file of this machine's settings (never of a person's data)."""
    return home() / "settings.toml"


def state() -> Path:
    """Return the folder for logs and crash traces."""
    return home() / "state"


@cache
def resources() -> Path:
    """Return the folder of locale, icons, sounds, theme and rules, installed or in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_resources"
    return installed if installed.is_dir() else here.parent / "resources"
