"""The command line's grammar: one sentence per mistake, and the same switches on each command."""

import argparse
from collections.abc import Callable
from typing import NoReturn

from carehub import i18n
from carehub.errors import InputError
from carehub.i18n import N_, _

Run = Callable[[argparse.Namespace], int]
"""One command: takes what was asked, prints the answer, returns the exit code."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises InputError instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong with the command line, and where the help is."""
        raise InputError(
            _("{mistake}. See: {command} --help").format(
                mistake=message.rstrip("."), command=self.prog
            )
        )


class Noun:
    """One noun of the command line and its verbs."""

    def __init__(self, parser: Parser) -> None:
        self._verbs = parser.add_subparsers(dest="verb", metavar=_("VERB"), required=True)

    def verb(self, name: str, about: str, run: Run, *, archive: bool = False) -> Parser:
        """Add a verb; `archive` gives it the ways of opening the archive."""
        return _command(self._verbs.add_parser(name, help=about, description=about), run, archive)


class Nouns:
    """All commands, in the order in which the help lists them."""

    def __init__(self, parser: Parser) -> None:
        self._nouns = parser.add_subparsers(dest="noun", metavar=_("COMMAND"))

    def noun(self, name: str, about: str) -> Noun:
        """Add a noun that takes a verb."""
        return Noun(self._nouns.add_parser(name, help=about, description=about))

    def command(self, name: str, about: str, run: Run, *, archive: bool = False) -> Parser:
        """Add a command that stands alone."""
        return _command(self._nouns.add_parser(name, help=about, description=about), run, archive)


def _command(parser: Parser, run: Run, archive: bool) -> Parser:
    parser.add_argument("--json", action="store_true", help=_("print one JSON value for scripts"))
    # SUPPRESS, or the default here would undo a `--debug` before the command's name.
    parser.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    if archive:
        _takes_key(parser)
    parser.set_defaults(run=run)
    return parser


def _takes_key(parser: Parser) -> None:
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help=_("unlock with the first line of standard input; otherwise by the keyring"),
    )
    ways.add_argument(
        "--recovery-code-stdin",
        action="store_true",
        help=_("unlock with the recovery code, as the first line of standard input"),
    )


def speak_our_language() -> None:
    """Let argparse take its own words from our catalogue."""
    # It looks them up under these two names at each use, and offers no other way.
    vars(argparse).update(_=i18n._, ngettext=i18n.ngettext)


ARGPARSE_WORDS = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("expected one argument"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
)
"""What argparse of Python 3.11 to 3.13 says by itself, marked so that it is translated."""
