"""Times as commands read and write them."""

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.cli import times
from carehub.errors import InputError

MORNING = 1_748_734_200_000
"""2025-05-31T23:30Z, 7:30 in the morning of June 1 in China."""


def test_a_time_is_written_in_its_zone_and_to_the_millisecond_only_where_it_has_any():
    assert times.written(MORNING, 480) == "2025-06-01T07:30:00+08:00"
    assert times.written(MORNING + 5, 0) == "2025-05-31T23:30:00.005+00:00"
    assert times.written_or_none(None, 0) is None
    assert times.day_and_time(MORNING, 480) == "2025-06-01 07:30"


@given(st.integers(0, times.FAR_AWAY), st.integers(-12 * 60, 14 * 60))
def test_what_is_written_reads_back(moment, zone):
    assert times.read(times.written(moment, zone), 0) == moment


@pytest.mark.parametrize(
    "text",
    ["2025-06-01T07:30", "2025-06-01 07:30:00", " 2025-05-31T23:30Z ", "20250601T073000+0800"],
)
def test_a_time_without_an_offset_is_the_persons(text):
    assert times.read(text, 480) == MORNING


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-13-01", "2025-06-01T25:00", "1748734200000"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InputError, match="is not a date and time"):
        times.read(text, 480)


def test_a_span_takes_its_last_day_whole_and_its_last_moment_with_it():
    asked = argparse.Namespace(since="2025-06-01", until="2025-06-01")
    since, until = times.span(asked, 480)
    assert until - since == times.DAY
    asked = argparse.Namespace(since=None, until="2025-06-01T07:30")
    assert times.span(asked, 480) == (0, MORNING + 1)
    assert times.span(argparse.Namespace(since=None, until=None), 480)[1] == times.FAR_AWAY


def test_days_and_offsets():
    assert times.read_day("1948-03-12").year == 1948
    assert times.read_zone("+08:00") == 480
    assert times.read_zone("-0330") == -210
    with pytest.raises(InputError, match="is not a date"):
        times.read_day("12.3.1948")
    with pytest.raises(InputError, match="offset from UTC"):
        times.read_zone("Beijing")


def test_this_computers_clock_and_zone(monkeypatch):
    assert times.now() > MORNING
    assert -12 * 60 <= times.local_offset(times.now()) <= 14 * 60
