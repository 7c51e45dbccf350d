"""Others' Observations as readings: what fits comes in as it was, the rest is left with a reason.

The shapes follow the vital-sign examples of R4 (blood pressure, heart rate, glucose f001, a panel,
body weight); the people and most numbers are our own.
"""

import copy
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Source,
    Symptom,
    TimeQuality,
    Unit,
)
from carehub.care.record import Record
from carehub.errors import InputError
from carehub.wire import fhir
from carehub.wire.fhir import Reason
from tests.helpers.builders import PERSON, at, bp, glucose, make_profile, uid
from tests.helpers.fhir import as_json

NOW = at("2026-02-01 08:00")
LOINC = "http://loinc.org"


def concept(*codes, system=LOINC):
    return {"coding": [{"system": system, "code": code} for code in codes]}


def mmhg(value):
    return {
        "value": value,
        "unit": "mmHg",
        "system": "http://unitsofmeasure.org",
        "code": "mm[Hg]",
    }


def observation(code, id="example", **parts):
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [
            concept(
                "vital-signs", system="http://terminology.hl7.org/CodeSystem/observation-category"
            )
        ],
        "code": concept(code),
        "subject": {"reference": "Patient/example"},
        "effectiveDateTime": "2012-09-17",
        **parts,
    }


def pressure(systolic=107, diastolic=60, **parts):
    """Return a panel as R4's example: a day without an hour, three codings for systolic."""
    first = concept("8480-6")
    first["coding"].append({"system": "http://snomed.info/sct", "code": "271649006"})
    first["coding"].append({"system": "http://acme.org/devices/clinical-codes", "code": "bp-s"})
    usual = {
        "component": [
            {"code": first, "valueQuantity": mmhg(systolic)},
            {"code": concept("8462-4"), "valueQuantity": mmhg(diastolic)},
        ]
    }
    return observation("85354-9", **usual | parts)


def rate(id="rate", value=44, **parts):
    number = {"value": value, "unit": "beats/minute", "code": "/min"}
    return observation("8867-4", id, **{"valueQuantity": number} | parts)


def sugar(**parts):
    """Return glucose as R4's example f001: blood, moles, a period that only begins."""
    made = observation(
        "15074-8",
        "f001",
        effectivePeriod={"start": "2013-04-02T09:30:10+01:00"},
        valueQuantity={
            "value": Decimal("6.3"),
            "unit": "mmol/l",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    )
    del made["effectiveDateTime"]
    return made | parts


def bundle(*resources):
    return {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}


def read(document, **more):
    return fhir.read(document, PERSON, zone_offset=480, now=NOW, **more)


def only(document):
    found = read(document)
    assert found.left == ()
    (reading,) = found.readings
    return reading


def reason(document):
    found = read(document)
    assert found.readings == ()
    (left,) = found.left
    return left.reason


def test_the_blood_pressure_example_is_a_reading():
    reading = only(pressure())

    assert (reading.v1, reading.v2, reading.v3) == (107, 60, None)
    assert (reading.kind, reading.unit) == (Kind.BLOOD_PRESSURE, Unit.MMHG)
    assert reading.taken_at == at("2012-09-17 12:00")
    assert reading.time_quality is TimeQuality.NONE
    assert (reading.source, reading.person_id) == (Source.IMPORT, PERSON)
    assert reading.received_at == NOW


def test_the_glucose_example_is_a_reading():
    reading = only(sugar())

    assert (reading.v1, reading.unit) == (Decimal("6.3"), Unit.MMOL_L)
    assert reading.taken_at == at("2013-04-02 09:30", 60) + 10_000
    assert (reading.zone_offset, reading.time_quality) == (60, TimeQuality.OK)


def test_the_heart_rate_example_alone_has_no_place_here():
    assert reason(rate()) is Reason.PULSE_ALONE


@pytest.mark.parametrize(
    ("panel", "pulse"),
    [
        (pressure(hasMember=[{"reference": "Observation/rate"}]), rate()),
        (pressure(), rate(derivedFrom=[{"reference": "Observation/example"}])),
    ],
)
def test_a_pulse_joins_the_panel_that_either_names(panel, pulse):
    assert only(bundle(pulse, panel)).v3 == 44


@pytest.mark.parametrize(
    "pulse",
    [
        rate(status="entered-in-error"),
        rate(valueQuantity={"value": 44, "code": "Hz"}),
        rate(valueQuantity={}),
    ],
)
def test_a_pulse_that_does_not_fit_leaves_the_pressure(pulse):
    panel = pressure(hasMember=[{"reference": "Observation/rate"}, {"reference": "Observation/x"}])

    assert only(bundle(panel, pulse)).v3 is None


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (observation("29463-7", valueQuantity={"value": 185, "code": "[lb_av]"}), "ANOTHER_KIND"),
        (observation("85353-1", hasMember=[{"reference": "Observation/x"}]), "ANOTHER_KIND"),
        (pressure(status="cancelled"), "STATUS"),
        (pressure(status="preliminary"), "STATUS"),
        (pressure(status="brand-new"), "STATUS"),
        (pressure(modifierExtension=[{"url": "x"}]), "MODIFIED"),
        (pressure(implicitRules="x"), "MODIFIED"),
        (pressure(effectiveDateTime="2012"), "NO_TIME"),
        (pressure(effectiveDateTime="2012-13-45"), "NO_TIME"),
        (pressure(effectiveDateTime="2012-02-30T25:00:00Z"), "NO_TIME"),
        (pressure(effectiveDateTime="0001-01-01T00:00:00+14:00x"), "NO_TIME"),
        (pressure(effectiveDateTime=7), "NO_TIME"),
        (pressure(component=[]), "NO_VALUE"),
        (pressure(component="x"), "NO_VALUE"),
        (pressure("107"), "NO_NUMBER"),
        (pressure(True), "NO_NUMBER"),
        (pressure(Decimal("1e9")), "NO_NUMBER"),
        (pressure(Decimal("1e-900000")), "NO_NUMBER"),
        (pressure(Decimal("1.0000001")), "NO_NUMBER"),
        (sugar(valueQuantity={"value": 6, "unit": "g/L"}), "UNIT"),
        (sugar(valueQuantity={"value": 6, "code": "mm[Hg]"}), "UNIT"),
        (sugar(valueQuantity={"value": 33, "code": "mmol/L", "comparator": ">"}), "BOUND"),
        (sugar(valueQuantity={"code": "mmol/L"}), "NO_VALUE"),
        ({"resourceType": "Patient", "id": "example"}, "NO_OBSERVATION"),
        ({}, "NO_OBSERVATION"),
    ],
)
def test_what_is_not_understood_is_left_with_its_reason(document, why):
    assert reason(document) is Reason[why]


