"""Pages to print: everything in force, in the person's language, with the letters inside."""

import logging
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.people import Profile
from carehub.care.record import Record
from carehub.wire import booklet
from tests.helpers import held
from tests.helpers.builders import PERSON, bp, glucose, uid
from tests.helpers.platforms import NOON

ALERT = Alert(
    uid("alert"),
    PERSON,
    "BP-2",
    "1",
    "bp",
    Level.L2,
    State.ACTIVE,
    "e",
    "High blood pressure",
    NOON,
)


def whole(**given):
    lines = held.lines(PERSON)
    profile = Profile(
        lines["person"][0],
        conditions=tuple(lines["condition"]),
        allergies=tuple(lines["allergy"]),
        medicines=tuple(lines["medicine"]),
        history=tuple(lines["history_line"]),
        contacts=tuple(lines["emergency_contact"]),
    )
    readings = (
        *held.readings(PERSON),
        glucose("HI", NOON),
        replace(bp(199, 99, NOON), voided=True),
        bp(141, 81, NOON, pulse=None),
    )
    usual = {"readings": readings, "alerts": (ALERT,), "consents": tuple(lines["consent"])}
    return Record(profile, **usual | given)


def said(language="zh_CN", **given):
    return [line for _, line in booklet.lines(whole(**given), NOON, lambda text: text)]


def test_every_part_of_the_record_has_its_lines_the_newest_reading_first():
    lines = said()
    text = "\n".join(lines)
    for value in (
        "王示例",
        "青霉素  皮疹",
        "示例片  一片  早上",
        "李示例",
        "13800000000",
        "platform_sync",
    ):
        assert value in text
    assert "199/99" not in text
    assert "HI" in text
    readings = lines[lines.index("Readings") + 1 :]
    assert len(readings) == 6
    assert readings == sorted(readings, reverse=True) or readings[0][:10] >= readings[-1][:10]
    assert any("141/81 mmHg" in line and "Pulse" not in line for line in readings)


def test_a_part_with_nothing_in_it_has_no_heading():
    assert "Alerts" in said()
    assert "Alerts" not in said(alerts=())


@pytest.mark.skipif(booklet.font() is None, reason="no font with Chinese letters here")
def test_the_pages_have_their_letters_inside_and_no_word_of_them_is_logged(caplog, tmp_path):
    long = replace(ALERT, text="很长的一句话" * 20)
    made = booklet.booklet(whole(alerts=(long,)), NOON, booklet.font(), "zh_CN")
    assert made.startswith(b"%PDF-1.")
    assert b"/FontFile" in made
    assert "青" not in caplog.text
    assert logging.getLogger("fpdf").level >= logging.ERROR
    if shutil.which("pdftotext"):
        (tmp_path / "record.pdf").write_bytes(made)
        told = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / "record.pdf"), "-"],
            capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip
        assert "青霉素" in told
        assert "高血压" in told
        assert "6.10 mmol/L" in told


def test_a_machine_without_such_a_font_has_none(tmp_path):
    missing = booklet.Font(tmp_path / "no.ttf")
    there = booklet.Font(Path(__file__), 3)
    assert booklet.font([missing]) is None
    assert booklet.font([missing, there]) == there
