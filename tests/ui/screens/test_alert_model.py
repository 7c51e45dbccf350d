"""Which alert is shown, and what it says."""

from dataclasses import replace
from uuid import UUID

import pytest

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.people import Profile
from carehub.care.readings import Kind, Symptom
from carehub.ui.screens.alert import samples
from carehub.ui.screens.alert.model import (
    Wish,
    chosen,
    family_of,
    gravest,
    left_of,
    newest_of,
    pressing,
    ranked,
    steps_of,
    symptoms_of,
    title_of,
    view_of,
)
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.sample import NOW, PERSON, PROFILE
from tests.helpers.builders import rulebook

READING = pressure(182, 112, NOW - 60_000)
CRISIS = Alert(
    UUID(int=1),
    PERSON.id,
    "BP-CRIT",
    "1",
    "pressure_crisis",
    Level.L3,
    State.ACTIVE,
    "1",
    "Clearly high.",
    NOW,
    readings=(READING.id,),
)
LOW = replace(CRISIS, id=UUID(int=2), rule="BP-LOW", level=Level.L1, raised_at=NOW + 1)


def test_a_crisis_says_value_time_steps_and_whom_to_call() -> None:
    view = samples.crisis()
    assert view.title == "Blood pressure is very high: 182/112"
    assert view.urgent
    assert not view.emergency
    assert len(view.steps) == 3
    assert [step.grave for step in view.steps] == [False, False, True]
    assert view.family is not None
    assert "138 0000 0000" in view.family.digits
    assert Symptom.CHEST_PAIN in view.symptoms
    assert view.rechecks


def test_an_emergency_is_only_about_120() -> None:
    view = samples.emergency()
    assert view.title == "Call 120 now"
    assert view.emergency
    assert view.symptoms == ()
    assert view.simulated


def test_what_was_seen_says_by_whom() -> None:
    view = samples.attention()
    assert PERSON.greeting_name in view.acknowledged
    assert [other.title for other in view.others] == ["Glucose is low: 4.6"] or view.others


def test_the_gravest_open_alert_comes_first_and_cannot_be_hidden() -> None:
    done = replace(CRISIS, id=UUID(int=3), state=State.RESOLVED, level=Level.L4)
    assert ranked([LOW, done, CRISIS]) == [CRISIS, LOW]
    assert chosen([LOW, CRISIS], Wish(LOW.id)) == CRISIS
    assert chosen([LOW, CRISIS], Wish()) == CRISIS
    assert chosen([done], Wish(done.id)) is None


def test_a_person_can_pick_another_alert_until_a_new_one_comes() -> None:
    picked = Wish(LOW.id, frozenset({LOW.id, CRISIS.id}))
    assert chosen([LOW, CRISIS], picked) == LOW
    new = replace(CRISIS, id=UUID(int=5))
    assert chosen([LOW, CRISIS, new], picked) in (CRISIS, new)
    emergency = replace(CRISIS, level=Level.L4)
    assert chosen([LOW, emergency], picked) == emergency


def test_alerts_are_leafed_through_in_a_ring() -> None:
    known = {READING.id: READING}
    first = view_of([LOW, CRISIS], Wish(), known, PROFILE, rulebook(), NOW)
    assert first.next == LOW.id
    picked = Wish(LOW.id, frozenset({LOW.id, CRISIS.id}))
    assert view_of([LOW, CRISIS], picked, known, PROFILE, rulebook(), NOW).next == CRISIS.id
    assert samples.crisis().next is None


def test_a_dangerous_value_that_waits_for_its_recheck_presses() -> None:
    waiting = replace(CRISIS, level=Level.L2, state=State.PENDING)
    assert pressing(waiting)
    assert not pressing(replace(waiting, state=State.ACTIVE))
    assert gravest([replace(LOW, level=Level.L2), waiting]) == waiting
    assert gravest([LOW]) is None
    assert ranked([replace(LOW, level=Level.L2), waiting])[0] == waiting


def test_without_alerts_there_is_nothing_to_look_at() -> None:
    assert view_of([], Wish(), {}, PROFILE, rulebook(), NOW) == samples.nothing()


