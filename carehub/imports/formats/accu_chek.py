"""Accu-Chek: the CSV of the meters that show a drive, `Date;Time;Result;Unit;…;Control test`.

The cells of marks hold an X: before a meal, after it, control solution (which is no value of a person).
"""

from collections.abc import Iterator, Sequence

from carehub.care.readings import Kind, MealContext
from carehub.imports import tables
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_RESULT, _UNIT, _BEFORE, _AFTER, _CONTROL = 2, 3, 7, 8, 9
_COLUMNS = 10


def _sign(cells: Sequence[str]) -> bool:
    """Tell headings by their number, and by what stands above or below them."""
    named = [cell for cell in cells if cell.strip()]
    return len(cells) >= _COLUMNS and len(named) >= _COLUMNS and not cells[0].strip().isdecimal()


def _sheet(source: Source) -> Sheet | None:
    sheet = tables.find(source, _sign)
    if sheet is None or sheet.delimiter != ";" or not sheet.before:
        return None
    serial = sheet.before[0].split(";")[0].casefold()
    units = [unit_in(row[_UNIT]) for row in sheet.samples if len(row) > _UNIT]
    return sheet if "serial" in serial or "serien" in serial or any(units) else None


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    return tables.read(source, sheet, _raw)


def _raw(cells: Cells) -> Raw | Why:
    if len(cells) <= _UNIT:
        return Why.TOO_SHORT
    if _marked(cells, _CONTROL):
        return Why.CONTROL
    unit = unit_in(cells[_UNIT])
    told = cells[_RESULT].strip()
    if unit is None and cells[_UNIT].strip():
        return Why.BAD_UNIT
    raw = Raw(Kind.GLUCOSE, told, day=cells[0].strip(), clock=cells[1].strip(), unit=unit)
    if _marked(cells, _BEFORE):
        raw.context = MealContext.BEFORE_MEAL
    elif _marked(cells, _AFTER):
        raw.context = MealContext.AFTER_MEAL
    return raw


def _marked(cells: Cells, place: int) -> bool:
    return len(cells) > place and bool(cells[place].strip())


FORMAT = Format(
    "accu_chek",
    "Accu-Chek",
    "one glucose value each; tests with control solution are listed as refused",
    lambda source: _sheet(source) is not None,
    _rows,
)
