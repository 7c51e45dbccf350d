"""A whole record as a Bundle: every part has its resource, and any content gives a valid one."""

import json
from dataclasses import replace
from datetime import date

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.consent import Consent, Purpose
from carehub.care.meters import Meter
from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
    MedicineClass,
    Person,
    Profile,
    Sex,
)
from carehub.care.readings import Kind, Reading, Source
from carehub.care.record import Record
from carehub.wire import fhir
from tests.helpers import strategies
from tests.helpers.builders import PERSON, at, bp, glucose, make_person, make_profile, uid
from tests.helpers.fhir import judge, walk

NOW = at("2026-02-01 08:00")


def made(record, kind, *, demo=False):
    found = [judge(each) for each in fhir.resources(record, NOW, demo=demo)]
    return [each for each in found if each["resourceType"] == kind]


def of(kind, **parts):
    (only,) = made(Record(replace(make_profile(), **parts)), kind)
    return only


def alert(**given):
    usual = {
        "id": uid("alert"),
        "person_id": PERSON,
        "rule": "BP-CRIT",
        "version": "1.0",
        "family": "pressure",
        "level": Level.L3,
        "state": State.ACTIVE,
        "episode": "e",
        "text": "Your blood pressure is very high.",
        "raised_at": NOW,
    }
    return Alert(**usual | given)


def consent(name, **given):
    usual = {"id": uid(name), "person_id": PERSON, "purpose": Purpose.ARCHIVE}
    return Consent(**usual | {"text_version": "2026-01", "granted_at": NOW} | given)


def test_a_person_is_a_patient_whose_name_is_one_text():
    (patient,) = made(Record(Profile(make_person())), "Patient")

    assert patient["name"] == [
        {"use": "official", "text": "王示例"},
        {"use": "nickname", "text": "王奶奶"},
    ]
    assert (patient["gender"], patient["birthDate"]) == ("female", "1954-03-08")
    (unknown,) = made(Record(Profile(Person(PERSON, "王示例"))), "Patient")
    assert "birthDate" not in unknown
    assert unknown["gender"] == Sex.UNKNOWN.value


def test_an_emergency_contact_is_a_related_person_with_a_rank():
    contact = EmergencyContact(uid("c"), PERSON, "李示例", "女儿", "13800000000", 2, alerts=True)

    related = of("RelatedPerson", contacts=(contact,))

    assert related["telecom"] == [{"system": "phone", "value": "13800000000", "rank": 2}]
    assert related["relationship"][0]["text"] == "女儿"
    assert related["extension"] == [{"url": "urn:carehub:alerts", "valueBoolean": True}]
    assert "telecom" not in of("RelatedPerson", contacts=(replace(contact, phone=" "),))


def test_a_condition_keeps_our_word_and_has_an_icd_code_only_where_it_means_the_same():
    known = of("Condition", conditions=(Condition(uid("c"), PERSON, ConditionCode.HYPERTENSION),))
    other = Condition(uid("c"), PERSON, ConditionCode.OTHER, "示例病", 1998)

    assert [each["code"] for each in known["code"]["coding"]] == ["hypertension", "I10"]
    assert known["clinicalStatus"]["coding"][0]["code"] == "active"
    assert "verificationStatus" not in known
    told = of("Condition", conditions=(other,))
    assert (told["code"]["text"], told["onsetDateTime"]) == ("示例病", "1998")
    assert len(told["code"]["coding"]) == 1


def test_an_allergy_names_what_it_did():
    allergy = of("AllergyIntolerance", allergies=(Allergy(uid("a"), PERSON, "青霉素", "皮疹"),))

    assert allergy["code"] == {"text": "青霉素"}
    assert allergy["reaction"] == [{"manifestation": [{"text": "皮疹"}]}]


def test_a_medicine_keeps_the_words_of_its_box():
    medicine = Medicine(uid("m"), PERSON, "示例片", "5 mg", "早饭后", MedicineClass.INSULIN)

    taken = of("MedicationStatement", medicines=(medicine,))

    assert taken["dosage"] == [{"text": "5 mg; 早饭后"}]
    assert taken["status"] == "active"
    assert taken["extension"] == [{"url": "urn:carehub:medicine-class", "valueCode": "insulin"}]
    stopped = replace(
        medicine, stopped=True, medicine_class=MedicineClass.OTHER, dose="", timing=""
    )
    past = of("MedicationStatement", medicines=(stopped,))
    assert past["status"] == "stopped"
    assert not {"dosage", "extension"} & past.keys()


