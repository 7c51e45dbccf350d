"""User Data Service 1.1: whose values a meter shared by a household sends, and what it knows of them.

User index (2A9A), age (2A80, years), birth date (2A85), gender (2A8C), height (2A8E, steps of 0.01 m),
weight (2A98, steps of 0.005 kg), first name (2A8A) and last name (2A90), the change counter (2A99), and
the control point (2A9F) through which a user of the meter is chosen. Layout: User Data Service 1.1 and
the GATT Specification Supplement. A consent code is a secret: it is decoded, and never described.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Final

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
from carehub.devices.gatt.octets import Octets
from carehub.devices.gatt.steps import steps, text

_UNKNOWN_USER: Final = 255
_HEIGHT_STEP: Final = Decimal("0.01")
_WEIGHT_STEP: Final = Decimal("0.005")


class Gender(IntEnum):
    """What the meter was told."""

    MALE = 0
    FEMALE = 1
    UNSPECIFIED = 2


class UserOp(IntEnum):
    """What is asked of the meter about its users, or answered (User Control Point)."""

    REGISTER_NEW_USER = 0x01
    CONSENT = 0x02
    DELETE_USER_DATA = 0x03
    LIST_ALL_USERS = 0x04
    DELETE_USERS = 0x05
    RESPONSE = 0x20


class UserResponse(IntEnum):
    """How it ended."""

    SUCCESS = 1
    OP_CODE_NOT_SUPPORTED = 2
    INVALID_PARAMETER = 3
    OPERATION_FAILED = 4
    USER_NOT_AUTHORIZED = 5


@dataclass(frozen=True, slots=True)
class UserIndex:
    """One 2A9A: the user the meter has now; 255 means that it knows none."""

    index: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9A."""
        return {"user_index": None if self.index == _UNKNOWN_USER else self.index}


@dataclass(frozen=True, slots=True, repr=False)
class Age:
    """One 2A80: years."""

    years: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A80."""
        return {"years": self.years}


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate:
    """One 2A85: the fields as sent; 0 stands for a year, month or day that is not known."""

    year: int
    month: int
    day: int

    @property
    def civil(self) -> date | None:
        """Return the date, or None where it is not fully known or no date at all."""
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A85."""
        civil = self.civil
        odd = civil is None and 0 not in (self.year, self.month, self.day)
        return with_reserved(
            {"date": civil.isoformat() if civil else None},
            date=f"{self.year:04}-{self.month:02}-{self.day:02}" if odd else None,
        )


@dataclass(frozen=True, slots=True, repr=False)
class UserGender:
    """One 2A8C: the code that was sent."""

    code: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A8C."""
        return with_reserved(
            {"gender": code_name(Gender, self.code)}, gender=unnamed(Gender, self.code)
        )


@dataclass(frozen=True, slots=True, repr=False)
class UserHeight:
    """One 2A8E: metres."""

    metres: Decimal

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A8E."""
        return {"height": text(self.metres), "unit": "m"}


@dataclass(frozen=True, slots=True, repr=False)
class UserWeight:
    """One 2A98: kilograms."""

    kilograms: Decimal

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A98."""
        return {"weight": text(self.kilograms), "unit": "kg"}


@dataclass(frozen=True, slots=True)
class ChangeCounter:
    """One 2A99: grows whenever the data of the chosen user change on the meter."""

    increment: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A99."""
        return {"increment": self.increment}


@dataclass(frozen=True, slots=True)
class UserCommand:
    """One 2A9F; what the op code does not carry is None, and private operands stay as bytes.

    `consent_code` is a secret of 4 digits; it is in no repr and no description.
    """

    op_code: int
    user_index: int | None = None
    consent_code: int | None = field(default=None, repr=False)
    request_op_code: int | None = None
    response_code: int | None = None
    parameter: bytes | None = field(default=None, repr=False)

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9F."""
        return with_reserved(
            {
                "op_code": code_name(UserOp, self.op_code),
                "user_index": self.user_index,
                "request_op_code": code_name(UserOp, self.request_op_code),
                "response_code": code_name(UserResponse, self.response_code),
            },
            op_code=unnamed(UserOp, self.op_code),
            request_op_code=unnamed(UserOp, self.request_op_code),
            response_code=unnamed(UserResponse, self.response_code),
            parameter=self.parameter.hex() if self.parameter else None,
        )


def index(data: bytes) -> UserIndex:
    """Decode 2A9A User Index, exactly 1 byte."""
    octets = Octets(data)
    decoded = UserIndex(octets.u8())
    octets.end()
    return decoded


def age(data: bytes) -> Age:
    """Decode 2A80 Age, exactly 1 byte."""
    octets = Octets(data)
    decoded = Age(octets.u8())
    octets.end()
    return decoded


def birth_date(data: bytes) -> BirthDate:
    """Decode 2A85 Date of Birth, exactly 4 bytes."""
    octets = Octets(data)
    decoded = BirthDate(octets.u16(), octets.u8(), octets.u8())
    octets.end()
    return decoded


def gender(data: bytes) -> UserGender:
    """Decode 2A8C Gender, exactly 1 byte."""
    octets = Octets(data)
    decoded = UserGender(octets.u8())
    octets.end()
    return decoded


def height(data: bytes) -> UserHeight:
    """Decode 2A8E Height, exactly 2 bytes."""
    octets = Octets(data)
    decoded = UserHeight(steps(octets, _HEIGHT_STEP))
    octets.end()
    return decoded


def weight(data: bytes) -> UserWeight:
    """Decode 2A98 Weight, exactly 2 bytes."""
    octets = Octets(data)
    decoded = UserWeight(steps(octets, _WEIGHT_STEP))
    octets.end()
    return decoded


def change_counter(data: bytes) -> ChangeCounter:
    """Decode 2A99 Database Change Increment, exactly 4 bytes."""
    octets = Octets(data)
    decoded = ChangeCounter(octets.unsigned(4))
    octets.end()
    return decoded


def command(data: bytes) -> UserCommand:
    """Decode 2A9F User Control Point; the op code says how long it is.

    The answer to a successful registration carries the new user's index; others may carry more bytes.
    """
    octets = Octets(data)
    op_code = octets.u8()
    if op_code == UserOp.REGISTER_NEW_USER:
        decoded = UserCommand(op_code, consent_code=octets.u16())
    elif op_code == UserOp.CONSENT:
        decoded = UserCommand(op_code, octets.u8(), octets.u16())
    elif op_code == UserOp.DELETE_USERS:
        decoded = UserCommand(op_code, octets.u8())
    elif op_code == UserOp.RESPONSE:
        decoded = _response(octets)
    elif op_code in (UserOp.DELETE_USER_DATA, UserOp.LIST_ALL_USERS):
        decoded = UserCommand(op_code)
    else:
        decoded = UserCommand(op_code, parameter=octets.rest() or None)
    octets.end()
    return decoded


def _response(octets: Octets) -> UserCommand:
    asked, code = octets.u8(), octets.u8()
    registered = asked == UserOp.REGISTER_NEW_USER and code == UserResponse.SUCCESS
    return UserCommand(
        UserOp.RESPONSE,
        octets.u8() if registered else None,
        request_op_code=asked,
        response_code=code,
        parameter=octets.rest() or None if not registered else None,
    )
