"""Taking in what a device pushes: one transaction a person, the sequence last, one answer an op."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from sqlalchemy import bindparam, case, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.access import Actor, Standing, refuse_op, standing
from carehub.platform.attachments import service as attachments
from carehub.platform.audit import service as audit
from carehub.platform.consents import service as consents
from carehub.platform.records import tables
from carehub.platform.records.merge import EXISTENCE, Clash, Edit, Kept, Mark, Merged, merge
from carehub.platform.records.seeded import Drawn
from carehub.wire.attachments import UPLOAD_MISSING, attachment_of
from carehub.wire.exchange import (
    LATEST,
    MOST_OP_BYTES,
    Act,
    Body,
    EntityKind,
    Json,
    Op,
    OpResult,
    Status,
)
from carehub.wire.family import ConsentRow

Name = tuple[str, UUID]
"""A kind and an id: what names an entity within a person's stream."""
DEEPEST = 20
_CONFLICTS = UUID("5b0c8a53-8a0f-5d39-9a3e-7d6f7b1f0c11")
_SETTLED = frozenset({"resolved_at"})
"""What a client may set of a conflict."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """An entity that was written, as it stands now, and when its author wrote (UTC ms)."""

    kind: str
    entity_id: UUID
    body: Body = field(repr=False)
    at: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of one person's ops: the answers, the head if it moved, and what was written."""

    results: tuple[OpResult, ...]
    head: int | None = None
    wrote: tuple[Wrote, ...] = ()


@dataclass
class _Batch:
    """One person's ops on their way in; revisions count down from -1 until the head is known."""

    actor: Actor
    now: int
    standing: Standing
    seen: dict[UUID, Mapping[str, int | str | None]]
    entities: dict[Name, Kept]
    present: frozenset[Name]
    faults: frozenset[str] = frozenset()
    changed: dict[Name, None] = field(default_factory=dict)
    changes: list[dict[str, object]] = field(default_factory=list)
    results: list[OpResult] = field(default_factory=list)
    remembered: list[UUID] = field(default_factory=list)
    consents: list[tuple[int, ConsentRow]] = field(default_factory=list)
    files: dict[UUID, bytes] = field(default_factory=dict)

    def next_rev(self) -> int:
        return -len(self.changes) - 1


async def push(
    tx: AsyncConnection,
    person_id: UUID,
    ops: Sequence[Op],
    actor: Actor,
    now: int,
    faults: frozenset[str] = frozenset(),
) -> Pushed:
    """Merge one person's ops in the order given; the head is locked and moved last."""
    found = await standing(tx, person_id, actor)
    there = await present(tx, person_id, _names(ops)) if found.known else {}
    batch = _Batch(
        actor=actor,
        now=now,
        standing=found,
        seen={} if "no_op_dedup" in faults else await _seen(tx, person_id, actor, ops),
        entities=there,
        present=frozenset(there),
        faults=faults,
    )
    added = [op.entity_id for op in ops if op.kind == EntityKind.ATTACHMENT]
    if added and found.known:
        batch.files |= await attachments.whole(tx, person_id, added)
    for op in ops:
        _take(batch, op)
    if not batch.changes:
        return Pushed(tuple(batch.results))
    return await _finish(tx, person_id, batch)


async def put(
    tx: AsyncConnection, ops: Sequence[Op], actor: Actor, standing: Standing, now: int
) -> Pushed:
    """Write ops that were allowed elsewhere into the stream they name; no answer is remembered."""
    person_id = standing.person_id
    there = await present(tx, person_id, _names(ops))
    batch = _Batch(actor, now, standing, {}, there, frozenset(there))
    for op in ops:
        _merge(batch, op)
    batch.remembered.clear()
    return await _finish(tx, person_id, batch) if batch.changes else Pushed(())


async def _finish(tx: AsyncConnection, person_id: UUID, batch: _Batch) -> Pushed:
    """Move the head, and write everything with the places that gives."""
    head = await _move_head(tx, person_id, len(batch.changes), batch.faults)
    base = head - len(batch.changes)
    await _write(tx, person_id, batch, base)
    at = {(each["kind"], each["entity_id"]): each["at"] for each in batch.changes}
    wrote = tuple(
        Wrote(*name, batch.entities[name].body, int(str(at[name]))) for name in batch.changed
    )
    return Pushed(_answers(batch, base), head, wrote)


def _take(batch: _Batch, op: Op) -> None:
    if (answer := batch.seen.get(op.op_id)) is not None:
        again = {**answer, "status": Status.DUPLICATE}
        batch.results.append(OpResult.model_validate({"op_id": op.op_id, **again}))
        return
    refused = refuse_op(batch.standing, op, batch.now) or _unusable(op) or _fileless(batch, op)
    if refused:
        batch.results.append(OpResult(op_id=op.op_id, status=refused[0], code=refused[1]))
        return
    _merge(batch, op)


