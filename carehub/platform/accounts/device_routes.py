"""The routes of the device flow (RFC 8628)."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from carehub.i18n import _
from carehub.platform.accounts import device_flow
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.refusals import Refused
from carehub.platform.running import Here
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

router = APIRouter(prefix="/v1/oauth", tags=["oauth"], responses=ANSWERS, dependencies=[Schema])

_FORM = {
    "type": "object",
    "required": ["grant_type", "device_code"],
    "properties": {"grant_type": {"const": DEVICE_GRANT}, "device_code": {"type": "string"}},
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
    """Answer a waiting device; refusals are those of RFC 6749 and RFC 8628."""
    try:
        form = parse_qs((await request.body()).decode("utf-8"), max_num_fields=10)
    except ValueError as error:
        raise Refused("malformed") from error
    try:
        if form.get("grant_type") != [DEVICE_GRANT]:
            raise Refused("unsupported_grant_type")
        code = form.get("device_code", [""])[0]
        return await here.db.write(
            lambda tx: device_flow.poll(tx, here.settings, code, here.clock())
        )
    except Refused as refused:
        sentence = _(refused.reason.sentence)
        told = OAuthError(error=refused.code, code=refused.code, sentence=sentence)
        return JSONResponse(told.model_dump(), status_code=400)
