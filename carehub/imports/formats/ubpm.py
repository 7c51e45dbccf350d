"""UBPM (Universal Blood Pressure Manager): its JSON, its CSV and its database, with two users each."""

from collections.abc import Iterator, Sequence

from carehub.care.readings import Kind, Unit
from carehub.imports import databases, trees
from carehub.imports.mapped import flags_of, note_of, table_format
from carehub.imports.rows import Answers, Format, Raw, RawRow, Why
from carehub.imports.sources import Source

_LATEST_IN_SECONDS = 10**11
_USERS = ("U1", "U2")
_COLUMNS = frozenset({"uts", "sys", "dia", "bpm", "msg"})


def _sign(names: Sequence[str]) -> bool:
    own = {"irregular", "movement", "invisible"} <= set(names)
    return own and {"systolic", "diastolic"} <= set(names)


CSV = table_format("ubpm", "UBPM (CSV)", "one pressure each", _sign)


def _is_json(source: Source) -> bool:
    head = source.text_head.lstrip()
    return head.startswith("{") and '"UBPM"' in head[:200]


def _json_rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    number = 0
    for path, item in trees.leaves(source):
        if path[:1] == ("UBPM",) and path[-1].startswith("U") and path[1:]:
            number += 1
            yield number, _of_json(path[1], item) if isinstance(item, dict) else Why.BROKEN


def _of_json(user: str, item: dict[str, object]) -> Raw | Why:
    told = {name: str(item.get(name, "") if item.get(name) is not None else "") for name in _NAMES}
    if not told["date"]:
        return Why.NO_TIME
    raw = Raw(
        Kind.BLOOD_PRESSURE, told["sys"], told["dia"], told["bpm"], told["date"], told["time"]
    )
    raw.unit, raw.user, raw.note = Unit.MMHG, user.removeprefix("U"), note_of(told["msg"])
    raw.flags = flags_of(told["ihb"], told["mov"])
    return raw


_NAMES = ("date", "time", "sys", "dia", "bpm", "ihb", "mov", "msg")

JSON = Format("ubpm", "UBPM (JSON)", "one pressure each, of two users", _is_json, _json_rows)


def tables(source: Source) -> dict[str, frozenset[str]]:
    """Return the columns of the users' tables, where the database is of this family."""
    found = databases.columns(source)
    return {name: found[name] for name in _USERS if found.get(name, frozenset()) >= _COLUMNS}


def database_rows(source: Source, _answers: Answers) -> Iterator[RawRow]:
    """Yield the rows of both users; a time is in seconds or, in newer files, in milliseconds."""
    number = 0
    for user, columns in tables(source).items():
        extra = "ihb, mov" if {"ihb", "mov"} <= columns else "0, 0"
        question = f"SELECT uts, sys, dia, bpm, msg, {extra} FROM {user}"  # noqa: S608 - our words
        for cells in databases.select(source, question):
            number += 1
            yield number, _of_cells(user, cells)


def _of_cells(user: str, cells: tuple[databases.Cell, ...]) -> Raw | Why:
    at, high, low, pulse, note, irregular, movement = cells
    if not isinstance(at, int):
        return Why.NO_TIME
    moment = at * 1000 if abs(at) < _LATEST_IN_SECONDS else at
    raw = Raw(Kind.BLOOD_PRESSURE, _text(high), _text(low), _text(pulse), at=moment)
    raw.unit, raw.user, raw.note = Unit.MMHG, user.removeprefix("U"), note_of(_text(note))
    raw.flags = flags_of(irregular, movement)
    return raw


def _text(cell: databases.Cell) -> str:
    return str(cell) if isinstance(cell, str | int | float) else ""


DATABASE = Format(
    "ubpm",
    "UBPM (database)",
    "one pressure each, of two users",
    lambda source: any("inv" in columns or "ihb" in columns for columns in tables(source).values()),
    database_rows,
)
