"""A person's whole record as pages to print: PDF/1.7 with the letters of its font inside.

It needs a font with Chinese letters from this machine; without one there is no booklet, rather than
one full of boxes.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from carehub.care.readings import Kind, Reading, in_force
from carehub.care.record import Record
from carehub.care.terms import CONDITIONS, HISTORY_KINDS, LEVELS, MEALS, MEDICINE_CLASSES, SEXES
from carehub.i18n import N_, Language, said_in
from carehub.wire.fhir.elements import moment, said

if TYPE_CHECKING:
    from fpdf import FPDF


Say = Callable[[str], str]
"""Translates into the language of the pages."""


class Font(NamedTuple):
    """A font file, and which of the fonts in it has the simplified Chinese forms."""

    file: Path
    number: int = 0


FONTS = (
    Font(Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    Font(Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"), 2),
    Font(Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc"), 2),
    Font(Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")),
    Font(Path("C:/Windows/Fonts/msyh.ttc")),
    Font(Path("/Library/Fonts/Arial Unicode.ttf")),
)
"""Where systems keep one; the first that is there is taken."""
_BODY, _TITLE, _HEADING = 11, 20, 14
"""Sizes in points, and how far one line is from the next in millimetres."""
_LINE = 6.5
_SURELY_FITS = 40
"""Signs of which even Chinese ones stay on one line; looking for a place to break takes long."""
_DIGEST = (
    N_("This copy holds everything that is kept about the person. It is not encrypted."),
    N_("What was corrected or taken back is in the file record.json."),
)
_NAME = "carehub"

# At DEBUG they write the letters of the text; what is missing from a font, at WARNING.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


def font(known: Iterable[Font] = FONTS) -> Font | None:
    """Return a font with Chinese letters, or None where this machine has none of those we know."""
    return next((one for one in known if one.file.is_file()), None)


def booklet(record: Record, now: int, face: Font, language: Language) -> bytes:
    """Return the PDF; times are in the person's own zone, values as measured, the newest first."""
    from fpdf import FPDF

    pages = FPDF(format="A4")
    pages.set_creation_date(datetime.fromtimestamp(now / 1000, UTC))
    pages.set_title("CareHub")
    pages.add_font(_NAME, fname=face.file, collection_font_number=face.number)
    pages.set_auto_page_break(auto=True, margin=18)
    pages.add_page()
    for size, line in lines(record, now, cache(partial(said_in, language))):
        _put(pages, size, line)
    return bytes(pages.output())


def _put(pages: "FPDF", size: int, line: str) -> None:
    pages.set_font(_NAME, size=size)
    if size == _HEADING:
        pages.ln(_LINE / 2)
    put = pages.cell if len(line) < _SURELY_FITS and "\n" not in line else pages.multi_cell
    put(0, _LINE * size / _BODY, said(line) or " ", new_x="LMARGIN", new_y="NEXT")


def lines(record: Record, now: int, say: Say) -> Iterator[tuple[int, str]]:
    """Yield size and text of each line."""
    person, zone = record.profile.person, record.profile.person.zone_offset

    yield _TITLE, person.name
    yield _BODY, f"{say(SEXES[person.sex])}  {person.born or ''}"
    yield _BODY, f"{say(N_('Made on'))} {_when(now, zone)}"
    for text in _DIGEST:
        yield _BODY, say(text)
    for heading, lines in _sections(record, zone, say):
        if lines:
            yield _HEADING, say(heading)
            yield from ((_BODY, line) for line in lines)


def _sections(record: Record, zone: int, say: Say) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading with its lines."""
    profile = record.profile

    def line(*parts: object) -> str:
        return "  ".join(str(part) for part in parts if part not in (None, ""))

    yield (
        N_("Conditions"),
        [line(c.name or say(CONDITIONS[c.code]), c.since) for c in profile.conditions],
    )
    yield N_("Allergies"), [line(a.substance, a.reaction) for a in profile.allergies]
    yield (
        N_("Medicines"),
        [
            line(m.name, m.dose, m.timing, say(MEDICINE_CLASSES[m.medicine_class]))
            for m in profile.medicines
        ],
    )
    yield (
        N_("History"),
        [line(say(HISTORY_KINDS.get(h.kind, "")), h.text, h.year) for h in profile.history],
    )
    yield N_("Emergency contacts"), [line(c.name, c.relation, c.phone) for c in profile.contacts]
    yield (
        N_("Alerts"),
        [
            line(_when(a.raised_at, zone), say(LEVELS[int(a.level)]), say(a.text))
            for a in record.alerts
        ],
    )
    yield (
        N_("Agreed to and taken back"),
        [
            line(
                _when(c.withdrawn_at or c.granted_at, zone),
                c.purpose.value,
                "–" if c.withdrawn_at else "+",
            )
            for c in record.consents
        ],
    )
    kept = sorted(in_force(record.readings), key=lambda one: one.taken_at, reverse=True)
    yield N_("Readings"), [_reading(one, say) for one in kept]


def _reading(one: Reading, say: Say) -> str:
    when = _when(one.taken_at, one.zone_offset)
    if one.kind is Kind.GLUCOSE:
        value = one.text if one.v1 is None else f"{one.v1} {one.unit.value}"
        meal = say(MEALS[one.context])
        return f"{when}  {say(N_('Glucose'))} {value}  {meal}"
    value = f"{one.v1}/{one.v2} {one.unit.value}"
    pulse = "" if one.v3 is None else f"  {say(N_('Pulse'))} {one.v3}"
    return f"{when}  {say(N_('Blood pressure'))} {value}{pulse}"


def _when(at: int, zone: int) -> str:
    return (moment(at, zone) or "?")[:16].replace("T", " ")
