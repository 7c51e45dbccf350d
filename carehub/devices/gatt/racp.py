"""Record Access Control Point (2A52): asking a meter for its stored records, and its answers.

A command is an op code, an operator and an operand. A request for records from, to or between
points names a filter first: sequence number (u16) or user-facing time (Date Time), as in the Glucose
Service 1.0.1, section 3.4. A count answers with one number, of 1, 2 or 4 bytes as meters vary; every
other procedure ends with a response: the request's op code and a response code. The same bytes can
travel either way, so one decoder serves both ends, and `encode` makes both ends' bytes.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
from carehub.devices.gatt.civil_time import DateTime
from carehub.devices.gatt.octets import Octets
from carehub.errors import MalformedFrame
from carehub.i18n import _


class OpCode(IntEnum):
    """What is asked or answered."""

    REPORT_RECORDS = 1
    DELETE_RECORDS = 2
    ABORT = 3
    COUNT_RECORDS = 4
    COUNT_RESPONSE = 5
    RESPONSE = 6


class Operator(IntEnum):
    """Which records; `up_to` and `from` include the value they name."""

    NULL = 0
    ALL_RECORDS = 1
    UP_TO = 2
    FROM = 3
    BETWEEN = 4
    FIRST_RECORD = 5
    LAST_RECORD = 6


class ResponseCode(IntEnum):
    """How a procedure ended; a code 10 (busy) is of newer services."""

    SUCCESS = 1
    OP_CODE_NOT_SUPPORTED = 2
    INVALID_OPERATOR = 3
    OPERATOR_NOT_SUPPORTED = 4
    INVALID_OPERAND = 5
    NO_RECORDS_FOUND = 6
    ABORT_UNSUCCESSFUL = 7
    PROCEDURE_NOT_COMPLETED = 8
    OPERAND_NOT_SUPPORTED = 9
    SERVER_BUSY = 10


class FilterType(IntEnum):
    """By what the records are chosen."""

    SEQUENCE_NUMBER = 1
    USER_FACING_TIME = 2


@dataclass(frozen=True, slots=True)
class SequenceFilter:
    """Records by sequence number, both ends included; an open end is None."""

    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """Records by user-facing time, both ends included; an open end is None."""

    minimum: DateTime | None = None
    maximum: DateTime | None = None


Operand: TypeAlias = SequenceFilter | TimeFilter | bytes | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; an operand that no profile explains stays as bytes."""

    op_code: int
    operator: int = Operator.NULL
    operand: Operand = None

    def describe(self) -> Shape:
        """Return the JSON shape of a request."""
        raw = self.operand if isinstance(self.operand, bytes) else None
        return with_reserved(
            {**_head(self.op_code, self.operator), "operand": _operand_shape(self.operand)},
            **_unnamed_head(self.op_code, self.operator),
            operand=raw.hex() if raw else _impossible_times(self.operand),
        )


@dataclass(frozen=True, slots=True)
class CountResponse:
    """How many records match; `width` is the bytes it was sent in (1, 2 or 4)."""

    number_of_records: int
    width: int = 2
    operator: int = Operator.NULL

    def describe(self) -> Shape:
        """Return the JSON shape of a count."""
        return with_reserved(
            {
                **_head(OpCode.COUNT_RESPONSE, self.operator),
                "number_of_records": self.number_of_records,
            },
            operator=unnamed(Operator, self.operator),
        )


@dataclass(frozen=True, slots=True)
class Response:
    """How the procedure that `request_op_code` started has ended."""

    request_op_code: int
    response_code: int
    operator: int = Operator.NULL

    @property
    def succeeded(self) -> bool:
        """Tell whether the procedure ran to its end."""
        return self.response_code == ResponseCode.SUCCESS

    def answers(self, request: Request) -> bool:
        """Tell whether this ends `request`; others are left over from an earlier procedure."""
        return self.request_op_code == request.op_code

    def describe(self) -> Shape:
        """Return the JSON shape of a response."""
        return with_reserved(
            {
                **_head(OpCode.RESPONSE, self.operator),
                "request_op_code": code_name(OpCode, self.request_op_code),
                "response_code": code_name(ResponseCode, self.response_code),
            },
            operator=unnamed(Operator, self.operator),
            request_op_code=unnamed(OpCode, self.request_op_code),
            response_code=unnamed(ResponseCode, self.response_code),
        )


Command: TypeAlias = Request | CountResponse | Response

COUNT_ALL: Final = Request(OpCode.COUNT_RECORDS, Operator.ALL_RECORDS)
REPORT_ALL: Final = Request(OpCode.REPORT_RECORDS, Operator.ALL_RECORDS)
REPORT_FIRST: Final = Request(OpCode.REPORT_RECORDS, Operator.FIRST_RECORD)
REPORT_LAST: Final = Request(OpCode.REPORT_RECORDS, Operator.LAST_RECORD)
ABORT: Final = Request(OpCode.ABORT)

