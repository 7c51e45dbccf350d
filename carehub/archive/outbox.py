"""Outgoing ops, written in the transaction of the change they carry; pretend readings never leave.

An op is acknowledged by its own id and nothing else. One that was refused stays, with the code of why,
until somebody looks at it; it holds up nothing but later ops of its own entity.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.sqlite import insert

from carehub import log
from carehub.archive import rows, tables
from carehub.wire.exchange import EntityKind, Op

_row = tables.op
_ADD = insert(_row).on_conflict_do_nothing()
_FIELDS = ("op_id", "person_id", "kind", "entity_id", "act", "at", "base", "body")
_COLUMNS = tuple(_row.c[name] for name in _FIELDS)
_OPEN = text(tables.OPEN_OPS)


class OpState(StrEnum):
    """Where an op stands on its way out."""

    PENDING = "pending"
    INFLIGHT = "inflight"
    DONE = "done"
    REJECTED = "rejected"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An op that will not be taken as it is, with the code of why; `at` is when we were told."""

    op: Op
    state: OpState
    code: str
    attempts: int
    at: int | None


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


def add_real(tx: Connection, ops: Sequence[Op]) -> None:
    """Queue many ops at once, none of which stems from a pretend meter: an import's readings."""
    state = {"state": str(OpState.PENDING)}
    rows.add_all(tx, _row, [{name: getattr(op, name) for name in _FIELDS} | state for op in ops])


def waiting(tx: Connection) -> list[Op]:
    """Return the ops that are not acknowledged, in the order in which they were queued."""
    return [_op(row) for row in tx.execute(select(*_COLUMNS).where(_OPEN).order_by(_row.c.n))]


def sendable(tx: Connection, people: Collection[UUID], now: int) -> Iterator[tuple[Op, int]]:
    """Give the ops of these people that may leave now, oldest first, with how often each has left.

    What a person agreed to goes before all else: until the platform has heard of it, it takes nothing.
    An op whose turn has not come yet holds back the later ones of its entity, and no others.
    """
    wanted = select(_row.c.next_at, _row.c.attempts, *_COLUMNS).where(
        _OPEN, _row.c.person_id.in_(list(people))
    )
    held: set[tuple[object, ...]] = set()
    agreement_first = _row.c.kind != str(EntityKind.CONSENT)
    for next_at, attempts, *columns in tx.execute(wanted.order_by(agreement_first, _row.c.n)):
        op = _op(columns)
        entity = (op.person_id, op.kind, op.entity_id)
        if next_at > now:
            held.add(entity)
        elif entity not in held:
            yield op, attempts


def leaving(tx: Connection, op_ids: Iterable[UUID]) -> None:
    """Note that exactly these ops are on the wire now."""
    found = update(_row).where(_row.c.op_id.in_(list(op_ids)))
    tx.execute(found.values(state=str(OpState.INFLIGHT), attempts=_row.c.attempts + 1))


def recall(tx: Connection) -> int:
    """Let what was on the wire when we stopped wait again; sent twice, it still counts once."""
    found = update(_row).where(_OPEN, _row.c.state == str(OpState.INFLIGHT))
    return tx.execute(found.values(state=str(OpState.PENDING))).rowcount


def settle(
    tx: Connection,
    op_ids: Iterable[UUID],
    state: OpState,
    *,
    code: str = "",
    seq: int | None = None,
    now: int | None = None,
) -> int:
    """Note what became of exactly these ops; return how many there were."""
    found = update(_row).where(_row.c.op_id.in_(list(op_ids)))
    settled = found.values(state=str(state), code=code, seq=seq, settled_at=now)
    return tx.execute(settled).rowcount


def postpone(tx: Connection, op_ids: Iterable[UUID], next_at: int, code: str = "") -> None:
    """Let exactly these ops wait until `next_at`."""
    found = update(_row).where(_row.c.op_id.in_(list(op_ids)))
    tx.execute(found.values(state=str(OpState.PENDING), next_at=next_at, code=code))


def again(tx: Connection, op_ids: Iterable[UUID]) -> int:
    """Let refused ops try once more; return how many there were."""
    refused = (str(OpState.REJECTED), str(OpState.BLOCKED))
    found = update(_row).where(_row.c.op_id.in_(list(op_ids)), _row.c.state.in_(refused))
    reset = found.values(state=str(OpState.PENDING), code="", next_at=0, settled_at=None)
    return tx.execute(reset).rowcount


def block(tx: Connection, person_id: UUID, code: str, now: int) -> int:
    """Keep a person's unsent ops as blocked; return how many there were."""
    found = update(_row).where(_OPEN, _row.c.person_id == person_id)
    return tx.execute(found.values(state=str(OpState.BLOCKED), code=code, settled_at=now)).rowcount


def reopen(tx: Connection, person_id: UUID, head: int) -> int:
    """Send again what was acknowledged beyond `head`: the platform went back to an older state."""
    done = update(_row).where(_row.c.person_id == person_id, _row.c.state == str(OpState.DONE))
    return tx.execute(
        done.where(_row.c.seq > head).values(state=str(OpState.PENDING), seq=None, next_at=0)
    ).rowcount


def prune(tx: Connection, before: int) -> int:
    """Forget ops that were acknowledged before that time; return how many there were."""
    done = delete(_row).where(_row.c.state == str(OpState.DONE), _row.c.settled_at < before)
    return tx.execute(done).rowcount


def laid_over(tx: Connection, person_id: UUID, kind: str, entity_id: UUID, cursor: int) -> list[Op]:
    """Return the ops of an entity that its stream, read up to `cursor`, does not hold yet."""
    of_entity = select(_row.c.state, _row.c.seq, *_COLUMNS).where(
        _row.c.entity_id == entity_id, _row.c.person_id == person_id, _row.c.kind == kind
    )
    found: list[Op] = []
    for state, seq, *columns in tx.execute(of_entity.order_by(_row.c.n)):
        ahead = state == str(OpState.DONE) and seq is not None and seq > cursor
        if ahead or state in (str(OpState.PENDING), str(OpState.INFLIGHT)):
            found.append(_op(columns))
    return found


def refused(tx: Connection) -> list[Refusal]:
    """Return what was not taken and why, oldest first."""
    columns = (_row.c.state, _row.c.code, _row.c.attempts, _row.c.settled_at, *_COLUMNS)
    states = (str(OpState.REJECTED), str(OpState.BLOCKED))
    wanted = select(*columns).where(_row.c.state.in_(states)).order_by(_row.c.n)
    return [
        Refusal(_op(rest), OpState(state), code, attempts, at)
        for state, code, attempts, at, *rest in tx.execute(wanted)
    ]


def waiting_of(tx: Connection) -> dict[UUID, int]:
    """Return how many ops of each person are not acknowledged."""
    found = select(_row.c.person_id, func.count()).where(_OPEN).group_by(_row.c.person_id)
    return {row[0]: row[1] for row in tx.execute(found)}


def counts(tx: Connection) -> dict[OpState, int]:
    """Return how many ops stand in each state."""
    found = select(_row.c.state, func.count()).group_by(_row.c.state)
    return dict.fromkeys(OpState, 0) | {OpState(state): n for state, n in tx.execute(found)}


def _op(row: Sequence[object]) -> Op:
    # What we wrote ourselves needs no second look; looking costs ten times the query.
    # The first parameter is pydantic's own; None lets it see for itself which fields were given.
    return Op.model_construct(None, **dict(zip(_FIELDS, row, strict=True)))


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