def test_each_pressure_must_have_the_same_unit():
    mixed = pressure()
    mixed["component"][1]["valueQuantity"] = {"value": 8, "code": "kPa"}

    assert reason(mixed) is Reason.UNIT


def test_others_kilopascals_stay_kilopascals():
    metric = pressure()
    for part, value in zip(metric["component"], ("17.1", "10.9"), strict=True):
        part["valueQuantity"] = {"value": Decimal(value), "code": "kPa"}

    assert (only(metric).v1, only(metric).unit) == (Decimal("17.1"), Unit.KPA)


def test_a_mean_in_another_unit_is_left_out():
    odd = pressure()
    odd["component"].append(
        {"code": concept("8478-0"), "valueQuantity": {"value": 9, "code": "kPa"}}
    )

    assert only(odd).mean is None


def test_a_value_that_somebody_changed_wins_over_what_we_wrote_beside_it():
    (made, _) = fhir.observations(bp("17.1", "10.9", unit=Unit.KPA))
    changed = as_json(made)
    for part in changed["component"]:
        part["valueQuantity"]["value"] = 120

    assert (only(changed).v1, only(changed).unit) == (120, Unit.MMHG)
    changed["component"][0]["extension"][0]["valueQuantity"]["code"] = "mmol/L"
    assert only(changed).v1 == 120


def test_numbers_another_reader_made_floats_are_taken_as_they_read():
    assert only(sugar(valueQuantity={"value": 6.3, "code": "mmol/L"})).v1 == Decimal("6.3")


def test_off_scale_is_hi_only_where_there_is_no_value():
    sign = [
        concept(">", system="http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation")
    ]
    off = sugar(interpretation=sign)
    with_value = only(off)
    del off["valueQuantity"]

    assert (with_value.v1, with_value.text) == (Decimal("6.3"), "")
    assert (only(off).v1, only(off).text) == (None, "HI")


@pytest.mark.parametrize(
    ("code", "context"),
    [
        ("8417872", MealContext.AFTER_MEAL),
        ("8417880", MealContext.RANDOM),
        ("1", MealContext.RANDOM),
    ],
)
def test_the_meal_context_of_other_makers_is_understood(code, context):
    mdc = "urn:iso:std:iso:11073:10101"
    meal = {
        "code": concept("8417864", system=mdc),
        "valueCodeableConcept": concept(code, system=mdc),
    }

    assert only(sugar(component=[meal])).context is context


def test_several_people_in_one_document_are_not_mixed():
    other = sugar(subject={"reference": "Patient/other"})
    whole = bundle(pressure(), other)

    assert {left.reason for left in read(whole).left} == {Reason.SEVERAL_PEOPLE}
    assert read(whole).readings == ()
    chosen = read(whole, subject="Patient/other")
    assert [one.kind for one in chosen.readings] == [Kind.GLUCOSE]
    assert [left.reason for left in chosen.left] == [Reason.ANOTHER_PERSON]


