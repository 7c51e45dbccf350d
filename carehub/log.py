"""Named loggers and the one place that sets them up; a log line never carries a health value or a name."""

import logging
import logging.handlers
import sys
from pathlib import Path

archive = logging.getLogger("carehub.archive")
meters = logging.getLogger("carehub.meters")
care = logging.getLogger("carehub.care")
ui = logging.getLogger("carehub.ui")
doors = logging.getLogger("carehub.doors")

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up(folder: Path | None, *, debug: bool = False) -> None:
    """Write warnings to a rotating file in `folder`; with `debug`, everything to stderr as well."""
    root = logging.getLogger("carehub")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    root.propagate = False
    root.handlers.clear()
    # Without any handler Python would print warnings on the terminal.
    root.addHandler(logging.NullHandler())
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = logging.handlers.RotatingFileHandler(
            folder / "carehub.log", maxBytes=1 << 20, backupCount=3, encoding="utf-8", delay=True
        )
        file.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(file)
    if debug:
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(screen)
