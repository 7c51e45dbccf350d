"""Everything about one person in one ZIP: JSON, FHIR, tables, pages to print, and their files."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import Allergy, Condition, EmergencyContact, HistoryLine, Medicine, Person
from carehub.care.readings import Reading
from carehub.care.record import Attachment, Record
from carehub.i18n import N_, Language, said_in
from carehub.wire import booklet, fhir
from carehub.wire.record import record_text
from carehub.wire.spreadsheet import table

_PRIVATE = 0o600 << 16
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
_NO_FONT = N_(
    "There is no record.pdf: the machine that made this copy has no font with Chinese letters."
)


def pages(record: Record, now: int, *, demo: bool = False) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name of each text in the parcel and its pieces."""
    profile = record.profile
    yield "record.json", record_text(record, now)
    yield "fhir.json", fhir.bundle_text(fhir.resources(record, now, demo=demo), now)
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
        yield f"{name}.csv", table(kind, values, profile.person.zone_offset)


def printed(record: Record, now: int, language: Language) -> tuple[str, bytes]:
    """Return the name and bytes of the pages to print, or of the note that says why there are none."""
    face = booklet.font()
    if face is None:
        return "README.txt", said_in(language, _NO_FONT).encode()
    return "record.pdf", booklet.booklet(record, now, face, language)


def file_name(attachment: Attachment) -> str:
    """Return the name an attachment has in the parcel."""
    return f"attachments/{attachment.id}{_ENDINGS.get(attachment.media_type, '.bin')}"


def write(
    out: IO[bytes], texts: Iterable[tuple[str, Iterable[str]]], files: Iterable[tuple[str, bytes]]
) -> None:
    """Write the ZIP; its entries carry no time, and no other user may read them when unpacked."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, page in texts:
            with whole.open(_named(name), "w") as part:
                for text in page:
                    part.write(text.encode())
        for name, content in files:
            whole.writestr(_named(name), content)


def _named(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _PRIVATE
    return entry
