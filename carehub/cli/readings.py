"""`carehub readings`: type in, list, correct, claim and void readings."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.people import Person
from carehub.care.readings import Kind, MealContext, Posture, Reading, Setting, Symptom
from carehub.cli import opening, people, saying, shapes, times
from carehub.cli.entering import entered, usual_unit
from carehub.cli.grammar import Nouns, Parser
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.store import Tx
    from carehub.workflows.readings import Taken

NIL = UUID(int=0)
"""Stands for the id that the workflow mints."""


def register(nouns: Nouns) -> None:
    """Add `readings` and its verbs to the command line."""
    noun = nouns.noun("readings", _("add, list, correct and void readings"))
    adding = noun.verb("add", _("add a reading that was read off a meter"), add, archive=True)
    people.takes_person(adding)
    _takes_values(adding)
    listing = noun.verb("list", _("list readings, oldest first"), list_readings, archive=True)
    people.takes_person(listing)
    listing.add_argument("--kind", choices=[kind.value for kind in Kind])
    listing.add_argument("--since", metavar="TIME", help=_("from this day or time on"))
    listing.add_argument(
        "--until", metavar="TIME", help=_("up to this time, or to the end of this day")
    )
    listing.add_argument(
        "--all", action="store_true", help=_("with what was corrected or voided as well")
    )
    listing.add_argument(
        "--unassigned", action="store_true", help=_("only what no person has claimed yet")
    )
    correcting = noun.verb("correct", _("put right what was typed wrong"), correct, archive=True)
    correcting.add_argument("id", metavar="ID", help=_("the reading's id"))
    _takes_values(correcting)
    voiding = noun.verb("void", _("take a reading out of force for good"), void, archive=True)
    voiding.add_argument("id", metavar="ID", help=_("the reading's id"))

    claiming = noun.verb("claim", _("say whose a meter's readings are"), claim, archive=True)
    claiming.add_argument("id", metavar="ID", nargs="+", help=_("the reading's id"))
    people.takes_person(claiming)


def _takes_values(parser: Parser) -> None:
    parser.description = _(
        "Other programs of this computer can see a command's words while it runs; "
        "--values-stdin keeps the numbers out of them."
    )
    parser.add_argument("--systolic", metavar="N", help=_("the upper number"))
    parser.add_argument("--diastolic", metavar="N", help=_("the lower number"))
    parser.add_argument("--pulse", metavar="N", help=_("beats per minute"))
    parser.add_argument(
        "--glucose", metavar="N|HI|LO", help=_("the value, or what the meter shows")
    )
    parser.add_argument("--unit", help=_("mmHg or kPa; mmol/L or mg/dL"))
    parser.add_argument("--context", choices=[context.value for context in MealContext])
    parser.add_argument("--setting", choices=[setting.value for setting in Setting])
    parser.add_argument("--posture", choices=[posture.value for posture in Posture])
    parser.add_argument(
        "--symptom", dest="symptoms", action="append", choices=[one.value for one in Symptom]
    )
    parser.add_argument(
        "--taken-at", metavar="TIME", help=_("like 2025-06-01T07:30; otherwise now")
    )
    parser.add_argument(
        "--values-stdin",
        action="store_true",
        help=_("take all of these from standard input, as one JSON object"),
    )


def add(args: argparse.Namespace) -> int:
    """Keep a reading, judge it, and print it with the alerts it changed."""
    with opening.opened(args) as archive:
        from carehub.workflows import readings

        entry = entered(args)
        now = times.now()
        with archive.read() as tx:
            person = people.meant(tx, args.person)
        fresh = entry.reading(_blank(person, entry.kind(), now))
        taken = readings.type_in(archive, fresh, now)
    return _tell(taken, args)


def correct(args: argparse.Namespace) -> int:
    """Supersede a reading; what is not given stays as it was."""
    with opening.opened(args) as archive:
        from carehub.workflows import readings

        entry = entered(args)
        with archive.read() as tx:
            old = _known(tx, args.id)
        if entry.kind(old.kind) is not old.kind:
            raise InputError(_("That reading is of another kind; its values do not fit it."))
        now = times.now()
        taken = readings.correct(archive, old.id, entry.reading(old), now)
    return _tell(taken, args)


def claim(args: argparse.Namespace) -> int:
    """Give readings that a meter could not name an owner for to a person."""
    with opening.joined(args) as app:
        from carehub.workflows import readings

        with app.archive.read() as tx:
            person = people.meant(tx, args.person)
            ids = [_known(tx, text).id for text in args.id]
        taken = readings.claim(app.archive, ids, person.id, times.now())
    if len(taken.added) < len(ids):
        raise InputError(_("Some of these have an owner already; the others were given."))
    alerts = [shapes.alert(alert, person.zone_offset) for alert in taken.alerts]
    told = [shapes.reading(reading) for reading in taken.added]
    emit({"readings": told, "alerts": alerts}, args.json, _lines(taken))
    return 0


def void(args: argparse.Namespace) -> int:
    """Take a reading out of force; the alerts it made end with it."""
    with opening.opened(args) as archive:
        from carehub.workflows import readings

        with archive.read() as tx:
            old = _known(tx, args.id)
        taken = readings.void(archive, old.id, times.now())
    return _tell(taken, args)


def list_readings(args: argparse.Namespace) -> int:
    """Print one person's readings in time order, or what nobody has claimed."""
    with opening.joined(args) as app, app.archive.read() as tx:
        found = _unclaimed(tx) if args.unassigned else _chosen(tx, args)
    emit(
        {"readings": [shapes.reading(reading) for reading in found]},
        args.json,
        [saying.reading(reading) for reading in found] or [_("There are no readings here.")],
    )
    return 0


def _blank(person: Person, kind: Kind, now: int) -> Reading:
    return Reading(
        id=NIL,
        person_id=person.id,
        kind=kind,
        taken_at=now,
        unit=usual_unit(kind),
        v1=None,
        zone_offset=person.zone_offset,
    )


def _known(tx: "Tx", text: str) -> Reading:
    from carehub.archive import readings

    try:
        found = readings.get(tx, UUID(text.strip()))
    except ValueError:
        found = None
    if found is None:
        raise InputError(_("There is no reading of that id. See: carehub readings list"))
    return found


def _unclaimed(tx: "Tx") -> list[Reading]:
    from carehub.archive import readings

    return sorted(readings.unassigned(tx), key=_order)


def _chosen(tx: "Tx", args: argparse.Namespace) -> list[Reading]:
    from carehub.archive import readings

    person = people.meant(tx, args.person)
    since, until = times.span(args, person.zone_offset)
    kinds = list(Kind) if args.kind is None else [Kind(args.kind)]
    found = [
        reading
        for kind in kinds
        for reading in readings.between(tx, person.id, kind, since, until, in_force=not args.all)
    ]
    return sorted(found, key=_order)


def _order(reading: Reading) -> tuple[int, UUID]:
    return reading.taken_at, reading.id


def _tell(taken: "Taken", args: argparse.Namespace) -> int:
    (reading,) = taken.added
    alerts = [shapes.alert(alert, reading.zone_offset) for alert in taken.alerts]
    emit({**shapes.reading(reading), "alerts": alerts}, args.json, _lines(taken))
    return 0


def _lines(taken: "Taken") -> Iterator[str]:
    yield from (saying.reading(reading) for reading in taken.added)
    zone_offset = taken.added[0].zone_offset if taken.added else 0
    yield from (saying.alert(alert, zone_offset) for alert in taken.alerts)
