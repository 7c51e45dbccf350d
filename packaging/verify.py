"""Every check, in the order in which it is cheapest to fail; `test` adds the tests.

python packaging/verify.py check
python packaging/verify.py test [pytest's own words]
python packaging/verify.py floors          every folder's coverage; long
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = "packaging"
PYTHON = sys.executable
SCRIPTS = sorted(str(file.relative_to(ROOT)) for file in (ROOT / HERE).glob("*.py"))
NO_TESTS = 5
TESTS = [PYTHON, "-m", "pytest", "-q", "--durations=15"]
MEASURED = [PYTHON, "-m", "coverage", "run", "-m", "pytest", "-q"]
PURE = [
    "tests/care", "tests/wire", "tests/imports", "tests/devices/gatt", "tests/devices/drivers",
    "tests/devices/test_fault_matrix.py", "tests/devices/test_meters.py",
    "tests/workflows/test_importing.py", "tests/workflows/test_restoring.py",
    "tests/cli/test_import_command.py",
]  # fmt: skip

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
    """Run the checks and the tests; those that take a display run beside the checks.

    With pytest's own words only those tests run, and nothing is measured.
    """
    if words:
        return passes("tests", [PYTHON, "-m", "pytest", *words])
    with meanwhile("tests that run alone", [*TESTS, "-m", "serial"], (0, NO_TESTS)) as alone:
        first = [check(), pure()]
    rest = passes("tests", [*TESTS, "-m", "not serial", *beside()])
    return all([*first, *alone, rest])


@contextmanager
def meanwhile(name: str, line: list[str], fine: tuple[int, ...]) -> Iterator[list[bool]]:
    """Run one step beside what is done inside, and show its output afterwards; gives how it went."""
    went: list[bool] = []
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(line, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield went
            code = child.wait()
        finally:
            child.kill()
            child.wait()
        said.seek(0)
        print(f"── {name}\n{said.read().decode(errors='replace')}", flush=True)
    word = "ok" if code in fine else f"failed ({code})"
    print(f"── {name}: {word}\n", flush=True)
    went.append(code in fine)


def pure() -> bool:
    """Measure the rooms that must be reached wholly, by their own tests.

    Measuring doubles the time, and most where a property is tried with many examples: here each is
    tried with a few, as it was tried in full before.
    """
    clean()
    few = ["--hypothesis-profile", "measured"]
    line = [*MEASURED, *PURE, "-m", "not serial and not unmeasured", *beside(), *few]
    return passes("the pure rooms, measured", line) and hold("--whole")


def floors() -> bool:
    """Measure everything, and hold each folder to its floor; takes twice as long as the tests."""
    clean()
    rest = ["-m", "not serial and not unmeasured", *beside(), "--hypothesis-profile", "measured"]
    alone = passes("tests that run alone", [*MEASURED, "-m", "serial"], (0, NO_TESTS))
    return passes("tests, measured", [*MEASURED, *rest]) and alone and hold()


def beside() -> list[str]:
    """Return how tests run side by side on this machine."""
    workers = str(max(1, min(4, os.cpu_count() or 1)))
    return ["-n", workers, "--dist", "worksteal"]


def clean() -> None:
    """Forget what was measured before."""
    for old in ROOT.glob(".coverage*"):
        old.unlink()


def hold(*words: str) -> bool:
    """Join what was measured and hold it to the floors."""
    joined = subprocess.run([PYTHON, "-m", "coverage", "combine", "--quiet"], cwd=ROOT, check=False)
    line = [PYTHON, f"{HERE}/coverage_floors.py", *words]
    return joined.returncode == 0 and passes("coverage", line)


def main(arguments: list[str]) -> int:
    """Do what the first word says; return the exit code."""
    word, *rest = arguments or ["--help"]
    if word not in ("check", "test", "floors"):
        print(__doc__)
        return 2
    if word == "floors":
        return 0 if floors() else 1
    well = check() if word == "check" else test(rest)
    print("all well" if well else "not yet: see the steps marked failed", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
