"""The addresses of a browser's sign-in: the standard's own example, and answers that are none."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from carehub.wire import authorization
from carehub.wire.authorization import Authorize, told


def test_the_challenge_is_that_of_the_standard():
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert authorization.challenge_of(verifier) == challenge
    assert authorization.proves(verifier, challenge)
    assert not authorization.proves(verifier[:-1] + "l", challenge)
    assert not authorization.proves("短", challenge)


def test_a_new_verifier_is_long_enough_and_never_the_same():
    first, second = authorization.new_verifier(), authorization.new_verifier()
    assert first != second
    assert authorization.proves(first, authorization.challenge_of(first))


def test_the_address_asks_for_what_the_platform_understands():
    page = authorization.address(
        "https://platform.example", "v" * 43, "state", "http://127.0.0.1:5/signed-in", uuid4()
    )
    parts = urlsplit(page)
    asked = Authorize.model_validate({k: v[0] for k, v in parse_qs(parts.query).items()})
    assert (parts.path, asked.known(), asked.fault()) == ("/v1/oauth/authorize", True, "")
    back = asked.answer(code="c d")
    assert told(back, "state") == {"code": "c d"}


@pytest.mark.parametrize(
    "address",
    ["/x", "/x?code=c", "/x?code=c&state=other", "/x?state=state", "/x?code=c&error=e&state=state"],
)
def test_what_is_no_answer_to_our_question_is_none(address):
    assert told(address, "state") is None


def test_only_a_code_is_given():
    asked = Authorize(client_id="x", redirect_uri="y", device_id=uuid4(), response_type="token")
    assert asked.fault() == "unsupported_response_type"


def test_secrets_are_not_shown():
    asked = Authorize(
        client_id="x", redirect_uri="y", device_id=uuid4(), state="secret", code_challenge="hidden"
    )
    assert "secret" not in repr(asked)
    assert "hidden" not in repr(asked)
