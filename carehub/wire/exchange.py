"""One outgoing change, as it waits in the archive and as it will travel."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue


class Act(StrEnum):
    """What was done to the entity."""

    ADD = "add"
    SET = "set"
    VOID = "void"
    REMOVE = "remove"


class EntityKind(StrEnum):
    """Which entity of the person's stream the change is about."""

    PERSON = "person"
    CONDITION = "condition"
    ALLERGY = "allergy"
    MEDICINE = "medicine"
    HISTORY_LINE = "history_line"
    EMERGENCY_CONTACT = "emergency_contact"
    TARGET = "target"
    READING = "reading"
    ALERT = "alert"
    CONSENT = "consent"


class Op(BaseModel):
    """One outgoing change (*op*): idempotent by `op_id` (UUIDv7), about one entity of one person.

    `body` holds only what the change sets; `at` is UTC milliseconds by this machine's clock.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    op_id: UUID
    person_id: UUID
    kind: EntityKind
    entity_id: UUID
    act: Act
    at: int
    body: dict[str, JsonValue] = {}

    def __repr__(self) -> str:
        return f"Op({self.op_id}, {self.kind}, {self.act})"
