"""The one-page summary for a doctor: the health archive, last week, alerts; free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from carehub.care.alerts.model import Alert, Level
from carehub.care.people import Condition, ConditionCode, Profile, Sex
from carehub.care.plans import GlucosePlan
from carehub.care.readings import MealContext, Reading
from carehub.care.series import Series, series_of
from carehub.care.units import in_mmol
from carehub.i18n import N_, _, ngettext
from carehub.ui import phrases
from carehub.ui.screens.health.glucose_plan import hba1c_lines
from carehub.ui.screens.health.picks import NONE, UNKNOWN, Topic, said
from carehub.ui.terms import CONDITIONS, MEALS, SEXES

FOOTNOTE = N_(
    "Written by the person's own computer from their own measurements; it does not replace a "
    "doctor's judgement. In an emergency call 120."
)
_SHOWN_ALERTS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines."""

    heading: str
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConsultView:
    """What a doctor reads, top to bottom."""

    who: str = field(repr=False)
    made: str
    parts: tuple[Part, ...] = field(repr=False)


def view_of(
    profile: Profile,
    pressure: Sequence[Reading],
    glucose: Sequence[Reading],
    alerts: Sequence[Alert],
    now: int,
    plan: GlucosePlan | None = None,
) -> ConsultView:
    """Return the summary; readings of the last 7 days oldest first, alerts of the last 30 days.

    The last HbA1c of the glucose plan stands beside what the finger-stick meter showed.
    """
    person = profile.person
    today = phrases.local(now, person.zone_offset).date()
    age = person.age_on(today)
    words = [person.name]
    if person.sex is not Sex.UNKNOWN:
        words.append(_(SEXES[person.sex]))
    if age is not None:
        words.append(_("{age} years old").format(age=age))
    tested = hba1c_lines(plan or GlucosePlan())
    parts = (
        Part(_("Conditions"), _conditions(profile)),
        Part(_("Allergies"), _allergies(profile)),
        Part(_("Medicines in use"), _medicines(profile)),
        Part(_("Blood pressure, last 7 days"), _pressure(pressure)),
        Part(_("Glucose, last 7 days"), (*_glucose(glucose), *tested)),
        Part(_("Alerts, last 30 days"), _alerts(alerts, person.zone_offset)),
    )
    made = _("Made on {day}").format(day=phrases.day(today, year=True))
    return ConsultView("  ".join(words), made, parts)


def _condition(condition: Condition) -> str:
    plain = condition.code is ConditionCode.OTHER and condition.name
    name = condition.name if plain else _(CONDITIONS[condition.code])
    if condition.since is None:
        return name
    return _("{name}, since {year}").format(name=name, year=condition.since)


def _conditions(profile: Profile) -> tuple[str, ...]:
    return tuple(map(_condition, profile.conditions)) or (_nothing(profile, Topic.CONDITIONS),)


def _nothing(profile: Profile, topic: Topic) -> str:
    """Return what a doctor reads where there is nothing: said to be none, not known, never asked."""
    words = {NONE: _("None, says the person"), UNKNOWN: _("The person does not know")}
    return words.get(said(profile, topic), _("None recorded"))


def _allergies(profile: Profile) -> tuple[str, ...]:
    lines = tuple(
        _("{substance}: {reaction}").format(substance=a.substance, reaction=a.reaction)
        if a.reaction
        else a.substance
        for a in profile.allergies
    )
    return lines or (_nothing(profile, Topic.ALLERGIES),)


def _medicines(profile: Profile) -> tuple[str, ...]:
    used = [medicine for medicine in profile.medicines if not medicine.stopped]
    lines = tuple("  ".join(part for part in (m.name, m.dose, m.timing) if part) for m in used)
    return lines or (_nothing(profile, Topic.MEDICINES),)


def _pressure(readings: Sequence[Reading]) -> tuple[str, ...]:
    series = [s for s in series_of(readings) if len(s.mean) == 2]
    if not series:
        return (_("Not measured"),)
    upper, lower = _mean([s.mean[0] for s in series]), _mean([s.mean[1] for s in series])
    highest = max(series, key=lambda s: s.mean)
    return (
        _("Mean {upper}/{lower} mmHg, measured at home").format(upper=upper, lower=lower),
        ngettext("{count} sitting", "{count} sittings", len(series)).format(count=len(series))
        + _(", highest {value}").format(value=_pair(highest)),
    )


def _pair(series: Series) -> str:
    return "/".join(str(_mean([value])) for value in series.mean)


def _mean(values: Sequence[Decimal]) -> Decimal:
    total = sum(values, Decimal(0)) / len(values)
    return total.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _glucose(readings: Sequence[Reading]) -> tuple[str, ...]:
    lines = []
    for context in MealContext:
        values = [
            in_mmol(r.v1, r.unit) for r in readings if r.context is context and r.v1 is not None
        ]
        if values:
            low, high = (v.quantize(Decimal("0.1")) for v in (min(values), max(values)))
            span = str(low) if low == high else f"{low}–{high}"
            line = _("{meal}: {span} mmol/L, {count} times")
            lines.append(line.format(meal=_(MEALS[context]), span=span, count=len(values)))
    return tuple(lines) or (_("Not measured"),)


def _alerts(alerts: Sequence[Alert], zone: int) -> tuple[str, ...]:
    grave = [alert for alert in alerts if alert.level >= Level.L2]
    newest = sorted(grave, key=lambda alert: alert.raised_at, reverse=True)[:_SHOWN_ALERTS]
    lines = tuple(
        f"{phrases.day(phrases.local(a.raised_at, zone).date())}  {_(a.text)}" for a in newest
    )
    return lines or (_("None"),)
