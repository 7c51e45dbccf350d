"""`carehub people`: who is kept here, and whom a command means."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.people import Person, Sex
from carehub.cli import opening, shapes, times
from carehub.cli.grammar import Nouns, Parser
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.store import Tx


def register(nouns: Nouns) -> None:
    """Add `people` and its verbs to the command line."""
    noun = nouns.noun("people", _("add and list the people whose records are here"))
    adding = noun.verb("add", _("add a person"), add, archive=True)
    adding.add_argument("--name", required=True, help=_("full name"))
    adding.add_argument("--called", default="", help=_("how the screen greets them"))
    adding.add_argument("--born", metavar="DATE", help=_("birthday, like 1948-03-12"))
    adding.add_argument("--sex", choices=[sex.value for sex in Sex], default=Sex.UNKNOWN.value)
    adding.add_argument(
        "--zone",
        metavar="+HH:MM",
        default="+08:00",
        help=_("where they live, as an offset from UTC"),
    )
    noun.verb("list", _("list the people"), list_people, archive=True)


def add(args: argparse.Namespace) -> int:
    """Add a person and print them with the new id."""
    born = None if args.born is None else times.read_day(args.born)
    zone_offset = times.read_zone(args.zone)
    with opening.opened(args) as archive:
        from carehub.workflows import people

        person = people.add(
            archive,
            name=args.name,
            called=args.called,
            born=born,
            sex=Sex(args.sex),
            zone_offset=zone_offset,
            now=times.now(),
        )
    emit(
        shapes.person(person),
        args.json,
        [_("{name} was added. Id: {id}").format(name=person.name, id=person.id)],
    )
    return 0


def list_people(args: argparse.Namespace) -> int:
    """Print everyone whose records are here."""
    with opening.opened(args) as archive:
        from carehub.archive import people

        with archive.read() as tx:
            everyone = people.everyone(tx)
    lines = [f"{person.id}  {person.name}  {person.born or ''}".rstrip() for person in everyone]
    emit(
        {"people": [shapes.person(person) for person in everyone]},
        args.json,
        lines or [_("Nobody is kept here yet. Add a person with: carehub people add --name …")],
    )
    return 0


def takes_person(parser: Parser) -> None:
    """Let a command be about one person."""
    parser.add_argument(
        "--person", metavar="PERSON", help=_("id or exact name; not needed where there is only one")
    )


def meant(tx: "Tx", told: str | None) -> Person:
    """Return the person a command means; raises InputError where it is nobody or not clear who."""
    from carehub.archive import people

    everyone = people.everyone(tx)
    found = [person for person in everyone if told is None or _is(person, told)]
    if len(found) == 1:
        return found[0]
    raise InputError(_unclear(everyone, found))


def _is(person: Person, told: str) -> bool:
    if told.strip() == person.name:
        return True
    try:
        return UUID(told.strip()) == person.id
    except ValueError:
        return False


def _unclear(everyone: Sequence[Person], found: Sequence[Person]) -> str:
    if not everyone:
        return _("Nobody is kept here yet. Add a person with: carehub people add --name …")
    if found:
        return _("More than one person fits. Say whose it is with --person and the id.")
    return _("There is nobody of that name or id here. See: carehub people list")
