"""The course of a rule: when its episode began, whether it stands, waits for a recheck, or is over.

Two courses serve all rules. `Course` raises and clears with hysteresis as measurements come.
`Rechecked` waits after a dangerous value for more readings before it is confirmed (CLINICAL 4.2).
Both look only at measurements, never at when somebody looked, so every machine finds the same
episodes whatever the order in which readings reached it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto

from carehub.care.alerts.chart import Chart, Placed
from carehub.care.alerts.model import Level


class Verdict(Enum):
    """What one measurement says of a rule: raise it, clear it, neither, or nothing at all."""

    RAISE = auto()
    CLEAR = auto()
    BETWEEN = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Course:
    """Where a rule stands after a measurement; numbers are places in the rule's list.

    `first` opened the episode that is open (None: none is); `raised` is the latest that raised it;
    `held` tells that a later one neither raised nor cleared it; `ended` opened the last one over.
    """

    first: int | None = None
    raised: int = 0
    held: bool = False
    ended: int | None = None

    def after(self, index: int, verdict: Verdict) -> "Course":
        """Return where the rule stands when measurement `index` says `verdict`."""
        if verdict is Verdict.RAISE:
            first = index if self.first is None else self.first
            return replace(self, first=first, raised=index, held=False)
        if self.first is None or verdict is Verdict.SILENT:
            return self
        return self.over() if verdict is Verdict.CLEAR else replace(self, held=True)

    def over(self) -> "Course":
        """Return the course with its episode closed."""
        return self if self.first is None else Course(ended=self.first)


def course(
    chart: Chart,
    name: str,
    items: Sequence[Placed],
    verdict: Callable[[int], Verdict],
    expires: int,
) -> Course:
    """Follow a rule through its measurements; a gap longer than `expires` ms ends an episode."""

    def step(state: Course, index: int) -> Course:
        if index and items[index].at - items[index - 1].at > expires:
            state = state.over()
        return state.after(index, verdict(index))

    states = chart.walk(name, items, Course(), step)
    return states[-1] if states else Course()


class Phase(Enum):
    """How far a dangerous value has come."""

    NONE = auto()
    WAITING = auto()
    CONFIRMED = auto()
    UNCONFIRMED = auto()


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Where a rule that wants a recheck stands.

    `first` opened the episode, `start` is the dangerous reading now being rechecked by `rechecks`,
    `last` the latest dangerous one. `held`: a later reading is out of danger but not yet clear.
    """

    phase: Phase = Phase.NONE
    first: int = 0
    start: int = 0
    rechecks: tuple[int, ...] = ()
    last: int = 0
    held: bool = False
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Danger:
    """What is dangerous, how grave once confirmed, and how it is confirmed and cleared.

    `values` gives a reading's numbers, one per axis; `grave` and `clear` judge such numbers, or
    their means; `raises` tells whether one reading may open the episode. `rechecks` readings within
    `patience` ms decide; none at all (0) confirms at once. `apart` ms make another sitting.
    A `spoilt` measurement (a loose cuff, a moved arm) may be grave but never says that all is well.
    """

    name: str
    level: Level
    values: Callable[[int], tuple[Decimal, ...]]
    grave: Callable[[tuple[Decimal, ...]], bool]
    clear: Callable[[tuple[Decimal, ...]], bool]
    raises: Callable[[int], bool]
    rechecks: int
    patience: int
    apart: int
    anew: int
    expires: int
    doubtful: Callable[[int], bool] = lambda _index: False
    spoilt: Callable[[int], bool] = lambda _index: False
    occasion: str = "say"

    def good(self, index: int) -> bool:
        """Tell whether a measurement can be relied on to say that the danger is over."""
        return self.clear(self.values(index)) and not self.spoilt(index)

    def still(self, rechecks: tuple[int, ...]) -> bool:
        """Tell whether the mean of the rechecks is still dangerous."""
        columns = zip(*(self.values(index) for index in rechecks), strict=True)
        return self.grave(tuple(sum(c, Decimal(0)) / len(c) for c in columns))


def rechecked(chart: Chart, items: Sequence[Placed], danger: Danger) -> list[Rechecked]:
    """Follow a dangerous value through its rechecks; return the state after each measurement."""

    def step(state: Rechecked, index: int) -> Rechecked:
        state = timed_out(state, items, danger, items[index].at)
        if index and items[index].at - items[index - 1].at > danger.expires:
            state = _over(state)
        if state.phase is Phase.WAITING:
            return _with_recheck(state, danger, index)
        if state.phase is Phase.NONE or (
            state.phase is Phase.UNCONFIRMED and danger.grave(danger.values(index))
        ):
            return _opened(state, danger, index)
        return _followed(state, items, danger, index)  # confirmed, or never rechecked

    return chart.walk(danger.name, items, Rechecked(), step)


def timed_out(state: Rechecked, items: Sequence[Placed], danger: Danger, now: int) -> Rechecked:
    """Return the state after waiting until `now`: with too few rechecks, those there are decide."""
    if state.phase is not Phase.WAITING or now - items[state.start].at <= danger.patience:
        return state
    if not state.rechecks:
        return replace(state, phase=Phase.UNCONFIRMED)
    return _decided(state, danger)


def _over(state: Rechecked) -> Rechecked:
    return state if state.phase is Phase.NONE else Rechecked(ended=state.first)


def _opened(state: Rechecked, danger: Danger, index: int) -> Rechecked:
    if not danger.raises(index):
        return state
    first = index if state.phase is Phase.NONE else state.first
    phase = Phase.WAITING if danger.rechecks else Phase.CONFIRMED
    return Rechecked(phase, first, index, last=index, ended=state.ended)


def _with_recheck(state: Rechecked, danger: Danger, index: int) -> Rechecked:
    grave = danger.grave(danger.values(index))
    if danger.spoilt(index) and not grave:
        return state
    last = index if grave else state.last
    state = replace(state, rechecks=(*state.rechecks, index), last=last)
    return _decided(state, danger) if len(state.rechecks) >= danger.rechecks else state


def _decided(state: Rechecked, danger: Danger) -> Rechecked:
    if danger.still(state.rechecks):
        return replace(state, phase=Phase.CONFIRMED, held=False)
    return _over(state)


def _followed(state: Rechecked, items: Sequence[Placed], danger: Danger, index: int) -> Rechecked:
    """Follow an open episode: it clears in a later sitting, or by two good readings of this one."""
    if danger.grave(danger.values(index)):
        if items[index].at - items[index - 1].at > danger.anew:
            return _opened(state, danger, index)
        return replace(state, last=index, held=False)
    later = items[index].at - items[state.last].at > danger.apart
    twice = index - 1 > state.last and danger.good(index - 1)
    if danger.good(index) and (later or twice):
        return _over(state)
    return replace(state, held=True)
