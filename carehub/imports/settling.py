"""What a file leaves open: which number is the day, which unit; settled by the whole file, or asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from carehub.care.readings import HIGH, LOW, Kind, Reading, Unit
from carehub.errors import FileUnclear
from carehub.i18n import N_, _
from carehub.imports import dates, numbers
from carehub.imports.rows import UNITS, Answers, Dates, Entry, Format, Raw, Row, Why
from carehub.imports.sources import Source

LOOKED_AT = 20_000
"""Rows after which what was plain in all of them counts as plain in the file."""
_CLEARLY = 50
"""How many times as many values must speak for one unit as for the other."""
_MG_DL_ABOVE = Decimal("33.3")
_MMOL_L_BELOW = Decimal("19.8")
_MMHG_ABOVE = Decimal(40)
_KPA_BELOW = Decimal(35)
_FEW_ENOUGH = 400


@dataclass(frozen=True, slots=True)
class Settled:
    """How a file is to be read: the order of its dates and the unit of each kind, where it has them."""

    dates: Dates | None = None
    units: dict[Kind, Unit] = field(default_factory=dict)


@dataclass(slots=True)
class _Votes:
    """What the rows looked at so far say."""

    orders: set[Dates] = field(default_factory=set)
    unclear: list[str] = field(default_factory=list)
    first: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    second: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    unsure: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    seen: set[Kind] = field(default_factory=set)


def settle(source: Source, form: Format, answers: Answers, now: int) -> Settled:
    """Look the file through as far as needed; raises FileUnclear with the question that is left."""
    votes = _look(row for _line, row in form.rows(source, answers) if isinstance(row, Raw))
    hint = form.hint(source) if form.hint and answers.dates is None else None
    order = answers.dates or hint or _order(votes, now, answers.zone_offset)
    units = {kind: answers.unit(kind) or _unit(kind, votes) for kind in sorted(votes.seen)}
    return Settled(order, units)


def rows(source: Source, form: Format, answers: Answers, settled: Settled) -> Iterator[Row]:
    """Yield each row as an entry, or why it is none."""
    for line, raw in form.rows(source, answers):
        yield line, entry(raw, answers, settled) if isinstance(raw, Raw) else raw


def entry(raw: Raw, answers: Answers, settled: Settled) -> Entry | Why:
    """Return one raw row with its moment in UTC and its values as numbers, or why that cannot be."""
    if answers.user is not None and raw.user and raw.user != answers.user:
        return Why.OTHER_USER
    if raw.reading is not None:
        return _whole(raw.reading)
    when = _moment(raw, answers, settled)
    if isinstance(when, Why):
        return when
    text = numbers.censored(raw.first)
    try:
        first = None if text else numbers.value(raw.first)
        second, third = numbers.value(raw.second), numbers.value(raw.third)
    except ValueError:
        return Why.BAD_NUMBER
    missing = _missing(raw.kind, first, second, text)
    unit = raw.unit or settled.units.get(raw.kind) or UNITS[raw.kind][0]
    return missing or _made(raw, when, unit, (first, second, third), text)


def _whole(kept: Reading) -> Entry:
    return Entry(
        kept.kind,
        kept.taken_at,
        kept.zone_offset,
        kept.unit,
        kept.v1,
        kept.v2,
        kept.v3,
        kept.text,
        reading=kept,
    )


def _made(
    raw: Raw,
    when: tuple[int, int],
    unit: Unit,
    values: tuple[Decimal | None, Decimal | None, Decimal | None],
    text: str,
) -> Entry:
    return Entry(
        raw.kind,
        when[0],
        when[1],
        unit,
        values[0],
        values[1],
        # A pulse of 0 is a cuff's way to say that it counted none.
        values[2] or None,
        text,
        raw.context,
        raw.posture,
        raw.flags,
        raw.note,
        raw.user,
        raw.continuous,
        raw.reading,
    )


def _missing(kind: Kind, first: Decimal | None, second: Decimal | None, text: str) -> Why | None:
    if kind is Kind.GLUCOSE:
        return Why.NO_VALUE if first is None and text not in (HIGH, LOW) else None
    if text:
        return Why.BAD_NUMBER
    if first is None and second is None:
        return Why.NO_VALUE
    return Why.HALF_A_PRESSURE if first is None or second is None else None


def _moment(raw: Raw, answers: Answers, settled: Settled) -> tuple[int, int] | Why:
    zone = answers.zone_offset if raw.zone_offset is None else raw.zone_offset
    if abs(zone) > dates.FURTHEST:
        return Why.BAD_TIME
    if raw.at is not None:
        return (raw.at, zone) if dates.known(raw.at) else Why.BAD_TIME
    if not raw.day:
        return Why.NO_TIME
    try:
        moment, told = dates.moment(raw.day, raw.clock, settled.dates, zone)
    except (ValueError, OverflowError):
        return Why.BAD_TIME
    # A time that names its zone keeps it; an offset of the row's own says where it was taken.
    return moment, zone if raw.zone_offset is not None else told


def _look(raws: Iterator[Raw]) -> _Votes:
    votes = _Votes()
    for raw in islice(raws, LOOKED_AT):
        if raw.unit is None and raw.reading is None:
            votes.seen.add(raw.kind)
            _vote(raw, votes)
        if raw.at is None and raw.day:
            _date(raw.day, votes)
    if votes.unclear and not votes.orders:
        # A rare day above twelve may still come: look through the rest for nothing else.
        _dates_of_the_rest(raws, votes)
    return votes


def _dates_of_the_rest(raws: Iterable[Raw], votes: _Votes) -> None:
    for raw in raws:
        _date(raw.day, votes)
        if votes.orders:
            return


def _date(day: str, votes: _Votes) -> None:
    alone, _clock = dates.split(day)
    try:
        order = dates.evidence(alone)
    except ValueError:
        if len(votes.unclear) < _FEW_ENOUGH and alone not in votes.unclear[-1:]:
            votes.unclear.append(alone)
        return
    if order is not None:
        votes.orders.add(order)


def _vote(raw: Raw, votes: _Votes) -> None:
    try:
        told = numbers.value(raw.first)
    except ValueError:
        return
    if told is None or told <= 0:
        return
    votes.unsure[raw.kind] += 1
    if raw.kind is Kind.GLUCOSE:
        votes.first[raw.kind] += told < _MMOL_L_BELOW
        votes.second[raw.kind] += told > _MG_DL_ABOVE
    else:
        votes.first[raw.kind] += told > _MMHG_ABOVE
        votes.second[raw.kind] += told < _KPA_BELOW


def _order(votes: _Votes, now: int, zone_offset: int) -> Dates | None:
    """Return the only order in which the file's dates make sense; raises FileUnclear for two."""
    if len(votes.orders) == 1:
        return next(iter(votes.orders))
    if not votes.orders and not votes.unclear:
        return None
    if not votes.orders:
        possible = [
            order
            for order in (Dates.DMY, Dates.MDY)
            if _past(votes.unclear, order, now, zone_offset)
        ]
        if len(possible) == 1:
            return possible[0]
    raise _dates_question(votes)


