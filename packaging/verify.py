"""Every check, in the order in which it is cheapest to fail; `test` adds the tests and the floors.

python packaging/verify.py check
python packaging/verify.py test [pytest's own words]
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = "packaging"
PYTHON = sys.executable
SCRIPTS = sorted(str(file.relative_to(ROOT)) for file in (ROOT / HERE).glob("*.py"))
NO_TESTS = 5

CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "--quiet"],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
    "types": [PYTHON, "-m", "mypy"],
    "types of the scripts": [PYTHON, "-m", "mypy", *SCRIPTS],
    "directions": [str(Path(PYTHON).with_name("lint-imports")), "--no-logo"],
    "translations": [PYTHON, f"{HERE}/locale_build.py", "--check"],
}


def passes(name: str, line: list[str], fine: tuple[int, ...] = (0,)) -> bool:
    """Run one step from the checkout's root with its output shown; tell whether it went well."""
    print(f"── {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(line, cwd=ROOT, check=False).returncode
    word = "ok" if code in fine else f"failed ({code})"
    print(f"── {name}: {word}, {time.monotonic() - started:.0f} s\n", flush=True)
    return code in fine


def check() -> bool:
    """Run every check, even after one has failed, so that one round shows all there is to mend."""
    results = [passes(name, line) for name, line in CHECKS.items()]
    return all(results)


def test(words: list[str]) -> bool:
    """Run the tests: alone those that must be, the rest side by side; compare the floors if all pass.

    Measuring doubles the time, and most where a property is tried with many examples. So properties
    are measured with a few and tried in full without; what only looks at pages is not measured.
    With pytest's own words only those tests run, and nothing is measured.
    """
    if words:
        return passes("tests", [PYTHON, "-m", "pytest", *words])
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    workers = str(max(1, min(4, os.cpu_count() or 1)))
    measured = [PYTHON, "-m", "coverage", "run", "-m", "pytest", "-q"]
    beside = ["-n", workers, "--dist", "worksteal"]
    few = ["--hypothesis-profile", "measured"]
    full = [PYTHON, "-m", "pytest", "-q", "-m", "(hypothesis or unmeasured) and not serial"]
    results = [
        passes("tests that run alone", [*measured, "-m", "serial"], (0, NO_TESTS)),
        passes("tests", [*measured, "-m", "not serial and not unmeasured", *beside, *few]),
        passes("properties in full, and every page", [*full, *beside]),
    ]
    return all(results) and floors()


def floors() -> bool:
    """Join what was measured and hold each folder to its floor."""
    joined = subprocess.run([PYTHON, "-m", "coverage", "combine", "--quiet"], cwd=ROOT, check=False)
    return joined.returncode == 0 and passes("coverage", [PYTHON, f"{HERE}/coverage_floors.py"])


def main(arguments: list[str]) -> int:
    """Do what the first word says; return the exit code."""
    word, *rest = arguments or ["--help"]
    if word not in ("check", "test"):
        print(__doc__)
        return 2
    checked = bool(rest) or check()
    tested = word == "check" or test(rest)
    print("all well" if checked and tested else "not yet: see the steps marked failed", flush=True)
    return 0 if checked and tested else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
