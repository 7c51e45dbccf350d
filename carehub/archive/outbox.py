"""Outgoing ops, written in the transaction of the change they carry; pretend readings never leave."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.sqlite import insert

from carehub import log
from carehub.archive import tables
from carehub.wire.exchange import EntityKind, Op

_row = tables.op
_ADD = insert(_row).on_conflict_do_nothing()
_FIELDS = ("op_id", "person_id", "kind", "entity_id", "act", "at", "body")


class OpState(StrEnum):
    """Where an op stands on its way out."""

    PENDING = "pending"
    DONE = "done"
    REJECTED = "rejected"
    BLOCKED = "blocked"


def add(tx: Connection, op: Op) -> bool:
    """Queue an op; False where it is queued already or must not leave this machine.

    What stems from a pretend meter (a simulated reading, an alert raised on one) leaves only a demo
    archive.
    """
    if _pretend(tx, op) and not _demo(tx):
        log.archive.debug("an op of a simulated reading stays here")
        return False
    values: dict[str, object] = {name: getattr(op, name) for name in _FIELDS}
    return tx.execute(_ADD, values | {"state": str(OpState.PENDING)}).rowcount == 1


def waiting(tx: Connection) -> list[Op]:
    """Return the ops that have not left, in the order in which they were queued."""
    wanted = select(*(_row.c[name] for name in _FIELDS)).where(text("state = 'pending'"))
    found = tx.execute(wanted.order_by(_row.c.n)).all()
    return [Op(**dict(zip(_FIELDS, row, strict=True))) for row in found]


def settle(tx: Connection, op_ids: Iterable[UUID], state: OpState) -> int:
    """Note what became of exactly these ops; return how many there were."""
    found = update(_row).where(_row.c.op_id.in_(list(op_ids)))
    return tx.execute(found.values(state=str(state))).rowcount


def _pretend(tx: Connection, op: Op) -> bool:
    if op.kind is EntityKind.READING:
        readings: tuple[UUID, ...] = (op.entity_id,)
    elif op.kind is EntityKind.ALERT:
        row = tables.alert
        readings = tx.execute(select(row.c.readings).where(row.c.id == op.entity_id)).scalar() or ()
    else:
        return False
    row = tables.reading
    simulated = select(row.c.id).where(row.c.id.in_(readings), row.c.simulated.is_(True))
    return tx.execute(simulated.limit(1)).first() is not None


def _demo(tx: Connection) -> bool:
    key = tables.meta.c.key
    return tx.execute(select(tables.meta.c.value).where(key == "demo")).scalar() == "1"
