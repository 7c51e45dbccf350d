"""`python -m carehub` and the installed command: ready the process, then through the doors."""

import contextlib
import io
import os
import sys

from carehub.cli import main as doors


def main() -> int:
    """Run one command with files private to their owner and no memory dumps; return its exit code."""
    ready()
    return doors()


def ready() -> None:
    """Keep what this process writes, or leaves behind when it dies, from everyone else."""
    os.umask(0o077)
    _no_core_dumps()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON and Chinese whatever the locale says; a bad byte on input is told, not guessed.
            stream.reconfigure(encoding="utf-8")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def _no_core_dumps() -> None:
    """Forbid core dumps: one would hold the archive's key and records in the clear."""
    try:
        import resource
    except ImportError:  # Windows has no such limits, and writes no core files
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


if __name__ == "__main__":
    raise SystemExit(main())
