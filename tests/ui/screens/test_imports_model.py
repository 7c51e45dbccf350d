"""What the page of imports says, decided without Qt."""

from uuid import UUID

from carehub.archive.batches import Batch
from carehub.care.readings import Unit
from carehub.errors import FileUnclear, InputError
from carehub.imports.rows import Answers, Dates
from carehub.imports.sources import Source
from carehub.ui.screens.imports.model import (
    Question,
    answered,
    batches_of,
    preview_of,
    question_of,
    stored,
)
from carehub.ui.screens.sample import NOW, PERSON
from carehub.workflows import importing
from carehub.workflows.importing import Imported
from tests.helpers import notebooks as n


def seen(text):
    return importing.preview(Source.of_bytes(text.encode()), Answers(), NOW)


def test_a_preview_says_what_is_in_the_file():
    preview = preview_of(seen(n.OMRON), "王奶奶")
    assert preview.title == "From OMRON connect"
    assert preview.new == 2
    assert preview.lines[0] == "2 new, 0 known already, 0 cannot be used."
    assert "王奶奶" in preview.lines[-1]
    assert len(preview.lines) == 3
    assert preview.rows[0].endswith("131/79 mmHg")
    assert preview.refused == ()


def test_glucose_and_what_is_refused_are_told():
    text = "time,glucose (mmol/L)\n2025-01-01 08:00,5.4\n2025-01-02 08:00,HI\n" + "never,5\n" * 7
    preview = preview_of(seen(text), "王奶奶")
    assert [row.split("  ")[1] for row in preview.rows] == ["5.4 mmol/L", "HI mmol/L"]
    assert preview.refused[0] == "Line 4: the time cannot be read"
    assert preview.refused[-1] == "and 2 more rows"


def test_an_empty_file_has_no_span_and_is_nobodys():
    preview = preview_of(seen("time,sys,dia\n"), "王奶奶")
    assert (preview.new, len(preview.lines)) == (0, 1)


def test_the_imports_there_were():
    made = Batch(UUID(int=1), PERSON.id, "ubpm", "", NOW - 86_400_000, 1)
    named = Batch(UUID(int=2), UUID(int=9), "ubpm", "mine.json", NOW, 2)
    gone = Batch(UUID(int=3), PERSON.id, "ubpm", "", NOW, 2, undone_at=NOW)
    first, second = batches_of([made, named, gone], {PERSON.id: "王奶奶"}, NOW, 480).batches
    assert (first.title, second.title) == ("ubpm", "mine.json")
    assert "1 reading" in first.note
    assert "王奶奶" in first.note
    assert "somebody" in second.note


def test_questions_become_buttons_and_answers():
    dates = question_of(FileUnclear("dates", "", (Dates.DMY, Dates.MDY)))
    assert dates is not None
    assert dates.choices == (("dmy", "Day first"), ("mdy", "Month first"))
    assert answered(Answers(), dates, "mdy").dates is Dates.MDY
    unit = question_of(FileUnclear("glucose_unit", "", (Unit.MMOL_L, Unit.MG_DL)))
    assert unit is not None
    assert unit.choices[1] == ("mg/dL", "mg/dL")
    assert answered(Answers(), unit, "mg/dL").units == {Unit.MG_DL}
    user = Question("user", "", (("1", "1"),))
    assert answered(Answers(), user, "1").user == "1"
    assert question_of(FileUnclear("columns", "")) is None
    assert question_of(InputError("x")) is None


def test_what_was_stored_is_one_sentence():
    found = seen(n.OMRON)
    assert stored(Imported(UUID(int=1), found)) == "2 readings were brought in."
    assert "nothing new" in stored(Imported(None, seen("time,sys,dia\n")))