_FILTERED: Final = frozenset({Operator.UP_TO, Operator.FROM, Operator.BETWEEN})
_COUNT_WIDTHS: Final = frozenset({1, 2, 4})


def count_from(sequence_number: int) -> Request:
    """Ask how many records there are from this sequence number on, itself included."""
    return Request(OpCode.COUNT_RECORDS, Operator.FROM, SequenceFilter(sequence_number))


def report_from(sequence_number: int) -> Request:
    """Ask for the records from this sequence number on, itself included."""
    return Request(OpCode.REPORT_RECORDS, Operator.FROM, SequenceFilter(sequence_number))


def report_between(first: int, last: int) -> Request:
    """Ask for the records from `first` to `last`, both included."""
    return Request(OpCode.REPORT_RECORDS, Operator.BETWEEN, SequenceFilter(first, last))


def encode(command: Command) -> bytes:
    """Return the bytes of a request or an answer."""
    if isinstance(command, Request):
        return bytes((command.op_code, command.operator)) + _operand_bytes(command.operand)
    if isinstance(command, CountResponse):
        count = command.number_of_records.to_bytes(command.width, "little")
        return bytes((OpCode.COUNT_RESPONSE, command.operator)) + count
    return bytes(
        (OpCode.RESPONSE, command.operator, command.request_op_code, command.response_code)
    )


def decode(data: bytes) -> Command:
    """Decode 2A52, from 2 bytes on."""
    octets = Octets(data)
    op_code, operator = octets.u8(), octets.u8()
    command: Command
    if op_code == OpCode.COUNT_RESPONSE:
        command = _count_response(operator, octets)
    elif op_code == OpCode.RESPONSE:
        command = Response(octets.u8(), octets.u8(), operator)
    else:
        command = Request(op_code, operator, _operand(op_code, operator, octets))
    octets.end()
    return command


def _count_response(operator: int, octets: Octets) -> CountResponse:
    width = octets.left
    if width not in _COUNT_WIDTHS:
        raise MalformedFrame(
            _("A number of records takes 1, 2 or 4 bytes, not {arrived}.").format(arrived=width)
        )
    return CountResponse(octets.unsigned(width), width, operator)


def _operand(op_code: int, operator: int, octets: Octets) -> Operand:
    # Private op codes and operators (Omron's 0x11 is one) have private operands.
    if unnamed(OpCode, op_code) is not None or unnamed(Operator, operator) is not None:
        return octets.rest() or None
    if op_code == OpCode.ABORT or operator not in _FILTERED:
        return None
    filter_type = octets.u8()
    if filter_type == FilterType.SEQUENCE_NUMBER:
        return SequenceFilter(
            octets.u16() if operator != Operator.UP_TO else None,
            octets.u16() if operator != Operator.FROM else None,
        )
    if filter_type == FilterType.USER_FACING_TIME:
        return TimeFilter(
            DateTime.read(octets) if operator != Operator.UP_TO else None,
            DateTime.read(octets) if operator != Operator.FROM else None,
        )
    return bytes((filter_type,)) + octets.rest()


def _operand_bytes(operand: Operand) -> bytes:
    if operand is None or isinstance(operand, bytes):
        return operand or b""
    if isinstance(operand, SequenceFilter):
        ends = (operand.minimum, operand.maximum)
        values = b"".join(end.to_bytes(2, "little") for end in ends if end is not None)
        return bytes((FilterType.SEQUENCE_NUMBER,)) + values
    moments = (operand.minimum, operand.maximum)
    times = b"".join(moment.encode() for moment in moments if moment is not None)
    return bytes((FilterType.USER_FACING_TIME,)) + times


def _head(op_code: int, operator: int) -> Shape:
    return {"op_code": code_name(OpCode, op_code), "operator": code_name(Operator, operator)}


def _unnamed_head(op_code: int, operator: int) -> Shape:
    return {"op_code": unnamed(OpCode, op_code), "operator": unnamed(Operator, operator)}


def _operand_shape(operand: Operand) -> Shape | None:
    if isinstance(operand, SequenceFilter):
        return {
            "filter_type": "sequence_number",
            "minimum": operand.minimum,
            "maximum": operand.maximum,
        }
    if isinstance(operand, TimeFilter):
        return {
            "filter_type": "user_facing_time",
            "minimum": operand.minimum.iso() if operand.minimum else None,
            "maximum": operand.maximum.iso() if operand.maximum else None,
        }
    return None


def _impossible_times(operand: Operand) -> list[str] | None:
    if not isinstance(operand, TimeFilter):
        return None
    moments = (moment for moment in (operand.minimum, operand.maximum) if moment)
    return [text for moment in moments if (text := moment.impossible())] or None
