"""What is to be told, to whom and when: quiet hours, the daily limit, the morning's bundle."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from carehub.care.alerts.model import Alert, Level
from carehub.care.civil import DAY, MINUTE, local_day, local_minute, next_minute_of_day
from carehub.care.plans import Plan


class Reason(StrEnum):
    """Why something is told now."""

    RAISED = "raised"
    GRAVER = "graver"
    AGAIN = "again"
    RECHECK = "recheck"
    BUNDLE = "bundle"


class Audience(StrEnum):
    """Who is told; contacts only as far as each has agreed to be told of alerts."""

    SELF = "self"
    FIRST_CARER = "first_carer"
    SECOND_CARER = "second_carer"
    DOCTOR = "doctor"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell, of one alert or of a morning's bundle; `text` and `advice` are msgids.

    `continuous` goes on until a person dismisses it; `soft` asks for a quiet tone;
    `family_digest_at` is when the family may read of it in their daily digest.
    """

    person_id: UUID
    at: int
    level: Level
    reason: Reason
    alerts: tuple[UUID, ...]
    rule: str
    text: str
    advice: tuple[str, ...] = ()
    audience: tuple[Audience, ...] = (Audience.SELF,)
    continuous: bool = False
    soft: bool = False
    family_digest_at: int | None = None


def told(
    alert: Alert, reason: Reason, audience: Iterable[Audience], plan: Plan, now: int
) -> Notice:
    """Make the notice of one alert."""
    engine = plan.rulebook["ENGINE"]
    rule = plan.rulebook.rules.get(alert.rule)
    digest = engine.whole("family_digest_hour") * 60
    return Notice(
        alert.person_id,
        now,
        alert.level,
        reason,
        (alert.id,),
        alert.rule,
        engine.text("recheck") if reason is Reason.RECHECK else alert.text,
        alert.advice,
        tuple(audience),
        continuous=alert.level is Level.L4,
        soft=rule is not None and bool(rule.numbers.get("soft_tone")),
        family_digest_at=next_minute_of_day(now, digest, plan.zone_offset)
        if alert.level is Level.L2
        else None,
    )


def bundled(alerts: list[Alert], plan: Plan, now: int) -> Notice:
    """Make one notice of several that waited; the gravest comes first."""
    ordered = sorted(alerts, key=lambda alert: (-alert.level, alert.raised_at, str(alert.id)))
    first = told(ordered[0], Reason.BUNDLE, _bundle_audience(ordered), plan, now)
    several = len(ordered) > 1
    return Notice(
        first.person_id,
        now,
        first.level,
        Reason.BUNDLE,
        tuple(alert.id for alert in ordered),
        first.rule,
        plan.rulebook["ENGINE"].text("bundle") if several else first.text,
        () if several else first.advice,
        first.audience,
        family_digest_at=first.family_digest_at,
    )


def _bundle_audience(alerts: list[Alert]) -> tuple[Audience, ...]:
    family = any(alert.inputs.get("family_told") for alert in alerts)
    return (Audience.SELF, Audience.FIRST_CARER) if family else (Audience.SELF,)


def is_quiet(plan: Plan, now: int) -> bool:
    """Tell whether the person's quiet hours hold now; they may pass midnight."""
    minute = local_minute(now, plan.zone_offset)
    if plan.quiet_from <= plan.quiet_until:
        return plan.quiet_from <= minute < plan.quiet_until
    return minute >= plan.quiet_from or minute < plan.quiet_until


def next_morning(plan: Plan, now: int) -> int:
    """Return the next time at which waiting notices are told together."""
    return next_minute_of_day(now, plan.morning, plan.zone_offset)


def may_tell(alerts: Iterable[Alert], plan: Plan, now: int) -> bool:
    """Tell whether one more L2 notice fits now; one of the day's few is kept for the bundle."""
    if is_quiet(plan, now):
        return False
    today = local_day(now, plan.zone_offset)
    spent = sum(
        local_day(moment, plan.zone_offset) == today
        for alert in alerts
        if counts_for_limit(alert) and not waits_for_morning(alert)
        for moment in (alert.raised_at, *alert.renotified_at)
    )
    return spent < plan.rulebook["ENGINE"].whole("daily_notices") - 1


def counts_for_limit(alert: Alert) -> bool:
    """Tell whether an alert is of the kind whose notices are few a day; asking for a recheck is not."""
    return alert.level is Level.L2 and alert.recheck_at is None


def waits_for_morning(alert: Alert) -> bool:
    """Tell whether an alert's first notice still waits for a morning's bundle."""
    waits = alert.due_at is not None and not alert.renotified_at
    soon = waits and alert.due_at is not None and alert.due_at - alert.raised_at <= DAY + MINUTE
    return soon and alert.level <= Level.L2


def ladder(repeat: int, most: int) -> tuple[Audience, ...]:
    """Return whom the n-th repeat of an L3 tells (CLINICAL 4.10); nobody acknowledged before it."""
    if repeat == 1:
        return (Audience.SELF, Audience.FIRST_CARER, Audience.SECOND_CARER)
    if repeat >= most:
        return (Audience.SELF, Audience.FIRST_CARER, Audience.SECOND_CARER, Audience.DOCTOR)
    return (Audience.SELF, Audience.FIRST_CARER)
