"""What to send and what to apply, apart from how it travels; each step is one transaction's work.

An op is acknowledged by its id and nothing else. A page and the place it ends at are kept together.
What the platform says is kept whole, also what nobody here understands; what people see follows from
it and from what still waits here (`views`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from uuid import UUID, uuid5

from carehub.archive import accounts, consents, mandates, outbox, people, readings, streams, uploads
from carehub.archive.outbox import OpState
from carehub.archive.store import Tx
from carehub.archive.streams import Entity, Stream
from carehub.care.changes import Changes
from carehub.care.consent import Actor, Purpose, require, standing
from carehub.care.readings import Reading
from carehub.errors import NotAllowed
from carehub.sync import views
from carehub.wire.attachments import UPLOAD_MISSING
from carehub.wire.exchange import (
    MOST_BYTES,
    MOST_OP_BYTES,
    Act,
    Body,
    Change,
    Digest,
    EntityKind,
    Head,
    Op,
    OpResult,
    Pull,
    Snapshot,
    Status,
)
from carehub.wire.exchange import Entity as Told
from carehub.wire.values import body_of

See = Callable[[Tx, UUID], object]
"""Makes the ward round look at a person after something about them arrived."""
Wait = Callable[[int], int]
"""Returns how many milliseconds an op waits that has been sent so many times."""

LOOKED_AT = Changes.READINGS | Changes.PEOPLE
APPEND_ONLY = frozenset({EntityKind.READING, EntityKind.CONSENT})
TOO_LARGE = "too_large"
ERASED = "erased"
"""The platform holds nothing of the person any more, by their own wish or a guardian's."""
_GIVEN_OTHERWISE = frozenset({EntityKind.CONFLICT, EntityKind.ATTACHMENT, EntityKind.ESCALATION})
"""What is not given back to a platform that lost it: an attachment goes again with its file."""
_OVER = frozenset({streams.MANDATE_OVER, "grant_revoked"})
"""What holds an op back until there is a mandate again: a new one, or a clock that was wrong."""
_OF_A_READING = frozenset(field.name for field in fields(Reading))


@dataclass(frozen=True, slots=True)
class Leaving:
    """An op that is about to be sent, and how often it has been sent before."""

    op: Op
    attempts: int


def clear(tx: Tx, person_id: UUID) -> None:
    """Let something about a person leave this machine; raises NotAllowed where they did not agree."""
    actor = Actor.SELF if streams.own(tx, person_id) else Actor.FAMILY
    require(Purpose.PLATFORM_SYNC, consents.of(tx, person_id), actor)


def agreed(tx: Tx, person_id: UUID) -> bool:
    """Tell whether anything about a person may leave this machine now."""
    try:
        clear(tx, person_id)
    except NotAllowed:
        return False
    return True


def concerned(tx: Tx) -> list[UUID]:
    """Return the people whose records may leave now."""
    known = [person.id for person in people.everyone(tx)]
    return [person_id for person_id in known if agreed(tx, person_id)]


def may_read(tx: Tx, stream: Stream) -> bool:
    """Tell whether a stream may be read on.

    Of records that are not here yet (a mandate, a second machine) only the platform knows what was
    agreed to, and says so with each head; one's own answer, where it is here, counts above that.
    """
    if stream.paused:
        return False
    known = stream.own and consents.of(tx, stream.person_id)
    return not known or agreed(tx, stream.person_id)


def readable(tx: Tx) -> list[Stream]:
    """Return the streams that may be read on."""
    return [stream for stream in streams.everyone(tx) if may_read(tx, stream)]


def quiet(tx: Tx) -> bool:
    """Tell whether nothing at all may leave: people are kept here, none agreed, no mandate is held.

    Who waits for somebody's yes must hear of it.
    """
    account = accounts.get(tx)
    others = any(not stream.own for stream in streams.everyone(tx))
    others = others or mandates.hoped(tx, account.id if account else None)
    return bool(people.everyone(tx)) and not others and not concerned(tx)


