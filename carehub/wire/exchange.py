"""The exchange envelope: outgoing ops, the answer to each, and the pages that come back.

Times are UTC milliseconds; `rev` and `seq` are numbers of one person's stream (never of all).
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
)

SCHEMA_HEADER = "CareHub-Schema"
SCHEMA_MIN = 1
SCHEMA_MAX = 1
SCHEMA = f"{SCHEMA_MIN}-{SCHEMA_MAX}"
"""The range of schemas we speak, as it stands in the header `CareHub-Schema`."""
MOST_OPS = 200
MOST_BYTES = 256 * 1024
"""A push holds no more ops and no more bytes on the wire (gzip counts as sent)."""
MOST_OP_BYTES = 64 * 1024
"""A single op holds no more bytes of JSON."""
PAGE = 500
"""The most changes or entities in one page."""

LATEST = 2**53 - 1
Time = Annotated[int, Field(ge=-LATEST, le=LATEST)]
"""UTC milliseconds that every JSON reader keeps exactly."""
Number = Annotated[int, Field(ge=0, le=LATEST)]
"""A position in a stream, a revision or a count."""
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Json = JsonValue
Body = dict[str, JsonValue]


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
    GLUCOSE_PLAN = "glucose_plan"
    READING = "reading"
    ALERT = "alert"
    CONSENT = "consent"
    CONFLICT = "conflict"
    ATTACHMENT = "attachment"
    ESCALATION = "escalation"


Kind = Annotated[EntityKind | Word, Field(union_mode="left_to_right")]
"""A kind we know, or a newer one's word, kept as it came."""


class _Envelope(BaseModel):
    """Frozen, keeps nothing it does not know, and never repeats what it was given in an error."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Op(_Envelope):
    """One outgoing change (*op*): idempotent by `op_id` (UUIDv7), about one entity of one person.

    `body` holds only what the change sets; `base` the revision of each of those fields that the
    author had seen (a field never seen is absent or 0); `at` is the author's clock, corrected by the
    offset it knows.
    """

    op_id: UUID
    person_id: UUID
    kind: Kind
    entity_id: UUID
    act: Act
    at: Time
    base: dict[FieldName, Number] = {}
    body: Body = {}

    def __repr__(self) -> str:
        return f"Op({self.op_id}, {self.kind}, {self.act})"


def op_of(raw: Body) -> Op | None:
    """Return the op that `raw` describes, or None where it is none."""
    try:
        return Op.model_validate(raw)
    except ValidationError:
        return None


class Status(StrEnum):
    """What became of one op.

    ok, duplicate and conflict: the op is in the stream's hands, forget it. rejected and blocked:
    it stays with its author, visible, with `code`. retry: send the same op again later.
    """

    OK = "ok"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    RETRY = "retry"


class PushRequest(_Envelope):
    """Up to 200 ops, in the order in which they were made; `device_id` is the signed-in device."""

    device_id: UUID
    client_time: Time
    ops: Annotated[list[Op], Field(max_length=MOST_OPS)]


class PushParcel(_Envelope):
    """A push as it arrives: each op is looked at by itself, so that one bad op spoils no other."""

    device_id: UUID
    client_time: Time
    ops: Annotated[list[Body], Field(max_length=MOST_OPS)]


class OpResult(_Envelope):
    """The answer to one op: `seq` is its place in the stream, `rev` the entity's newest revision."""

    op_id: UUID
    status: Status
    code: str = ""
    seq: int | None = None
    rev: int | None = None


class PushAnswer(_Envelope):
    """One result for each op, in the order sent."""

    server_time: int
    results: list[OpResult]


class Head(_Envelope):
    """Where one person's stream stands and what this account may do there.

    `paused` is empty, or the code of why push and pull are refused now (`consent_withdrawn`): the
    records on this machine stay. A person who is not in the list any more was revoked.
    """

    person_id: UUID
    head: int
    floor: int
    epoch: int
    role: str
    scopes: list[str]
    until_at: int | None = None
    paused: str = ""


class Heads(_Envelope):
    """All streams of the account; `grants_rev` changes with any mandate."""

    grants_rev: int
    heads: list[Head]
    server_time: int


class Change(_Envelope):
    """One change of a stream: `body` holds what it set, `fields` the revision of each of those."""

    seq: int
    kind: Kind
    entity_id: UUID
    act: Act
    body: Body
    fields: dict[str, int]
    op_id: UUID
    author: UUID
    device: UUID
    at: int

    def __repr__(self) -> str:
        return f"Change({self.seq}, {self.kind}, {self.act})"


class Pull(_Envelope):
    """A page of changes; ask again from `next` until it equals `head`."""

    changes: list[Change]
    next: int
    head: int
    epoch: int
    server_time: int


class Entity(_Envelope):
    """An entity as it stands: all of its fields, and the revision of each."""

    kind: Kind
    entity_id: UUID
    rev: int
    body: Body
    fields: dict[str, int]
    deleted: bool = False

    def __repr__(self) -> str:
        return f"Entity({self.kind}, {self.entity_id}, {self.rev})"


class Snapshot(_Envelope):
    """A page of a person's entities; go on with `after` until it is None.

    Take `head` and `epoch` of the *first* page as the cursor: what changed meanwhile is pulled again.
    """

    entities: list[Entity]
    after: str | None
    head: int
    epoch: int
    server_time: int


class KindDigest(_Envelope):
    """How many entities of a kind stand (removed ones too), and the xor over them.

    `xor` is 16 hexadecimal digits: the first 8 bytes of sha256("entity_id|rev"), xored.
    """

    count: int
    xor: str


class Digest(_Envelope):
    """What a person's stream adds up to at `head`."""

    head: int
    epoch: int
    kinds: dict[str, KindDigest]


class HeadMoved(_Envelope):
    """The data of an `event: head`: somebody's stream went on, or (`head` None) a mandate changed."""

    person_id: UUID | None
    head: int | None


class ErrorAnswer(_Envelope):
    """Why a request was refused: a stable code, and a sentence for a person."""

    code: str
    sentence: str


class ConflictBody(_Envelope):
    """The body of an entity of kind `conflict`: both values, and who wrote each.

    `kept` stands in the entity; `lost` does not. `needs_confirmation` marks what is never settled by
    a machine: allergies, medicines, emergency contacts. `field` is empty where one side removed the
    entity that the other changed. Settle by a `set` of `resolved_at`.
    """

    id: UUID
    kind: Kind
    entity_id: UUID
    field: str
    kept: JsonValue
    lost: JsonValue
    kept_by: UUID
    lost_by: UUID
    at: int
    needs_confirmation: bool = False
    resolved_at: int | None = None
