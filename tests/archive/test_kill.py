"""The short form of tests/faults/archive_kill.py: real processes, really killed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("act", ["write", "migrate", "backup", "restore", "renew", "create"])
def test_a_kill_at_any_moment_loses_nothing(act):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.archive_kill", "--runs", "4", "--only", act],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none" in done.stdout
