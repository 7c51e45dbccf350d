"""A copy of everything about one person, for them to carry away: FHIR, JSON, tables, or all in one."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import IO, TYPE_CHECKING
from uuid import UUID

from carehub.archive import alerts, attachments, consents, meters, people, readings
from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import Allergy, Condition, EmergencyContact, HistoryLine, Medicine, Person
from carehub.care.readings import Kind, Reading
from carehub.care.record import Attachment, Record
from carehub.wire import fhir
from carehub.wire.record import record_text
from carehub.wire.spreadsheet import table

if TYPE_CHECKING:
    from carehub.archive.store import Archive

_EVER = 2**62
_PRIVATE = 0o600 << 16
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


class Form(StrEnum):
    """What the copy is to be."""

    JSON = "json"
    FHIR = "fhir"
    CSV = "csv"
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


def write(archive: "Archive", record: Record, form: Form, out: IO[bytes], now: int) -> None:
    """Write the copy to `out`; the whole in one (ZIP) holds the other forms and the attachments."""
    if form is Form.ZIP:
        _write_zip(archive, record, out, now)
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


def _fhir(archive: "Archive", record: Record, now: int) -> Iterator[str]:
    return fhir.bundle_text(fhir.resources(record, now, demo=archive.demo), now)


def _table(kind: type, values: Iterable[object], record: Record) -> Iterator[str]:
    return table(kind, values, record.profile.person.zone_offset)


def _write_zip(archive: "Archive", record: Record, out: IO[bytes], now: int) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, page in _pages(archive, record, now):
            with whole.open(_named(name), "w") as part:
                _write(page, part)
        for each in record.attachments:
            if content := attachments.picture(archive, each.id):
                ending = _ENDINGS.get(each.media_type, ".bin")
                whole.writestr(_named(f"attachments/{each.id}{ending}"), content)


def _pages(archive: "Archive", record: Record, now: int) -> Iterator[tuple[str, Iterator[str]]]:
    profile = record.profile
    yield "record.json", record_text(record, now)
    yield "fhir.json", _fhir(archive, record, now)
    tables: dict[str, tuple[type, tuple[object, ...]]] = {
        "person": (Person, (profile.person,)),
        "conditions": (Condition, profile.conditions),
        "allergies": (Allergy, profile.allergies),
        "medicines": (Medicine, profile.medicines),
        "history": (HistoryLine, profile.history),
        "emergency_contacts": (EmergencyContact, profile.contacts),
        "readings": (Reading, record.readings),
        "alerts": (Alert, record.alerts),
        "consents": (Consent, record.consents),
        "meters": (Meter, record.meters),
        "attachments": (Attachment, record.attachments),
    }
    for name, (kind, values) in tables.items():
        yield f"{name}.csv", _table(kind, values, record)


def _named(name: str) -> zipfile.ZipInfo:
    """Return an entry that no other user may read when it is unpacked; it carries no time."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _PRIVATE
    return entry


def _write(page: Iterable[str], out: IO[bytes]) -> None:
    for text in page:
        out.write(text.encode())