@pytest.mark.parametrize(
    ("rule", "title"),
    [
        ("BP-EXT", "Blood pressure is very high: 182/112"),
        ("BP-LOW", "Blood pressure is low: 182/112"),
        ("BP-HR", "About your pulse: 72"),
        ("BP-MORN", "About your blood pressure"),
        ("G-LO2", "Glucose is low: 182/112"),
        ("G-HIGH", "About your glucose"),
        ("NEW-1", "Please look at this"),
    ],
)
def test_each_rule_has_a_title(rule: str, title: str) -> None:
    assert title_of(replace(CRISIS, rule=rule), READING) == title


def test_a_title_without_its_reading_names_only_the_matter() -> None:
    assert title_of(CRISIS, None) == "Blood pressure is very high"
    view = view_of([CRISIS], Wish(CRISIS.id), {}, None, rulebook(), NOW)
    assert view.reading is None
    assert view.family is None
    assert view.taken_at == NOW
    assert view.when == "Clearly high."
    sweet = replace(CRISIS, rule="G-HI3")
    assert view_of([sweet], Wish(), {}, None, rulebook(), NOW).kind is Kind.GLUCOSE
    assert title_of(replace(CRISIS, rule="BP-HR"), replace(READING, v3=None)).endswith("–")


def test_advice_falls_back_to_the_sentence() -> None:
    assert [step.text for step in steps_of(CRISIS)] == ["Clearly high."]


def test_symptoms_are_those_that_rules_of_the_family_ask_for() -> None:
    sweet = replace(CRISIS, rule="G-LO2", family=rulebook()["G-LO2"].family)
    offered = symptoms_of(sweet, rulebook(), glucose("2.8"))
    assert Symptom.CANNOT_SWALLOW in offered
    assert Symptom.CHEST_PAIN not in offered
    assert symptoms_of(CRISIS, rulebook(), None) == ()


def test_the_recheck_counts_down_and_then_says_that_it_is_time() -> None:
    view = replace(samples.crisis(), recheck_at=NOW + 65_000)
    assert left_of(view, NOW) == "Measure again in 1:05"
    assert left_of(view, NOW + 65_000) == "It is time to measure again"
    assert left_of(replace(view, recheck_at=None), NOW) == ""


def test_a_contact_without_a_number_cannot_be_called() -> None:
    nobody = replace(PROFILE.contacts[0], phone=" ")
    assert family_of(Profile(PERSON, contacts=(nobody,))) is None
    friend = replace(PROFILE.contacts[0], relation="")
    call = family_of(Profile(PERSON, contacts=(friend,)))
    assert call is not None
    assert call.words == f"Call {friend.name}"


def test_the_newest_reading_speaks_for_an_alert() -> None:
    older = pressure(190, 110, NOW - 3_600_000, 2)
    both = replace(CRISIS, readings=(READING.id, older.id, UUID(int=99)))
    assert newest_of(both, {READING.id: READING, older.id: older}) == READING


def test_an_alert_that_goes_on_reminding_can_be_put_off() -> None:
    reading = pressure(182, 112)

    def offered(rule: str, **more: object) -> int:
        changed = replace(samples.alert(rule, reading), **more)  # type: ignore[arg-type]  # fields by name
        return view_of([changed], Wish(), {reading.id: reading}, PROFILE, rulebook(), NOW).snooze

    assert offered("BP-CRIT") == 15
    assert offered("BP-HIGH") == 60
    assert offered("BP-CRIT-S") == 0
    assert offered("BP-MISS") == 0
    assert offered("BP-MISS", state=State.PENDING) == 60
    assert offered("BP-CRIT", state=State.ACKNOWLEDGED) == 0
    assert offered("BP-CRIT", snoozed_until=NOW + 1) == 0
    assert offered("BP-CRIT", snoozed_until=NOW) == 15
    late = replace(samples.alert("BP-CRIT", reading), snoozed_until=NOW + 15 * 60_000)
    view = view_of([late], Wish(), {reading.id: reading}, PROFILE, rulebook(), NOW)
    assert (view.put_off, view.acknowledged) == ("Put off until 9:47", "")
