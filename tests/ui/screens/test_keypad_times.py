"""When something typed in was measured: the choices of this hour, a day, a time of the clock."""

import pytest

from carehub import i18n
from carehub.care.civil import DAY, HOUR, MINUTE
from carehub.ui.screens.keypad import times
from carehub.ui.screens.sample import NOW

CHINA = 480
MIDNIGHT = NOW - 9 * HOUR - 32 * MINUTE
"""The beginning of 22 November 2026, a Sunday, in China; NOW is 9:32."""


@pytest.mark.parametrize(
    ("hour", "keys"),
    [
        (6, ["last_evening", "last_noon", "last_morning"]),
        (9, ["morning", "last_evening", "last_noon", "last_morning"]),
        (20, ["morning", "noon", "evening", "last_evening", "last_noon", "last_morning"]),
    ],
)
def test_only_what_is_over_can_be_chosen(hour: int, keys: list[str]) -> None:
    assert [c.key for c in times.choices(MIDNIGHT + hour * HOUR, CHINA)] == keys


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ((0, "7", "30"), MIDNIGHT + 7 * HOUR + 30 * MINUTE),
        ((1, "20", ""), MIDNIGHT - 4 * HOUR),
        ((7, "0", "00"), MIDNIGHT - 7 * DAY),
        ((0, "9", "32"), NOW),
    ],
)
def test_a_day_and_a_clock_make_a_moment(typed: tuple[int, str, str], at: int) -> None:
    assert times.chosen(*typed, NOW, CHINA) == times.Chosen(at)
    days, hour, minute = times.shown(at, NOW, CHINA)
    assert times.chosen(days, hour, minute, NOW, CHINA).at == at


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((0, "9", "33"), "still to come"),
        ((0, "", "30"), "hour"),
        ((0, "24", "0"), "hour"),
        ((0, "7", "60"), "minutes"),
        ((0, "7", "x"), "minutes"),
    ],
)
def test_what_is_no_time_yet_is_refused(typed: tuple[int, str, str], said: str) -> None:
    found = times.chosen(*typed, NOW, CHINA)
    assert found.at is None
    assert said in found.trouble


def test_days_are_named_as_people_name_them() -> None:
    i18n.set_language("en")
    said = [times.day_words(back, NOW, CHINA) for back in range(3)]
    assert said == ["Today, 22 November", "Yesterday, 21 November", "Friday, 20 November"]
