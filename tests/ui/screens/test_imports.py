"""A file is chosen, looked at, stored and taken back on the page of imports."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QFileDialog

from carehub.archive import readings
from carehub.care.readings import Kind
from carehub.config import Config
from carehub.ui.screens.sample import NOW, PERSON
from carehub.workflows import importing
from tests.helpers import desk as desks
from tests.helpers import notebooks as n
from tests.helpers.desk import Desk

KIOSK = Config(language="en", mode="kiosk", lock_minutes=0, voice=False, sound=False)


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Iterator[Desk]:
    with desks.desk(tmp_path / "archive", monkeypatch, NOW) as made:
        made.shell.open("imports")
        made.until(lambda: made.there("imports.choose"))
        yield made


@pytest.fixture
def choose(tmp_path, monkeypatch, desk):
    """Choose a file of this text in the system's own dialog."""

    def chosen(text):
        file = tmp_path / "phone.csv"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(file), ""))
        desk.press("imports.choose")

    return chosen


def kept(desk, kind=Kind.BLOOD_PRESSURE):
    with desk.archive.read() as tx:
        return len(readings.between(tx, PERSON.id, kind, 0, NOW))


def undo_buttons(desk):
    page = desk.shell.page
    found = [w.objectName() for w in page.findChildren(object) if w.objectName().endswith(".undo")]
    return [name for name in found if name.startswith("imports.batch.") and desk.there(name)]


def test_look_then_store_then_take_back(desk, choose):
    choose(n.OMRON)
    desk.until(lambda: desk.there("imports.store"), "what was seen")
    assert desk.text("imports.said") == "From OMRON connect"
    desk.until(lambda: desk.text("imports.line.0").startswith("2 new"))
    assert kept(desk) == 0
    desk.press("imports.store")
    desk.until(lambda: kept(desk) == 2, "stored")
    desk.until(lambda: desk.text("imports.said") == "2 readings were brought in.")
    desk.until(lambda: bool(undo_buttons(desk)), "the list")
    desk.press(undo_buttons(desk)[0])
    desk.until(lambda: kept(desk) == 0, "taken back")
    desk.until(lambda: not undo_buttons(desk), "the list again")
    assert desk.text("imports.said") == "The import was taken back."


def test_a_question_is_asked_with_buttons(desk, choose):
    choose("time,glucose\n2025-01-01 08:00:00,22\n2025-01-02 08:00:00,31\n")
    desk.until(lambda: desk.there("imports.answer"), "the question")
    assert "unit" in desk.text("imports.said")
    assert desk.shell.page.spoken()[-1] == desk.text("imports.said")
    desk.press("imports.answer.mmol/L")
    desk.until(lambda: desk.there("imports.store"), "what was seen")
    desk.until(lambda: desk.text("imports.row.0").endswith("22 mmol/L"))


def test_a_file_that_is_none_is_one_sentence(desk, choose):
    choose("%PDF-1.7")
    desk.until(lambda: "PDF" in desk.text("imports.said"), "the sentence")
    assert not desk.there("imports.store")


def test_a_long_file_can_be_stopped(desk, choose, monkeypatch):
    monkeypatch.setattr(importing, "_TELL_EVERY", 1)
    page = desk.shell.page
    page.show_progress(7)
    assert "7" in page.progress.text()
    choose(n.OMRON)
    page.stop.click()
    desk.until(lambda: desk.there("imports.choose"), "the end")
    assert kept(desk) == 0


def test_no_file_dialog_in_a_kiosk(tmp_path, monkeypatch):
    def never(*_args):
        raise AssertionError("a file dialog in a kiosk")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", never)
    with desks.desk(tmp_path / "archive", monkeypatch, NOW, KIOSK) as made:
        made.shell.open("imports")
        made.until(lambda: made.there("imports.choose"))
        made.press("imports.choose")
