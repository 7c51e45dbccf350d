"""Whom an urgent alert is told to, one after another, until somebody takes it in hand (CLINICAL 4.10).

Pure: the platform keeps an escalation, gives it the alert as it stands, whom the person has and the
time, and keeps what comes back. Nobody is told without an own consent and a mandate that allows it,
nobody twice in one run, and nobody once the alert was acknowledged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from carehub.care.alerts.model import PLATFORM_RULES, Alert, Level, State
from carehub.care.alerts.rulebook import Rule
from carehub.care.civil import MINUTE
from carehub.care.family import Mandate, Scope, allowed


class Rung(StrEnum):
    """One step of the ladder."""

    SELF = "self"
    FIRST_CARER = "first_carer"
    SECOND_CARER = "second_carer"
    CARER = "carer"
    CLINIC = "clinic"


FAMILY = frozenset({Rung.FIRST_CARER, Rung.SECOND_CARER, Rung.CARER})


class Progress(StrEnum):
    """Where an escalation stands: going on, taken in hand by somebody, or over with its alert."""

    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Told:
    """One step that was taken; `skipped` where it was due and there was nobody who may be told.

    `name` is how others know who it is (女儿); `delivered_at` when their own machine had it.
    """

    rung: Rung
    at: int
    account_id: UUID | None = None
    name: str = field(default="", repr=False)
    delivered_at: int | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far the telling of one alert has come; `id` is the alert's, times are UTC milliseconds.

    `run` counts how often it began: an alert that becomes urgent again after somebody saw it begins
    anew. `unreached` says that nobody in the family could be told so far.
    """

    id: UUID
    person_id: UUID
    rule: str
    level: Level
    began_at: int
    run: int = 1
    state: Progress = Progress.RUNNING
    due_at: int | None = None
    told: tuple[Told, ...] = ()
    unreached: bool = False
    acknowledged_at: int | None = None
    acknowledged_by: str = field(default="", repr=False)
    ended_at: int | None = None

    def names(self, account_id: UUID) -> bool:
        """Tell whether an account is one of those told."""
        return any(step.account_id == account_id for step in self.told)


@dataclass(frozen=True, slots=True)
class Carer:
    """A relative's account: their mandates, and whether they themselves agreed to be told."""

    account_id: UUID
    name: str = field(repr=False)
    mandates: tuple[Mandate, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom a person has, in the order in which they are told.

    `shared` is False where the person takes back sharing with the platform or the family; `clinic`
    is the name of the clinic that may be given a task, empty where there is none.
    """

    owner: UUID
    carers: tuple[Carer, ...] = ()
    shared: bool = True
    clinic: str = ""


def may_be_told(carer: Carer, now: int) -> bool:
    """Tell whether a relative agreed to be told, and holds a mandate to see and acknowledge."""
    scopes = (Scope.VIEW, Scope.ACKNOWLEDGE)
    return carer.agreed and all(allowed(carer.mandates, scope, now) for scope in scopes)


def calls(alert: Alert) -> bool:
    """Tell whether an alert asks for somebody: urgent, or about silence, and taken by nobody."""
    grave = alert.level >= Level.L3 or alert.rule in PLATFORM_RULES
    return grave and alert.state is State.ACTIVE


def proceed(
    before: Escalation | None, alert: Alert, circle: Circle, rule: Rule, now: int
) -> Escalation | None:
    """Return the escalation as it is now; the same again where nothing is due.

    None where there never was one and the alert asks for none.
    """
    if not calls(alert):
        running = before is not None and before.state is Progress.RUNNING
        return _stopped(before, alert, now) if before is not None and running else before
    if before is None or before.state is not Progress.RUNNING:
        before = _begun(before, alert, now)
    return _settled(_climbed(replace(before, level=alert.level), circle, rule, now), rule, now)


def received(before: Escalation, account_id: UUID, rule: Rule, now: int) -> Escalation:
    """Note that an account's own machine has what it was told; the first time counts."""
    told = tuple(
        replace(step, delivered_at=now)
        if step.account_id == account_id and step.delivered_at is None
        else step
        for step in before.told
    )
    return before if told == before.told else _settled(replace(before, told=told), rule, now)


def _begun(before: Escalation | None, alert: Alert, now: int) -> Escalation:
    run = 1 if before is None else before.run + 1
    return Escalation(alert.id, alert.person_id, alert.rule, alert.level, now, run)


def _stopped(before: Escalation, alert: Alert, now: int) -> Escalation:
    seen = alert.state is State.ACKNOWLEDGED or alert.acknowledged_at is not None
    return replace(
        before,
        state=Progress.ACKNOWLEDGED if seen else Progress.OVER,
        due_at=None,
        unreached=before.unreached and not seen,
        acknowledged_at=now if seen else None,
        acknowledged_by=alert.acknowledged_by if seen else "",
        ended_at=now,
    )


def _schedule(e: Escalation, rule: Rule) -> Iterator[tuple[Rung, int]]:
    """Yield each rung with its time: urgent ones one after another, others all at once."""
    if e.rule in PLATFORM_RULES:
        yield Rung.CARER, e.began_at
        return
    yield Rung.SELF, e.began_at
    if e.level is Level.L4:
        yield from ((rung, e.began_at) for rung in Rung if rung is not Rung.SELF)
        return
    for rung in (Rung.FIRST_CARER, Rung.SECOND_CARER, Rung.CLINIC):
        yield rung, e.began_at + rule.whole(f"{rung}_minutes") * MINUTE


def _climbed(e: Escalation, circle: Circle, rule: Rule, now: int) -> Escalation:
    """Take each rung that is due and was not taken in this run."""
    for rung, at in list(_schedule(e, rule)):
        if at <= now and not any(step.rung is rung for step in e.told):
            e = replace(e, told=(*e.told, *_steps(e, rung, circle, now)))
    return e


def _steps(e: Escalation, rung: Rung, circle: Circle, now: int) -> tuple[Told, ...]:
    if rung is Rung.SELF:
        return (Told(rung, now, circle.owner),)
    if rung is Rung.CLINIC:
        return (Told(rung, now, name=circle.clinic, skipped=not circle.clinic),)
    free = _free(e, circle, now)
    chosen = free if rung is Rung.CARER else free[:1]
    steps = tuple(Told(rung, now, carer.account_id, carer.name) for carer in chosen)
    return steps or (Told(rung, now, skipped=True),)


def _free(e: Escalation, circle: Circle, now: int) -> Sequence[Carer]:
    """Return the relatives who may be told and were not, in their order."""
    if not circle.shared:
        return ()
    return [c for c in circle.carers if may_be_told(c, now) and not e.names(c.account_id)]


def _settled(e: Escalation, rule: Rule, now: int) -> Escalation:
    """Say whether the family was reached, and when to look again."""
    if e.state is not Progress.RUNNING:
        return e
    grace = rule.whole("delivery_minutes") * MINUTE
    family = [step for step in e.told if step.rung in FAMILY]
    asked = [step.at + grace for step in family if not step.skipped]
    reached = any(step.delivered_at is not None for step in family)
    late = bool(family) and (not asked or min(asked) <= now)
    ahead = [at for rung, at in _schedule(e, rule) if not any(s.rung is rung for s in e.told)]
    if not reached and not late:
        ahead += asked
    return replace(e, unreached=late and not reached, due_at=min(ahead, default=None))
