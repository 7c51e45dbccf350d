"""What the glucose page asks and says, and which reading is the one just taken."""

from dataclasses import replace
from uuid import UUID

import pytest

from carehub.care.readings import MealContext
from carehub.ui.screens.glucose import samples
from carehub.ui.screens.glucose.model import Course, view_of
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.sample import NOW, PERSON

START = Course(person=PERSON)
FASTING = START.choose(MealContext.FASTING)


def test_it_asks_for_the_moment_first() -> None:
    assert samples.when().stage == "when"
    assert samples.when().acts == ()
    assert FASTING.forget() == START


def test_then_it_says_what_to_do_and_offers_every_way_in() -> None:
    view = samples.ready()
    assert view.stage == "measure"
    assert view.moment == "Fasting"
    assert view.acts == ("type", "high", "low", "when")
    assert "linked" in view.foot
    assert "Looking" in view_of(FASTING).foot


def test_trouble_offers_the_keypad_first() -> None:
    view = samples.trouble()
    assert view.acts[0] == "type"
    assert "No meter was found" in view.trouble
    assert view_of(FASTING.fail("Broken off.").again()).stage == "measure"


def test_the_newest_fresh_reading_counts_and_the_memory_is_only_kept() -> None:
    old = replace(glucose("7.1", NOW - 86_400_000, 1), received_at=NOW)
    fresh = glucose("6.3", NOW, 3)
    before = glucose("6.4", NOW - 60_000, 2)
    course = FASTING.take([old, fresh, before], meter="示例血糖仪")
    assert course.readings == (fresh,)
    assert course.older == 2
    assert course.meter == "示例血糖仪"


def test_a_memory_without_a_fresh_reading_asks_for_a_test() -> None:
    old = replace(glucose("7.1", NOW - 86_400_000), received_at=NOW)
    view = view_of(FASTING.take([old]))
    assert view.lines[-1].text.startswith("1 older readings")
    refused = view_of(FASTING.take([old], refused=["Control solution."]))
    assert refused.lines[-1].text == "Control solution."


def test_readings_of_others_and_of_other_kinds_do_not_count() -> None:
    other = replace(glucose("9.9"), person_id=UUID(int=77))
    assert FASTING.take([other, pressure(120, 80)]).readings == ()
    assert replace(FASTING, person=None).take([glucose("6.3")]).readings == ()


def test_an_unknown_meter_asks_whose_reading_it_is() -> None:
    assert samples.whose().stage == "whose"
    assert samples.whose().simulated
    unknown = replace(glucose("6.3"), person_id=None)
    course = FASTING.take((), [unknown, replace(pressure(120, 80), person_id=None)])
    assert course.whose == (unknown,)
    assert course.claimed().whose == ()
    assert "later" in view_of(course.disown()).lines[-1].text


@pytest.mark.parametrize(
    ("chosen", "told", "corrects"),
    [
        (MealContext.FASTING, MealContext.RANDOM, True),
        (MealContext.FASTING, MealContext.AFTER_MEAL, False),
        (MealContext.RANDOM, MealContext.RANDOM, False),
    ],
)
def test_the_moment_is_added_where_the_meter_knows_none(
    chosen: MealContext, told: MealContext, corrects: bool
) -> None:
    course = START.choose(chosen)
    assert course.to_correct() is None
    taken = course.take([replace(glucose("6.3"), context=told)])
    assert (taken.to_correct() is not None) is corrects


def test_the_link_is_noted() -> None:
    assert FASTING.linking(linked=True).linked
    assert not FASTING.linking(linked=True).fail("Broken off.").linked
