"""What letting history in costs: 27,000 rows into an archive, and how much memory 200 MB take.

python -m tests.benchmarks.imports [--size MB]
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from carehub.imports.rows import Answers
from carehub.imports.sources import Source
from carehub.workflows import importing, people
from tests.benchmarks.row import Row
from tests.helpers import archives, notebooks
from tests.helpers.records import NOON

ROWS = 27_000
SIZE = 200
MEGABYTE = 1024 * 1024
FIVE_MINUTES = 300

_CHILD = """
import sys, time
from pathlib import Path
from carehub.imports.rows import Answers
from carehub.imports.sources import Source
from carehub.workflows import importing
from carehub.workflows.rulebook import rulebook

def most():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024

rulebook()
before = most()
started = time.perf_counter()
seen = importing.preview(Source.of_file(Path(sys.argv[1])), Answers(), int(sys.argv[2]))
print(seen.read, time.perf_counter() - started, most() - before, most())
"""
"""What a fresh process does: Linux tells the most memory that it ever held."""


def measure(size: int = SIZE) -> Iterator[Row]:
    """Write the files, read them by the ways that people take."""
    with tempfile.TemporaryDirectory() as place:
        yield from _stored(Path(place))
        yield from _large(Path(place), "csv", size, _table)
        yield from _large(Path(place), "xml", size, _apple)


def _stored(place: Path) -> Iterator[Row]:
    file = place / "sensor.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("time,glucose (mg/dL)\n")
        out.writelines(_sensor(number) for number in range(ROWS))
    source = Source.of_file(file)
    bare = _seconds(lambda: _bare(file))
    looked = _seconds(lambda: importing.preview(source, Answers(), notebooks.NOW))
    archive = archives.new(place / "archive")
    person = people.add(archive, name="王示例", now=NOON)

    def take() -> None:
        importing.take(archive, source, Answers(), person_id=person.id, now=notebooks.NOW)

    stored, again = _seconds(take), _seconds(take)
    archive.close(NOON)
    yield Row(f"look at {ROWS:,} rows (bare: csv.reader)", looked, "s", bare, looked / bare)
    yield Row(f"store {ROWS:,} rows", stored, "s", bare, stored / bare, "<= 2 s")
    yield Row(f"store {ROWS:,} rows again", again, "s", bare, again / bare)


def _sensor(number: int) -> str:
    at = time.gmtime(1_700_000_000 + number * FIVE_MINUTES)
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', at)},{100 + number % 80}\n"


def _bare(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        for _row in csv.reader(lines):
            pass


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _large(place: Path, kind: str, size: int, write: Callable[[Path, int], None]) -> Iterator[Row]:
    file = place / f"large.{kind}"
    write(file, size * MEGABYTE)
    line = [sys.executable, "-c", _CHILD, str(file), str(notebooks.NOW)]
    told = subprocess.run(line, check=True, capture_output=True, text=True).stdout.split()
    file.unlink()
    rows, took, more, whole = (float(word) for word in told)
    yield Row(f"{size} MB of {kind}: rows", rows, "")
    yield Row(f"{size} MB of {kind}: look", took, "s")
    yield Row(f"{size} MB of {kind}: memory added", more, "MB")
    yield Row(f"{size} MB of {kind}: memory of the process", whole, "MB")


def _table(file: Path, size: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        written = out.write("taken_at,systolic,diastolic,pulse\n")
        number = 0
        while written < size:
            at = time.gmtime(1_000_000_000 + number * 60)
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", at)
            written += out.write(
                f"{stamp},{110 + number % 40},{70 + number % 20},{60 + number % 30}\n"
            )
            number += 1


def _apple(file: Path, size: int) -> None:
    steps = (
        ' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="phone" unit="count" '
        'startDate="2025-04-10 07:24:00 +0800" endDate="2025-04-10 07:25:00 +0800" value="17"/>\n'
    )
    sugar = (
        ' <Record type="HKQuantityTypeIdentifierBloodGlucose" sourceName="meter" unit="mg/dL" '
        'startDate="2025-04-{day:02} {hour:02}:24:00 +0800" value="{value}"/>\n'
    )
    with file.open("w", encoding="utf-8") as out:
        written = out.write('<?xml version="1.0"?>\n<HealthData locale="zh_CN">\n')
        number = 0
        while written < size:
            written += out.write(steps * 50)
            told = sugar.format(day=1 + number % 28, hour=number % 24, value=90 + number % 60)
            written += out.write(told)
            number += 1
        out.write("</HealthData>\n")


def main() -> int:
    """Measure with the size that was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=SIZE, help="megabytes of the large files")
    for row in measure(parser.parse_args().size):
        print(f"{row.figure}: {row.value:,.2f} {row.unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
