"""Readings as Observations meet the profiles, keep their digits, and say what became of them."""

from decimal import Decimal

import pytest

from carehub.care.readings import (
    Flag,
    MealContext,
    Posture,
    Setting,
    Source,
    Symptom,
    TimeQuality,
    Unit,
)
from carehub.wire import fhir
from tests.helpers.builders import PERSON, bp, glucose, uid
from tests.helpers.fhir import as_json, judge, loinc


def panel(reading, **more):
    return judge(fhir.observations(reading, **more)[0])


def part(observation, code):
    (found,) = [each for each in observation["component"] if code in loinc(each["code"])]
    return found


def own(observation, noun):
    return {
        name: value
        for each in observation.get("extension", [])
        if each["url"] == f"urn:carehub:{noun}"
        for name, value in each.items()
        if name != "url"
    }


def test_a_pressure_is_a_panel_with_two_components_in_mm_hg():
    made = panel(bp(128, 82))

    assert made["id"] == str(bp(128, 82).id)
    assert made["identifier"] == [{"system": "urn:carehub:reading", "value": made["id"]}]
    assert made["status"] == "final"
    assert made["subject"] == {"reference": f"Patient/{PERSON}"}
    assert made["effectiveDateTime"] == "2026-01-05T07:30:00+08:00"
    assert part(made, "8480-6")["valueQuantity"]["value"] == 128
    assert part(made, "8462-4")["valueQuantity"]["value"] == 82


def test_the_pulse_is_an_observation_of_its_own_that_knows_its_panel():
    one, pulse = (judge(each) for each in fhir.observations(bp(128, 82, pulse=71)))

    assert pulse["valueQuantity"] == {
        "value": 71,
        "unit": "beats/minute",
        "system": "http://unitsofmeasure.org",
        "code": "/min",
    }
    assert one["hasMember"] == [{"reference": f"Observation/{pulse['id']}"}]
    assert pulse["derivedFrom"] == [{"reference": f"Observation/{one['id']}"}]
    assert len(fhir.observations(bp(128, 82, pulse=None))) == 1


def test_kilopascals_are_converted_exactly_and_kept_as_measured():
    systolic = part(panel(bp("17.1", "10.9", unit=Unit.KPA)), "8480-6")

    assert systolic["valueQuantity"]["value"] == Decimal("128.260602")
    assert systolic["extension"] == [
        {
            "url": "urn:carehub:as-measured",
            "valueQuantity": {
                "value": Decimal("17.1"),
                "unit": "kPa",
                "system": "http://unitsofmeasure.org",
                "code": "kPa",
            },
        }
    ]


def test_the_digits_that_were_measured_are_written():
    assert '"value":6.10,' in fhir.written(fhir.observations(glucose("6.10"))[0])


def test_a_mean_pressure_an_irregular_pulse_and_symptoms_are_components():
    made = panel(
        bp(
            128,
            82,
            mean=Decimal(97),
            flags=[Flag.IRREGULAR_PULSE],
            symptoms=[Symptom.CHEST_PAIN],
        )
    )

    assert part(made, "8478-0")["valueQuantity"]["value"] == 97
    marks = [
        (c["system"], c["code"], each["valueBoolean"])
        for each in made["component"]
        if "valueBoolean" in each
        for c in each["code"]["coding"]
    ]
    assert marks == [
        ("urn:carehub:flag", "irregular_pulse", True),
        ("urn:carehub:symptom", "chest_pain", True),
    ]


@pytest.mark.parametrize(
    ("unit", "code", "ucum"),
    [(Unit.MMOL_L, "14743-9", "mmol/L"), (Unit.MG_DL, "41653-7", "mg/dL")],
)
def test_glucose_has_the_code_of_its_unit(unit, code, ucum):
    made = panel(glucose("101", unit=unit))

    assert loinc(made["code"]) == [code]
    assert made["valueQuantity"]["code"] == ucum
    assert "category" not in made


@pytest.mark.parametrize(
    ("text", "sign", "reason"),
    [("HI", ">", "positive-infinity"), ("LO", "<", "negative-infinity")],
)
def test_off_the_meters_scale_is_an_interpretation_without_a_number(text, sign, reason):
    made = panel(glucose(text))

    assert made["interpretation"][0]["coding"][0]["code"] == sign
    assert made["dataAbsentReason"]["coding"][0]["code"] == reason
    assert "valueQuantity" not in made


@pytest.mark.parametrize(
    ("context", "codes"),
    [
        (MealContext.FASTING, ["8417876", "fasting"]),
        (MealContext.BEFORE_MEAL, ["8417868", "before_meal"]),
        (MealContext.AFTER_MEAL, ["8417872", "after_meal_2h"]),
        (MealContext.BEDTIME, ["8417908", "bedtime"]),
        (MealContext.NIGHT, ["night"]),
    ],
)
def test_the_meal_context_is_a_component(context, codes):
    (meal,) = panel(glucose("6.1", context=context))["component"]

    assert [each["code"] for each in meal["code"]["coding"]] == ["8417864"]
    assert [each["code"] for each in meal["valueCodeableConcept"]["coding"]] == codes


