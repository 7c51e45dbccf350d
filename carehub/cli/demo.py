"""`carehub demo`: a fictional household with pretend meters, in a window or printed step by step."""

import argparse

from carehub.cli import desktop
from carehub.cli.grammar import Nouns
from carehub.i18n import _


def register(nouns: Nouns) -> None:
    """Add `demo` to the command line."""
    parser = nouns.command("demo", _("open a made-up household with pretend meters"), run)
    parser.add_argument(
        "--headless", action="store_true", help=_("without a window: walk through it and print")
    )


def run(args: argparse.Namespace) -> int:
    """Open the demo's window, or walk through it; raises NoDisplay where there is no screen."""
    if not args.headless:
        return desktop.show(args, demo=True)
    from carehub.cli import walking

    return walking.walk(args)
