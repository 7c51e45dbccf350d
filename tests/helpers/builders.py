"""Builders with valid defaults for the values of care; all people are fictional."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid5

from carehub import paths
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.civil import DAY, HOUR, MINUTE
from carehub.care.meters import Measurement
from carehub.care.people import (
    Condition,
    ConditionCode,
    Medicine,
    MedicineClass,
    Person,
    Profile,
    Sex,
    Target,
)
from carehub.care.plans import HealthGroup, Plan
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Symptom,
    Unit,
)

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "PERSON",
    "at",
    "bp",
    "glucose",
    "make_measurement",
    "make_person",
    "make_plan",
    "make_profile",
    "make_target",
    "rulebook",
    "uid",
]

SPACE = UUID("5e8f3f8e-0000-4000-8000-000000000000")
ZONE = 480


def uid(name: object) -> UUID:
    """Return the same id for the same name, in every run."""
    return uuid5(SPACE, str(name))


PERSON = uid("王示例")


def at(text: str, zone_offset: int = ZONE) -> int:
    """Return UTC milliseconds of a civil time at +08:00, such as "2026-01-05 07:30"."""
    local = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return int((local - timedelta(minutes=zone_offset)).timestamp() * 1000)


@cache
def rulebook() -> Rulebook:
    """Return the shipped rulebook."""
    folder = paths.resources() / "rules"
    names = ("blood_pressure.toml", "glucose.toml", "engine.toml")
    return Rulebook.from_toml(*((folder / name).read_text(encoding="utf-8") for name in names))


def make_person(
    name: str = "王示例", *, born: date | None = date(1954, 3, 8), id: UUID = PERSON
) -> Person:
    """Return a fictional person born in 1954."""
    return Person(id, name, called="王奶奶", born=born, sex=Sex.FEMALE, zone_offset=ZONE)


def make_profile(
    *codes: ConditionCode,
    medicines: Iterable[MedicineClass] = (),
    born: date | None = date(1954, 3, 8),
    id: UUID = PERSON,
) -> Profile:
    """Return a profile with these conditions and classes of medicine."""
    return Profile(
        make_person(born=born, id=id),
        conditions=tuple(Condition(uid(code), id, code) for code in codes),
        medicines=tuple(
            Medicine(uid(kind), id, kind.value, medicine_class=kind) for kind in medicines
        ),
    )


def make_target(**limits: float | str) -> Target:
    """Return a doctor's target, for example `make_target(systolic=150, diastolic=90)`."""
    return Target(**{name: Decimal(str(value)) for name, value in limits.items()})


def make_plan(
    target: Target | None = None, *, health_group: HealthGroup | None = None, **fields: object
) -> Plan:
    """Return a plan with the shipped rulebook."""
    return Plan(rulebook(), target or Target(), health_group=health_group, **fields)  # type: ignore[arg-type]  # tests pass fields of Plan by name


def _moment(when: str | int) -> int:
    return at(when) if isinstance(when, str) else when


def bp(
    systolic: object,
    diastolic: object,
    when: str | int = "2026-01-05 07:30",
    *,
    pulse: object = 70,
    unit: Unit = Unit.MMHG,
    received: str | int | None = None,
    flags: Iterable[Flag] = (),
    symptoms: Iterable[Symptom] = (),
    posture: Posture = Posture.SITTING,
    setting: Setting = Setting.HOME,
    person_id: UUID | None = PERSON,
    id: UUID | None = None,
    **fields: object,
) -> Reading:
    """Return a blood-pressure reading that arrived when it was taken."""
    taken = _moment(when)
    return Reading(
        id=id or uid(("bp", str(systolic), str(diastolic), taken, posture)),
        person_id=person_id,
        kind=Kind.BLOOD_PRESSURE,
        taken_at=taken,
        unit=unit,
        v1=Decimal(str(systolic)),
        v2=Decimal(str(diastolic)),
        v3=None if pulse is None else Decimal(str(pulse)),
        received_at=taken if received is None else _moment(received),
        flags=frozenset(flags),
        symptoms=frozenset(symptoms),
        posture=posture,
        setting=setting,
        **fields,  # type: ignore[arg-type]  # tests pass further fields of Reading by name
    )


def glucose(
    value: object,
    when: str | int = "2026-01-05 07:30",
    context: MealContext = MealContext.RANDOM,
    *,
    unit: Unit = Unit.MMOL_L,
    received: str | int | None = None,
    flags: Iterable[Flag] = (),
    symptoms: Iterable[Symptom] = (),
    person_id: UUID | None = PERSON,
    id: UUID | None = None,
    **fields: object,
) -> Reading:
    """Return a glucose reading; `value` may be "HI" or "LO"."""
    taken = _moment(when)
    sentinel = value in ("HI", "LO")
    return Reading(
        id=id or uid(("glucose", str(value), taken, context)),
        person_id=person_id,
        kind=Kind.GLUCOSE,
        taken_at=taken,
        unit=unit,
        v1=None if sentinel else Decimal(str(value)),
        text=str(value) if sentinel else "",
        context=context,
        received_at=taken if received is None else _moment(received),
        flags=frozenset(flags),
        symptoms=frozenset(symptoms),
        **fields,  # type: ignore[arg-type]  # tests pass further fields of Reading by name
    )


def make_measurement(
    systolic: object = 128,
    diastolic: object = 82,
    when: str | int = "2026-01-05 07:30",
    *,
    record_key: str = "1",
    meter_id: str = "cuff-1",
    **fields: object,
) -> Measurement:
    """Return a cuff's measurement that belongs to nobody yet."""
    return Measurement(
        meter_id=meter_id,
        record_key=record_key,
        kind=Kind.BLOOD_PRESSURE,
        unit=Unit.MMHG,
        received_at=_moment(when),
        v1=Decimal(str(systolic)),
        v2=Decimal(str(diastolic)),
        **fields,  # type: ignore[arg-type]  # tests pass further fields of Measurement by name
    )
