"""What the home page shows, built from readings without Qt."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

State = Literal["in_target", "high", "low", "crisis", ""]


@dataclass(frozen=True, slots=True)
class Point:
    """One day or reading of the week's line; `at` runs from 0 (a week ago) to 1 (now)."""

    at: float
    value: Decimal = field(repr=False)
    in_target: bool = True


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest reading of one kind; `value` is empty where nothing was measured yet."""

    caption: str
    value: str = field(default="", repr=False)
    state: State = ""
    words: str = ""
    unit: str = ""
    week: tuple[Point, ...] = field(default=(), repr=False)
    target_low: Decimal | None = None
    target_high: Decimal | None = None
    week_spoken: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on the home page, in words."""

    greeting: str = field(repr=False)
    date_line: str
    pressure: Latest
    glucose: Latest
    sentence: str = field(default="", repr=False)
    report_badge: str = ""
    simulated: bool = False
