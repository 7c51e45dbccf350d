"""Tidepool: the JSON of an account, finger sticks (smbg) and sensor values (cbg) among much else.

Its platform writes mmol/L made of the mg/dL that the meter showed, to fifteen places; those are
given back.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from carehub.care.readings import Kind, Unit
from carehub.imports import trees
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source

_MG_DL = Decimal("18.01559")
_NEARLY = Decimal("0.0005")
_SHOWN_PLACES = -2
_TYPES = ("smbg", "cbg")
_KNOWN = frozenset(
    {*_TYPES, "bolus", "basal", "wizard", "food", "upload", "deviceEvent", "pumpSettings"}
    | {"cgmSettings", "bloodKetone", "physicalActivity", "dosingDecision", "insulin", "water"}
)


def _claims(source: Source) -> bool:
    found = trees.first(source)
    timed = "deviceTime" in found or "timezoneOffset" in found or "uploadId" in found
    return found.get("type") in _KNOWN and timed


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    for number, (_path, item) in enumerate(trees.leaves(source), start=1):
        yield number, _raw(item) if isinstance(item, dict) else Why.BROKEN


def _raw(item: dict[str, object]) -> Raw | Why:
    if item.get("type") == "bloodKetone":
        return Why.KETONE
    if item.get("type") not in _TYPES:
        return Why.OTHER_ROW
    if item.get("subType") == "control":
        return Why.CONTROL
    unit = unit_in(str(item.get("units", "")))
    if unit is None:
        return Why.BAD_UNIT
    told = item.get("value")
    at, zone = utc_of(item.get("time")), item.get("timezoneOffset")
    if at is None:
        return Why.BAD_TIME if item.get("time") else Why.NO_TIME
    if not isinstance(told, int | Decimal) or isinstance(told, bool):
        return Why.NO_VALUE if told is None else Why.BAD_NUMBER
    value, unit = as_shown(Decimal(told), unit)
    raw = Raw(Kind.GLUCOSE, value, at=at, unit=unit, continuous=item.get("type") == "cbg")
    raw.zone_offset = zone if isinstance(zone, int) else None
    return raw


def utc_of(told: object) -> int | None:
    """Return UTC milliseconds of an ISO 8601 time with its zone, or of a number of them."""
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def as_shown(value: Decimal, unit: Unit) -> tuple[Decimal, Unit]:
    """Return the whole mg/dL that a meter showed, where mmol/L with many places were made of them."""
    exponent = value.as_tuple().exponent
    if unit is Unit.MMOL_L and isinstance(exponent, int) and exponent < _SHOWN_PLACES:
        shown = value * _MG_DL
        if value.adjusted() < 3 and abs(shown - shown.to_integral_value()) < _NEARLY:
            return shown.to_integral_value(), Unit.MG_DL
    return value, unit


FORMAT = Format(
    "tidepool",
    "Tidepool",
    "one record each; what is no glucose (insulin, food, settings) is listed as refused",
    _claims,
    _rows,
)
