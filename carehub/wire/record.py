"""A person's whole record as one JSON object, field by field as CareHub keeps it."""

import json
from collections.abc import Iterator

from carehub.care.record import Record
from carehub.wire.fhir.elements import moment
from carehub.wire.values import body_of

FORMAT = "carehub-record"
VERSION = 1
"""Goes up when a field changes its meaning; a new field does not change it."""


def record_text(record: Record, now: int) -> Iterator[str]:
    """Yield the JSON text, one value on each line; decimals are text, times UTC milliseconds."""
    profile = record.profile
    head: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": moment(now),
        "person": body_of(profile.person),
        "target": None if record.target is None else body_of(record.target),
        "glucose_plan": None if record.glucose_plan is None else body_of(record.glucose_plan),
    }
    yield _json(head)[:-1]
    lists: dict[str, tuple[object, ...]] = {
        "conditions": profile.conditions,
        "allergies": profile.allergies,
        "medicines": profile.medicines,
        "history": profile.history,
        "emergency_contacts": profile.contacts,
        "consents": record.consents,
        "meters": record.meters,
        "attachments": record.attachments,
        "alerts": record.alerts,
        "readings": record.readings,
    }
    for name, values in lists.items():
        yield f',\n"{name}": ['
        yield from (("," if n else "") + "\n" + _json(body_of(v)) for n, v in enumerate(values))
        yield "]"
    yield "}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
