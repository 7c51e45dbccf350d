"""When silence itself is told to the carers: no reading although one was due, or no word at all.

Only the platform can know it. Nobody is alarmed about a machine on which sharing was switched off,
about one that was signed out, or about a person who has nothing planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from carehub.care.alerts.model import PLATFORM_RULES, Alert, State
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.civil import DAY, local_minute, next_minute_of_day

CLIENT, DATA = "STALE-CLIENT", "STALE-DATA"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the platform has of a person; times are UTC milliseconds, None where there is nothing.

    `shared` is False where the person switched sharing off; `heard_at` None where no machine is
    signed in. `since` is when they last began to share. `pressure` says that weekly readings are
    planned; `glucose_every` is the number of days between planned glucose readings.
    """

    person_id: UUID
    shared: bool
    heard_at: int | None
    since: int
    pressure: bool = False
    pressure_at: int | None = None
    glucose_every: int | None = None
    glucose_at: int | None = None
    zone_offset: int = 480


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence: its rule, since when (which makes the episode), and when it is told."""

    rule: str
    about: str
    last_at: int
    told_at: int


def silences(heard: Heard, book: Rulebook) -> list[Silence]:
    """Return what will be told, and when, unless something comes before; at 08:00 of their day."""
    if not heard.shared or heard.heard_at is None:
        return []
    every = heard.glucose_every
    due = [(CLIENT, "client", heard.heard_at, book[CLIENT].whole("quiet_days"))]
    if heard.pressure:
        last = _later(heard.pressure_at, heard.since)
        due.append((DATA, "pressure", last, book["BP-MISS"].whole("family_day")))
    if every is not None:
        days = every + book["G-MISS"].whole("family_after_days")
        due.append((DATA, "glucose", _later(heard.glucose_at, heard.since), days))
    minute = book["ENGINE"].whole("family_digest_hour") * 60
    return [
        Silence(
            rule, about, last, next_minute_of_day(last + days * DAY - 1, minute, heard.zone_offset)
        )
        for rule, about, last, days in due
    ]


def listened(
    heard: Heard, open_alerts: Sequence[Alert], book: Rulebook, now: int
) -> tuple[tuple[Alert, ...], int | None]:
    """Return the alerts about silence that begin or end now, and when to listen again.

    They begin in the hour of the family's digest alone: who comes back at another time has until
    then to hand in what was measured meanwhile. While no word comes, no reading is missed as well.
    """
    found = silences(heard, book)
    current = [each for each in found if each.told_at <= now]
    if any(each.rule == CLIENT for each in current):
        current = [each for each in current if each.rule == CLIENT]
    wanted = {alert.id: alert for alert in (_alert(heard, each, book, now) for each in current)}
    known = {a.id: a for a in open_alerts if a.rule in PLATFORM_RULES and a.open}
    over = [
        replace(alert, state=State.RESOLVED, cleared_at=now, due_at=None)
        for alert in known.values()
        if alert.id not in wanted
    ]
    hour = book["ENGINE"].whole("family_digest_hour")
    may_begin = local_minute(now, heard.zone_offset) // 60 == hour
    fresh = [alert for alert_id, alert in wanted.items() if alert_id not in known]
    morning = next_minute_of_day(now, hour * 60, heard.zone_offset)
    ahead = [max(each.told_at, morning) for each in found if each.told_at > now or not may_begin]
    return (*over, *(fresh if may_begin else ())), min(ahead, default=None)


def _alert(heard: Heard, silence: Silence, book: Rulebook, now: int) -> Alert:
    rule = book[silence.rule]
    episode = f"{silence.about}:{silence.last_at}"
    return Alert(
        id=uuid5(heard.person_id, f"{rule.id}/{episode}"),
        person_id=heard.person_id,
        rule=rule.id,
        version=rule.version,
        family=rule.family,
        level=rule.level,
        state=State.ACTIVE,
        episode=episode,
        text=rule.text("say"),
        advice=rule.steps("say"),
        raised_at=now,
        inputs={"about": silence.about, "last_at": silence.last_at},
    )


def _later(*moments: int | None) -> int:
    return max(moment for moment in moments if moment is not None)
