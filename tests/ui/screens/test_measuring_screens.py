"""People measure, type in, are warned, claim and look at the report, on a real archive."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from carehub.archive import alerts as alert_rows
from carehub.archive import readings as reading_rows
from carehub.care.alerts import Alert, Level, State
from carehub.care.meters import Meter
from carehub.care.people import Person
from carehub.care.readings import Kind, MealContext, Reading, Source, Symptom, Unit
from carehub.config import Config
from carehub.devices import link
from carehub.errors import LinkLost
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure import listening
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.measure.screen import Measure
from carehub.ui.screens.report import paper
from carehub.ui.screens.report.screen import Report
from carehub.ui.screens.sample import NOW, PERSON
from carehub.workflows import readings
from carehub.workflows.measuring import Arrived, Failed, Sitting, Told
from tests.helpers import pages
from tests.helpers.desk import Desk, desk

METER = Meter("SIM-1", "示例血压计", "blood_pressure", "00:00:00:00:00:01", Kind.BLOOD_PRESSURE)
SWEET = Meter("SIM-2", "示例血糖仪", "glucose", "00:00:00:00:00:02", Kind.GLUCOSE)


@pytest.fixture(autouse=True)
def _quiet_radio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sitting hear nothing by itself; a test says what the meter does."""

    async def hear_nothing(self: Sitting, kinds: object, seconds: float = 0) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Sitting, "listen", hear_nothing)


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path / "archive", monkeypatch, NOW) as made:
        yield made


def meter_says(seat: Desk, event: Told) -> None:
    """Let the page hear an event as the background thread would tell it."""
    page = seat.shell.page
    heard: listening.Listening = page._listening  # type: ignore[union-attr]  # noqa: SLF001 - the radio's end
    heard._arrive(heard._ticket, event)  # noqa: SLF001 - as the background posts it
    pages.app().processEvents()


def cuff_sends(seat: Desk, upper: int, lower: int, **changes: object) -> None:
    """Let the cuff send one reading that was taken now."""
    number = seat.now % 1000 + upper
    reading = replace(pressure(upper, lower, seat.now, number), received_at=seat.now)
    keep(seat, replace(reading, **changes), METER)  # type: ignore[arg-type]  # fields of a reading


def keep(seat: Desk, reading: Reading, meter: Meter) -> None:
    with seat.archive.write() as tx:
        reading_rows.add(tx, reading)
        taken = readings._settle(tx, [reading], seat.now)  # noqa: SLF001 - what `take` does after decoding
    meter_says(seat, Arrived(taken, meter))


def stored(seat: Desk, kind: Kind = Kind.BLOOD_PRESSURE) -> list[Reading]:
    with seat.archive.read() as tx:
        return reading_rows.latest(tx, PERSON.id, kind, 20)


def open_alerts(seat: Desk) -> list[Alert]:
    with seat.archive.read() as tx:
        return alert_rows.open(tx, PERSON.id)


def to_the_cuff(seat: Desk) -> None:
    seat.press("home.measure.pressure")
    seat.press("measure.settled")
    seat.press("measure.rested")


# Blood pressure


def test_a_sitting_leads_from_sitting_down_to_the_sentence(seat: Desk) -> None:
    seat.press("home.measure.pressure")
    assert seat.text("measure.headline") == "First sit down and get ready"
    seat.press("measure.settled")
    assert "Rest" in seat.text("measure.headline")
    seat.now += 299_000
    tick(seat)
    assert seat.there("measure.rested")
    seat.now += 2_000
    tick(seat)
    assert "start button" in seat.text("measure.headline")
    meter_says(seat, link.CuffPressure(Decimal(142), Unit.MMHG))
    assert "do not talk" in seat.text("measure.headline")
    assert "142" in seat.part("measure.ring").accessibleName()
    cuff_sends(seat, 131, 83)
    assert seat.text("measure.steps.1") == "Reading 1: 131/83"
    seat.now += 61_000
    tick(seat)
    cuff_sends(seat, 127, 81)
    seat.until_page("Result")
    seat.until(lambda: seat.text("result.sentence") == "Mean this time 129/82: In target")
    seat.until(lambda: seat.text("result.figure.2.value") == "72")
    seat.press("result.report")
    seat.until_page("Report")


