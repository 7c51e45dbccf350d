"""FHIR over HTTP: what a person holds, through the one gate, in the one form other systems read."""

import json
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from fhir.resources.R4B import get_fhir_model_class

from carehub.care.readings import Unit
from carehub.platform.fhir.search import PARAMETERS
from carehub.wire.values import body_of
from tests.helpers import held
from tests.helpers.builders import bp, uid
from tests.helpers.fhir import PROFILES, judge, loinc, vitalsigns
from tests.helpers.platforms import NOON, op
from tests.platform.test_family import mandated


@pytest.fixture
async def elder(platform):
    return await platform.register()


@pytest.fixture
async def person(elder):
    person = await elder.open()
    await held.fill(elder, person)
    return person


async def look(device, path, strict=False, answered=200, **query):
    headers = {"Prefer": "handling=strict"} if strict else {}
    query = {name.replace("__", "-"): value for name, value in query.items()}
    answer = await device.ask("GET", f"/fhir/{path}", params=query, headers=headers)
    assert answer.status_code == answered, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    found = json.loads(answer.text, parse_float=Decimal)
    get_fhir_model_class(found["resourceType"]).model_validate_json(answer.text)
    return found


def entries(bundle):
    return [each["resource"] for each in bundle.get("entry", [])]


def link(bundle, relation):
    return next((e["url"] for e in bundle["link"] if e["relation"] == relation), None)


async def walk(device, path, **query):
    """Follow `next` to the end; return every resource and how many pages there were."""
    found, pages = [], 0
    while True:
        bundle = await look(device, path, **query)
        found += entries(bundle)
        pages += 1
        url = link(bundle, "next")
        if url is None:
            return found, pages
        parts = urlsplit(url)
        assert parts.path.startswith("/fhir/")
        path, query = parts.path.removeprefix("/fhir/"), dict(parse_qsl(parts.query))


async def refused(device, path, issue_code, status, **query):
    found = await look(device, path, answered=status, **query)
    assert found["resourceType"] == "OperationOutcome"
    (issue,) = found["issue"]
    assert (issue["severity"], issue["code"]) == ("error", issue_code)
    assert issue["details"]["text"]
    return issue


async def test_metadata_tells_everybody_what_can_be_asked(platform, elder):
    answer = await platform.http.get("/fhir/metadata")
    found = answer.json()
    assert answer.headers["content-type"] == "application/fhir+json"
    assert found["fhirVersion"] == "4.0.1"
    (rest,) = found["rest"]
    assert {each["type"] for each in rest["resource"]} == set(PARAMETERS)
    assert rest["resource"][0]["operation"][0]["name"] == "everything"
    get_fhir_model_class("CapabilityStatement").model_validate(found)
    assert (
        await platform.http.get("/fhir/metadata", headers={"Accept": "text/html"})
    ).status_code == 406


async def test_everything_is_all_of_it_and_every_resource_stands_judgement(elder, person):
    found, pages = await walk(elder, f"Patient/{person}/$everything", _count=7)
    assert pages > 2
    kinds = {each["resourceType"] for each in found}
    assert kinds == set(PARAMETERS) - {"Flag"}
    assert len({(each["resourceType"], each["id"]) for each in found}) == len(found)
    assert found[0]["resourceType"] == "Patient"
    for resource in found:
        judge(resource)
    claimed = [p for each in found for p in each.get("meta", {}).get("profile", [])]
    assert {claim.rsplit("/", 1)[1] for claim in claimed} == {"bp", "heartrate"}
    assert set(claimed) == set(PROFILES)


async def test_each_pressure_component_has_exactly_one_loinc_code(elder, person):
    found, _ = await walk(elder, "Observation", patient=str(person), category="vital-signs")
    assert len(found) == 6
    for one in found:
        vitalsigns(one)
        assert all(len(loinc(part["code"])) == 1 for part in one.get("component", []))


async def test_one_page_of_everything_can_be_one_kind_and_a_time(elder, person):
    only, _ = await walk(elder, f"Patient/{person}/$everything", _type="Allergy,AllergyIntolerance")
    assert [each["resourceType"] for each in only] == ["AllergyIntolerance"]
    late, _ = await walk(
        elder, f"Patient/{person}/$everything", _type="Observation", start="2026-09-19"
    )
    taken = [each["effectiveDateTime"] for each in late if each.get("component")]
    assert taken == sorted(taken)
    assert all(each >= "2026-09-19" for each in taken)
    none, _ = await walk(elder, f"Patient/{person}/$everything", _type="Observation", end="1990")
    assert [each["category"][0]["coding"][0]["code"] for each in none] == ["social-history"]


