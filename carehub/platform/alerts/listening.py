"""Listening for silence: who was not heard from, and whose readings are overdue by their plan."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.alerts.model import PLATFORM_RULES, Alert
from carehub.care.alerts.silence import Heard, listened
from carehub.care.civil import HOUR, MINUTE
from carehub.care.consent import Purpose
from carehub.care.people import ConditionCode, Person
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind
from carehub.platform.accounts import sessions
from carehub.platform.alerts import rules, service, tables
from carehub.platform.consents import service as consents
from carehub.platform.records import opening, saying
from carehub.platform.records.service import Pushed
from carehub.wire.exchange import Body, EntityKind
from carehub.wire.family import ConsentRow
from carehub.wire.values import body_of, understood

LATEST = 6 * HOUR
"""Everybody is listened for so often at least: sharing and plans may change meanwhile."""
WHILE_SILENT = 5 * MINUTE
"""And so often while there is an alert about silence, to end it soon after the first word."""
_row = tables.watch
_COLUMNS = {Kind.BLOOD_PRESSURE.value: "pressure_at", Kind.GLUCOSE.value: "glucose_at"}
SHARING = (Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)


async def arrived(tx: AsyncConnection, person_id: UUID, pushed: Pushed, now: int) -> None:
    """Note the newest reading of each kind that a push brought; it may end a silence."""
    newest = _newest((w.body for w in pushed.wrote if w.kind == EntityKind.READING), now)
    if not newest:
        return
    mine = _row.c.person_id == person_id
    line = (await tx.execute(select(_row).where(mine).with_for_update())).mappings().first()
    if line is None:
        return  # nobody has listened for them yet; whoever begins looks at all their readings
    later = {name: at for name, at in newest.items() if at > (line[name] or 0)}
    if later:
        soon = {"due_at": now} if line["stale"] else {}
        await tx.execute(update(_row).where(mine).values(**later, **soon))


async def begin(tx: AsyncConnection, now: int, most: int) -> int:
    """Begin to listen for people nobody listens for yet; return how many."""
    known = select(_row.c.person_id)
    fresh = await opening.others(tx, known, most)
    for person_id, since in fresh:
        readings = await saying.bodies(tx, person_id, EntityKind.READING)
        line = dict.fromkeys(_COLUMNS.values()) | _newest(readings.values(), now)
        await tx.execute(
            insert(_row).values(person_id=person_id, since=since, due_at=now, stale=False, **line)
        )
    return len(fresh)


async def due(tx: AsyncConnection, now: int, most: int) -> Sequence[UUID]:
    """Return the people who are to be listened for now."""
    wanted = select(_row.c.person_id).where(_row.c.due_at <= now).order_by(_row.c.due_at)
    return list((await tx.execute(wanted.limit(most))).scalars())


async def step(tx: AsyncConnection, person_id: UUID, now: int) -> bool:
    """Listen for one person; False where another process does."""
    wanted = select(_row).where(_row.c.person_id == person_id, _row.c.due_at <= now)
    line = (await tx.execute(wanted.with_for_update(skip_locked=True))).mappings().first()
    if line is None:
        return False
    said = await saying.bodies(tx, person_id, EntityKind.ALERT, PLATFORM_RULES)
    kept = [understood(Alert, body) for body in said.values()]
    before = [alert for alert in kept if alert is not None]
    changed, next_due = listened(await _heard(tx, line, now), before, rules.book(), now)
    for alert in changed:
        known = said.get(alert.id, {})
        body = {k: v for k, v in body_of(alert).items() if known.get(k, ...) != v}
        await saying.say(tx, person_id, [(EntityKind.ALERT, alert.id, body)], now)
        await service.raised(tx, alert, now)
    after = {alert.id: alert for alert in (*before, *changed)}
    stale = any(alert.open for alert in after.values())
    soon = now + (WHILE_SILENT if stale else LATEST)
    again = soon if next_due is None else min(soon, next_due)
    mine = _row.c.person_id == person_id
    await tx.execute(update(_row).where(mine).values(due_at=again, stale=stale))
    return True


async def postpone(tx: AsyncConnection, person_id: UUID, now: int) -> None:
    """Listen again later after a failure, and let others go first."""
    again = now + WHILE_SILENT
    await tx.execute(update(_row).where(_row.c.person_id == person_id).values(due_at=again))


async def _heard(tx: AsyncConnection, line: RowMapping, now: int) -> Heard:
    person_id = line["person_id"]
    given = await consents.rows(tx, person_id)
    person = understood(
        Person, await saying.body(tx, person_id, EntityKind.PERSON, person_id) or {}
    )
    plan_body = await saying.body(tx, person_id, EntityKind.GLUCOSE_PLAN, person_id)
    plan = understood(GlucosePlan, plan_body or {}) or GlucosePlan()
    conditions = await saying.bodies(tx, person_id, EntityKind.CONDITION)
    account_id = await saying.owner(tx, person_id)
    return Heard(
        person_id=person_id,
        shared=not any(consents.withdrawn(given, purpose) for purpose in SHARING),
        heard_at=await sessions.last_heard(tx, account_id, now),
        since=max([line["since"], *await _agreed(tx, given, person_id)]),
        pressure=any(c.get("code") == ConditionCode.HYPERTENSION for c in conditions.values()),
        pressure_at=line["pressure_at"],
        glucose_every=plan.every or None,
        glucose_at=max(line["glucose_at"] or 0, min(plan.every_since, now)) or None,
        zone_offset=480 if person is None else person.zone_offset,
    )


async def _agreed(tx: AsyncConnection, given: Iterable[ConsentRow], person_id: UUID) -> list[int]:
    """Return when the person last agreed to each sharing: what was off meanwhile was not missed."""
    received = await consents.received(tx, person_id)
    return [
        received[row.id]
        for row in given
        if row.purpose in SHARING and row.withdrawn_at is None and row.id in received
    ]


def _newest(bodies: Iterable[Body], now: int) -> dict[str, int]:
    """Return when the newest reading of each kind was taken; a clock ahead of ours counts as now."""
    newest: dict[str, int] = {}
    for body in bodies:
        at, name = body.get("taken_at"), _COLUMNS.get(str(body.get("kind")))
        if name is not None and type(at) is int and not body.get("voided"):
            newest[name] = max(newest.get(name, 0), min(at, now))
    return newest
