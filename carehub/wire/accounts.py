"""Accounts, sign-in, tokens and sessions as they travel."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Login = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=64)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=200)]
Token = Annotated[str, StringConstraints(min_length=16, max_length=200)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class _Shape(BaseModel):
    """Frozen, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Device(_Shape):
    """The machine that signs in; its id is made once and kept in the archive."""

    id: UUID
    name: Label = ""


class Register(_Shape):
    """Make an account; `login` is a name or a telephone number."""

    login: Login = Field(repr=False)
    password: Password = Field(repr=False)
    device: Device


class SignIn(_Shape):
    """Sign in on one device."""

    login: Login = Field(repr=False)
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(repr=False)
    device: Device


class Refresh(_Shape):
    """Exchange a refresh token for its one successor."""

    refresh_token: Token = Field(repr=False)


class Tokens(_Shape):
    """What a sign-in or a refresh gives; `expires_in` is seconds. A kiosk gets no refresh token."""

    access_token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    token_type: str = "Bearer"  # noqa: S105 - a kind of token, not one
    expires_in: int
    account_id: UUID
    session_id: UUID
    server_time: int


class Session(_Shape):
    """A signed-in device; `ended_because` is empty while it lasts."""

    id: UUID
    device: Device
    created_at: int
    seen_at: int
    ended_at: int | None = None
    ended_because: str = ""
    current: bool = False


class Sessions(_Shape):
    """The sessions of an account, the newest first."""

    sessions: list[Session]


class NewPerson(_Shape):
    """Open the stream of a person whose records are the account's own; the id is the client's."""

    person_id: UUID


class Account(_Shape):
    """Whom the tokens belong to, and the people whose records are their own."""

    account_id: UUID
    login: str = Field(repr=False)
    people: list[UUID]
