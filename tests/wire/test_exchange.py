"""The envelope: ops are strict, kinds we do not know pass, and nothing shows what it carries."""

import json
from uuid import UUID

import pytest
from pydantic import ValidationError

from carehub.wire.accounts import SignIn
from carehub.wire.exchange import (
    LATEST,
    MOST_OPS,
    Act,
    Change,
    Entity,
    EntityKind,
    Op,
    PushRequest,
    op_of,
)

ID = UUID("01890000-0000-7000-8000-000000000001")
OP = {
    "op_id": str(ID), "person_id": str(ID), "kind": "reading", "entity_id": str(ID), "act": "add",
    "at": 5, "body": {"v1": "120"},
}  # fmt: skip


def test_a_known_kind_is_its_word_and_an_unknown_one_stays():
    known, strange = op_of(OP), op_of(OP | {"kind": "mood_diary"})
    assert known is not None
    assert strange is not None
    assert known.kind is EntityKind.READING
    assert strange.kind == "mood_diary"
    assert not isinstance(strange.kind, EntityKind)
    assert json.loads(strange.model_dump_json())["kind"] == "mood_diary"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kind": "Not A Word"}, {"kind": ""}, {"act": "explode"}, {"at": LATEST + 1}, {"at": "soon"},
        {"base": {"v1": -1}}, {"base": {"": 1}}, {"body": []}, {"op_id": "1"},
    ],
)  # fmt: skip
def test_what_is_no_op_is_none(spoilt):
    assert op_of(OP | spoilt) is None


def test_a_parcel_holds_no_more_than_agreed():
    with pytest.raises(ValidationError):
        PushRequest(device_id=ID, client_time=0, ops=[Op(**OP)] * (MOST_OPS + 1))


def test_what_travels_hides_its_values():
    change = Change(
        seq=1, kind=EntityKind.READING, entity_id=ID, act=Act.ADD, body={"v1": "213"},
        fields={"v1": 1}, op_id=ID, author=ID, device=ID, at=5,
    )  # fmt: skip
    entity = Entity(kind="reading", entity_id=ID, rev=1, body={"v1": "213"}, fields={"v1": 1})
    asked = SignIn(login="anna", password="secret-word", device={"id": ID})
    assert not [text for text in map(repr, (change, entity)) if "213" in text]
    assert "secret-word" not in repr(asked)
    assert "anna" not in repr(asked)


def test_a_refusal_does_not_repeat_what_was_given():
    with pytest.raises(ValidationError) as refused:
        SignIn(login="x" * 99, password="secret-word", device={"id": "secret-device"})
    assert "secret" not in str(refused.value)
