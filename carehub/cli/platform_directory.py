"""`carehub platform clinic|worker|doctor`: what the operator knows of clinics and their people."""

import argparse
from typing import TYPE_CHECKING

from carehub.cli import times
from carehub.cli.grammar import Noun, Parser, Run
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from carehub.platform.settings import Settings

    SettingsOf = Callable[[argparse.Namespace], Settings]

_REFUSED = {
    "malformed": N_("A code has letters and digits, a name is needed, and a doctor has a licence."),
    "not_found": N_("There is no such clinic. Add it first."),
    "not_now": N_("This code is already in use."),
}


def register(noun: Noun, settings: "SettingsOf") -> list[Parser]:
    """Add the three verbs; `settings` tells which database is meant."""
    abouts = {
        "clinic": _("add or list clinics"),
        "worker": _("add or list health workers"),
        "doctor": _("add or list doctors"),
    }
    parsers = []
    for part, about in abouts.items():
        parser = noun.verb(part, about, _command(part, settings))
        acts = ["add", "list"] if part == "clinic" else ["add", "link", "list"]
        parser.add_argument("what", choices=acts)
        parser.add_argument("--code", default="", help=_("a code of its own, given once"))
        parser.add_argument("--name", default="", help=_("the name"))
        parsers.append(parser)
    parsers[0].add_argument("--phone", default="", help=_("the telephone number"))
    for parser in parsers[1:]:
        parser.add_argument("--clinic", default="", help=_("the code of the clinic"))
        parser.add_argument("--licence", default="", help=_("the number of the doctor's licence"))
        parser.add_argument(
            "--login", default="", help=_("whose account this member of staff uses")
        )
    return parsers


def _command(part: str, settings: "SettingsOf") -> Run:
    def run(args: argparse.Namespace) -> int:
        return _run(args, part, settings(args))

    return run


def _run(args: argparse.Namespace, part: str, settings: "Settings") -> int:
    from carehub.platform import admin

    if args.what == "link":
        code = admin.link_staff(settings, args.code, args.login, times.now())
        if code:
            raise InputError(
                _("There is no such member of staff, or no such account. Add it first.")
            )
    if args.what == "add":
        code = admin.add_to_directory(settings, part, vars(args), times.now())
        if code:
            raise InputError(_(_REFUSED[code]))
    rows = admin.directory(settings, part)
    emit(rows, args.json, ["  ".join(row.values()) for row in rows])
    return 0
