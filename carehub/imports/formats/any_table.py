"""Any CSV: by what its headings mean, or by the columns that a person names."""

from collections.abc import Iterator

from carehub.errors import FileUnclear
from carehub.i18n import _
from carehub.imports import mapped, tables
from carehub.imports.rows import Answers, Format, RawRow
from carehub.imports.sources import Source
from carehub.imports.tables import Sheet


def _sheet(source: Source) -> Sheet | None:
    return tables.find(source, mapped.usable)


def _rows(source: Source, answers: Answers) -> Iterator[RawRow]:
    sheet = _sheet(source)
    if answers.columns:
        named = {theirs.strip().casefold() for _ours, theirs in answers.columns}
        sheet = tables.find(source, lambda cells: named <= set(mapped.plain(cells))) or sheet
    sheet = sheet or tables.find(source, lambda cells: any(cell.strip() for cell in cells))
    if sheet is None:
        raise columns_question(())
    columns = mapped.chosen(answers, sheet.header)
    if not (columns.timed and columns.measured):
        raise columns_question(sheet.header)
    return tables.read(source, sheet, mapped.reader(columns))


def columns_question(header: tuple[str, ...]) -> FileUnclear:
    """Return the question which columns are which."""
    text = _(
        "The columns of this file are not clear ({columns}). Name them with --columns, like "
        "--columns moment=When,systolic=High,diastolic=Low."
    )
    return FileUnclear("columns", text.format(columns=", ".join(header[:12])))


FORMAT = Format(
    "csv",
    "CSV",
    "one reading each",
    lambda source: _sheet(source) is not None,
    _rows,
)
