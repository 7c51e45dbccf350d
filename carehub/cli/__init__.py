"""The doors: desktop, demo and every headless command."""

import argparse
import sys
import traceback
from collections.abc import Sequence

from carehub.errors import CareHubError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on standard error."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except CareHubError as error:
        if args.debug:
            traceback.print_exc()
        print(error.sentence(), file=sys.stderr)
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    from carehub.cli import meter

    parser = argparse.ArgumentParser(prog="carehub")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(dest="noun", required=True)
    meter.register(commands)
    return parser
