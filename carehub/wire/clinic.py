"""Who is told of alerts, a clinic's tasks and its part in mandates, as they travel."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from carehub.wire.accounts import PLAIN

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=PLAIN)]
ClinicCode = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9._-]*$")]


class _Shape(BaseModel):
    """Frozen, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class AgreeToAlerts(_Shape):
    """A relative's own word on being told of somebody's alerts, under that version of the text."""

    agreed: bool
    text_version: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PLAIN)]


class CarerRow(_Shape):
    """One relative in the order in which they are told; `agreed` is their own word."""

    account_id: UUID
    name: str = Field(default="", repr=False)
    agreed: bool


class CarerRows(_Shape):
    """Who is told, the first first, and the code of the clinic that is asked at last."""

    carers: list[CarerRow]
    clinic: ClinicCode = ""


class OrderCarers(_Shape):
    """The accounts in the order in which the person wants them told."""

    carers: Annotated[list[UUID], Field(max_length=20)]


class ClinicRow(_Shape):
    """A community clinic; `chosen` where it is the person's."""

    code: str
    name: str
    phone: str = ""


class ClinicRows(_Shape):
    """All clinics."""

    clinics: list[ClinicRow]


class ChooseClinic(_Shape):
    """The clinic that may be asked for help; an empty code is none."""

    code: ClinicCode


class Received(_Shape):
    """What became of telling the platform that a machine has what it was told."""

    noted: bool = True


class Outcome(StrEnum):
    """What came of a clinic's task."""

    REACHED = "reached"
    VISITED = "visited"
    CALLED_120 = "called_120"
    NOT_REACHED = "not_reached"


class TaskRow(_Shape):
    """One task of a clinic; it names nobody until somebody claims it."""

    person_id: UUID
    id: UUID
    alert_id: UUID
    level: int
    rule: str
    state: str
    opened_at: int
    claimed_by: UUID | None = None
    claimed_at: int | None = None
    closed_at: int | None = None
    outcome: str = ""
    note: str = Field(default="", repr=False)


class TaskRows(_Shape):
    """What a clinic has to do."""

    tasks: list[TaskRow]


class ContactRow(_Shape):
    """Whom to call for a person."""

    name: str = Field(default="", repr=False)
    relation: str = Field(default="", repr=False)
    phone: str = Field(default="", repr=False)


class TaskDetail(_Shape):
    """A claimed task: whose it is, what the alert says, and whom to call."""

    task: TaskRow
    name: str = Field(default="", repr=False)
    text: str = ""
    inputs: dict[str, JsonValue] = Field(default={}, repr=False)
    contacts: list[ContactRow] = []


class CloseTask(_Shape):
    """What came of a task."""

    outcome: Outcome
    note: Line = Field(default="", repr=False)


class HandIn(_Shape):
    """A guardian's document: an upload of somebody whose records its holder may see.

    `clinic` is the code of the one that is to look at it; empty is the one the person chose.
    """

    person_id: UUID
    attachment_id: UUID
    clinic: ClinicCode = ""


class Verdict(_Shape):
    """What a clinic's worker found of a guardian's document; a refusal says why."""

    good: bool
    reason: Line = ""


class LookUp(_Shape):
    """The login of somebody who stands at the clinic."""

    login: Annotated[str, StringConstraints(min_length=3, max_length=64)] = Field(repr=False)


class Staffed(_Shape):
    """Who this account is at which clinic."""

    part: str
    name: str
    clinic: ClinicRow
