"""Readings and alerts as lines for people at a terminal."""

from typing import TYPE_CHECKING

from carehub.care.readings import Kind, MealContext, Reading
from carehub.cli.shapes import digits
from carehub.cli.times import day_and_time
from carehub.i18n import N_, _

if TYPE_CHECKING:
    from carehub.care.alerts.model import Alert


_CONTEXTS = {
    MealContext.FASTING: N_("fasting"),
    MealContext.BEFORE_MEAL: N_("before a meal"),
    MealContext.AFTER_MEAL: N_("2 hours after a meal"),
    MealContext.BEDTIME: N_("at bedtime"),
    MealContext.NIGHT: N_("at night"),
    MealContext.RANDOM: N_("at any time"),
}


def reading(one: Reading) -> str:
    """Return a reading as one line, with its id and what is unusual about it."""
    parts = [day_and_time(one.taken_at, one.zone_offset), values(one), *_marks(one), str(one.id)]
    return "  ".join(parts)


def values(one: Reading) -> str:
    """Return the values as one says them, with their unit."""
    if one.kind is Kind.GLUCOSE:
        shown = one.text or digits(one.v1)
        return _("glucose {value} {unit}, {context}").format(
            value=shown, unit=one.unit.value, context=_(_CONTEXTS[one.context])
        )
    told = _("blood pressure {systolic}/{diastolic} {unit}").format(
        systolic=digits(one.v1), diastolic=digits(one.v2), unit=one.unit.value
    )
    return told if one.v3 is None else told + _(", pulse {pulse}").format(pulse=digits(one.v3))


def _marks(one: Reading) -> list[str]:
    marks = {
        _("pretend meter"): one.simulated,
        _("corrected"): one.replaces is not None,
        _("void"): one.voided,
        _("nobody's yet"): one.person_id is None,
    }
    return ["[" + mark + "]" for mark, holds in marks.items() if holds]


def alert(one: "Alert", zone_offset: int) -> str:
    """Return an alert as one line: when, how grave, which rule, and its sentence."""
    when = day_and_time(one.raised_at, zone_offset)
    return f"{when}  {one.level.name}  {one.rule}  {one.state.value}  {_(one.text)}"
