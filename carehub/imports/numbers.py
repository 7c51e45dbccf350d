"""Numbers as files write them: 6,4 and 6.4, HI and LO, and what a cell says with a unit beside it."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from carehub.care.readings import HIGH, LOW, Unit
from carehub.imports.rows import Value

_LONGEST = 24
_PLACES = Decimal("0.000001")
_HIGH = frozenset({"hi", "high", "hoch", "haut", "alto", "elevado", "hög", "高", "偏高", "过高"})
_LOW = frozenset(
    {"lo", "low", "niedrig", "tief", "bas", "bajo", "baixo", "låg", "低", "偏低", "过低"}
)
_EMPTY = frozenset({"", "-", "--", "---", "null", "none", "nan", "n/a", "na", "nil"})
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,:]\d*)?|[.,]\d+)")
_UNITS = (
    (Unit.MG_DL, ("mg/dl", "mgdl", "mg dl", "毫克")),
    (Unit.MMOL_L, ("mmol", "毫摩")),
    (Unit.KPA, ("kpa", "千帕")),
    (Unit.MMHG, ("mmhg", "mm hg", "毫米汞柱", "毫米水银")),
)


def unit_in(text: str) -> Unit | None:
    """Return the unit that a heading or a cell names, or None."""
    plain = text.casefold()
    return next((unit for unit, words in _UNITS if any(word in plain for word in words)), None)


@lru_cache(maxsize=8192)
def number(text: str) -> Decimal | None:
    """Return a number, None where the cell is empty; raises ValueError where it is none.

    A comma is a decimal comma: no measured value here has thousands.
    """
    plain = text.strip().strip("'\"").casefold()
    if plain in _EMPTY:
        return None
    found = _NUMBER.match(plain)
    rest = plain[found.end() :].strip() if found else plain
    if found is None or len(found[0]) > _LONGEST or (rest and not _is_unit(rest)):
        raise ValueError("not a number")
    try:
        return _kept(Decimal(found[0].replace(",", ".")))
    except InvalidOperation:
        raise ValueError("not a number") from None


def _is_unit(text: str) -> bool:
    return unit_in(text) is not None or text in ("bpm", "/min", "1/min", "次/分", "%")


def _kept(value: Decimal) -> Decimal:
    """Bring a value to what the archive keeps exactly: millionths."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        value = value.quantize(_PLACES)
    return value


def value(told: Value) -> Decimal | None:
    """Return a number from a cell, a JSON or a database value; raises ValueError."""
    if told is None or isinstance(told, str):
        return None if told is None else number(told)
    if isinstance(told, Decimal):
        if not told.is_finite() or told.adjusted() > _LONGEST or told.adjusted() < -_LONGEST:
            raise ValueError("not a number")
        return _kept(told)
    return number(str(told))


def censored(told: Value) -> str:
    """Return HI or LO where a cell says that the meter could not tell more, else nothing."""
    if not isinstance(told, str):
        return ""
    plain = told.strip().casefold()
    return HIGH if plain in _HIGH else LOW if plain in _LOW else ""


def whole(told: Value) -> int | None:
    """Return a whole number, or None where there is none."""
    try:
        found = value(told)
    except ValueError:
        return None
    return None if found is None or found != found.to_integral_value() else int(found)
