"""Alerts of each level, and the page when there is none."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.readings import Kind, Reading, Symptom, Unit
from carehub.ui.screens.alert.model import AlertView, Wish, view_of
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.sample import NOW, PERSON, PROFILE, Sample

_EMERGENCY = (
    Symptom.CHEST_PAIN,
    Symptom.BREATHLESS,
    Symptom.WEAK_SIDE,
    Symptom.SPEECH_TROUBLE,
    Symptom.SEVERE_HEADACHE,
    Symptom.VISION_LOSS,
    Symptom.CONFUSED,
    Symptom.SEIZURE,
)


def _rules() -> Rulebook:
    from carehub.workflows.rulebook import rulebook

    return rulebook()


def alert(rule: str, reading: Reading, state: State = State.ACTIVE, occasion: str = "say") -> Alert:
    """Return an open alert of a rule in the words of the shipped rulebook."""
    found = _rules()[rule]
    return Alert(
        UUID(int=900 + found.level),
        PERSON.id,
        rule,
        found.version,
        found.family,
        found.level,
        state,
        "1",
        found.text(occasion),
        reading.taken_at,
        found.steps(occasion),
        (reading.id,),
        recheck_at=reading.taken_at + 300_000 if occasion == "confirm" else None,
        inputs={"snooze_minutes": 15 if found.level >= Level.L3 else 60},
    )


def _view(alerts: list[Alert], *readings: Reading) -> AlertView:
    return view_of(alerts, Wish(), {r.id: r for r in readings}, PROFILE, _rules(), NOW)


def crisis() -> AlertView:
    """Return a crisis that waits for its recheck."""
    reading = replace(pressure(182, 112, NOW - 100_000), received_at=NOW - 100_000)
    return _view([alert("BP-CRIT", reading, State.PENDING, "confirm")], reading)


def emergency() -> AlertView:
    """Return an emergency."""
    reading = replace(pressure(182, 112, NOW - 100_000), simulated=True)
    return _view([alert("BP-CRIT-S", reading)], reading)


def attention() -> AlertView:
    """Return something to see a doctor about, with another alert beside it, seen already."""
    reading = pressure(141, 88, NOW - 3_600_000)
    low = Reading(
        UUID(int=601), PERSON.id, Kind.GLUCOSE, NOW - 7_000_000, Unit.MMOL_L, Decimal("4.6")
    )
    seen = replace(
        alert("BP-HIGH", reading),
        state=State.ACKNOWLEDGED,
        acknowledged_at=NOW - 60_000,
        acknowledged_by=PERSON.greeting_name,
    )
    other = replace(alert("BP-MISS", low), level=Level.L1, rule="G-LOW-E")
    return _view([seen, other], reading, low)


def nothing() -> AlertView:
    """Return the page when there is nothing to look at."""
    return AlertView()


SAMPLES = (
    Sample("alert", "crisis", crisis),
    Sample("alert", "emergency", emergency),
    Sample("alert", "attention", attention),
    Sample("alert", "nothing", nothing),
    Sample("alert.symptoms", "pressure", what={"symptoms": _EMERGENCY, "reading": UUID(int=501)}),
)
