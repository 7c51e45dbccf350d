"""Search finds Chinese words of any length, and Latin ones by their beginning."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carehub.archive import people, search
from carehub.care.people import Allergy, HistoryKind, HistoryLine
from tests.helpers import records
from tests.helpers.strategies import ids


@pytest.fixture
def person():
    return records.person()


@pytest.fixture
def tx(archive, person):
    with archive.write() as connection:
        people.add(connection, person)
        yield connection


def found(tx, text, person_id=None):
    return [hit.entity_id for hit in search.find(tx, text, person_id)]


@pytest.mark.parametrize(
    "words",
    [
        "硝",
        "片",
        "硝苯",
        "控释",
        "地平控释",
        "硝苯地平控释片",
        "Adalat",
        "ada",
        "ADALAT gits",
        "\uff13\uff10",
        "30mg",
    ],
)
def test_any_part_of_a_name_finds_it(tx, person, words):
    medicine = records.medicine(person.id, name="硝苯地平控释片 Adalat GITS", dose="30mg")
    people.put_medicine(tx, medicine)
    people.put_medicine(tx, records.medicine(person.id, name="二甲双胍", dose="500 MG"))
    assert found(tx, words) == [medicine.id]


@pytest.mark.parametrize(
    "words", ["", "   ", "地硝", "平控片", "dalat", "—！", '"', "*", "NEAR(", "硝苯 二甲"]
)
def test_what_is_not_there_is_not_found(tx, person, words):
    people.put_medicine(tx, records.medicine(person.id, name="硝苯地平控释片 Adalat"))
    people.put_medicine(tx, records.medicine(person.id, name="二甲双胍"))
    assert found(tx, words) == []


def test_every_line_of_the_health_archive_is_found(tx, person):
    condition = records.condition(person.id)
    people.put_condition(tx, condition, said="高血压")
    allergy = Allergy(records.uuid4(), person.id, "青霉素", "皮疹")
    people.put_allergy(tx, allergy)
    history = HistoryLine(records.uuid4(), person.id, HistoryKind.SURGERY, "胆囊手术")
    people.put_history(tx, history)
    assert found(tx, "血压") == [condition.id]
    assert found(tx, "皮疹 青霉") == [allergy.id]
    assert found(tx, "胆囊") == [history.id]
    assert found(tx, "示例") == [person.id]
    assert found(tx, "王奶") == [person.id]


def test_a_changed_line_is_found_by_its_new_words_only(tx, person):
    medicine = records.medicine(person.id, name="二甲双胍")
    people.put_medicine(tx, medicine)
    people.put_medicine(tx, records.replace(medicine, name="格列美脲"))
    assert found(tx, "双胍") == []
    assert found(tx, "格列") == [medicine.id]
    people.remove(tx, medicine)
    assert found(tx, "格列") == []


def test_a_search_may_stay_with_one_person(tx, person):
    other = records.person(name="李示例")
    people.add(tx, other)
    assert found(tx, "示例", other.id) == [other.id]
    assert set(found(tx, "示例")) == {person.id, other.id}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids, st.text(min_size=1, max_size=12), st.data())
def test_every_piece_of_a_run_of_chinese_is_found(tx, entity, noise, data):
    run = data.draw(st.text("血压糖高低心脑肾", min_size=1, max_size=8))
    search.keep(tx, None, "Note", entity, f"{noise} {run} {noise}")
    start = data.draw(st.integers(0, len(run) - 1))
    piece = run[start : data.draw(st.integers(start + 1, len(run)))]
    hits = search.find(tx, piece, limit=10_000)
    assert search.Hit("Note", entity, None) in hits


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_no_question_is_an_error(tx, text):
    search.find(tx, text)
