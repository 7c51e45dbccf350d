"""The routes of signing in through a browser (OAuth 2.0 code with PKCE, RFC 8252)."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from carehub.platform.accounts import codes, proving
from carehub.platform.accounts.page import page
from carehub.platform.answers import ANSWERS, form_of
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.wire.authorization import PATH, Authorize
from carehub.wire.exchange import ErrorAnswer

_HTML = {"text/html": {"schema": {"type": "string"}}}
_PAGE = {"model": ErrorAnswer, "content": _HTML}
_BACK = {"description": "Back to the waiting program, with `code` or `error`."}
router = APIRouter(
    tags=["oauth"],
    responses=ANSWERS | {200: {"content": _HTML}, 303: _BACK, 401: _PAGE, 429: _PAGE},
    default_response_class=Response,
)
Asked = Annotated[Authorize, Query()]
_FORM = {
    "type": "object",
    "properties": {
        "login": {"type": "string"},
        "password": {"type": "string"},
        "answer": {"enum": ["yes", "no"]},
    },
}


@router.get(PATH)
async def ask(asked: Asked) -> Response:
    """Show the page on which the person signs in."""
    return _unusable(asked) or page(asked, _query(asked))


@router.post(
    PATH,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
        }
    },
)
async def answer(asked: Asked, request: Request, here: Here) -> Response:
    """Take the answer: back to the waiting program with a code, or the page again with why not."""
    unusable = _unusable(asked)
    form = await form_of(request)
    if unusable is not None:
        return unusable
    if form.get("answer") == "no":
        return _back(asked.answer(error="access_denied"))
    try:
        code = await _code(here, asked, form)
    except Refused as refused:
        return page(asked, _query(asked), refused)
    return _back(asked.answer(code=code))


async def _code(here: Running, asked: Authorize, form: dict[str, str]) -> str:
    account_id = await proving.by_password(here, form.get("login", ""), form.get("password", ""))
    return await here.db.write(lambda tx: codes.give(tx, account_id, asked, here.clock()))


def _unusable(asked: Authorize) -> Response | None:
    """Return the answer to a request that cannot be followed; only our program is ever led back to."""
    if not asked.known():
        raise Refused("malformed")
    fault = asked.fault()
    return _back(asked.answer(error=fault)) if fault else None


def _back(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


def _query(asked: Authorize) -> str:
    return urlencode(asked.model_dump(mode="json"))
