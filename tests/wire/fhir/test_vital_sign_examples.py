"""The vital-sign examples of R4: each shape, written by hand, is taken or left for the right reason.

Only the facts are the specification's (codes, units, which part is missing); text and people are ours.
"""

import pytest

from carehub.care.readings import Kind
from carehub.wire import fhir
from carehub.wire.fhir import Reason
from tests.helpers.builders import PERSON
from tests.helpers.platforms import NOON
from tests.wire.fhir.test_arriving import concept, mmhg, observation


def arriving(*documents):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in documents],
    }
    return fhir.read(bundle, PERSON, zone_offset=480, now=NOON)


def measured(value, code):
    return {"value": value, "unit": code, "system": "http://unitsofmeasure.org", "code": code}


def panel(**parts):
    return observation("85354-9", id="panel", **parts)


BOTH = [
    {"code": concept("8480-6"), "valueQuantity": mmhg(107)},
    {"code": concept("8462-4"), "valueQuantity": mmhg(60)},
]
NOT_DONE = concept(
    "not-performed", system="http://terminology.hl7.org/CodeSystem/data-absent-reason"
)
LEFT = {
    "respiratory rate": observation("9279-1", valueQuantity=measured(26, "/min")),
    "oxygen saturation": observation("2708-6", valueQuantity=measured(95, "%")),
    "body temperature": observation("8310-5", valueQuantity=measured(36.5, "Cel")),
    "body height": observation("8302-2", valueQuantity=measured(66.9, "[in_i]")),
    "body length": observation("8306-3", valueQuantity=measured(55, "cm")),
    "head circumference": observation("9843-4", valueQuantity=measured(51.2, "cm")),
    "body weight": observation("29463-7", valueQuantity=measured(185, "[lb_av]")),
    "body mass index": observation("39156-5", valueQuantity=measured(16.2, "kg/m2")),
    "a panel of all": observation(
        "85353-1", hasMember=[{"reference": "Observation/respiratory-rate"}]
    ),
}


@pytest.mark.parametrize("document", LEFT.values(), ids=LEFT)
def test_what_we_do_not_keep_is_left_and_named(document):
    found = arriving(document)
    assert found.readings == ()
    assert [left.reason for left in found.left] == [Reason.ANOTHER_KIND]


def test_blood_pressure_is_taken():
    (reading,) = arriving(panel(component=BOTH)).readings
    assert (reading.kind, reading.v1, reading.v2) == (Kind.BLOOD_PRESSURE, 107, 60)


def test_a_cancelled_one_and_one_without_a_part_are_left_with_their_reason():
    found = arriving(panel(status="cancelled", dataAbsentReason=NOT_DONE))
    assert [left.reason for left in found.left] == [Reason.NO_VALUE]
    found = arriving(panel(status="cancelled", component=BOTH))
    assert [left.reason for left in found.left] == [Reason.STATUS]
    half = [BOTH[0], {"code": concept("8462-4"), "dataAbsentReason": NOT_DONE}]
    found = arriving(panel(component=half))
    assert (found.readings, [left.reason for left in found.left]) == ((), [Reason.NO_VALUE])


def test_a_panel_of_everything_gives_what_we_keep_of_it():
    pulse = observation("8867-4", id="pulse", valueQuantity=measured(44, "/min"))
    pressure = panel(component=BOTH, hasMember=[{"reference": "Observation/pulse"}])
    found = arriving(*LEFT.values(), pressure, pulse)
    (reading,) = found.readings
    assert reading.v3 == 44
    assert len(found.left) == len(LEFT)
