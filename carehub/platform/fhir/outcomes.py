"""How a FHIR address refuses: an OperationOutcome with the same status and the same sentence."""

from collections.abc import Mapping

from fastapi.responses import Response

from carehub.i18n import _
from carehub.platform.refusals import REASONS, Refused
from carehub.wire import fhir

MEDIA_TYPE = "application/fhir+json"
ROOT = "/fhir"
_ISSUES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    413: "too-long",
    422: "invalid",
    429: "throttled",
    503: "transient",
}
"""Codes of the required binding issue-type; what is not here is an exception."""


class BadSearch(Refused):
    """A parameter cannot be understood, or under strict handling is not known; named in the answer."""

    def __init__(self, parameter: str, code: str = "search") -> None:
        super().__init__(code)
        self.parameter = parameter


def asked(path: str) -> bool:
    """Tell whether an address is one of FHIR's, and so wants FHIR's form of a refusal."""
    return path == ROOT or path.startswith(ROOT + "/")


def outcome(code: str, headers: Mapping[str, str] | None = None, parameter: str = "") -> Response:
    """Return the OperationOutcome of a refusal; it repeats the name of a parameter, never a value."""
    reason = REASONS[code]
    issue: fhir.Resource = {
        "severity": "error",
        "code": _ISSUES.get(reason.status, "exception"),
        "details": {"text": _(reason.sentence)},
        "diagnostics": f"{code}: {parameter}" if parameter else code,
    }
    if parameter:
        issue["expression"] = [f"http.{parameter}"]
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, reason.status, headers)


def answer(
    resource: fhir.Resource, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a resource as FHIR's JSON; a Decimal keeps its digits."""
    return Response(fhir.written(resource), status, dict(headers or {}), MEDIA_TYPE)
