"""Keeping the keys out of core dumps and out of other programs' sight."""

import sys

from carehub import log

_PR_SET_DUMPABLE = 4


def harden_process() -> None:
    """Forbid core dumps of this process and reading its memory by others of the same user."""
    if sys.platform == "win32":  # pragma: no cover - Windows writes no core files by default
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        if ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            log.archive.warning("this system does not let us forbid memory dumps")
