"""What holds of the rules whatever was measured."""

import random
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from carehub.care.alerts import Level, Standing, State, advance, evaluate, snooze
from carehub.care.alerts.engine import acknowledge
from carehub.care.people import ConditionCode, MedicineClass, Profile
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Symptom,
    TimeQuality,
    Unit,
)
from carehub.care.units import MG_DL_PER_MMOL_L, MMHG_PER_KPA
from carehub.errors import NotAllowed
from tests.helpers.builders import (
    DAY,
    HOUR,
    MINUTE,
    PERSON,
    at,
    bp,
    glucose,
    make_plan,
    make_profile,
    uid,
)
from tests.helpers.household import Household

START = at("2026-01-05 07:00")
PLAN = make_plan()
PROFILES = (
    make_profile(),
    make_profile(ConditionCode.HYPERTENSION, medicines=[MedicineClass.ANTIHYPERTENSIVE]),
    make_profile(ConditionCode.DIABETES_TYPE_2, medicines=[MedicineClass.INSULIN]),
)

moments = st.integers(0, 20 * 24 * 12).map(lambda step: START + step * 5 * MINUTE)
delays = st.sampled_from([0, 0, 0, MINUTE, 3 * HOUR, 30 * HOUR])
some_flags = st.sets(st.sampled_from(list(Flag)), max_size=2)
some_symptoms = st.sets(st.sampled_from(list(Symptom)), max_size=2)


@st.composite
def pressures(draw: st.DrawFn) -> Reading:
    taken = draw(moments)
    return bp(
        draw(st.integers(60, 230)),
        draw(st.integers(30, 130)),
        taken,
        pulse=draw(st.none() | st.integers(30, 160)),
        received=taken + draw(delays),
        flags=draw(some_flags),
        symptoms=draw(some_symptoms),
        posture=draw(st.sampled_from(list(Posture))),
        setting=draw(st.sampled_from(list(Setting))),
        id=uid(draw(st.integers(0, 10**9))),
    )


@st.composite
def sugars(draw: st.DrawFn) -> Reading:
    taken = draw(moments)
    return glucose(
        draw(st.sampled_from(["HI", "LO"]) | st.integers(11, 333).map(lambda n: Decimal(n) / 10)),
        taken,
        draw(st.sampled_from(list(MealContext))),
        received=taken + draw(delays),
        flags=draw(some_flags),
        symptoms=draw(some_symptoms),
        id=uid(draw(st.integers(0, 10**9))),
    )


histories = st.lists(pressures() | sugars(), max_size=30, unique_by=lambda r: r.id)
profiles = st.sampled_from(PROFILES)


@given(histories, profiles, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    history: list[Reading], profile: Profile, chance: random.Random
) -> None:
    mixed = list(history)
    chance.shuffle(mixed)
    now = START + 21 * DAY
    assert evaluate(mixed, profile, PLAN, now) == evaluate(history, profile, PLAN, now)


weird = st.decimals(allow_nan=True, allow_infinity=True) | st.integers().map(Decimal)


@given(
    st.lists(
        st.builds(
            Reading,
            id=st.uuids(),
            person_id=st.sampled_from([PERSON, None, uid("other")]),
            kind=st.sampled_from(list(Kind)),
            taken_at=st.integers(-(10**16), 10**16),
            unit=st.sampled_from(list(Unit)),
            v1=st.none() | weird,
            v2=st.none() | weird,
            v3=st.none() | weird,
            text=st.sampled_from(["", "HI", "LO", "?"]),
            context=st.sampled_from(list(MealContext)),
            zone_offset=st.integers(-840, 840),
            received_at=st.integers(-(10**16), 10**16),
            time_quality=st.sampled_from(list(TimeQuality)),
            voided=st.booleans(),
        ),
        max_size=8,
    ),
    st.integers(-(10**16), 10**16),
)
def test_no_history_makes_it_raise(history: list[Reading], now: int) -> None:
    kept = list(history)
    for profile in PROFILES:
        evaluate(history, profile, PLAN, now)
    assert history == kept


@given(histories, profiles)
def test_living_through_it_never_doubles_an_alert(history: list[Reading], profile: Profile) -> None:
    home = Household(profile, PLAN)
    for reading in sorted(history, key=lambda r: r.received_at):
        home.take(reading)
        opened = [(a.rule, a.episode) for a in home.alerts.values() if a.open]
        families = [a.family for a in home.alerts.values() if a.open and a.level < Level.L4]
        assert len(opened) == len(set(opened))
        assert len(families) == len(set(families))


