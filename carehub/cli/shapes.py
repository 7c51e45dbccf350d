"""The JSON of people, readings and alerts; `docs/headless.md` promises each key.

Numbers of a measurement are decimal strings, times ISO 8601 with an offset, ids text.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from carehub.care.people import Person
from carehub.care.readings import Kind, Reading
from carehub.cli.times import written, written_or_none

if TYPE_CHECKING:
    from carehub.care.alerts.model import Alert

Shape = dict[str, object]


def digits(value: Decimal | None) -> str | None:
    """Write a number without an exponent and without idle zeros, as the archive keeps it."""
    return None if value is None else f"{value.normalize():f}"


def person(who: Person) -> Shape:
    """Return the shape of a person."""
    return {
        "id": str(who.id),
        "name": who.name,
        "called": who.called,
        "born": None if who.born is None else who.born.isoformat(),
        "sex": who.sex.value,
        "zone_offset": who.zone_offset,
    }


def reading(one: Reading) -> Shape:
    """Return the shape of a reading: its own values first, then what is the same for each kind."""
    zone = one.zone_offset
    return {
        "id": str(one.id),
        "person_id": None if one.person_id is None else str(one.person_id),
        "kind": one.kind.value,
        "taken_at": written(one.taken_at, zone),
        **_values(one),
        "unit": one.unit.value,
        "source": one.source.value,
        "setting": one.setting.value,
        "posture": one.posture.value,
        "flags": _sorted(one.flags),
        "symptoms": _sorted(one.symptoms),
        "time_quality": one.time_quality.value,
        "simulated": one.simulated,
        "replaces": None if one.replaces is None else str(one.replaces),
        "voided": one.voided,
    }


def alert(one: "Alert", zone_offset: int) -> Shape:
    """Return the shape of an alert; `inputs` are what its rule looked at."""
    return {
        "id": str(one.id),
        "person_id": str(one.person_id),
        "rule": one.rule,
        "version": one.version,
        "level": one.level.name,
        "state": one.state.value,
        "raised_at": written(one.raised_at, zone_offset),
        "renotified_at": [written(moment, zone_offset) for moment in one.renotified_at],
        "recheck_at": written_or_none(one.recheck_at, zone_offset),
        "acknowledged_at": written_or_none(one.acknowledged_at, zone_offset),
        "cleared_at": written_or_none(one.cleared_at, zone_offset),
        "historic": one.historic,
        "clock_suspect": one.clock_suspect,
        "readings": [str(reading_id) for reading_id in one.readings],
        "inputs": inputs(one.inputs, zone_offset),
    }


def inputs(made_of: Mapping[str, object], zone_offset: int) -> Shape:
    """Return what a rule looked at, its times (`…_at`) written as all others are."""
    return {
        name: written(value, zone_offset)
        if name.endswith("_at") and isinstance(value, int)
        else value
        for name, value in made_of.items()
    }


def _values(one: Reading) -> Shape:
    if one.kind is Kind.GLUCOSE:
        return {"glucose": one.text or digits(one.v1), "context": one.context.value}
    return {
        "systolic": digits(one.v1),
        "diastolic": digits(one.v2),
        "pulse": digits(one.v3),
        "mean_arterial_pressure": digits(one.mean),
    }


def _sorted(marks: Iterable[str]) -> list[str]:
    return sorted(str(mark) for mark in marks)
