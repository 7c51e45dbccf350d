"""What the archive costs at a million readings, beside the same SQLite without a key in the same run.

python -m tests.benchmarks.archive [--rows N]
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

from carehub.archive import cipher, outbox, people, readings, vault
from carehub.archive.store import Archive
from carehub.care.people import Person
from carehub.care.readings import Kind
from carehub.wire.exchange import EntityKind
from tests.benchmarks.row import Row
from tests.helpers import archives, records
from tests.helpers.records import DAY, NOON

ROWS = 1_000_000
PEOPLE = 10
YEARS = 15
YEAR = 365 * DAY
SAVES = 300
ROUNDS = 15
PIN = archives.PIN


@dataclass
class Ground:
    """A full archive and its twin without a key."""

    archive: Archive
    plain: Path
    people: list[Person]
    rows: int

    def connect_plain(self) -> sqlite3.Connection:
        """Open the twin with the same library and the same pragmas, but no key."""
        connection = cast(
            "sqlite3.Connection", cipher.driver.connect(str(self.plain), isolation_level=None)
        )
        for name, value, _ in cipher.PRAGMAS:
            connection.execute(f"PRAGMA {name}={value}").fetchall()
        return connection


def measure(rows: int = ROWS) -> Iterator[Row]:
    """Fill an archive and its twin, then measure both by turns."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        yield from unlocking(Path(place) / "keys")
        ground = _ground(folder, rows)
        yield from saving(ground)
        yield from committing(ground)
        yield from reading_a_year(ground)
        yield from opening(ground)
        yield from looking_after(ground)


def unlocking(folder: Path) -> Iterator[Row]:
    """Unlock with a PIN (Argon2id, 64 MiB) and with the keyring's secret."""
    store = vault.MemoryKeys()
    vault.create(folder, pin=PIN, store=store, now=NOON)
    pin = _times(lambda: vault.unlock_with_pin(folder, PIN, NOON, store=store), 7)
    keyring = _times(lambda: vault.unlock_with_keyring(folder, store=store), 7)
    yield Row("unlock with the PIN", _ms(pin), "ms", target="1 s")
    yield Row("unlock with the keyring's secret", _ms(keyring), "ms", target="1 s")


def saving(ground: Ground) -> Iterator[Row]:
    """Save one reading with its op, as `workflows` does, against two bare inserts without a key."""
    owner = ground.people[0]
    ours, bare = [], []
    with closing(ground.connect_plain()) as plain:
        marks = ", ".join("?" * _columns(plain, "reading"))
        for n in range(SAVES):
            reading = records.pressure(owner.id, taken_at=NOON + n)
            op = records.op(EntityKind.READING, reading.id, owner.id)
            ours += _times(partial(_save, ground.archive, reading, op), 1)
            row = _plain_row(random.Random(f"save {n}"), owner.id.bytes, NOON + n)
            bare += _times(partial(_insert, plain, marks, row, op), 1)
    where = f"at {ground.rows:,} rows"
    yield _row(f"save a reading {where}, p50", ours, bare, _ms)
    yield _row(f"save a reading {where}, p95", ours, bare, _p95, target="10 ms")


def committing(ground: Ground) -> Iterator[Row]:
    """One row and one commit through the same bare calls, with and without a key."""
    key = ground.archive.keys.database_key()
    ours, bare = [], []
    with (
        closing(cipher.connect(ground.archive.file, key)) as sealed,
        closing(ground.connect_plain()) as plain,
    ):
        marks = ", ".join("?" * _columns(plain, "reading"))
        for n in range(SAVES):
            row = _plain_row(random.Random(f"commit {n}"), ground.people[1].id.bytes, NOON + n)
            ours += _times(partial(_insert, sealed, marks, row), 1)
            bare += _times(partial(_insert, plain, marks, row), 1)
    yield _row("commit, against no encryption, p50", ours, bare, _ms)
    yield _row("commit, against no encryption, p95", ours, bare, _p95)