@given(st.lists(st.tuples(st.integers(60, 230), st.integers(30, 130), moments), max_size=20))
def test_kpa_alerts_exactly_as_mmhg(values: list[tuple[int, int, int]]) -> None:
    def kpa(value: int) -> Decimal:
        return (value / MMHG_PER_KPA).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    in_mmhg = [bp(s, d, t, id=uid(i)) for i, (s, d, t) in enumerate(values)]
    in_kpa = [bp(kpa(s), kpa(d), t, id=uid(i), unit=Unit.KPA) for i, (s, d, t) in enumerate(values)]
    assert _seen(in_mmhg) == _seen(in_kpa)


@given(st.lists(st.tuples(st.integers(20, 600), moments), max_size=20))
def test_mg_dl_alerts_exactly_as_mmol(values: list[tuple[int, int]]) -> None:
    def mmol(value: int) -> Decimal:
        return (value / MG_DL_PER_MMOL_L).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    in_mmol = [glucose(mmol(v), t, id=uid(i)) for i, (v, t) in enumerate(values)]
    in_mg_dl = [glucose(v, t, id=uid(i), unit=Unit.MG_DL) for i, (v, t) in enumerate(values)]
    assert _seen(in_mmol) == _seen(in_mg_dl)


def _seen(history: list[Reading]) -> list[tuple[object, ...]]:
    found = evaluate(history, PROFILES[2], PLAN, START + 21 * DAY)
    return [(f.rule, f.level, f.standing, f.episode, f.readings) for f in found]


@given(st.lists(st.sampled_from([133, 134, 135, 136]), min_size=8, max_size=40))
def test_values_about_the_threshold_never_flap(values: list[int]) -> None:
    home = Household(PROFILES[1], PLAN)
    ids = set()
    for index, value in enumerate(values):
        home.take(bp(value, 80, START + index * 12 * HOUR, id=uid(index)))
        ids |= {a.id for a in home.alerts.values() if a.rule == "BP-HIGH" and a.open}
    assert len(ids) <= 1
    states = {a.state for a in home.alerts.values() if a.rule == "BP-HIGH"}
    assert states <= {State.ACTIVE}


@given(histories, profiles, st.integers(0, 23))
def test_urgent_alerts_are_told_at_any_hour(
    history: list[Reading], profile: Profile, hour: int
) -> None:
    quiet = make_plan(quiet_from=0, quiet_until=24 * 60, morning=hour * 60)
    home = Household(profile, quiet)
    for reading in sorted(history, key=lambda r: r.received_at):
        before = {a.id: a.level for a in home.alerts.values() if a.open}
        told = home.take(reading)
        named = {alert_id for notice in told for alert_id in notice.alerts}
        for alert in home.alerts.values():
            if alert.open and alert.level >= Level.L3 and before.get(alert.id, 0) < alert.level:
                assert alert.id in named


@given(histories, profiles, st.integers(-5, 500))
def test_no_urgent_alert_sleeps_longer_than_a_quarter_of_an_hour(
    history: list[Reading], profile: Profile, minutes: int
) -> None:
    home = Household(profile, PLAN)
    for reading in sorted(history, key=lambda r: r.received_at):
        home.take(reading)
    for alert in home.alerts.values():
        try:
            snoozed = snooze(alert, minutes, START)
        except NotAllowed:
            continue
        assert alert.level < Level.L4
        assert minutes <= (15 if alert.level is Level.L3 or alert.family == "glucose_low" else 60)
        assert snoozed.open == alert.open


@given(histories.filter(bool), profiles, st.data())
def test_what_is_voided_or_corrected_leaves_no_alert_behind(
    history: list[Reading], profile: Profile, data: st.DataObject
) -> None:
    home = Household(profile, PLAN)
    for reading in sorted(history, key=lambda r: r.received_at):
        home.take(reading)
    gone = {r.id for r in history if data.draw(st.booleans())}
    home.history = [replace(r, voided=True) if r.id in gone else r for r in home.history]
    home.round(START + 20 * DAY + HOUR)
    for alert in home.alerts.values():
        if alert.open and alert.readings:
            assert not set(alert.readings) <= gone


@given(histories, profiles)
def test_every_alert_tells_what_made_it(history: list[Reading], profile: Profile) -> None:
    known = {reading.id for reading in history}
    for finding in evaluate(history, profile, PLAN, START + 21 * DAY):
        assert set(finding.readings) <= known
        assert finding.version
        if finding.standing is Standing.RAISE and finding.readings:
            assert finding.inputs
            assert finding.text


@given(histories, profiles)
def test_a_second_round_at_the_same_moment_changes_nothing(
    history: list[Reading], profile: Profile
) -> None:
    now = START + 20 * DAY + HOUR
    found = evaluate(history, profile, PLAN, now)
    first = advance(PERSON, (), found, PLAN, now)
    again = advance(PERSON, first.changed, found, PLAN, now)
    assert not again.changed
    assert not again.notices
    for alert in first.changed:
        seen = acknowledge(alert, "self", now)
        assert advance(PERSON, (seen,), found, PLAN, now).notices == () or len(found) > 1
