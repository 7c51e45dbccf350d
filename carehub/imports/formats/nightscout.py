"""Nightscout: the JSON of its entries, or the CSV that its reports give; always in mg/dL.

`sgv` is a sensor's value and may be a text, `mbg` a meter's, `cal` a calibration; below 39 a sensor's
value is an error code.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from carehub.care.readings import Kind, Unit
from carehub.imports import tables, trees
from carehub.imports.columns import columns_of
from carehub.imports.formats.tidepool import utc_of
from carehub.imports.mapped import plain, reader, usable
from carehub.imports.numbers import whole
from carehub.imports.rows import Answers, Format, Raw, RawRow, Value, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_LOWEST = 39
_TYPES = ("sgv", "mbg", "cal")


def _claims(source: Source) -> bool:
    found = trees.first(source)
    timed = "dateString" in found or "date" in found
    return timed and (found.get("type") in _TYPES or "sgv" in found)


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    for number, (_path, item) in enumerate(trees.leaves(source), start=1):
        yield number, _raw(item) if isinstance(item, dict) else Why.BROKEN


def _raw(item: dict[str, object]) -> Raw | Why:
    kind = item.get("type", "sgv")
    if kind == "cal":
        return Why.CALIBRATION
    if kind not in ("sgv", "mbg"):
        return Why.OTHER_ROW
    told, at = item.get(str(kind)), _moment(item)
    if at is None:
        return Why.NO_TIME
    offset = item.get("utcOffset")
    zone = offset if isinstance(offset, int) else None
    return _glucose(told if isinstance(told, str | int | Decimal) else None, str(kind), at, zone)


def _moment(item: dict[str, object]) -> int | None:
    date = item.get("date")
    if isinstance(date, Decimal) and date.is_finite() and abs(date.adjusted()) < 16:
        return int(date)
    found = utc_of(date) if isinstance(date, int) else None
    return found if found is not None else utc_of(item.get("dateString") or item.get("sysTime"))


def _glucose(told: Value, kind: str, at: int, zone: int | None) -> Raw | Why:
    if kind == "sgv" and (whole(told) or _LOWEST) < _LOWEST:
        return Why.SENSOR_ERROR
    return Raw(
        Kind.GLUCOSE, told, at=at, zone_offset=zone, unit=Unit.MG_DL, continuous=kind == "sgv"
    )


JSON = Format(
    "nightscout",
    "Nightscout (JSON)",
    "one entry each; calibrations and error codes are listed as refused",
    _claims,
    _rows,
)


def _sign(cells: Sequence[str]) -> bool:
    names = plain(cells)
    own = {"date", "time", "type", "device", "trend"} <= set(names)
    return own and usable(cells)


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, _sign)


def _table_rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    row_of = reader(columns_of(sheet.header))
    kind_at = plain(sheet.header).index("type")

    def checked(cells: Cells) -> Raw | Why:
        kind = cells[kind_at].strip().casefold() if len(cells) > kind_at else "sgv"
        if kind == "cal":
            return Why.CALIBRATION
        raw = row_of(cells)
        if isinstance(raw, Raw) and kind == "sgv" and (whole(raw.first) or _LOWEST) < _LOWEST:
            return Why.SENSOR_ERROR
        return raw

    return tables.read(source, sheet, checked)


CSV = Format(
    "nightscout",
    "Nightscout (CSV)",
    "one entry each; calibrations and error codes are listed as refused",
    lambda source: _sheet(source) is not None,
    _table_rows,
)