def to_take_back(tx: Tx) -> list[Op]:
    """Return the withdrawals of sharing that the platform has not heard of, each as it waits here.

    After a withdrawal no op leaves, not even its own; but the platform must know of it, and shall
    hear nothing else.
    """
    found: list[Op] = []
    for stream in streams.everyone(tx):
        row = standing(consents.of(tx, stream.person_id)).get(Purpose.PLATFORM_SYNC)
        if stream.own and row is not None and row.withdrawn_at is not None:
            found += outbox.laid_over(
                tx, stream.person_id, EntityKind.CONSENT, row.id, stream.cursor
            )
    return found


def agreed_anew(tx: Tx) -> bool:
    """Tell whether somebody agreed here again while the platform still counts the withdrawal."""
    return any(s.own and s.paused and agreed(tx, s.person_id) for s in streams.everyone(tx))


def took_back(tx: Tx, op: Op, now: int) -> None:
    """Note that the platform heard of a withdrawal."""
    outbox.settle(tx, [op.op_id], OpState.DONE, now=now)


def choose(tx: Tx, now: int, most: int) -> list[Leaving]:
    """Return the ops to send next, oldest first: what one push may hold, and what may leave.

    An op that no push can hold is refused here, so that it is seen and holds up nobody.
    """
    open_to = {p: streams.get(tx, p) for p in concerned(tx)}
    chosen: list[Leaving] = []
    too_large: list[UUID] = []
    room = MOST_BYTES
    for op, attempts in outbox.sendable(tx, list(open_to), now):
        if not _passes(open_to[op.person_id], op) or _fileless(tx, op):
            continue
        size = len(op.model_dump_json())
        if size > MOST_OP_BYTES:
            too_large.append(op.op_id)
            continue
        if len(chosen) == most or size > room:
            break
        room -= size
        chosen.append(Leaving(op, attempts))
    outbox.settle(tx, too_large, OpState.REJECTED, code=TOO_LARGE, now=now)
    outbox.leaving(tx, [each.op.op_id for each in chosen])
    return chosen


def _passes(stream: Stream | None, op: Op) -> bool:
    """Tell whether the platform takes anything now; agreeing again it always takes."""
    if stream is None:
        return False
    return not stream.paused or (stream.own and op.kind == EntityKind.CONSENT)


def _fileless(tx: Tx, op: Op) -> bool:
    """Tell whether the op tells of an attachment whose file the platform does not have."""
    tells = op.kind == EntityKind.ATTACHMENT and op.act is Act.ADD
    return tells and not uploads.get(tx, op.entity_id, op.person_id).complete


def acknowledge(
    tx: Tx, sent: Sequence[Leaving], results: Iterable[OpResult], now: int, wait: Wait
) -> Changes:
    """Note what became of exactly the ops that were sent; what has no answer is sent again later."""
    answers = {result.op_id: result for result in results}
    changes = Changes.NONE
    for each in sent:
        result = answers.get(each.op.op_id)
        if result is None or result.status is Status.RETRY:
            code = "" if result is None else result.code
            outbox.postpone(tx, [each.op.op_id], now + wait(each.attempts + 1), code)
            if code == UPLOAD_MISSING:
                uploads.missing(tx, [each.op.entity_id])
        else:
            changes |= _settle(tx, each.op, result, now)
    return changes


_STATES = {Status.REJECTED: OpState.REJECTED, Status.BLOCKED: OpState.BLOCKED}


def _settle(tx: Tx, op: Op, result: OpResult, now: int) -> Changes:
    state = _STATES.get(result.status, OpState.DONE)
    code = result.code or (str(result.status) if result.status is Status.CONFLICT else "")
    outbox.settle(tx, [op.op_id], state, code=code, seq=result.seq, now=now)
    if result.status in (Status.OK, Status.DUPLICATE) or op.kind in APPEND_ONLY:
        return Changes.NONE
    # What we showed may not be what stands: a refused edit is taken back on the screen, not from the
    # list of what was refused.
    stream = streams.get(tx, op.person_id)
    return views.show(tx, op.person_id, op.kind, op.entity_id, stream.cursor if stream else 0)


