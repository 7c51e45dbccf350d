"""Consent rows: one purpose each, with the version of the text that was shown; append-only."""

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
