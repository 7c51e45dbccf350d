"""A person whose records a platform holds: every kind of line, and readings of two meters."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from carehub.care.consent import Consent, Purpose
from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
)
from carehub.care.readings import Reading, Source
from carehub.wire.values import body_of
from tests.helpers.builders import bp, glucose, make_person, uid
from tests.helpers.platforms import NOON, Device, op

DAY = 86_400_000
"""Readings are a day apart, the newest a day before noon."""


def lines(person_id: UUID) -> dict[str, list[Any]]:
    """Return one entity of every kind that is no reading, by kind; ids are the person's own."""

    def named(noun: str) -> UUID:
        return uid((noun, person_id))

    return {
        "person": [replace(make_person(), id=person_id)],
        "condition": [Condition(named("condition"), person_id, ConditionCode.HYPERTENSION)],
        "allergy": [Allergy(named("allergy"), person_id, "青霉素", "皮疹")],
        "medicine": [Medicine(named("medicine"), person_id, "示例片", dose="一片", timing="早上")],
        "history_line": [
            HistoryLine(named(kind), person_id, kind, "示例", 1990)
            for kind in (HistoryKind.SURGERY, HistoryKind.FAMILY, HistoryKind.LIVING)
        ],
        "emergency_contact": [
            EmergencyContact(named("contact"), person_id, "李示例", "13800000000", "女儿", 1)
        ],
        "consent": [Consent(named("consent"), person_id, p, "1", NOON) for p in AGREED],
    }


AGREED = (Purpose.PLATFORM_SYNC,)


def readings(person_id: UUID, many: int = 4) -> list[Reading]:
    """Return readings, the oldest first: blood pressure with pulse, every third one glucose."""
    found = []
    for n in range(many):
        taken = NOON - (many - n) * DAY
        given: dict[str, Any] = {"when": taken, "person_id": person_id, "id": uid((person_id, n))}
        given |= {"source": Source.METER, "device_id": "SN-1"} if n % 2 else {}
        found.append(glucose("6.10", **given) if n % 3 == 2 else bp(120 + n, 80, **given))
    return found


def ops(person_id: UUID, entities: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return the ops that add these entities."""
    return [
        op(
            person_id,
            kind,
            "add" if kind in ("reading", "consent", "person") else "set",
            entity_id=str(value.id),
            body=body_of(value),
        )
        for kind, values in entities.items()
        for value in values
    ]


async def fill(
    device: Device, person_id: UUID, extra: Iterable[Reading] = (), many: int = 4
) -> None:
    """Push a whole record of a person who agreed to it."""
    entities = lines(person_id) | {"reading": [*readings(person_id, many), *extra]}
    every = ops(person_id, entities)
    for start in range(0, len(every), 200):
        answers = await device.push(*every[start : start + 200])
        assert {each["status"] for each in answers} == {"ok"}, answers
