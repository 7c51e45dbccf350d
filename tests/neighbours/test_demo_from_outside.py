"""The demo as a screen reader finds it: every control by name, and the way to a reading."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.neighbours.desk import Desk
from tests.neighbours.reader import Reader, until

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

Truth = Callable[[], set[tuple[str, str]]]


@pytest.fixture
def truth(desk: Desk) -> Truth:
    """Start the demo; return what asks it for the controls that its window really has."""
    child = desk.start(
        sys.executable,
        *("-m", "tests.neighbours.inside", "demo", "--alone"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def ask() -> set[tuple[str, str]]:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("\n")
        child.stdin.flush()
        return {(ident, name) for ident, name in json.loads(child.stdout.readline())}

    return ask


def see_all(reader: Reader, truth: Truth, needed: set[str]) -> None:
    """Fail unless exactly the page's controls are found from outside, whole, `needed` among them."""

    def agree() -> bool:
        outside = {(control.id, control.name) for control in reader.controls()}
        inside = truth()
        return len(outside) == len(inside) and all(
            any(found.endswith("." + ident) and said == name for found, said in outside)
            for ident, name in inside
        )

    assert until(agree), f"{sorted(truth())} is not what is seen: {reader.controls()}"
    assert [control.fault for control in reader.controls() if control.fault] == []
    assert needed <= {ident for ident, _name in truth()}


def test_every_control_of_home_measure_and_keypad_is_found(reader: Reader, truth: Truth) -> None:
    reader.find("home.report")
    home = {"home.consult", "home.report", "home.mine", "home.measure.pressure"}
    see_all(reader, truth, home | {"home.measure.glucose", "header.speak", "header.help"})

    reader.press("量血压")
    reader.find("measure.settled")
    see_all(reader, truth, {"measure.settled", "measure.type", "header.back", "header.help"})
    reader.press("坐好了")
    reader.find("measure.rested")
    see_all(reader, truth, {"measure.rested", "measure.type"})
    reader.press("measure.rested")
    reader.find("measure.pretend")
    see_all(reader, truth, {"measure.pretend", "measure.stop", "measure.type"})

    reader.press("用手输入")
    reader.find("keypad.systolic")
    pad = {f"keypad.pad.{digit}" for digit in range(10)}
    see_all(reader, truth, pad | {"keypad.save", "keypad.systolic", "keypad.diastolic"})


def test_every_control_of_the_report_is_found(reader: Reader, truth: Truth) -> None:
    reader.press("报告")
    said = reader.find("report.sentence")
    see_all(reader, truth, {"header.back", "report.pdf", "report.print", "report.kind.glucose"})
    for period in ("report.period.month", "report.period.quarter", "report.period.year"):
        reader.press(period)
        see_all(reader, truth, {period, "report.pdf"})
    reader.press("report.kind.glucose")
    assert until(lambda: reader.find("report.sentence") != said)
    see_all(reader, truth, {"header.back", "report.pdf"})


def test_the_focus_can_be_moved_to_each_control_of_home(reader: Reader, truth: Truth) -> None:
    reader.find("home.report")
    for control in reader.controls():
        reader.focus(control.name)


def test_a_pretend_measurement_becomes_a_reading(reader: Reader, truth: Truth) -> None:
    reader.press("量血压", "坐好了", "measure.rested", "measure.pretend")
    reader.press("measure.mine", "measure.enough")
    assert "131/82" in reader.find("result.sentence")
    reader.press("result.done")
    assert "131/82" in reader.find("home.pressure.value")


def test_a_dangerous_value_opens_the_alert_with_its_steps_and_120(
    reader: Reader, truth: Truth
) -> None:
    reader.press("量血压", "用手输入")
    reader.type_on_pad(systolic="190", diastolic="115", pulse="88")
    reader.press("keypad.save")
    assert "190/115" in reader.find("alert.headline")
    assert reader.find("alert.steps.1")
    assert reader.find("alert.steps.2")
    see_all(reader, truth, {"alert.again", "alert.120", "alert.seen_it", "header.help"})
    reader.press("alert.120")
    assert reader.find("alert.number.digits") == "120"
    reader.press("求助")
    assert "120" in reader.find("help.emergency.number")
