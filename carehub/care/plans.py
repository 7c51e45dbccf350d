"""A care plan: the rulebook and what a doctor, the person or the family set for one person."""

from dataclasses import dataclass, field
from datetime import date
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
class Plan:
    """What the rules are measured with for one person.

    `below_floor` lets a doctor's pressure target count although it is under 130/80. `health_group`
    None is worked out from the conditions. `last_hba1c` None asks for no test. `glucose_every` is
    the number of days between planned glucose readings, None where none are planned. Minutes are
    counted from midnight on the person's own clock.
    """

    rulebook: "Rulebook" = field(repr=False)
    target: Target = field(default_factory=Target)
    below_floor: bool = False
    health_group: HealthGroup | None = None
    last_hba1c: date | None = field(default=None, repr=False)
    glucose_every: int | None = None
    ketone_strips: bool = False
    zone_offset: int = 480
    quiet_from: int = 21 * 60 + 30
    quiet_until: int = 6 * 60 + 30
    morning: int = 8 * 60
