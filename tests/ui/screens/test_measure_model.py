"""What the measure page says at each point of a sitting, and which readings belong to it."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.protocol import Stage
from carehub.care.readings import Kind, Unit
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure import samples
from carehub.ui.screens.measure.model import Course, clock, short, spoken_time, view_of
from carehub.ui.screens.measure.samples import PROTOCOL, pressure
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers.shown import shown

START = Course(person=PERSON, meter="示例血压计")
READY = START.hurry(PROTOCOL, NOW)


def alert(level: Level, number: int = 1, state: State = State.ACTIVE) -> Alert:
    return Alert(
        UUID(int=number), PERSON.id, "BP-CRIT", "1.0", "pressure_crisis", level, state, "1", "", NOW
    )


def test_it_begins_with_sitting_down() -> None:
    view = samples.settle()
    assert view.stage == "settle"
    assert view.ring == "5:00"
    assert view.acts[0] == "settled"
    assert "type" in view.acts


def test_the_rest_counts_down_and_can_be_cut_short() -> None:
    view = samples.rest()
    assert view.stage == "rest"
    assert view.ring == "3:52"
    assert 0.2 < view.share < 0.25
    assert "rested" in view.acts
    assert START.settle(NOW).step(PROTOCOL, NOW + 300_000).stage is Stage.MEASURE
    assert READY.step(PROTOCOL, NOW).stage is Stage.MEASURE


def test_the_ring_shows_the_pressure_while_the_cuff_fills() -> None:
    assert samples.ready().ring == "– –"
    view = samples.pumping()
    assert view.ring == "142"
    assert view.acts == ("stop",)
    assert "示例血压计" in view.foot


def test_a_pressure_in_kpa_is_shown_in_mmhg() -> None:
    course = READY.pumping(Decimal("16.0"), Unit.KPA)
    assert view_of(course, PROTOCOL, NOW).ring == "120"


def test_the_meter_is_looked_for_and_named_once_it_is_linked() -> None:
    assert "Looking" in view_of(READY, PROTOCOL, NOW).foot
    nameless = replace(READY, meter="").linking(linked=True)
    assert "linked" in view_of(nameless, PROTOCOL, NOW).foot
    assert READY.pumping(Decimal(90), Unit.MMHG).linking(linked=False).pressure is None
    assert READY.pumping(Decimal(90), Unit.MMHG).linking(linked=True).pressure == 90
    assert READY.pumping(Decimal(90), Unit.MMHG).still().pressure is None


def test_one_reading_asks_for_a_minute_then_for_a_second() -> None:
    course = READY.take([pressure(131, 83)], ())
    view = view_of(course, PROTOCOL, NOW + 20_000)
    assert view.stage == "wait"
    assert view.ring == "0:40"
    assert "131/83" in view.lines[0].text
    assert view_of(course, PROTOCOL, NOW + 61_000).stage == "measure"


def test_measuring_before_the_minute_is_over_shows_the_cuff() -> None:
    course = READY.take([pressure(131, 83)], ()).pumping(Decimal(100), Unit.MMHG)
    assert view_of(course, PROTOCOL, NOW + 5_000).stage == "measure"


def test_two_that_agree_are_enough_and_two_that_differ_are_not() -> None:
    first = READY.take([pressure(131, 83)], ())
    near = first.take([pressure(127, 80, NOW + 70_000, 2)], ())
    far = first.take([pressure(118, 80, NOW + 70_000, 2)], ())
    assert view_of(near, PROTOCOL, NOW + 70_000).stage == "done"
    assert view_of(far, PROTOCOL, NOW + 70_000).stage == "wait"
    assert view_of(far, PROTOCOL, NOW + 140_000).count == "Reading 3 of 3"


def test_one_can_finish_after_the_first() -> None:
    assert READY.finish().step(PROTOCOL, NOW).stage is Stage.MEASURE
    course = READY.take([pressure(131, 83)], ()).finish()
    assert course.step(PROTOCOL, NOW).stage is Stage.DONE


def test_what_belongs_to_others_or_to_yesterday_is_only_counted() -> None:
    old = replace(pressure(128, 80, NOW - 90_000_000, 2), received_at=NOW)
    other = replace(pressure(150, 95, NOW, 3), person_id=UUID(int=77))
    course = READY.take([old, other, glucose("6.3"), pressure(131, 83)], ())
    assert [short(r) for r in course.readings] == ["131/83"]
    assert course.others == 2
    assert "2 older readings" in view_of(course, PROTOCOL, NOW).note


def test_a_refused_reading_says_why() -> None:
    course = READY.take((), (), refused=["These numbers may be wrong."])
    assert view_of(course, PROTOCOL, NOW).lines[-1].text == "These numbers may be wrong."
    assert course.again().said == ""


def test_an_unknown_meter_asks_whose_reading_it_is() -> None:
    unknown = [replace(pressure(131, 83, number=n), person_id=None) for n in (1, 2)]
    course = READY.take((), unknown)
    view = view_of(course, PROTOCOL, NOW)
    assert view.stage == "whose"
    assert PERSON.greeting_name in view.headline
    assert view.note.startswith("2 readings")
    assert "131/83" in view.value
    assert samples.whose().note == "It came from a meter that is new here."
    warned = view_of(course.warned(danger=True), PROTOCOL, NOW)
    assert "dangerous" in warned.warning
    assert course.claimed().whose == ()
    left = course.disown()
    assert left.whose == ()
    assert "later" in view_of(left, PROTOCOL, NOW).lines[-1].text


def test_a_cuff_that_was_said_yes_to_is_not_asked_about_again_in_this_sitting() -> None:
    first, second = (
        replace(pressure(131, 83, number=n), person_id=None, device_id="cuff") for n in (1, 2)
    )
    course = READY.take((), [first])
    assert not course.surely_mine
    course = course.claimed()
    assert not course.surely_mine
    assert course.take((), [second]).surely_mine
    assert not course.take((), [replace(second, user_slot=2)]).surely_mine
    assert not course.take((), [replace(second, received_at=NOW + 3_600_000)]).surely_mine


def test_trouble_offers_the_keypad_first() -> None:
    view = samples.trouble()
    assert view.stage == "trouble"
    assert view.acts == ("type", "again")
    assert "Bluetooth" in view.sentence
    with_one = READY.take([pressure(131, 83)], ()).fail("Broken off.")
    later = view_of(with_one, PROTOCOL, NOW + 61_000)
    assert later.acts == ("type", "again", "enough")
    assert with_one.again().trouble == ""


def test_trouble_does_not_disturb_sitting_down_and_resting() -> None:
    assert view_of(START.fail("Broken off."), PROTOCOL, NOW).stage == "settle"
    resting = view_of(START.settle(NOW).fail("Broken off."), PROTOCOL, NOW)
    assert (resting.stage, resting.foot) == ("rest", "Broken off.")
    waiting = READY.take([pressure(131, 83)], ()).fail("Broken off.")
    assert view_of(waiting, PROTOCOL, NOW).stage == "wait"


def test_a_pretend_meter_marks_the_page() -> None:
    assert samples.waiting().simulated
    assert not samples.ready().simulated


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ([], None),
        ([alert(Level.L2)], None),
        ([alert(Level.L3, state=State.RESOLVED)], None),
        ([alert(Level.L3, 3), alert(Level.L4, 4)], 4),
        ([alert(Level.L2, 3, State.PENDING)], 3),
    ],
)
def test_only_a_grave_open_alert_breaks_in(alerts: list[Alert], expected: int | None) -> None:
    found = READY.alarm(alerts, done=False)
    assert (found.id.int if found else None) == expected


def test_a_recheck_is_not_broken_off_by_its_own_alert() -> None:
    course = replace(READY, recheck=UUID(int=3))
    assert course.alarm([alert(Level.L3, 3)], done=False) is None
    assert course.alarm([alert(Level.L4, 3)], done=False) is not None
    assert course.alarm([alert(Level.L3, 3)], done=True) is not None


def test_times_are_written_and_said() -> None:
    assert clock(245) == "4:05"
    assert spoken_time(20) == "20 seconds"
    assert spoken_time(245) == "4 min 5 s"


def test_a_view_hides_its_values() -> None:
    reading = pressure(131, 83)
    assert reading.kind is Kind.BLOOD_PRESSURE
    assert "131" not in shown(READY.take([reading], ()))