def tick(seat: Desk) -> None:
    page = seat.shell.page
    assert isinstance(page, Measure)
    page.tick()
    pages.app().processEvents()


def test_two_that_differ_ask_for_a_third(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 145, 88)
    seat.now += 61_000
    tick(seat)
    cuff_sends(seat, 128, 82)
    assert seat.text("measure.count") == "Reading 3 of 3"
    seat.press("measure.enough")
    seat.until_page("Result")


def test_without_bluetooth_the_keypad_is_offered_and_counts(
    seat: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_the_cuff(seat)
    meter_says(seat, Failed(LinkLost()))
    assert seat.text("measure.sentence") == LinkLost().sentence()
    seat.press("measure.again")
    assert "start button" in seat.text("measure.headline")
    seat.press("measure.type")
    type_pressure(seat, "131", "83", "70")
    seat.until(lambda: seat.page() == "Measure" and seat.text("measure.ring") == "")
    seat.until(lambda: seat.text("measure.steps.1") == "Reading 1: 131/83")
    seat.press("measure.enough")
    seat.until_page("Result")
    seat.press("undo.press")
    seat.until(lambda: stored(seat) == [])


def type_pressure(seat: Desk, upper: str, lower: str, pulse: str) -> None:
    seat.keys("keypad.pad", upper)
    seat.press("keypad.next")
    seat.keys("keypad.pad", lower)
    seat.press("keypad.next")
    seat.keys("keypad.pad", pulse)
    seat.press("keypad.save")


def test_a_radio_that_is_missing_is_said_in_one_sentence(
    seat: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(self: Sitting, kinds: object, seconds: float = 0) -> None:
        raise LinkLost

    monkeypatch.setattr(Sitting, "listen", missing)
    to_the_cuff(seat)
    seat.until(lambda: seat.text("measure.headline") == "The meter could not be read")


def test_a_bug_in_the_radio_is_told_and_the_keypad_stays(
    seat: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Sitting, kinds: object, seconds: float = 0) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Sitting, "listen", broken)
    to_the_cuff(seat)
    seat.until(lambda: "went wrong" in seat.text("measure.sentence"))


def test_an_unknown_meter_asks_once_whose_it_is(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 131, 83, person_id=None, device_id="cuff")
    assert PERSON.greeting_name in seat.text("measure.headline")
    seat.press("measure.mine")
    seat.until(lambda: seat.text("measure.steps.1") == "Reading 1: 131/83")
    seat.now += 61_000
    tick(seat)
    cuff_sends(seat, 129, 82, person_id=None, device_id="cuff")
    seat.until_page("Result")
    assert len(stored(seat)) == 2


def test_not_mine_leaves_it_in_the_tray_where_it_finds_its_owner(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 131, 83, person_id=None, device_id="cuff")
    seat.press("measure.not_mine")
    assert "later" in seat.text("measure.steps.3")
    seat.shell.open("tray")
    seat.until(lambda: seat.text("tray.value") == "131/83")
    seat.press("tray.person.0")
    seat.until(lambda: seat.there("tray.nothing"))
    assert [reading.v1 for reading in stored(seat)] == [131]


def test_the_tray_can_be_left_as_it_is(seat: Desk) -> None:
    with seat.archive.write() as tx:
        reading_rows.add(tx, replace(pressure(131, 83), person_id=None, device_id="cuff"))
    seat.shell.open("tray")
    seat.press("tray.none")
    seat.until(lambda: seat.there("tray.nothing"))
    seat.press("tray.done")
    assert seat.page() == "Home"
    assert stored(seat) == []


def test_a_pretend_meter_is_marked_and_can_be_asked(seat: Desk) -> None:
    class Session:
        app = None
        pretend = seat

    seat.shell.session = Session()  # type: ignore[assignment]  # the demo's, reduced to what is used
    to_the_cuff(seat)
    assert seat.there("measure.simulated")
    seat.press("measure.pretend")
    seat.press("measure.pretend_high")
    assert seat.asked == [Kind.BLOOD_PRESSURE] * 3
    seat.shell.instead("glucose")
    seat.press("glucose.when.fasting")
    seat.press("glucose.pretend")
    assert seat.asked[-1] is Kind.GLUCOSE


def test_coming_back_goes_on_where_one_was(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 131, 83)
    seat.press("header.help")
    seat.press("header.back")
    assert seat.text("measure.steps.1") == "Reading 1: 131/83"


def test_another_look_keeps_the_sitting(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 131, 83)
    seat.shell.restyle()
    pages.app().processEvents()
    assert seat.text("measure.steps.1") == "Reading 1: 131/83"


# Dangerous values


def test_a_dangerous_value_opens_the_alert_and_a_good_recheck_ends_it(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 182, 112)
    seat.until_page("AlertPage")
    seat.until(lambda: seat.text("alert.headline").endswith("182/112"))
    assert "Measure again in 5:00" in seat.text("alert.recheck")
    assert "Nobody in the family" in seat.text("foot.words")
    seat.press("alert.again")
    assert seat.page() == "Measure"
    assert "Rest" in seat.text("measure.headline")
    seat.now += 301_000
    tick(seat)
    cuff_sends(seat, 150, 88)
    assert seat.page() == "Measure"
    seat.now += 61_000
    tick(seat)
    cuff_sends(seat, 148, 86)
    seat.until_page("Result")
    assert not [a for a in open_alerts(seat) if a.level >= Level.L3 or a.state is State.PENDING]


def test_symptoms_make_it_an_emergency(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 182, 112)
    seat.until_page("AlertPage")
    seat.press("alert.symptoms")
    seat.press("alert.feel.speech_trouble")
    seat.until_page("AlertPage")
    seat.until(lambda: seat.text("alert.headline") == "Call 120 now")
    assert not seat.there("alert.symptoms")
    assert not seat.there("alert.again")
    seat.press("alert.120")
    assert seat.text("alert.number.digits") == "120"
    seat.press("alert.call")
    assert seat.text("alert.number.digits") == "138 0000 0000"
    assert "138 0000 0000" in seat.shell.page.spoken()  # type: ignore[union-attr]  # it is there


def test_an_alert_stays_until_it_was_seen_and_says_who_saw_it(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 205, 121)
    seat.until_page("AlertPage")
    seat.press("alert.seen_it")
    seat.until(lambda: PERSON.greeting_name in seat.text("alert.seen"))
    assert seat.page() == "AlertPage"
    assert not seat.there("alert.seen_it")


def test_none_of_these_changes_nothing(seat: Desk) -> None:
    to_the_cuff(seat)
    cuff_sends(seat, 182, 112)
    seat.until_page("AlertPage")
    seat.press("alert.symptoms")
    seat.press("alert.feel.none")
    seat.until_page("AlertPage")
    assert len(stored(seat)) == 1


def test_several_alerts_are_leafed_through(seat: Desk) -> None:
    type_glucose(seat, "4.6", "fasting")
    seat.until_page("Result")
    seat.shell.home()
    to_the_cuff(seat)
    cuff_sends(seat, 205, 121)
    seat.until_page("AlertPage")
    seat.until(lambda: seat.text("alert.headline").endswith("205/121"))
    if len(open_alerts(seat)) > 1:
        seat.press("alert.others")
        seat.until(lambda: not seat.text("alert.headline").endswith("205/121"))


def test_without_alerts_the_page_says_so(seat: Desk) -> None:
    seat.shell.open("alert")
    seat.until(lambda: seat.text("alert.headline") == "Nothing needs your attention now")
    seat.press("alert.home")
    assert seat.page() == "Home"


# Glucose


def type_glucose(seat: Desk, digits: str, moment: str) -> None:
    seat.press("home.measure.glucose")
    seat.press(f"glucose.when.{moment}")
    seat.press("glucose.type")
    seat.keys("keypad.pad", digits)
    seat.press("keypad.save")


def test_glucose_is_typed_with_its_moment(seat: Desk) -> None:
    type_glucose(seat, "6.3", "fasting")
    seat.until_page("Result")
    seat.until(lambda: seat.text("result.sentence").startswith("Fasting glucose 6.3"))
    assert stored(seat, Kind.GLUCOSE)[0].context is MealContext.FASTING


def test_the_meter_without_a_meal_gets_the_persons(seat: Desk) -> None:
    seat.press("home.measure.glucose")
    seat.press("glucose.when.after_meal_2h")
    meter_says(seat, link.StepChanged(link.Step.TRANSFER))
    assert "linked" in seat.text("foot.words")
    keep(seat, replace(glucose("8.1", seat.now), source=Source.METER), SWEET)
    seat.until_page("Result")
    assert stored(seat, Kind.GLUCOSE)[0].context is MealContext.AFTER_MEAL


def test_a_display_that_shows_lo_warns_at_once(seat: Desk) -> None:
    seat.press("home.measure.glucose")
    seat.press("glucose.when.random")
    seat.press("glucose.low")
    seat.until_page("AlertPage")
    seat.until(lambda: "LO" in seat.text("alert.headline"))
    assert "sugar" in " ".join(seat.shell.page.spoken())  # type: ignore[union-attr]  # it is there
    assert "15:00" in seat.text("alert.recheck")
    seat.press("alert.again")
    assert seat.page() == "Glucose"
    assert seat.there("glucose.type")


def test_the_timer_of_a_low_glucose_outlives_the_page(seat: Desk) -> None:
    seat.press("home.measure.glucose")
    seat.press("glucose.when.random")
    seat.press("glucose.low")
    seat.until_page("AlertPage")
    seat.shell.home()
    seat.now += 5 * 60_000
    seat.shell.open("alert")
    seat.until(lambda: "10:00" in seat.text("alert.recheck"))


def test_a_glucose_meter_that_fails_or_is_unknown(seat: Desk) -> None:
    seat.press("home.measure.glucose")
    seat.press("glucose.when.fasting")
    meter_says(seat, Failed(LinkLost()))
    assert seat.text("glucose.trouble") == LinkLost().sentence()
    seat.press("glucose.again")
    keep(seat, replace(glucose("6.1", seat.now), person_id=None, device_id="g"), SWEET)
    assert PERSON.greeting_name in seat.text("glucose.headline")
    seat.press("glucose.mine")
    seat.until_page("Result")
    seat.shell.home()
    seat.press("home.measure.glucose")
    seat.press("glucose.when.fasting")
    keep(seat, replace(glucose("6.4", seat.now, 9), person_id=None, device_id="g"), SWEET)
    seat.press("glucose.not_mine")
    seat.press("glucose.when")
    assert seat.there("glucose.when.night")


@pytest.mark.parametrize(("age", "said"), [(0, "very low"), (3 * 60 * 60_000, "")])
def test_a_low_glucose_of_nobody_is_warned_of_while_it_is_fresh(
    seat: Desk, age: int, said: str
) -> None:
    seat.press("home.measure.glucose")
    seat.press("glucose.when.random")
    low = replace(glucose("2.6", seat.now - age), person_id=None, device_id="g")
    keep(seat, replace(low, received_at=seat.now), SWEET)
    assert PERSON.greeting_name in seat.text("glucose.headline")
    assert said in seat.text("glucose.trouble")
    assert bool(seat.text("glucose.trouble")) is bool(said)
    seat.press("glucose.not_mine")
    assert seat.text("glucose.trouble") == ""


def test_an_old_crisis_out_of_a_memory_is_no_danger_of_this_moment(seat: Desk) -> None:
    to_the_cuff(seat)
    seat.now += 3 * 60 * 60_000
    old = {"person_id": None, "device_id": "cuff", "taken_at": seat.now - 3 * 60 * 60_000}
    cuff_sends(seat, 205, 121, **old)
    assert seat.text("measure.value") == "205/121"
    assert seat.text("measure.warning") == ""


# The keypad by itself


def test_the_keypad_checks_each_number_and_the_pair(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
    seat.keys("keypad.pad", "999")
    assert "between 50 and 300" in seat.text("keypad.complaint")
    seat.press("keypad.pad.clear")
    assert seat.text("keypad.complaint") == ""
    seat.keys("keypad.pad", "12")
    seat.press("keypad.next")
    assert "between" in seat.text("keypad.complaint")
    seat.keys("keypad.pad", "0")
    seat.press("keypad.next")
    seat.keys("keypad.pad", "115")
    seat.press("keypad.save")
    assert "may be wrong" in seat.text("keypad.complaint")
    seat.press("keypad.pad.back")
    seat.press("keypad.pad.back")
    seat.keys("keypad.pad", "0")
    seat.press("keypad.pad.clear")
    seat.keys("keypad.pad", "80")
    seat.press("keypad.save")
    seat.until_page("Result")
    assert [(r.v1, r.v2, r.v3) for r in stored(seat)] == [(120, 80, None)]


def test_a_rare_number_is_asked_about_once(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
    seat.keys("keypad.pad", "270")
    seat.press("keypad.next")
    seat.keys("keypad.pad", "110")
    seat.press("keypad.save")
    assert seat.text("keypad.complaint")
    seat.press("keypad.save")
    seat.until_page("AlertPage")


def test_the_keyboard_goes_from_box_to_box(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
    box = seat.part("keypad.systolic")
    QTest.keyClicks(box, "128")
    QTest.keyClick(box, Qt.Key.Key_Return)
    lower = seat.part("keypad.diastolic")
    QTest.keyClicks(lower, "82")
    QTest.keyClick(lower, Qt.Key.Key_Return)
    QTest.keyClick(seat.part("keypad.pulse"), Qt.Key.Key_Return)
    seat.until_page("Result")


def test_an_incomplete_entry_says_what_is_missing(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
    seat.keys("keypad.pad", "128")
    seat.press("keypad.save")
    assert seat.text("keypad.complaint") == "Please type Lower."


def test_the_unit_can_be_changed_in_the_standard_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(language="en", mode="standard", lock_minutes=0)
    with desk(tmp_path / "archive", monkeypatch, NOW, config) as seat:
        seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
        seat.press("keypad.unit.kPa")
        type_pressure(seat, "17.1", "10.9", "70")
        seat.until_page("Result")
        assert stored(seat)[0].unit is Unit.KPA
        seat.until(lambda: "128/82" in seat.text("result.sentence"))


# An alert that is put off


def test_an_alarm_can_be_put_off_by_a_quarter_of_an_hour(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.GLUCOSE)
    seat.keys("keypad.pad", "2.7")
    seat.press("keypad.save")
    seat.until_page("AlertPage")
    seat.until(lambda: seat.there("alert.later"))
    assert seat.text("alert.later") == "Remind me in 15 minutes"
    seat.press("alert.later")
    seat.until_page("Home")

    def urgent() -> Alert:
        (found,) = (alert for alert in open_alerts(seat) if alert.level is Level.L3)
        return found

    assert urgent().snoozed_until == seat.now + 15 * 60_000
    seat.shell.open("alert")
    seat.until(lambda: seat.text("alert.seen") == "Put off until 9:47")
    assert not seat.there("alert.later")
    seat.press("alert.seen_it")
    seat.until(lambda: urgent().state is State.ACKNOWLEDGED)


def test_an_emergency_cannot_be_put_off(seat: Desk) -> None:
    reading = replace(pressure(205, 121, seat.now), symptoms=frozenset({Symptom.CHEST_PAIN}))
    readings.type_in(seat.archive, reading, seat.now)
    seat.shell.open("alert")
    seat.until(lambda: seat.there("alert.120") and "120" in seat.text("alert.headline"))
    assert not seat.there("alert.later")


# A reading of an earlier time


def dangerous(seat: Desk) -> list[tuple[str, Level]]:
    with seat.archive.read() as tx:
        return sorted((a.rule, a.level) for a in alert_rows.open(tx, PERSON.id))


def test_what_was_dangerous_last_night_is_no_alarm_of_today(seat: Desk) -> None:
    seat.shell.open("measure")
    seat.press("measure.type")
    seat.keys("keypad.pad", "205")
    seat.press("keypad.when")
    seat.press("time.last_evening")
    assert seat.text("time.day") == "Yesterday, 21 November"
    seat.press("time.save")
    seat.until_page("Type")
    assert seat.text("header.subtitle") == "Yesterday 19:00"
    seat.press("keypad.next")
    seat.keys("keypad.pad", "121")
    seat.press("keypad.save")
    seat.until_page("Result")
    (kept,) = stored(seat)
    assert (kept.taken_at, kept.received_at) == (NOW - (14 * 60 + 32) * 60_000, NOW)
    assert max(level for _rule, level in dangerous(seat)) is Level.L2


def test_what_was_dangerous_an_hour_ago_is_one(seat: Desk) -> None:
    seat.shell.open("glucose")
    seat.press("glucose.when.fasting")
    seat.press("glucose.type")
    seat.press("keypad.when")
    seat.keys("time.pad", "8")
    seat.press("time.save")
    seat.until_page("Type")
    assert seat.text("header.subtitle") == "Fasting ・ This morning 8:32"
    seat.keys("keypad.pad", "2.7")
    seat.press("keypad.save")
    seat.until_page("AlertPage")
    assert dangerous(seat)[0][1] is Level.L3


def test_a_time_to_come_is_refused_and_just_now_takes_it_back(seat: Desk) -> None:
    seat.shell.open("keypad", kind=Kind.BLOOD_PRESSURE)
    seat.press("keypad.when")
    seat.keys("time.pad", "23")
    seat.press("time.save")
    assert "still to come" in seat.text("time.complaint")
    for _day in range(7):
        seat.press("time.earlier")
    assert not seat.part("time.earlier").isEnabled()
    seat.press("time.later")
    seat.press("time.save")
    seat.until_page("Type")
    assert seat.text("header.subtitle") == "16 November 23:32"
    seat.press("keypad.when")
    assert seat.text("time.day") == "Monday, 16 November"
    seat.press("time.now")
    seat.until_page("Type")
    assert seat.text("header.subtitle") == ""


# The report


def a_month(seat: Desk) -> None:
    with seat.archive.write() as tx:
        for back in range(60):
            at = seat.now - back * 86_400_000
            reading = pressure(150 if back % 9 == 0 else 128, 80, at, 3000 + back)
            reading_rows.add(tx, reading)
            sweet = replace(glucose("6.3", at, 4000 + back), context=MealContext.FASTING)
            reading_rows.add(tx, sweet)


def test_the_report_tells_the_week_then_longer(seat: Desk, tmp_path: Path) -> None:
    a_month(seat)
    seat.shell.open("report")
    seat.until(lambda: "of 7 days" in seat.text("report.sentence"))
    assert seat.there("report.week")
    assert seat.text("report.mean.value") == "131/80"
    seat.press("report.period.month")
    seat.until(lambda: "30 days" in seat.text("report.days.tally"))
    chart = seat.part("report.chart")

    def last_value() -> str:
        QTest.keyClick(chart, Qt.Key.Key_End)
        return seat.text("report.pointed")

    # A key counts as soon as the chart is drawn, which happens beside the page.
    seat.until(lambda: last_value().endswith("150/80"))
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert seat.text("report.pointed").endswith("128/80")
    seat.press("report.kind.glucose")
    seat.until(lambda: "Glucose" in seat.text("report.sentence"))
    page = seat.shell.page
    assert isinstance(page, Report)
    assert page._view is not None  # noqa: SLF001 - what was shown is what is saved
    file = paper.save(page._view, tmp_path)  # noqa: SLF001 - likewise
    assert file.read_bytes().startswith(b"%PDF")
    assert PERSON.name not in file.name


def test_the_report_of_nothing_invites(seat: Desk) -> None:
    seat.shell.open("report", kind=Kind.GLUCOSE)
    seat.until(lambda: "No glucose" in seat.text("report.sentence"))
    assert not seat.there("report.pdf")
    seat.press("report.measure")
    assert seat.page() == "Glucose"


def test_somebody_else_can_be_at_the_desk(seat: Desk) -> None:
    other = Person(replace(PERSON, name="李示范").id, "李示范")
    seat.shell.set_visit(replace(seat.shell.visit, person=replace(other, called="李爷爷")))
    seat.press("home.measure.pressure")
    assert seat.text("measure.headline") == "First sit down and get ready"
