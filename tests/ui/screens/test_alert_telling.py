"""The line under an alert says what is true of the telling, and 未能通知家人 only when it is."""

from dataclasses import replace
from uuid import UUID

import pytest

from carehub.care.alerts.model import Level, State
from carehub.care.escalation import Escalation, Progress, Rung, Told
from carehub.ui.screens.alert.model import ALONE
from carehub.ui.screens.alert.telling import (
    NOT_YET,
    ON_ITS_WAY,
    SEEN,
    UNREACHED,
    calls_family,
    told_of,
)
from carehub.workflows.escalations import Telling
from tests.helpers import records

NOW = 1_790_000_000_000
BEGUN = Escalation(UUID(int=1), UUID(int=2), "BP-EXT", Level.L3, NOW)
FIRST = Told(Rung.FIRST_CARER, NOW, UUID(int=3), "Daughter")
CLINIC = Told(Rung.CLINIC, NOW, name="Clinic")


def line(escalation=None, **given):
    telling = Telling(escalation, **({"shares": True, "sent": True} | given))
    return told_of(telling, NOW + 60_000, 480)


@pytest.mark.parametrize(
    ("escalation", "given", "said"),
    [
        (None, {"shares": False}, ALONE),
        (None, {"sent": False}, ON_ITS_WAY),
        (None, {"sent": False, "failing": True}, UNREACHED),
        (None, {"failing": True}, ON_ITS_WAY),
        (None, {"calls": False}, NOT_YET),
        (None, {"calls": False, "seen_by": True}, SEEN),
        (None, {"calls": False, "seen_by": True, "sent": False}, NOT_YET),
        (replace(BEGUN, told=(FIRST,)), {}, ON_ITS_WAY),
        (replace(BEGUN, told=(FIRST,), unreached=True), {}, UNREACHED),
        (
            replace(BEGUN, told=(replace(FIRST, delivered_at=NOW),)),
            {},
            "Daughter got this notice.",
        ),
        (
            replace(BEGUN, told=(FIRST, CLINIC), unreached=True),
            {},
            f"{UNREACHED} Clinic was asked to help.",
        ),
        (
            replace(BEGUN, told=(FIRST, replace(CLINIC, skipped=True)), unreached=True),
            {},
            UNREACHED,
        ),
    ],
)
def test_what_is_said_is_what_is_true(escalation, given, said):
    assert line(escalation, **given) == said


def test_who_took_it_in_hand_is_named():
    seen = replace(
        BEGUN, state=Progress.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by="Daughter"
    )
    assert line(seen).startswith("Daughter saw this")


def test_which_alerts_the_family_is_told_of():
    alert = records.alert(UUID(int=2), level=Level.L2)
    assert not calls_family(alert)
    assert calls_family(replace(alert, state=State.PENDING))
    assert calls_family(replace(alert, rule="STALE-CLIENT"))
    assert calls_family(replace(alert, level=Level.L3))
