"""A meter's clock: Date Time (2A08) and Current Time (2A2B), civil time without a zone.

Year, month or day 0 means that the meter does not know it (Date Time, GATT Specification
Supplement). Fields beyond their range (month 13, hour 25, 30 February) are kept as sent: they are
no time, but they are no reason either to lose the measurement that carries them.
"""

import struct
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from carehub.devices.gatt.bits import (
    Bits,
    Shape,
    code_name,
    named,
    single,
    unnamed,
    with_reserved,
)
from carehub.devices.gatt.octets import Octets

_DATE_TIME: Final = struct.Struct("<HBBBBB")


@dataclass(frozen=True, slots=True)
class DateTime:
    """Date Time (2A08), 7 bytes: the fields as sent, whether they make a time or not."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @classmethod
    def read(cls, octets: Octets) -> "DateTime":
        """Read the seven bytes of a Date Time."""
        return cls(*_DATE_TIME.unpack(octets.take(_DATE_TIME.size)))

    @classmethod
    def of(cls, moment: datetime) -> "DateTime":
        """Take the civil fields of `moment`, for writing a meter's clock."""
        return cls(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def encode(self) -> bytes:
        """Return the seven bytes, as written to a meter's clock."""
        return _DATE_TIME.pack(self.year, self.month, self.day, self.hour, self.minute, self.second)

    @property
    def unset(self) -> bool:
        """Tell whether the meter says that it does not know its year, month or day."""
        return 0 in (self.year, self.month, self.day)

    def civil(self) -> datetime | None:
        """Return the time without a zone, or None where it is unset or no time at all."""
        if self.unset:
            return None
        try:
            # combine, because a naive datetime is meant: the zone of a meter is not known
            return datetime.combine(
                date(self.year, self.month, self.day), time(self.hour, self.minute, self.second)
            )
        except ValueError:
            return None

    def later(self, minutes: int) -> datetime | None:
        """Return the civil time `minutes` later (or earlier), or None where there is none."""
        civil = self.civil()
        try:
            return civil + timedelta(minutes=minutes) if civil else None
        except OverflowError:
            return None

    def iso(self) -> str | None:
        """Return ISO 8601 without a zone ("2026-03-01T07:30:00"), or None."""
        civil = self.civil()
        return civil.isoformat() if civil else None

    def impossible(self) -> str | None:
        """Return the fields as text where they are set but make no time, so that they are kept."""
        if self.unset or self.civil():
            return None
        day = f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{day}T{self.hour:02}:{self.minute:02}:{self.second:02}"

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A08."""
        return with_reserved({"time": self.iso()}, time=self.impossible())


def shown(moment: DateTime | None) -> str | None:
    """Return the ISO form of a time that was sent and is one, else None."""
    return moment.iso() if moment else None


def unshown(moment: DateTime | None) -> str | None:
    """Return the fields of a time that was sent and cannot be, so that they are kept, else None."""
    return moment.impossible() if moment else None


class AdjustReason(StrEnum):
    """Why the clock was last changed (Current Time Service, Adjust Reason)."""

    MANUAL_UPDATE = "manual_update"
    EXTERNAL_REFERENCE = "external_reference"
    TIME_ZONE_CHANGE = "time_zone_change"
    DAYLIGHT_SAVING_CHANGE = "daylight_saving_change"


class DayOfWeek(IntEnum):
    """The day of the week; the code 0 means unknown."""

    UNKNOWN = 0
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


_ADJUST_REASONS: Final = single(*AdjustReason)
_NOT_ADJUSTED: Final[Bits[AdjustReason]] = Bits()
_ADJUST_BIT: Final = {reason: pattern for _, pattern, reason in _ADJUST_REASONS}


@dataclass(frozen=True, slots=True)
class CurrentTime:
    """Current Time (2A2B), 10 bytes: Date Time, day of the week, 1/256 s, why it was adjusted."""

    time: DateTime
    day_of_week: int = DayOfWeek.UNKNOWN
    fractions256: int = 0
    adjust_reason: Bits[AdjustReason] = _NOT_ADJUSTED

    @classmethod
    def of(cls, moment: datetime, *reasons: AdjustReason) -> "CurrentTime":
        """Take the civil fields of `moment`, for writing a meter's clock."""
        return cls(
            DateTime.of(moment),
            DayOfWeek(moment.isoweekday()),
            moment.microsecond * 256 // 1_000_000,
            Bits(reasons),
        )

    def encode(self) -> bytes:
        """Return the ten bytes, as written to a meter's clock."""
        adjust = self.adjust_reason.reserved
        for reason in self.adjust_reason.names:
            adjust |= _ADJUST_BIT[reason]
        return self.time.encode() + bytes((self.day_of_week, self.fractions256, adjust))

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A2B; `time` is in whole seconds."""
        weekday = code_name(DayOfWeek, self.day_of_week)
        return with_reserved(
            {
                "time": self.time.iso(),
                "day_of_week": None if self.day_of_week == DayOfWeek.UNKNOWN else weekday,
                "fractions256": self.fractions256,
                "adjust_reason": self.adjust_reason.listed(),
            },
            time=self.time.impossible(),
            day_of_week=unnamed(DayOfWeek, self.day_of_week),
            adjust_reason=self.adjust_reason.unknown,
        )


def date_time(data: bytes) -> DateTime:
    """Decode 2A08 Date Time, exactly 7 bytes."""
    octets = Octets(data)
    decoded = DateTime.read(octets)
    octets.end()
    return decoded


def current_time(data: bytes) -> CurrentTime:
    """Decode 2A2B Current Time, exactly 10 bytes."""
    octets = Octets(data)
    decoded = CurrentTime(
        DateTime.read(octets), octets.u8(), octets.u8(), named(octets.u8(), _ADJUST_REASONS)
    )
    octets.end()
    return decoded