def _merge(batch: _Batch, op: Op) -> None:
    name = (str(op.kind), op.entity_id)
    edit = Edit(
        kind=name[0],
        act=op.act,
        body=op.body,
        base=op.base,
        at=op.at,
        device=str(batch.actor.device_id),
        author=str(batch.actor.account_id),
        rev=batch.next_rev(),
    )
    merged = merge(batch.entities.get(name), edit, batch.now)
    if merged.status is Status.REJECTED:
        batch.results.append(OpResult(op_id=op.op_id, status=merged.status, code=merged.code))
        return
    if merged.wrote is not None and op.kind == EntityKind.CONSENT:
        row = consents.row_of(op.body, batch.actor.account_id)
        batch.consents.append((edit.rev, row))
        batch.standing = batch.standing.agreed(row)
    _record(batch, op, name, merged)


def _record(batch: _Batch, op: Op, name: Name, merged: Merged) -> None:
    seq: int | None = None
    if merged.wrote is not None and merged.kept is not None:
        seq = batch.next_rev()
        _change(batch, name, merged.kept, op.act, merged.wrote, op)
    clashes = () if "silent_lww" in batch.faults else merged.clashes
    for clash in clashes:
        _clash(batch, op, clash)
    rev = None if merged.kept is None else merged.kept.rev
    result = OpResult(op_id=op.op_id, status=merged.status, seq=seq or rev, rev=rev)
    batch.results.append(result)
    batch.remembered.append(op.op_id)
    batch.seen[op.op_id] = {"code": "", "seq": result.seq, "rev": result.rev}


def _change(batch: _Batch, name: Name, kept: Kept, act: Act, wrote: Body, op: Op) -> None:
    batch.entities[name] = kept
    batch.changed[name] = None
    batch.changes.append(
        {
            "kind": name[0],
            "entity_id": name[1],
            "op_id": op.op_id,
            "act": str(act),
            "body": wrote,
            "fields": dict.fromkeys(wrote, kept.rev),
            "author": batch.actor.account_id,
            "device": batch.actor.device_id,
            "at": op.at,
        }
    )


def _clash(batch: _Batch, op: Op, clash: Clash) -> None:
    """Put a conflict into the stream, where every device of everybody concerned will see it."""
    conflict_id = uuid5(_CONFLICTS, f"{op.op_id}|{clash.name}")
    body: Body = {
        "id": str(conflict_id),
        "kind": str(op.kind),
        "entity_id": str(op.entity_id),
        "field": clash.name,
        "kept": clash.kept,
        "lost": clash.lost,
        "kept_by": clash.kept_by,
        "lost_by": clash.lost_by,
        "at": batch.now,
        "needs_confirmation": clash.needs_confirmation,
        "resolved_at": None,
    }
    rev = batch.next_rev()
    marks = {
        name: Mark(rev, batch.now, str(batch.actor.device_id), 0, str(batch.actor.account_id))
        for name in (*body, EXISTENCE)
    }
    name = (EntityKind.CONFLICT.value, conflict_id)
    _change(batch, name, Kept(rev, body, marks), Act.ADD, body, op)


def _unusable(op: Op) -> tuple[Status, str] | None:
    """Return why an op cannot be kept: it names another entity or person, or is no plain JSON."""
    named = (op.body.get("id"), op.body.get("person_id"))
    if named[0] not in (None, str(op.entity_id)) or named[1] not in (None, str(op.person_id)):
        return Status.REJECTED, "malformed"
    if not _storable(op.body, 0) or len(json.dumps(op.body)) > MOST_OP_BYTES:
        return Status.REJECTED, "malformed"
    if op.kind == EntityKind.CONFLICT and (op.act is not Act.SET or op.body.keys() - _SETTLED):
        return Status.REJECTED, "not_allowed"
    if op.kind == EntityKind.ESCALATION:
        return Status.REJECTED, "not_allowed"  # who was told, the platform alone knows
    if op.kind == EntityKind.CONSENT and not consents.usable(op.body):
        return Status.REJECTED, "malformed"
    return None


def _fileless(batch: _Batch, op: Op) -> tuple[Status, str] | None:
    """Return why an attachment is not taken: it is none that travels, or its file is not here."""
    if op.kind != EntityKind.ATTACHMENT or op.act is not Act.ADD:
        return None
    said = attachment_of(op.body)
    if said is None:
        return Status.REJECTED, "malformed"
    if batch.files.get(op.entity_id) != bytes.fromhex(said.sha256):
        return Status.RETRY, UPLOAD_MISSING
    return None


