"""Run every benchmark, or those named, and print one table.

    python -m tests.benchmarks [NAME …] [--json FILE] [--list]

Each module of this folder with a `measure() -> Iterable[Row]` takes part. A benchmark that cannot
run here (no display, say) is shown with its reason; figures are printed, never asserted.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
COLUMNS = ("figure", "value", "baseline", "ratio", "target")


def names() -> list[str]:
    """Return the modules of this folder that measure something, in alphabetical order."""
    files = sorted(file for file in HERE.glob("*.py") if not file.name.startswith("_"))
    return [file.stem for file in files if "def measure(" in file.read_text(encoding="utf-8")]


def machine() -> dict[str, str | int]:
    """Return what figures mean nothing without."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((row.partition(":")[2].strip() for row in lines if "model name" in row), "unknown")


def run(name: str) -> dict[str, Any]:
    """Measure one module; return its rows and seconds, or why it could not run."""
    started = time.perf_counter()
    try:
        module: ModuleType = importlib.import_module(f"tests.benchmarks.{name}")
        rows: Iterable[Any] = module.measure()
        measured = [row._asdict() for row in rows]
    except Exception as error:  # noqa: BLE001 - one benchmark must not take the others with it
        if "--debug" in sys.argv:
            traceback.print_exception(error)
        return {"name": name, "rows": [], "failed": f"{type(error).__name__}: {error}"}
    return {"name": name, "rows": measured, "seconds": round(time.perf_counter() - started, 1)}


def table(result: dict[str, Any]) -> str:
    """Return one module's rows as aligned text."""
    if "failed" in result:
        return f"{result['name']}: could not run here: {result['failed']}"
    cells = [COLUMNS, *(_cells(row) for row in result["rows"])]
    widths = [max(len(row[column]) for row in cells) for column in range(len(COLUMNS))]
    lines = [f"{result['name']} ({result['seconds']} s)"]
    for row in cells:
        figure, *numbers = row
        aligned = "  ".join(
            text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)
        )
        lines.append(f"  {figure.ljust(widths[0])}  {aligned}".rstrip())
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    unit, ratio = row.get("unit", ""), row.get("ratio")
    return (
        str(row["figure"]),
        f"{_number(row['value'])} {unit}".strip(),
        _number(row.get("baseline")),
        "" if ratio is None else f"{ratio:.2f}x",
        str(row.get("target") or ""),
    )


def _number(value: float | None) -> str:
    """Return three significant digits, and whole thousands in full."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 where a benchmark could not run."""
    parser = argparse.ArgumentParser(
        prog="poe bench", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here as well")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--debug", action="store_true", help="show why one could not run, in full")
    chosen = parser.parse_args(arguments)
    known = names()
    if unknown := set(chosen.names) - set(known):
        parser.error(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}"
        )
    if chosen.list:
        print(*known, sep="\n")
        return 0
    about = machine()
    print(*(f"{key}: {value}" for key, value in about.items()), sep=" · ")
    results = []
    for name in chosen.names or known:
        results.append(run(name))
        print("\n" + table(results[-1]), flush=True)
    if chosen.json:
        text = json.dumps({"machine": about, "benchmarks": results}, indent=2, ensure_ascii=False)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return 1 if any("failed" in result for result in results) else 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
