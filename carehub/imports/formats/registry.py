"""All formats in the order in which they are asked; the first that knows its own content counts."""

from collections.abc import Sequence

from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports import tables, trees
from carehub.imports.formats import (
    accu_chek,
    any_table,
    apple_health,
    blood_pressure_monitor_fl,
    carehub_own,
    dexcom_clarity,
    healthlog,
    ihealth,
    libreview,
    nightscout,
    obpm,
    omblepy,
    omron_connect,
    tidepool,
    ubpm,
    withings,
)
from carehub.imports.rows import Answers, Format
from carehub.imports.sources import Source

FORMATS: tuple[Format, ...] = (
    carehub_own.ZIP,
    carehub_own.JSON,
    carehub_own.CSV,
    apple_health.FORMAT,
    ubpm.DATABASE,
    obpm.DATABASE,
    blood_pressure_monitor_fl.DATABASE,
    ubpm.JSON,
    tidepool.FORMAT,
    nightscout.JSON,
    omron_connect.FORMAT,
    ihealth.FORMAT,
    withings.FORMAT,
    omblepy.FORMAT,
    healthlog.FORMAT,
    blood_pressure_monitor_fl.CSV,
    ubpm.CSV,
    obpm.CSV,
    dexcom_clarity.FORMAT,
    accu_chek.FORMAT,
    libreview.FORMAT,
    nightscout.CSV,
    any_table.FORMAT,
)

MIN_CELLS = 2


def recognise(source: Source, answers: Answers) -> Format:
    """Return the format of a file by its content; raises FileRefused with what it is instead."""
    if source.size == 0:
        raise FileRefused(_("This file is empty."))
    if answers.columns:
        return any_table.FORMAT
    found = next((form for form in FORMATS if form.claims(source)), None)
    if found is None:
        raise _stranger(source)
    return found


def _stranger(source: Source) -> FileRefused:
    """Say why nothing can be done with a file; a table whose columns are strange may be mapped."""
    head = source.head
    if head.startswith(b"%PDF"):
        return FileRefused(_("This is a PDF, which cannot be imported. Export a CSV instead."))
    if head.startswith(b"\xd0\xcf\x11\xe0") or _is_workbook(source):
        return FileRefused(_("This is an Excel file. Save it as CSV, then import that."))
    sheet = None if trees.looks_like(source) else tables.find(source, _like_headings)
    if sheet is not None and _is_table(sheet):
        return any_table.columns_question(sheet.header)
    return FileRefused(_("This is no file that CareHub can import. See docs/imports.md."))


def _is_workbook(source: Source) -> bool:
    return source.zipped is not None and "[Content_Types].xml" in source.zipped.names()


def _is_table(sheet: tables.Sheet) -> bool:
    """Tell a table with strange headings from a text that happens to have a comma in it."""
    width = len(sheet.header)
    return bool(sheet.samples) and all(len(row) == width for row in sheet.samples[:3] if any(row))


def _like_headings(cells: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) >= MIN_CELLS
