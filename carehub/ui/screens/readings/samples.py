"""A month with a correction and a void, an empty month, and the pad that corrects."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.readings import Flag, Kind, MealContext, Reading, Source, Unit
from carehub.ui.screens.readings.model import Month, ReadingsView, view_of
from carehub.ui.screens.result.model import Judged
from carehub.ui.screens.sample import NOW, PERSON, Sample

HOUR = 3_600_000


def pressure(number: int, upper: int, lower: int, ago: int) -> Reading:
    """Return a reading of so many hours ago."""
    return Reading(
        UUID(int=1000 + number),
        PERSON.id,
        Kind.BLOOD_PRESSURE,
        NOW - ago * HOUR,
        Unit.MMHG,
        Decimal(upper),
        Decimal(lower),
        Decimal(71),
        source=Source.METER,
        simulated=number % 2 == 0,
        flags=frozenset({Flag.BODY_MOVEMENT}) if number == 3 else frozenset(),
    )


def taken() -> list[Reading]:
    """Return some days of readings."""
    typed = replace(pressure(5, 155, 93, 26), source=Source.KEYPAD, simulated=False)
    right = replace(typed, id=UUID(int=1006), v1=Decimal(135), v2=Decimal(83), replaces=typed.id)
    sugar = Reading(
        UUID(int=1010),
        PERSON.id,
        Kind.GLUCOSE,
        NOW - 3 * HOUR,
        Unit.MMOL_L,
        Decimal("6.3"),
        context=MealContext.FASTING,
        source=Source.METER,
    )
    first = [pressure(1, 128, 82, 2), sugar, typed, right]
    later = [replace(pressure(3, 250, 40, 28), voided=True), pressure(7, 141, 88, 50)]
    return [*first, *later, pressure(9, 127, 80, 74)]


def _judge(reading: Reading) -> Judged:
    from carehub.care.standing import Judgement, Place

    high = reading.v1 is not None and reading.v1 >= 135
    return Judged.of(Judgement(Place.HIGH if high else Place.IN_TARGET, "", Place.HIGH))


def month() -> ReadingsView:
    """Return November."""
    span = (NOW - 9000 * HOUR, NOW)
    return view_of(taken(), _judge, Month(2026, 11), now=NOW, zone_offset=480, span=span)


def empty() -> ReadingsView:
    """Return a month without readings."""
    return view_of([], _judge, Month(2026, 11), now=NOW, zone_offset=480)


SAMPLES = (
    Sample("readings", "month", month),
    Sample("readings", "empty", empty),
    Sample("readings.correct", "pressure", what={"reading": taken()[2]}),
    Sample("readings.correct", "glucose", what={"reading": taken()[1]}),
)