def too_large(tx: Tx, sent: Sequence[Leaving], now: int) -> int:
    """Halve the next push after a 413; return its size. An op too large by itself is refused."""
    ids = [each.op.op_id for each in sent]
    if len(ids) == 1:
        outbox.settle(tx, ids, OpState.REJECTED, code=TOO_LARGE, now=now)
        return 1
    outbox.postpone(tx, ids, 0)
    return len(ids) // 2


def meet(tx: Tx, heads: Sequence[Head], now: int) -> Changes:
    """Note what the platform lets this account see; who is not listed any more is removed from here.

    One's own records are never removed, whatever the platform says or has forgotten.
    """
    changes = Changes.NONE
    listed = {head.person_id: head for head in heads}
    for stream in streams.everyone(tx):
        if stream.person_id not in listed and not stream.own:
            streams.end(tx, stream.person_id, "grant_revoked", now)
            changes |= streams.EVERYTHING
    for head in heads:
        changes |= _meet_one(tx, head, now)
    return changes


def _meet_one(tx: Tx, head: Head, now: int) -> Changes:
    before = streams.get(tx, head.person_id)
    after = replace(
        before or Stream(head.person_id),
        role=head.role,
        scopes=tuple(head.scopes),
        head=head.head,
        until_at=head.until_at,
        paused=head.paused,
    )
    if after == before:
        return Changes.NONE
    streams.put(tx, after)
    if before is None:
        mandates.forget(tx, head.person_id)
    reopened = _OVER if before is None else {before.paused} - {after.paused}
    outbox.again(
        tx,
        [
            each.op.op_id
            for each in outbox.refused(tx)
            if each.op.person_id == head.person_id and each.code in reopened
        ],
    )
    if after.own and after.paused == ERASED:
        _end_sharing(tx, head.person_id, now - accounts.clock_offset(tx))
        return Changes.FAMILY | Changes.PEOPLE
    return Changes.FAMILY


def _end_sharing(tx: Tx, person_id: UUID, now: int) -> None:
    """Count the sharing as taken back here as well: the platform's records were erased.

    What is kept here stays. It goes out again only when the person agrees anew.
    """
    for purpose in (Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING):
        row = standing(consents.of(tx, person_id)).get(purpose)
        if row is not None and row.withdrawn_at is None:
            at = max(now, row.granted_at + 1)
            ended = replace(row, id=uuid5(row.id, ERASED), method=ERASED, withdrawn_at=at)
            consents.add(tx, ended)


def apply(tx: Tx, person_id: UUID, page: Pull, see: See) -> Changes:
    """Keep a page of changes and the place it ends at, show what came of it, and look at the person."""
    changes, cursor = page.changes, page.next
    for change in changes:
        _hear(tx, person_id, change)
    streams.move(tx, person_id, cursor=cursor, head=page.head, epoch=page.epoch)
    said = [(str(c.kind), c.entity_id, c.body) for c in changes]
    return _show(tx, person_id, said, cursor, see)


def _show(
    tx: Tx, person_id: UUID, said: Sequence[tuple[str, UUID, Body]], cursor: int, see: See
) -> Changes:
    """Show what was heard; the rules look before the alerts of elsewhere are laid over theirs.

    So whoever sits here is told of an alert that arose elsewhere as of one that arose here.
    """
    seen = Changes.NONE
    for kind, entity_id, body in said:
        if kind == EntityKind.READING:
            seen |= views.show_reading(tx, person_id, entity_id, body)
    rest = dict.fromkeys((kind, entity_id) for kind, entity_id, _body in said)
    alerts = [name for name in rest if name[0] == EntityKind.ALERT]
    for kind, entity_id in rest:
        if kind not in (EntityKind.READING, EntityKind.ALERT):
            seen |= views.show(tx, person_id, kind, entity_id, cursor)
    seen |= _look(tx, person_id, seen, see)
    for kind, entity_id in alerts:
        seen |= views.show(tx, person_id, kind, entity_id, cursor)
    return seen


def _look(tx: Tx, person_id: UUID, seen: Changes, see: See) -> Changes:
    if not seen & LOOKED_AT or people.get(tx, person_id) is None:
        return Changes.NONE
    see(tx, person_id)
    return Changes.ALERTS


