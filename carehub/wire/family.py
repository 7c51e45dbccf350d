"""Family mandates, invitations and who looked, as they travel."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from carehub.care.family import How, Role, Scope
from carehub.wire.accounts import PLAIN
from carehub.wire.exchange import Number

Relation = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=PLAIN)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=PLAIN)]
TextVersion = Annotated[str, StringConstraints(max_length=40, pattern=PLAIN)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]


class _Shape(BaseModel):
    """Frozen, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Invite(_Shape):
    """Ask for a mandate's code; no scopes means all that the role may have."""

    role: Role
    scopes: list[Scope] = []
    relation: Relation = ""
    days: Annotated[int, Field(ge=1, le=3650)] = 365


class Invitation(_Shape):
    """A code to show, scan or read aloud; it works once, for half an hour."""

    id: UUID
    person_id: UUID
    code: str = Field(repr=False)
    expires_at: int


class Accept(_Shape):
    """Answer an invitation with its code; `name` is what the person will read beside the question.

    `alerts` is the version of the text under which one agrees to be told of their alerts; without
    it one did not, and may later.
    """

    code: Code = Field(repr=False)
    name: Name = Field(default="", repr=False)
    alerts: TextVersion = ""


class AskFor(_Shape):
    """Ask for somebody's mandate from afar, by the login of their account; they must confirm."""

    login: Annotated[str, StringConstraints(min_length=3, max_length=64)] = Field(repr=False)
    role: Role
    relation: Relation = ""
    name: Name = Field(default="", repr=False)
    alerts: TextVersion = ""
    days: Annotated[int, Field(ge=1, le=3650)] = 365


class Asked(_Shape):
    """What became of the asking; the same whether or not such an account exists."""

    sent: bool = True


class Confirm(_Shape):
    """The person says yes on their own screen, or in person before a witness."""

    how: How = How.ON_SCREEN


class MandateRow(_Shape):
    """One mandate with where it stands: asked, review, active, revoked, declined or expired.

    `alerts` is the holder's own word on being told of alerts; `document_id` a guardian's document,
    `clinic` the code of the clinic that looks at it or where the person said yes, `reason` why it
    did not do.
    """

    id: UUID
    person_id: UUID
    account_id: UUID
    account: str = Field(default="", repr=False)
    name: str = Field(default="", repr=False)
    role: Role
    scopes: list[Scope]
    relation: str = ""
    how: How
    state: str
    granted_at: int
    from_at: int
    until_at: int
    revoked_at: int | None = None
    alerts: bool = False
    document_id: UUID | None = None
    reason: str = ""
    clinic: str = ""


class Mandates(_Shape):
    """The mandates for one person, or of one account."""

    mandates: list[MandateRow]


class AuditRow(_Shape):
    """One line of the record of who did what; `hash` binds it to the line before."""

    n: int
    at: int
    actor: UUID | None
    who: str = Field(default="", repr=False)
    act: str
    detail: dict[str, JsonValue] = {}
    previous: str
    hash: str


class Audit(_Shape):
    """A page of a person's audit, oldest first; `next` is None on the last."""

    rows: list[AuditRow]
    next: int | None = None


class Looks(_Shape):
    """Who looked at a person's records, the newest first (谁看过我的档案)."""

    rows: list[AuditRow]


class GiveConsent(_Shape):
    """Agree to one purpose under that version of the text."""

    id: UUID
    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    text_version: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PLAIN)]
    method: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")] = "tap"
    granted_at: Number


class TakeBack(GiveConsent):
    """Take a consent back by a row of one's own: told again after a lost answer, it counts once.

    Nothing else can be in it, so this may be said when nothing else may be.
    """

    model_config = ConfigDict(extra="forbid")
    withdrawn_at: Number


class ConsentRow(_Shape):
    """One row of a person's consents."""

    id: UUID
    purpose: str
    text_version: str
    method: str
    granted_at: int
    withdrawn_at: int | None = None
    by: UUID


class Consents(_Shape):
    """All consent rows of a person, the oldest first; the newest of a purpose is in force."""

    consents: list[ConsentRow]