def reading_a_year(ground: Ground) -> Iterator[Row]:
    """One person's year out of all rows: what a chart takes, warm and on a new connection."""
    owner, kind = ground.people[2], Kind.BLOOD_PRESSURE
    span = (NOON - 2 * YEAR, NOON - YEAR)
    asked = (owner.id.bytes, str(kind), *span)

    def points() -> int:
        with ground.archive.read() as tx:
            return len(readings.points(tx, owner.id, kind, *span))

    def whole() -> int:
        with ground.archive.read() as tx:
            return len(readings.between(tx, owner.id, kind, *span))

    def cold() -> int:
        with closing(cipher.connect(ground.archive.file, key, read_only=True)) as connection:
            return len(connection.execute(readings.POINTS, asked).fetchall())

    def bare_cold() -> int:
        with closing(ground.connect_plain()) as connection:
            return len(connection.execute(readings.POINTS, asked).fetchall())

    key = ground.archive.keys.database_key()
    with closing(ground.connect_plain()) as plain:

        def bare() -> int:
            return len(plain.execute(readings.POINTS, asked).fetchall())

        found = points()
        assert found == bare() == cold() == whole()
        warm, bare_warm = _by_turns(points, bare)
        new, bare_new = _by_turns(cold, bare_cold)
        objects, _ = _by_turns(whole, bare)
    name = f"one year ({found:,} of {ground.rows:,} rows)"
    yield _row(f"{name}, points for a chart", warm, bare_warm, _ms)
    yield _row(f"{name}, on a new connection", new, bare_new, _ms)
    yield Row(f"{name}, as whole readings", _ms(objects), "ms")


def opening(ground: Ground) -> Iterator[Row]:
    """Open the archive and ask one question, against the twin."""
    folder, keys = ground.archive.folder, ground.archive.keys
    ground.archive.close(NOON)

    def ours() -> None:
        archive = Archive.open(folder, keys, NOON)
        with archive.read() as tx:
            people.everyone(tx)
        archive.close(NOON)

    def bare() -> None:
        with closing(ground.connect_plain()) as plain:
            plain.execute("SELECT * FROM person").fetchall()

    opened, bare_opened = _by_turns(ours, bare)
    yield _row("open, first query and close", opened, bare_opened, _ms)
    ground.archive = Archive.open(folder, keys, NOON)


def looking_after(ground: Ground) -> Iterator[Row]:
    """What examining and backing up everything takes."""
    from carehub.archive import backup

    size = ground.archive.file.stat().st_size
    yield Row(
        "size of the database", size / 1e6, "MB", *_ratio(size / 1e6, _megabytes(ground.plain))
    )
    yield Row("examine every page", _times(ground.archive.check, 1)[0], "s")
    yield Row(
        "make a verified backup", _times(lambda: backup.make(ground.archive, NOON), 1)[0], "s"
    )
    ground.archive.close(NOON)


def _ground(folder: Path, rows: int) -> Ground:
    archive = archives.new(folder)
    everyone = [records.person(created_at=n) for n in range(PEOPLE)]
    with archive.write() as tx:
        for person in everyone:
            people.add(tx, person)
    _fill(archive, everyone, rows)
    plain = folder.parent / "plain.db"
    ground = Ground(archive, plain, everyone, rows)
    _twin(ground)
    return ground


