"""`carehub trends`: how a person's readings went over a week, a month, three months or a year."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from carehub.care.readings import Kind
from carehub.cli import opening, people, shapes, times
from carehub.cli.grammar import Nouns
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.care.people import Person
    from carehub.care.trends import Day, HomeWeek, Summary

PERIODS = {"week": 7, "month": 30, "3months": 91, "year": 365}
LONGEST = 3660
UNITS = {Kind.BLOOD_PRESSURE: "mmHg", Kind.GLUCOSE: "mmol/L"}
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days where the person lives, in UTC milliseconds; `until` is the first moment after."""

    since: int
    until: int
    now: int


def register(nouns: Nouns) -> None:
    """Add `trends` to the command line."""
    parser = nouns.command("trends", _("tell how readings went"), trends, archive=True)
    people.takes_person(parser)
    parser.add_argument("--kind", choices=[kind.value for kind in Kind])
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--period", choices=list(PERIODS), help=_("otherwise a week"))
    length.add_argument("--days", type=int, metavar="N", help=_("a number of days instead"))
    parser.add_argument("--until", metavar="DATE", help=_("the last day; otherwise today"))


def trends(args: argparse.Namespace) -> int:
    """Print means, days in target and each day, of blood pressure, glucose or both."""
    kinds = tuple(Kind) if args.kind is None else (Kind(args.kind),)
    with opening.joined(args) as app:
        with app.archive.read() as tx:
            person = people.meant(tx, args.person)
        stretch = _stretch(args, person.zone_offset)
        found = [summarised(app.archive, person, kind, stretch) for kind in kinds]
    zone = person.zone_offset
    emit(
        {
            "person_id": str(person.id),
            "since": times.written(stretch.since, zone),
            "until": times.written(stretch.until, zone),
            "trends": [_shape(summary) for summary in found],
        },
        args.json,
        (line for summary in found for line in sentences(summary)),
    )
    return 0


def _stretch(args: argparse.Namespace, zone_offset: int) -> Stretch:
    from carehub.care.civil import day_of, local_day

    days = PERIODS[args.period or "week"] if args.days is None else args.days
    if not 1 <= days <= LONGEST:
        raise InputError(_("Give a number of days from 1 to {most}.").format(most=LONGEST))
    now = times.now()
    last = local_day(now, zone_offset) if args.until is None else day_of(times.read_day(args.until))
    return stretch_to(last, days, zone_offset, now)


def stretch_to(last: int, days: int, zone_offset: int, now: int) -> Stretch:
    """Return so many whole civil days, `last` (a day's number) included."""
    from carehub.care.civil import start_of_day

    since = start_of_day(last + 1 - days, zone_offset)
    return Stretch(since, start_of_day(last + 1, zone_offset), now)


def summarised(archive: "Archive", person: "Person", kind: Kind, stretch: Stretch) -> "Summary":
    """Summarise one kind of a person's readings over a stretch."""
    from carehub.archive import people as people_rows
    from carehub.archive import readings
    from carehub.care.trends import summary_of
    from carehub.workflows.rounds import plan_of

    since, until = stretch.since, stretch.until
    with archive.read() as tx:
        profile = people_rows.profile(tx, person.id)
        plan = plan_of(tx, profile)
        # As much again from before, so that the two can be compared.
        found = readings.glances(tx, person.id, kind, since - (until - since), until)
    return summary_of(found, (profile, plan), kind, (since, until), stretch.now)


def _shape(summary: "Summary") -> shapes.Shape:
    kind = summary.kind
    return {
        "kind": kind.value,
        "unit": UNITS[kind],
        "count": summary.count,
        "mean": _named(kind, summary.mean),
        "place": summary.place.value,
        "in_range": summary.in_range,
        "days_measured": sum(day.count > 0 for day in summary.days),
        "days_in_target": summary.days_in_target,
        "change": None if summary.change is None else _named(kind, summary.change),
        "highest": _tenths(summary.highest),
        "lowest": _tenths(summary.lowest),
        "home_week": None if summary.home_week is None else _week(summary.home_week),
        "days": [_day(kind, day) for day in summary.days],
    }


def _week(week: "HomeWeek") -> shapes.Shape:
    return {
        "systolic": _tenths(week.systolic),
        "diastolic": _tenths(week.diastolic),
        "days": week.days,
        "readings": week.readings,
        "enough": week.enough,
        "place": week.place.value,
    }


def _day(kind: Kind, day: "Day") -> shapes.Shape:
    from carehub.care.civil import date_of

    means = [mean for mean in (day.first, day.second) if mean is not None]
    return {
        "date": date_of(day.day).isoformat(),
        "count": day.count,
        "mean": _named(kind, means),
        "place": day.place.value,
        "in_range": day.in_range,
    }


def _named(kind: Kind, means: Sequence[Decimal]) -> shapes.Shape | None:
    """Return means by the name of what they are of, or None where nothing was measured."""
    if not means:
        return None
    names = ("glucose",) if kind is Kind.GLUCOSE else ("systolic", "diastolic")
    return {name: _tenths(mean) for name, mean in zip(names, means, strict=True)}


def _tenths(value: Decimal | None) -> str | None:
    """Write a mean to a tenth; more digits would pretend to more than was measured."""
    return None if value is None else shapes.digits(value.quantize(_TENTH))


def sentences(summary: "Summary") -> Iterator[str]:
    """Yield the mean and what there is to say of it, for people."""
    if summary.shown:
        values = "/".join(str(number) for number in summary.shown)
        yield _("Mean {values} {unit}.").format(values=values, unit=UNITS[summary.kind])
    yield _(summary.sentence).format(**summary.parameters)
    for sentence, parameters in summary.more:
        yield _(sentence).format(**parameters)
