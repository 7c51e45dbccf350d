"""What was agreed about a person's glucose, in words, and what is typed of it; free of Qt."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from carehub.care.alerts.rulebook import Rulebook
from carehub.care.believable import hba1c_limits
from carehub.care.plans import GlucosePlan, HealthGroup
from carehub.i18n import N_, _
from carehub.ui import phrases

HEADING = N_("Glucose plan")
NEVER = "never"
UNTOLD = "untold"

EVERY: dict[str, str] = {
    NEVER: N_("No plan"),
    "1": N_("Every day"),
    "2": N_("Every 2 days"),
    "3": N_("Every 3 days"),
    "7": N_("Once a week"),
}
"""How often glucose is to be measured, by the number of days."""

GROUPS: dict[str, str] = {
    UNTOLD: N_("Not told"),
    HealthGroup.GOOD.value: N_("Good"),
    HealthGroup.MODERATE.value: N_("Middling"),
    HealthGroup.POOR.value: N_("Frail"),
}
"""The groups of the guideline for older people, as a doctor says them."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan as it stands, and its HbA1c in words; `result` is empty where none is known."""

    plan: GlucosePlan = field(default_factory=GlucosePlan, repr=False)
    result: str = field(default="", repr=False)
    tested: str = field(default="", repr=False)
    next: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """An HbA1c that was typed, or what is wrong with it."""

    hba1c: Decimal | None = field(default=None, repr=False)
    on: date | None = field(default=None, repr=False)
    trouble: str = ""


def view_of(plan: GlucosePlan, rulebook: Rulebook, today: date) -> PlanView:
    """Return the page of a plan; `today` is where the person lives."""
    if plan.hba1c_on is None:
        return PlanView(plan)
    due = plan.hba1c_on + timedelta(days=rulebook["G-A1C"].whole("days"))
    pattern = _("The next test is due on {day}") if due >= today else _("It was due on {day}")
    return PlanView(
        plan,
        result=percent(plan.hba1c) or _("No value"),
        tested=_("Tested on {day}").format(day=phrases.day(plan.hba1c_on, year=True)),
        next=pattern.format(day=phrases.day(due, year=due.year != today.year)),
    )


def percent(value: Decimal | None) -> str:
    """Return an HbA1c as it stands on the paper, or nothing where it is not known."""
    return "" if value is None else f"{value.normalize():f} %"


def hba1c_lines(plan: GlucosePlan) -> list[str]:
    """Return the last HbA1c with its day as one line; none where it is not known."""
    if plan.hba1c_on is None:
        return []
    pattern = _("HbA1c {value}, {day}") if plan.hba1c is not None else _("HbA1c, {day}")
    day = phrases.day(plan.hba1c_on, year=True)
    return [pattern.format(value=percent(plan.hba1c), day=day)]


def plan_lines(plan: GlucosePlan) -> list[str]:
    """Return a plan in at most two lines; none where nothing was agreed."""
    lines = hba1c_lines(plan)
    if plan.every == 1:
        lines.append(_("Measure glucose every day"))
    elif plan.every is not None:
        lines.append(_("Measure glucose every {count} days").format(count=plan.every))
    others = plan.health_group is not None or plan.ketone_strips
    return lines or ([_("Set")] if others else [])


def every_of(key: str) -> int | None:
    """Return the days between readings that a choice means."""
    return None if key == NEVER else int(key)


def group_of(key: str) -> HealthGroup | None:
    """Return the group that a choice means."""
    return None if key == UNTOLD else HealthGroup(key)


def typed_of(text: str, on: date | None, rulebook: Rulebook, today: date) -> Typed:
    """Return the HbA1c that was typed, or what is wrong with it.

    The value may stay empty, for the day alone tells when the next test is due.
    """
    low, high = hba1c_limits(rulebook)
    value = _number(text)
    if text and (value is None or not low <= value <= high):
        said = _("HbA1c: between {low} and {high}, please.").format(low=low, high=high)
        return Typed(trouble=said)
    if on is None:
        return Typed(trouble=_("Please give the day of the test: year, month and day."))
    if on > today:
        return Typed(trouble=_("That day is still to come. Give the day of the HbA1c test."))
    return Typed(value, on)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
