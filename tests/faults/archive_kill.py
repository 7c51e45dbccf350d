"""Kill -9 at random moments of each act on the archive, and see that nothing acknowledged is lost.

    python -m tests.faults.archive_kill --runs 200

Each run starts from a fresh copy, ends a real process by SIGKILL and opens the archive again as the
program would. Prints a table; exits 1 where a row was lost, doubled or torn, or it did not open.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from carehub.archive import (
    backup,
    cipher,
    frames,
    outbox,
    people,
    readings,
    renewal,
    soundness,
    vault,
)
from carehub.archive.store import Archive
from carehub.care.readings import Kind
from carehub.errors import ArchiveMissing
from carehub.wire.exchange import EntityKind
from tests.helpers import archives, records
from tests.helpers.records import NOON

LATER = NOON + 3_600_000
ID = 16


@dataclass
class Scene:
    """One act to be killed in: how its folder is laid out, what it does, and what must hold after."""

    prepare: Callable[[Path], None]
    act: Callable[[Path, int], None]
    judge: Callable[[Path, list[UUID]], list[str]]


@dataclass
class Tally:
    """What the runs of one scene showed."""

    runs: int = 0
    killed: int = 0
    acknowledged: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


def unlock(folder: Path) -> vault.Keys:
    return vault.unlock_with_passphrase(folder, archives.PASSPHRASE)


# ---------------------------------------------------------------- scenes


def prepare_writing(folder: Path) -> None:
    archive = archives.new(folder)
    with archive.write() as tx:
        people.add(tx, records.person())
    archive.close(NOON)


def write(folder: Path, told: int) -> None:
    """Keep a frame, then a reading with its op, and tell each only after the commit."""
    archive = Archive.open(folder, unlock(folder), NOON)
    with archive.read() as tx:
        (person,) = people.everyone(tx)
    for n in range(150):
        frame = records.frame()
        with archive.write() as tx:
            frames.keep(tx, frame)
        reading = records.pressure(person.id, taken_at=NOON + n, note="示例" * (n % 40))
        with archive.write() as tx:
            readings.add(tx, reading)
            frames.done(tx, [frame.id], "taken")
            outbox.add(tx, records.op(EntityKind.READING, reading.id, person.id))
        os.write(told, reading.id.bytes)


def judge_writing(folder: Path, told: list[UUID]) -> list[str]:
    troubles = []
    with opened(folder) as archive, archive.read() as tx:
        (person,) = people.everyone(tx)
        kept = [r.id for r in readings.between(tx, person.id, Kind.BLOOD_PRESSURE, 0, NOON * 2)]
        sent = [op.entity_id for op in outbox.waiting(tx)]
        left = len(frames.pending(tx))
    troubles += ["lost"] * len(set(told) - set(kept))
    troubles += ["doubled"] * (len(kept) - len(set(kept)))
    troubles += ["torn"] * len(set(kept) ^ set(sent))
    troubles += ["frames left"] * (left > 1)
    return troubles + unsound(folder)


def prepare_migration(folder: Path) -> None:
    archives.at_revision(folder, "0001")


def migrate(folder: Path, told: int) -> None:
    Archive.open(folder, unlock(folder), NOON).close(NOON)


def judge_migration(folder: Path, told: list[UUID]) -> list[str]:
    with opened(folder) as archive:
        counts = archive.check().counts
    whole = (counts["person"], counts["reading"], counts["medicine"]) == (3, 9, 9)
    return ([] if whole else ["lost"]) + unsound(folder)


def prepare_backup(folder: Path) -> None:
    archive = archives.new(folder)
    with archive.write() as tx:
        person = records.person()
        people.add(tx, person)
        for n in range(500):
            readings.add(tx, records.pressure(person.id, taken_at=n))
    archive.close(NOON)


def back_up(folder: Path, told: int) -> None:
    archive = Archive.open(folder, unlock(folder), NOON)
    for day in range(1, 5):
        backup.make(archive, NOON + day * records.DAY)
    archive.close(NOON)


def judge_backup(folder: Path, told: list[UUID]) -> list[str]:
    key = unlock(folder).database_key()
    made = backup.list_backups(folder)
    bad = [b for b in made if not soundness.examine(b.file, key).sound]
    return ["no backup"] * (not made) + ["bad backup"] * len(bad) + judge_500(folder, told)


def prepare_restore(folder: Path) -> None:
    prepare_backup(folder)
    raw = bytearray((folder / "archive.db").read_bytes())
    raw[50] ^= 1
    (folder / "archive.db").write_bytes(raw)


def restore(folder: Path, told: int) -> None:
    backup.restore(folder, backup.list_backups(folder)[0].file, unlock(folder), LATER)


def judge_restore(folder: Path, told: list[UUID]) -> list[str]:
    marked = (folder / backup.MARKER).exists() or list(folder.glob("*.damaged-*"))
    if not marked:
        backup.restore(folder, backup.list_backups(folder)[0].file, unlock(folder), LATER + 1)
    return judge_500(folder, told) + ["not kept"] * (not list(folder.glob("archive.db.damaged-*")))


def renew(folder: Path, told: int) -> None:
    renewal.renew(folder, unlock(folder), LATER)


def judge_500(folder: Path, told: list[UUID]) -> list[str]:
    with opened(folder) as archive:
        found = archive.info().readings
    return ["lost"] * (found != 500) + unsound(folder)


def prepare_nothing(folder: Path) -> None:
    folder.mkdir()


def create(folder: Path, told: int) -> None:
    archives.new(folder).close(NOON)


def judge_creation(folder: Path, told: list[UUID]) -> list[str]:
    """Whatever is there: a whole archive, keys without a database yet, or nothing."""
    if not vault.exists(folder):
        archives.new_keys(folder)
    keys = unlock(folder)
    try:
        Archive.open(folder, keys, NOON).close(NOON)
    except ArchiveMissing:
        Archive.create(folder, keys, NOON).close(NOON)
    return unsound(folder)


SCENES = {
    "write": Scene(prepare_writing, write, judge_writing),
    "migrate": Scene(prepare_migration, migrate, judge_migration),
    "backup": Scene(prepare_backup, back_up, judge_backup),
    "restore": Scene(prepare_restore, restore, judge_restore),
    "renew": Scene(prepare_backup, renew, judge_500),
    "create": Scene(prepare_nothing, create, judge_creation),
}


@contextmanager
def opened(folder: Path) -> Iterator[Archive]:
    archive = Archive.open(folder, unlock(folder), LATER)
    yield archive
    archive.close(LATER)


def unsound(folder: Path) -> list[str]:
    keys = unlock(folder)
    vault.check_seal(folder, keys)
    with closing(cipher.connect(folder / "archive.db", keys.database_key())) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    found = soundness.examine(folder / "archive.db", keys.database_key())
    return [] if found.sound else ["unsound"]


# ---------------------------------------------------------------- killing


def run(scene: Scene, folder: Path, template: Path, delay: float | None) -> tuple[bool, list[UUID]]:
    """Act in a process of its own; kill it after `delay`, or let it end; return what it told."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        scene.act(folder, told)
        os._exit(0)
    os.close(told)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(heard, "rb") as stream:
        raw = stream.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and os.WEXITSTATUS(status):
        raise RuntimeError("the act failed by itself")
    return killed, [UUID(bytes=raw[i : i + ID]) for i in range(0, len(raw) // ID * ID, ID)]


def repeat(name: str, runs: int, chance: random.Random, place: Path) -> Tally:
    """Kill one act `runs` times, at moments spread over as long as it takes."""
    scene, tally = SCENES[name], Tally()
    template, folder = place / f"{name}-template", place / name
    scene.prepare(template)
    started = time.perf_counter()
    run(scene, folder, template, None)
    lasts = time.perf_counter() - started
    for _ in range(runs):
        killed, told = run(scene, folder, template, chance.uniform(0, lasts))
        tally.runs += 1
        tally.killed += killed
        tally.acknowledged += len(told)
        tally.troubles.update(scene.judge(folder, told))
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", choices=sorted(SCENES))
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    print(f"seed {seed}")
    print(f"{'act':10}{'runs':>6}{'killed':>8}{'told':>8}  troubles")
    bad = 0
    with tempfile.TemporaryDirectory() as place, archives.cheap_keys():
        for name in [arguments.only] if arguments.only else SCENES:
            tally = repeat(name, arguments.runs, random.Random(f"{seed}{name}"), Path(place))
            shown = ", ".join(f"{n} {what}" for what, n in tally.troubles.items()) or "none"
            print(
                f"{name:10}{tally.runs:6}{tally.killed:8}{tally.acknowledged:8}  {shown}",
                flush=True,
            )
            bad += tally.troubles.total()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
