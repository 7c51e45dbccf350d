"""OMRON connect: a CSV whose headings and names of months are in the language of the phone.

`Date,Time,Systolic (mmHg),Diastolic (mmHg),Pulse (bpm),Symptoms,Consumed,TruRead,Notes`; the name
TruRead stays in every language, and so does the order of the columns.
"""

from collections.abc import Iterator, Sequence

from carehub.imports import mapped, tables
from carehub.imports.columns import Columns, columns_of
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Format, RawRow
from carehub.imports.sources import Source
from carehub.imports.tables import Sheet

_PLACES = ("day", "clock", "systolic", "diastolic", "pulse")


def _sign(cells: Sequence[str]) -> bool:
    names = mapped.plain(cells)
    return len(names) > len(_PLACES) and (
        "truread" in names or {"symptoms", "consumed"} <= {*names}
    )


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, _sign)


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    units = columns_of(sheet.header).units
    places = {name: place for place, name in enumerate(_PLACES)} | {"note": len(sheet.header) - 1}
    unit = unit_in(" ".join(sheet.header[2:4]))
    if unit is not None:
        units = {**units, "systolic": unit}
    return tables.read(source, sheet, mapped.reader(Columns(places, units)))


FORMAT = Format(
    "omron_connect",
    "OMRON connect",
    "one pressure each",
    lambda source: _sheet(source) is not None,
    _rows,
)
