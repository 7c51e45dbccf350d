"""`carehub` without a command: the window, where there is a screen for it."""

import argparse
import faulthandler
from dataclasses import replace
from typing import TextIO

from carehub import config, log, paths
from carehub.cli import display, language
from carehub.errors import NoDesktop


def open_window(args: argparse.Namespace) -> int:
    """Open the desktop; raises NoDisplay or NoDesktop where none can be."""
    return show(args, demo=False)


def show(args: argparse.Namespace, *, demo: bool) -> int:
    """Open the desktop, or the demo's household in it."""
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
            return desktop.main(settings, demo=demo)
        finally:
            faulthandler.disable()


def _crash_file() -> TextIO:
    """Open the file that says where native code died: places only, never values."""
    return (paths.state() / "crash.log").open("w", encoding="utf-8")
