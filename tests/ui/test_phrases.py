"""Times and days in words, as people say them."""

from datetime import date

import pytest

from carehub import i18n
from carehub.ui import phrases
from carehub.ui.screens.sample import NOW

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.set_language("zh_CN")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (2 * HOUR, "今早 7:32"),
        (0, "今天 9:32"),
        (13 * HOUR, "昨天 20:32"),
        (40 * DAY, "10月13日 9:32"),
        (400 * DAY, "2025年10月18日 9:32"),
    ],
)
def test_when_is_said_from_today(ago: int, words: str) -> None:
    assert phrases.when(NOW - ago, NOW, 480) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-6, "晚上好"), (-3, "早上好"), (0, "上午好"), (4, "下午好"), (10, "晚上好")],
)
def test_the_greeting_follows_the_hour(hours: int, words: str) -> None:
    assert phrases.greeting(NOW + hours * HOUR, 480) == words


def test_today_has_the_lunar_date_in_chinese_only() -> None:
    assert phrases.today(NOW, 480) == "11月22日 星期日 ・ 农历十月十四"
    i18n.set_language("en")
    assert phrases.today(NOW, 480) == "Sunday, 22 November"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 17), "农历正月初一"),
        (date(2026, 2, 26), "农历正月初十"),
        (date(2026, 3, 8), "农历正月二十"),
        (date(2026, 3, 10), "农历正月廿二"),
        (date(2026, 9, 25), "农历八月十五"),
        (date(2025, 7, 25), "农历闰六月初一"),
        (date(2025, 1, 28), "农历腊月廿九"),
    ],
)
def test_lunar_days_are_named_as_on_a_calendar(day: date, words: str) -> None:
    assert phrases.lunar(day) == words


def test_local_time_follows_the_person_not_the_machine() -> None:
    assert phrases.clock(phrases.local(NOW, 480)) == "9:32"
    assert phrases.clock(phrases.local(NOW, -300)) == "20:32"
