"""Running sums over sittings, so that the mean of any window costs two look-ups."""

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

_FINE = Decimal("0.000001")
"""Means are rounded here: far below any meter, above what dividing and subtracting sums leaves."""


class Tally(NamedTuple):
    """What one sitting adds: pressures as at home, what they exceed the target by, and counts."""

    systolic: Decimal
    diastolic: Decimal
    over_systolic: Decimal
    over_diastolic: Decimal
    high: int = 0
    low: int = 0
    fast: int = 0
    slow: int = 0


_NOTHING = Tally(Decimal(0), Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Window:
    """The sittings of a stretch of time: how many, on how many days, and their sums."""

    sittings: int
    days: int
    sums: Tally = field(repr=False)

    def mean(self, name: str) -> Decimal:
        """Return the mean of a column; raises ZeroDivisionError on an empty window."""
        total = getattr(self.sums, name)
        if not self.sittings:
            raise ZeroDivisionError(name)
        mean = Decimal(total) / self.sittings
        return mean.quantize(_FINE)

    def enough(self, sittings: int, days: int) -> bool:
        """Tell whether it holds at least so many sittings on so many days."""
        return self.sittings >= sittings and self.days >= days


@dataclass(slots=True)
class Tallies:
    """Sittings in time order with their running sums; only the last one can be taken back."""

    times: list[int] = field(default_factory=list)
    _sums: list[Tally] = field(default_factory=lambda: [_NOTHING], repr=False)
    _days: list[int] = field(default_factory=list, repr=False)
    _distinct: list[int] = field(default_factory=lambda: [0], repr=False)

    def add(self, at: int, day: int, tally: Tally) -> None:
        """Add one sitting, not earlier than the last."""
        fresh = not self._days or self._days[-1] != day
        self.times.append(at)
        self._days.append(day)
        self._distinct.append(self._distinct[-1] + fresh)
        self._sums.append(_joined(self._sums[-1], tally, 1))

    def drop_last(self) -> None:
        """Take the last sitting back."""
        for column in (self.times, self._days, self._distinct, self._sums):
            column.pop()

    def between(self, after: int, until: int) -> Window:
        """Return the sums over sittings later than `after` and not later than `until`."""
        start = bisect_right(self.times, after)
        stop = bisect_right(self.times, until, lo=start)
        if start == stop:
            return Window(0, 0, _NOTHING)
        began_before = start > 0 and self._days[start - 1] == self._days[start]
        days = self._distinct[stop] - self._distinct[start] + began_before
        return Window(stop - start, days, _joined(self._sums[stop], self._sums[start], -1))


def _joined(total: Tally, other: Tally, sign: int) -> Tally:
    return Tally(
        total.systolic + sign * other.systolic,
        total.diastolic + sign * other.diastolic,
        total.over_systolic + sign * other.over_systolic,
        total.over_diastolic + sign * other.over_diastolic,
        total.high + sign * other.high,
        total.low + sign * other.low,
        total.fast + sign * other.fast,
        total.slow + sign * other.slow,
    )