def _storable(value: Json, depth: int) -> bool:
    """Tell whether both stores keep the value exactly: no NUL, lone surrogate, NaN or deep nest."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor NaN
    if isinstance(value, int):
        return abs(value) <= LATEST
    if isinstance(value, dict):
        return depth < DEEPEST and all(
            _storable(key, depth) and _storable(item, depth + 1) for key, item in value.items()
        )
    return value is None or (depth < DEEPEST and all(_storable(each, depth + 1) for each in value))


async def _seen(
    tx: AsyncConnection, person_id: UUID, actor: Actor, ops: Sequence[Op]
) -> dict[UUID, Mapping[str, int | str | None]]:
    row = tables.op_seen
    found = await tx.execute(
        select(row.c.op_id, row.c.answer).where(
            row.c.person_id == person_id,
            row.c.device_id == actor.device_id,
            row.c.op_id.in_({op.op_id for op in ops}),
        )
    )
    return {line.op_id: line.answer for line in found}


def _names(ops: Sequence[Op]) -> list[Name]:
    return [(str(op.kind), op.entity_id) for op in ops]


async def present(tx: AsyncConnection, person_id: UUID, names: Sequence[Name]) -> dict[Name, Kept]:
    """Return those of the named entities that are there, locked in one order against deadlocks."""
    row = tables.entity
    wanted = sorted(set(names))
    found = await tx.execute(
        select(row)
        .where(row.c.person_id == person_id, tuple_(row.c.kind, row.c.entity_id).in_(wanted))
        .order_by(row.c.kind, row.c.entity_id)
        .with_for_update()
    )
    return {
        (each["kind"], each["entity_id"]): Kept(
            each["rev"],
            each["body"],
            {name: Mark(*mark) for name, mark in each["fields"].items()},
            each["deleted"],
        )
        for each in found.mappings()
    }


async def _move_head(tx: AsyncConnection, person_id: UUID, by: int, faults: frozenset[str]) -> int:
    stream = tables.person_stream
    if isinstance(faults, Drawn):
        end = faults.place + by
        passed = case((stream.c.head > end, stream.c.head), else_=end)
        await tx.execute(update(stream).where(stream.c.person_id == person_id).values(head=passed))
        return end
    moved = await tx.execute(
        update(stream)
        .where(stream.c.person_id == person_id)
        .values(head=stream.c.head + by)
        .returning(stream.c.head)
    )
    return int(moved.scalar_one())


async def _write(tx: AsyncConnection, person_id: UUID, batch: _Batch, base: int) -> None:
    """Write the changes with their places, the entities, the answers, consents and the audit."""
    person = {"person_id": person_id}
    await tx.execute(
        insert(tables.change),
        [
            {**person, **each, "seq": base + n, "fields": dict.fromkeys(_body(each), base + n)}
            for n, each in enumerate(batch.changes, start=1)
        ],
    )
    await _put_entities(tx, person_id, batch, base)
    answers = {result.op_id: result for result in _answers(batch, base)}
    if batch.remembered and "no_op_dedup" not in batch.faults:
        await tx.execute(
            insert(tables.op_seen),
            [
                {
                    **person,
                    "device_id": batch.actor.device_id,
                    "op_id": op_id,
                    "answer": answers[op_id].model_dump(
                        mode="json", include={"code", "seq", "rev"}
                    ),
                    "at": batch.now,
                }
                for op_id in batch.remembered
            ],
        )
    placed = [(_place(rev, base), row) for rev, row in batch.consents]
    await consents.keep(tx, person_id, placed, batch.now)
    await _audit(tx, person_id, batch)


def _body(change: Mapping[str, object]) -> Body:
    body = change["body"]
    assert isinstance(body, dict)
    return body


async def _put_entities(tx: AsyncConnection, person_id: UUID, batch: _Batch, base: int) -> None:
    row = tables.entity
    fresh, known = [], []
    for name in batch.changed:
        kept = batch.entities[name]
        line = {
            "rev": _place(kept.rev, base),
            "body": kept.body,
            "fields": {
                key: [_place(mark.rev, base), *mark[1:]] for key, mark in kept.marks.items()
            },
            "deleted": kept.deleted,
        }
        if name in batch.present:
            known.append({"_person": person_id, "_kind": name[0], "_id": name[1], **line})
        else:
            fresh.append({"person_id": person_id, "kind": name[0], "entity_id": name[1], **line})
    if fresh:
        await tx.execute(insert(row), fresh)
    if known:
        where = (
            row.c.person_id == bindparam("_person"),
            row.c.kind == bindparam("_kind"),
            row.c.entity_id == bindparam("_id"),
        )
        await tx.execute(update(row).where(*where), known)


async def _audit(tx: AsyncConnection, person_id: UUID, batch: _Batch) -> None:
    """Note what others wrote, and every consent; one line a batch."""
    kinds = sorted({str(each["kind"]) for each in batch.changes} - {EntityKind.CONFLICT.value})
    if batch.consents:
        acts: list[Json] = [
            {"purpose": row.purpose, "withdrawn": row.withdrawn_at is not None}
            for _rev, row in batch.consents
        ]
        detail: dict[str, Json] = {"consents": acts}
        await audit.note(tx, person_id, batch.actor.account_id, "consented", detail, now=batch.now)
    if not batch.standing.own:
        detail = {"kinds": list[Json](kinds), "changes": len(batch.changes)}
        await audit.note(tx, person_id, batch.actor.account_id, "wrote", detail, now=batch.now)


def _answers(batch: _Batch, base: int) -> tuple[OpResult, ...]:
    return tuple(
        result.model_copy(update={"seq": _known(result.seq, base), "rev": _known(result.rev, base)})
        for result in batch.results
    )


def _known(rev: int | None, base: int) -> int | None:
    return None if rev is None else _place(rev, base)


def _place(rev: int, base: int) -> int:
    return rev if rev >= 0 else base - rev
