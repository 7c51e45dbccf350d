"""Blood pressure monitor for Android (derdilla's): its CSV, and both databases that it has written.

The newer database keeps pressures in kPa, made of the mmHg that the cuff showed; those are given back.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from carehub.care.readings import Kind, Unit
from carehub.imports import databases
from carehub.imports.mapped import note_of, table_format
from carehub.imports.numbers import value
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source

_KPA_OF_MMHG = Decimal("0.133322")
_NEARLY = Decimal("0.02")
_NEWER = """
SELECT t.entryID, t.timestampUnixS, s.sys, d.dia, p.pul, n.note FROM Timestamps AS t
LEFT JOIN Systolic AS s ON s.entryID = t.entryID LEFT JOIN Diastolic AS d ON d.entryID = t.entryID
LEFT JOIN Pulse AS p ON p.entryID = t.entryID LEFT JOIN Notes AS n ON n.entryID = t.entryID
WHERE s.sys IS NOT NULL OR d.dia IS NOT NULL OR p.pul IS NOT NULL ORDER BY t.entryID
"""
_OLDER = """
SELECT rowid, timestamp, systolic, diastolic, pulse, notes FROM bloodPressureModel ORDER BY timestamp
"""


def _sign(names: Sequence[str]) -> bool:
    return "timestampunixms" in names and {"systolic", "diastolic"} <= set(names)


CSV = table_format(
    "blood_pressure_monitor_fl", "Blood pressure monitor (CSV)", "one pressure each", _sign
)


def _newer(source: Source) -> bool:
    tables = databases.columns(source)
    return {"Timestamps", "Systolic", "Diastolic", "Pulse", "Notes"} <= set(tables)


def _older(source: Source) -> bool:
    wanted = {"timestamp", "systolic", "diastolic", "pulse", "notes"}
    return wanted <= databases.columns(source).get("bloodPressureModel", frozenset())


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    newer = _newer(source)
    for number, cells in enumerate(databases.select(source, _NEWER if newer else _OLDER), start=1):
        yield number, _raw(cells, newer=newer)


def _raw(cells: tuple[databases.Cell, ...], *, newer: bool) -> Raw | Why:
    at, systolic, diastolic, pulse, note = cells[1:6]
    if not isinstance(at, int):
        return Why.NO_TIME
    if systolic is None or diastolic is None:
        return Why.HALF_A_PRESSURE
    unit, high, low = Unit.MMHG, _number(systolic), _number(diastolic)
    if newer and high is not None and low is not None:
        unit, high, low = _as_shown(high, low)
    told = note_of(str(note or ""))
    at *= 1000 if newer else 1
    return Raw(Kind.BLOOD_PRESSURE, high, low, _number(pulse), at=at, unit=unit, note=told)


def _number(cell: databases.Cell) -> Decimal | None:
    try:
        return value(str(cell) if isinstance(cell, int | float | str) else None)
    except ValueError:
        return None


def _as_shown(high: Decimal, low: Decimal) -> tuple[Unit, Decimal, Decimal]:
    """Return whole mmHg where the kPa were made of them."""
    shown = [each / _KPA_OF_MMHG for each in (high, low)]
    whole_ones = [each.to_integral_value() for each in shown]
    if all(abs(a - b) < _NEARLY for a, b in zip(shown, whole_ones, strict=True)):
        return Unit.MMHG, whole_ones[0], whole_ones[1]
    return Unit.KPA, high, low


DATABASE = Format(
    "blood_pressure_monitor_fl",
    "Blood pressure monitor (database)",
    "one pressure each; weights and medicines of the same database are no rows",
    lambda source: _newer(source) or _older(source),
    _rows,
)
