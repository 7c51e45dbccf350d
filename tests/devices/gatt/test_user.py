"""User data frames composed by hand from the User Data Service's tables."""

from datetime import date

import pytest

from carehub.devices import gatt
from carehub.devices.gatt import user
from carehub.errors import MalformedFrame
from tests.helpers.shown import shown


def shape(uuid: str, text: str) -> dict[str, object]:
    return gatt.describe(gatt.decode(uuid, bytes.fromhex(text)))


@pytest.mark.parametrize(
    ("uuid", "sent", "described"),
    [
        ("2A9A", "02", {"user_index": 2}),
        ("2A9A", "FF", {"user_index": None}),
        ("2A80", "4F", {"years": 79}),
        ("2A85", "9B07 0C 1F", {"date": "1947-12-31"}),
        ("2A85", "9B07 00 00", {"date": None}),
        ("2A85", "9B07 02 1E", {"date": None, "reserved": {"date": "1947-02-30"}}),
        ("2A8C", "01", {"gender": "female"}),
        ("2A8C", "03", {"gender": None, "reserved": {"gender": 3}}),
        ("2A8E", "A500", {"height": "1.65", "unit": "m"}),
        ("2A98", "0433", {"weight": "65.300", "unit": "kg"}),
        ("2A99", "01000080", {"increment": 0x80000001}),
        ("2A8A", "E7A4BA E4BE8B", {"text": "示例"}),
        ("2A90", "E78E8B 00", {"text": "王"}),
    ],
)
def test_what_a_meter_knows_of_its_user(uuid, sent, described):
    assert shape(uuid, sent) == described


def test_a_birth_date_is_a_date():
    assert user.birth_date(bytes.fromhex("9B07 0C 1F")).civil == date(1947, 12, 31)


def command(**parts: object) -> dict[str, object]:
    empty = dict.fromkeys(("op_code", "user_index", "request_op_code", "response_code"))
    return {**empty, **parts}


@pytest.mark.parametrize(
    ("sent", "described"),
    [
        ("01 D204", command(op_code="register_new_user")),
        ("02 03 D204", command(op_code="consent", user_index=3)),
        ("03", command(op_code="delete_user_data")),
        ("04", command(op_code="list_all_users")),
        ("05 03", command(op_code="delete_users", user_index=3)),
        (
            "20 01 01 03",
            command(
                op_code="response",
                user_index=3,
                request_op_code="register_new_user",
                response_code="success",
            ),
        ),
        (
            "20 02 05",
            command(
                op_code="response",
                request_op_code="consent",
                response_code="user_not_authorized",
            ),
        ),
        (
            "20 40 09 AA",
            command(
                op_code="response",
                reserved={"request_op_code": 64, "response_code": 9, "parameter": "aa"},
            ),
        ),
        ("40", command(reserved={"op_code": 64})),
        ("40 0102", command(reserved={"op_code": 64, "parameter": "0102"})),
    ],
)
def test_choosing_a_user(sent, described):
    assert shape("2A9F", sent) == described


def test_a_consent_code_is_decoded_and_never_shown():
    decoded = user.command(bytes.fromhex("02 03 D204"))
    assert decoded.consent_code == 1234
    assert "1234" not in shown(decoded) + str(decoded.describe())


@pytest.mark.parametrize(
    ("uuid", "sent"),
    [("2A9F", "01 D2"), ("2A9F", "03 00"), ("2A9F", "20 01 01"), ("2A85", "9B07 0C"), ("2A80", "")],
)
def test_another_length_is_refused(uuid, sent):
    with pytest.raises(MalformedFrame):
        gatt.decode(uuid, bytes.fromhex(sent))
