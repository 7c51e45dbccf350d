"""Tables whose headings say what their columns are: how a row of theirs becomes a raw reading."""

from collections.abc import Callable, Iterator, Sequence

from carehub.care.readings import Flag, Kind, MealContext, Posture, Unit
from carehub.errors import FileUnclear
from carehub.i18n import _
from carehub.imports import tables
from carehub.imports.columns import OURS, Columns, columns_of
from carehub.imports.numbers import unit_in, whole
from carehub.imports.rows import LONGEST_NOTE, Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source
from carehub.imports.tables import Cells, Sheet

_CONTEXTS = {
    "fasting": MealContext.FASTING,
    "空腹": MealContext.FASTING,
    "before_meal": MealContext.BEFORE_MEAL,
    "before meal": MealContext.BEFORE_MEAL,
    "pre-meal": MealContext.BEFORE_MEAL,
    "餐前": MealContext.BEFORE_MEAL,
    "after_meal": MealContext.AFTER_MEAL,
    "after_meal_2h": MealContext.AFTER_MEAL,
    "after meal": MealContext.AFTER_MEAL,
    "post-meal": MealContext.AFTER_MEAL,
    "餐后": MealContext.AFTER_MEAL,
    "餐后2小时": MealContext.AFTER_MEAL,
    "bedtime": MealContext.BEDTIME,
    "睡前": MealContext.BEDTIME,
    "night": MealContext.NIGHT,
    "夜间": MealContext.NIGHT,
}
_YES = frozenset({"1", "yes", "true", "y", "x", "on", "是", "有", "ja", "oui", "si", "sí"})
_POSTURES = {"standing": Posture.STANDING_1_MIN, "站立": Posture.STANDING_1_MIN}


def context_of(text: str) -> MealContext:
    """Return the meal context that a word means; one we do not know counts as random."""
    return _CONTEXTS.get(text.strip().casefold(), MealContext.RANDOM)


def said_yes(text: object) -> bool:
    """Tell whether a cell says yes."""
    return str(text).strip().casefold() in _YES


def flags_of(irregular: object, movement: object) -> frozenset[Flag]:
    """Return the flags of two cells that say yes or no."""
    return frozenset(
        flag
        for flag, told in ((Flag.IRREGULAR_PULSE, irregular), (Flag.BODY_MOVEMENT, movement))
        if said_yes(told)
    )


def table_format(
    name: str, title: str, rows_are: str, sign: Callable[[Sequence[str]], bool], escape: str = ""
) -> Format:
    """Return the format of a table that is known by its headings and read by what they mean."""

    def sheet_of(source: Source) -> Sheet | None:
        return tables.find(source, lambda cells: sign(plain(cells)) and usable(cells))

    def rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
        sheet = sheet_of(source)
        assert sheet is not None
        row_of = reader(columns_of(sheet.header))
        return tables.read(source, sheet, row_of, escape)

    return Format(name, title, rows_are, lambda source: sheet_of(source) is not None, rows)


def plain(cells: Sequence[str]) -> list[str]:
    """Return headings as they are compared."""
    return [cell.strip().strip("\ufeff").casefold() for cell in cells]


def usable(cells: Sequence[str]) -> bool:
    """Tell whether headings name a time and values."""
    found = columns_of(cells)
    return found.timed and found.measured


def chosen(answers: Answers, header: Sequence[str]) -> Columns:
    """Return the columns that a person named; raises FileUnclear for a name that is not there."""
    found = columns_of(header)
    places, units = dict(found.places), dict(found.units)
    known = plain(header)
    for ours, theirs in answers.columns:
        name = theirs.strip().casefold()
        if ours not in OURS or name not in known:
            raise FileUnclear(
                "columns",
                _("There is no column {name} here. The columns are: {columns}").format(
                    name=theirs if ours in OURS else ours, columns=", ".join(header)
                ),
            )
        places[ours] = known.index(name)
        units.pop(ours, None)
        if unit := unit_in(theirs):
            units[ours] = unit
    return Columns(places, units)


def reader(columns: Columns) -> Callable[[Cells], Raw | Why]:
    """Return what makes a raw reading of a row's cells."""
    places, units = columns.places, columns.units
    moment, day, clock = (places.get(name) for name in ("moment", "day", "clock"))
    systolic, diastolic, pulse = (places.get(n) for n in ("systolic", "diastolic", "pulse"))
    glucose, more = places.get("glucose"), _more(columns)
    needed = max(place for place in (moment, day, systolic, diastolic) if place is not None)
    pressure_unit = units.get("systolic") or units.get("diastolic")

    def row_of(cells: Cells) -> Raw | Why:
        count = len(cells)
        if count <= needed and (glucose is None or count <= glucose):
            return Why.TOO_SHORT
        when = _cell(cells, moment if moment is not None else day)
        time = _cell(cells, clock) if moment is None else ""
        if not when:
            return Why.NO_TIME
        high = _cell(cells, systolic)
        low = _cell(cells, diastolic)
        if high or low or glucose is None:
            raw = Raw(Kind.BLOOD_PRESSURE, high, low, _cell(cells, pulse), when, time)
            raw.unit = pressure_unit
        else:
            raw = Raw(Kind.GLUCOSE, _cell(cells, glucose), None, None, when, time)
            raw.unit = units.get("glucose")
        return more(cells, raw) if more else raw

    return row_of


def _cell(cells: Cells, place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


_EXTRAS = ("note", "context", "unit", "user", "posture", "irregular", "movement", "offset")


def _more(columns: Columns) -> Callable[[Cells, Raw], Raw] | None:
    """Return what reads the columns that few tables have, or None where there are none."""
    if not any(name in columns.places for name in _EXTRAS):
        return None
    at = {name: columns.places.get(name) for name in _EXTRAS}

    def more(cells: Cells, raw: Raw) -> Raw:
        raw.note = note_of(_cell(cells, at["note"]))
        raw.context = context_of(_cell(cells, at["context"]))
        raw.user = _cell(cells, at["user"])
        raw.posture = _POSTURES.get(_cell(cells, at["posture"]).casefold(), Posture.SITTING)
        raw.flags = flags_of(_cell(cells, at["irregular"]), _cell(cells, at["movement"]))
        raw.unit = raw.unit or _fitting(_cell(cells, at["unit"]), raw.kind)
        raw.zone_offset = whole(_cell(cells, at["offset"]))
        return raw

    return more


def _fitting(text: str, kind: Kind) -> Unit | None:
    unit = unit_in(text)
    concentration = unit in (Unit.MMOL_L, Unit.MG_DL)
    return unit if concentration == (kind is Kind.GLUCOSE) else None


def note_of(text: str) -> str:
    """Return a note as it is kept: one line, not endless, without a lone dash."""
    note = " ".join(text.split())[:LONGEST_NOTE]
    return "" if note == "-" else note
