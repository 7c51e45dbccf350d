"""How a measurement at home goes: sit, rest, two readings a minute apart, a third when they differ.

Source: the guided flow of home blood-pressure guidelines; the numbers are in `rules/protocol.toml`.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from carehub.care.readings import Flag, Reading
from carehub.care.units import in_mmhg

_SECOND = 1000


class Stage(StrEnum):
    """What the person does now."""

    SETTLE = "settle"
    REST = "rest"
    MEASURE = "measure"
    WAIT = "wait"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Protocol:
    """The protocol's numbers: seconds of rest and between readings, and the difference in mmHg."""

    version: str
    rest_seconds: int
    pause_seconds: int
    readings: int
    most_readings: int
    difference: Decimal

    @classmethod
    def from_toml(cls, text: str) -> "Protocol":
        """Read the numbers from the text of `rules/protocol.toml`."""
        table = tomllib.loads(text)
        numbers = table["blood_pressure"]
        return cls(
            version=str(table["version"]),
            rest_seconds=int(numbers["rest_seconds"]),
            pause_seconds=int(numbers["pause_seconds"]),
            readings=int(numbers["readings"]),
            most_readings=int(numbers["most_readings"]),
            difference=Decimal(str(numbers["difference_mmhg"])),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """The stage now; `until` (UTC ms) ends a rest or a wait; `number` is the reading it leads to."""

    stage: Stage
    until: int | None = None
    number: int = 0


def next_step(
    protocol: Protocol, settled_at: int | None, readings: Sequence[Reading], now: int
) -> Step:
    """Return what comes next in this sitting.

    `settled_at` is when the person said they sit well (None: not yet); `readings` are those of this
    sitting in order; a rest that the person cut short is told by a `settled_at` further back.
    """
    if settled_at is None:
        return Step(Stage.SETTLE)
    taken = len(readings)
    if taken == 0:
        return _after(settled_at + protocol.rest_seconds * _SECOND, Stage.REST, 1, now)
    if taken >= protocol.most_readings or (
        taken >= protocol.readings and not needs_another(protocol, readings)
    ):
        return Step(Stage.DONE, number=taken)
    arrived = max(readings[-1].received_at, readings[-1].taken_at)
    pause_from = min(arrived, now)
    return _after(pause_from + protocol.pause_seconds * _SECOND, Stage.WAIT, taken + 1, now)


def needs_another(protocol: Protocol, readings: Sequence[Reading]) -> bool:
    """Tell whether the first two differ too much, or a pulse was irregular: then a third is due."""
    if any(Flag.IRREGULAR_PULSE in reading.flags for reading in readings):
        return True
    first, second = readings[0], readings[1]
    return any(
        abs(in_mmhg(a, first.unit) - in_mmhg(b, second.unit)) > protocol.difference
        for a, b in ((first.v1, second.v1), (first.v2, second.v2))
        if a is not None and b is not None
    )


def _after(until: int, stage: Stage, number: int, now: int) -> Step:
    if now >= until:
        return Step(Stage.MEASURE, number=number)
    return Step(stage, until=until, number=number)