def _past(days: list[str], order: Dates, now: int, zone_offset: int) -> bool:
    """Tell whether none of these days lies in the future when read in this order."""
    return all(dates.within(dates.moment(day, "0:00", order, zone_offset)[0], now) for day in days)


def _dates_question(votes: _Votes) -> FileUnclear:
    if not votes.unclear or votes.orders:
        text = _("This file mixes two orders of dates. Say which with --dates dmy or --dates mdy.")
        return FileUnclear("dates", text, (Dates.DMY, Dates.MDY))
    text = _(
        "The dates in this file can be read in two ways ({example}: day or month first?). "
        "Say which with --dates dmy or --dates mdy."
    )
    return FileUnclear("dates", text.format(example=votes.unclear[0]), (Dates.DMY, Dates.MDY))


_UNIT_QUESTIONS = {
    Kind.GLUCOSE: N_(
        "This file does not say whether its glucose is in mmol/L or in mg/dL. "
        "Say which with --unit mmol/L or --unit mg/dL."
    ),
    Kind.BLOOD_PRESSURE: N_(
        "This file does not say whether its pressures are in mmHg or in kPa. "
        "Say which with --unit mmHg or --unit kPa."
    ),
}
_QUESTIONS = {Kind.GLUCOSE: "glucose_unit", Kind.BLOOD_PRESSURE: "pressure_unit"}


def _unit(kind: Kind, votes: _Votes) -> Unit:
    """Return the unit that the values show; raises FileUnclear where they could be in either."""
    first, second = votes.first[kind], votes.second[kind]
    units = UNITS[kind]
    if first > _CLEARLY * second:
        return units[0]
    if second > _CLEARLY * first:
        return units[1]
    if not first and not second and not votes.unsure[kind]:
        return units[0]
    raise FileUnclear(_QUESTIONS[kind], _(_UNIT_QUESTIONS[kind]), units)
