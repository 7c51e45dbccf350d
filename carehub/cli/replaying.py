"""`carehub alerts replay`: a file of readings through the rules in time order, without an archive."""

import argparse
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from carehub.cli import opening
from carehub.cli.grammar import Noun
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    pass

COLUMNS = {"taken_at", "systolic", "diastolic", "pulse", "glucose_mmol", "context"}
PRESSURE = {"taken_at", "systolic", "diastolic"}
GLUCOSE = {"taken_at", "glucose_mmol"}


def register(alerts: Noun) -> None:
    """Add `replay` to `alerts`."""
    parser = alerts.verb("replay", _("run a file of readings through the rules"), replay)
    parser.description = _(
        "FILE is a CSV of taken_at,systolic,diastolic,pulse or of taken_at,glucose_mmol,context; "
        "- reads standard input. No archive is needed and nothing is kept."
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--profile",
        metavar="P",
        default="",
        help=_("who it is: a JSON file, JSON, or short like age=72,hypertension"),
    )


def replay(args: argparse.Namespace) -> int:
    """Print each alert as it would have been raised, told again and cleared."""
    raise NotImplementedError


def _text_of(name: str) -> str:
    """Return what a file or standard input holds; raises InputError where it cannot be read."""
    if name == "-":
        return opening.rest()
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(_("There is no file {file}. Check its name.").format(file=name)) from error
    except UnicodeDecodeError as error:
        raise InputError(_("{file} is not UTF-8 text.").format(file=name)) from error


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each line's number and fields by column; raises InputError for columns we do not know."""
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True, strict=True)
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        if not (set(columns) >= PRESSURE or set(columns) >= GLUCOSE):
            raise InputError(
                _("The first line must name the columns: taken_at,systolic,diastolic,pulse.")
            )
        reader.fieldnames = columns
        for row in reader:
            yield reader.line_num, _whole(row, reader.line_num)
    except csv.Error as error:
        raise InputError(_wrong(reader.line_num)) from error


def _whole(row: Mapping[str | None, object], line: int) -> Mapping[str, str]:
    """Return a line whose fields fit its columns."""
    whole = {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}
    if len(whole) != len(row):
        raise InputError(_wrong(line))
    return whole


def _wrong(line: int) -> str:
    return _("Line {line} of the file cannot be read. Mend it and try again.").format(line=line)
