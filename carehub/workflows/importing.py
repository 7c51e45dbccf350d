"""Let in what other programs kept: look at a file first, store it as one batch, take it out again."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from carehub.care.alerts import Alert, Notice
from carehub.care.believable import PressureBounds
from carehub.care.changes import Changes
from carehub.care.placing import SKEW_LIMIT
from carehub.care.readings import Kind, Reading, Source, Unit
from carehub.care.units import in_mmhg, in_mmol
from carehub.errors import FileRefused, FileUnclear, InputError
from carehub.i18n import _
from carehub.imports import settling
from carehub.imports.formats import registry
from carehub.imports.rows import SAID, Answers, Entry, Format, Row, Why
from carehub.imports.settling import Settled
from carehub.imports.sources import Source as File
from carehub.workflows.rulebook import rulebook

if TYPE_CHECKING:
    from carehub.archive.batches import Batch
    from carehub.archive.store import Archive, Tx

FIRST_ROWS = 5
_AT_ONCE = 500
_TELL_EVERY = 2_000
_MOST_USERS = 20
_WHYS = tuple(Why)

Tell = Callable[[int], bool]
"""Told how many rows are behind us; returns False where the person has had enough."""


class Cancelled(FileRefused):
    """The person stopped the import."""

    code = "import_cancelled"


@dataclass(slots=True)
class Refused:
    """The rows that do not become readings, nine bytes each: a file may hold millions of them."""

    lines: "array[int]" = field(default_factory=lambda: array("Q"), repr=False)
    whys: bytearray = field(default_factory=bytearray, repr=False)

    def add(self, line: int, why: Why) -> None:
        """Note one."""
        self.lines.append(line)
        self.whys.append(_WHYS.index(why))

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[tuple[int, Why]]:
        for line, why in zip(self.lines, self.whys, strict=True):
            yield line, _WHYS[why]


@dataclass(slots=True)
class Seen:
    """What a file holds: `new` and `duplicate` count rows, `first` shows the first ones.

    `since` and `until` are UTC milliseconds of the new rows; `users` are the numbers or names that
    the other program gave its users.
    """

    form: Format
    settled: Settled
    read: int = 0
    new: int = 0
    duplicate: int = 0
    refused: Refused = field(default_factory=Refused)
    kinds: Counter[Kind] = field(default_factory=Counter)
    since: int | None = None
    until: int | None = None
    users: set[str] = field(default_factory=set)
    first: list[Entry] = field(default_factory=list, repr=False)
    exact: bool = False
    """Whether our own readings come back as they were, and do not arrive now."""

    def count(self, entry: Entry) -> None:
        """Count one new row."""
        self.new += 1
        self.kinds[entry.kind] += 1
        self.since = entry.taken_at if self.since is None else min(self.since, entry.taken_at)
        self.until = entry.taken_at if self.until is None else max(self.until, entry.taken_at)
        if len(self.first) < FIRST_ROWS:
            self.first.append(entry)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the batch (None where nothing was new), the counts, and the alerts."""

    batch_id: UUID | None
    seen: Seen
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    person_id: UUID | None = None
    more: Changes = Changes.NONE

    @property
    def changes(self) -> Changes:
        """Return the flags of what changed."""
        changes = Changes.READINGS if self.batch_id is not None else Changes.NONE
        return changes | self.more | (Changes.ALERTS if self.alerts else Changes.NONE)


def preview(
    file: File,
    answers: Answers,
    now: int,
    *,
    archive: "Archive | None" = None,
    person_id: UUID | None = None,
    tell: Tell | None = None,
) -> Seen:
    """Look a whole file through and keep nothing; without an archive, repetitions inside it count.

    Raises FileRefused where it cannot be read, FileUnclear with the question that is open.
    """
    seen = _opened(file, answers, now)
    if archive is None or person_id is None:
        _count_alone(seen, _told(_rows(file, answers, seen, now), tell))
        return seen
    with archive.read() as tx, _Met() as met:
        for chunk in _chunks(seen, _told(_rows(file, answers, seen, now), tell)):
            for entry, _reading in _fresh(tx, seen, _once(met, seen, chunk), person_id, now):
                seen.count(entry)
    return seen


def take(
    archive: "Archive",
    file: File,
    answers: Answers,
    *,
    person_id: UUID,
    now: int,
    tell: Tell | None = None,
) -> Imported:
    """Store what is new in a file as one batch of one person: all of it, or nothing.

    Importing the same file again adds nothing, and brings nothing back that somebody deleted. Raises
    FileRefused, FileUnclear, Cancelled; NotAllowed where the mandate does not cover it.
    """
    from carehub.archive import people

    seen = _opened(file, answers, now)
    rows = _told(_rows(file, answers, seen, now), tell)
    with archive.write() as tx:
        if people.get(tx, person_id) is None:
            raise InputError(_("There is nobody of that name or id here. See: carehub people list"))
        batch_id = store(tx, rows, seen, person_id, file.name, now)
        if batch_id is None:
            return Imported(None, seen, person_id=person_id)
        return _looked_at(tx, Imported(batch_id, seen, person_id=person_id), person_id, now)


