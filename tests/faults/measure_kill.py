"""Kill the program with -9 while a cuff sends, open it again, compare with what was confirmed.

`python -m tests.faults.measure_kill --runs 200` prints one line of figures. A value counts as
acknowledged once the cuff received the confirmation of its indication. After each kill the archive is
opened again: every acknowledged value must be there exactly once, and nothing may be there twice.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PASSPHRASE = "a long enough sentence"
LONGEST = 2.0
"""Seconds between the cuff's first chance to send and the kill, at most."""
Value = tuple[int, int, int]


def value_of(number: int) -> Value:
    """Return the n-th of 200,000 different believable pressures."""
    return 110 + number % 100, 50 + number // 100 % 40, 55 + number // 4000 % 50


@dataclass
class Tally:
    """What the runs found."""

    runs: int = 0
    acknowledged: int = 0
    stored: int = 0
    recovered: int = 0
    lost: list[Value] = field(default_factory=list)
    doubled: list[Value] = field(default_factory=list)
    not_opened: int = 0

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.not_opened)

    def __str__(self) -> str:
        return (
            f"{self.runs} kills: {self.acknowledged} acknowledged, {self.stored} stored "
            f"({self.recovered} from bytes that a kill left undecoded), {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {self.not_opened} not opened again"
        )


def run(folder: Path, runs: int, seed: int) -> Tally:
    """Make an archive in `folder` and kill the program `runs` times."""
    chance = random.Random(seed)
    _make(folder)
    tally = Tally()
    acknowledged: set[Value] = set()
    for number in range(runs):
        acknowledged |= _one_kill(folder, number * 500, chance)
        tally.runs += 1
        _count(folder, acknowledged, tally)
        if not tally.good:
            break
    return tally


def _one_kill(folder: Path, first: int, chance: random.Random) -> set[Value]:
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.faults.measure_kill",
            "--child",
            str(folder),
            str(first),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    seen: set[Value] = set()
    assert child.stdout.readline() == "ready\n"
    time.sleep(chance.uniform(0.0, LONGEST))
    child.send_signal(signal.SIGKILL)
    for line in child.stdout:
        high, low, pulse = line.split()
        seen.add((int(high), int(low), int(pulse)))
    child.wait()
    child.stdout.close()
    return seen


def _count(folder: Path, acknowledged: set[Value], tally: Tally) -> None:
    from carehub.archive import readings, vault
    from carehub.archive.store import Archive
    from carehub.errors import CareHubError
    from carehub.workflows import measuring

    now = time.time_ns() // 1_000_000
    try:
        keys = vault.unlock_with_passphrase(folder, PASSPHRASE)
        archive = Archive.open(folder, keys, now)
    except CareHubError:
        tally.not_opened += 1
        return
    try:
        tally.recovered += len(measuring.recover(archive, now).unassigned)
        with archive.read() as tx:
            kept = readings.unassigned(tx)
    finally:
        archive.close(now)
    found = Counter((int(r.v1 or 0), int(r.v2 or 0), int(r.v3 or 0)) for r in kept)
    tally.acknowledged, tally.stored = len(acknowledged), len(kept)
    tally.lost = sorted(acknowledged - set(found))
    tally.doubled = sorted(value for value, times in found.items() if times > 1)


def _make(folder: Path) -> None:
    from carehub.archive import vault
    from carehub.archive.store import Archive

    now = time.time_ns() // 1_000_000
    keys, _code = vault.create(folder, passphrase=PASSPHRASE, keyring=False, now=now)
    Archive.create(folder, keys, now, demo=True).close(now)


async def _child(folder: Path, first: int) -> None:
    """Read a cuff that measures as fast as it can, until killed."""
    from carehub.archive import vault
    from carehub.archive.store import Archive
    from carehub.care.readings import Kind
    from carehub.devices.link import Timeouts
    from carehub.devices.simulator import Air
    from carehub.workflows import measuring
    from carehub.workflows.measuring import Sitting

    def clock() -> int:
        return time.time_ns() // 1_000_000

    archive = Archive.open(folder, vault.unlock_with_passphrase(folder, PASSPHRASE), clock())
    measuring.BETWEEN_METERS = 0.02  # the more indications, the more often a kill falls into one
    async with Air(clock) as air:
        cuff = air.cuff()
        quick = Timeouts(settle=0.01, idle=0.2, linger=0.1)
        sitting = Sitting(archive, air.radio, lambda _told: None, clock, timeouts=quick)
        listening = asyncio.ensure_future(sitting.listen([Kind.BLOOD_PRESSURE]))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for number in range(first, first + 500):
            value = value_of(number)
            # Ends when the confirmation of the indication reached the cuff.
            await cuff.measure(*value, step_seconds=0.001)
            sys.stdout.write("{} {} {}\n".format(*value))
            sys.stdout.flush()
            await cuff.switch_off()
        await listening


def main() -> int:
    """Run the kills, or be the child that is killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=2, metavar=("FOLDER", "FIRST"))
    args = parser.parse_args()
    if args.child:
        asyncio.run(_child(Path(args.child[0]), int(args.child[1])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder) / "archive", args.runs, args.seed)
    print(tally)
    return 0 if tally.good else 1


if __name__ == "__main__":
    sys.exit(main())
