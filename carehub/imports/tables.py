"""Tables as text (CSV): which sign parts the cells, where the headings stand, then row after row."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from carehub.imports.rows import Raw, RawRow, Why
from carehub.imports.sources import TOO_LONG, Line, Source

DELIMITERS = (",", ";", "\t", "|")
_PREAMBLE = 15
_MOST_CELLS = 300
_LONGEST_RECORD = 20
"""Lines that one quoted cell may span; a quotation mark that stays open takes no more with it."""
_SAMPLES = 5

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a table begins: its headings, the lines before them, and a few of its rows."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    before: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()


def find(
    source: Source, wanted: Callable[[Sequence[str]], bool], *, header: bool = True
) -> Sheet | None:
    """Return the table whose headings (or, without `header`, whose first row) are as wanted."""
    lines = source.first_lines
    for delimiter in DELIMITERS:
        for number, line in enumerate(lines[:_PREAMBLE]):
            cells = _cells(line, delimiter)
            if cells is None or len(cells) < 2 or not wanted(cells):
                continue
            following = lines[number + header :][:_SAMPLES]
            samples = tuple(tuple(_cells(text, delimiter) or ()) for text in following)
            names = tuple(cell.strip() for cell in cells) if header else ()
            return Sheet(delimiter, names, number + header, lines[:number], samples)
    return None


def read(
    source: Source, sheet: Sheet, row_of: Callable[[Cells], Raw | Why], escape: str = ""
) -> Iterator[RawRow]:
    """Yield what `row_of` makes of each row below the headings; empty lines are no rows."""
    for number, cells in records(source, sheet, escape):
        if isinstance(cells, Why):
            yield number, cells
        elif any(cell.strip() for cell in cells):
            yield number, row_of(cells)


def records(source: Source, sheet: Sheet, escape: str = "") -> Iterator[tuple[int, Cells | Why]]:
    """Yield the cells of each row below the headings, with the number of its first line."""
    lines = source.lines()
    for number, text in _joined(lines):
        if number <= sheet.header_line:
            continue
        if text is None or text == TOO_LONG:
            yield number, Why.NOT_TEXT if text is None else Why.TOO_LONG
        elif text.count('"') % 2:
            yield number, Why.OPEN_QUOTE
        else:
            yield number, _cells(text, sheet.delimiter, escape) or Why.BROKEN


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    """Put together the lines of a cell in quotation marks; one that stays open stands alone."""
    waiting: list[Line] = []
    for line in chain_back(lines, waiting):
        number, text = line
        if text is None or '"' not in text or not text.count('"') % 2:
            yield line
            continue
        taken, whole = [line], text
        while whole.count('"') % 2 and len(taken) < _LONGEST_RECORD:
            following = waiting.pop(0) if waiting else next(lines, None)
            if following is None:
                break
            taken.append(following)
            whole += "\n" + (following[1] or "")
        if whole.count('"') % 2:
            waiting[:0] = taken[1:]
            yield number, text
        else:
            yield number, whole


def chain_back(lines: Iterator[Line], waiting: list[Line]) -> Iterator[Line]:
    """Yield lines, and before the next one those that were put back."""
    while True:
        if waiting:
            yield waiting.pop(0)
            continue
        line = next(lines, None)
        if line is None:
            return
        yield line


def _cells(text: str, delimiter: str, escape: str = "") -> Cells | None:
    if '"' not in text and not (escape and escape in text):
        cells = text.split(delimiter)
        return cells if len(cells) <= _MOST_CELLS else None
    reader = csv.reader(
        text.split("\n") if "\n" not in text else _kept_ends(text),
        delimiter=delimiter,
        skipinitialspace=True,
        escapechar=escape or None,
    )
    try:
        cells = list(chain.from_iterable(reader))
    except csv.Error:
        return None
    return cells if len(cells) <= _MOST_CELLS else None


def _kept_ends(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")]
