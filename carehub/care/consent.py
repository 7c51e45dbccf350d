"""Consent rows: one purpose each, with the version of the text that was shown; append-only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from carehub.errors import NotAllowed
from carehub.i18n import _


class Purpose(StrEnum):
    """What a person may agree to, each by itself."""

    ARCHIVE = "archive"
    DEVICE_DATA = "device_data"
    FAMILY_SHARING = "family_sharing"
    DOCTOR_SHARING = "doctor_sharing"
    PLATFORM_SYNC = "platform_sync"


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent given, or withdrawn where `withdrawn_at` is set; a withdrawal is a new row."""

    id: UUID
    person_id: UUID
    purpose: Purpose
    text_version: str
    granted_at: int
    method: str = "tap"
    withdrawn_at: int | None = None


def standing(rows: Iterable[Consent]) -> dict[Purpose, Consent]:
    """Return the newest row of each purpose; it is in force unless it has `withdrawn_at`."""
    newest: dict[Purpose, Consent] = {}
    for row in sorted(rows, key=lambda each: each.withdrawn_at or each.granted_at):
        newest[row.purpose] = row
    return newest


def refused(rows: Iterable[Consent], purpose: Purpose) -> bool:
    """Tell whether the person was asked and does not agree to `purpose` now.

    Somebody whom nobody has asked yet (added by a script, the demo) has refused nothing.
    """
    newest = standing(rows)
    row = newest.get(purpose)
    return bool(newest) and (row is None or row.withdrawn_at is not None)


class Actor(StrEnum):
    """Who acts on somebody's records: the person, a relative with a mandate, or staff."""

    SELF = "self"
    FAMILY = "family"
    STAFF = "staff"


_SHARED: dict[Actor, Purpose] = {
    Actor.FAMILY: Purpose.FAMILY_SHARING,
    Actor.STAFF: Purpose.DOCTOR_SHARING,
}


def permitted(purpose: Purpose, subject: Iterable[Consent], actor: Actor = Actor.SELF) -> bool:
    """Tell whether `purpose` is agreed to now, and sharing with this kind of actor not taken back.

    `subject` are all consent rows of the person. Nobody asked means no. A mandate is itself the
    person's agreement to share with that relative; withdrawing the sharing as a whole overrides it.
    """
    newest = standing(subject)
    row = newest.get(purpose)
    if row is None or row.withdrawn_at is not None:
        return False
    shared = newest.get(_SHARED[actor]) if actor in _SHARED else None
    return shared is None or shared.withdrawn_at is None


def require(purpose: Purpose, subject: Iterable[Consent], actor: Actor = Actor.SELF) -> None:
    """Let an act pass where `permitted` says so; raises NotAllowed with a sentence otherwise."""
    if not permitted(purpose, subject, actor):
        raise NotAllowed(
            _("The person has not agreed to this. It can be switched on under Mine, Privacy.")
        )
