"""Add people and keep their health archive: conditions, allergies, medicines, history, contacts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from carehub.archive import consents as consent_rows
from carehub.archive import people as people_rows
from carehub.care.believable import hba1c_limits
from carehub.care.changes import Changes
from carehub.care.civil import local_date
from carehub.care.consent import Consent, Purpose
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Sex,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.errors import InputError
from carehub.i18n import _
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing, rounds
from carehub.workflows.rulebook import rulebook

if TYPE_CHECKING:
    from carehub.archive.store import Archive, Tx

Entry = Condition | Allergy | Medicine | HistoryLine | EmergencyContact
"""One line of the health archive."""

_KINDS: dict[type[Entry], EntityKind] = {
    Condition: EntityKind.CONDITION,
    Allergy: EntityKind.ALLERGY,
    Medicine: EntityKind.MEDICINE,
    HistoryLine: EntityKind.HISTORY_LINE,
    EmergencyContact: EntityKind.EMERGENCY_CONTACT,
}

OLDEST = 130
"""Years; nobody is older, so an older birthday is a slip (the outlier rule for ages)."""


def add(  # noqa: PLR0913 - a person's own data, each by name
    archive: "Archive",
    *,
    name: str,
    called: str = "",
    born: date | None = None,
    sex: Sex = Sex.UNKNOWN,
    zone_offset: int = 480,
    purposes: Sequence[Purpose] = (),
    text_version: str = "",
    now: int,
) -> Person:
    """Add a person, with what they agreed to under that version of the text, in one transaction.

    Raises InputError for an empty name or a birthday that cannot be right.
    """
    person = Person(
        id=uuid7(),
        name=name.strip(),
        called=called.strip(),
        born=born,
        sex=sex,
        zone_offset=zone_offset,
        created_at=now,
    )
    _check(person, now)
    with archive.write() as tx:
        people_rows.add(tx, person)
        outgoing.queue(tx, EntityKind.PERSON, Act.ADD, person, person_id=person.id, now=now)
        for purpose in purposes:
            _add_consent(tx, Consent(uuid7(), person.id, purpose, text_version, now), now)
    return person


def change(archive: "Archive", person: Person, now: int) -> Changes:
    """Keep a person's changed name, birthday, sex or photo."""
    person = replace(person, name=person.name.strip(), called=person.called.strip())
    _check(person, now)
    with archive.write() as tx:
        before = people_rows.get(tx, person.id)
        people_rows.put(tx, person)
        outgoing.queue(
            tx, EntityKind.PERSON, Act.SET, person, before=before, person_id=person.id, now=now
        )
        rounds.visit(tx, person.id, now)
    return Changes.PEOPLE | Changes.ALERTS


def note(archive: "Archive", entry: Entry, now: int) -> Changes:
    """Add or change one line of the health archive; the rules look at the person again."""
    return settle(archive, (entry,), (), now)


def strike(archive: "Archive", entry: Entry, now: int) -> Changes:
    """Take one line out of the health archive."""
    return settle(archive, (), (entry,), now)


def settle(archive: "Archive", kept: Sequence[Entry], gone: Sequence[Entry], now: int) -> Changes:
    """Add or change lines of the health archive and take others out, in one transaction."""
    lines = (*kept, *gone)
    if not lines:
        return Changes.NONE
    with archive.write() as tx:
        for entry in gone:
            people_rows.remove(tx, entry)
            _queue(tx, Act.REMOVE, entry, now)
        for entry in kept:
            keep(tx, entry, now)
        for person_id in dict.fromkeys(entry.person_id for entry in lines):
            rounds.visit(tx, person_id, now)
    return Changes.PEOPLE | Changes.ALERTS


def keep(tx: "Tx", entry: Entry, now: int) -> None:
    """Add or change one line of the health archive inside the caller's transaction."""
    before = people_rows.line(tx, type(entry), entry.id)
    _put(tx, entry)
    _queue(tx, Act.SET, entry, now, before)


def new_id() -> UUID:
    """Return an id for a line that is about to be added."""
    return uuid7()


