"""The health archive through a real archive: tick, add, change, remove and take back, the target."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from carehub.archive import alerts, people
from carehub.care.civil import DAY, HOUR
from carehub.care.people import HistoryKind, MedicineClass, Profile, Target
from carehub.care.plans import GlucosePlan, HealthGroup
from carehub.ui.notices import Notices
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers import pages
from tests.helpers.desk import Desk, desk


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path / "archive", monkeypatch, NOW) as made:
        yield made


def profile(table: Desk) -> Profile:
    with table.archive.read() as tx:
        return people.profile(tx, PERSON.id)


def write(table: Desk, name: str, text: str) -> None:
    table.until(lambda: table.there(name) and table.part(name).isEnabled(), name)
    field = table.part(name)
    assert isinstance(field, QLineEdit)
    field.setText(text)
    pages.app().processEvents()


def settle(table: Desk) -> None:
    """Wait until the page shows all that was kept."""
    page = table.shell.page
    assert page is not None
    table.until(lambda: not page.busy)


def undo(table: Desk) -> None:
    table.press("undo.press")


def test_the_overview_leads_to_each_part(table: Desk) -> None:
    table.shell.open("health")
    table.until(lambda: table.there("health.conditions"))
    assert table.text("health.conditions.line.0") == "High blood pressure"
    assert table.text("health.allergies.line.0") == "Nothing recorded yet"
    for key, page in (
        ("conditions", "Lines"),
        ("allergies", "Allergies"),
        ("medicines", "Medicines"),
        ("history", "EntryPage"),
        ("target", "TargetPage"),
        ("glucose", "GlucosePlanPage"),
        ("contacts", "Lines"),
    ):
        table.press(f"health.{key}")
        table.until_page(page)
        table.press("header.back")
        table.until_page("Health")


def test_ticking_none_is_kept_and_taken_back_by_the_first_tick(table: Desk) -> None:
    table.shell.open("health")
    table.press("health.allergies")
    table.press("allergies.unknown")
    table.until_page("Health")
    table.until(lambda: table.text("health.allergies.line.0") == "Not sure, as you said")
    table.press("health.allergies")
    table.until(lambda: table.text("allergies.said") == "You said: not sure")
    table.press("allergies.penicillin")
    table.until(lambda: table.text("allergies.said") == "")
    table.until(lambda: not table.part("allergies.none").isEnabled())
    assert [a.substance for a in profile(table).allergies] == ["Penicillin"]
    assert profile(table).history == ()


def test_a_line_typed_in_can_be_removed_and_brought_back(table: Desk) -> None:
    table.shell.open("health.medicines")
    table.until(lambda: table.there("medicines.add"))
    assert not table.part("medicines.add").isEnabled()
    write(table, "medicines.other.line", "  氨氯地平 ")
    table.press("medicines.add")
    table.until(lambda: len(profile(table).medicines) == 1)
    (kept,) = profile(table).medicines
    assert (kept.name, kept.medicine_class) == ("氨氯地平", MedicineClass.OTHER)
    table.press(f"medicines.line.{kept.id.hex}.remove")
    table.until(lambda: profile(table).medicines == ())
    undo(table)
    table.until(lambda: profile(table).medicines == (kept,))


def test_a_medicine_is_changed_in_words(table: Desk) -> None:
    table.shell.open("health.entry", topic="medicines")
    table.press("entry.save")
    assert table.text("entry.name.trouble") == "Please fill this in."
    write(table, "entry.name.line", "甘精胰岛素")
    write(table, "entry.dose.line", "10 单位")
    table.press("entry.class.insulin")
    table.press("entry.save")
    table.until_page("Home")
    assert profile(table).risks_low_glucose
    table.shell.open("health.list", topic="medicines")
    table.press("lines.0.change")
    table.until(lambda: table.part("entry.dose.line").text() == "10 单位")
    table.press("entry.stopped")
    table.press("entry.save")
    table.until_page("Lines")
    assert not profile(table).risks_low_glucose
    table.until(lambda: "No longer used" in table.text("lines.0.note"))


def test_history_has_a_kind_and_a_year_from_the_pad(table: Desk) -> None:
    table.shell.open("health.entry", topic="history")
    write(table, "entry.text.line", "胆囊切除")
    table.keys("entry.pad", "2099")
    table.press("entry.save")
    assert table.text("entry.year.trouble") == "A year between 1900 and 2026."
    table.press("entry.pad.clear")
    table.keys("entry.pad", "20033")
    table.press("entry.pad.back")
    table.press("entry.kind.surgery")
    table.press("entry.save")
    table.until(lambda: len(profile(table).history) == 1)
    (line,) = profile(table).history
    assert (line.kind, line.text, line.year) == (HistoryKind.SURGERY, "胆囊切除", 2003)


def test_contacts_change_places_and_a_removed_one_comes_back(table: Desk) -> None:
    table.shell.open("health.list", topic="contacts")
    table.until(lambda: table.there("lines.1.later"))
    assert not table.part("lines.1.later").isEnabled()
    table.press("lines.0.later")
    table.until(lambda: [c.name for c in profile(table).contacts] == ["王强", "王芳"])
    table.until(lambda: "王强" in table.text("lines.0.title"))
    table.press("lines.0.remove")
    table.until(lambda: [c.name for c in profile(table).contacts] == ["王芳"])
    undo(table)
    table.until(lambda: [c.name for c in profile(table).contacts] == ["王强", "王芳"])
    table.press("lines.add")
    table.until_page("EntryPage")


def test_a_telephone_number_must_be_one(table: Desk) -> None:
    table.shell.open("health.entry", topic="contacts")
    write(table, "entry.name.line", "李示例")
    table.press("entry.save")
    assert "digits" in table.text("entry.phone.trouble")


def test_what_is_typed_before_the_page_is_ready_is_refused_not_overwritten(table: Desk) -> None:
    table.shell.open("health.target")
    assert not table.part("target.systolic").isEnabled()
    table.keys("target.pad", "150")
    page = table.shell.page
    assert page is not None
    page.refresh()
    pages.app().processEvents()
    table.until(lambda: table.part("target.save").isEnabled())
    assert table.part("target.systolic").text() == "150"


def test_the_doctors_target_is_kept_taken_out_and_brought_back(table: Desk) -> None:
    def target() -> Target | None:
        with table.archive.read() as tx:
            return people.target(tx, PERSON.id)

    table.shell.open("health.target")
    table.until(lambda: table.there("target.systolic"))
    table.until(lambda: not table.part("target.clear").isEnabled())
    table.keys("target.pad", "99")
    table.press("target.save")
    table.until(lambda: "between 100 and 180" in table.text("target.complaint"))
    table.press("target.pad.back")
    table.press("target.pad.back")
    table.keys("target.pad", "140")
    field = table.part("target.diastolic")
    field.setFocus()
    table.keys("target.pad", "90")
    table.press("target.save")
    table.until_page("Home")
    assert target() == Target(Decimal(140), Decimal(90))
    table.shell.open("health.target")
    table.press("target.clear")
    table.until(lambda: target() == Target())
    undo(table)
    table.until(lambda: target() == Target(Decimal(140), Decimal(90)))


def plan(table: Desk) -> GlucosePlan:
    with table.archive.read() as tx:
        return people.glucose_plan(tx, PERSON.id) or GlucosePlan()


def on_board(table: Desk) -> str:
    """Return the words that stand above the page."""
    labels = [part for part in table.shell.findChildren(QLabel) if part.isVisible()]
    return " ".join(part.text() for part in labels)


@pytest.fixture
def notices(table: Desk) -> Iterator[Notices]:
    made = Notices(table.shell)
    yield made
    made.stop()


def test_each_choice_of_the_glucose_plan_is_kept_at_once(table: Desk) -> None:
    table.shell.open("health.glucose")
    table.press("plan.every.3")
    table.press("plan.group.moderate")
    table.press("plan.strips")
    table.until(lambda: plan(table).ketone_strips)
    assert plan(table) == GlucosePlan(
        every=3, every_since=NOW, health_group=HealthGroup.MODERATE, ketone_strips=True
    )
    settle(table)
    table.press("plan.every.never")
    table.press("plan.group.untold")
    table.until(lambda: plan(table).health_group is None)
    assert plan(table).every is None


def test_an_hba1c_is_typed_replaced_taken_out_and_brought_back(table: Desk) -> None:
    table.shell.open("health.glucose")
    table.press("plan.change")
    table.until(lambda: table.there("hba1c.value") and table.part("hba1c.save").isEnabled())
    table.keys("hba1c.pad", "28")
    table.press("hba1c.save")
    assert table.text("hba1c.complaint") == "HbA1c: between 3.0 and 20.0, please."
    table.press("hba1c.pad.back")
    table.press("hba1c.pad.back")
    table.keys("hba1c.pad", "6.8")
    table.press("hba1c.save")
    assert "year, month and day" in table.text("hba1c.complaint")
    table.part("hba1c.day.month").setFocus()
    table.keys("hba1c.pad", "915")
    table.press("hba1c.save")
    table.until_page("GlucosePlanPage")
    kept = GlucosePlan(Decimal("6.8"), date(2026, 9, 15), None, plan(table).every_since)
    assert plan(table) == kept
    table.until(lambda: table.text("plan.result") == "6.8 %")
    assert table.text("plan.next") == "The next test is due on 14 December"
    table.press("plan.change")
    table.press("hba1c.forget")
    table.until(lambda: plan(table).hba1c_on is None)
    undo(table)
    table.until(lambda: plan(table) == kept)


def test_a_planned_reading_that_was_missed_is_said(table: Desk, notices: Notices) -> None:
    table.shell.open("health.glucose")
    table.press("plan.every.1")
    table.until(lambda: plan(table).every == 1)
    notices.make_round()
    assert open_rules(table) == set()
    table.now += 25 * HOUR
    notices.make_round()
    table.until(lambda: open_rules(table) == {"G-MISS"})
    table.now += DAY  # the next morning's bundle
    notices.make_round()
    table.until(lambda: "It is time to measure your glucose." in on_board(table))


def test_a_test_that_is_due_is_said(table: Desk, notices: Notices) -> None:
    table.shell.open("health.hba1c")
    table.until(lambda: table.there("hba1c.value") and table.part("hba1c.save").isEnabled())
    table.part("hba1c.day.month").setFocus()
    table.keys("hba1c.pad", "821")
    table.press("hba1c.save")
    table.until(lambda: open_rules(table) == {"G-A1C"})
    table.now += DAY
    notices.make_round()
    table.until(lambda: "It is time for the HbA1c test." in on_board(table))
    look = table.shell.findChild(QAbstractButton, "notice.look")
    assert look is not None
    look.click()
    table.until_page("AlertPage")


def open_rules(table: Desk) -> set[str]:
    with table.archive.read() as tx:
        return {alert.rule for alert in alerts.open(tx, PERSON.id)}
