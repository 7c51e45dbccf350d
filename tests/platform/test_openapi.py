"""schemathesis asks what the service's own description allows, and more: a short run of it."""

import subprocess
import sys

import pytest

from tests.helpers.scripts import ROOT


@pytest.mark.slow
def test_no_question_finds_a_mistake_or_an_undescribed_answer():
    """In a process of its own: its event loop lives as long as that does. Longer: see `openapi.py`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.platform.openapi", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 routes with a mistake" in done.stdout