def _fill(archive: Archive, everyone: Sequence[Person], rows: int) -> None:
    chance = random.Random(1)
    step = YEARS * YEAR // max(1, rows // PEOPLE)
    with closing(cipher.connect(archive.file, archive.keys.database_key())) as connection:
        marks = ", ".join("?" * _columns(connection, "reading"))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            f"INSERT INTO reading VALUES ({marks})",
            (
                _plain_row(chance, everyone[n % PEOPLE].id.bytes, NOON - (n // PEOPLE) * step)
                for n in range(rows)
            ),
        )
        connection.execute("COMMIT")
    cipher.checkpoint(archive.file, archive.keys.database_key())


def _twin(ground: Ground) -> None:
    """Copy tables, indexes and rows into a database without a key."""
    key = ground.archive.keys.database_key()
    with closing(cipher.connect(ground.archive.file, key)) as source:
        made = source.execute(
            "SELECT sql, name, type FROM sqlite_master WHERE sql > '' AND name NOT LIKE 'search_word%'"
            " AND name NOT LIKE 'sqlite%' ORDER BY type = 'table' DESC"
        ).fetchall()
        with closing(ground.connect_plain()) as plain:
            for statement, _, _ in made:
                plain.execute(statement)
        source.execute("ATTACH ? AS plain KEY ''", (str(ground.plain),))
        source.execute("BEGIN")
        for name in ("person", "reading"):
            source.execute(f"INSERT INTO plain.{name} SELECT * FROM main.{name}")
        source.execute("COMMIT")
        source.execute("DETACH plain")
    with closing(ground.connect_plain()) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _plain_row(chance: random.Random, owner: bytes, taken_at: int) -> tuple[object, ...]:
    """Return one reading in the order of the table's columns."""
    key = UUID(int=chance.getrandbits(128)).bytes
    v1, v2, v3 = (chance.randrange(low, high) * 1_000_000 for low, high in _RANGES)
    return (
        *(key, owner, "blood_pressure", taken_at, "mmHg", v1, v2, v3, None, "", "random", "home"),
        *("sitting", "meter", 480, taken_at, "ok", "2026-01-01T08:00:00", "", "", "CUFF-1"),
        *(1, None, 0, None, 0, "", None, 1),
    )


_RANGES = ((95, 185), (55, 110), (50, 110))


def _columns(connection: sqlite3.Connection, table: str) -> int:
    return len(connection.execute(f"PRAGMA table_info({table})").fetchall())


def _save(archive: Archive, reading: records.Reading, op: records.Op) -> None:
    with archive.write() as tx:
        readings.add(tx, reading)
        outbox.add(tx, op)


def _insert(
    connection: sqlite3.Connection,
    marks: str,
    row: tuple[object, ...],
    op: records.Op | None = None,
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"INSERT INTO reading VALUES ({marks})", row)
    if op is not None:
        ids = (op.op_id.bytes, op.person_id.bytes, op.entity_id.bytes)
        connection.execute(
            "INSERT INTO op(op_id, person_id, entity_id, kind, act, at, body, state)"
            " VALUES (?, ?, ?, 'reading', 'add', 0, '{}', 'pending')",
            ids,
        )
    connection.execute("COMMIT")


def _times(work: Callable[[], object], turns: int) -> list[float]:
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def _by_turns(
    ours: Callable[[], object], bare: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Time both by turns, so that a disturbance meets both."""
    pairs = [(_times(ours, 1)[0], _times(bare, 1)[0]) for _ in range(ROUNDS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _ms(taken: Sequence[float]) -> float:
    return statistics.median(taken) * 1000


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)] * 1000


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6


def _ratio(value: float, baseline: float) -> tuple[float, float]:
    return baseline, value / baseline


def _row(
    figure: str,
    ours: Sequence[float],
    bare: Sequence[float],
    of: Callable[[Sequence[float]], float],
    target: str = "",
) -> Row:
    return Row(figure, of(ours), "ms", *_ratio(of(ours), of(bare)), target)


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    print(f"{'figure':<56}{'value':>12}{'no key':>10}{'ratio':>8}  target")
    for row in measure(parser.parse_args().rows):
        bare = "" if row.baseline is None else f"{row.baseline:.3g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        print(f"{row.figure:<56}{row.value:>9.3g} {row.unit:<2}{bare:>10}{ratio:>8}  {row.target}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
