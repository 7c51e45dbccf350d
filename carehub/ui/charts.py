"""What a chart shows, without any library that draws: one model for screen, paper and the voice.

The week is drawn as one column for each day; longer periods as traces of many points.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from carehub.care.trends import Period

MOST_POINTS = 1500
"""More points than this cannot be told apart on a screen; they are thinned out before drawing."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a day's bar: the value, how it is written, whether it is in target."""

    value: Decimal = field(repr=False)
    shown: str = field(repr=False)
    in_target: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the week: its name and up to two ends; without ends nothing was measured."""

    name: str
    top: End | None = None
    bottom: End | None = None
    today: bool = False

    @property
    def in_target(self) -> bool | None:
        """Tell whether the whole day was in target; None where nothing was measured."""
        ends = [end for end in (self.top, self.bottom) if end is not None]
        return all(end.in_target for end in ends) if ends else None


@dataclass(frozen=True, slots=True)
class Band:
    """A target as a band from `low` to `high`, with the two lines of its label."""

    low: Decimal
    high: Decimal
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Points of one quantity in time order: UTC milliseconds, values, and whether in target.

    A `faint` trace is a cloud of single readings behind the means.
    """

    name: str
    at: Sequence[int] = field(repr=False)
    values: Sequence[float] = field(repr=False)
    in_target: Sequence[bool] = field(repr=False)
    faint: bool = False

    def thinned(self, most: int = MOST_POINTS) -> "Trace":
        """Return the trace with at most about `most` points that keep its shape and extremes."""
        if len(self.at) <= most:
            return self
        import numpy as np
        from tsdownsample import MinMaxLTTBDownsampler

        at = np.asarray(self.at, dtype=np.int64)
        values = np.asarray(self.values, dtype=np.float64)
        thinner = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call]  # it ships no types
        kept = thinner.downsample(at, values, n_out=most)
        pick = [int(place) for place in kept]
        return replace(
            self,
            at=[self.at[n] for n in pick],
            values=[self.values[n] for n in pick],
            in_target=[self.in_target[n] for n in pick],
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `columns` for a week, `traces` for longer; `spoken` says the same in words."""

    period: Period
    since: int
    until: int
    zone_offset: int
    columns: tuple[Column, ...] = ()
    traces: tuple[Trace, ...] = ()
    bands: tuple[Band, ...] = ()
    decimals: int = 0
    spoken: str = field(default="", repr=False)

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        some = any(column.in_target is not None for column in self.columns)
        return not some and not any(trace.at for trace in self.traces)

    def reach(self) -> tuple[float, float]:
        """Return the least and the largest value that must be seen: points and bands."""
        values = [float(edge) for band in self.bands for edge in (band.low, band.high)]
        for column in self.columns:
            ends = (column.top, column.bottom)
            values += [float(end.value) for end in ends if end is not None]
        for trace in self.traces:
            if trace.values:
                values += [min(trace.values), max(trace.values)]
        return (min(values), max(values)) if values else (0.0, 1.0)


def nearest(trace: Trace, at: int) -> int | None:
    """Return the place of the point that is nearest in time; None where there is none."""
    if not trace.at:
        return None
    return min(range(len(trace.at)), key=lambda n: abs(trace.at[n] - at))
