"""Valid rows for the archive: values of `care` with random ids, of which a test names what matters."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.meters import Frame, Meter
from carehub.care.people import Condition, ConditionCode, Medicine, Person
from carehub.care.readings import Kind, Reading, Unit
from carehub.wire.exchange import Act, EntityKind, Op

__all__ = [
    "DAY",
    "MINUTE",
    "NOON",
    "Kind",
    "alert",
    "condition",
    "frame",
    "glucose",
    "medicine",
    "meter",
    "op",
    "person",
    "pressure",
    "Op",
    "Reading",
    "replace",
    "uuid4",
]

NOON = 1_785_556_800_000
"""2026-08-01 12:00 in China, UTC milliseconds."""
MINUTE = 60_000
DAY = 86_400_000


def person(**given: Any) -> Person:
    """Return a person who plainly does not exist."""
    usual: dict[str, Any] = {"id": uuid4(), "name": "王示例", "called": "王奶奶"}
    return Person(**usual | {"created_at": NOON} | given)


def condition(person_id: UUID, **given: Any) -> Condition:
    """Return high blood pressure, unless told otherwise."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "person_id": person_id,
        "code": ConditionCode.HYPERTENSION,
    }
    return Condition(**usual | given)


def medicine(person_id: UUID, **given: Any) -> Medicine:
    """Return a medicine in the words of its box."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "person_id": person_id,
        "name": "示例片",
        "dose": "30 mg",
    }
    return Medicine(**usual | given)


def pressure(
    person_id: UUID | None, systolic: Any = 128, diastolic: Any = 82, **given: Any
) -> Reading:
    """Return a blood pressure in mmHg."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "person_id": person_id,
        "kind": Kind.BLOOD_PRESSURE,
        "taken_at": NOON,
        "received_at": NOON,
        "unit": Unit.MMHG,
        "v1": Decimal(systolic),
        "v2": Decimal(diastolic),
        "v3": Decimal(70),
    }
    return Reading(**usual | given)


def glucose(person_id: UUID | None, value: Any = "6.1", **given: Any) -> Reading:
    """Return a glucose in mmol/L."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "person_id": person_id,
        "kind": Kind.GLUCOSE,
        "taken_at": NOON,
        "received_at": NOON,
        "unit": Unit.MMOL_L,
        "v1": Decimal(value),
    }
    return Reading(**usual | given)


def alert(person_id: UUID, **given: Any) -> Alert:
    """Return an alert that is open."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "person_id": person_id,
        "rule": "bp.example",
        "version": "1",
        "family": "bp",
        "level": Level.L3,
        "state": State.ACTIVE,
        "episode": "1",
        "text": "Example",
        "raised_at": NOON,
    }
    return Alert(**usual | given)


def meter(**given: Any) -> Meter:
    """Return a cuff."""
    usual: dict[str, Any] = {
        "id": "CUFF-1",
        "name": "Example cuff",
        "driver": "blood_pressure",
        "address": "00:00:5E:00:53:01",
        "kind": Kind.BLOOD_PRESSURE,
    }
    return Meter(**usual | given)


def frame(**given: Any) -> Frame:
    """Return a frame of a cuff."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "meter_id": "CUFF-1",
        "driver": "blood_pressure",
        "characteristic": "2A35",
        "data": bytes.fromhex("00800052006100"),
        "received_at": NOON,
        "transfer_id": uuid4(),
    }
    return Frame(**usual | given)


def op(kind: EntityKind, entity_id: UUID, person_id: UUID, **given: Any) -> Op:
    """Return a change that waits to leave."""
    usual: dict[str, Any] = {
        "op_id": uuid4(),
        "kind": kind,
        "entity_id": entity_id,
        "person_id": person_id,
        "act": Act.ADD,
        "at": NOON,
        "body": {"note": "例"},
    }
    return Op(**usual | given)
