"""OBPM: a CSV `user;dd.MM.yy;hh:mm;sys;dia;bpm;msg` without headings, and its database."""

import re
from collections.abc import Iterator, Sequence

from carehub.care.readings import Kind, Unit
from carehub.imports import tables
from carehub.imports.formats import ubpm
from carehub.imports.mapped import note_of
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_CELLS = 6
_DAY = re.compile(r"\d{2}\.\d{2}\.\d{2}")


def _sign(cells: Sequence[str]) -> bool:
    return (
        len(cells) >= _CELLS
        and cells[0].strip("\ufeff ") in ("1", "2")
        and _DAY.fullmatch(cells[1]) is not None
        and cells[3].strip().isdecimal()
    )


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, _sign, header=False)


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    return tables.read(source, sheet, _raw)


def _raw(cells: Cells) -> Raw | Why:
    if len(cells) < _CELLS:
        return Why.TOO_SHORT
    user, day, clock, high, low, pulse = (cell.strip() for cell in cells[:_CELLS])
    raw = Raw(Kind.BLOOD_PRESSURE, high, low, pulse, day, clock, unit=Unit.MMHG, user=user)
    raw.note = note_of(";".join(cells[_CELLS:]))
    return raw


CSV = Format(
    "obpm",
    "OBPM (CSV)",
    "one pressure each, of two users",
    lambda source: _sheet(source) is not None,
    _rows,
)
DATABASE = Format(
    "obpm",
    "OBPM (database)",
    "one pressure each, of two users",
    lambda source: bool(ubpm.tables(source)),
    ubpm.database_rows,
)