def test_the_same_document_gives_the_same_ids_and_another_one_others():
    business = sugar(identifier=[{"system": "http://example.org", "value": "6323"}])
    nameless = {name: value for name, value in sugar().items() if name != "id"}

    for document in (sugar(), business, nameless):
        assert only(document).id == only(copy.deepcopy(document)).id
    assert len({only(each).id for each in (sugar(), business, nameless)}) == 3
    assert isinstance(only(sugar(identifier=[{"value": ""}, "x"])).id, UUID)


def test_what_others_entered_in_error_is_void():
    assert only(pressure(status="entered-in-error")).voided


def test_test_data_stays_marked():
    assert only(pressure(meta={"security": [{"code": "HTEST"}]})).simulated


def test_unknown_words_of_ours_are_ignored():
    odd = pressure(
        extension=[
            {"url": "urn:carehub:source", "valueCode": "telepathy"},
            {"url": "urn:carehub:setting", "valueCode": 7},
            {"url": "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"},
        ],
        note=[{"text": "first"}, {"text": 5}, {"text": "second"}],
    )
    odd["component"].append(
        {"code": concept("glee", system="urn:carehub:flag"), "valueBoolean": True}
    )

    reading = only(odd)

    assert (reading.source, reading.setting) == (Source.IMPORT, Setting.HOME)
    assert (reading.posture, reading.flags) == (Posture.SITTING, frozenset())
    assert reading.note == "first\nsecond"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"resourceType": 1}', '{"resourceType":"X","a":NaN}', "[" * 100_000, b"\xff"],
)
def test_text_that_is_no_resource_is_refused_with_a_sentence(text):
    with pytest.raises(InputError, match="FHIR"):
        fhir.parsed(text)


def test_every_kind_of_json_is_written():
    assert fhir.written({"a": [True, False, 1, Decimal("1.50"), "王\n"]}) == (
        '{"a":[true,false,1,1.50,"王\\n"]}'
    )


_numbers = st.decimals(1, 400, places=2)
_words = st.text("abc 王，.", max_size=20).map(str.strip)
_own = {
    "taken_at": st.integers(0, 4_000_000_000_000),
    "zone_offset": st.integers(-14 * 60, 14 * 60),
    "setting": st.sampled_from(Setting),
    "source": st.sampled_from(Source),
    "time_quality": st.sampled_from(TimeQuality),
    "posture": st.sampled_from(Posture),
    "symptoms": st.frozensets(st.sampled_from(Symptom)),
    "flags": st.frozensets(st.sampled_from(sorted(set(Flag) - {Flag.CONTROL_SOLUTION}))),
    "device_id": st.sampled_from(["", "A-1", "B 2"]),
    "device_taken_at": st.sampled_from(["", "2026-01-05T07:30:00"]),
    "note": _words,
    "voided": st.booleans(),
}
_pressures = st.fixed_dictionaries(
    {
        "unit": st.sampled_from([Unit.MMHG, Unit.KPA]),
        "v1": _numbers,
        "v2": _numbers,
        "v3": st.none() | _numbers,
        "mean": st.none() | _numbers,
        **_own,
    }
).map(lambda given: replace(bp(1, 1), **given))
_sugars = st.fixed_dictionaries(
    {
        "unit": st.sampled_from([Unit.MMOL_L, Unit.MG_DL]),
        "value": st.tuples(_numbers, st.just("")) | st.sampled_from([(None, "HI"), (None, "LO")]),
        "context": st.sampled_from(MealContext),
        **_own,
    }
).map(
    lambda given: replace(
        glucose(1),
        v1=given["value"][0],
        text=given["value"][1],
        **{name: value for name, value in given.items() if name != "value"},
    )
)


def _chained(readings: list[Reading]) -> tuple[Reading, ...]:
    """Give each an id of its own, and let every second one correct the one before it."""
    return tuple(
        replace(
            one,
            id=uid(("trip", n)),
            received_at=NOW,
            replaces=uid(("trip", n - 1)) if n % 2 else None,
            voided=one.voided and n + 1 == len(readings) and n % 2 == 0,
        )
        for n, one in enumerate(readings)
    )


@given(st.lists(_pressures | _sugars, max_size=4).map(_chained))
def test_readings_return_from_the_journey_as_they_were(readings):
    record = Record(make_profile(), readings=readings)
    text = "".join(fhir.bundle_text(fhir.resources(record, NOW), NOW))

    back = fhir.read(fhir.parsed(text), PERSON, zone_offset=0, now=NOW)

    assert back.readings == readings
    assert {left.reason for left in back.left} == {Reason.NO_OBSERVATION}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_parts = sorted(
    {*pressure(), "valueQuantity", "hasMember", "derivedFrom", "identifier", "device", "extension"}
)


@given(st.dictionaries(st.sampled_from(_parts), _json, max_size=4), st.booleans())
def test_no_shape_of_a_document_breaks_the_reader(spoilt, sweet):
    document = (sugar() if sweet else pressure()) | spoilt | {"resourceType": "Observation"}

    for each in (document, bundle(document, rate()), {"resourceType": "Bundle", "entry": spoilt}):
        found = read(each)
        assert len(found.readings) + len(found.left) <= 2
