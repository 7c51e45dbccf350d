"""A plainly fictional household with a year of readings, for demo, training and pictures."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from carehub.archive import readings as reading_rows
from carehub.care.civil import local_date
from carehub.care.consent import Purpose
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
    Sex,
)
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind, MealContext, Reading, Source, Unit
from carehub.workflows import people, rounds

if TYPE_CHECKING:
    from carehub.archive.store import Archive

_NAMESPACE = UUID("0d5a2c52-8c5e-5c0b-8f0e-9b7a5f1d2e33")
_DAY = 86_400_000
_MINUTE = 60_000
_ZONE = 480
_CHUNK = 200
_JUST_NOW = 30 * _MINUTE
"""Nothing is made up for the last half hour, so that what is measured in the demo stands alone."""


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives in the demo."""

    grandmother: Person
    grandfather: Person


def furnish(archive: "Archive", now: int, days: int = 365) -> Household:
    """Fill an empty demo archive with two people and `days` of readings up to `now`.

    The same `now` gives the same household. Readings are marked as simulated.
    """
    grandmother = people.add(
        archive,
        name="王示例",
        called="王奶奶",
        born=date(1948, 3, 12),
        sex=Sex.FEMALE,
        now=now,
    )
    grandfather = people.add(
        archive,
        name="李示范",
        called="李爷爷",
        born=date(1944, 9, 1),
        sex=Sex.MALE,
        now=now,
    )
    for entry in (
        *_grandmothers_lines(grandmother.id),
        *_grandfathers_lines(grandfather.id),
    ):
        people.note(archive, entry, now)
    for person in (grandmother, grandfather):
        people.consent(archive, person.id, Purpose.ARCHIVE, "demo", now)
        people.consent(archive, person.id, Purpose.DEVICE_DATA, "demo", now)
    tested = local_date(now - 40 * _DAY, _ZONE)
    agreed = GlucosePlan(Decimal("6.9"), tested, every=7)
    people.agree_glucose_plan(archive, grandmother.id, agreed, now)
    _keep(archive, [*_pressures(grandmother.id, now, days, 126, 78, seed=7)])
    _keep(archive, [*_glucoses(grandmother.id, now, days, seed=11)])
    _keep(archive, [*_pressures(grandfather.id, now, days, 122, 73, seed=23)])
    rounds.make(archive, now)
    return Household(grandmother, grandfather)


def _keep(archive: "Archive", readings: list[Reading]) -> None:
    for start in range(0, len(readings), _CHUNK):
        with archive.write() as tx:
            for reading in readings[start : start + _CHUNK]:
                reading_rows.add(tx, reading)


def _days(now: int, days: int) -> Iterator[tuple[int, int]]:
    """Yield (day number back from today, UTC ms of that local midnight), oldest first."""
    midnight = (now + _ZONE * _MINUTE) // _DAY * _DAY - _ZONE * _MINUTE
    for back in range(days, -1, -1):
        yield back, midnight - back * _DAY


def _pressures(
    person_id: UUID, now: int, days: int, systolic: int, diastolic: int, *, seed: int
) -> Iterator[Reading]:
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    for back, midnight in _days(now, days):
        season = 3 * math.cos(2 * math.pi * back / 365)
        for minute, rise in ((7 * 60 + 20, 2), (19 * 60 + 40, -2)):
            taken_at = midnight + (minute + chance.randrange(25)) * _MINUTE
            if taken_at > now - _JUST_NOW or (back > 14 and chance.random() < 0.35):
                continue
            high = chance.gauss(systolic + season + rise, 4.5)
            low = chance.gauss(diastolic + season / 2 + rise / 2, 3)
            pulse = chance.gauss(72, 4)
            yield _pressure(person_id, taken_at, round(high), round(low), round(pulse))


def _pressure(person_id: UUID, taken_at: int, high: int, low: int, pulse: int) -> Reading:
    return Reading(
        id=uuid5(_NAMESPACE, f"bp|{person_id}|{taken_at}"),
        person_id=person_id,
        kind=Kind.BLOOD_PRESSURE,
        taken_at=taken_at,
        unit=Unit.MMHG,
        v1=Decimal(high),
        v2=Decimal(low),
        v3=Decimal(pulse),
        source=Source.METER,
        received_at=taken_at,
        simulated=True,
    )


def _glucoses(person_id: UUID, now: int, days: int, *, seed: int) -> Iterator[Reading]:
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    for _back, midnight in _days(now, days):
        for minute, context, middle in (
            (6 * 60 + 50, MealContext.FASTING, 6.4),
            (9 * 60 + 30, MealContext.AFTER_MEAL, 8.6),
        ):
            taken_at = midnight + (minute + chance.randrange(20)) * _MINUTE
            if taken_at > now - _JUST_NOW or chance.random() < 0.55:
                continue
            value = Decimal(str(round(max(4.6, chance.gauss(middle, 0.55)), 1)))
            yield Reading(
                id=uuid5(_NAMESPACE, f"glucose|{person_id}|{taken_at}"),
                person_id=person_id,
                kind=Kind.GLUCOSE,
                taken_at=taken_at,
                unit=Unit.MMOL_L,
                v1=value,
                context=context,
                source=Source.METER,
                received_at=taken_at,
                simulated=True,
            )


def _grandmothers_lines(person_id: UUID) -> tuple[people.Entry, ...]:
    def mint(name: str) -> UUID:
        return uuid5(_NAMESPACE, f"{person_id}|{name}")

    return (
        Condition(mint("c1"), person_id, ConditionCode.HYPERTENSION, "高血压", 2009),
        Condition(mint("c2"), person_id, ConditionCode.DIABETES_TYPE_2, "2 型糖尿病", 2015),
        Allergy(mint("a1"), person_id, "青霉素", "起皮疹"),
        Medicine(
            mint("m1"),
            person_id,
            "氨氯地平",
            "5 毫克",
            "早饭后",
            MedicineClass.ANTIHYPERTENSIVE,
        ),
        Medicine(
            mint("m2"),
            person_id,
            "二甲双胍",
            "0.5 克",
            "随餐",
            MedicineClass.GLUCOSE_LOWERING,
        ),
        HistoryLine(mint("h1"), person_id, HistoryKind.SURGERY, "胆囊切除", 2003),
        EmergencyContact(mint("e1"), person_id, "王小样", "女儿", "13800000001", 1, alerts=True),
        EmergencyContact(mint("e2"), person_id, "李小样", "儿子", "13800000002", 2, alerts=True),
    )


def _grandfathers_lines(person_id: UUID) -> tuple[people.Entry, ...]:
    def mint(name: str) -> UUID:
        return uuid5(_NAMESPACE, f"{person_id}|{name}")

    return (
        Condition(mint("c1"), person_id, ConditionCode.CORONARY_DISEASE, "冠心病", 2018),
        Medicine(mint("m1"), person_id, "阿司匹林", "100 毫克", "早饭后"),
        EmergencyContact(mint("e1"), person_id, "王小样", "女儿", "13800000001", 1, alerts=True),
    )
