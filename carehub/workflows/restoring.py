"""Bring a person's whole record back from a copy of ours: what is missing here is added, as it was."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.changes import Changes
from carehub.care.people import Person
from carehub.care.record import Attachment, Record
from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports import settling
from carehub.imports.formats import carehub_own, registry
from carehub.imports.rows import Answers, Row
from carehub.imports.sources import Source as File
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import importing, outgoing, people
from carehub.workflows.importing import Imported, Seen, Tell

if TYPE_CHECKING:
    from carehub.archive.store import Archive, Tx


def whose(file: File) -> Person | None:
    """Return the person whose record a copy of ours holds, or None for any other file."""
    record = carehub_own.record(file)
    return None if record is None else record.profile.person


def bring_in(
    archive: "Archive",
    file: File,
    answers: Answers,
    *,
    person_id: UUID,
    now: int,
    tell: Tell | None = None,
) -> Imported:
    """Restore a copy of this very person's record, and import the readings of any other file."""
    owner = whose(file)
    if owner is not None and owner.id == person_id:
        return restore(archive, file, now)
    return importing.take(archive, file, answers, person_id=person_id, now=now, tell=tell)


def restore(archive: "Archive", file: File, now: int) -> Imported:
    """Add what is not here yet of the record in a copy, field by field as it was, or nothing at all.

    What is here stays as it is. The rules look at it with the next round. Raises FileRefused.
    """
    from carehub.archive import attachments

    record = carehub_own.record(file)
    if record is None:
        raise FileRefused(_("This is no copy of a whole record. Say whose readings these are."))
    contents = _contents(file, record)
    answers = Answers()
    form = registry.recognise(file, answers)
    seen = Seen(form, settling.Settled(), exact=True)
    person_id = record.profile.person.id
    with archive.write() as tx:
        before = _person(tx, record, now) + _lines(tx, record, now) + _agreed(tx, record, now)
        rows: Iterator[Row] = settling.rows(file, form, answers, seen.settled)
        batch_id = importing.store(tx, rows, seen, person_id, file.name, now)
        before += _about(tx, record, now)
        expected = [one for one in record.attachments if attachments.expect(tx, one)]
    for one in expected:
        if one.id in contents:
            attachments.complete(archive, one, contents[one.id])
    changes = Changes.PEOPLE | Changes.ALERTS if before or expected else Changes.NONE
    return Imported(batch_id, seen, person_id=person_id, more=changes)


def _contents(file: File, record: Record) -> dict[UUID, bytes]:
    """Read the attachments first: one that is damaged must not leave half a record behind."""
    found: dict[UUID, bytes] = {}
    for one in record.attachments:
        content = carehub_own.attachment(file, one)
        if content is None:
            continue
        if len(content) != one.size or not _same(content, one):
            raise FileRefused(_("This copy of a record is damaged. Nothing was restored."))
        found[one.id] = content
    return found


def _same(content: bytes, one: Attachment) -> bool:
    import hashlib

    return not one.sha256 or hashlib.sha256(content).hexdigest() == one.sha256


def _person(tx: "Tx", record: Record, now: int) -> int:
    from carehub.archive import people as rows

    person = record.profile.person
    if not rows.add(tx, person):
        return 0
    outgoing.queue(tx, EntityKind.PERSON, Act.ADD, person, person_id=person.id, now=now)
    return 1


def _lines(tx: "Tx", record: Record, now: int) -> int:
    from carehub.archive import people as rows

    profile, added = record.profile, 0
    lines: tuple[people.Entry, ...] = (
        *profile.conditions,
        *profile.allergies,
        *profile.medicines,
        *profile.history,
        *profile.contacts,
    )
    for line in lines:
        if rows.line(tx, type(line), line.id) is None:
            people.keep(tx, line, now)
            added += 1
    return added


def _agreed(tx: "Tx", record: Record, now: int) -> int:
    """Add a doctor's limits, what was agreed about glucose, and what the person agreed to."""
    from carehub.archive import consents
    from carehub.archive import people as rows

    person_id = record.profile.person.id

    def queue(kind: EntityKind, act: Act, value: object) -> None:
        outgoing.queue(tx, kind, act, value, person_id=person_id, now=now)

    added = 0
    if record.target is not None and rows.target(tx, person_id) is None:
        rows.put_target(tx, person_id, record.target)
        queue(EntityKind.TARGET, Act.SET, record.target)
        added += 1
    if record.glucose_plan is not None and rows.glucose_plan(tx, person_id) is None:
        rows.put_glucose_plan(tx, person_id, record.glucose_plan)
        queue(EntityKind.GLUCOSE_PLAN, Act.SET, record.glucose_plan)
        added += 1
    for consent in record.consents:
        if consents.add(tx, consent):
            queue(EntityKind.CONSENT, Act.ADD, consent)
            added += 1
    return added


def _about(tx: "Tx", record: Record, now: int) -> int:
    """Add the alerts that there were, and the meters."""
    from carehub.archive import alerts, meters

    added = 0
    for alert in record.alerts:
        if alerts.get(tx, alert.id) is None:
            alerts.put(tx, alert)
            outgoing.queue(tx, EntityKind.ALERT, Act.SET, alert, person_id=alert.person_id, now=now)
            added += 1
    for meter in record.meters:
        if meters.get(tx, meter.id) is None:
            meters.put(tx, meter)
            added += 1
    return added