def store(
    tx: "Tx", rows: Iterator[Row], seen: Seen, person_id: UUID, name: str, now: int
) -> UUID | None:
    """Add the new ones of these rows as one batch; None where nothing was new."""
    from uuid_utils.compat import uuid7

    from carehub.archive import batches
    from carehub.workflows import outgoing

    batch_id = uuid7()
    for chunk in _chunks(seen, rows):
        pairs = list(_fresh(tx, seen, _one_user(seen, chunk), person_id, now))
        if pairs:
            added = [reading for _entry, reading in pairs]
            batches.add(tx, batch_id, added)
            outgoing.queue_new(tx, added, person_id, now)
        for entry, _reading in pairs:
            seen.count(entry)
    if not seen.new:
        return None
    batches.put(tx, batches.Batch(batch_id, person_id, seen.form.name, name, now, seen.new))
    return batch_id


def _looked_at(tx: "Tx", done: Imported, person_id: UUID, now: int) -> Imported:
    """Let the rules look at the person: what was dangerous long ago is no emergency of this moment."""
    from carehub.workflows import rounds

    step = rounds.visit(tx, person_id, now)
    return replace(done, alerts=step.changed, notices=step.notices)


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a batch did."""

    batch: "Batch"
    removed: int
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)

    @property
    def changes(self) -> Changes:
        """Return the flags of what changed."""
        return Changes.READINGS | (Changes.ALERTS if self.alerts else Changes.NONE)


def undo(archive: "Archive", batch_id: UUID, now: int) -> Undone:
    """Take exactly the readings of one batch out again, in one transaction.

    What nobody else knows of goes altogether; what was sent, or what an alert or a correction names,
    is voided, so that it ends everywhere. Raises InputError where there is no such batch any more.
    """
    from carehub.archive import batches

    with archive.write() as tx:
        batch = batches.get(tx, batch_id)
        if batch is None or batch.undone_at is not None:
            raise InputError(_("There is no such import to undo. See: carehub import undo"))
        standing = batches.standing(tx, batch_id)
        told = batches.told(tx, batch_id)
        batches.erase(tx, [reading.id for reading in standing if reading.id not in told])
        _void(tx, [reading for reading in standing if reading.id in told], batch.person_id, now)
        batches.put(tx, replace(batch, undone_at=now))
        done = _looked_at(tx, Imported(batch_id, _nothing()), batch.person_id, now)
    return Undone(batch, len(standing), done.alerts, done.notices)


def _void(tx: "Tx", readings: list[Reading], person_id: UUID, now: int) -> None:
    from carehub.archive import batches
    from carehub.archive import readings as reading_rows
    from carehub.wire.exchange import Act, EntityKind
    from carehub.workflows import outgoing

    for reading in readings:
        reading_rows.void(tx, reading.id, now)
        voided = replace(reading, voided=True)
        outgoing.queue(tx, EntityKind.READING, Act.VOID, voided, person_id=person_id, now=now)
    batches.undone(tx, [reading.id for reading in readings])


def _nothing() -> Seen:
    return Seen(registry.FORMATS[-1], Settled())


def _opened(file: File, answers: Answers, now: int) -> Seen:
    form = registry.recognise(file, answers)
    return Seen(form, settling.settle(file, form, answers, now))


def _told(rows: Iterator[Row], tell: Tell | None) -> Iterator[Row]:
    """Tell the person how far we are; raises Cancelled where they have had enough."""
    for number, row in enumerate(rows, start=1):
        if tell is not None and number % _TELL_EVERY == 0 and not tell(number):
            raise Cancelled(_("The import was stopped. Nothing of the file was kept."))
        yield row


def _rows(file: File, answers: Answers, seen: Seen, now: int) -> Iterator[Row]:
    """Yield the rows of a file, those that cannot be true as refused."""
    believable = _gate(now)
    for line, row in settling.rows(file, seen.form, answers, seen.settled):
        yield line, row if isinstance(row, Why) else believable(row) or row


def _gate(now: int) -> Callable[[Entry], Why | None]:
    """Return what tells why an entry cannot be true, by BP-VAL and G-VAL; looked up once."""
    rules = rulebook()
    pressure = PressureBounds.of(rules["BP-VAL"])
    lowest, highest = (rules["G-VAL"].number(f"glucose_{end}") for end in ("min", "max"))
    latest = now + SKEW_LIMIT

    def gate(entry: Entry) -> Why | None:
        if entry.reading is not None:
            return None
        if entry.taken_at > latest:
            return Why.TO_COME
        if entry.v1 is None:
            return None
        if entry.kind is Kind.GLUCOSE:
            held = lowest <= in_mmol(entry.v1, entry.unit) <= highest
        else:
            assert entry.v2 is not None
            high, low = in_mmhg(entry.v1, entry.unit), in_mmhg(entry.v2, entry.unit)
            held = pressure.hold(high, low, entry.v3)
        return None if held else Why.NOT_BELIEVABLE

    return gate


class _Met:
    """Which rows a file has shown already, in twenty bytes each: a set would take a hundred."""

    def __init__(self) -> None:
        import sqlite3

        self._rows = sqlite3.connect(":memory:")
        self._rows.execute("CREATE TABLE met(key INTEGER PRIMARY KEY)")

    def __enter__(self) -> "_Met":
        return self

    def __exit__(self, *_error: object) -> None:
        self._rows.close()

    def first(self, entry: Entry) -> bool:
        """Note a row; False where one like it was there already."""
        added = self._rows.execute("INSERT OR IGNORE INTO met VALUES (?)", (hash(_key(entry)),))
        return added.rowcount == 1


_Key = tuple[Kind | UUID, int, Unit, Decimal | None, Decimal | None, Decimal | None, str, str]


def _key(entry: Entry) -> _Key:
    """Return what makes a row the same as another one; equal numbers are equal however written."""
    which = entry.kind if entry.reading is None else entry.reading.id
    values = entry.v1, entry.v2, entry.v3
    return which, entry.taken_at, entry.unit, *values, entry.text, entry.user


def _count_alone(seen: Seen, rows: Iterator[Row]) -> None:
    with _Met() as met:
        for chunk in _chunks(seen, rows):
            for entry in _once(met, seen, chunk):
                seen.count(entry)


def _once(met: _Met, seen: Seen, chunk: list[Entry]) -> list[Entry]:
    fresh = [entry for entry in chunk if met.first(entry)]
    seen.duplicate += len(chunk) - len(fresh)
    return fresh


def _chunks(seen: Seen, rows: Iterator[Row]) -> Iterator[list[Entry]]:
    """Yield the entries in portions, counting what is read and noting what is refused."""
    chunk: list[Entry] = []
    for line, row in rows:
        seen.read += 1
        if isinstance(row, Why):
            seen.refused.add(line, row)
            continue
        if row.user and len(seen.users) < _MOST_USERS:
            seen.users.add(row.user)
        chunk.append(row)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    yield chunk


def _one_user(seen: Seen, chunk: list[Entry]) -> list[Entry]:
    """Let the readings of two users not become those of one person; raises FileUnclear."""
    if len(seen.users) > 1:
        raise FileUnclear(
            "user",
            _(
                "This file holds the readings of several users ({users}). "
                "Say which of them this person is, with --user."
            ).format(users=", ".join(sorted(seen.users))),
            tuple(sorted(seen.users)),
        )
    return chunk


def _fresh(
    tx: "Tx", seen: Seen, chunk: list[Entry], person_id: UUID, now: int
) -> Iterator[tuple[Entry, Reading]]:
    """Yield what is not here yet, as readings; what is there already counts as a repetition."""
    from carehub.archive import batches

    made: dict[UUID, tuple[Entry, Reading]] = {}
    for entry in chunk:
        reading = _reading(entry, person_id, None if seen.exact else now)
        seen.duplicate += reading.id in made
        made.setdefault(reading.id, (entry, reading))
    while made:
        here = batches.owners(tx, list(made))
        again: dict[UUID, tuple[Entry, Reading]] = {}
        for reading_id, (entry, reading) in made.items():
            whose, undone = here.get(reading_id, (None, False))
            if reading_id not in here:
                yield entry, reading
            elif undone or whose != person_id:
                # An undo, or another person's copy, does not keep it away for ever.
                other = uuid5(person_id, f"{reading_id}|again")
                again[other] = entry, replace(reading, id=other)
            else:
                seen.duplicate += 1
        made = again


def _reading(entry: Entry, person_id: UUID, now: int | None) -> Reading:
    """Return the reading of an entry that arrives `now`, or of ours that keeps its own arrival."""
    if entry.reading is not None:
        arrived = entry.reading.received_at if now is None else now
        return replace(entry.reading, person_id=person_id, received_at=arrived)
    assert now is not None
    return Reading(
        id=_id(entry, person_id),
        person_id=person_id,
        kind=entry.kind,
        taken_at=entry.taken_at,
        unit=entry.unit,
        v1=entry.v1,
        v2=entry.v2,
        v3=entry.v3,
        text=entry.text,
        context=entry.context,
        posture=entry.posture,
        source=Source.IMPORT,
        zone_offset=entry.zone_offset,
        received_at=now,
        flags=entry.flags,
        note=entry.note,
    )


def _id(entry: Entry, person_id: UUID) -> UUID:
    """Mint the id from what was measured when: whichever file says it again, it is the same reading."""
    values = "|".join(_plain(value) for value in (entry.v1, entry.v2, entry.v3))
    content = f"{entry.kind}|{entry.taken_at}|{entry.unit}|{values}|{entry.text}"
    return uuid5(person_id, content)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def said(why: Why) -> str:
    """Return why a row was refused, in the current language."""
    return _(SAID[why])
