"""Silence: told in the morning, ended by the next word, never where none was to be expected."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from carehub.care.alerts.engine import advance
from carehub.care.alerts.model import State
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.alerts.silence import Heard, listened, silences
from carehub.care.civil import DAY, HOUR
from carehub.care.plans import Plan

RULES = Path(__file__).parents[3] / "resources" / "rules"
FILES = ("blood_pressure.toml", "glucose.toml", "engine.toml", "escalation.toml")
BOOK = Rulebook.from_toml(*((RULES / name).read_text(encoding="utf-8") for name in FILES))
MORNING = 20_000 * DAY  # 08:00 at +480
PERSON = UUID(int=1)


def heard(**given):
    usual = {"shared": True, "heard_at": MORNING, "since": MORNING, "pressure_at": MORNING}
    return Heard(PERSON, **usual | given)


def rules(found):
    return [(alert.rule, alert.state) for alert in found]


def test_a_machine_not_heard_from_is_told_in_the_morning_and_ends_with_a_word():
    quiet = heard()
    changed, due = listened(quiet, [], BOOK, MORNING + HOUR)
    assert (changed, due) == ((), MORNING + 3 * DAY)
    changed, due = listened(quiet, [], BOOK, MORNING + 3 * DAY)
    assert rules(changed) == [("STALE-CLIENT", State.ACTIVE)]
    assert due is None
    assert listened(quiet, changed, BOOK, MORNING + 4 * DAY) == ((), None)
    at = MORNING + 4 * DAY + 5 * HOUR
    over, due = listened(replace(quiet, heard_at=at), changed, BOOK, at + 1)
    assert rules(over) == [("STALE-CLIENT", State.RESOLVED)]
    assert over[0].id == changed[0].id
    assert due == MORNING + 8 * DAY


def test_it_waits_for_the_hour_of_the_digest():
    late = MORNING + 3 * DAY + 5 * HOUR
    assert listened(heard(), [], BOOK, late) == ((), MORNING + 4 * DAY)
    changed, _due = listened(heard(), [], BOOK, MORNING + 4 * DAY + HOUR - 1)
    assert rules(changed) == [("STALE-CLIENT", State.ACTIVE)]


def test_a_reading_that_was_due_and_did_not_come():
    now = MORNING + 10 * DAY
    here = heard(heard_at=now - HOUR, pressure=True)
    changed, _due = listened(here, [], BOOK, now)
    assert rules(changed) == [("STALE-DATA", State.ACTIVE)]
    over, _due = listened(replace(here, pressure_at=now), changed, BOOK, now + 1)
    assert rules(over) == [("STALE-DATA", State.RESOLVED)]
    assert listened(replace(here, pressure=False), [], BOOK, now)[0] == ()
    sugar = heard(heard_at=now, glucose_every=2, glucose_at=None)
    assert [a.inputs["about"] for a in listened(sugar, [], BOOK, now)[0]] == ["glucose"]


def test_while_no_word_comes_no_reading_is_missed_as_well():
    changed, _due = listened(heard(pressure=True), [], BOOK, MORNING + 20 * DAY)
    assert rules(changed) == [("STALE-CLIENT", State.ACTIVE)]


def test_nothing_is_missed_from_before_sharing_was_switched_on_again():
    now = MORNING + 10 * DAY
    back = heard(heard_at=now, pressure=True, since=now - HOUR)
    assert listened(back, [], BOOK, now)[0] == ()


def test_a_rule_of_the_platform_is_left_alone_by_the_round_of_a_machine():
    (stale,), _due = listened(heard(), [], BOOK, MORNING + 3 * DAY)
    assert advance(PERSON, (stale,), [], Plan(BOOK), MORNING + 3 * DAY).changed == ()


@given(
    st.builds(
        Heard,
        person_id=st.just(PERSON),
        shared=st.booleans(),
        heard_at=st.none() | st.integers(MORNING, MORNING + 30 * DAY),
        since=st.integers(MORNING, MORNING + 30 * DAY),
        pressure=st.booleans(),
        pressure_at=st.none() | st.integers(MORNING, MORNING + 30 * DAY),
        glucose_every=st.none() | st.integers(1, 10),
        glucose_at=st.none() | st.integers(MORNING, MORNING + 30 * DAY),
        zone_offset=st.integers(-720, 840),
    ),
    st.integers(MORNING, MORNING + 60 * DAY),
)
def test_never_where_sharing_is_off_or_nobody_is_signed_in(here, now):
    changed, due = listened(here, [], BOOK, now)
    if not here.shared or here.heard_at is None:
        assert (changed, due, silences(here, BOOK)) == ((), None, [])
    assert due is None or due > now
    for alert in changed:
        last = alert.inputs["last_at"]
        assert now - last >= 3 * DAY
    if changed:
        closed, _due = listened(replace(here, shared=False), changed, BOOK, now)
        assert {alert.state for alert in closed} == {State.RESOLVED}
