"""Paper: one sheet of titles and lines, saved as PDF or sent to the printer without a dialog."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QStandardPaths, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)

from carehub.errors import NoPrinter
from carehub.ui import theme

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_POINTS = 13
"""Body size on paper: read without glasses held at arm's length, still one page."""

_PICTURE = "carehub:picture"
_PICTURE_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines."""

    heading: str
    lines: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one page of paper.

    `big` is a line in large letters, such as a code; `picture` is drawn as wide as the page.
    """

    title: str
    subtitle: str = field(default="", repr=False)
    sections: tuple[Section, ...] = field(default=(), repr=False)
    big: str = field(default="", repr=False)
    footnote: str = ""
    picture: QImage | None = field(default=None, repr=False)


def _plain(line: str) -> str:
    return escape(line).replace("  ", "&emsp;")  # HTML would make one space of two


def _html(sheet: Sheet) -> str:
    parts = [f"<h1>{escape(sheet.title)}</h1>"]
    if sheet.subtitle:
        parts.append(f"<p class='under'>{_plain(sheet.subtitle)}</p>")
    if sheet.big:
        parts.append(f"<p class='big'>{_plain(sheet.big)}</p>")
    if sheet.picture is not None:
        parts.append(f"<p><img src='{_PICTURE}' width='{_PICTURE_WIDTH}'></p>")
    for section in sheet.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{_plain(line)}</p>" for line in section.lines]
    if sheet.footnote:
        parts.append(f"<hr><p class='foot'>{escape(sheet.footnote)}</p>")
    return "".join(parts)


def _document(sheet: Sheet) -> QTextDocument:
    document = QTextDocument()
    font = QFont()
    font.setFamilies(list(theme.FAMILIES))
    font.setPointSize(_POINTS)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(
        "body, h1, h2, p { color: #000000; } h1 { font-size: 22pt; margin-bottom: 2px; }"
        "h2 { font-size: 15pt; margin-top: 14px; margin-bottom: 2px; }"
        "p { margin-top: 2px; margin-bottom: 2px; line-height: 130%; }"
        ".under { font-size: 14pt; } .big { font-size: 24pt; font-weight: bold; margin: 18px 0; }"
        ".foot { font-size: 10pt; }"
    )
    if sheet.picture is not None:
        document.addResource(
            QTextDocument.ResourceType.ImageResource, QUrl(_PICTURE), sheet.picture
        )
    document.setHtml(_html(sheet))
    return document


def _lay_out(device: "QPdfWriter | QPrinter") -> None:
    # The document adds its own 2 cm, and a page number.
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageMargins(QMarginsF(2, 0, 2, 0), QPageLayout.Unit.Millimeter)


def _draw(sheet: Sheet, device: QPagedPaintDevice) -> None:
    _document(sheet).print_(device)


def save_pdf(sheet: Sheet, file: Path) -> None:
    """Write the sheet as a PDF that only its owner may read; raises OSError where it cannot."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    writer = QPdfWriter(str(file))
    writer.setTitle(sheet.title)
    writer.setCreator("CareHub")
    _lay_out(writer)
    _draw(sheet, writer)


def print_out(sheet: Sheet) -> None:
    """Send the sheet to the default printer; raises NoPrinter where there is none."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    chosen = QPrinterInfo.defaultPrinter()
    if chosen.isNull():
        raise NoPrinter
    printer = QPrinter(chosen)
    _lay_out(printer)
    _draw(sheet, printer)


def documents() -> Path:
    """Return the folder where people look for their documents."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place else Path.home()
