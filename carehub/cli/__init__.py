"""The doors: desktop, demo and every headless command; an error is one sentence."""

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Sequence

from carehub import __version__, log, paths
from carehub.errors import CareHubError, DiskFull, InputError
from carehub.i18n import _

BUG_EXIT_CODE = 70
INTERRUPTED_EXIT_CODE = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on standard error."""
    from carehub.cli import language

    language.choose()
    asked = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in asked
    log.set_up(None, debug=debug)
    try:
        args = parser().parse_args(asked)
        return _flushed(args.run(args))
    except CareHubError as error:
        return _refused(error, error, debug)
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT_CODE
    except BrokenPipeError:
        return _unheard()
    except OSError as error:
        return _refused(error, _of_the_machine(error), debug)
    except Exception as error:
        return _admit(error, debug)


def parser() -> argparse.ArgumentParser:
    """Return the grammar of every command; loads nothing that a command needs to run."""
    from carehub.cli import (
        alerts,
        archive,
        demo,
        desktop,
        doctor,
        export,
        importing,
        meter,
        people,
        platform,
        readings,
        sync,
        trends,
    )
    from carehub.cli.grammar import Nouns, Parser, speak_our_language

    speak_our_language()
    whole = Parser(
        prog="carehub",
        description=_(
            "CareHub keeps an elder's readings, charts and alerts, encrypted, on this computer."
        ),
        epilog=_("Without a command the window opens. CAREHUB_HOME moves all data elsewhere."),
    )
    whole.add_argument("--version", action="version", version=f"carehub {__version__}")
    whole.add_argument("--debug", action="store_true", help=_("show what happened inside, in full"))
    whole.set_defaults(run=desktop.open_window)
    nouns = Nouns(whole)
    doors = (
        demo,
        meter,
        archive,
        people,
        readings,
        trends,
        alerts,
        export,
        importing,
        sync,
        platform,
        doctor,
    )
    for door in doors:
        door.register(nouns)
    return whole


def _flushed(code: int) -> int:
    """Write the answer out while a broken pipe can still be told from a bug."""
    sys.stdout.flush()
    return code


def _refused(error: Exception, told: CareHubError, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(told.sentence(), file=sys.stderr)
    return told.exit_code


def _of_the_machine(error: OSError) -> CareHubError:
    """Name what the system refused: no room, or a file it will not open."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    return InputError(
        _("The system refused a file or folder ({reason}: {file}). Check it and try again.").format(
            reason=error.strerror or type(error).__name__, file=error.filename or "?"
        )
    )


def _unheard() -> int:
    """Leave quietly when whoever read our output has gone (`carehub … | head`)."""
    # Python flushes again while it ends, and would complain; let it write into nothing.
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # standard output is no real file, so nothing is left to flush
    finally:
        os.close(nothing)
    return 0


def _admit(error: Exception, debug: bool) -> int:
    """Say honestly that this is our mistake; keep where it happened, never with which values."""
    if debug:
        traceback.print_exception(error)
    where = paths.state()
    try:
        log.set_up(where)
        log.doors.error("a bug: %s", "\n".join(_whereabouts(error)))
    except OSError:
        where = paths.home()
    print(
        _(
            "This is a mistake in CareHub ({kind}), not yours. Nothing saved before was harmed. "
            "Where it happened is noted in {folder}; please report it."
        ).format(kind=type(error).__name__, folder=where),
        file=sys.stderr,
    )
    return BUG_EXIT_CODE


def _whereabouts(error: BaseException) -> list[str]:
    """Return the kinds and places of an error and its causes; messages may hold values, so none."""
    lines: list[str] = []
    met: BaseException | None = error
    while met is not None:
        lines.append(type(met).__qualname__)
        frames = traceback.extract_tb(met.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        met = met.__cause__ or met.__context__
    return lines
