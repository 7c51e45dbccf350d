"""The summary of the sample person, and of somebody of whom nothing is known yet."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.people import Profile
from carehub.care.readings import Kind, MealContext, Reading, Unit
from carehub.i18n import N_
from carehub.ui.screens.consult.model import ConsultView, view_of
from carehub.ui.screens.health.samples import AGREED
from carehub.ui.screens.sample import NOW, PERSON, PROFILE, Sample

_DAY = 86_400_000
_WEEK = ((138, 86), (131, 83), (129, 82), (151, 93), (127, 80), (130, 82), (128, 82))
_TEXT = N_("A little high this time. Measure once more tomorrow morning.")


def _pressure() -> list[Reading]:
    return [
        Reading(
            UUID(int=100 + n),
            PERSON.id,
            Kind.BLOOD_PRESSURE,
            NOW - (6 - n) * _DAY - 7_320_000,
            Unit.MMHG,
            Decimal(upper),
            Decimal(lower),
        )
        for n, (upper, lower) in enumerate(_WEEK)
    ]


def _glucose() -> list[Reading]:
    return [
        Reading(
            UUID(int=200 + n),
            PERSON.id,
            Kind.GLUCOSE,
            NOW - n * 2 * _DAY,
            Unit.MMOL_L,
            Decimal(value),
            context=MealContext.FASTING,
        )
        for n, value in enumerate(("6.3", "6.8", "6.1"))
    ]


def _alert() -> Alert:
    return Alert(
        UUID(int=300),
        PERSON.id,
        "BP-ONE",
        "1.0",
        "bp_high",
        Level.L2,
        State.RESOLVED,
        "e",
        _TEXT,
        NOW - 3 * _DAY,
    )


def full() -> ConsultView:
    """Return a summary with something under each heading."""
    return view_of(PROFILE, _pressure(), _glucose(), [_alert()], NOW, AGREED)


def bare() -> ConsultView:
    """Return the summary of a new person."""
    return view_of(Profile(replace(PERSON, born=None)), (), (), (), NOW)


SAMPLES = (Sample("consult", "full", full), Sample("consult", "bare", bare))