async def test_everything_of_everybody_goes_from_one_person_to_the_next(elder, person):
    other = await elder.open()
    await held.fill(elder, other, many=1)
    found, _ = await walk(elder, "Patient/$everything", _count=9)
    patients = [each["id"] for each in found if each["resourceType"] == "Patient"]
    assert patients == sorted([str(person), str(other)])
    single, _ = await walk(elder, f"Patient/{other}/$everything")
    assert len(found) > len(single)
    assert (await walk(await elder_without_people(elder), "Patient/$everything"))[0] == []


async def elder_without_people(elder):
    device_id = uuid4()
    asked = {"login": uuid4().hex, "password": "long enough", "device": {"id": str(device_id)}}
    tokens = (await elder.http.post("/v1/accounts", json=asked)).json()
    return type(elder)(elder.http, elder.clock, tokens, asked["login"], device_id)


SEARCHES = [
    ({}, 8),
    ({"code": "85354-9"}, 3),
    ({"code": "http://loinc.org|8867-4"}, 3),
    ({"code": "85354-9,8867-4"}, 6),
    ({"code": "14743-9"}, 1),
    ({"code": "|14743-9"}, 0),
    ({"code": "http://loinc.org|"}, 7),
    ({"code": "718-7"}, 0),
    ({"category": "social-history"}, 1),
    ({"status": "final"}, 8),
    ({"status": "amended"}, 0),
    ({"code": "85354-9", "date": "2026-09"}, 3),
    ({"date": "2026"}, 7),
    ({"date": "ne2026"}, 0),
    ({"date": "lt2026"}, 0),
    ({"date": "ge2026-01-01T00:00:00Z"}, 7),
    ({"date": "sa2027-12"}, 0),
    ({"date": "le2026-09-01T08:00+08:00,ge2026"}, 7),
    ({"date": "2026-09-20"}, 2),
    ({"date": "eb2026-09-20T13:33:20Z"}, 5),
    ({"_id": "nobody"}, 0),
]  # fmt: skip


async def test_search_finds_what_fits_and_nothing_else(elder, person):
    for query, many in SEARCHES:
        found, _ = await walk(elder, "Observation", patient=f"Patient/{person}", **query)
        assert len(found) == many, query
        numbered = await look(elder, "Observation", subject=str(person), _count=0, **query)
        assert (numbered["total"], entries(numbered)) == (many, [])


async def test_pages_follow_time_both_ways_and_lose_nothing(elder, person):
    for sort, order in (("date", False), ("-date", True)):
        found, pages = await walk(
            elder, "Observation", patient=str(person), _sort=sort, _count=1, date="ge2026"
        )
        assert pages == len(found) == 7
        times = [each["effectiveDateTime"] for each in found]
        assert times == sorted(times, reverse=order)
    newest, _ = await walk(elder, "Observation", patient=str(person), date="ge2026", _count=2)
    assert len({each["id"] for each in newest}) == 7


async def test_more_than_one_batch_of_readings_is_one_search(elder):
    person = await elder.open()
    await held.fill(elder, person, many=620)
    found, _ = await walk(elder, "Observation", patient=str(person), code="85354-9", _count=400)
    assert len(found) == 414
    counted = await look(elder, "Observation", patient=str(person), code="8867-4", _count="0")
    assert counted["total"] == 414


async def test_what_is_found_can_be_read_by_its_id(elder, person):
    for kind in sorted(set(PARAMETERS) - {"Flag"}):
        query = {} if kind == "Patient" else {"patient": str(person)}
        found, _ = await walk(elder, kind, **query)
        assert found
        for one in found:
            assert await look(elder, f"{kind}/{one['id']}") == one
        picked, _ = await walk(elder, kind, _id=found[0]["id"], **query)
        assert picked == found[:1]
        await refused(elder, f"{kind}/{uuid4()}", "not-found", 404)
    await refused(elder, "Observation/nobody", "not-found", 404)


