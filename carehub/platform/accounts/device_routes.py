"""The routes of the device flow (RFC 8628), and the one where codes of every kind become tokens."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.i18n import _
from carehub.platform.accounts import codes, device_flow
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS, form_of
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.accounts import (
    DEVICE_GRANT,
    AnswerDevice,
    AskedDevice,
    DeviceAsk,
    DeviceCodes,
    OAuthError,
    Tokens,
    UserCode,
)
from carehub.wire.authorization import CODE_GRANT

router = APIRouter(prefix="/v1/oauth", tags=["oauth"], responses=ANSWERS, dependencies=[Schema])

_TEXT = {"type": "string"}
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"enum": [DEVICE_GRANT, CODE_GRANT]},
        "device_code": _TEXT,
        "code": _TEXT,
        "code_verifier": _TEXT,
        "redirect_uri": _TEXT,
        "client_id": _TEXT,
    },
}


@router.post("/device")
async def ask(asked: DeviceAsk, here: Here) -> DeviceCodes:
    """Begin: the device gets a code to show and one to keep."""
    return await here.db.write(
        lambda tx: device_flow.ask(tx, here.settings, asked, here.clock()), again_on_double=True
    )


@router.post("/device/look")
async def look(asked: UserCode, here: Here, who: Signed) -> AskedDevice:  # noqa: ARG001 - only the signed-in look
    """Tell which device shows a code."""
    return await here.db.write(
        lambda tx: device_flow.look(tx, here.settings, asked.user_code, here.clock())
    )


@router.post("/device/answer")
async def answer(asked: AnswerDevice, here: Here, who: Signed) -> AskedDevice:
    """Let the device that shows this code in, or not."""
    return await here.db.write(
        lambda tx: device_flow.answer(
            tx, here.settings, asked.user_code, who, here.clock(), yes=asked.yes
        )
    )


@router.post(
    "/token",
    response_model=Tokens,
    responses={400: {"model": OAuthError}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
        }
    },
)
async def token(request: Request, here: Here) -> Tokens | JSONResponse:
    """Exchange a code for tokens; refusals are those of RFC 6749 and RFC 8628."""
    form = await form_of(request)
    try:
        return await here.db.write(lambda tx: _granted(tx, here, form), again_on_double=True)
    except Refused as refused:
        sentence = _(refused.reason.sentence)
        told = OAuthError(error=refused.code, code=refused.code, sentence=sentence)
        return JSONResponse(told.model_dump(), status_code=400)


async def _granted(tx: AsyncConnection, here: Running, form: dict[str, str]) -> Tokens:
    grant, now = form.get("grant_type"), here.clock()
    if grant == DEVICE_GRANT:
        return await device_flow.poll(tx, here.settings, form.get("device_code", ""), now)
    if grant == CODE_GRANT:
        return await codes.redeem(tx, form, now)
    raise Refused("unsupported_grant_type")
