"""A copy of everything about one person, for them to carry away: FHIR, JSON, tables, or all in one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import IO, TYPE_CHECKING
from uuid import UUID

from carehub.archive import (
    alerts,
    attachments,
    consents,
    copies,
    meters,
    people,
    readings,
    streams,
)
from carehub.archive.copies import Copied
from carehub.care.family import Scope
from carehub.care.meters import Meter
from carehub.care.readings import Kind, Reading
from carehub.care.record import Record
from carehub.errors import InputError, NotAllowed
from carehub.i18n import _, language
from carehub.wire import booklet, fhir, parcel
from carehub.wire.record import record_text
from carehub.wire.spreadsheet import table

if TYPE_CHECKING:
    from carehub.archive.store import Archive

_EVER = 2**62


class Form(StrEnum):
    """What the copy is to be."""

    JSON = "json"
    FHIR = "fhir"
    CSV = "csv"
    PDF = "pdf"
    ZIP = "zip"


def everything(archive: "Archive", person_id: UUID) -> Record:
    """Return all that is kept about a person; outside the demo, pretend meters' readings stay here.

    Raises LookupError for an unknown id.
    """
    with archive.read() as tx:
        taken = [
            reading
            for kind in Kind
            for reading in readings.between(tx, person_id, kind, -_EVER, _EVER, in_force=False)
        ]
        used = {reading.device_id for reading in taken}
        record = Record(
            profile=people.profile(tx, person_id),
            target=people.target(tx, person_id),
            glucose_plan=people.glucose_plan(tx, person_id),
            readings=tuple(sorted(taken, key=lambda one: (one.taken_at, one.id))),
            alerts=tuple(alerts.between(tx, person_id, -_EVER, _EVER)),
            consents=tuple(consents.of(tx, person_id)),
            meters=tuple(_seen_by(person_id, meters.everyone(tx), used)),
            attachments=tuple(attachments.of(tx, person_id)),
        )
    return record if archive.demo else record.real()


def allow(archive: "Archive", person_id: UUID) -> None:
    """Let a copy be made: one's own always, a relative's where the mandate covers giving it away.

    Access and portability are the person's right (PIPL 45) and need no consent; at another's machine
    the mandate is the consent. Raises NotAllowed.
    """
    with archive.read() as tx:
        stream = streams.get(tx, person_id)
    if stream is not None and not stream.own and Scope.SHARE not in stream.scopes:
        raise NotAllowed(_("You may read these records, but not copy them. Ask the person."))


def note(archive: "Archive", person_id: UUID, form: Form, to: str, now: int) -> None:
    """Note that a copy was made, and for whom, before it leaves."""
    with archive.write() as tx:
        copies.note(tx, Copied(person_id, now, form.value, to))


def noted(archive: "Archive", person_id: UUID) -> list[Copied]:
    """Return the copies that were made of a person's records, the newest first."""
    with archive.read() as tx:
        return copies.of(tx, person_id)


def write(archive: "Archive", record: Record, form: Form, out: IO[bytes], now: int) -> None:
    """Write the copy to `out`; the whole in one (ZIP) holds the other forms and the attachments."""
    if form is Form.PDF:
        out.write(_printed(record, now))
        return
    if form is Form.ZIP:
        texts = parcel.pages(record, now, demo=archive.demo)
        parcel.write(out, texts, _files(archive, record, now))
        return
    pages = {
        Form.JSON: lambda: record_text(record, now),
        Form.FHIR: lambda: _fhir(archive, record, now),
        Form.CSV: lambda: _table(Reading, record.readings, record),
    }
    _write(pages[form](), out)


def _seen_by(person_id: UUID, known: Iterable[Meter], used: set[str]) -> Iterator[Meter]:
    """Yield the meters this person used, without the other people their user slots belong to."""
    for meter in known:
        mine = tuple(slot for slot in meter.slots if slot[1] == person_id)
        if mine or meter.id in used:
            yield replace(meter, slots=mine)


def _printed(record: Record, now: int) -> bytes:
    face = booklet.font()
    if face is None:
        raise InputError(
            _("No font with Chinese letters was found. Install one (fonts-noto-cjk) and try again.")
        )
    return booklet.booklet(record, now, face, language())


def _files(archive: "Archive", record: Record, now: int) -> Iterator[tuple[str, bytes]]:
    yield parcel.printed(record, now, language())
    for each in record.attachments:
        yield parcel.file_name(each), attachments.read(archive, each.id)


def _fhir(archive: "Archive", record: Record, now: int) -> Iterator[str]:
    return fhir.bundle_text(fhir.resources(record, now, demo=archive.demo), now)


def _table(kind: type, values: Iterable[object], record: Record) -> Iterator[str]:
    return table(kind, values, record.profile.person.zone_offset)


def _write(page: Iterable[str], out: IO[bytes]) -> None:
    for text in page:
        out.write(text.encode())
