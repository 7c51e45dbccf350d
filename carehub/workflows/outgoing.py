"""Each change leaves a waiting op in its transaction; pretend readings do so in the demo alone."""

from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from carehub.archive import outbox
from carehub.wire.exchange import Act, EntityKind, Op
from carehub.wire.values import body_of

if TYPE_CHECKING:
    from carehub.archive.store import Tx


def queue(
    tx: "Tx",
    kind: EntityKind,
    act: Act,
    value: object,
    *,
    person_id: UUID,
    now: int,
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
