"""Every setting of this machine: type, default and meaning; unknown keys are refused.

Settings are about the machine (language, mode, theme); what belongs to a person is in the archive.
"""

import dataclasses
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args, get_type_hints

from carehub.errors import InputError
from carehub.i18n import Language, _

Mode = Literal["elder", "standard", "kiosk"]
Palette = Literal["paper", "contrast"]


@dataclass(frozen=True, slots=True)
class Config:
    """This machine's settings, as read from its settings file."""

    language: Language = "zh_CN"
    """The language of screens, speech and print."""
    mode: Mode = "elder"
    """How large things are and how much is on one screen."""
    palette: Palette = "paper"
    """Colours: paper, or black with high contrast."""
    voice: bool = True
    """Whether notices and sentences are read aloud."""
    sound: bool = True
    """Whether notices play a sound."""
    lock_minutes: int = 10
    """Minutes without a touch until the screen locks; 0 never locks."""
    helpline: str = ""
    """The telephone number that each screen's foot shows; empty shows none."""


def load(file: Path) -> Config:
    """Read the settings file, or the defaults where there is none.

    Raises InputError where the file is not TOML, or has an unknown key or a wrong value.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            _("The settings file {file} cannot be read ({error}). Mend it or delete it.").format(
                file=file, error=error
            )
        ) from error
    return _checked(raw, file)


def save(config: Config, file: Path) -> None:
    """Write the settings so that a crash leaves either the old file or the new one."""
    lines = [f"{key} = {_toml(value)}" for key, value in dataclasses.asdict(config).items()]
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".tmp")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _toml(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else '"' + value.replace('"', "") + '"'


def _checked(raw: dict[str, object], file: Path) -> Config:
    hints = get_type_hints(Config)
    for key, value in raw.items():
        allowed = get_args(hints.get(key))
        known = key in hints
        if not known or (value not in allowed if allowed else type(value) is not hints[key]):
            raise InputError(
                _("The settings file {file} has a line that is not understood: {key}.").format(
                    file=file, key=key
                )
            )
    return Config(**raw)  # type: ignore[arg-type]  # each value was checked against its hint above
