"""A care plan: the rulebook and what a doctor, the person or the family set for one person."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from carehub.care.people import Target

if TYPE_CHECKING:
    from carehub.care.alerts.rulebook import Rulebook


class HealthGroup(StrEnum):
    """How well an older person is, as the geriatric diabetes guideline groups them."""

    GOOD = "good"
    MODERATE = "moderate"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class GlucosePlan:
    """What a doctor and a person agreed about that person's glucose.

    `hba1c` is the last result in per cent and `hba1c_on` the day of the test. `every` is the number
    of days between planned finger-stick readings, None where none are planned, and `every_since`
    (UTC ms) when that was agreed. `health_group` is the doctor's word, None where nobody said it.
    """

    hba1c: Decimal | None = field(default=None, repr=False)
    hba1c_on: date | None = field(default=None, repr=False)
    every: int | None = field(default=None, repr=False)
    every_since: int = 0
    health_group: HealthGroup | None = field(default=None, repr=False)
    ketone_strips: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules are measured with for one person.

    `below_floor` lets a doctor's pressure target count although it is under 130/80. `health_group`
    None is worked out from the conditions. `last_hba1c` None asks for no test. `glucose_every` is
    the number of days between planned glucose readings, None where none are planned; what was planned
    at `glucose_since` (UTC ms) cannot have been missed before. Minutes are counted from midnight on
    the person's own clock.
    """

    rulebook: "Rulebook" = field(repr=False)
    target: Target = field(default_factory=Target)
    below_floor: bool = False
    health_group: HealthGroup | None = None
    last_hba1c: date | None = field(default=None, repr=False)
    glucose_every: int | None = None
    glucose_since: int = 0
    ketone_strips: bool = False
    zone_offset: int = 480
    quiet_from: int = 21 * 60 + 30
    quiet_until: int = 6 * 60 + 30
    morning: int = 8 * 60
