"""The list of readings: months, days, rows with what replaced what; free of Qt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID

from carehub.care.readings import Kind, MealContext, Reading, Source
from carehub.i18n import N_, _, ngettext
from carehub.ui import phrases
from carehub.ui.screens.home.model import State
from carehub.ui.screens.result.model import Judged, value_of
from carehub.ui.terms import KINDS, MEALS

SHOWN = 60
"""Rows that are drawn at once; a month with more has a button for the rest."""

SOURCES: dict[Source, str] = {
    Source.METER: N_("measured"),
    Source.KEYPAD: N_("typed in"),
    Source.IMPORT: N_("taken over"),
}

Judge = Callable[[Reading], Judged]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar where the person lives."""

    year: int
    month: int

    @classmethod
    def of(cls, at: int, zone_offset: int) -> "Month":
        """Return the month of a moment."""
        day = phrases.local(at, zone_offset).date()
        return cls(day.year, day.month)

    def moved(self, months: int) -> "Month":
        """Return the month so many months later."""
        number = self.year * 12 + self.month - 1 + months
        return Month(number // 12, number % 12 + 1)

    def bounds(self, zone_offset: int) -> tuple[int, int]:
        """Return its beginning and its end in UTC milliseconds."""
        after = self.moved(1)
        return _begins(self, zone_offset), _begins(after, zone_offset)

    def words(self) -> str:
        """Return the month as 2026年11月."""
        return phrases.month(self.year, self.month)


def _begins(month: Month, zone_offset: int) -> int:
    moment = datetime(month.year, month.month, 1, tzinfo=UTC)
    return int(moment.timestamp()) * 1000 - zone_offset * 60_000


@dataclass(frozen=True, slots=True)
class Row:
    """One reading with what it replaced; `struck` where it was voided."""

    id: UUID
    time: str
    value: str = field(repr=False)
    state: State = ""
    words: str = ""
    note: str = field(default="", repr=False)
    before: tuple[str, ...] = field(default=(), repr=False)
    struck: bool = False
    reading: Reading | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its readings, the newest first."""

    heading: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingsView:
    """One month of one person, or what a search found (`month` is None then)."""

    month: Month | None
    days: tuple[Day, ...] = ()
    count: str = ""
    earlier: Month | None = None
    later: Month | None = None
    more: int = 0


def view_of(  # noqa: PLR0913 - a month, where it lies, and how much of it
    readings: Iterable[Reading],
    judge: Judge,
    month: Month | None,
    *,
    now: int,
    zone_offset: int,
    span: tuple[int, int] | None = None,
    shown: int = SHOWN,
) -> ReadingsView:
    """Return a month's readings, in force or not; `span` is from the first to the last one ever."""
    rows = _rows(list(readings), judge)
    cut = rows[:shown]
    days = tuple(
        Day(_heading(day, now, zone_offset), tuple(row for _at, row in each))
        for day, each in groupby(cut, lambda pair: phrases.local(pair[0], zone_offset).date())
    )
    kept = sum(not row.struck for _at, row in rows)
    count = ngettext("{count} reading", "{count} readings", kept).format(count=kept)
    earlier, later = _neighbours(month, span, zone_offset)
    return ReadingsView(month, days, count, earlier, later, len(rows) - len(cut))


def _neighbours(
    month: Month | None, span: tuple[int, int] | None, zone_offset: int
) -> tuple[Month | None, Month | None]:
    if month is None or span is None:
        return None, None
    begin, end = month.bounds(zone_offset)
    earlier = month.moved(-1) if span[0] < begin else None
    later = month.moved(1) if span[1] >= end else None
    return earlier, later


def _heading(day: date, now: int, zone_offset: int) -> str:
    today = phrases.local(now, zone_offset).date()
    weekday = _(phrases.WEEKDAYS[day.weekday()])
    name = _("{weekday}, {day}").format(
        weekday=weekday, day=phrases.day(day, year=day.year != today.year)
    )
    near = {0: _("Today"), 1: _("Yesterday")}.get((today - day).days, "")
    return f"{near} ・ {name}" if near else name


def _rows(readings: Sequence[Reading], judge: Judge) -> list[tuple[int, Row]]:
    known = {reading.id: reading for reading in readings}
    replaced = {reading.replaces for reading in readings if reading.replaces is not None}
    last = [reading for reading in readings if reading.id not in replaced]
    newest_first = sorted(last, key=lambda r: (r.taken_at, r.received_at), reverse=True)
    return [(r.taken_at, _row(r, _before(r, known), judge)) for r in newest_first]


def _before(reading: Reading, known: dict[UUID, Reading]) -> tuple[str, ...]:
    """Return the values that stood there before, the latest first; the same value is no correction."""
    found: list[str] = []
    value, here = value_of(reading), reading
    while here.replaces is not None and here.replaces in known:
        here = known[here.replaces]
        old = value_of(here)
        if old != value:
            found.append(old)
            value = old
    return tuple(found)


def _row(reading: Reading, before: tuple[str, ...], judge: Judge) -> Row:
    judged = Judged() if reading.voided else judge(reading)
    return Row(
        id=reading.id,
        time=phrases.clock(phrases.local(reading.taken_at, reading.zone_offset)),
        value=value_of(reading),
        state=judged.state,
        words=judged.words,
        note=" ・ ".join(filter(None, _notes(reading))),
        before=before,
        struck=reading.voided,
        reading=reading,
    )


def _notes(reading: Reading) -> list[str]:
    kind = _(KINDS[reading.kind])
    if reading.context is not MealContext.RANDOM:
        kind = f"{_(MEALS[reading.context])} {kind}"
    pulse = _("pulse {pulse}").format(pulse=reading.pulse) if reading.pulse is not None else ""
    source = _("pretend meter") if reading.simulated else _(SOURCES[reading.source])
    return [kind, pulse, source, reading.note]


def kinds_of(key: str) -> tuple[Kind, ...]:
    """Return the kinds that a filter shows."""
    return tuple(Kind) if key == "all" else (Kind(key),)


def whole_span(spans: Iterable[tuple[int, int] | None]) -> tuple[int, int] | None:
    """Return from the first to the last of several spans."""
    found = [span for span in spans if span is not None]
    if not found:
        return None
    return min(first for first, _last in found), max(last for _first, last in found)