async def test_patients_are_found_by_name_gender_and_identifier(elder, person):
    assert len((await look(elder, "Patient", name="王"))["entry"]) == 1
    assert (await look(elder, "Patient", name="示"))["total"] == 0
    assert (await look(elder, "Patient", identifier=f"urn:carehub:person|{person}"))["total"] == 1
    assert (await look(elder, "Patient", gender="unknown,male,female"))["total"] == 1
    await elder.push(
        *held.ops(other := await elder.open(), {"person": held.lines(other)["person"]})
    )
    found, pages = await walk(elder, "Patient", _count=1)
    assert [each["id"] for each in found] == sorted([str(person), str(other)])
    assert pages == 2
    assert (await look(elder, "Patient", _count=0))["total"] == 2


async def test_where_readings_came_from_names_its_targets(elder, person):
    found, _ = await walk(elder, "Provenance", patient=str(person))
    assert len(found) == 2
    target = found[0]["target"][0]["reference"]
    mine, _ = await walk(elder, "Provenance", patient=str(person), target=target)
    assert [each["id"] for each in mine] == [found[0]["id"]]
    assert await walk(elder, "Provenance", patient=str(person), target="Observation/x") == ([], 1)


async def test_corrections_voids_and_pretend_readings_say_what_they_are(elder, person):
    old, wrong = held.readings(person)[:2]
    new = bp(131, 80, "2026-09-25 08:00", person_id=person, id=uid("new"), replaces=old.id)
    pretend = bp(132, 81, "2026-09-25 09:00", person_id=person, id=uid("pretend"), simulated=True)
    await elder.push(*held.ops(person, {"reading": [new, pretend]}))
    await elder.push(op(person, "reading", "void", entity_id=str(wrong.id), body={"voided": True}))
    read = {
        one: await look(elder, f"Observation/{one}")
        for one in (old.id, wrong.id, new.id, pretend.id)
    }
    assert [read[one.id]["status"] for one in (old, wrong, new)] == [
        "entered-in-error", "entered-in-error", "amended",
    ]  # fmt: skip
    assert read[pretend.id]["meta"]["security"][0]["code"] == "HTEST"
    for one in read.values():
        judge(one)


async def test_a_number_keeps_its_digits_and_kilopascals_stay_beside(elder, person):
    found, _ = await walk(elder, "Observation", patient=str(person), code="14743-9")
    assert str(found[0]["valueQuantity"]["value"]) == "6.10"
    kpa = bp("17.10", "10.5", NOON, person_id=person, id=uid("kpa"), unit=Unit.KPA)
    await elder.push(*held.ops(person, {"reading": [kpa]}))
    one = await look(elder, f"Observation/{kpa.id}")
    judge(one)
    assert "17.10" in json.dumps(one["component"][0], default=str)


ODD = [
    ("Observation", {"code:not": "85354-9"}),
    ("Observation", {"date": "yesterday"}),
    ("Observation", {"date": "2026-13"}),
    ("Observation", {"date": "ap2026"}),
    ("Observation", {"date": ""}),
    ("Observation", {"_count": "-1"}),
    ("Observation", {"_count": "many"}),
    ("Observation", {"_page": "nowhere.1"}),
    ("Observation", {"_page": "readings.x.y"}),
    ("Observation", {"code": "x" * 501}),
    ("Observation", {"patient": "Patient/王示例"}),
    ("Observation", {"_filter": "x"}),
    ("Patient/$everything", {"_page": "x"}),
]


async def test_what_cannot_be_understood_is_refused_by_name(elder, person):
    for path, query in ODD:
        given = {"patient": str(person)} if path == "Observation" else {}
        issue = await refused(elder, path, "invalid", 400, **(given | query))
        assert issue["diagnostics"].startswith("search"), query
        assert "expression" in issue


async def test_an_unknown_parameter_is_left_out_or_refused_as_the_client_prefers(elder, person):
    given = {"patient": str(person), "shoe-size": "43", "_sort": "status"}
    lenient = await look(elder, "Observation", **given)
    assert "shoe-size" not in link(lenient, "self")
    assert "patient=" in link(lenient, "self")
    await refused(elder, "Observation", "invalid", 400, strict=True, **given)
    await refused(elder, "Observation", "invalid", 400, strict=True, patient=str(person), _sort="x")
    await look(elder, "Observation", strict=True, patient=str(person), _sort="date", code="85354-9")


async def test_a_search_names_one_person(elder, person):
    await refused(elder, "Observation", "invalid", 400)
    two = f"/fhir/Observation?patient={person}&subject={uuid4()}"
    assert (await elder.ask("GET", two)).status_code == 400


