"""Hold each folder to the coverage that pyproject.toml asks of it.

    python packaging/coverage_floors.py [--whole]

Reads `.coverage` and `[tool.carehub.floors]`; lines and branches count alike. A file belongs to the
first pattern that matches it, so the narrow patterns stand first. With --whole only the folders that
must be reached wholly are held to it, but for those whose tests need everything else (`_NOT_ALONE`).
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 12
WHOLE = 100
_NOT_ALONE = ("carehub/sync/", "carehub/ui/")


@dataclass
class Folder:
    """What one pattern's files reach: `covered` of `all` lines and branches, and where it lacks."""

    floor: float
    covered: int = 0
    all: int = 0
    gaps: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """The share that a test reaches, 100 where there is nothing to reach."""
        return 100 * self.covered / self.all if self.all else 100.0

    @property
    def holds(self) -> bool:
        """Whether the floor is reached; 99.99 % is not 100 %."""
        return self.percent >= self.floor


def measured() -> dict[str, Any]:
    """Return coverage.py's own report, by file."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        line = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
        subprocess.run(line, cwd=ROOT, check=True)
        files: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return files


def by_folder(files: Mapping[str, Any], floors: Mapping[str, float]) -> dict[str, Folder]:
    """Return each pattern's sum over the files that belong to it."""
    folders = {pattern: Folder(floor) for pattern, floor in floors.items()}
    for name, report in sorted(files.items()):
        pattern = next((pattern for pattern in floors if fnmatch(name, pattern)), None)
        if pattern is None:
            continue
        summary = report["summary"]
        folder = folders[pattern]
        folder.covered += summary["covered_lines"] + summary.get("covered_branches", 0)
        folder.all += summary["num_statements"] + summary.get("num_branches", 0)
        missing = [*report["missing_lines"], *map(tuple, report.get("missing_branches", []))]
        if missing:
            folder.gaps.append(f"{name}: {', '.join(map(str, missing[:SHOWN]))}")
    return folders


def whole(pattern: str, folder: Folder) -> bool:
    """Tell whether a pattern must be reached wholly, by tests of its own."""
    return folder.floor == WHOLE and not pattern.startswith(_NOT_ALONE)


def main() -> int:
    """Print one line for each folder, and the gaps of those below their floor; return the exit code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = by_folder(measured(), settings["tool"]["carehub"]["floors"])
    if "--whole" in sys.argv:
        folders = {name: one for name, one in folders.items() if whole(name, one)}
    for pattern, folder in folders.items():
        mark = "ok " if folder.holds else "LOW"
        print(f"{mark} {folder.percent:6.2f} % of {folder.floor:3.0f} %  {pattern}")
        if not folder.holds:
            print(*(f"      {gap}" for gap in folder.gaps), sep="\n")
    return 0 if all(folder.holds for folder in folders.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
