"""Numbers, readings and times in words."""

from decimal import Decimal

import pytest

from carehub.care import spoken
from carehub.care.readings import MealContext, Unit
from carehub.care.series import Series
from tests.helpers.builders import at, bp, glucose


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("0", "零", "zero"),
        ("6.1", "六点一", "six point one"),
        ("10", "十", "ten"),
        ("14", "十四", "fourteen"),
        ("20", "二十", "twenty"),
        ("82", "八十二", "eighty-two"),
        ("100", "一百", "one hundred"),
        ("101", "一百零一", "one hundred and one"),
        ("110", "一百一十", "one hundred and ten"),
        ("128", "一百二十八", "one hundred and twenty-eight"),
        ("1005", "一千零五", "one thousand five"),
        ("1050", "一千零五十", "one thousand fifty"),
        ("10010", "一万零一十", "ten thousand ten"),
        ("110000", "十一万", "one hundred and ten thousand"),
        ("100000001", "一亿零一", "one hundred million one"),
        ("33.30", "三十三点三零", "thirty-three point three zero"),
        ("-5", "负五", "minus five"),
        ("1E+3", "一千", "one thousand"),
        ("1E+20", "1E+20", "1E+20"),
        ("NaN", "NaN", "NaN"),
    ],
)
def test_numbers(value: str, chinese: str, english: str) -> None:
    assert spoken.number(Decimal(value), "zh_CN") == chinese
    assert spoken.number(Decimal(value), "en") == english


def test_a_pressure_is_high_and_low() -> None:
    assert spoken.reading(bp(128, 82, pulse=None), "zh_CN") == "高压一百二十八，低压八十二"
    assert spoken.reading(bp(128, 82), "zh_CN") == "高压一百二十八，低压八十二，脉搏七十"
    assert spoken.reading(bp(128, 82), "en") == (
        "upper one hundred and twenty-eight, lower eighty-two, pulse seventy"
    )
    kpa = bp("17.1", "10.9", unit=Unit.KPA, pulse=None)
    assert spoken.reading(kpa, "zh_CN") == "高压十七点一，低压十点九"


def test_a_series_is_said_as_its_mean_in_mmhg() -> None:
    two = Series.of([bp(128, 82, pulse=None), bp(130, 84, "2026-01-05 07:31", pulse=None)])
    assert spoken.reading(two, "zh_CN") == "高压一百二十九，低压八十三"
    one = Series.of([bp("17.1", "10.9", unit=Unit.KPA, pulse=None)])
    assert spoken.reading(one, "zh_CN") == "高压十七点一，低压十点九"


def test_glucose_names_its_meal_and_never_invents_a_number() -> None:
    fasting = glucose("6.1", context=MealContext.FASTING)
    assert spoken.reading(fasting, "zh_CN") == "空腹血糖六点一"
    assert spoken.reading(fasting, "en") == "fasting glucose six point one"
    assert spoken.reading(Series.of([glucose("HI")]), "zh_CN") == "血糖高得超出血糖仪的范围"
    assert spoken.reading(glucose("LO"), "en") == "glucose below what the meter can show"


def test_nothing_to_say() -> None:
    from dataclasses import replace

    assert spoken.reading(replace(bp(120, 80), v1=None), "zh_CN") == ""
    assert spoken.reading(replace(glucose("6.1"), v1=None), "zh_CN") == ""


@pytest.mark.parametrize(
    ("when", "chinese", "english"),
    [
        ("2026-01-05 07:30", "早上七点半", "7:30 in the morning"),
        ("2026-01-05 00:05", "凌晨零点零五分", "12:05 in the morning"),
        ("2026-01-05 12:00", "中午十二点", "12:00 in the afternoon"),
        ("2026-01-05 14:12", "下午两点十二分", "2:12 in the afternoon"),
        ("2026-01-05 02:00", "凌晨两点", "2:00 in the morning"),
        ("2026-01-05 21:45", "晚上九点四十五分", "9:45 in the evening"),
        ("2026-01-05 09:20", "上午九点二十分", "9:20 in the morning"),
    ],
)
def test_times(when: str, chinese: str, english: str) -> None:
    assert spoken.time(at(when), 480, "zh_CN") == chinese
    assert spoken.time(at(when), 480, "en") == english


def test_days() -> None:
    assert spoken.day(at("2026-01-05 07:30"), 480, "zh_CN") == "一月五日，星期一"
    assert spoken.day(at("2026-12-20 23:59"), 480, "en") == "Sunday, December 20"
