"""LibreView: the CSV of a Libre sensor, in the language and the order of dates of the account.

A line or two come before the headings. The columns keep their order in every language: device, serial
number, time, type of record, historic glucose, scanned glucose, …, strip glucose (15th), ketone (16th).
Types: 0 historic, 1 scan, 2 strip, 3 ketone, 4 insulin, 5 food, 6 other.
"""

import re
from collections.abc import Iterator, Sequence

from carehub.care.readings import Kind, Unit
from carehub.imports import dates, tables
from carehub.imports.mapped import note_of
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Dates, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_HISTORIC, _SCAN, _NOTES, _STRIP = 4, 5, 13, 14
_TIME, _TYPE = 2, 3
_GLUCOSE = (Unit.MMOL_L, Unit.MG_DL)
_VALUE_AT = {"0": _HISTORIC, "1": _SCAN, "2": _STRIP}
_DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")


def _sign(cells: Sequence[str]) -> bool:
    others = [unit_in(name) for name in cells[:_HISTORIC]]
    return (
        len(cells) > _HISTORIC
        and unit_in(cells[_HISTORIC]) in _GLUCOSE
        and not any(others)
        and not any("(y" in name.casefold() or "(a" in name.casefold() for name in cells[:_TIME])
    )


def _sheet(source: Source) -> Sheet | None:
    sheet = tables.find(source, _sign)
    if sheet is None:
        return None
    rows = [row for row in sheet.samples if len(row) > _HISTORIC]
    records = all(row[_TYPE].strip() in "0123456" and _DAY.match(row[_TIME]) for row in rows)
    return sheet if records and (rows or sheet.before) else None


def _hint(source: Source) -> Dates | None:
    """Return the order of dates that the lines before the headings, or AM and PM, show."""
    sheet = _sheet(source)
    assert sheet is not None
    for day in _DAY.findall(" ".join(sheet.before)):
        try:
            order = dates.evidence(day)
        except ValueError:
            continue
        if order is not None:
            return order
    clocks = [row[_TIME].strip().casefold() for row in sheet.samples if len(row) > _TIME]
    return Dates.MDY if clocks and clocks[0].endswith(("am", "pm")) else None


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    unit = unit_in(sheet.header[_HISTORIC])
    return tables.read(source, sheet, lambda cells: _raw(cells, unit))


def _raw(cells: Cells, unit: Unit | None) -> Raw | Why:
    if len(cells) <= _TYPE:
        return Why.TOO_SHORT
    kind = cells[_TYPE].strip()
    if kind == "3":
        return Why.KETONE
    place = _VALUE_AT.get(kind)
    if place is None:
        return Why.OTHER_ROW
    told = cells[place].strip() if place < len(cells) else ""
    if not told:
        return Why.NO_VALUE
    raw = Raw(Kind.GLUCOSE, told, day=cells[_TIME].strip(), unit=unit, continuous=kind != "2")
    raw.note = note_of(cells[_NOTES]) if len(cells) > _NOTES else ""
    return raw


FORMAT = Format(
    "libreview",
    "LibreView",
    "one record of the sensor each: historic, scanned, strip; insulin and food are listed as refused",
    lambda source: _sheet(source) is not None,
    _rows,
    _hint,
)
