"""The words people read: msgids are English, translations come from `resources/locale`.

Each aspect has its own catalogue source (`resources/locale/zh_CN/<aspect>.po`); packaging merges them
into one `carehub.mo`. `N_` marks a text where it is defined, `_` translates it where it is shown.
"""

import gettext
from collections.abc import Iterable
from typing import Literal

from carehub import paths

Language = Literal["zh_CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")

_current: gettext.NullTranslations = gettext.NullTranslations()
_language: Language = "en"


def set_language(language: Language) -> None:
    """Translate from now on into `language`; an absent catalogue leaves the English msgids."""
    global _current, _language
    _language = language
    _current = gettext.translation(
        "carehub", paths.resources() / "locale", languages=[language], fallback=True
    )


def language() -> Language:
    """Return the language that `_` translates into."""
    return _language


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark `message` for translation and return it as it is."""
    return message


def said_in(language: Language, message: str) -> str:
    """Translate `message` into a language that need not be the current one."""
    folder = paths.resources() / "locale"
    found = gettext.translation("carehub", folder, languages=[language], fallback=True)
    return found.gettext(message)


def _(message: str) -> str:
    """Translate `message` into the current language."""
    return _current.gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """Translate the form that `n` things need."""
    return _current.ngettext(one, many, n)


def together(sentences: Iterable[str]) -> str:
    """Put sentences one after the other; Chinese wants no space between them."""
    return ("" if _language == "zh_CN" else " ").join(part for part in sentences if part)
