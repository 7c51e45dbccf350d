"""What an importer makes of a file: rows that can become readings, and why others cannot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from carehub.care.readings import Flag, Kind, MealContext, Posture, Reading, Unit
from carehub.i18n import N_

if TYPE_CHECKING:
    from carehub.imports.sources import Source

LONGEST_NOTE = 500


class Why(StrEnum):
    """Why a row does not become a reading: a stable word; `SAID` has the sentence."""

    NO_VALUE = "no_value"
    NO_TIME = "no_time"
    BAD_TIME = "bad_time"
    BAD_NUMBER = "bad_number"
    BAD_UNIT = "bad_unit"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OPEN_QUOTE = "open_quote"
    NOT_TEXT = "not_text"
    NOT_BELIEVABLE = "not_believable"
    TO_COME = "to_come"
    CONTROL = "control"
    CALIBRATION = "calibration"
    SENSOR_ERROR = "sensor_error"
    KETONE = "ketone"
    OTHER_ROW = "other_row"
    OTHER_USER = "other_user"
    HALF_A_PRESSURE = "half_a_pressure"
    BROKEN = "broken"


SAID: dict[Why, str] = {
    Why.NO_VALUE: N_("there is no value"),
    Why.NO_TIME: N_("the time is missing"),
    Why.BAD_TIME: N_("the time cannot be read"),
    Why.BAD_NUMBER: N_("a number cannot be read"),
    Why.BAD_UNIT: N_("the unit is not known"),
    Why.TOO_SHORT: N_("columns are missing"),
    Why.TOO_LONG: N_("the line is too long"),
    Why.OPEN_QUOTE: N_("a quotation mark is never closed"),
    Why.NOT_TEXT: N_("the line is not readable text"),
    Why.NOT_BELIEVABLE: N_("the value cannot be right"),
    Why.TO_COME: N_("the time is still to come"),
    Why.CONTROL: N_("a test with control solution"),
    Why.CALIBRATION: N_("a calibration, not a measurement"),
    Why.SENSOR_ERROR: N_("an error code of the sensor"),
    Why.KETONE: N_("a ketone value, which is not kept"),
    Why.OTHER_ROW: N_("no measurement (insulin, food, a note, a setting)"),
    Why.OTHER_USER: N_("another user of that program"),
    Why.HALF_A_PRESSURE: N_("the other half of this pressure is missing"),
    Why.BROKEN: N_("the row cannot be read"),
}


class Dates(StrEnum):
    """In which order a file writes day, month and year."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said of a file, where it does not say so itself.

    `zone_offset` is minutes east of UTC, for times without a zone. `columns` maps our names to a
    file's own headings.
    """

    dates: Dates | None = None
    units: frozenset[Unit] = frozenset()
    user: str | None = None
    zone_offset: int = 480
    columns: tuple[tuple[str, str], ...] = ()

    def unit(self, kind: Kind) -> Unit | None:
        """Return the unit that was said for a kind, or None."""
        return next((unit for unit in UNITS[kind] if unit in self.units), None)


UNITS = {
    Kind.BLOOD_PRESSURE: (Unit.MMHG, Unit.KPA),
    Kind.GLUCOSE: (Unit.MMOL_L, Unit.MG_DL),
}
Value = str | Decimal | int | None


@dataclass(slots=True)
class Raw:
    """One row as its file says it: a day and a clock in words, or `at` in UTC milliseconds.

    `first`, `second`, `third` are systolic, diastolic, pulse, or glucose alone. `unit` None is for
    the file as a whole to tell. `reading` is a whole reading of ours, kept as it is.
    """

    kind: Kind
    first: Value = field(repr=False)
    second: Value = field(default=None, repr=False)
    third: Value = field(default=None, repr=False)
    day: str = ""
    clock: str = ""
    at: int | None = None
    zone_offset: int | None = None
    unit: Unit | None = None
    context: MealContext = MealContext.RANDOM
    posture: Posture = Posture.SITTING
    flags: frozenset[Flag] = frozenset()
    note: str = field(default="", repr=False)
    user: str = ""
    continuous: bool = False
    reading: Reading | None = field(default=None, repr=False)


@dataclass(slots=True)  # not frozen: that would double the time of a row
class Entry:
    """One row that can become a reading; `taken_at` is UTC milliseconds, values as measured."""

    kind: Kind
    taken_at: int
    zone_offset: int
    unit: Unit
    v1: Decimal | None = field(repr=False)
    v2: Decimal | None = field(default=None, repr=False)
    v3: Decimal | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    context: MealContext = MealContext.RANDOM
    posture: Posture = Posture.SITTING
    flags: frozenset[Flag] = frozenset()
    note: str = field(default="", repr=False)
    user: str = ""
    continuous: bool = False
    reading: Reading | None = field(default=None, repr=False)


RawRow = tuple[int, Raw | Why]
"""A line number (or the number of the record) and what stands there."""
Row = tuple[int, Entry | Why]


@dataclass(frozen=True, slots=True)
class Format:
    """One program's export: how to know it by its content, and how to read its rows.

    `claims` looks at the beginning only; `rows` may be called twice, each time from the start.
    `hint` may name the order of dates that the file as a whole shows.
    """

    name: str
    title: str
    rows_are: str
    claims: "Callable[[Source], bool]"
    rows: "Callable[[Source, Answers], Iterator[RawRow]]"
    hint: "Callable[[Source], Dates | None] | None" = None
