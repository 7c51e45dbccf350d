"""Views of the glucose page at each point of a test."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.readings import Kind, MealContext, Reading, Source, Unit
from carehub.errors import MeterNotFound
from carehub.ui.screens.glucose.model import Course, GlucoseView, view_of
from carehub.ui.screens.sample import NOW, PERSON, Sample

_START = Course(person=PERSON)


def glucose(value: str, at: int = NOW, number: int = 1) -> Reading:
    """Return one glucose reading of the sample person."""
    return Reading(
        UUID(int=600 + number),
        PERSON.id,
        Kind.GLUCOSE,
        at,
        Unit.MMOL_L,
        Decimal(value),
        source=Source.METER,
        received_at=at,
        sequence=number,
    )


def when() -> GlucoseView:
    """Return the question when it is."""
    return view_of(_START)


def ready() -> GlucoseView:
    """Return the steps of a fasting test."""
    return view_of(_START.choose(MealContext.FASTING).linking(linked=True))


def trouble() -> GlucoseView:
    """Return a meter that was not found."""
    return view_of(_START.choose(MealContext.AFTER_MEAL).fail(MeterNotFound().sentence()))


def whose() -> GlucoseView:
    """Return the question whose reading it is."""
    unknown = replace(glucose("6.3"), person_id=None, simulated=True)
    return view_of(_START.choose(MealContext.FASTING).take((), [unknown]))


SAMPLES = (
    Sample("glucose", "when", when),
    Sample("glucose", "ready", ready),
    Sample("glucose", "trouble", trouble),
    Sample("glucose", "whose", whose),
)
