"""FHIR R4 (4.0.1), by thin mappers of our own: a record as resources, and Observations as readings.

`docs/fhir.md` has the table of what becomes what, with every decision and its source.
"""

from carehub.wire.fhir.arriving import Arrived, Left, read
from carehub.wire.fhir.bundle import as_test_data, bundle, bundle_text, provenances, resources
from carehub.wire.fhir.elements import Json, Resource
from carehub.wire.fhir.picking import Reason
from carehub.wire.fhir.readings import observation_ids, observations, pulse_id
from carehub.wire.fhir.text import parsed, written

__all__ = [
    "Arrived",
    "Json",
    "Left",
    "Reason",
    "Resource",
    "as_test_data",
    "bundle",
    "bundle_text",
    "observation_ids",
    "observations",
    "parsed",
    "provenances",
    "pulse_id",
    "read",
    "resources",
    "written",
]
