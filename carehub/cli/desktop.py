"""`carehub` without a command: the window, where there is a screen for it; and the demo's windows."""

import argparse
import faulthandler
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import TextIO

from carehub import config, log, paths
from carehub.cli import display, language
from carehub.config import Config
from carehub.errors import NoDesktop


def open_window(args: argparse.Namespace) -> int:
    """Open the desktop; raises NoDisplay or NoDesktop where none can be."""
    return _show(args, lambda desktop, settings: desktop.main(settings))


def show_demo(args: argparse.Namespace) -> int:
    """Open the demo: the mother's window and the daughter's, or the daughter's own."""
    return _show(args, _daughters if args.daughter else partial(_mothers, args))


def _mothers(args: argparse.Namespace, desktop: ModuleType, settings: Config) -> int:
    from carehub.ui.demo_pair import Pair

    pair = Pair(partial(print, flush=True), both=args.both, alone=args.alone)
    code: int = desktop.main(settings, demo=True, pair=pair)
    return code


def _daughters(desktop: ModuleType, settings: Config) -> int:
    """Open the window that the mother's started, as she told it on standard input."""
    from carehub.ui.demo_pair import Daughter

    given = Daughter.heard(sys.stdin.readline())
    # She is no elder, and two windows that speak at once are understood by nobody.
    settings = replace(settings, mode="standard", voice=False)
    code: int = desktop.main(settings, demo=True, daughter=given)
    return code


def _show(args: argparse.Namespace, show: Callable[[ModuleType, Config], int]) -> int:
    display.need()
    settings = config.load(paths.settings_file())
    settings = replace(settings, language=language.asked() or settings.language)
    log.set_up(paths.state(), debug=args.debug)
    try:
        from carehub.ui import desktop
    except ImportError as error:
        # Anything but Qt itself missing is a mistake of ours.
        if not (error.name or "").startswith("PySide6"):
            raise
        raise NoDesktop(reason=error.msg) from error
    with _crash_file() as file:
        faulthandler.enable(file)
        try:
            return show(desktop, settings)
        finally:
            faulthandler.disable()


def _crash_file() -> TextIO:
    """Open the file that says where native code died: places only, never values."""
    return (paths.state() / "crash.log").open("w", encoding="utf-8")