@pytest.mark.parametrize(
    ("kind", "text", "resource", "code"),
    [
        (HistoryKind.NO_CONDITION, "none", "Condition", "no-known-problems"),
        (HistoryKind.NO_CONDITION, "unknown", "Condition", "no-problem-info"),
        (HistoryKind.NO_ALLERGY, "none", "AllergyIntolerance", "no-known-allergies"),
        (HistoryKind.NO_ALLERGY, "unknown", "AllergyIntolerance", "no-allergy-info"),
        (HistoryKind.NO_MEDICINE, "none", "MedicationStatement", "no-known-medications"),
        (HistoryKind.NO_MEDICINE, "unknown", "MedicationStatement", "no-medication-info"),
    ],
)
def test_asked_and_none_known_is_said_with_its_own_code(kind, text, resource, code):
    told = of(resource, history=(HistoryLine(uid("h"), PERSON, kind, text),))

    concept = told.get("code") or told["medicationCodeableConcept"]
    assert [each["code"] for each in concept["coding"]] == [code]


@pytest.mark.parametrize(
    ("kind", "resource", "year"),
    [
        (HistoryKind.SURGERY, "Procedure", "performedDateTime"),
        (HistoryKind.ILLNESS, "Condition", "onsetDateTime"),
        (HistoryKind.LIVING, "Observation", "effectiveDateTime"),
        (HistoryKind.FAMILY, "FamilyMemberHistory", None),
    ],
)
def test_each_line_of_history_has_its_resource(kind, resource, year):
    told = of(resource, history=(HistoryLine(uid("h"), PERSON, kind, "示例", 1987),))

    assert "示例" in json.dumps(told, ensure_ascii=False)
    assert year is None or told[year] == "1987"


def test_only_the_newest_consent_of_a_purpose_is_active():
    rows = (
        consent("old"),
        consent("new", granted_at=NOW + 5),
        consent("sync", purpose=Purpose.PLATFORM_SYNC),
        consent("back", purpose=Purpose.PLATFORM_SYNC, withdrawn_at=NOW + 9),
    )

    found = made(Record(make_profile(), consents=rows), "Consent")

    assert [each["status"] for each in found] == ["inactive", "active", "inactive", "inactive"]
    assert found[0]["policyRule"]["coding"][0] == {
        "system": "urn:carehub:consent-text",
        "code": "2026-01",
    }, "ppc-1"
    assert found[3]["provision"]["period"]["end"] == "2026-02-01T00:00:00.009Z"
    assert found[0]["scope"]["coding"][0]["code"] == "patient-privacy"


def test_a_withdrawal_before_the_consent_ends_the_period_where_it_began():
    (row,) = made(Record(make_profile(), consents=(consent("x", withdrawn_at=NOW - 5),)), "Consent")

    assert row["provision"]["period"]["start"] == row["provision"]["period"]["end"]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.PENDING, "inactive"),
        (State.ACTIVE, "active"),
        (State.ACKNOWLEDGED, "active"),
        (State.RESOLVED, "inactive"),
    ],
)
def test_an_alert_is_a_flag(state, status):
    reading = bp(190, 112)
    record = Record(
        make_profile(),
        readings=(reading,),
        alerts=(alert(state=state, readings=(reading.id,), cleared_at=NOW + 60_000),),
    )

    (flag,) = made(record, "Flag")

    assert flag["status"] == status
    assert flag["code"]["coding"] == [
        {"system": "urn:carehub:rule", "code": "BP-CRIT", "version": "1.0"}
    ]
    assert flag["period"] == {"start": "2026-02-01T00:00:00Z", "end": "2026-02-01T00:01:00Z"}
    (detail,) = [each for each in flag["extension"] if each["url"].endswith("flag-detail")]
    assert detail["valueReference"] == {"reference": f"Observation/{reading.id}"}
    (priority,) = [each for each in flag["extension"] if each["url"].endswith("flag-priority")]
    assert priority["valueCodeableConcept"]["coding"][0]["code"] == "PH"


def test_a_meter_is_a_device_without_the_owners_of_its_slots():
    meter = Meter(
        "A-1", "示例血压计", "bp", "AA:BB", Kind.BLOOD_PRESSURE, "X1", slots=((1, PERSON),)
    )
    readings = (bp(128, 82, device_id="A-1"), glucose("6.1", device_id="gone"))

    ours, known, forgotten = made(
        Record(make_profile(), meters=(meter,), readings=readings), "Device"
    )

    assert ours["deviceName"][0]["name"] == "CareHub"
    assert known["identifier"] == [{"system": "urn:carehub:meter", "value": "A-1"}]
    assert known["type"]["coding"][0]["code"] == "528391"
    assert forgotten["type"]["coding"][0]["code"] == "528401"
    assert str(PERSON) not in json.dumps(known)


