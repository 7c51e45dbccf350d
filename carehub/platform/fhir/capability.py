"""What this FHIR address can do: the CapabilityStatement, made from what the search understands."""

from carehub import __version__
from carehub.platform.fhir.outcomes import ROOT
from carehub.platform.fhir.search import PARAMETERS
from carehub.wire.fhir import Json, Resource

SINCE = "2026-11-22"
"""The day on which what is said here last changed."""
_PROFILES = {
    "Observation": (
        "http://hl7.org/fhir/StructureDefinition/bp",
        "http://hl7.org/fhir/StructureDefinition/heartrate",
    )
}
_TYPES = {
    "patient": "reference",
    "subject": "reference",
    "target": "reference",
    "date": "date",
    "name": "string",
}
"""Types of search parameters; every other is a token."""
_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def statement(base: str) -> Resource:
    """Return the CapabilityStatement of the service at `base`."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": SINCE,
        "kind": "instance",
        "software": {"name": "CareHub", "version": __version__},
        "implementation": {"description": "CareHub platform", "url": base + ROOT},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": False,
                    "description": "A bearer token of a sign-in; what it sees, mandate and consent "
                    "decide. Every look by another than the person is written down for the person.",
                },
                "resource": [_resource(kind) for kind in PARAMETERS],
            }
        ],
    }


def _resource(kind: str) -> Json:
    told: dict[str, Json] = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": name, "type": _TYPES.get(name, "token")}
            for name in ("_id", *PARAMETERS[kind])
            if name != "_sort"
        ],
    }
    if kind in _PROFILES:
        told["supportedProfile"] = list(_PROFILES[kind])
    if kind == "Patient":
        told["operation"] = [{"name": "everything", "definition": _EVERYTHING}]
    else:
        told["documentation"] = "A search names one person with `patient`."
    return told
