"""Each change leaves a waiting op in its transaction: what changed, and which revision was seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from carehub.archive import accounts, outbox, streams
from carehub.care.readings import Reading
from carehub.errors import NotAllowed
from carehub.i18n import _
from carehub.wire.exchange import Act, Body, EntityKind, Op
from carehub.wire.values import bodies_of, body_of

if TYPE_CHECKING:
    from carehub.archive.store import Tx


def queue(  # noqa: PLR0913 - an op's own parts, each by name
    tx: "Tx",
    kind: EntityKind,
    act: Act,
    value: object,
    *,
    before: object | None = None,
    person_id: UUID,
    now: int,
) -> None:
    """Put the change of one `care` value on the way out; without an `id` it is its person's only one.

    A SET carries the fields that differ from `before`, or all where nobody elsewhere can know the
    entity; where none differs nothing leaves. `now` is this machine's clock; the op carries the
    platform's as far as the difference is known. Raises NotAllowed where the mandate does not cover it.
    """
    if not streams.may(tx, person_id, kind):
        raise NotAllowed(_("You were not given leave to change this for them. Ask them for it."))
    entity_id: UUID = getattr(value, "id", person_id)
    known = _known_revisions(tx, person_id, kind, entity_id)
    body, base = body_of(value), known or {}
    if act is Act.SET:
        if before is not None and known is not None:
            body = _changed(body_of(before), body)
        if not body:
            return
        base = {name: rev for name, rev in base.items() if name in body}
    outbox.add(
        tx,
        Op(
            op_id=uuid7(),
            person_id=person_id,
            kind=kind,
            entity_id=entity_id,
            act=act,
            at=accounts.platform_time(tx, now),
            base={} if act is Act.ADD else base,
            body={} if act is Act.REMOVE else body,
        ),
    )


def queue_new(tx: "Tx", readings: Sequence[Reading], person_id: UUID, now: int) -> None:
    """Put many new readings of one person on the way out; those of a pretend meter stay here.

    Raises NotAllowed where the mandate does not cover it.
    """
    if not streams.may(tx, person_id, EntityKind.READING):
        raise NotAllowed(_("You were not given leave to change this for them. Ask them for it."))
    at = accounts.platform_time(tx, now)
    real = [reading for reading in readings if not reading.simulated]
    # What we made ourselves needs no second look (None: pydantic sees by itself what was given).
    ops = [
        Op.model_construct(
            None,
            op_id=uuid7(),
            person_id=person_id,
            kind=EntityKind.READING,
            entity_id=reading.id,
            act=Act.ADD,
            at=at,
            base={},
            body=body,
        )
        for reading, body in zip(real, bodies_of(real), strict=True)
    ]
    outbox.add_real(tx, ops)


def _changed(before: Body, after: Body) -> Body:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _known_revisions(
    tx: "Tx", person_id: UUID, kind: EntityKind, entity_id: UUID
) -> dict[str, int] | None:
    """Return the revision of each field that an edit made now has seen, or None for a new entity.

    A field with an edit of ours still on its way keeps the revision that edit saw: the platform takes
    a chain of edits of one machine as one, and a stranger's edit between them stays visible.
    """
    heard = streams.entity(tx, person_id, kind, entity_id)
    stream = streams.get(tx, person_id)
    ours = outbox.laid_over(tx, person_id, kind, entity_id, stream.cursor if stream else 0)
    if heard is None and not ours:
        return None
    seen = {name: rev for name, rev in heard.fields.items() if name} if heard else {}
    for op in ours:
        seen |= {name: op.base.get(name, 0) for name in op.body}
    return {name: rev for name, rev in seen.items() if rev}
