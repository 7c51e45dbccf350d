"""Named loggers and the one place that sets them up; no line carries a health value or a name."""

import logging
import logging.handlers
import sys
from pathlib import Path

archive = logging.getLogger("carehub.archive")
meters = logging.getLogger("carehub.meters")
care = logging.getLogger("carehub.care")
sync = logging.getLogger("carehub.sync")
ui = logging.getLogger("carehub.ui")
doors = logging.getLogger("carehub.doors")
platform = logging.getLogger("carehub.platform")

_OURS = "carehub"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up(folder: Path | None, *, debug: bool = False) -> None:
    """Write warnings to a rotating file in `folder`; with `debug`, everything to stderr as well."""
    root = logging.getLogger("carehub")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    root.propagate = False
    for handler in [handler for handler in root.handlers if handler.get_name() == _OURS]:
        root.removeHandler(handler)
        handler.close()
    # Without any handler Python would print warnings on the terminal.
    _add(root, logging.NullHandler())
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = logging.handlers.RotatingFileHandler(
            folder / "carehub.log", maxBytes=1 << 20, backupCount=3, encoding="utf-8", delay=True
        )
        _add(root, file)
    if debug:
        _add(root, logging.StreamHandler(sys.stderr))


def _add(root: logging.Logger, handler: logging.Handler) -> None:
    handler.set_name(_OURS)
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
