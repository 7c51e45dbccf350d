"""What is typed on the pad: the boxes of each kind, their limits, the reading they make; no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID

from carehub.care.alerts.rulebook import Rulebook
from carehub.care.believable import Doubtful, Ok, check
from carehub.care.people import Person
from carehub.care.readings import Kind, MealContext, Reading, Source, Unit
from carehub.care.units import at_resolution, convert
from carehub.i18n import N_, _

UNITS: dict[Kind, tuple[Unit, ...]] = {
    Kind.BLOOD_PRESSURE: (Unit.MMHG, Unit.KPA),
    Kind.GLUCOSE: (Unit.MMOL_L, Unit.MG_DL),
}
"""The units of each kind; the first is the one an elder sees."""

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Box:
    """One number to type: its key, its name, and whether it may stay empty."""

    key: str
    caption: str
    optional: bool = False


BOXES: dict[Kind, tuple[Box, ...]] = {
    Kind.BLOOD_PRESSURE: (
        Box("systolic", N_("Upper")),
        Box("diastolic", N_("Lower")),
        Box("pulse", N_("Pulse"), optional=True),
    ),
    Kind.GLUCOSE: (Box("glucose", N_("Glucose")),),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Between what a number can be believed, in the unit that is typed."""

    low: Decimal
    high: Decimal
    unit: str


def limits_of(rulebook: Rulebook, kind: Kind, unit: Unit) -> dict[str, Limits]:
    """Return the believable limits of each box, by BP-VAL or G-VAL."""
    rule = rulebook["G-VAL" if kind is Kind.GLUCOSE else "BP-VAL"]
    known = UNITS[kind][0]
    made = {}
    for box in BOXES[kind]:
        ends = [rule.number(f"{box.key}_{end}") for end in ("min", "max")]
        if box.key == "pulse":
            made[box.key] = Limits(ends[0], ends[1], _("per minute"))
        else:
            low, high = (at_resolution(convert(end, known, unit), unit) for end in ends)
            made[box.key] = Limits(low, high, unit.value)
    return made


def number(text: str) -> Decimal | None:
    """Return the number that was typed, or None where it is none."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def hint(box: Box, limits: Limits) -> str:
    """Return what can be typed into a box."""
    pattern = (
        _("{caption}: {low} to {high}, may stay empty")
        if box.optional
        else _("{caption}: {low} to {high}")
    )
    return pattern.format(caption=_(box.caption), low=limits.low, high=limits.high)


def trouble(box: Box, text: str, limits: Limits, *, finished: bool) -> str:
    """Return what is wrong with a box, or nothing.

    While it is typed (`finished` False) only what no further digit can mend is wrong.
    """
    value = number(text)
    if value is None:
        return "" if not finished or (box.optional and not text) else _missing(box)
    too_small = value < limits.low and finished
    if value > limits.high or too_small:
        pattern = _("{caption} must be between {low} and {high}. Please look at the meter again.")
        return pattern.format(caption=_(box.caption), low=limits.low, high=limits.high)
    return ""


def _missing(box: Box) -> str:
    return _("Please type {caption}.").format(caption=_(box.caption))


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the boxes; `text` is HI or LO where the meter showed no number.

    `at` is when it was measured (UTC ms), None for just now.
    """

    kind: Kind
    unit: Unit
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    context: MealContext = MealContext.RANDOM
    text: str = ""
    at: int | None = None

    def reading(self, person: Person, now: int) -> Reading:
        """Return the reading this makes; its id is minted when it is kept."""
        keys = [box.key for box in BOXES[self.kind]]
        values = [number(self.texts.get(key, "")) for key in keys]
        first, second, third = (*values, None, None, None)[:3]
        return Reading(
            id=_NOBODY,
            person_id=person.id,
            kind=self.kind,
            taken_at=now if self.at is None else self.at,
            unit=self.unit,
            v1=None if self.text else first,
            v2=second,
            v3=third,
            text=self.text,
            context=self.context,
            source=Source.KEYPAD,
            zone_offset=person.zone_offset,
            received_at=now,
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is to be said of a whole entry; only a `firm` one stops it from being kept."""

    sentence: str = ""
    firm: bool = False


def doubt(reading: Reading, rulebook: Rulebook) -> Doubt:
    """Return what the rules of belief say of a reading."""
    belief = check(reading, rulebook)
    if isinstance(belief, Ok):
        return Doubt()
    return Doubt(_(belief.reason), not isinstance(belief, Doubtful))