def test_an_unknown_meal_context_claims_nothing():
    assert "component" not in panel(glucose("6.1", context=MealContext.RANDOM))


def test_a_correction_amends_and_what_it_replaces_was_entered_in_error():
    old = bp(128, 82)
    new = bp(138, 82, replaces=old.id)

    amended = panel(new)
    wrong = panel(old, superseded_by=new.id)

    assert amended["status"] == "amended"
    assert {
        "url": "http://hl7.org/fhir/StructureDefinition/observation-replaces",
        "valueReference": {"reference": f"Observation/{old.id}"},
    } in amended["extension"]
    assert wrong["status"] == "entered-in-error"
    assert own(wrong, "superseded-by") == {"valueReference": {"reference": f"Observation/{new.id}"}}


def test_a_voided_reading_and_its_pulse_were_entered_in_error():
    assert [judge(each)["status"] for each in fhir.observations(bp(128, 82, voided=True))] == [
        "entered-in-error",
        "entered-in-error",
    ]


def test_how_it_was_measured_travels_along():
    made = panel(
        bp(
            128,
            82,
            posture=Posture.STANDING_1_MIN,
            setting=Setting.KIOSK,
            source=Source.METER,
            time_quality=TimeQuality.SKEWED,
            device_taken_at="2026-01-05T07:31:00",
            note="after the walk",
        )
    )

    assert own(made, "setting") == {"valueCode": "kiosk"}
    assert own(made, "source") == {"valueCode": "meter"}
    assert own(made, "time-quality") == {"valueCode": "skewed"}
    assert own(made, "device-time") == {"valueString": "2026-01-05T07:31:00"}
    assert made["note"] == [{"text": "after the walk"}]
    (held,) = [each for each in made["extension"] if each["url"].endswith("bodyPosition")]
    assert held["valueCodeableConcept"]["coding"][0]["code"] == "standing_1_min"


def test_nobodys_reading_and_a_test_of_the_meter_are_no_observation():
    assert fhir.observations(bp(128, 82, person_id=None)) == []
    assert fhir.observations(glucose("6.1", flags=[Flag.CONTROL_SOLUTION])) == []


@pytest.mark.parametrize("reading", [bp(1, 1, unit=Unit.MG_DL), bp("NaN", "NaN")])
def test_a_number_that_is_no_pressure_is_an_error_and_no_value(reading):
    systolic = part(panel(reading), "8480-6")

    assert systolic["dataAbsentReason"]["coding"][0]["code"] == "error"


def test_a_pulse_that_is_no_number_is_left_out():
    made = fhir.observations(bp(128, 82, pulse="NaN"))

    assert len(made) == 1
    assert "hasMember" not in made[0]


@pytest.mark.parametrize("taken_at", [2**52, -(2**52)])
def test_a_time_the_calendar_lacks_is_an_error_and_claims_no_profile(taken_at):
    made = as_json(fhir.observations(bp(128, 82, taken_at))[0])

    assert "effectiveDateTime" not in made
    assert made["_effectiveDateTime"]["extension"][0]["valueCode"] == "error"
    assert "meta" not in made


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (-210, "2026-01-04T20:00:00-03:30"),
        (0, "2026-01-04T23:30:00Z"),
        (5000, "2026-01-04T23:30:00Z"),
    ],
)
def test_times_carry_the_zone_they_were_taken_in(zone, text):
    assert panel(bp(128, 82, zone_offset=zone))["effectiveDateTime"] == text


def test_milliseconds_are_kept():
    at = bp(1, 1).taken_at + 7

    assert panel(bp(128, 82, at))["effectiveDateTime"] == "2026-01-05T07:30:00.007+08:00"


def test_the_judge_notices_what_is_wrong():
    good = as_json(fhir.observations(bp(128, 82))[0])
    spoilt = [
        {**good, "status": "fnal"},
        {**good, "category": [{"coding": [{"system": "x", "code": "vital-signs"}]}]},
        {**good, "component": good["component"][:1]},
        {**good, "valueString": "128/82"},
        {**good, "code": {"coding": [*good["code"]["coding"] * 2]}},
        {name: value for name, value in good.items() if name != "effectiveDateTime"},
    ]

    for each in spoilt:
        with pytest.raises((AssertionError, KeyError)):
            judge(each)


def test_ids_do_not_change_from_one_copy_to_the_next():
    first, second = (fhir.observations(bp(128, 82, id=uid("a"))) for _ in range(2))

    assert [each["id"] for each in first] == [each["id"] for each in second]
    assert first[1]["id"] != first[0]["id"]
