"""`carehub meter scan` and `meter read`: hear meters and read one, real or pretend."""

import argparse
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from carehub import paths
from carehub.care.readings import Kind, Reading
from carehub.cli import opening, people, saying, shapes, times
from carehub.cli.grammar import Noun, Parser
from carehub.cli.output import emit
from carehub.errors import MeterNotFound
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.care.meters import Meter
    from carehub.devices.link import Radio
    from carehub.devices.meters import Seen
    from carehub.devices.simulator import Air
    from carehub.workflows.measuring import Told
    from carehub.workflows.readings import Taken

LISTEN_SECONDS = 30.0
SCAN_SECONDS = 10.0
PRETEND_SECONDS = 1.0


def register(meter: Noun) -> None:
    """Add `scan` and `read` to `meter`."""
    scanning = meter.verb("scan", _("list the meters that are heard"), scan)
    _takes_radio(scanning)
    reading = meter.verb("read", _("read the first meter that is heard"), read, archive=True)
    reading.description = _(
        "What is read is kept in the archive. A pretend meter's readings are only printed "
        "where the archive cannot be opened."
    )
    _takes_radio(reading)
    people.takes_person(reading)
    reading.add_argument(
        "--print-only", action="store_true", help=_("do not keep what is read in the archive")
    )


def _takes_radio(parser: Parser) -> None:
    parser.add_argument(
        "--simulated", action="store_true", help=_("with a pretend meter over a pretend radio")
    )
    parser.add_argument("--kind", choices=[kind.value for kind in Kind])
    parser.add_argument("--seconds", type=float, metavar="N", help=_("how long to listen"))


def scan(args: argparse.Namespace) -> int:
    """Print each meter that is heard; MeterNotFound is no error here but an empty list."""
    import asyncio

    heard = asyncio.run(_heard(args))
    emit(
        {"meters": [_seen(seen) for seen in heard]},
        args.json,
        [f"{seen.address}  {seen.name}" for seen in heard] or [MeterNotFound().sentence()],
    )
    return 0


async def _heard(args: argparse.Namespace) -> "list[Seen]":
    from carehub.devices import link

    usual = PRETEND_SECONDS if args.simulated else SCAN_SECONDS
    async with room(args) as radio:
        try:
            async with aclosing(link.find(radio, _kinds(args), args.seconds or usual)) as meters:
                return [seen async for seen in meters]
        except MeterNotFound:
            return []


def read(args: argparse.Namespace) -> int:
    """Read one meter and print what it sent, with the alerts that came of it."""
    import asyncio

    store = _stores(args)
    with _archive(args, store) as archive:
        session = _Session(archive)
        taken = asyncio.run(session.run(args))
        if store:
            taken = _given(archive, taken, args.person)
    return _tell(taken, session.meter, args, store)


def _stores(args: argparse.Namespace) -> bool:
    """Tell whether what is read is kept: always, unless told otherwise or where it is pretended.

    A real cuff forgets what we confirmed, so without an archive that can be opened it is not read.
    """
    from carehub.archive import vault

    if args.print_only or not args.simulated or args.passphrase_stdin or args.recovery_code_stdin:
        return not args.print_only
    folder = paths.archive()
    return vault.exists(folder) and vault.Way.KEYRING in vault.ways(folder)


@contextmanager
def _archive(args: argparse.Namespace, store: bool) -> "Iterator[Archive]":
    if store:
        with opening.joined(args) as app:
            yield app.archive
    else:
        with opening.scratch() as archive:
            yield archive


class _Session:
    """One reading of one meter from the command line."""

    def __init__(self, archive: "Archive") -> None:
        self.archive = archive
        self.meter: Meter | None = None

    async def run(self, args: argparse.Namespace) -> "Taken":
        """Read the first meter that is heard; raises MeterError."""
        from carehub.devices import link
        from carehub.workflows.measuring import Sitting

        async with room(args) as radio:
            sitting = Sitting(
                self.archive, radio, self._hear, times.now, times.local_offset(times.now())
            )
            seconds = args.seconds or LISTEN_SECONDS
            async with aclosing(link.find(radio, _kinds(args), seconds)) as meters:
                seen = await anext(meters)
            return await sitting.read(seen)

    def _hear(self, told: "Told") -> None:
        from carehub.workflows.measuring import Arrived

        if isinstance(told, Arrived):
            self.meter = told.meter


