"""Tables for a spreadsheet program (CSV): one row for each value, nothing in it that it would run."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from uuid import UUID

from carehub.care.readings import Reading
from carehub.wire.fhir.elements import moment

MARK = "\ufeff"
"""At the beginning of the file it tells Excel that Chinese follows (UTF-8)."""
# A cell that begins so is a formula to Excel, LibreOffice or WPS; full-width ones are to some.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_TIMES = ("_at", "_until")
_NOT_SHOWN = frozenset({"person_id", "inputs"})


def table(kind: type, values: Iterable[object], zone_offset: int) -> Iterator[str]:
    """Yield the lines of one table: the fields' names, then a value on each line.

    Numbers stand as measured; times are ISO 8601, a reading's in its own zone, others in `zone_offset`.
    """
    if not is_dataclass(kind):
        raise TypeError(kind.__name__)
    names = [field.name for field in fields(kind) if field.name not in _NOT_SHOWN]
    yield MARK + _line(names)
    for value in values:
        zone = value.zone_offset if isinstance(value, Reading) else zone_offset
        yield _line([_cell(name, getattr(value, name), zone) for name in names])


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: an apostrophe goes before it.

    So it does before one that has an apostrophe there already, or `meant` could not tell them apart.
    """
    return "'" + text if text.lstrip(" '").startswith(_FORMULA) else text


def meant(cell: str) -> str:
    """Return the text that `harmless` made this cell of."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _cell(name: str, value: object, zone_offset: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool | Enum) and name.endswith(_TIMES):
        return moment(value, zone_offset) or str(value)
    if isinstance(value, tuple | frozenset):
        return harmless("; ".join(sorted(_plain(name, item, zone_offset) for item in value)))
    return _plain(name, value, zone_offset)


def _plain(name: str, value: object, zone_offset: int) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case Enum():
            return value.name if isinstance(value, int) else str(value.value)
        case Decimal():
            return format(value, "f")
        case date() | UUID():
            return str(value)
        case int():
            return moment(value, zone_offset) or str(value) if name.endswith(_TIMES) else str(value)
        case _:
            return harmless(str(value))


def _line(cells: list[str]) -> str:
    page = io.StringIO()
    csv.writer(page, lineterminator="\r\n").writerow(cells)
    return page.getvalue()