def test_provenance_says_what_entered_each_reading_and_who_put_it_together():
    readings = (
        bp(128, 82, device_id="A-1", source=Source.METER),
        bp(130, 84, received=0, pulse=None),
    )

    metered, typed = made(Record(make_profile(), readings=readings), "Provenance")

    assert len(metered["target"]) == 2
    assert metered["agent"][0]["type"]["coding"][0]["code"] == "performer"
    assert metered["agent"][0]["who"]["reference"].startswith("Device/")
    assert typed["agent"][0]["who"] == {"display": "keypad"}
    assert "occurredPeriod" not in typed
    assert {p["agent"][1]["type"]["coding"][0]["code"] for p in (metered, typed)} == {"assembler"}


def test_what_a_pretend_meter_sent_leaves_only_the_demo_and_is_marked_there():
    real, pretended = bp(128, 82), bp(190, 112, simulated=True, device_id="P")
    record = Record(
        make_profile(),
        readings=(real, pretended),
        meters=(Meter("P", "", "bp", "", Kind.BLOOD_PRESSURE, simulated=True),),
        alerts=(
            alert(readings=(pretended.id,)),
            alert(id=uid("b"), readings=(real.id, pretended.id)),
            alert(id=uid("c")),
        ),
    )

    outside = list(fhir.resources(record, NOW))
    inside = [judge(each) for each in fhir.resources(record, NOW, demo=True)]

    assert str(pretended.id) not in "".join(map(fhir.written, outside))
    assert str(uid("alert")) not in "".join(map(fhir.written, outside))
    assert {str(uid("b")), str(uid("c"))} <= {each["id"] for each in outside}
    assert str(pretended.id) in {each["id"] for each in inside}
    assert all(each["meta"]["security"][0]["code"] == "HTEST" for each in inside)
    assert "HTEST" not in "".join(map(fhir.written, outside))


def test_a_correction_that_is_in_the_record_marks_what_it_replaces():
    old = bp(128, 82)
    record = Record(make_profile(), readings=(old, bp(138, 82, replaces=old.id, pulse=None)))

    states = {each["id"]: each["status"] for each in made(record, "Observation")}

    assert states[str(old.id)] == "entered-in-error"
    assert sorted(states.values()) == ["amended", "entered-in-error", "entered-in-error"]


def test_a_bundle_refers_to_its_entries_by_their_own_names():
    record = Record(make_profile(), readings=(bp(128, 82, device_id="A"),))
    bundle = fhir.bundle(fhir.resources(record, NOW), NOW)

    whole = judge(bundle)

    names = {each["fullUrl"] for each in whole["entry"]}
    refs = {
        part["reference"] for part in walk(whole) if isinstance(part, dict) if "reference" in part
    }
    assert refs
    assert refs <= names


def test_a_service_keeps_its_own_addresses():
    record = Record(make_profile(), readings=(bp(128, 82),))

    whole = fhir.bundle(fhir.resources(record, NOW), NOW, "https://example.org/fhir")

    first = judge(whole)["entry"][0]
    assert first["fullUrl"] == f"https://example.org/fhir/Patient/{PERSON}"
    assert f'"reference":"Patient/{PERSON}"' in fhir.written(whole)


def test_written_piece_by_piece_it_is_the_same_bundle():
    record = Record(make_profile(ConditionCode.STROKE), readings=(bp(128, 82), glucose("6.1")))
    found = list(fhir.resources(record, NOW))

    text = "".join(fhir.bundle_text(found, NOW))

    assert json.loads(text) == json.loads(fhir.written(fhir.bundle(found, NOW)))
    Bundle.model_validate_json(text)


def _numbered(kind, most=2, **fixed):
    """Return a strategy for lists of values of one person, each with an id of its own."""
    one = strategies.of(kind, person_id=st.just(PERSON), **fixed)
    return st.lists(one, max_size=most).map(
        lambda drawn: tuple(replace(v, id=uid((kind.__name__, n))) for n, v in enumerate(drawn))
    )


records = st.builds(
    Record,
    profile=st.builds(
        Profile,
        person=strategies.of(Person, id=st.just(PERSON), born=st.none() | st.dates(date(1, 1, 1))),
        conditions=_numbered(Condition),
        allergies=_numbered(Allergy),
        medicines=_numbered(Medicine),
        history=_numbered(HistoryLine),
        contacts=_numbered(EmergencyContact),
    ),
    readings=_numbered(Reading, most=4),
    alerts=_numbered(Alert),
    consents=_numbered(Consent),
    meters=st.lists(strategies.of(Meter), max_size=2).map(tuple),
)


@settings(max_examples=80)
@given(records, strategies.times, st.booleans())
def test_any_content_of_an_archive_gives_a_valid_bundle(record, now, demo):
    found = list(fhir.resources(record, now, demo=demo))
    for each in found:
        judge(each)

    text = "".join(fhir.bundle_text(found, now))

    Bundle.model_validate_json(text)
    kept = record if demo else record.real()
    assert all(str(each.id) not in text for each in record.readings if each not in kept.readings)
