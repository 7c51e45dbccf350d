"""Refusals as they travel: one shape, and the statuses any route may answer with."""

from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from carehub.i18n import _
from carehub.platform.fhir import outcomes
from carehub.platform.refusals import REASONS, Refused
from carehub.wire.attachments import TUS
from carehub.wire.exchange import SCHEMA, SCHEMA_HEADER, ErrorAnswer

ANSWERS: dict[int | str, dict[str, Any]] = {
    reason.status: {"model": ErrorAnswer} for reason in REASONS.values()
}
"""Every status a refusal has, with its one shape, for the OpenAPI page."""


def refusal(refused: Refused, path: str = "") -> Response:
    """Return the answer to a request refused at `path`, with what its status asks for."""
    headers: dict[str, str] = {}
    if refused.wait is not None:
        headers["Retry-After"] = str(refused.wait)
    if refused.reason.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.reason.status == 426:
        headers |= {"Upgrade": f"CareHub/{SCHEMA}", SCHEMA_HEADER: SCHEMA}
    if refused.reason.status == 412:
        headers["Tus-Version"] = TUS
    if isinstance(refused, outcomes.BadSearch):
        return outcomes.outcome(refused.code, headers, refused.parameter)
    return answer(refused.code, headers, path)


def answer(code: str, headers: dict[str, str] | None = None, path: str = "") -> Response:
    """Return a code and its sentence, which never repeats what was sent; FHIR has its own form."""
    if outcomes.asked(path):
        return outcomes.outcome(code, headers)
    reason = REASONS[code]
    body = ErrorAnswer(code=code, sentence=_(reason.sentence)).model_dump()
    return JSONResponse(body, status_code=reason.status, headers=headers)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, the first of each name; refuses what is none."""
    try:
        given = parse_qs((await request.body()).decode("utf-8"), max_num_fields=20)
    except ValueError as error:
        raise Refused("malformed") from error
    return {name: values[0] for name, values in given.items()}
