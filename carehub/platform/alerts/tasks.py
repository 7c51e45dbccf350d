"""What a clinic is asked to do: a list of its own, claimed by one, closed with what came of it."""

from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.alerts.model import Alert
from carehub.platform.access import Actor
from carehub.platform.alerts import circle, tables
from carehub.platform.audit import service as audit
from carehub.platform.directory.service import Staff
from carehub.platform.records import saying
from carehub.platform.refusals import Refused
from carehub.wire.clinic import CloseTask, TaskRow
from carehub.wire.exchange import Body, EntityKind

OPEN, CLAIMED, CLOSED = "open", "claimed", "closed"
MOST_LISTED = 200
_row = tables.task


async def open_one(tx: AsyncConnection, task_id: UUID, alert: Alert, now: int) -> None:
    """Put a task on the list of the person's clinic."""
    await tx.execute(
        insert(_row).values(
            person_id=alert.person_id,
            id=task_id,
            clinic_code=await circle.clinic_code(tx, alert.person_id),
            alert_id=alert.id,
            level=int(alert.level),
            rule=alert.rule,
            state=OPEN,
            opened_at=now,
            outcome="",
            note="",
        )
    )


async def of_clinic(tx: AsyncConnection, member: Staff) -> list[TaskRow]:
    """Return what a clinic has to do, the gravest and oldest first; names come with the claim."""
    found = await tx.execute(
        select(_row)
        .where(_row.c.clinic_code == member.clinic_code, _row.c.state.in_((OPEN, CLAIMED)))
        .order_by(_row.c.level.desc(), _row.c.opened_at, _row.c.id)
        .limit(MOST_LISTED)
    )
    return [row_of(line) for line in found.mappings()]


async def claim(
    tx: AsyncConnection, found: RowMapping, member: Staff, actor: Actor, now: int
) -> Body:
    """Take a task in hand; return what the alert is to be set to, so that everybody sees who."""
    if found["state"] == CLAIMED and found["claimed_by"] == actor.account_id:
        return {}
    if found["state"] != OPEN:
        raise Refused("not_now")
    await _change(tx, found, state=CLAIMED, claimed_by=actor.account_id, claimed_at=now)
    detail = {"task": str(found["id"]), "clinic": member.clinic_code}
    await audit.note(tx, found["person_id"], actor.account_id, "task_claimed", detail, now=now)
    return {"state": "acked", "acknowledged_at": now, "acknowledged_by": member.name}


async def close(
    tx: AsyncConnection, found: RowMapping, told: CloseTask, actor: Actor, now: int
) -> TaskRow:
    """Close a task with what came of it; only who claimed it can."""
    if found["state"] != CLAIMED or found["claimed_by"] != actor.account_id:
        raise Refused("not_now")
    await _change(tx, found, state=CLOSED, closed_at=now, outcome=told.outcome, note=told.note)
    detail = {"task": str(found["id"]), "outcome": str(told.outcome)}
    await audit.note(tx, found["person_id"], actor.account_id, "task_closed", detail, now=now)
    return row_of(await one(tx, found["person_id"], found["id"], None))


async def one(
    tx: AsyncConnection, person_id: UUID, task_id: UUID, member: Staff | None
) -> RowMapping:
    """Return a task, locked; to who is not of its clinic there is none."""
    mine = _row.c.person_id == person_id, _row.c.id == task_id
    line = (await tx.execute(select(_row).where(*mine).with_for_update())).mappings().first()
    if line is None or (member is not None and line["clinic_code"] != member.clinic_code):
        raise Refused("not_allowed")
    return line


async def where(tx: AsyncConnection, person_id: UUID, task_id: UUID) -> UUID | None:
    """Return the alert a task is about, so that its escalation can be locked first."""
    mine = _row.c.person_id == person_id, _row.c.id == task_id
    alert_id: UUID | None = (await tx.execute(select(_row.c.alert_id).where(*mine))).scalar()
    return alert_id


async def about(tx: AsyncConnection, found: RowMapping) -> dict[str, object]:
    """Return what who claimed a task needs: whose it is, the alert, and whom to call."""
    person_id = found["person_id"]
    person = await saying.body(tx, person_id, EntityKind.PERSON, person_id)
    alert = await saying.body(tx, person_id, EntityKind.ALERT, found["alert_id"])
    contacts = await saying.bodies(tx, person_id, EntityKind.EMERGENCY_CONTACT)
    return {
        "name": str((person or {}).get("name", "")),
        "text": str((alert or {}).get("text", "")),
        "inputs": (alert or {}).get("inputs") or {},
        "contacts": [
            {key: str(each.get(key, "")) for key in ("name", "relation", "phone")}
            for each in contacts.values()
        ],
    }


def row_of(line: RowMapping) -> TaskRow:
    """Return a task as it travels."""
    return TaskRow(**{name: line[name] for name in TaskRow.model_fields})


async def _change(tx: AsyncConnection, found: RowMapping, **values: object) -> None:
    mine = _row.c.person_id == found["person_id"], _row.c.id == found["id"]
    await tx.execute(update(_row).where(*mine).values(**values))
