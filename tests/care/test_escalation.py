"""The ladder: who is told when, who never, and when it is true that nobody was reached."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care import escalation
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.escalation import (
    FAMILY,
    Carer,
    Circle,
    Progress,
    Rung,
    may_be_told,
)
from carehub.care.family import SCOPES, YEAR, Mandate, Role, Scope

MINUTE = 60_000
NOW = 1_790_000_000_000
PERSON, OWNER = UUID(int=1), UUID(int=2)
RULES = Path(__file__).parents[2] / "resources" / "rules" / "escalation.toml"
LADDER = Rulebook.from_toml(RULES.read_text(encoding="utf-8"))["ESCALATION"]


def proceed(*given: Any) -> Any:
    return escalation.proceed(*given)


def received(*given: Any) -> Any:
    return escalation.received(*given)


def alert(level=Level.L3, state=State.ACTIVE, **given):
    return Alert(
        UUID(int=9),
        PERSON,
        "BP-EXT",
        "1.0",
        "pressure_crisis",
        level,
        state,
        "1",
        "x",
        NOW,
        **given,
    )


def carer(n, role=Role.CARER, *, agreed=True, **given):
    mandate = {"from_at": NOW - 1, "until_at": NOW + YEAR, "scopes": SCOPES[role]} | given
    held = Mandate(UUID(int=50 + n), PERSON, UUID(int=100 + n), role, **mandate)
    return Carer(UUID(int=100 + n), f"carer {n}", (held,), agreed)


def circle(*carers, **given):
    return Circle(OWNER, carers, **({"clinic": "Clinic"} | given))


def rungs(e):
    return [(step.rung, step.name, step.skipped) for step in e.told]


def test_an_urgent_alert_goes_up_one_rung_after_another():
    whom = circle(carer(1), carer(2))
    e = proceed(None, alert(), whom, LADDER, NOW)
    assert rungs(e) == [(Rung.SELF, "", False), (Rung.FIRST_CARER, "carer 1", False)]
    assert (e.due_at, e.unreached) == (NOW + 5 * MINUTE, False)

    e = proceed(e, alert(), whom, LADDER, NOW + 5 * MINUTE)
    assert (e.due_at, e.unreached) == (NOW + 15 * MINUTE, True)
    e = proceed(e, alert(), whom, LADDER, NOW + 15 * MINUTE)
    assert rungs(e)[2:] == [(Rung.SECOND_CARER, "carer 2", False)]
    assert e.unreached
    e = received(e, UUID(int=102), LADDER, NOW + 16 * MINUTE)
    assert not e.unreached
    assert received(e, UUID(int=102), LADDER, NOW + 17 * MINUTE) == e

    e = proceed(e, alert(), whom, LADDER, NOW + 60 * MINUTE)
    assert rungs(e)[3:] == [(Rung.CLINIC, "Clinic", False)]
    assert (e.due_at, e.state) == (None, Progress.RUNNING)
    seen = alert(state=State.ACKNOWLEDGED, acknowledged_at=1, acknowledged_by="carer 2")
    e = proceed(e, seen, whom, LADDER, NOW + 61 * MINUTE)
    assert (e.state, e.acknowledged_by, e.due_at) == (Progress.ACKNOWLEDGED, "carer 2", None)
    assert received(e, UUID(int=101), LADDER, NOW + 62 * MINUTE).told[1].delivered_at
    assert proceed(e, seen, whom, LADDER, NOW + 99 * MINUTE) == e


def test_nobody_of_the_family_is_told_where_nothing_is_shared():
    e = proceed(None, alert(Level.L4), circle(carer(1), carer(2), shared=False), LADDER, NOW)
    family = [step for step in e.told if step.rung not in (Rung.SELF, Rung.CLINIC)]
    assert family
    assert all(step.skipped and step.account_id is None for step in family)


def test_an_emergency_tells_everybody_at_once():
    e = proceed(None, alert(Level.L4), circle(carer(1), carer(2), carer(3)), LADDER, NOW)
    assert [(step.rung, step.at) for step in e.told] == [
        (rung, NOW)
        for rung in (Rung.SELF, Rung.FIRST_CARER, Rung.SECOND_CARER, Rung.CARER, Rung.CLINIC)
    ]


def test_what_grows_to_an_emergency_tells_those_who_were_not_told():
    whom = circle(carer(1), carer(2))
    e = proceed(None, alert(), whom, LADDER, NOW)
    e = proceed(e, alert(Level.L4), whom, LADDER, NOW + MINUTE)
    assert [step.name for step in e.told if not step.skipped] == [
        "",
        "carer 1",
        "carer 2",
        "Clinic",
    ]


def test_with_nobody_who_may_be_told_it_says_so_at_once():
    nobody = circle(carer(1, agreed=False), clinic="")
    e = proceed(None, alert(), nobody, LADDER, NOW)
    assert e.unreached
    e = proceed(e, alert(), nobody, LADDER, NOW + 60 * MINUTE)
    assert [s.skipped for s in e.told] == [False, True, True, True]
    over = proceed(e, alert(state=State.RESOLVED), nobody, LADDER, NOW + 61 * MINUTE)
    assert (over.state, over.unreached, over.ended_at) == (Progress.OVER, True, NOW + 61 * MINUTE)


def test_silence_goes_to_carers_alone():
    stale = replace(alert(Level.L2), rule="STALE-CLIENT")
    e = proceed(None, stale, circle(carer(1), carer(2)), LADDER, NOW)
    assert {step.rung for step in e.told} == {Rung.CARER}
    assert len(e.told) == 2


@pytest.mark.parametrize("state", [State.PENDING, State.ACKNOWLEDGED, State.RESOLVED])
def test_only_an_open_urgent_alert_begins(state):
    assert proceed(None, alert(state=state), circle(carer(1)), LADDER, NOW) is None
    assert proceed(None, alert(Level.L2), circle(carer(1)), LADDER, NOW) is None


def test_an_alert_that_is_urgent_again_begins_anew():
    whom = circle(carer(1))
    e = proceed(None, alert(), whom, LADDER, NOW)
    e = proceed(e, alert(state=State.ACKNOWLEDGED), whom, LADDER, NOW + MINUTE)
    e = proceed(e, alert(), whom, LADDER, NOW + 20 * MINUTE)
    assert (e.run, e.state, len(e.told)) == (2, Progress.RUNNING, 2)


@pytest.mark.parametrize(
    "who",
    [
        carer(1, agreed=False),
        carer(1, Role.VIEWER),
        carer(1, scopes=frozenset({Scope.ACKNOWLEDGE})),
        carer(1, until_at=NOW),
        carer(1, revoked_at=NOW),
        carer(1, from_at=NOW + 1),
        Carer(UUID(int=101), "x", (), agreed=True),
    ],
)
def test_who_may_not_be_told(who):
    assert not may_be_told(who, NOW)
    assert may_be_told(carer(1), NOW)


acts = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 40)),
    st.tuples(st.just("agree"), st.tuples(st.integers(0, 2), st.booleans())),
    st.tuples(st.just("revoke"), st.integers(0, 2)),
    st.tuples(st.just("share"), st.booleans()),
    st.tuples(st.just("becomes"), st.tuples(st.sampled_from(State), st.sampled_from(Level))),
    st.tuples(st.just("received"), st.integers(0, 2)),
    st.tuples(st.just("step"), st.none()),
)


class Story:
    """Three relatives, one alert and the time, as events change them in whatever order."""

    def __init__(self):
        self.now, self.alert, self.shared = NOW, alert(), True
        self.e: Any = None
        self.carers = {n: carer(n, agreed=n == 0) for n in range(3)}

    def wait(self, minutes):
        self.now += minutes * MINUTE

    def agree(self, what):
        self.carers[what[0]] = replace(self.carers[what[0]], agreed=what[1])

    def revoke(self, n):
        held = replace(self.carers[n].mandates[0], revoked_at=self.now)
        self.carers[n] = replace(self.carers[n], mandates=(held,))

    def share(self, on):
        self.shared = on

    def becomes(self, what):
        self.alert = alert(what[1], what[0])

    def received(self, n):
        self.e = self.e and received(self.e, UUID(int=100 + n), LADDER, self.now)

    def step(self, _nothing):
        whom = circle(*self.carers.values(), shared=self.shared)
        self.e = proceed(self.e, self.alert, whom, LADDER, self.now)

    def check(self, before):
        e = self.e
        old = before.told if before is not None and before.run == e.run else ()
        for step in e.told[len(old) :]:
            assert (self.alert.state, self.alert.level >= Level.L3) == (State.ACTIVE, True)
            if step.rung in FAMILY and not step.skipped:
                assert self.shared
                assert may_be_told(self.carers[step.account_id.int - 100], self.now)
        told = [s.account_id for s in e.told if s.account_id is not None]
        assert len(told) == len(set(told))
        assert sum(s.rung is Rung.CLINIC for s in e.told) <= 1
        reached = any(s.delivered_at is not None for s in e.told if s.rung in FAMILY)
        assert not (e.unreached and reached)
        assert e.due_at is None or e.state is Progress.RUNNING


@given(st.lists(acts, max_size=25))
def test_nobody_is_told_without_consent_twice_or_after_an_acknowledgement(steps):
    """Whatever the order of events."""
    story = Story()
    for act, what in steps:
        before = story.e
        getattr(story, act)(what)
        if story.e is not None:
            story.check(before)
