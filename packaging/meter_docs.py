"""The generated parts of docs/meters.md: what each driver says of its meters, and the fault matrix.

    python packaging/meter_docs.py            write them into docs/meters.md

Both stand between marks, and a test holds them to the code: the words are the drivers' docstrings, the
matrix is what the tests demand of each driver and fault.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "meters.md"
sys.path.insert(0, str(ROOT))

from carehub.devices.drivers import BUILT_IN, help_of  # noqa: E402 - after the path to the tests
from carehub.devices.meters import Bond, Driver  # noqa: E402
from tests.helpers.fault_matrix import DRIVERS, FAULTS, expected  # noqa: E402

CANNOT = "–"


def families() -> str:
    """Return each driver's help under its name, with the facts of its policy."""
    return "\n\n".join(_family(driver) for driver in BUILT_IN)


def _family(driver: Driver) -> str:
    title, *rest = help_of(driver.name).split("\n\n")
    paragraphs = [title, *rest, _facts(driver)]
    return f"#### `{driver.name}`\n\n" + "\n\n".join(_joined(text) for text in paragraphs)


def _joined(paragraph: str) -> str:
    """Return a paragraph on one line, with its sources and proofs on lines of their own."""
    text = " ".join(paragraph.split())
    return re.sub(r" (?=Verified: )", "  \n", text)


def _facts(driver: Driver) -> str:
    policy = driver.policy
    names = getattr(driver, "names", ())
    known = (
        f"names beginning with {', '.join(f'`{name}`' for name in names)}" if names else "any name"
    )
    facts = [
        f"Service {policy.service}, {known}",
        "paired at once" if policy.bond is Bond.AT_ONCE else "paired when it asks",
        f"clock {policy.clock.characteristic}" + (", told first" if policy.clock.first else ""),
    ]
    return "; ".join(facts) + "."


def matrix() -> str:
    """Return what each driver ends each fault with, as a Markdown table."""
    rows = [[fault, *(expected(driver, fault) or CANNOT for driver in DRIVERS)] for fault in FAULTS]
    return _table(["fault", *(f"`{driver}`" for driver in DRIVERS)], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def marked(mark: str) -> re.Pattern[str]:
    """Return the pattern of what stands between a part's marks."""
    return re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=\n<!-- end of {mark} -->)", re.DOTALL)


PARTS = {"families": families, "faults": matrix}


def main() -> int:
    """Write the parts into the page."""
    text = PAGE.read_text(encoding="utf-8")
    for mark, part in PARTS.items():
        written = part()
        text = marked(mark).sub(lambda _found, written=written: written, text)  # type: ignore[misc]  # one by one
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
