"""The report in words, and the chart that feeds screen, paper and voice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carehub import i18n
from carehub.care.civil import DAY
from carehub.care.people import Profile
from carehub.care.readings import HIGH, LOW, Kind, MealContext, Reading
from carehub.care.trends import DAYS, Period
from carehub.ui.charts import Chart, Column, End, Trace, nearest
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.report import samples
from carehub.ui.screens.report.days import glucose_mark
from carehub.ui.screens.report.model import ReportView, reach, view_of
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers.builders import make_plan

YOUNGER = Profile(replace(PERSON, born=None))
WHO = (YOUNGER, make_plan())


def report(readings: list[Reading], kind: Kind = Kind.BLOOD_PRESSURE) -> ReportView:
    return view_of(readings, WHO, kind, Period.WEEK, NOW)


def test_the_week_of_the_design() -> None:
    view = samples.week()
    assert "5 of 7 days" in view.sentence
    assert not view.sentence.endswith(".")
    assert view.detail.startswith("Thu stood out most: 151/93.")
    assert view.mean.value == "133/84"
    assert "Pulse 72" in view.mean.unit
    assert view.comparison.words == "4 lower than last week"
    assert view.comparison.better
    assert [day.in_target for day in view.days] == [False, True, True, False, True, True, True]
    assert view.chart is not None
    assert [column.name for column in view.chart.columns][-1] == "Today"
    assert view.chart.columns[0].top == End(Decimal(138), "138", in_target=False)
    assert view.targets.startswith("Target: upper below 135, lower below 85")


def test_days_that_were_left_out_stay_empty() -> None:
    view = samples.gaps()
    assert [day.in_target for day in view.days].count(None) == 5
    assert view.simulated
    assert view.comparison.words == ""
    assert view.chart is not None
    assert view.chart.columns[0].in_target is None


def test_all_days_in_target_are_praised_with_nothing_but_a_nod() -> None:
    view = report([pressure(120, 78, NOW - 1000)])
    assert view.detail == "Keep measuring like this."


@pytest.mark.parametrize("period", [Period.MONTH, Period.QUARTER, Period.YEAR])
def test_longer_periods_have_traces_and_a_tally(period: Period) -> None:
    view = samples.long(period)
    assert view.chart is not None
    assert view.chart.columns == ()
    assert view.chart.traces[0].name == "Upper"
    assert f"of {DAYS[period]} days" in view.tally
    faint = [trace for trace in view.chart.traces if trace.faint]
    assert len(faint) == (2 if period is Period.YEAR else 0)
    assert len(view.chart.traces[0].at) == (53 if period is Period.YEAR else DAYS[period])
    assert view.days == ()


def test_higher_than_before_and_much_the_same() -> None:
    def fortnight(change: int) -> list[Reading]:
        return [
            pressure(126 + (change if n < 7 else 0), 80, NOW - n * DAY - 1000, n) for n in range(14)
        ]

    assert report(fortnight(6)).comparison.words == "6 higher than last week"
    same = report(fortnight(1)).comparison
    assert same.words == "Much the same as last week"
    assert same.better is None


def test_mornings_and_evenings_have_their_own_mean() -> None:
    morning = NOW - 2 * 3_600_000  # 7:32 at home
    readings = [pressure(126, 80, morning - n * DAY, n) for n in range(5)]
    assert report(readings).mean.extra == "Morning and evening mean 126/80"


def test_glucose_counts_values_and_keeps_meals_apart() -> None:
    view = samples.sweet()
    assert view.mean.caption == "Fasting, mean of this week"
    assert view.mean.value == "6.5"
    assert view.mean.extra.startswith("After food 9.3")
    assert "of 11 in target" in view.mean.extra
    assert view.chart is not None
    assert view.chart.columns[0].in_target is None
    assert len(view.chart.bands) == 2
    after = [replace(r, context=MealContext.AFTER_MEAL) for r in (glucose("8.8"),)]
    only = report(after, Kind.GLUCOSE)
    assert only.mean.caption == "Mean of this week"
    assert only.mean.extra == "1 of 1 in target"


def test_hi_is_drawn_but_never_averaged() -> None:
    high = replace(glucose("1", NOW - 1000), v1=None, text=HIGH)
    view = report([high], Kind.GLUCOSE)
    assert view.mean.value == "–"
    assert view.detail.startswith("Sun stood out most: HI.")
    odd = replace(high, text="")
    assert glucose_mark(odd, in_target=False) is None
    assert report([odd], Kind.GLUCOSE).chart is None


def test_a_doctors_range_makes_one_band() -> None:
    plan = make_plan()
    wide = replace(
        plan,
        target=replace(
            plan.target,
            fasting_low=Decimal(5),
            fasting_high=Decimal(10),
            other_low=Decimal(5),
            other_high=Decimal(10),
        ),
    )
    view = view_of([glucose("6.3", NOW - 1000)], (YOUNGER, wide), Kind.GLUCOSE, Period.WEEK, NOW)
    assert view.chart is not None
    assert [band.name for band in view.chart.bands] == ["Fasting target"]


@pytest.mark.parametrize("period", [Period.MONTH, Period.YEAR])
def test_glucose_over_longer_periods(period: Period) -> None:
    readings = [
        replace(glucose("6.3", NOW - n * DAY - 1000, n), context=MealContext.FASTING)
        for n in range(40)
    ]
    view = view_of(readings, WHO, Kind.GLUCOSE, period, NOW)
    assert view.chart is not None
    assert view.chart.traces[0].name == "Fasting"


def test_nothing_measured_invites() -> None:
    view = samples.nothing()
    assert view.chart is None
    assert "morning" in view.detail
    assert "breakfast" in report([], Kind.GLUCOSE).detail
    assert view.spoken == [view.sentence, view.detail]


def test_a_report_without_pulse_says_none() -> None:
    view = report([replace(pressure(120, 78, NOW - 1000), v3=None)])
    assert "Pulse" not in view.mean.unit


def test_chinese_days_are_one_character() -> None:
    i18n.set_language("zh_CN")
    view = samples.week()
    assert [day.name for day in view.days] == list("一二三四五六日")
    assert "周四" in view.detail


def test_what_is_spoken_begins_with_the_sentence() -> None:
    view = samples.week()
    assert view.spoken[0] == view.sentence
    assert "133/84" in view.spoken[2]


def test_a_period_is_compared_with_one_of_the_same_length() -> None:
    before, since, until = reach(Period.WEEK, NOW, 480)
    assert until - since == since - before == 7 * DAY


def test_thinning_keeps_the_extremes() -> None:
    values = [120.0 + (50 if n == 5000 else 0) for n in range(10_000)]
    trace = Trace("Upper", list(range(10_000)), values, [True] * 10_000)
    thin = trace.thinned(500)
    assert len(thin.at) <= 500
    assert max(thin.values) == 170
    assert trace.thinned(20_000) is trace


def test_a_chart_knows_what_must_be_seen() -> None:
    empty = Chart(Period.WEEK, 0, DAY, 480)
    assert empty.empty
    assert empty.reach() == (0.0, 1.0)
    week = samples.week().chart
    assert week is not None
    assert week.reach() == (60.0, 151.0)
    assert not week.empty
    month = samples.long(Period.MONTH).chart
    assert month is not None
    assert not month.empty
    assert Column("Mon").in_target is None


def test_the_nearest_point_is_found() -> None:
    trace = Trace("Upper", [0, 100, 200], [1.0, 2.0, 3.0], [True] * 3)
    assert nearest(trace, 140) == 1
    assert nearest(Trace("Upper", [], [], []), 0) is None


def test_a_low_glucose_is_not_hidden_behind_a_high_one() -> None:
    hour = 3_600_000
    fasting = replace(glucose("9.0", NOW - 3 * hour, 3), context=MealContext.FASTING)
    values = [fasting, glucose("2.8", NOW - 2 * hour, 1), glucose("12.4", NOW - hour, 2)]
    view = report(values, Kind.GLUCOSE)
    assert "stood out most: 2.8" in view.detail
    assert view.chart is not None
    assert view.chart.columns[-1].top == End(Decimal("2.8"), "2.8", in_target=False)


def test_what_the_meter_could_not_show_is_the_highest_and_the_lowest() -> None:
    ends = [
        replace(glucose("1.1", NOW - number * DAY, number), v1=None, text=text)
        for number, text in ((2, HIGH), (3, LOW))
    ]
    readings = [glucose("9.0", NOW - DAY, 1), *ends]
    view = view_of(readings, WHO, Kind.GLUCOSE, Period.MONTH, NOW)
    assert view.spread == "Highest HI, lowest LO"


def test_a_fall_into_low_pressure_is_not_called_better() -> None:
    readings = [
        pressure(upper, lower, NOW - day * DAY)
        for day in range(14)
        for upper, lower in [(86, 55) if day < 7 else (120, 75)]
    ]
    view = report(readings)
    assert view.comparison.words == "34 lower than last week"
    assert not view.comparison.better
