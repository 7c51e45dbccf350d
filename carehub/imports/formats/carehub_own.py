"""CareHub's own copies: the table of readings (CSV), the whole record (JSON), and all in one (ZIP).

A reading comes back as it was kept, with its id, what it corrects, and whether it was taken back.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from carehub.care.alerts.model import Alert
from carehub.care.civil import MINUTE
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind, Reading
from carehub.care.record import Attachment, Record
from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports import tables, trees
from carehub.imports.mapped import plain
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

T = TypeVar("T")

RECORD = "record.json"
LARGEST_ATTACHMENT = 256 * 1024**2
_FORMAT = "carehub-record"
_OWN = frozenset({"id", "kind", "taken_at", "v1", "v2", "v3", "received_at", "time_quality"})
_NUMBERS = frozenset({"v1", "v2", "v3", "mean"})
_TRUTHS = frozenset({"simulated", "voided"})
_WHOLE = frozenset({"zone_offset", "user_slot", "sequence"})
_SETS = frozenset({"flags", "symptoms"})
_TIMES = frozenset({"taken_at", "received_at"})


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, lambda cells: set(plain(cells)) >= _OWN)


def _table_rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    assert sheet is not None
    names = plain(sheet.header)
    return tables.read(source, sheet, lambda cells: _of_cells(names, cells))


def _of_cells(names: Sequence[str], cells: Cells) -> Raw | Why:
    if len(cells) != len(names):
        return Why.TOO_SHORT
    body: dict[str, object] = {"person_id": None}
    try:
        for name, cell in zip(names, cells, strict=True):
            body[name] = _value(name, cell)
    except ValueError:
        return Why.BROKEN
    return raw_of(body)


def _value(name: str, cell: str) -> object:
    """Return a cell as our JSON writes the same field."""
    from carehub.wire.spreadsheet import meant

    if name in _TIMES:
        return _moment(cell)
    if name in _TRUTHS:
        return cell == "yes"
    if name in _WHOLE:
        return int(cell) if cell else None
    if name in _SETS:
        return [word for word in cell.split("; ") if word]
    if name in _NUMBERS or name == "replaces":
        return cell or None
    return meant(cell)


def _moment(cell: str) -> int:
    """Return UTC milliseconds; a time beyond the calendar is written as they are."""
    if cell.lstrip("-").isdecimal():
        return int(cell)
    told = datetime.fromisoformat(cell)
    offset = told.utcoffset() or timedelta(0)
    since = told.replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001 - the zone is taken off below
    return since // timedelta(milliseconds=1) - offset // timedelta(milliseconds=MINUTE) * MINUTE


def raw_of(body: Mapping[str, object]) -> Raw | Why:
    """Return a whole reading of ours as a raw row; pydantic is loaded here only."""
    from carehub.wire.values import understood

    reading = understood(Reading, body)  # type: ignore[arg-type]  # JSON, as our own table wrote it
    if reading is None:
        return Why.BROKEN
    return Raw(Kind(reading.kind), None, at=reading.taken_at, reading=reading)


CSV = Format(
    "carehub",
    "CareHub (CSV)",
    "one reading each, with those that were corrected or taken back",
    lambda source: _sheet(source) is not None,
    _table_rows,
)


def _is_json(source: Source) -> bool:
    head = source.text_head.lstrip()
    return head.startswith("{") and _FORMAT in head[:400]


def _json_rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    number = 0
    for path, item in trees.leaves(source):
        if path == ("readings",):
            number += 1
            yield number, raw_of(_plain(item)) if isinstance(item, dict) else Why.BROKEN


def record(source: Source) -> Record | None:
    """Return the record in a copy of ours without its readings, or None for another file.

    Raises FileRefused where it is damaged.
    """
    whole = _record(source) if source.zipped is not None else source if _is_json(source) else None
    if whole is None:
        return None
    heads: dict[str, dict[str, object]] = {}
    lists: dict[str, list[object]] = {}
    for path, item in trees.leaves(whole):
        if len(path) == 2:
            heads.setdefault(path[0], {})[path[1]] = item
        elif path and path[0] in _LISTS and isinstance(item, dict):
            lists.setdefault(path[0], []).append(_of(_LISTS[path[0]], _plain(item)))
    return _joined(heads, lists)


_LISTS: dict[str, type] = {
    "conditions": Condition,
    "allergies": Allergy,
    "medicines": Medicine,
    "history": HistoryLine,
    "emergency_contacts": EmergencyContact,
    "consents": Consent,
    "meters": Meter,
    "attachments": Attachment,
    "alerts": Alert,
}


def _of(kind: type[T], body: Mapping[str, object]) -> T:
    from carehub.wire.values import understood

    value = understood(kind, body)  # type: ignore[arg-type]  # JSON, as our own copy wrote it
    if value is None:
        raise FileRefused(_("This copy of a record is damaged. Nothing was restored."))
    return value


def _joined(heads: dict[str, dict[str, object]], lists: dict[str, list[object]]) -> Record:
    found: dict[str, Any] = {name: tuple(lists.get(name, ())) for name in _LISTS}
    profile = Profile(
        person=_of(Person, heads.get("person", {})),
        conditions=found["conditions"],
        allergies=found["allergies"],
        medicines=found["medicines"],
        history=found["history"],
        contacts=found["emergency_contacts"],
    )
    target, plan = heads.get("target"), heads.get("glucose_plan")
    return Record(
        profile=profile,
        target=_of(Target, target) if target else None,
        glucose_plan=_of(GlucosePlan, plan) if plan else None,
        alerts=found["alerts"],
        consents=found["consents"],
        meters=found["meters"],
        attachments=found["attachments"],
    )


def attachment(source: Source, one: Attachment) -> bytes | None:
    """Return the bytes of an attachment in our ZIP, or None where it holds none of them."""
    whole = source.zipped
    name = whole.find_start(f"attachments/{one.id}") if whole is not None else None
    return None if whole is None or name is None else whole.read(name, LARGEST_ATTACHMENT)


def _plain(item: Mapping[str, object]) -> dict[str, object]:
    return {str(name): value for name, value in item.items()}


JSON = Format(
    "carehub",
    "CareHub (JSON)",
    "one reading each; the rest of the record is no rows",
    _is_json,
    _json_rows,
)


def _record(source: Source) -> Source | None:
    whole = source.zipped
    return whole.part(RECORD) if whole is not None and RECORD in whole.names() else None


def _in_zip(source: Source) -> bool:
    record = _record(source)
    return record is not None and _is_json(record)


def _zip_rows(source: Source, answers: Answers) -> Iterator[RawRow]:
    record = _record(source)
    assert record is not None
    return _json_rows(record, answers)


ZIP = Format(
    "carehub",
    "CareHub (ZIP)",
    "one reading each; the rest of the record comes back with them and is no rows",
    _in_zip,
    _zip_rows,
)
