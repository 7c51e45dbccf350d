"""Units of pressure and glucose: exact conversion, the number a rule compares, the number shown.

Values are kept as measured. Rules are written in mmHg and mmol/L; a value in kPa or mg/dL is
brought to their resolution (1 mmHg, 0.1 mmol/L) before it is compared, so that a cuff that shows
11.3 kPa alerts exactly as one that shows 85 mmHg, and 70 mg/dL exactly as 3.9 mmol/L.
"""

from decimal import ROUND_HALF_UP, Decimal

from carehub.care.readings import Unit

MMHG_PER_KPA = Decimal("7.50062")
MG_DL_PER_MMOL_L = Decimal("18.016")
"""Molar mass of glucose over ten."""

_FACTORS = {
    (Unit.KPA, Unit.MMHG): MMHG_PER_KPA,
    (Unit.MMOL_L, Unit.MG_DL): MG_DL_PER_MMOL_L,
}
RESOLUTION = {
    Unit.MMHG: Decimal(1),
    Unit.KPA: Decimal("0.1"),
    Unit.MMOL_L: Decimal("0.1"),
    Unit.MG_DL: Decimal(1),
}
_LARGEST_EXPONENT = 6


def convert(value: Decimal, unit: Unit, into: Unit) -> Decimal:
    """Convert without rounding; raises ValueError between a pressure and a concentration."""
    if unit is into:
        return value
    if (unit, into) in _FACTORS:
        return value * _FACTORS[unit, into]
    if (into, unit) in _FACTORS:
        return value / _FACTORS[into, unit]
    raise ValueError(f"no conversion from {unit} to {into}")


def at_resolution(value: Decimal, unit: Unit) -> Decimal:
    """Round half up to what a meter shows in this unit."""
    return value.quantize(RESOLUTION[unit], rounding=ROUND_HALF_UP)


def compared(value: Decimal | None, unit: Unit, into: Unit) -> Decimal | None:
    """Return the number a rule written in `into` compares; None where there is no usable number.

    A value measured in `into` is taken as it is, a converted one at the resolution of `into`.
    """
    if value is None or not value.is_finite() or value.adjusted() > _LARGEST_EXPONENT:
        return None
    if unit is into:
        return value
    if (unit, into) not in _FACTORS and (into, unit) not in _FACTORS:
        return None
    return at_resolution(convert(value, unit, into), into)


def in_mmhg(value: Decimal, unit: Unit) -> Decimal:
    """Return a finite pressure in mmHg as rules compare it."""
    return value if unit is Unit.MMHG else at_resolution(convert(value, unit, Unit.MMHG), Unit.MMHG)


def in_mmol(value: Decimal, unit: Unit) -> Decimal:
    """Return a finite concentration of glucose in mmol/L as rules compare it."""
    same = unit is Unit.MMOL_L
    return value if same else at_resolution(convert(value, unit, Unit.MMOL_L), Unit.MMOL_L)


def shown(value: Decimal, unit: Unit, into: Unit) -> str:
    """Return the number as a person reads it in `into`: 128, 17.1, 6.1, 110."""
    return str(at_resolution(convert(value, unit, into), into))


def whole_beside(value: Decimal, *limits: Decimal) -> Decimal:
    """Round a mean to a whole number that lies on the same side of each limit as the mean itself.

    134.7 against a target of 135 is shown as 134: "135" and "in target" would contradict each other.
    """
    rounded = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if any((rounded >= limit) != (value >= limit) for limit in limits):
        return value // 1
    return rounded
