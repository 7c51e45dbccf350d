"""Views of the measure page at each point of a sitting."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.protocol import Protocol
from carehub.care.readings import Kind, Reading, Source, Unit
from carehub.errors import BluetoothMissing
from carehub.ui.screens.measure.model import Course, MeasureView, view_of
from carehub.ui.screens.sample import NOW, PERSON, Sample

PROTOCOL = Protocol("1", 300, 60, 2, 3, Decimal(10))
"""The numbers of a guided measurement, as shipped."""

_START = Course(person=PERSON, meter="示例血压计")


def pressure(systolic: int, diastolic: int, at: int = NOW, number: int = 1) -> Reading:
    """Return one reading of the sample person."""
    return Reading(
        UUID(int=500 + number),
        PERSON.id,
        Kind.BLOOD_PRESSURE,
        at,
        Unit.MMHG,
        Decimal(systolic),
        Decimal(diastolic),
        Decimal(72),
        source=Source.METER,
        received_at=at,
    )


def settle() -> MeasureView:
    """Return the beginning."""
    return view_of(_START, PROTOCOL, NOW)


def rest() -> MeasureView:
    """Return the middle of the rest."""
    return view_of(_START.settle(NOW - 68_000), PROTOCOL, NOW)


def ready() -> MeasureView:
    """Return the moment before the cuff fills."""
    return view_of(_START.hurry(PROTOCOL, NOW), PROTOCOL, NOW)


def pumping() -> MeasureView:
    """Return a cuff that is filled."""
    course = _START.hurry(PROTOCOL, NOW).pumping(Decimal(142), Unit.MMHG)
    return view_of(course, PROTOCOL, NOW)


def waiting() -> MeasureView:
    """Return the minute between two readings of a pretend meter."""
    course = _START.hurry(PROTOCOL, NOW - 90_000)
    first = replace(pressure(131, 83, NOW - 22_000), simulated=True)
    old = pressure(128, 80, NOW - 90_000_000, 2)
    course = course.take([replace(old, received_at=NOW), first], ())
    return view_of(course, PROTOCOL, NOW)


def trouble() -> MeasureView:
    """Return a computer without Bluetooth."""
    course = _START.hurry(PROTOCOL, NOW).fail(BluetoothMissing().sentence())
    return view_of(course, PROTOCOL, NOW)


def whose() -> MeasureView:
    """Return the question whose reading it is."""
    unknown = replace(pressure(131, 83), person_id=None)
    return view_of(_START.hurry(PROTOCOL, NOW).take((), [unknown]), PROTOCOL, NOW)


SAMPLES = (
    Sample("measure", "settle", settle),
    Sample("measure", "rest", rest),
    Sample("measure", "ready", ready),
    Sample("measure", "pumping", pumping),
    Sample("measure", "waiting", waiting),
    Sample("measure", "trouble", trouble),
    Sample("measure", "whose", whose),
)