def agree_target(archive: "Archive", person_id: UUID, target: Target, now: int) -> Changes:
    """Keep a doctor's own target for a person and judge the readings by it."""
    with archive.write() as tx:
        before = people_rows.target(tx, person_id)
        people_rows.put_target(tx, person_id, target)
        outgoing.queue(
            tx, EntityKind.TARGET, Act.SET, target, before=before, person_id=person_id, now=now
        )
        rounds.visit(tx, person_id, now)
    return Changes.PEOPLE | Changes.ALERTS


def agree_glucose_plan(archive: "Archive", person_id: UUID, plan: GlucosePlan, now: int) -> Changes:
    """Keep what was agreed about a person's glucose; a changed interval counts from now.

    Raises InputError for an HbA1c that cannot be right, or one of a day still to come.
    """
    with archive.write() as tx:
        before = people_rows.glucose_plan(tx, person_id)
        zone_offset = people_rows.profile(tx, person_id).person.zone_offset
        _check_hba1c(plan, local_date(now, zone_offset))
        same = before is not None and before.every == plan.every
        since = before.every_since if before is not None and same else now
        plan = replace(plan, every_since=since)
        people_rows.put_glucose_plan(tx, person_id, plan)
        outgoing.queue(
            tx, EntityKind.GLUCOSE_PLAN, Act.SET, plan, before=before, person_id=person_id, now=now
        )
        rounds.visit(tx, person_id, now)
    return Changes.PEOPLE | Changes.ALERTS


def consent(
    archive: "Archive", person_id: UUID, purpose: Purpose, text_version: str, now: int
) -> Changes:
    """Note that the person agreed to one purpose, with the version of the text they were shown."""
    with archive.write() as tx:
        _add_consent(tx, Consent(uuid7(), person_id, purpose, text_version, now), now)
    return Changes.PEOPLE


def withdraw(archive: "Archive", given: Consent, now: int) -> Changes:
    """Note that a person took a consent back: a row of its own, for nothing agreed is rewritten."""
    with archive.write() as tx:
        _add_consent(tx, replace(given, id=uuid7(), withdrawn_at=now), now)
    return Changes.PEOPLE


def _add_consent(tx: "Tx", row: Consent, now: int) -> None:
    consent_rows.add(tx, row)
    outgoing.queue(tx, EntityKind.CONSENT, Act.ADD, row, person_id=row.person_id, now=now)


def keep_photo(
    archive: "Archive", person: Person, picture: bytes, media_type: str, now: int
) -> Changes:
    """Keep a photo as the face of a person."""
    from carehub.archive import attachments

    belongs_to = (EntityKind.PERSON.value, person.id)
    photo_id = attachments.add(
        archive, picture, media_type, person_id=person.id, belongs_to=belongs_to
    )
    return change(archive, replace(person, photo_id=photo_id), now)


def _queue(tx: "Tx", act: Act, entry: Entry, now: int, before: Entry | None = None) -> None:
    kind, person_id = _KINDS[type(entry)], entry.person_id
    outgoing.queue(tx, kind, act, entry, before=before, person_id=person_id, now=now)


def _check(person: Person, now: int) -> None:
    if not person.name:
        raise InputError(_("A name is needed. Type a name and try again."))
    if person.born is None:
        return
    today = date.fromordinal(date(1970, 1, 1).toordinal() + now // 86_400_000 + 1)
    age = person.age_on(today)
    if person.born > today or age is None or age > OLDEST:
        raise InputError(_("That birthday cannot be right. Check the year and try again."))


def _check_hba1c(plan: GlucosePlan, today: date) -> None:
    lowest, highest = hba1c_limits(rulebook())
    if plan.hba1c is not None and not lowest <= plan.hba1c <= highest:
        raise InputError(
            _("That HbA1c cannot be right. Look at the paper from the hospital again.")
        )
    if plan.hba1c_on is not None and plan.hba1c_on > today:
        raise InputError(_("That day is still to come. Give the day of the HbA1c test."))


def _put(tx: "Tx", entry: Entry) -> None:
    match entry:
        case Condition():
            people_rows.put_condition(tx, entry)
        case Allergy():
            people_rows.put_allergy(tx, entry)
        case Medicine():
            people_rows.put_medicine(tx, entry)
        case HistoryLine():
            people_rows.put_history(tx, entry)
        case EmergencyContact():
            people_rows.put_contact(tx, entry)
