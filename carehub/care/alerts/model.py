"""What a finding and an alert are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

Inputs = Mapping[str, object]
"""What made a finding: reading ids, values as decimal strings with units, thresholds, windows. JSON."""


class Level(IntEnum):
    """How grave: 信息, 提示, 关注, 尽快, 急救."""

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3
    L4 = 4


class State(StrEnum):
    """Where an alert stands between being found and being over."""

    PENDING = "pending"
    ACTIVE = "active"
    ACKNOWLEDGED = "acked"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


OPEN_STATES = frozenset({State.PENDING, State.ACTIVE, State.ACKNOWLEDGED})
PLATFORM_RULES = frozenset({"STALE-CLIENT", "STALE-DATA"})
"""Rules that only the platform can apply: it alone hears when a machine falls silent."""


class Standing(StrEnum):
    """How a rule stands now: raises, waits for a recheck, holds above its clear limit, is over."""

    RAISE = "raise"
    CONFIRM = "confirm"
    HOLD = "hold"
    CLEAR = "clear"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one person now.

    `family` groups rules of which the gravest wins; `episode` makes the dedup key with person and
    rule; `readings` are the readings that made it; `text` is the msgid of the sentence to show and
    `advice` those of the steps to take; `replaced` are what corrections among them stand for.
    `recheck_at` is when to measure again, `changes_at` when time
    alone may change the finding; `tell_family` asks for the family although nobody ignored an alert.
    A finding that CLEARs or has EXPIRED closes an alert and never opens one.
    """

    rule: str
    version: str
    family: str
    level: Level
    standing: Standing
    episode: str
    text: str
    advice: tuple[str, ...] = ()
    readings: tuple[UUID, ...] = ()
    replaced: tuple[UUID, ...] = ()
    recheck_at: int | None = None
    changes_at: int | None = None
    tell_family: bool = False
    clock_suspect: bool = False
    historic: bool = False
    inputs: Inputs = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding that a person is to know of, from raise to end; times are UTC milliseconds.

    `id` is uuid5 of person, rule and episode, so that every machine mints the same.
    """

    id: UUID
    person_id: UUID
    rule: str
    version: str
    family: str
    level: Level
    state: State
    episode: str
    text: str
    raised_at: int
    advice: tuple[str, ...] = ()
    readings: tuple[UUID, ...] = ()
    renotified_at: tuple[int, ...] = ()
    due_at: int | None = None
    recheck_at: int | None = None
    acknowledged_at: int | None = None
    acknowledged_by: str = field(default="", repr=False)
    snoozed_until: int | None = None
    cleared_at: int | None = None
    clock_suspect: bool = False
    historic: bool = False
    inputs: Inputs = field(default_factory=dict, repr=False)

    @property
    def open(self) -> bool:
        """Tell whether somebody still has to look at it."""
        return self.state in OPEN_STATES
