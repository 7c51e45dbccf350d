"""Whether the family knows: one line under an alert that is only ever what is true."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.alerts.model import PLATFORM_RULES, Alert, Level
from carehub.care.escalation import FAMILY, Escalation, Progress, Rung, Told
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.screens.alert.model import ALONE, pressing

if TYPE_CHECKING:
    from carehub.workflows.escalations import Telling

UNREACHED = N_("The family could not be told. Please call them.")
ON_ITS_WAY = N_("The family is being told.")
SEEN = N_("The family can see this. Nobody was called yet.")
NOT_YET = N_("The family was not told of this.")


def calls_family(alert: Alert) -> bool:
    """Tell whether an alert is of those that the family is told of, now or once it is confirmed."""
    return pressing(alert) or alert.level >= Level.L3 or alert.rule in PLATFORM_RULES


def told_of(telling: "Telling", now: int, zone_offset: int) -> str:
    """Return the line: who took it in hand, who has it, or that nobody in the family could be told."""
    if not telling.shares:
        return _(ALONE)
    escalation = telling.escalation
    if escalation is None and not telling.calls:
        return _(SEEN) if telling.seen_by and telling.sent else _(NOT_YET)
    if escalation is None:
        return _(UNREACHED) if telling.failing and not telling.sent else _(ON_ITS_WAY)
    if escalation.state is Progress.ACKNOWLEDGED and escalation.acknowledged_at is not None:
        at = phrases.when(escalation.acknowledged_at, now, zone_offset)
        return _("{name} saw this {when}").format(name=escalation.acknowledged_by, when=at)
    return " ".join(each for each in (_family(escalation), _clinic(escalation)) if each)


def line_of(alert: Alert, telling: "Mapping[UUID, Telling]", now: int, zone_offset: int) -> str:
    """Return the line for a page of several things: only where the platform told or should tell."""
    known = telling.get(alert.id)
    if known is None or (known.escalation is None and not (known.calls and known.shares)):
        return ""
    return told_of(known, now, zone_offset)


def _family(escalation: Escalation) -> str:
    has = [
        step for step in escalation.told if step.rung in FAMILY and step.delivered_at is not None
    ]
    if has:
        return _("{names} got this notice.").format(names=", ".join(step.name for step in has))
    return _(UNREACHED) if escalation.unreached else _(ON_ITS_WAY)


def _clinic(escalation: Escalation) -> str:
    asked = next((step for step in escalation.told if _asked(step)), None)
    return "" if asked is None else _("{name} was asked to help.").format(name=asked.name)


def _asked(step: Told) -> bool:
    return step.rung is Rung.CLINIC and not step.skipped
