"""Care values survive the journey to JSON and back, exactly."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from carehub.care.alerts.model import Alert
from carehub.care.people import Person
from carehub.care.readings import Reading
from carehub.wire.exchange import Act, EntityKind, Op
from carehub.wire.values import bodies_of, body_of, value_of
from tests.helpers.shown import shown

_NUMBERS = st.none() | st.decimals(-5000, 5000, places=3)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Reading,
        v1=_NUMBERS,
        v2=_NUMBERS,
        v3=_NUMBERS,
        mean=_NUMBERS,
        text=_TEXT,
        note=_TEXT,
        device_id=_TEXT,
        device_taken_at=_TEXT,
    )
)
def test_any_reading_returns_exactly(reading: Reading) -> None:
    travelled = json.loads(json.dumps(body_of(reading), allow_nan=False))

    back = value_of(Reading, travelled)

    assert back == reading


def test_decimals_keep_the_digits_that_were_measured() -> None:
    body = body_of(_reading(v1=Decimal("6.10"), v2=Decimal("1.2E+2")))

    assert (body["v1"], body["v2"]) == ("6.10", "120")


@pytest.mark.parametrize("special", ["NaN", "Infinity", "-Infinity"])
def test_no_special_value_travels(special: str) -> None:
    with pytest.raises(ValueError, match="no measured number"):
        body_of(_reading(v1=Decimal(special)))


def test_sets_travel_in_one_order() -> None:
    orders = {json.dumps(body_of(_reading(flags=flags))) for flags in (("b", "a"), ("a", "b"))}

    assert len(orders) == 1


@given(st.builds(Person, name=_TEXT, called=_TEXT, born=st.dates(date(1900, 1, 1))))
def test_a_person_returns_exactly(person: Person) -> None:
    assert value_of(Person, json.loads(json.dumps(body_of(person)))) == person


def test_an_alert_carries_its_inputs() -> None:
    alert = value_of(
        Alert,
        {
            "id": str(UUID(int=1)),
            "person_id": str(UUID(int=2)),
            "rule": "BP-CRIT",
            "version": "1",
            "family": "pressure",
            "level": 3,
            "state": "active",
            "episode": "e",
            "text": "t",
            "raised_at": 5,
            "inputs": {"systolic": "182"},
        },
    )

    assert body_of(alert)["inputs"] == {"systolic": "182"}
    assert body_of(alert)["level"] == 3


def test_what_is_no_care_value_is_refused() -> None:
    with pytest.raises(TypeError, match="dict"):
        body_of({"a": 1})


def test_a_value_that_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        body_of(_reading(note=1j))


def test_a_body_that_is_no_reading_is_refused() -> None:
    with pytest.raises(ValidationError):
        value_of(Reading, {"id": "not an id"})


def test_an_op_shows_no_health_value() -> None:
    op = Op(
        op_id=UUID(int=1),
        person_id=UUID(int=2),
        kind=EntityKind.READING,
        entity_id=UUID(int=3),
        act=Act.ADD,
        at=0,
        body={"v1": "187"},
    )

    assert "187" not in shown(op)


def _reading(**changed: object) -> Reading:
    from carehub.care.readings import Kind, Unit

    fields: dict[str, object] = {
        "id": UUID(int=7),
        "person_id": None,
        "kind": Kind.BLOOD_PRESSURE,
        "taken_at": 0,
        "unit": Unit.MMHG,
        "v1": Decimal(120),
    }
    flags = changed.pop("flags", ())
    assert isinstance(flags, tuple)
    return Reading(**(fields | {"flags": frozenset(flags)} | changed))  # type: ignore[arg-type]


@given(
    st.lists(st.builds(Reading, v1=_NUMBERS, v2=_NUMBERS, v3=_NUMBERS, mean=_NUMBERS), max_size=5)
)
def test_many_bodies_are_those_of_each(readings: list[Reading]):
    assert list(bodies_of(readings)) == [body_of(reading) for reading in readings]
