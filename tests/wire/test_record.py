"""A whole record as JSON: every list is there, every value comes back exactly."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.consent import Consent, Purpose
from carehub.care.meters import Meter
from carehub.care.people import ConditionCode
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind, Reading
from carehub.care.record import Attachment, Record
from carehub.wire.record import record_text
from carehub.wire.values import value_of
from tests.helpers.builders import PERSON, at, bp, glucose, make_profile, make_target, uid

NOW = at("2026-02-01 08:00")
WHOLE = Record(
    make_profile(ConditionCode.STROKE),
    make_target(systolic=150),
    GlucosePlan(Decimal("6.8"), date(2026, 1, 5)),
    readings=(bp("128.50", 82), replace(glucose("HI"), note="午饭后")),
    alerts=(
        Alert(
            uid("a"), PERSON, "R", "1", "f", Level.L1, State.ACTIVE, "e", "t", NOW,
            inputs={"systolic": "128"},
        ),
    ),
    consents=(Consent(uid("c"), PERSON, Purpose.ARCHIVE, "1", NOW),),
    meters=(Meter("m", "M", "d", "a", Kind.GLUCOSE),),
    attachments=(Attachment(uid("p"), PERSON, "image/png", 3),),
)  # fmt: skip


def read(record):
    return json.loads("".join(record_text(record, NOW)))


def test_every_part_of_a_record_is_there():
    whole = read(WHOLE)

    assert (whole["format"], whole["version"]) == ("carehub-record", 1)
    assert whole["made_at"] == "2026-02-01T00:00:00Z"
    assert whole["person"]["name"] == "王示例"
    assert whole["target"]["systolic"] == "150"
    agreed = whole["glucose_plan"]
    assert (agreed["hba1c"], agreed["hba1c_on"], agreed["every"]) == ("6.8", "2026-01-05", None)
    lists = {name: len(value) for name, value in whole.items() if isinstance(value, list)}
    assert lists == {
        "conditions": 1,
        "allergies": 0,
        "medicines": 0,
        "history": 0,
        "emergency_contacts": 0,
        "consents": 1,
        "meters": 1,
        "attachments": 1,
        "alerts": 1,
        "readings": 2,
    }


def test_readings_come_back_exactly():
    assert tuple(value_of(Reading, body) for body in read(WHOLE)["readings"]) == WHOLE.readings


def test_an_empty_record_is_valid_too():
    assert read(Record(make_profile()))["target"] is None
    assert read(Record(make_profile()))["glucose_plan"] is None
