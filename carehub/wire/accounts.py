"""Accounts, sign-in, tokens and sessions as they travel."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Login = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=64)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=200)]
Token = Annotated[str, StringConstraints(min_length=16, max_length=200)]
PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""Text without control signs: PostgreSQL keeps no NUL, and no name needs a line feed."""
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=PLAIN)]


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


class Pin(_Shape):
    """The PIN that a device is bound to."""

    pin: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$")] = Field(repr=False)


class DeviceKey(_Shape):
    """The key of a bound device: without it the PIN opens nothing; each sign-in gives the next one."""

    device_key: Token = Field(repr=False)


class SignInWithPin(Pin, DeviceKey):
    """Sign in on a device that was bound before."""

    device: Device


class BoundTokens(Tokens, DeviceKey):
    """What a sign-in with a PIN gives: tokens, and the key for the next time."""


DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""The grant type of RFC 8628."""


class DeviceAsk(_Shape):
    """A device without a keyboard, or a second machine, asks to be let in; a kiosk stays shortly."""

    device: Device
    kiosk: bool = False


class DeviceCodes(_Shape):
    """The answer of RFC 8628: show `user_code` (or its address as a QR code), keep `device_code`."""

    device_code: str = Field(repr=False)
    user_code: str = Field(repr=False)
    verification_uri: str
    verification_uri_complete: str = Field(repr=False)
    expires_in: int
    interval: int


class UserCode(_Shape):
    """The code that another device shows."""

    user_code: Annotated[str, StringConstraints(min_length=8, max_length=20)] = Field(repr=False)


class AnswerDevice(UserCode):
    """Yes or no to the device that shows the code."""

    yes: bool


class AskedDevice(_Shape):
    """Which device asks to be let in."""

    device: Device
    kiosk: bool
    asked_at: int


class OAuthError(_Shape):
    """A refusal as OAuth puts it (`error`), with our code and sentence beside it."""

    error: str
    code: str
    sentence: str
