"""Requests and answers of the Record Access Control Point, composed by hand from its tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.devices import gatt
from carehub.devices.gatt.civil_time import DateTime
from carehub.devices.gatt.racp import (
    ABORT,
    COUNT_ALL,
    REPORT_ALL,
    REPORT_FIRST,
    REPORT_LAST,
    CountResponse,
    OpCode,
    Operator,
    Request,
    Response,
    ResponseCode,
    SequenceFilter,
    TimeFilter,
    count_from,
    decode,
    encode,
    report_between,
    report_from,
)
from carehub.errors import MalformedFrame

MARCH = DateTime(2026, 3, 1, 7, 30, 0)
APRIL = DateTime(2026, 4, 1, 7, 30, 0)

VECTORS = [
    ("04 01", COUNT_ALL),
    ("01 01", REPORT_ALL),
    ("01 05", REPORT_FIRST),
    ("01 06", REPORT_LAST),
    ("03 00", ABORT),
    ("01 03 01 2A00", report_from(42)),
    ("04 03 01 FFFF", count_from(65535)),
    ("01 04 01 0500 0A00", report_between(5, 10)),
    ("02 02 01 0A00", Request(OpCode.DELETE_RECORDS, Operator.UP_TO, SequenceFilter(None, 10))),
    (
        "01 03 02 EA07 03 01 07 1E 00",
        Request(OpCode.REPORT_RECORDS, Operator.FROM, TimeFilter(MARCH)),
    ),
    (
        "01 02 02 EA07 03 01 07 1E 00",
        Request(OpCode.REPORT_RECORDS, Operator.UP_TO, TimeFilter(None, MARCH)),
    ),
    (
        "04 04 02 EA07 03 01 07 1E 00 EA07 04 01 07 1E 00",
        Request(OpCode.COUNT_RECORDS, Operator.BETWEEN, TimeFilter(MARCH, APRIL)),
    ),
    ("05 00 0C", CountResponse(12, width=1)),
    ("05 00 F401", CountResponse(500)),
    ("05 00 A0860100", CountResponse(100_000, width=4)),
    ("06 00 01 01", Response(OpCode.REPORT_RECORDS, ResponseCode.SUCCESS)),
    ("06 00 01 06", Response(OpCode.REPORT_RECORDS, ResponseCode.NO_RECORDS_FOUND)),
    ("06 00 03 07", Response(OpCode.ABORT, ResponseCode.ABORT_UNSUCCESSFUL)),
    ("06 00 04 0A", Response(OpCode.COUNT_RECORDS, ResponseCode.SERVER_BUSY)),
]


@pytest.mark.parametrize(("sent", "command"), VECTORS)
def test_both_directions(sent, command):
    assert decode(bytes.fromhex(sent)) == command
    assert encode(command) == bytes.fromhex(sent)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "01",
        "01 01 00",  # all records, with an operand
        "03 00 00",  # abort, with an operand
        "03 03 01 2A00",
        "01 03",  # from, without a filter
        "01 03 01",
        "01 03 01 2A",
        "01 03 01 2A00 00",
        "01 04 01 0500 0A",
        "01 03 02 EA07 03 01 07 1E",
        "05 00",
        "05 00 010203",
        "05 00 0102030405",
        "06 00",
        "06 00 01",
        "06 00 01 01 00",
    ],
)
def test_a_broken_command_is_malformed(broken):
    with pytest.raises(MalformedFrame):
        decode(bytes.fromhex(broken))


@pytest.mark.parametrize(
    ("sent", "shape"),
    [
        ("04 01", {"op_code": "count_records", "operator": "all_records", "operand": None}),
        (
            "01 04 01 0500 0A00",
            {
                "op_code": "report_records",
                "operator": "between",
                "operand": {"filter_type": "sequence_number", "minimum": 5, "maximum": 10},
            },
        ),
        (
            "01 04 02 EA07 03 01 07 1E 00 EA07 0D 01 07 1E 00",
            {
                "op_code": "report_records",
                "operator": "between",
                "operand": {
                    "filter_type": "user_facing_time",
                    "minimum": "2026-03-01T07:30:00",
                    "maximum": None,
                },
                "reserved": {"operand": ["2026-13-01T07:30:00"]},
            },
        ),
        (
            "01 02 02 EA07 03 01 07 1E 00",
            {
                "op_code": "report_records",
                "operator": "up_to",
                "operand": {
                    "filter_type": "user_facing_time",
                    "minimum": None,
                    "maximum": "2026-03-01T07:30:00",
                },
            },
        ),
        (
            "01 03 02 EA07 03 01 07 1E 00",
            {
                "op_code": "report_records",
                "operator": "from",
                "operand": {
                    "filter_type": "user_facing_time",
                    "minimum": "2026-03-01T07:30:00",
                    "maximum": None,
                },
            },
        ),
        (
            "05 00 F401",
            {"op_code": "count_response", "operator": "null", "number_of_records": 500},
        ),
        (
            "06 00 01 06",
            {
                "op_code": "response",
                "operator": "null",
                "request_op_code": "report_records",
                "response_code": "no_records_found",
            },
        ),
        (
            "06 00 11 63",
            {
                "op_code": "response",
                "operator": "null",
                "request_op_code": None,
                "response_code": None,
                "reserved": {"request_op_code": 0x11, "response_code": 0x63},
            },
        ),
        # a maker's own op code, operator and filter keep their bytes
        (
            "11 07 AABB",
            {
                "op_code": None,
                "operator": None,
                "operand": None,
                "reserved": {"op_code": 0x11, "operator": 7, "operand": "aabb"},
            },
        ),
        (
            "01 03 04 0102030405",
            {
                "op_code": "report_records",
                "operator": "from",
                "operand": None,
                "reserved": {"operand": "040102030405"},
            },
        ),
        (
            "05 09 0C",
            {
                "op_code": "count_response",
                "operator": None,
                "number_of_records": 12,
                "reserved": {"operator": 9},
            },
        ),
    ],
)
def test_the_shape_of_a_command(sent, shape):
    assert gatt.describe(gatt.decode("2A52", bytes.fromhex(sent))) == shape


def test_a_response_answers_its_own_request_only():
    ended = Response(OpCode.REPORT_RECORDS, ResponseCode.SUCCESS)
    assert ended.succeeded
    assert ended.answers(REPORT_ALL)
    assert not ended.answers(COUNT_ALL)
    assert not Response(OpCode.REPORT_RECORDS, ResponseCode.PROCEDURE_NOT_COMPLETED).succeeded


@given(data=st.binary(max_size=24))
def test_what_decodes_encodes_to_the_same_bytes(data):
    try:
        command = decode(data)
    except MalformedFrame:
        return
    assert encode(command) == data


sequence_numbers = st.integers(0, 0xFFFF)
times = st.builds(
    DateTime,
    st.integers(0, 0xFFFF),
    *(st.integers(0, 0xFF) for _field in range(5)),
)
commands = st.one_of(
    st.sampled_from([COUNT_ALL, REPORT_ALL, REPORT_FIRST, REPORT_LAST, ABORT]),
    st.builds(report_from, sequence_numbers),
    st.builds(count_from, sequence_numbers),
    st.builds(report_between, sequence_numbers, sequence_numbers),
    st.builds(
        Request,
        st.just(OpCode.REPORT_RECORDS),
        st.just(Operator.BETWEEN),
        st.builds(TimeFilter, times, times),
    ),
    st.builds(CountResponse, sequence_numbers, st.sampled_from([2, 4])),
    st.builds(Response, st.integers(0, 255), st.integers(0, 255)),
)


@given(command=commands)
def test_what_is_encoded_decodes_to_the_same_command(command):
    assert decode(encode(command)) == command


def test_each_response_code_has_its_name():
    names = [
        "success",
        "op_code_not_supported",
        "invalid_operator",
        "operator_not_supported",
        "invalid_operand",
        "no_records_found",
        "abort_unsuccessful",
        "procedure_not_completed",
        "operand_not_supported",
        "server_busy",
    ]
    for code, name in enumerate(names, start=1):
        described = gatt.describe(gatt.decode("2A52", bytes((6, 0, 1, code))))
        assert described["response_code"] == name
