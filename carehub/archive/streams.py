"""Where each person's stream stands here, and what the platform last said of each entity.

The rows of the nouns are what people see: what the platform said, with what still waits laid over it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from carehub.archive import accounts, mandates, outbox, people, rows, tables
from carehub.care.changes import Changes
from carehub.care.family import scope_for
from carehub.care.people import Person
from carehub.wire.exchange import Body

MANDATE_OVER = "mandate_over"
EVERYTHING = Changes.PEOPLE | Changes.READINGS | Changes.ALERTS | Changes.FAMILY
"""What changes where a whole person comes or goes."""

_row = tables.stream
_entity = tables.stream_entity


@dataclass(frozen=True, slots=True)
class Stream:
    """One person's stream: what this account is to them, until when, and how far we have read.

    `paused` is empty, or the code of why the platform neither takes nor gives now.
    """

    person_id: UUID
    role: str = "self"
    scopes: tuple[str, ...] = ()
    cursor: int = 0
    head: int = 0
    epoch: int = 0
    until_at: int | None = None
    paused: str = ""
    digest_at: int = 0

    @property
    def own(self) -> bool:
        """Tell whether these are the records of the account's own person."""
        return self.role == "self"


@dataclass(frozen=True, slots=True)
class Entity:
    """What the platform last said of one entity, with fields and kinds nobody here knows yet."""

    person_id: UUID
    kind: str
    entity_id: UUID
    rev: int = 0
    body: Body = field(default_factory=dict, repr=False)
    fields: dict[str, int] = field(default_factory=dict, repr=False)
    deleted: bool = False


def put(tx: Connection, stream: Stream) -> None:
    """Add a stream, or change the one of this person."""
    rows.put(tx, _row, stream)


def get(tx: Connection, person_id: UUID) -> Stream | None:
    """Return a person's stream, or None where the platform has none for this account."""
    return rows.first(tx, Stream, rows.every(Stream, _row).where(_row.c.person_id == person_id))


def everyone(tx: Connection) -> list[Stream]:
    """Return all streams of this account."""
    return rows.read(tx, Stream, rows.every(Stream, _row).order_by(_row.c.person_id))


def ended(tx: Connection, now: int) -> list[Stream]:
    """Return the streams whose mandate is over by its own term, heard of or not."""
    wanted = rows.every(Stream, _row).where(_row.c.until_at.is_not(None), _row.c.until_at <= now)
    return rows.read(tx, Stream, wanted)


def own(tx: Connection, person_id: UUID) -> bool:
    """Tell whether a person's records are this account's own; so are those never shared."""
    stream = get(tx, person_id)
    return stream is None or stream.own


def own_people(tx: Connection) -> list[Person]:
    """Return the people whose records are this account's own, in the order in which they were added."""
    return [person for person in people.everyone(tx) if own(tx, person.id)]


def may(tx: Connection, person_id: UUID, kind: str) -> bool:
    """Tell whether this account may write that kind of entity for a person.

    Records never shared, and one's own, may always be written.
    """
    stream = get(tx, person_id)
    return stream is None or stream.own or scope_for(kind) in stream.scopes


def end(tx: Connection, person_id: UUID, code: str, now: int) -> None:
    """Remove a person whose mandate is over; what was written here and not sent stays, blocked.

    What this account called them and why they are gone stays until somebody has read it.
    """
    outbox.block(tx, person_id, code, now)
    person, account = people.get(tx, person_id), accounts.get(tx)
    if person is not None:
        mandates.part(tx, person, account.id if account else None, code, now)
    people.erase(tx, person_id, keep_blocked=True)


def end_overdue(tx: Connection, now: int) -> tuple[UUID, ...]:
    """Remove those whose mandate is over by its own term, heard of or not; return who they were."""
    over = tuple(stream.person_id for stream in ended(tx, now))
    for person_id in over:
        end(tx, person_id, MANDATE_OVER, now)
    return over


def move(tx: Connection, person_id: UUID, *, cursor: int, head: int, epoch: int) -> None:
    """Note how far a stream has been read, in the transaction of what was read."""
    found = update(_row).where(_row.c.person_id == person_id)
    tx.execute(found.values(cursor=cursor, head=head, epoch=epoch))


def compared(tx: Connection, person_id: UUID, at: int) -> None:
    """Note when a stream was last compared with the platform's."""
    tx.execute(update(_row).where(_row.c.person_id == person_id).values(digest_at=at))


def keep(tx: Connection, entity: Entity) -> None:
    """Keep what the platform said of an entity."""
    rows.put(tx, _entity, entity)


def entity(tx: Connection, person_id: UUID, kind: str, entity_id: UUID) -> Entity | None:
    """Return what the platform last said of an entity, or None where it said nothing."""
    wanted = rows.every(Entity, _entity).where(
        _entity.c.person_id == person_id,
        _entity.c.kind == kind,
        _entity.c.entity_id == entity_id,
    )
    return rows.first(tx, Entity, wanted)


def entities(tx: Connection, person_id: UUID) -> list[Entity]:
    """Return all that the platform said of a person."""
    wanted = rows.every(Entity, _entity).where(_entity.c.person_id == person_id)
    return rows.read(tx, Entity, wanted)


def of_kind(tx: Connection, person_id: UUID, kind: str) -> list[Entity]:
    """Return what the platform said of a person's entities of one kind, and that still stand."""
    wanted = rows.every(Entity, _entity).where(
        _entity.c.person_id == person_id, _entity.c.kind == kind, _entity.c.deleted.is_(False)
    )
    return rows.read(tx, Entity, wanted)


def drop(tx: Connection, gone: Sequence[Entity]) -> None:
    """Forget what the platform said of these entities."""
    for one in gone:
        tx.execute(
            delete(_entity).where(
                _entity.c.person_id == one.person_id,
                _entity.c.kind == one.kind,
                _entity.c.entity_id == one.entity_id,
            )
        )


def digest(tx: Connection, person_id: UUID) -> dict[str, tuple[int, str]]:
    """Return for each kind how many entities there are and the xor over them, as hexadecimal."""
    sums: dict[str, tuple[int, int]] = {}
    for kind, entity_id, rev in _revisions(tx, person_id):
        count, mixed = sums.get(kind, (0, 0))
        drawn = hashlib.sha256(f"{entity_id}|{rev}".encode()).digest()[:8]
        sums[kind] = count + 1, mixed ^ int.from_bytes(drawn)
    return {kind: (count, f"{mixed:016x}") for kind, (count, mixed) in sums.items()}


def _revisions(tx: Connection, person_id: UUID) -> Iterator[tuple[str, UUID, int]]:
    wanted = select(_entity.c.kind, _entity.c.entity_id, _entity.c.rev)
    for row in tx.execute(wanted.where(_entity.c.person_id == person_id)):
        yield row.kind, row.entity_id, row.rev
