"""Dexcom Clarity: the CSV of a sensor; High and Low stay what they are, calibrations are no readings.

The first rows of a full export are settings and have no time. Headings are localised; the pattern of
the time in brackets, (YYYY-MM-DDThh:mm:ss) or (AAAA-MM-DDThh:mm:ss), gives the format away.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carehub.care.readings import Kind, MealContext, Unit
from carehub.imports import tables
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_TIME = re.compile(r"\(\w{4}-\w{2}-\w{2}.?\w{2}:\w{2}:\w{2}\)")
_FULL = 8
_EVENT = 2
_CALIBRATIONS = ("calibration", "calibración", "kalibrierung", "étalonnage", "calibrazione", "校准")


def _sign(cells: Sequence[str]) -> bool:
    return any(_TIME.search(cell) for cell in cells) and any(_glucose(cell) for cell in cells)


def _glucose(name: str) -> Unit | None:
    plain = name.casefold()
    return None if "/min" in plain else unit_in(plain)


@dataclass(frozen=True, slots=True)
class _Places:
    time: int
    value: int
    event: int | None
    unit: Unit | None


def _places(sheet: Sheet) -> _Places:
    header = sheet.header
    value = next(place for place, name in enumerate(header) if _glucose(name))
    return _Places(
        time=next(place for place, name in enumerate(header) if _TIME.search(name)),
        value=value,
        event=_EVENT if len(header) >= _FULL else None,
        unit=_glucose(header[value]),
    )


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, _sign)


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    places = _places(sheet)
    return tables.read(source, sheet, lambda cells: _raw(cells, places))


def _raw(cells: Cells, places: _Places) -> Raw | Why:
    if len(cells) <= max(places.time, places.value):
        return Why.TOO_SHORT
    event = "egv" if places.event is None else cells[places.event].strip().casefold()
    time, told = cells[places.time].strip(), cells[places.value].strip()
    if event in _CALIBRATIONS:
        return Why.CALIBRATION
    if event not in ("egv", "fasting glucose"):
        return Why.OTHER_ROW
    if not told:
        return Why.NO_VALUE
    if not time:
        return Why.NO_TIME
    raw = Raw(Kind.GLUCOSE, told, day=time, unit=places.unit, continuous=event == "egv")
    raw.context = MealContext.RANDOM if event == "egv" else MealContext.FASTING
    return raw


FORMAT = Format(
    "dexcom_clarity",
    "Dexcom Clarity",
    "one event each: sensor values; calibrations, insulin, food and settings are listed as refused",
    lambda source: _sheet(source) is not None,
    _rows,
)
