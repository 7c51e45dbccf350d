"""Settle two values that met for one field: keep the one that stands, or take the other one."""

from typing import TYPE_CHECKING, TypeVar, cast
from uuid import UUID

from carehub.archive import conflicts
from carehub.archive import people as people_rows
from carehub.archive.conflicts import Conflict
from carehub.care.changes import Changes
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Target,
)
from carehub.errors import InputError
from carehub.i18n import _
from carehub.wire.exchange import Body, EntityKind, Json
from carehub.wire.values import body_of, understood
from carehub.workflows import people, sync

if TYPE_CHECKING:
    from carehub.archive.store import Archive

T = TypeVar("T")

_LINES: dict[str, type[people.Entry]] = {
    EntityKind.CONDITION: Condition,
    EntityKind.ALLERGY: Allergy,
    EntityKind.MEDICINE: Medicine,
    EntityKind.HISTORY_LINE: HistoryLine,
    EntityKind.EMERGENCY_CONTACT: EmergencyContact,
}


def keep(archive: "Archive", conflict_id: UUID, now: int) -> Changes:
    """Note that the value that stands is right."""
    return sync.settle(archive, conflict_id, now) | Changes.SHARING


def take_other(archive: "Archive", conflict_id: UUID, now: int) -> Changes:
    """Put the other value in its place; it goes out as an edit of its own.

    Raises InputError where the entry is gone or the value cannot be read here.
    """
    found = _get(archive, conflict_id)
    changes = _take(archive, found, now)
    return changes | keep(archive, conflict_id, now)


def _take(archive: "Archive", found: Conflict, now: int) -> Changes:
    """Return what taking the lost value changed."""
    if found.kind in _LINES:
        return _take_line(archive, found, _LINES[found.kind], now)
    if found.kind == EntityKind.PERSON:
        return people.change(archive, _person(archive, found), now)
    if found.kind == EntityKind.TARGET:
        return people.agree_target(archive, found.person_id, _target(archive, found), now)
    raise _unreadable()


def _take_line(archive: "Archive", found: Conflict, kind: type[people.Entry], now: int) -> Changes:
    with archive.read() as tx:
        line = people_rows.line(tx, kind, found.entity_id)
    if line is None:
        return Changes.NONE  # somebody took the entry out meanwhile
    if not found.field:
        return people.strike(archive, line, now)
    return people.note(archive, _other(kind, body_of(line), found), now)


def _person(archive: "Archive", found: Conflict) -> Person:
    with archive.read() as tx:
        person = people_rows.get(tx, found.person_id)
    return _other(Person, body_of(person) if person is not None else {}, found)


def _target(archive: "Archive", found: Conflict) -> Target:
    with archive.read() as tx:
        target = people_rows.target(tx, found.person_id)
    return _other(Target, body_of(target or Target()), found)


def _other(kind: type[T], body: Body, found: Conflict) -> T:
    """Return the value with the lost field in it, if it can be read here as it came."""
    lost: Body = {found.field: cast("Json", found.lost)}
    other = understood(kind, body | lost)
    if other is None or body_of(other) != body | lost:
        raise _unreadable()
    return other


def _unreadable() -> InputError:
    return InputError(_("This entry cannot be changed here. Open the health archive and look."))


def _get(archive: "Archive", conflict_id: UUID) -> Conflict:
    with archive.read() as tx:
        found = conflicts.get(tx, conflict_id)
    if found is None:
        raise InputError(_("There is no such difference any more. Open the list again."))
    return found
