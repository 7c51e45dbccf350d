"""Consent rows: one purpose each, with the version of the text that was shown; append-only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
