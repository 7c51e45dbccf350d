"""Apple Health: export.xml, or the ZIP around it; pressure and glucose among millions of records.

A pressure is a Correlation of two records, and both are repeated on their own beside it: the export's
own description says so. So records of a pressure that lie outside a Correlation are put together by
their time and source, and one that a Correlation held already is a repetition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from carehub.care.readings import Kind, MealContext, Unit
from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports import dates
from carehub.imports.numbers import unit_in
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source

_SYSTOLIC = "HKQuantityTypeIdentifierBloodPressureSystolic"
_DIASTOLIC = "HKQuantityTypeIdentifierBloodPressureDiastolic"
_PRESSURE = "HKCorrelationTypeIdentifierBloodPressure"
_GLUCOSE = "HKQuantityTypeIdentifierBloodGlucose"
_MEAL = "HKBloodGlucoseMealTime"
_MEALS = {"1": MealContext.BEFORE_MEAL, "2": MealContext.AFTER_MEAL}
_HALVES = (_SYSTOLIC, _DIASTOLIC)
_WAITING = 20_000
"""Halves of a pressure that may wait for the other half at once."""
_CHUNK = 256 * 1024
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[)?")
_LONGEST_DOCTYPE = 512 * 1024

Attributes = dict[str, str]


def _xml(source: Source) -> Source | None:
    """Return the XML itself, which a ZIP may hold."""
    if source.zipped is not None:
        names = [name for name in source.zipped.names() if name.endswith(".xml")]
        mine = [name for name in names if name.split("/")[0].startswith("apple_health")]
        wanted = [name for name in mine if "cda" not in name.rsplit("/", 1)[-1]]
        return source.zipped.part(wanted[0]) if wanted else None
    return source


def _claims(source: Source) -> bool:
    xml = _xml(source)
    return xml is not None and b"<HealthData" in _plain_head(xml)


def _plain_head(source: Source) -> bytes:
    return source.head.replace(b"\x00", b"")


@dataclass
class _Half:
    line: int
    told: Attributes


@dataclass
class _Reader:
    """Takes the elements as they come and gives rows; holds halves until their other half came."""

    found: list[RawRow] = field(default_factory=list)
    halves: dict[tuple[str, str], dict[str, _Half]] = field(default_factory=dict)
    inside: dict[str, Attributes] | None = None
    began: tuple[int, Attributes] = (0, {})
    glucose: tuple[int, Attributes] | None = None
    meal: str = ""
    root: bool = False

    def start(self, name: str, told: Attributes, line: int) -> None:
        """Take the beginning of an element."""
        kind = told.get("type", "")
        if name == "Correlation" and kind == _PRESSURE:
            self.inside, self.began = {}, (line, told)
        elif name == "Record" and kind in _HALVES:
            self._half(kind, told, line)
        elif name == "Record" and kind == _GLUCOSE:
            self.glucose, self.meal = (line, told), ""
        elif name == "MetadataEntry" and told.get("key") == _MEAL:
            self.meal = told.get("value", "")

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "Correlation" and self.inside is not None:
            self.found.append(_pressure(*self.began, self.inside))
            self.inside = None
        elif name == "Record" and self.glucose is not None:
            self.found.append(_glucose(*self.glucose, self.meal))
            self.glucose = None

    def _half(self, kind: str, told: Attributes, line: int) -> None:
        if self.inside is not None:
            self.inside[kind] = told
            return
        key = told.get("startDate", ""), told.get("sourceName", "")
        pair = self.halves.setdefault(key, {})
        if kind in pair:
            self.found.append((pair[kind].line, Why.HALF_A_PRESSURE))
        pair[kind] = _Half(line, told)
        if len(pair) == len(_HALVES):
            del self.halves[key]
            first = min(half.line for half in pair.values())
            both = {name: half.told for name, half in pair.items()}
            self.found.append(_pressure(first, told, both))
        elif len(self.halves) > _WAITING:
            self._give_up(next(iter(self.halves)))

    def _give_up(self, key: tuple[str, str]) -> None:
        for half in self.halves.pop(key).values():
            self.found.append((half.line, Why.HALF_A_PRESSURE))

    def left(self) -> None:
        """Give the halves that stayed alone."""
        for key in list(self.halves):
            self._give_up(key)

    def taken(self) -> list[RawRow]:
        """Return the rows found since the last time."""
        found, self.found = self.found, []
        return found


def _pressure(line: int, told: Attributes, halves: dict[str, Attributes]) -> RawRow:
    if len(halves) < len(_HALVES):
        return line, Why.HALF_A_PRESSURE
    high, low = halves[_SYSTOLIC], halves[_DIASTOLIC]
    unit = unit_in(high.get("unit", ""))
    if unit not in (Unit.MMHG, Unit.KPA) or unit is not unit_in(low.get("unit", "")):
        return line, Why.BAD_UNIT
    return line, _timed(
        Raw(Kind.BLOOD_PRESSURE, high.get("value", ""), low.get("value", ""), unit=unit),
        told.get("startDate") or high.get("startDate", ""),
    )


def _glucose(line: int, told: Attributes, meal: str) -> RawRow:
    unit = unit_in(told.get("unit", ""))
    if unit not in (Unit.MMOL_L, Unit.MG_DL):
        return line, Why.BAD_UNIT
    raw = Raw(Kind.GLUCOSE, told.get("value", ""), unit=unit)
    raw.context = _MEALS.get(meal, MealContext.RANDOM)
    return line, _timed(raw, told.get("startDate", ""))


def _timed(raw: Raw, told: str) -> Raw | Why:
    if not told:
        return Why.NO_TIME
    try:
        # 2026-04-10 07:24:00 +0800
        raw.at, raw.zone_offset = dates.moment(told[:10], told[11:], None, 0)
    except ValueError:
        return Why.BAD_TIME
    return raw


def _rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    xml = _xml(source)
    assert xml is not None
    reader = _Reader()
    parser = _parser(reader)
    with xml.open() as stream:
        for chunk in _without_doctype(iter(lambda: stream.read(_CHUNK), b"")):
            _feed(parser, chunk)
            yield from reader.taken()
        _feed(parser, b"", final=True)
    reader.left()
    yield from reader.taken()


def _parser(reader: _Reader) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, told: Attributes) -> None:
        reader.start(name, told, parser.CurrentLineNumber)

    def entity(*_told: object) -> NoReturn:
        raise _entities()

    parser.StartElementHandler = start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = entity
    parser.ExternalEntityRefHandler = entity
    parser.SkippedEntityHandler = entity
    return parser


def _entities() -> FileRefused:
    return FileRefused(_("This XML file declares entities, which no health export needs. Refused."))


def _feed(parser: expat.XMLParserType, chunk: bytes, *, final: bool = False) -> None:
    try:
        parser.Parse(chunk, final)
    except expat.ExpatError as error:
        raise FileRefused(
            _("This XML file is damaged or cut short, at line {line}.").format(line=error.lineno)
        ) from None


def _without_doctype(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Leave out the description of the elements: that of some exports is faulty.

    Its lines stay, empty, so that line numbers are right. Raises FileRefused for entities.
    """
    head = b""
    for chunk in chunks:
        head += chunk
        if b"<HealthData" in head or len(head) > _LONGEST_DOCTYPE:
            break
    found = _DOCTYPE.search(head[:_LONGEST_DOCTYPE])
    root = head.find(b"<HealthData")
    if found and found[1] and 0 <= found.start() < root:
        inside = head[found.start() : root]
        if b"<!ENTITY" in inside:
            raise _entities()
        end = head.rfind(b"]>", found.start(), root)
        if end >= 0:
            blank = b"\n" * head.count(b"\n", found.start(), end + 2)
            head = head[: found.start()] + blank + head[end + 2 :]
    yield head
    yield from chunks


FORMAT = Format(
    "apple_health",
    "Apple Health",
    "one pressure (a Correlation, or a pair of records of one time and source) or one glucose value "
    "each; other kinds of record are no rows",
    _claims,
    _rows,
)
