"""The sentence and the numbers after a measurement."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.readings import HIGH, Kind, MealContext, Unit
from carehub.care.series import Series
from carehub.care.standing import Place, judge
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.result import samples
from carehub.ui.screens.result.model import Judged, tenth, value_of, view_of, whole
from carehub.ui.screens.sample import NOW, PERSON, PROFILE
from tests.helpers.builders import make_plan

ZONE = PERSON.zone_offset


def test_two_readings_are_said_as_their_mean_with_each_beside_it() -> None:
    view = samples.good()
    assert view.sentence == "Mean this time 128/82: In target"
    assert [figure.value for figure in view.figures] == ["128", "82", "72"]
    assert "Reading 1" in view.detail
    assert "126/81" in view.detail


def test_one_typed_reading_can_be_taken_back() -> None:
    view = samples.typed()
    assert view.sentence == "This time 151/93: Above target"
    assert view.undo == (UUID(int=501),)
    assert view.detail.startswith("Measured")
    assert samples.good().undo == ()


def test_glucose_is_said_with_its_moment() -> None:
    view = samples.glucose()
    assert view.sentence == "Fasting glucose 6.3: In target"
    assert view.simulated
    high = replace(glucose("1"), v1=None, text=HIGH, context=MealContext.BEDTIME)
    plain = view_of([high], Judged(), (), ZONE, NOW)
    assert plain.sentence == "At bedtime glucose HI"
    assert plain.figures[0].unit == ""


def test_without_a_judgement_only_the_numbers_are_said() -> None:
    bare = replace(pressure(151, 93), v3=None)
    view = view_of([bare], Judged(), (), ZONE, NOW)
    assert view.sentence == "This time 151/93"
    assert len(view.figures) == 2


def test_nothing_is_said_to_be_nothing() -> None:
    assert samples.nothing().sentence == "Nothing was measured"


def test_the_gravest_open_alert_about_it_gives_the_advice() -> None:
    reading = pressure(151, 93)
    one = Alert(
        UUID(int=1),
        PERSON.id,
        "BP-HIGH1",
        "1",
        "pressure_high",
        Level.L1,
        State.ACTIVE,
        "1",
        "High this time.",
        NOW,
        readings=(reading.id,),
    )
    two = replace(one, level=Level.L2, text="High all week.")
    other = replace(one, level=Level.L3, readings=(UUID(int=9),))
    assert view_of([reading], Judged(), [one, two, other], ZONE, NOW).advice == "High all week."
    good = Judged("in_target", "In target")
    assert view_of([reading], good, [one], ZONE, NOW).advice == ""
    assert view_of([reading], good, [one, two], ZONE, NOW).advice == "High all week."


@pytest.mark.parametrize("place", list(Place))
def test_every_place_has_its_state(place: Place) -> None:
    judgement = replace(judge(pressure(120, 80), PROFILE, make_plan()), place=place)
    judged = Judged.of(judgement)
    assert bool(judged.state) is bool(judged.words) is (place is not Place.UNKNOWN)


def test_the_shown_mean_never_contradicts_the_words() -> None:
    # 134.5 rounds to 135, which is the target's edge; the mean itself is in target.
    series = Series.of([pressure(134, 80), pressure(135, 80, number=2)])
    young = replace(PROFILE, person=replace(PERSON, born=None))
    judged = Judged.of(judge(series, young, make_plan()))
    view = view_of(series.readings, judged, (), ZONE, NOW)
    assert view.sentence == "Mean this time 134/80: In target"


def test_numbers_are_rounded_as_people_say_them() -> None:
    assert (whole(None), tenth(None)) == ("–", "–")
    assert whole(Decimal("128.5")) == "129"
    kpa = replace(pressure(16, 10), unit=Unit.KPA)
    assert value_of(kpa) == "120/75"
    assert value_of(replace(glucose("110"), unit=Unit.MG_DL)) == "6.1"
    assert glucose("6").kind is Kind.GLUCOSE
