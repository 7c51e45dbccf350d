"""Every change leaves a waiting op in the same transaction; pretend readings never do, outside the demo."""

from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from carehub.archive import outbox
from carehub.wire.exchange import Act, EntityKind, Op
from carehub.wire.values import body_of


def queue(
    tx: Connection, kind: EntityKind, act: Act, value: object, *, person_id: UUID, now: int
) -> None:
    """Put the change of one `care` value on the way out; `value` has an `id` unless it is a target."""
    entity_id = getattr(value, "id", person_id)
    op = Op(
        op_id=uuid7(),
        person_id=person_id,
        kind=kind,
        entity_id=entity_id,
        act=act,
        at=now,
        body=body_of(value),
    )
    outbox.add(tx, op)
