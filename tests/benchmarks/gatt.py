"""How many frames a second each codec decodes, beside a bare struct.unpack of the same bytes."""

import struct
import time
from collections.abc import Callable
from typing import NamedTuple

from carehub.devices import gatt

SECONDS = 0.2
BATCH = 500

# characteristic, frame, the layout that a bare unpack of this very frame needs
FRAMES = (
    ("2A35", "1E 8800 5300 6400 EA07 03 01 07 1E 00 4800 02 0500", "<BHHHHBBBBBHBH"),
    ("2A36", "04 6100 FF07 FF07 4600", "<BHHHH"),
    ("2A18", "1F 2A00 EA07 03 01 07 1E 00 E2FF 37C0 11 0100", "<BHHBBBBBhHBH"),
    ("2A34", "5F 2A00 01 3CD0 02 51 0807 3C 04 0CA0 44F0", "<BHBHBBHBBHH"),
    ("2A1C", "06 6E0100FF EA07 03 01 07 1E 00 06", "<BIHBBBBBB"),
    ("2A9D", "0E 0433 EA07 03 01 07 1E 00 02 F100 6D06", "<BHHBBBBBBHH"),
    ("2A5E", "1F 6100 4000 EA07 03 01 07 1E 00 0001 200000 0FF0", "<BHHHBBBBBHHBH"),
    ("2A37", "1F 4800 6400 0004 E803", "<BHHHH"),
    ("2AA7", "0D E3 7000 4100 02 04 10 05F0 6300", "<BBHHBBBHH"),
    ("2A52", "05 00 F401", "<BBH"),
    ("2A2B", "EA07 0B 16 09 1B 2D 07 80 01", "<HBBBBBBBB"),
)


class Row(NamedTuple):
    """One figure: ours and the bare baseline in frames a second, and how often slower we are."""

    figure: str
    value: float
    baseline: float
    ratio: float
    unit: str = "frames/s"


def measure() -> list[Row]:
    """Decode each frame for a fifth of a second, and unpack it for as long."""
    return [_row(uuid, bytes.fromhex(text), struct.Struct(layout)) for uuid, text, layout in FRAMES]


def _row(uuid: str, data: bytes, layout: struct.Struct) -> Row:
    ours = _rate(lambda: gatt.decode(uuid, data))
    bare = _rate(lambda: layout.unpack(data))
    return Row(f"decode {uuid}", ours, bare, bare / ours)


def _rate(work: Callable[[], object]) -> float:
    """Return the best batch's rate: what disturbs a batch only makes it slower."""
    best, end = 0.0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _turn in range(BATCH):
            work()
        best = max(best, BATCH / (time.perf_counter() - start))
    return best


def main() -> None:
    """Print the figures as a table."""
    print(f"{'figure':<14}{'frames/s':>12}{'bare':>14}{'ratio':>8}")
    for row in measure():
        print(f"{row.figure:<14}{row.value:>12,.0f}{row.baseline:>14,.0f}{row.ratio:>8.1f}")


if __name__ == "__main__":
    main()
