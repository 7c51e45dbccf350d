"""`carehub trends`: means, days in target and each day, over the days asked for."""

import pytest


@pytest.fixture
def kept(unlocked):
    unlocked("people", "add", "--name", "王示例", "--born", "1948-03-12")
    for day in range(1, 6):
        for time, systolic in (("07:00", 130 + day), ("19:00", 126 + day)):
            words = ("--systolic", str(systolic), "--diastolic", "80")
            assert (
                unlocked("readings", "add", *words, "--taken-at", f"2025-06-0{day}T{time}").code
                == 0
            )
    glucose = ("--glucose", "6.1", "--context", "fasting", "--taken-at", "2025-06-05T06:30")
    assert unlocked("readings", "add", *glucose).code == 0
    return unlocked


def test_a_week_with_every_key(kept):
    told = kept("trends", "--until", "2025-06-07", "--json").json
    assert list(told) == ["person_id", "since", "until", "trends"]
    assert told["since"] == "2025-06-01T00:00:00+08:00"
    assert told["until"] == "2025-06-08T00:00:00+08:00"
    pressure, glucose = told["trends"]
    assert list(pressure) == [
        "kind", "unit", "count", "mean", "place", "in_range", "days_measured", "days_in_target",
        "change", "highest", "lowest", "home_week", "days",
    ]  # fmt: skip
    assert (pressure["kind"], pressure["count"]) == ("blood_pressure", 10)
    assert pressure["mean"] == {"systolic": "131", "diastolic": "80"}
    assert (pressure["days_measured"], pressure["days_in_target"]) == (5, 5)
    assert (pressure["highest"], pressure["lowest"]) == ("135", "127")
    assert pressure["change"] is None
    # The first day is dropped.
    assert pressure["home_week"]["systolic"] == "131.5"
    assert (pressure["home_week"]["days"], pressure["home_week"]["enough"]) == (4, True)
    assert len(pressure["days"]) == 7
    assert pressure["days"][0] == {
        "date": "2025-06-01", "count": 2, "mean": {"systolic": "129", "diastolic": "80"},
        "place": "in_target", "in_range": 2,
    }  # fmt: skip
    assert pressure["days"][6]["mean"] is None
    assert (glucose["mean"], glucose["unit"]) == ({"glucose": "6.1"}, "mmol/L")
    assert glucose["home_week"] is None


def test_people_read_the_mean_and_one_sentence(kept):
    lines = kept("trends", "--until", "2025-06-07", "--kind", "blood_pressure").out.splitlines()
    assert lines[:2] == [
        "Mean 131/80 mmHg.",
        "Blood pressure in target on average; in target on 5 of 5 days.",
    ]


def test_a_time_without_readings_says_so(kept):
    assert kept("trends", "--until", "2020-06-07").out.splitlines() == [
        "No blood pressure was measured in this time.",
        "No glucose was measured in this time.",
    ]
    (none,) = kept("trends", "--until", "2020-06-07", "--kind", "glucose", "--json").json["trends"]
    assert (none["count"], none["mean"], none["highest"], none["place"]) == (
        0,
        None,
        None,
        "unknown",
    )


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (("--period", "month"), 30), (("--period", "3months"), 91), (("--period", "year"), 365),
        (("--days", "2"), 2), ((), 7),
    ],
)  # fmt: skip
def test_the_days_asked_for(kept, words, days):
    told = kept("trends", "--until", "2025-06-05", *words, "--kind", "glucose", "--json").json
    assert len(told["trends"][0]["days"]) == days


def test_a_change_is_told_where_both_stretches_have_enough(kept):
    told = kept(
        "trends", "--days", "3", "--until", "2025-06-06", "--kind", "blood_pressure", "--json"
    )
    assert told.json["trends"][0]["change"] is None or set(told.json["trends"][0]["change"]) == {
        "systolic", "diastolic",
    }  # fmt: skip
    for day in range(6, 9):
        for time in ("07:00", "19:00"):
            words = ("--systolic", "120", "--diastolic", "74")
            kept("readings", "add", *words, "--taken-at", f"2025-06-0{day}T{time}")
    told = kept("trends", "--days", "4", "--until", "2025-06-08", "--kind", "blood_pressure")
    assert "lower than the time before." in told.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--days", "0"), "Give a number of days from 1 to 3660."),
        (("--days", "many"), "argument --days: invalid int value: 'many'"),
        (
            ("--days", "3", "--period", "week"),
            "argument --period: not allowed with argument --days",
        ),
        (("--until", "Sunday"), "Sunday is not a date."),
        (("--person", "张示例"), "There is nobody of that name or id here."),
    ],
)
def test_what_is_not_understood_is_refused(kept, words, told):
    answer = kept("trends", *words)
    assert answer.code == 2
    assert answer.err.startswith(told)
