"""Which language the commands speak: CAREHUB_LANGUAGE, else the settings, else the system's."""

import locale
import os

from carehub import config, i18n, paths
from carehub.errors import InputError
from carehub.i18n import LANGUAGES, Language

VARIABLE = "CAREHUB_LANGUAGE"


def choose() -> None:
    """Speak the language that was asked for; JSON never depends on it."""
    i18n.set_language(asked() or _settled() or _systems())


def asked() -> Language | None:
    """Return the language that CAREHUB_LANGUAGE names, or None."""
    name = os.environ.get(VARIABLE, "").lower().replace("-", "_")
    return next((known for known in LANGUAGES if name and known.lower().startswith(name)), None)


def _settled() -> Language | None:
    """Return the language of the settings, if this machine has any that can be read.

    `carehub` and `carehub doctor` tell of broken settings; a script's command goes on without them.
    """
    file = paths.settings_file()
    try:
        return config.load(file).language if file.exists() else None
    except (InputError, OSError):
        return None


def _systems() -> Language:
    name = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), "")
    name = name or locale.getlocale()[0] or ""
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"
