"""What home says of a person's readings: the newest sitting, its state, and the week."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from carehub import i18n
from carehub.care.plans import Plan
from carehub.care.readings import HIGH, Kind, MealContext, Reading, Unit
from carehub.care.trends import Period
from carehub.ui.screens.home.model import HomeView, State, view_of
from carehub.ui.screens.report.model import view_of as report_of
from carehub.ui.screens.sample import NOW, PERSON, PROFILE
from carehub.workflows.rulebook import rulebook

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.set_language("zh_CN")


def cuff(upper: int, lower: int, ago: int = 0) -> Reading:
    return Reading(
        UUID(int=ago + 1),
        PERSON.id,
        Kind.BLOOD_PRESSURE,
        NOW - ago,
        Unit.MMHG,
        Decimal(upper),
        Decimal(lower),
    )


def drop(value: str | None, context: MealContext = MealContext.FASTING, text: str = "") -> Reading:
    number = None if value is None else Decimal(value)
    return Reading(
        UUID(int=9), PERSON.id, Kind.GLUCOSE, NOW, Unit.MMOL_L, number, text=text, context=context
    )


def home(pressure: Sequence[Reading] = (), glucose: Reading | None = None) -> HomeView:
    return view_of(PROFILE, Plan(rulebook()), pressure, glucose, NOW)


def test_somebody_new_is_greeted_and_invited() -> None:
    view = home()
    assert view.greeting == "王奶奶，上午好"
    assert view.date_line == "11月22日 星期日 ・ 农历十月十四"
    assert (view.pressure.value, view.glucose.value) == ("", "")
    assert "5 分钟" in view.pressure.words
    assert not view.simulated


def test_the_newest_sitting_is_shown_as_its_mean() -> None:
    view = home([cuff(180, 100, DAY), cuff(130, 84, 2 * MINUTE), cuff(126, 80)])
    assert view.pressure.value == "128/82"
    assert (view.pressure.state, view.pressure.words) == ("in_target", "达标")
    assert view.pressure.caption == "今天 9:30 血压"


@pytest.mark.parametrize(
    ("upper", "lower", "state", "words"),
    [
        (151, 82, "high", "偏高"),
        (85, 70, "low", "偏低"),
        (150, 55, "high", "一高一低"),
        (190, 100, "crisis", "很高"),
    ],
)
def test_each_state_has_its_own_word(upper: int, lower: int, state: State, words: str) -> None:
    shown = home([cuff(upper, lower)]).pressure
    assert (shown.state, shown.words) == (state, words)


def test_the_week_has_one_point_for_each_day_of_it() -> None:
    readings = [cuff(150, 90, 7 * DAY), cuff(151, 93, 6 * DAY), cuff(129, 82, DAY), cuff(127, 80)]
    week = home(readings).pressure.week
    assert [(round(p.at, 2), int(p.value), p.in_target) for p in week] == [
        (0.0, 151, False),
        (0.83, 129, True),
        (1.0, 127, True),
    ]


def test_the_week_is_said_in_words_too() -> None:
    shown = home([cuff(129, 82, DAY), cuff(127, 80)]).pressure
    assert shown.week_spoken == "近 7 天高压：129, 127"
    assert shown.target_high == 140  # the sample person is over 80


def test_glucose_is_named_by_its_meal() -> None:
    assert home(glucose=drop("6.3")).glucose.caption == "今天 9:32 空腹血糖"
    assert home(glucose=drop("6.3", MealContext.RANDOM)).glucose.caption == "今天 9:32 血糖"
    assert home(glucose=drop("6.3")).glucose.value == "6.3"


def test_a_meter_that_says_hi_is_shown_saying_hi() -> None:
    shown = home(glucose=drop(None, text=HIGH)).glucose
    assert (shown.value, shown.state) == ("HI", "crisis")


def test_a_pretend_meters_reading_is_marked() -> None:
    assert home([replace(cuff(128, 82), simulated=True)]).simulated
    assert home([cuff(128, 82)], replace(drop("6"), simulated=True)).simulated


def test_an_old_reading_still_stands_though_the_week_is_empty() -> None:
    shown = home([cuff(128, 82, 40 * DAY)]).pressure
    assert shown.value == "128/82"
    assert shown.week == ()


def test_a_day_of_the_week_s_line_stands_as_in_the_report() -> None:
    """The mean of a day is that of its sittings, however many readings each of them has."""
    profile, plan = replace(PROFILE, person=replace(PERSON, born=None)), Plan(rulebook())
    high = [cuff(140, 80, 180 * MINUTE - n * MINUTE) for n in range(3)]
    readings = [*high, cuff(126, 80, 60 * MINUTE)]
    (point,) = view_of(profile, plan, readings, None, NOW).pressure.week
    report = report_of(readings, (profile, plan), Kind.BLOOD_PRESSURE, Period.WEEK, NOW)
    assert (point.value, point.in_target) == (Decimal(133), True)
    assert report.days[-1].in_target is point.in_target
