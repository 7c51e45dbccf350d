"""Judges what we write as FHIR: by `fhir.resources`, by the profiles' rules, by the codes R4 binds.

The tables stand here once more, from the specification and not from our code, for `fhir.resources`
knows no codes: a status of `fnal` passes there.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from carehub.wire import fhir

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

REQUIRED = {
    ("Observation", "status"): "registered preliminary final amended corrected cancelled "
    "entered-in-error unknown",
    ("Patient", "gender"): "male female other unknown",
    ("MedicationStatement", "status"): "active completed entered-in-error intended stopped on-hold "
    "unknown not-taken",
    ("Flag", "status"): "active inactive entered-in-error",
    ("Consent", "status"): "draft proposed active rejected inactive entered-in-error",
    ("Procedure", "status"): "preparation in-progress not-done on-hold stopped completed "
    "entered-in-error unknown",
    ("FamilyMemberHistory", "status"): "partial completed entered-in-error health-unknown",
    ("Bundle", "type"): "document message transaction transaction-response batch batch-response "
    "history searchset collection",
    ("Condition", "clinicalStatus"): "active recurrence relapse inactive remission resolved",
    ("AllergyIntolerance", "clinicalStatus"): "active inactive resolved",
}
NAME_USES = ["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"]
DEVICE_NAMES = [
    "udi-label-name",
    "user-friendly-name",
    "patient-reported-name",
    "manufacturer-name",
    "model-name",
    "other",
]
ABSENT = [
    "unknown",
    "asked-unknown",
    "temp-unknown",
    "not-asked",
    "asked-declined",
    "masked",
    "not-applicable",
    "unsupported",
    "as-text",
    "error",
    "not-a-number",
    "negative-infinity",
    "positive-infinity",
    "not-performed",
    "not-permitted",
]


def as_json(resource: fhir.Resource) -> Any:
    """Return a resource as its reader gets it: through text, numbers as Decimal."""
    return json.loads(fhir.written(resource), parse_float=Decimal)


def judge(resource: fhir.Resource) -> Any:
    """Return the resource as JSON; an AssertionError or ValidationError tells what is wrong."""
    plain = as_json(resource)
    text = fhir.written(resource)
    get_fhir_model_class(plain["resourceType"]).model_validate_json(text)
    _codes(plain)
    for part in walk(plain):
        _no_empty(part)
    if plain["resourceType"] == "Observation":
        _observation(plain)
    return plain


def walk(part: Any) -> Iterator[Any]:
    """Yield every object and list within, itself first."""
    yield part
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inner:
        yield from walk(each)


def loinc(concept: Any) -> list[str]:
    """Return the LOINC codes of a CodeableConcept."""
    return [each["code"] for each in concept.get("coding", []) if each["system"] == LOINC]


def vitalsigns(o: Any) -> None:
    """Hold an Observation to the profile `vitalsigns` of R4 (vs-1, vs-2, vs-3, category slice)."""
    pairs = [(c["system"], c["code"]) for each in o["category"] for c in each["coding"]]
    assert pairs.count((CATEGORY, "vital-signs")) == 1
    assert o["subject"]["reference"]
    assert "status" in o
    assert o["code"]["coding"]
    assert len(o["effectiveDateTime"]) >= len("2026-01-01")
    assert _valued(o) or o.get("component") or o.get("hasMember")
    assert all(_valued(part) for part in o.get("component", []))


def bp(o: Any) -> None:
    """Hold an Observation to the profile `bp` of R4."""
    vitalsigns(o)
    assert loinc(o["code"]) == ["85354-9"]
    assert not [name for name in o if name.startswith("value")]
    for code in ("8480-6", "8462-4"):
        parts = [each for each in o["component"] if code in loinc(each["code"])]
        assert len(parts) == 1
        (part,) = parts
        assert loinc(part["code"]) == [code]
        if "valueQuantity" in part:
            quantity(part["valueQuantity"], "mm[Hg]")
        else:
            assert part["dataAbsentReason"]


def heartrate(o: Any) -> None:
    """Hold an Observation to the profile `heartrate` of R4."""
    vitalsigns(o)
    assert loinc(o["code"]) == ["8867-4"]
    quantity(o["valueQuantity"], "/min")


def glucose(o: Any) -> None:
    """Hold glucose to one LOINC code and the unit of that code's property."""
    (code,) = loinc(o["code"])
    if "valueQuantity" in o:
        quantity(o["valueQuantity"], {"14743-9": "mmol/L", "41653-7": "mg/dL"}[code])
    else:
        assert o["dataAbsentReason"]


def quantity(q: Any, code: str) -> None:
    """Hold a Quantity to a number with this UCUM unit."""
    assert isinstance(q["value"], int | Decimal)
    assert (q["system"], q["code"]) == (UCUM, code)
    assert q["unit"]


PROFILES = {
    "http://hl7.org/fhir/StructureDefinition/bp": bp,
    "http://hl7.org/fhir/StructureDefinition/heartrate": heartrate,
}


def _observation(o: Any) -> None:
    for profile in o.get("meta", {}).get("profile", []):
        PROFILES[profile](o)
    if set(loinc(o["code"])) & {"14743-9", "41653-7"}:
        glucose(o)
    for part in (o, *o.get("component", [])):
        values = [name for name in part if name.startswith("value")]
        assert len(values) <= 1
        assert not (values and "dataAbsentReason" in part), "obs-6"


def _valued(part: Any) -> bool:
    return any(name.startswith("value") for name in part) or "dataAbsentReason" in part


def _codes(resource: Any) -> None:
    for (kind, name), known in REQUIRED.items():
        if kind != resource["resourceType"] or name not in resource:
            continue
        told = resource[name]
        code = told["coding"][0]["code"] if isinstance(told, dict) else told
        assert code in known.split(), (kind, name, code)
    assert all(name["use"] in NAME_USES for name in _listed(resource, "name") if "use" in name)
    assert all(name["type"] in DEVICE_NAMES for name in _listed(resource, "deviceName"))
    for part in walk(resource):
        reason = part.get("dataAbsentReason") if isinstance(part, dict) else None
        assert reason is None or reason["coding"][0]["code"] in ABSENT


def _listed(resource: Any, name: str) -> list[Any]:
    found = resource.get(name, [])
    return found if isinstance(found, list) else []


def _no_empty(part: Any) -> None:
    assert part not in ({}, [], "", None)
    if isinstance(part, dict):
        _no_empty(list(part.values()))
    elif isinstance(part, list):
        assert all(each not in ({}, [], "", None) for each in part)
