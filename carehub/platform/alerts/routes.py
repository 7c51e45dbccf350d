"""The routes of alerts: who is told, the carers' own consent, and the clinics' lists of tasks."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.family import Scope
from carehub.platform.access import require, require_own
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.alerts import circle, service, tasks
from carehub.platform.answers import ANSWERS
from carehub.platform.audit import service as audit
from carehub.platform.directory import service as directory
from carehub.platform.directory.staffed import Staffed
from carehub.platform.family import reviewing
from carehub.platform.family import service as family
from carehub.platform.running import Here
from carehub.platform.schema_range import Schema
from carehub.wire.clinic import (
    AgreeToAlerts,
    CarerRow,
    CarerRows,
    ChooseClinic,
    ClinicRow,
    ClinicRows,
    CloseTask,
    OrderCarers,
    Received,
    TaskDetail,
    TaskRow,
    TaskRows,
)

router = APIRouter(prefix="/v1", tags=["alerts"], responses=ANSWERS, dependencies=[Schema])


@router.post("/people/{person_id}/alerts/{alert_id}/received")
async def received(person_id: UUID, alert_id: UUID, here: Here, who: Signed) -> Received:
    """Say that this machine has an alert its account was told of, so that everybody sees it."""

    async def work(tx: AsyncConnection) -> bool:
        now = here.clock()
        await require(tx, Scope.VIEW, person_id, who, now)
        return await service.confirm(tx, person_id, alert_id, who.account_id, now)

    noted = await here.db.write(work)
    if noted:
        here.bell.ring(person_id)
    return Received(noted=noted)


@router.post("/people/{person_id}/alerts/consent")
async def agree(person_id: UUID, told: AgreeToAlerts, here: Here, who: Signed) -> Received:
    """Say yes or no to being told of somebody's alerts: the relative's own word."""
    await here.db.write(
        lambda tx: reviewing.agree_to_alerts(
            tx, person_id, (told.agreed, told.text_version), who, here.clock()
        ),
        again_on_double=True,
    )
    return Received()


@router.get("/people/{person_id}/carers")
async def carers(person_id: UUID, here: Here, who: Signed) -> CarerRows:
    """List who is told of alerts, the first first; the person's own act."""

    async def work(tx: AsyncConnection) -> CarerRows:
        await require_own(tx, person_id, who)
        return await _carers(tx, person_id)

    return await here.db.read(work)


@router.put("/people/{person_id}/carers")
async def order_carers(person_id: UUID, asked: OrderCarers, here: Here, who: Signed) -> CarerRows:
    """Say in which order relatives are told; the person's own act."""

    async def work(tx: AsyncConnection) -> CarerRows:
        await circle.order(tx, person_id, asked.carers, who, here.clock())
        return await _carers(tx, person_id)

    return await here.db.write(work, again_on_double=True)


async def _carers(tx: AsyncConnection, person_id: UUID) -> CarerRows:
    agreed = await family.agreements(tx, person_id)
    found = await circle.in_order(tx, person_id)
    return CarerRows(
        carers=[
            CarerRow(account_id=a, name=name, agreed=agreed.get(a, False)) for a, name in found
        ],
        clinic=await circle.clinic_code(tx, person_id),
    )


@router.get("/clinics")
async def clinics(here: Here, _who: Signed) -> ClinicRows:
    """List the clinics one can choose."""
    found = await here.db.read(directory.clinics)
    return ClinicRows(clinics=[ClinicRow(code=c.code, name=c.name, phone=c.phone) for c in found])


@router.put("/people/{person_id}/clinic")
async def choose_clinic(
    person_id: UUID, asked: ChooseClinic, here: Here, who: Signed
) -> ChooseClinic:
    """Choose which clinic is asked for help when nobody in the family answers; the person's own act."""
    await here.db.write(
        lambda tx: circle.choose_clinic(tx, person_id, asked.code, who, here.clock()),
        again_on_double=True,
    )
    here.bell.ring(person_id)
    return asked


@router.get("/clinic/tasks")
async def listed(here: Here, who: Staffed) -> TaskRows:
    """List what this clinic has to do, the gravest first."""
    return TaskRows(tasks=await here.db.read(lambda tx: tasks.of_clinic(tx, who)))


@router.post("/clinic/tasks/{person_id}/{task_id}/claim")
async def claim(
    person_id: UUID, task_id: UUID, here: Here, member: Staffed, who: Signed
) -> TaskDetail:
    """Take a task in hand; everybody sees who did, and only then is it told whose it is."""

    async def work(tx: AsyncConnection) -> TaskDetail:
        now = here.clock()
        alert_id = await tasks.where(tx, person_id, task_id)
        if alert_id is not None:
            await service.hold(tx, person_id, [alert_id])
        found = await tasks.one(tx, person_id, task_id, member)
        seen = await tasks.claim(tx, found, member, who, now)
        if seen:
            await service.acknowledge(tx, person_id, found["alert_id"], seen, now)
        await audit.looked(tx, person_id, who.account_id, now)
        row = tasks.row_of(await tasks.one(tx, person_id, task_id, member))
        return TaskDetail.model_validate({"task": row, **await tasks.about(tx, found)})

    detail = await here.db.write(work)
    here.bell.ring(person_id)
    return detail


@router.post("/clinic/tasks/{person_id}/{task_id}/close")
async def close(
    person_id: UUID, task_id: UUID, told: CloseTask, here: Here, member: Staffed, who: Signed
) -> TaskRow:
    """Close a task with what came of it."""

    async def work(tx: AsyncConnection) -> TaskRow:
        found = await tasks.one(tx, person_id, task_id, member)
        return await tasks.close(tx, found, told, who, here.clock())

    return await here.db.write(work)
