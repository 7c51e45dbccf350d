"""Paper: the sheet becomes a readable one-page PDF, and a missing printer is said."""

import stat
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinterInfo

from carehub.errors import NoPrinter
from carehub.ui import sheet
from carehub.ui.sheet import Section, Sheet
from tests.helpers import pages

SHEET = Sheet(
    "Summary", "Wang  80", (Section("Allergies", ("<penicillin> & more",)),), "AAAA-BBBB", "Foot"
)


def test_a_pdf_is_written_for_its_owner_only(tmp_path: Path) -> None:
    pages.app()
    file = tmp_path / "deep" / "sheet.pdf"
    sheet.save_pdf(SHEET, file)
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    sheet.save_pdf(SHEET, file)


def test_what_people_typed_is_text_and_never_markup() -> None:
    html = sheet._html(SHEET)  # noqa: SLF001 - the only place where the escaping shows
    assert "&lt;penicillin&gt; &amp; more" in html
    for part in ("Summary", "AAAA-BBBB", "Foot", "Allergies"):
        assert part in html


def test_without_a_printer_it_says_so() -> None:
    pages.app()
    if not QPrinterInfo.defaultPrinter().isNull():
        pytest.skip("this machine has a printer")
    with pytest.raises(NoPrinter):
        sheet.print_out(SHEET)