async def test_only_json_is_spoken(elder, person):
    await refused(elder, "Patient", "not-supported", 406, _format="xml")
    await look(elder, "Patient", _format="application/fhir+json")
    xml = await elder.ask("GET", "/fhir/Patient", headers={"Accept": "application/fhir+xml"})
    assert xml.status_code == 406
    assert xml.json()["resourceType"] == "OperationOutcome"


async def test_every_refusal_has_the_form_of_fhir(platform, elder, person):
    for path, status in (("Patient", 401), ("NoSuchThing", 404), ("Patient/x/y", 404)):
        answer = await platform.http.get(f"/fhir/{path}")
        assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
    answer = await elder.ask("POST", "/fhir/Patient", json={})
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (405, "not-supported")
    long = await elder.ask("POST", "/fhir/Patient", headers={"Content-Length": "9999999"})
    assert (long.status_code, long.json()["issue"][0]["code"]) == (413, "too-long")


async def test_strangers_see_nothing_and_relatives_what_they_were_given(platform, elder, person):
    stranger = await platform.register()
    assert (await look(stranger, "Patient"))["total"] == 0
    await refused(stranger, f"Patient/{person}", "not-found", 404)
    await refused(stranger, f"Patient/{person}/$everything", "forbidden", 403)
    await refused(stranger, "Observation", "forbidden", 403, patient=str(person))
    await refused(stranger, "Observation", "forbidden", 403, patient=str(person), date="2026")
    for one in held.readings(person):
        await refused(stranger, f"Observation/{one.id}", "not-found", 404)

    child = await platform.register()
    mandate = await mandated(elder, child, person, "viewer")
    assert (await look(child, "Patient"))["total"] == 1
    assert (await walk(child, f"Patient/{person}/$everything"))[0]
    looks = (await elder.get(f"/v1/people/{person}/looks"))["rows"]
    assert [row["actor"] for row in looks] == [str(child.account_id)]

    await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
    await refused(child, "Observation", "forbidden", 403, patient=str(person))
    assert (await look(child, "Patient"))["total"] == 0


async def test_each_way_of_looking_is_written_down(platform, elder, person):
    one = held.readings(person)[0].id
    for path, query in (
        ("Patient", {}),
        (f"Patient/{person}", {}),
        (f"Observation/{one}", {}),
        ("Observation", {"patient": str(person)}),
        ("Observation", {"patient": str(person), "_count": "0"}),
        (f"Patient/{person}/$everything", {}),
        ("Patient/$everything", {}),
    ):
        child = await platform.register()
        await mandated(elder, child, person, "viewer")
        await look(child, path, **query)
        looks = (await elder.get(f"/v1/people/{person}/looks"))["rows"]
        assert looks[0]["actor"] == str(child.account_id), path


async def test_with_the_sharing_withdrawn_nothing_is_given(elder, person):
    rows = (await elder.get(f"/v1/people/{person}/consents"))["consents"]
    given = next(row for row in rows if row["purpose"] == "platform_sync")
    await elder.post(f"/v1/people/{person}/consents/{given['id']}/withdraw")
    await refused(elder, "Observation", "forbidden", 403, patient=str(person))
    await refused(elder, f"Patient/{person}/$everything", "forbidden", 403)
    assert (await look(elder, "Patient"))["total"] == 0


async def test_what_nobody_understands_is_left_out_and_breaks_nothing(elder):
    person = await elder.open()
    odd = [
        {"taken_at": "soon"}, {"taken_at": 1e300}, {"taken_at": None}, {"taken_at": 12.5}, {},
        {"taken_at": 9007199254740991, "kind": "blood_pressure", "unit": "mmHg", "v1": "120"},
        {"taken_at": 5, "kind": "weight", "replaces": "not an id"},
    ]  # fmt: skip
    good = bp(120, 80, NOON, person_id=person)
    await elder.push(
        *(op(person, body=each) for each in odd),
        op(person, entity_id=str(good.id), body=body_of(good)),
        op(person, "allergy", "set", body={"substance": 5}),
        op(person, "shoe_size", "set", body={"size": 43}),
    )
    found, _ = await walk(elder, f"Patient/{person}/$everything")
    assert str(good.id) in {each["id"] for each in found}
    for one in found:
        judge(one)
