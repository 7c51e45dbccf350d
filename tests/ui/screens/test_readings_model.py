"""Months, days and rows of the list of readings."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from carehub import i18n
from carehub.care.readings import Kind, MealContext, Source
from carehub.ui.screens.readings.model import (
    Month,
    ReadingsView,
    kinds_of,
    view_of,
    whole_span,
)
from carehub.ui.screens.result.model import Judged
from carehub.ui.screens.sample import NOW
from tests.helpers.builders import bp, glucose

HOUR = 3_600_000
NOVEMBER = Month(2026, 11)


def made(*readings: object, **more: object) -> ReadingsView:
    given = {"now": NOW, "zone_offset": 480, **more}
    return view_of(readings, lambda _r: Judged("in_target", "In target"), NOVEMBER, **given)  # type: ignore[arg-type]  # readings and keywords by name


@pytest.mark.parametrize(
    ("month", "by", "moved"),
    [((2026, 12), 1, (2027, 1)), ((2026, 1), -1, (2025, 12)), ((2026, 5), 7, (2026, 12))],
)
def test_months_follow_each_other(month: tuple[int, int], by: int, moved: tuple[int, int]) -> None:
    assert Month(*month).moved(by) == Month(*moved)


def test_a_month_begins_where_the_person_lives() -> None:
    begin, end = NOVEMBER.bounds(480)
    there = datetime.fromtimestamp(begin / 1000, UTC)
    assert (there.month, there.day, there.hour) == (10, 31, 16)
    assert end - begin == 30 * 24 * HOUR
    assert Month.of(begin, 480) == NOVEMBER
    assert Month.of(begin - 1, 480) == Month(2026, 10)


def test_a_month_is_named_in_both_languages() -> None:
    assert NOVEMBER.words() == "November 2026"
    i18n.set_language("zh_CN")
    assert NOVEMBER.words() == "2026年11月"


def test_days_are_headed_by_how_near_they_are() -> None:
    view = made(*(bp(128, 82, NOW - days * 24 * HOUR) for days in (0, 1, 2, 400)))
    assert [day.heading for day in view.days] == [
        "Today ・ Sunday, 22 November",
        "Yesterday ・ Saturday, 21 November",
        "Friday, 20 November",
        "Saturday, 18 October 2025",
    ]


def test_a_chain_of_corrections_is_one_row_with_the_older_values_behind_it() -> None:
    first = bp(151, 93, NOW - HOUR)
    second = replace(bp(131, 93, NOW - HOUR), id=UUID(int=2), replaces=first.id)
    felt = replace(second, id=UUID(int=3), replaces=second.id)
    third = replace(bp(131, 83, NOW - HOUR), id=UUID(int=4), replaces=felt.id)
    ((row,),) = [day.rows for day in made(first, second, felt, third).days]
    assert (row.value, row.before) == ("131/83", ("131/93", "151/93"))
    assert row.reading == third


def test_a_void_is_struck_uncounted_and_judged_by_nobody() -> None:
    view = made(bp(128, 82, NOW), replace(bp(250, 40, NOW - HOUR), voided=True))
    rows = view.days[0].rows
    assert [row.struck for row in rows] == [False, True]
    assert rows[1].words == ""
    assert view.count == "1 reading"


def test_notes_say_pulse_and_where_it_came_from() -> None:
    plain = replace(bp(128, 82, NOW, pulse=71), source=Source.METER)
    pretend = replace(bp(128, 82, NOW - HOUR), simulated=True, note="早饭前")
    notes = [row.note for row in made(plain, pretend).days[0].rows]
    assert notes[0] == "Blood pressure ・ pulse 71 ・ measured"
    assert "pretend meter ・ 早饭前" in notes[1]
    fasting = made(glucose("6.3", NOW, context=MealContext.FASTING))
    assert fasting.days[0].rows[0].note.startswith("Fasting Glucose")


def test_more_than_fits_is_counted() -> None:
    view = made(*(bp(128, 82, NOW - n * 60_000) for n in range(5)), shown=3)
    assert (sum(len(day.rows) for day in view.days), view.more) == (3, 2)
    assert view.count == "5 readings"


def test_neighbouring_months_are_offered_where_readings_lie() -> None:
    begin, end = NOVEMBER.bounds(480)
    both = made(span=(begin - 1, end))
    assert (both.earlier, both.later) == (Month(2026, 10), Month(2026, 12))
    alone = made(span=(begin, end - 1))
    assert (alone.earlier, alone.later) == (None, None)
    assert made().earlier is None


def test_filters_and_spans() -> None:
    assert kinds_of("all") == tuple(Kind)
    assert kinds_of("glucose") == (Kind.GLUCOSE,)
    assert whole_span([None, None]) is None
    assert whole_span([(3, 5), None, (1, 4)]) == (1, 5)
