"""`carehub doctor`: what this computer has of what CareHub needs, and how to mend each lack."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from carehub import config, i18n, paths
from carehub.cli import display
from carehub.cli.grammar import Nouns
from carehub.cli.output import emit
from carehub.errors import (
    CareHubError,
    MeterNotFound,
    NoDesktop,
    NoDisplay,
    NoFont,
    NoVoice,
)
from carehub.i18n import _

NOT_WELL = 5
OLDEST, NEWEST = (3, 11), (3, 13)
_MIB = 1 << 20
_LISTEN_SECONDS = 0.5
_QT_SECONDS = 30.0


class State(StrEnum):
    """How one thing stands: as it should be, missing but not needed for everything, or in the way."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, what was found, and how to mend it where it is not well."""

    name: str
    state: State
    what: str
    how_to_mend: str = ""


def register(nouns: Nouns) -> None:
    """Add `doctor` to the command line."""
    nouns.command("doctor", _("check this computer and say how to mend what is missing"), run)


def run(args: argparse.Namespace) -> int:
    """Print every check; the exit code is 0 where nothing fails, else 5."""
    checks = list(examine())
    well = all(check.state is not State.FAIL for check in checks)
    emit(
        {"ok": well, "checks": [asdict(check) for check in checks]},
        args.json,
        (line for check in checks for line in _lines(check)),
    )
    return 0 if well else NOT_WELL


def examine() -> Iterator[Check]:
    """Look at one thing after the other."""
    yield _python()
    yield _settings()
    yield _home()
    yield _disk()
    yield _database()
    yield _archive()
    yield _keyring()
    yield _bluetooth()
    yield _drivers()
    yield _display()
    yield from _qt()


def _lines(check: Check) -> Iterator[str]:
    mark = {State.OK: _("fine"), State.WARN: _("note"), State.FAIL: _("fault")}[check.state]
    yield f"[{mark}] {check.name}: {check.what}"
    if check.how_to_mend:
        yield f"    {check.how_to_mend}"


def _told(name: str, error: CareHubError, state: State = State.WARN) -> Check:
    """Turn an error into a check: what happened, and what to do."""
    what, do = error.parts()
    return Check(name, state, what, do)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Check("python", State.OK, version)
    mend = _("CareHub is tested with Python 3.11 to 3.13. Install one of them.")
    return Check("python", State.WARN, version, mend)


def _settings() -> Check:
    file = paths.settings_file()
    try:
        settings = config.load(file)
    except CareHubError as error:
        return _told("settings", error, State.FAIL)
    return Check("settings", State.OK, f"{settings.language}, {settings.mode}, {settings.palette}")


def _home() -> Check:
    home = paths.home()
    nearest = _nearest(home)
    if _writable(nearest):
        return Check("home", State.OK, str(home))
    what = _("Nothing can be written in {folder}.").format(folder=nearest)
    mend = _("Change its owner or rights, or set CAREHUB_HOME to another folder.")
    return Check("home", State.FAIL, what, mend)


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _nearest(folder: Path) -> Path:
    """Return the folder itself or the first above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _disk() -> Check:
    free = shutil.disk_usage(_nearest(paths.home())).free // _MIB
    what = _("{free} MiB free").format(free=free)
    mend = _("Free some space: each backup needs as much room as the archive.")
    if free >= 1024:
        return Check("disk", State.OK, what)
    return Check("disk", State.FAIL if free < 64 else State.WARN, what, mend)


def _database() -> Check:
    try:
        from carehub.archive import cipher  # noqa: F401 - whether it loads is the question
    except ImportError as error:
        mend = _("Install CareHub again with all its parts.")
        return Check("database", State.FAIL, str(error), mend)
    return Check("database", State.OK, metadata.version("sqlcipher3"))


def _archive() -> Check:
    from carehub.archive import vault

    folder = paths.archive()
    if not vault.exists(folder):
        return Check(
            "archive", State.OK, _("There is none yet; the window makes one when it opens.")
        )
    try:
        ways = sorted(way.value for way in vault.ways(folder))
    except CareHubError as error:
        return _told("archive", error, State.FAIL)
    return Check("archive", State.OK, f"{folder} ({', '.join(ways)})")


def _keyring() -> Check:
    from carehub.archive.vault import OsKeyring

    try:
        return Check("keyring", State.OK, OsKeyring().name)
    except CareHubError as error:
        mend = _("Install one, such as gnome-keyring; without it only a passphrase can be used.")
        return Check("keyring", State.WARN, error.parts()[0], mend)


def _bluetooth() -> Check:
    import asyncio

    try:
        heard = asyncio.run(_heard())
    except MeterNotFound:
        heard = ""
    except CareHubError as error:
        return _told("bluetooth", error)
    return Check("bluetooth", State.OK, heard or _("It works; no meter is sending now."))


def _drivers() -> Check:
    from carehub.devices import meters

    broken = "; ".join(f"{one.name}: {one.why}" for one in meters.broken())
    if not broken:
        count = len(meters.registry())
        return Check(
            "drivers", State.OK, _("Families of meters it can read: {count}").format(count=count)
        )
    what = _("Not used: {names}").format(names=broken)
    mend = _("Update or remove the packages these meter drivers come from; other meters are read.")
    return Check("drivers", State.WARN, what, mend)


async def _heard() -> str:
    """Listen for a moment; return the name of a meter that sends, or nothing."""
    from contextlib import aclosing

    from carehub.care.readings import Kind
    from carehub.devices import link

    async with aclosing(link.find(link.Radio(), tuple(Kind), _LISTEN_SECONDS)) as meters:
        async for seen in meters:
            return seen.name
    return ""


def _display() -> Check:
    found = display.found()
    return Check("display", State.OK, found) if found else _told("display", NoDisplay())


def _qt() -> Iterator[Check]:
    """Ask Qt in a process of its own: it ends the process where it cannot start."""
    try:
        told = json.loads(ask_qt())
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        yield _told("qt", NoDesktop(reason=_why(error)))
        return
    yield Check("qt", State.OK, f"{told['qt']} ({told['platform']})")
    font = told["chinese_font"]
    yield Check("font", State.OK, font) if font else _told("font", NoFont(), State.FAIL)
    speaks = told["voice"]
    yield Check("voice", State.OK, _("It can read aloud.")) if speaks else _told("voice", NoVoice())


def ask_qt() -> str:
    """Return the self-check's line of JSON; raises OSError with Qt's last words where it ends badly."""
    line = [sys.executable, "-m", "carehub.ui.selfcheck", i18n.language()]
    asked = subprocess.run(  # noqa: S603 - our own module
        line, capture_output=True, text=True, timeout=_QT_SECONDS, check=False, env=environment()
    )
    if asked.returncode != 0:
        raise OSError(asked.returncode, _last_line(asked.stderr))
    return asked.stdout


def environment() -> dict[str, str]:
    """Let Qt start without a screen where there is none, so that the rest can be asked all the same."""
    wanted = dict(os.environ)
    if not display.found():
        wanted["QT_QPA_PLATFORM"] = "offscreen"
    return wanted


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "?"


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error.errno)
    return type(error).__name__
