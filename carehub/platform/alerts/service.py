"""Escalations: begun and ended in the transaction of the change that causes it, stepped by due time.

Locks are taken in one order: the escalation, then its alert, then the head of the stream. Whoever
acknowledges and whoever steps therefore wait for one another, and the second sees what the first did.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.alerts.model import Alert, State
from carehub.care.civil import HOUR
from carehub.care.escalation import Escalation, Rung, proceed, received
from carehub.platform.alerts import circle, rules, tables, tasks
from carehub.platform.records import saying
from carehub.platform.records.service import Pushed, Wrote
from carehub.wire.exchange import Body, EntityKind, Op
from carehub.wire.values import body_of, understood

_row = tables.escalation
AGAIN = 60_000
"""Milliseconds after which a step that failed is tried again."""


def alerts_in(ops: Iterable[Op]) -> set[UUID]:
    """Return the alerts that these ops are about."""
    return {op.entity_id for op in ops if op.kind == EntityKind.ALERT}


async def hold(tx: AsyncConnection, person_id: UUID, alerts: Collection[UUID]) -> None:
    """Lock the escalations of these alerts, before the alerts themselves."""
    if alerts:
        await tx.execute(
            select(_row.c.alert_id)
            .where(_row.c.person_id == person_id, _row.c.alert_id.in_(sorted(alerts)))
            .order_by(_row.c.alert_id)
            .with_for_update()
        )


async def arrived(tx: AsyncConnection, person_id: UUID, pushed: Pushed, now: int) -> None:
    """Begin, go on with or end the escalation of each alert that a push wrote."""
    for wrote in pushed.wrote:
        if wrote.kind == EntityKind.ALERT:
            await _met(tx, person_id, wrote, now)


async def _met(tx: AsyncConnection, person_id: UUID, wrote: Wrote, now: int) -> None:
    before = await _kept(tx, person_id, wrote.entity_id)
    late = now - wrote.at > rules.ladder().whole("late_hours") * HOUR
    if before is None and late:
        return  # what is a day old when it arrives wakes nobody; it stands in everybody's list
    await _go_on(tx, before, _alert(person_id, wrote.entity_id, wrote.body), now)


async def raised(tx: AsyncConnection, alert: Alert, now: int) -> None:
    """Begin or end the escalation of an alert that the platform itself wrote."""
    await _go_on(tx, await _kept(tx, alert.person_id, alert.id), alert, now)


async def acknowledge(
    tx: AsyncConnection, person_id: UUID, alert_id: UUID, seen: Body, now: int
) -> None:
    """Let a clinic's worker take an alert in hand, unless somebody did before."""
    body = await saying.body(tx, person_id, EntityKind.ALERT, alert_id)
    alert = None if body is None else _alert(person_id, alert_id, body)
    if alert is None or alert.state is not State.ACTIVE:
        return
    await saying.say(tx, person_id, [(EntityKind.ALERT, alert_id, seen)], now)
    after = _alert(person_id, alert_id, (body or {}) | seen)
    await _go_on(tx, await _kept(tx, person_id, alert_id), after, now)


async def due(tx: AsyncConnection, now: int, most: int) -> Sequence[tuple[UUID, UUID]]:
    """Return person and alert of each escalation that is due, the longest due first."""
    found = await tx.execute(
        select(_row.c.person_id, _row.c.alert_id)
        .where(_row.c.due_at <= now)
        .order_by(_row.c.due_at)
        .limit(most)
    )
    return [(line.person_id, line.alert_id) for line in found]


async def step(tx: AsyncConnection, person_id: UUID, alert_id: UUID, now: int) -> bool:
    """Take the steps of one escalation that are due; False where another process has it in hand."""
    mine = _row.c.person_id == person_id, _row.c.alert_id == alert_id
    wanted = select(_row.c.body).where(*mine, _row.c.due_at <= now)
    line = (await tx.execute(wanted.with_for_update(skip_locked=True))).first()
    if line is None:
        return False
    body = await saying.body(tx, person_id, EntityKind.ALERT, alert_id)
    before = _escalation(line.body)
    await _go_on(tx, before, None if body is None else _alert(person_id, alert_id, body), now)
    return True


async def postpone(tx: AsyncConnection, person_id: UUID, alert_id: UUID, now: int) -> None:
    """Try a step that failed again in a minute, and let others go first."""
    mine = _row.c.person_id == person_id, _row.c.alert_id == alert_id
    await tx.execute(update(_row).where(*mine).values(due_at=now + AGAIN))


async def confirm(
    tx: AsyncConnection, person_id: UUID, alert_id: UUID, account_id: UUID, now: int
) -> bool:
    """Note that an account's own machine has what it was told; False where it was told nothing."""
    before = await _kept(tx, person_id, alert_id)
    if before is None or not before.names(account_id):
        return False
    after = received(before, account_id, rules.ladder(), now)
    await _keep(tx, before, after, now)
    return True


async def _go_on(
    tx: AsyncConnection, before: Escalation | None, alert: Alert | None, now: int
) -> None:
    if alert is None:
        if before is not None:  # its alert was removed, or nobody understands it any more
            await _keep(tx, before, replace(before, due_at=None), now)
        return
    whom = await circle.of(tx, alert.person_id)
    after = proceed(before, alert, whom, rules.ladder(), now)
    if after is not None:
        await _keep(tx, before, after, now)
        await _tasks(tx, before, after, alert, now)


async def _tasks(
    tx: AsyncConnection, before: Escalation | None, after: Escalation, alert: Alert, now: int
) -> None:
    """Open the clinic's task where its rung was taken just now."""
    known = before.told if before is not None and before.run == after.run else ()
    asked = [t for t in after.told if t.rung is Rung.CLINIC and not t.skipped and t not in known]
    for _each in asked:
        task_id = uuid5(alert.id, f"task/{after.run}")
        await tasks.open_one(tx, task_id, alert, now)


async def _kept(tx: AsyncConnection, person_id: UUID, alert_id: UUID) -> Escalation | None:
    mine = _row.c.person_id == person_id, _row.c.alert_id == alert_id
    line = (await tx.execute(select(_row.c.body).where(*mine).with_for_update())).first()
    return None if line is None else _escalation(line.body)


async def _keep(
    tx: AsyncConnection, before: Escalation | None, after: Escalation, now: int
) -> None:
    """Keep an escalation, and let everybody see it where anything but the next date changed."""
    if after == before:
        return
    body = body_of(after)
    if before is None:
        line = {"person_id": after.person_id, "alert_id": after.id}
        await tx.execute(insert(_row).values(**line, body=body, due_at=after.due_at))
    else:
        mine = _row.c.person_id == after.person_id, _row.c.alert_id == after.id
        await tx.execute(update(_row).where(*mine).values(body=body, due_at=after.due_at))
    known = {} if before is None else body_of(before)
    fresh: Body = {name: value for name, value in body.items() if known.get(name, ...) != value}
    if fresh.keys() - {"due_at"}:
        await saying.say(tx, after.person_id, [(EntityKind.ESCALATION, after.id, fresh)], now)


def _alert(person_id: UUID, alert_id: UUID, body: Body) -> Alert | None:
    ours: Body = {"id": str(alert_id), "person_id": str(person_id)}
    return understood(Alert, body | ours)


def _escalation(body: Body) -> Escalation:
    kept = understood(Escalation, body)
    if kept is None:
        raise ValueError("a kept escalation cannot be read")
    return kept