def _hear(tx: Tx, person_id: UUID, change: Change) -> None:
    """Keep what a change says; one that was heard before changes nothing."""
    kind = str(change.kind)
    known = streams.entity(tx, person_id, kind, change.entity_id)
    known = known or Entity(person_id, kind, change.entity_id)
    revisions = {name: change.fields.get(name, change.seq) for name in change.body}
    fresh = {name: rev for name, rev in revisions.items() if rev > known.fields.get(name, 0)}
    newer = change.seq > known.rev
    heard = replace(
        known,
        rev=max(known.rev, change.seq),
        body=known.body | {name: change.body[name] for name in fresh},
        fields=known.fields | fresh,
        deleted=change.act is Act.REMOVE if newer else known.deleted,
    )
    streams.keep(tx, _thin(heard))


def _thin(entity: Entity) -> Entity:
    """Leave out what the row of a reading holds already: there are a hundred thousand of them."""
    if entity.kind != EntityKind.READING:
        return entity
    strange = {name: value for name, value in entity.body.items() if name not in _OF_A_READING}
    return replace(entity, body=strange, fields={})


def apply_snapshot(tx: Tx, person_id: UUID, entities: Sequence[Told], see: See) -> Changes:
    """Keep a page of entities as they stand; the cursor follows with the last page."""
    stream = streams.get(tx, person_id)
    for one in entities:
        told = Entity(
            person_id, str(one.kind), one.entity_id, one.rev, one.body, one.fields, one.deleted
        )
        streams.keep(tx, _thin(told))
    said = [(str(one.kind), one.entity_id, one.body) for one in entities]
    return _show(tx, person_id, said, stream.cursor if stream else 0, see)


def end_snapshot(
    tx: Tx,
    person_id: UUID,
    first: Snapshot,
    named: set[tuple[str, UUID]],
    now: int,
    new_id: Callable[[], UUID],
) -> Changes:
    """Take the snapshot's place as the cursor, and send again what the platform has lost.

    A platform restored from a backup holds less than it acknowledged. What we were told and it no
    longer knows goes back to it, with its own op id where we still have it. The place is that of the
    `first` page: what changed while the others came is pulled again.
    """
    head = first.head
    streams.move(tx, person_id, cursor=head, head=head, epoch=first.epoch)
    outbox.reopen(tx, person_id, head)
    uploads.again(tx, person_id)
    lost = [e for e in streams.entities(tx, person_id) if (e.kind, e.entity_id) not in named]
    streams.drop(tx, lost)
    for entity in lost:
        waiting = outbox.laid_over(tx, person_id, entity.kind, entity.entity_id, head)
        if not waiting and not entity.deleted and entity.kind not in _GIVEN_OTHERWISE:
            _give_back(tx, entity, now, new_id())
    for kind, entity_id in named:
        if kind != EntityKind.READING:
            views.show(tx, person_id, kind, entity_id, head)
    return streams.EVERYTHING


def _give_back(tx: Tx, entity: Entity, now: int, op_id: UUID) -> None:
    body = dict(entity.body) | _row_of(tx, entity)
    if not body or not streams.may(tx, entity.person_id, entity.kind):
        return
    add = entity.kind in APPEND_ONLY or entity.kind == EntityKind.PERSON
    op = Op(
        op_id=op_id,
        person_id=entity.person_id,
        kind=entity.kind,
        entity_id=entity.entity_id,
        act=Act.ADD if add else Act.SET,
        at=now,
        body=body,
    )
    outbox.add(tx, op)


def _row_of(tx: Tx, entity: Entity) -> Body:
    kept = readings.get(tx, entity.entity_id) if entity.kind == EntityKind.READING else None
    return {} if kept is None else body_of(kept)


def drifted(tx: Tx, person_id: UUID, told: Digest) -> bool:
    """Tell whether what we keep of a stream is not what the platform has, both read up to one place."""
    stream = streams.get(tx, person_id)
    if stream is None or stream.cursor != told.head or stream.epoch != told.epoch:
        return False
    theirs = {kind: (each.count, each.xor) for kind, each in told.kinds.items()}
    return theirs != streams.digest(tx, person_id)
