"""`carehub alerts`: list what was raised, and replay a file through the rules."""

import argparse

from carehub.cli import opening, people, replaying, saying, shapes, times
from carehub.cli.grammar import Nouns
from carehub.cli.output import emit
from carehub.i18n import _


def register(nouns: Nouns) -> None:
    """Add `alerts` and its verbs to the command line."""
    noun = nouns.noun("alerts", _("list alerts, and replay readings through the rules"))
    listing = noun.verb("list", _("list open alerts, oldest first"), list_alerts, archive=True)
    people.takes_person(listing)
    listing.add_argument("--all", action="store_true", help=_("with those that are over as well"))
    listing.add_argument("--since", metavar="TIME", help=_("with --all: from this day or time on"))
    listing.add_argument(
        "--until", metavar="TIME", help=_("with --all: up to this time, or to the end of this day")
    )
    replaying.register(noun)


def list_alerts(args: argparse.Namespace) -> int:
    """Print one person's alerts."""
    with opening.joined(args) as app, app.archive.read() as tx:
        from carehub.archive import alerts

        person = people.meant(tx, args.person)
        zone_offset = person.zone_offset
        if args.all or args.since or args.until:
            found = alerts.between(tx, person.id, *times.span(args, zone_offset))
        else:
            found = alerts.open(tx, person.id)
    emit(
        {"alerts": [shapes.alert(alert, zone_offset) for alert in found]},
        args.json,
        [saying.alert(alert, zone_offset) for alert in found] or [_("There are no alerts here.")],
    )
    return 0
