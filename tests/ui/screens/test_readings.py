"""The list of readings through a real archive: months, correcting, striking out honestly, seeking."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from carehub.archive import readings as rows
from carehub.care.readings import Kind, MealContext, Reading
from carehub.config import Config
from carehub.ui.screens.sample import NOW, PERSON
from carehub.workflows import readings
from tests.helpers import pages
from tests.helpers.builders import bp, glucose
from tests.helpers.desk import Desk, desk

DAY = 86_400_000


def fill(table: Desk) -> None:
    for ago, upper in ((1, 128), (2, 151), (40, 133)):
        reading = bp(upper, 82, NOW - ago * DAY, person_id=PERSON.id)
        readings.type_in(table.archive, reading, NOW)
    sugar = glucose("6.3", NOW - DAY, context=MealContext.FASTING, person_id=PERSON.id)
    readings.type_in(table.archive, replace(sugar, note="走了很多路"), NOW)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path / "archive", monkeypatch, NOW) as made:
        fill(made)
        made.shell.open("readings")
        made.until(lambda: made.there("readings.0.0.value"))
        yield made


def kept(table: Desk, *, in_force: bool = True) -> list[Reading]:
    with table.archive.read() as tx:
        return [
            reading
            for kind in Kind
            for reading in rows.between(tx, PERSON.id, kind, 0, NOW + DAY, in_force=in_force)
        ]


def values(table: Desk) -> list[str]:
    """Return the values on the page, from top to bottom."""
    found = []
    for day in range(9):
        for number in range(9):
            name = f"readings.{day}.{number}.value"
            if table.there(name):
                found.append(table.text(name))
    return found


def test_the_newest_month_comes_first_and_older_ones_by_a_button(table: Desk) -> None:
    assert table.text("readings.month") == "November 2026"
    assert table.text("readings.count") == "3 readings"
    assert not table.part("readings.later").isEnabled()
    table.press("readings.earlier")
    table.until(lambda: table.text("readings.month") == "October 2026")
    table.until(lambda: values(table) == ["133/82"])
    assert not table.part("readings.earlier").isEnabled()
    table.press("readings.later")
    table.until(lambda: table.text("readings.month") == "November 2026")


def test_only_glucose_can_be_shown(table: Desk) -> None:
    table.press("readings.kind.glucose")
    table.until(lambda: values(table) == ["6.3"])
    assert "Fasting Glucose" in table.text("readings.0.0.note")


def test_a_correction_keeps_the_old_value_in_sight_and_can_be_taken_back(table: Desk) -> None:
    place = values(table).index("151/82")
    assert place == 2
    table.press("readings.1.0.correct")
    table.until_page("Correct")
    assert table.part("keypad.systolic").text() == "151"
    table.keys("keypad.pad", "131")
    table.press("keypad.save")
    table.until_page("Readings")
    table.until(lambda: "131/82" in values(table))
    assert table.text("readings.1.0.before.0") == "151/82"
    assert table.part("readings.1.0.before.0").font().strikeOut()
    (new,) = [r for r in kept(table) if r.v1 == Decimal(131)]
    assert new.taken_at == NOW - 2 * DAY
    table.press("undo.press")
    table.until(lambda: "151/82" in values(table))
    assert len(kept(table)) == 4
    assert len(kept(table, in_force=False)) == 6


def test_a_struck_row_comes_back_as_long_as_the_page_is_open(table: Desk) -> None:
    before = kept(table)
    table.press("readings.1.0.strike")
    table.until(lambda: table.text("readings.1.0.note") == "struck out")
    assert table.part("readings.1.0.value").font().strikeOut()
    assert kept(table) == before
    table.press("undo.press")
    table.until(lambda: table.there("readings.1.0.strike"))
    assert not table.part("readings.1.0.value").font().strikeOut()
    assert kept(table) == before


@pytest.mark.parametrize("way", ["close", "leave", "strike another"])
def test_a_struck_row_is_gone_for_good_afterwards(table: Desk, way: str) -> None:
    table.press("readings.1.0.strike")
    if way == "close":
        table.press("undo.close")
    elif way == "leave":
        table.press("header.back")
    else:
        table.press("readings.0.0.strike")
    table.until(lambda: len(kept(table)) == 3)
    voided = [r for r in kept(table, in_force=False) if r.voided]
    assert [r.v1 for r in voided] == [Decimal(151)]


def test_a_voided_reading_stays_in_the_list_without_a_way_to_change_it(table: Desk) -> None:
    table.press("readings.1.0.strike")
    table.press("undo.close")
    table.until(lambda: table.text("readings.count") == "2 readings")
    table.until(lambda: table.text("readings.1.0.value") == "151/82")
    assert not table.there("readings.1.0.correct")


def test_notes_are_found_where_there_is_room_for_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(language="en", mode="standard", lock_minutes=0, voice=False, sound=False)
    with desk(tmp_path / "archive", monkeypatch, NOW, config) as table:
        fill(table)
        table.shell.open("readings")
        table.until(lambda: len(values(table)) == 3)
        field = table.part("readings.search.line")
        assert isinstance(field, QLineEdit)
        field.setText("走了")
        table.until(lambda: values(table) == ["6.3"])
        assert table.text("readings.month") == "Found"
        field.setText("")
        table.until(lambda: len(values(table)) == 3)
        pages.app().processEvents()


def test_a_month_with_many_readings_shows_more_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path / "archive", monkeypatch, NOW) as table:
        with table.archive.write() as tx:
            for minute in range(70):
                rows.add(tx, bp(120, 80, NOW - minute * 60_000, person_id=PERSON.id))
        table.shell.open("readings")
        table.until(lambda: table.there("readings.more"))
        assert not table.there("readings.0.69.value")
        table.press("readings.more")
        table.until(lambda: table.there("readings.0.69.value"))
        assert not table.there("readings.more")
