"""`carehub demo`: a fictional household with pretend meters, in a window or printed step by step."""

import argparse

from carehub.cli import desktop
from carehub.cli.grammar import Nouns
from carehub.i18n import _


def register(nouns: Nouns) -> None:
    """Add `demo` to the command line."""
    parser = nouns.command("demo", _("open a made-up household with pretend meters"), run)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--headless", action="store_true", help=_("without a window: walk through it and print")
    )
    ways.add_argument(
        "--both", action="store_true", help=_("the daughter's window as well on a small screen")
    )
    ways.add_argument("--alone", action="store_true", help=_("only the mother's window"))
    # What the mother's window starts by itself.
    ways.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    ways.add_argument("--daughter", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Open the demo's window, or walk through it; raises NoDisplay where there is no screen."""
    if args.serve:
        from carehub.cli import loopback

        return loopback.serve()
    if not args.headless:
        return desktop.show_demo(args)
    from carehub.cli import walking

    return walking.walk(args)