@asynccontextmanager
async def room(args: argparse.Namespace) -> "AsyncIterator[Radio]":
    """Give this computer's radio, or the radio of a room with one pretend meter in it."""
    from carehub.devices.link import Radio

    if not args.simulated:
        yield Radio()
        return
    from carehub.devices.simulator import Air

    async with Air(times.now, zone_offset=times.local_offset(times.now())) as air:
        await _place(air, Kind(args.kind or Kind.BLOOD_PRESSURE))
        yield air.radio


async def _place(air: "Air", kind: Kind) -> None:
    """Put a pretend meter in the room: a cuff that has just measured, or a glucose meter's memory."""
    if kind is Kind.BLOOD_PRESSURE:
        cuff = air.cuff()
        cuff.remember(128, 82, 72)
        await cuff.switch_on()
        return
    from carehub.care.civil import HOUR, local_day, start_of_day

    meter = air.glucose_meter()
    today = start_of_day(local_day(times.now(), air.zone_offset), air.zone_offset) + 7 * HOUR
    for days, value in enumerate(("5.9", "6.2", "5.7", "6.4", "6.1"), start=-5):
        # The same times all day long, so that reading it again adds nothing.
        meter.remember(value, at=today + days * times.DAY, meal=3)
    await meter.switch_on()


def _kinds(args: argparse.Namespace) -> tuple[Kind, ...]:
    return tuple(Kind) if args.kind is None else (Kind(args.kind),)


def _given(archive: "Archive", taken: "Taken", told: str | None) -> "Taken":
    """Give what nobody owns yet to the person named, or to the only one there is."""
    from carehub.archive import people as people_rows
    from carehub.workflows import readings

    with archive.read() as tx:
        if told is None and len(people_rows.everyone(tx)) != 1:
            return taken
        person = people.meant(tx, told)
    ids = [reading.id for reading in taken.unassigned]
    given = readings.claim(archive, ids, person.id, times.now())
    return replace(
        taken,
        added=(*taken.added, *given.added),
        unassigned=given.unassigned,
        alerts=(*taken.alerts, *given.alerts),
    )


def _tell(taken: "Taken", meter: "Meter | None", args: argparse.Namespace, stored: bool) -> int:
    found = sorted((*taken.added, *taken.unassigned), key=_order)
    emit(
        {
            "stored": stored,
            "meter": None if meter is None else _meter(meter),
            "readings": [shapes.reading(reading) for reading in found],
            "already_known": len(taken.known),
            "refused": list(taken.refused),
            "alerts": [
                shapes.alert(alert, times.local_offset(alert.raised_at)) for alert in taken.alerts
            ],
        },
        args.json,
        _lines(taken, found, stored),
    )
    return 0


def _lines(taken: "Taken", found: list[Reading], stored: bool) -> Iterator[str]:
    yield from (saying.reading(reading) for reading in found)
    yield from taken.refused
    for alert in taken.alerts:
        yield saying.alert(alert, times.local_offset(alert.raised_at))
    if not found:
        yield _("The meter sent nothing new.")
    elif not stored:
        yield _("Nothing was kept: this was only printed.")
    elif taken.unassigned:
        yield _("Say whose these are with: carehub readings claim ID --person PERSON")


def _order(reading: Reading) -> tuple[int, str]:
    return reading.taken_at, str(reading.id)


def _seen(seen: "Seen") -> shapes.Shape:
    from carehub.devices.meters import driver_of

    driver = driver_of(seen)
    return {
        "address": seen.address,
        "name": seen.name,
        "kind": None if driver is None else driver.kind.value,
        "driver": None if driver is None else driver.name,
        "rssi": seen.rssi,
        "simulated": seen.simulated,
    }


def _meter(meter: "Meter") -> shapes.Shape:
    return {
        "id": meter.id,
        "name": meter.name,
        "model": meter.model,
        "kind": meter.kind.value,
        "driver": meter.driver,
        "simulated": meter.simulated,
    }
