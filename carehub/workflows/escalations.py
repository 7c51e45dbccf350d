"""Who was told of an alert: read from what the platform said, and what it means on this machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import accounts, mandates, streams
from carehub.archive import alerts as alert_rows
from carehub.care.alerts import Alert, Notice, Step
from carehub.care.alerts.model import Level, State
from carehub.care.alerts.notice import Reason
from carehub.care.escalation import Escalation, Progress, calls
from carehub.wire.exchange import EntityKind

if TYPE_CHECKING:
    from carehub.archive.store import Archive, Tx

Named = frozenset[tuple[UUID, UUID]]
"""Person and alert of what this machine's account was told of, and nobody has taken in hand."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How the telling of one alert stands, as a page can show it.

    `shares` is False where this archive shares with nobody; `sent` tells that the platform has the
    alert, `failing` that the last exchange did not come about. `calls` is False where the alert asks
    for nobody: it waits for a second reading, say. `seen_by` tells that somebody has leave to look.
    """

    escalation: Escalation | None = None
    shares: bool = False
    sent: bool = False
    failing: bool = False
    calls: bool = True
    seen_by: bool = False


def escalations(archive: "Archive", person_id: UUID) -> list[Escalation]:
    """Return who was told of a person's alerts, the newest first."""
    from carehub.sync import telling

    with archive.read() as tx:
        return telling.escalations(tx, person_id)


def escalation_of(archive: "Archive", alert: Alert) -> Escalation | None:
    """Return who was told of one alert, or None where the platform has said nothing of it."""
    found = escalations(archive, alert.person_id)
    return next((each for each in found if each.id == alert.id), None)


def standing(tx: "Tx", alert: Alert) -> Telling:
    """Return how the telling of an alert stands."""
    from carehub.sync import exchange, telling

    account, stream = accounts.get(tx), streams.get(tx, alert.person_id)
    if account is None or not account.signed_in or stream is None:
        return Telling()
    found = telling.escalations(tx, alert.person_id)
    known = streams.entity(tx, alert.person_id, EntityKind.ALERT, alert.id)
    return Telling(
        escalation=next((each for each in found if each.id == alert.id), None),
        shares=exchange.may_read(tx, stream),
        sent=known is not None,
        failing=bool(account.trouble),
        calls=calls(alert),
        seen_by=any(each.state == mandates.ACTIVE for each in mandates.of(tx, alert.person_id)),
    )


def standings(tx: "Tx", alerts: Iterable[Alert]) -> dict[UUID, Telling]:
    """Return how the telling of each of these alerts stands, by the alert's id."""
    return {alert.id: standing(tx, alert) for alert in alerts}


def for_here(tx: "Tx", person_id: UUID, step: Step) -> Step:
    """Leave out the urgent notices that are not for this machine.

    On a relative's machine only who agreed to be told, and whom the platform told, hears of an alert.
    """
    stream = streams.get(tx, person_id)
    if stream is None or stream.own:
        return step
    told = {alert_id for _person, alert_id in _named(tx, [person_id])}
    return replace(step, notices=tuple(n for n in step.notices if _for_here(n, told)))


def _for_here(notice: Notice, told: set[UUID]) -> bool:
    return notice.level < Level.L3 or bool(told.intersection(notice.alerts))


def named(tx: "Tx") -> Named:
    """Return what this account was told of for others, and nobody has taken in hand."""
    return _named(tx, [stream.person_id for stream in streams.everyone(tx) if not stream.own])


def _named(tx: "Tx", people: Sequence[UUID]) -> Named:
    from carehub.sync import telling

    account = accounts.get(tx)
    if account is None:
        return frozenset()
    return frozenset(
        (person_id, each.id)
        for person_id in people
        for each in telling.escalations(tx, person_id)
        if each.state is Progress.RUNNING and each.names(account.id)
    )


def notices(tx: "Tx", fresh: Named, told: Iterable[Notice], now: int) -> tuple[Notice, ...]:
    """Return the notices of what this account was told of just now and no round has told yet."""
    known = {alert_id for notice in told for alert_id in notice.alerts}
    found = [alert_rows.get(tx, alert_id) for _person, alert_id in sorted(fresh)]
    return tuple(
        _notice(alert, now)
        for alert in found
        if alert is not None and alert.state is State.ACTIVE and alert.id not in known
    )


def _notice(alert: Alert, now: int) -> Notice:
    return Notice(
        alert.person_id,
        now,
        alert.level,
        Reason.RAISED,
        (alert.id,),
        alert.rule,
        alert.text,
        alert.advice,
        continuous=alert.level is Level.L4,
    )
