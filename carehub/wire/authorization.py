"""Signing in through a browser: the addresses and secrets of OAuth's code with PKCE, for both ends.

RFC 6749 (the code), RFC 7636 (PKCE, S256 only), RFC 8252 (the answer comes to this very machine).
The only module that knows authlib.
"""

import re
import secrets
from hmac import compare_digest
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from carehub.wire.accounts import Label

CLIENT_ID = "carehub-desktop"
CODE_GRANT = "authorization_code"
PATH = "/v1/oauth/authorize"
S256 = "S256"
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_HERE = re.compile(r"http://(127\.0\.0\.1|\[::1\]):\d{1,5}/[A-Za-z0-9/_-]{0,60}")

Text = Annotated[str, StringConstraints(max_length=200)]


class Authorize(BaseModel):
    """What a desktop asks the browser to fetch; the device is ours, all else is the standard's."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    client_id: Text
    redirect_uri: Text
    device_id: UUID
    device_name: Label = ""
    response_type: Text = ""
    code_challenge: Text = Field(default="", repr=False)
    code_challenge_method: Text = ""
    state: Text = Field(default="", repr=False)

    def known(self) -> bool:
        """Tell whether our own program asks, and the answer will come to the asking machine only."""
        return self.client_id == CLIENT_ID and _HERE.fullmatch(self.redirect_uri) is not None

    def fault(self) -> str:
        """Return what the standard calls wrong with it, or an empty text."""
        if self.response_type != "code":
            return "unsupported_response_type"
        proved = self.code_challenge_method == S256 and _UNRESERVED.fullmatch(self.code_challenge)
        return "" if proved and self.state else "invalid_request"

    def answer(self, **told: str) -> str:
        """Return the address that brings the answer back: `code`, or `error`."""
        found: str = add_params_to_uri(self.redirect_uri, [*told.items(), ("state", self.state)])
        return found


def new_verifier() -> str:
    """Return the secret with which the asker of a code proves to be the one who redeems it."""
    return secrets.token_urlsafe(48)


def challenge_of(verifier: str) -> str:
    """Return what is told of a verifier when the code is asked for."""
    found: str = create_s256_code_challenge(verifier)
    return found


def proves(verifier: str, challenge: str) -> bool:
    """Tell whether the verifier is the one behind the challenge."""
    usable = _UNRESERVED.fullmatch(verifier) is not None
    return usable and compare_digest(challenge_of(verifier).encode(), challenge.encode())


def address(platform: str, verifier: str, state: str, redirect_uri: str, device_id: UUID) -> str:
    """Return the page at which the person signs in."""
    found: str = prepare_grant_uri(
        f"{platform}{PATH}",
        CLIENT_ID,
        "code",
        redirect_uri,
        state=state,
        code_challenge=challenge_of(verifier),
        code_challenge_method=S256,
        device_id=str(device_id),
    )
    return found


def told(address: str, state: str) -> dict[str, str] | None:
    """Return `code` or `error` of an answer that came back; None where it is no answer to `state`."""
    given = parse_qs(urlsplit(address).query, max_num_fields=10)
    names: tuple[str, ...] = ("code", "error")
    found = {name: given[name][0] for name in names if name in given}
    mine = compare_digest(given.get("state", [""])[0].encode(), state.encode())
    return found if mine and len(found) == 1 else None
