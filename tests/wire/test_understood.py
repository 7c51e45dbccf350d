"""What a newer program sends is read as far as we understand it."""

from uuid import uuid4

import pytest

from carehub.care.people import Condition, ConditionCode, Person
from carehub.care.readings import Flag, Reading, Source
from carehub.wire.values import body_of, understood

ID, PERSON = str(uuid4()), str(uuid4())
GLUCOSE = {"id": ID, "person_id": PERSON, "kind": "glucose", "taken_at": 1, "unit": "mmol/L"}


def test_fields_we_do_not_know_are_left_out():
    person = understood(Person, {"id": ID, "name": "王示例", "blood_group": "0"})
    assert person is not None
    assert person.name == "王示例"


def test_a_strange_word_is_shown_as_other():
    body = {"id": ID, "person_id": PERSON, "code": "gout", "name": "痛风"}
    found = understood(Condition, body)
    assert found is not None
    assert (found.code, found.name) == (ConditionCode.OTHER, "痛风")


def test_a_strange_word_without_other_becomes_the_usual_value():
    found = understood(Reading, GLUCOSE | {"v1": "6.1", "source": "telepathy"})
    assert found is not None
    assert found.source is Source.KEYPAD


def test_a_strange_word_in_a_list_leaves_the_others():
    found = understood(Reading, GLUCOSE | {"v1": "6.1", "flags": ["new", "cuff_loose", "newer"]})
    assert found is not None
    assert found.flags == {Flag.CUFF_LOOSE}


@pytest.mark.parametrize("missing", ["kind", "taken_at", "unit"])
def test_a_reading_of_which_too_little_is_known_is_none(missing):
    body = {name: value for name, value in GLUCOSE.items() if name != missing}
    assert understood(Reading, body | {"v1": "6.1"}) is None
    assert understood(Reading, GLUCOSE | {"v1": "6.1", missing: "oxygen"}) is None


def test_what_is_understood_whole_comes_back_whole():
    found = understood(Reading, GLUCOSE | {"v1": "6.1"})
    assert found is not None
    assert understood(Reading, body_of(found)) == found
