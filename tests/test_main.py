"""The process around every command: private files, no memory dumps, UTF-8."""

import os
import resource
import stat
import subprocess
import sys

import pytest

from carehub import __main__ as start


@pytest.fixture
def _as_before():
    mask = os.umask(0)
    os.umask(mask)
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    yield
    os.umask(mask)
    resource.setrlimit(resource.RLIMIT_CORE, limits)


@pytest.mark.usefixtures("_as_before")
def test_files_are_private_and_memory_is_never_dumped(tmp_path):
    start.ready()
    (tmp_path / "made").touch()
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


@pytest.mark.usefixtures("_as_before")
def test_the_command_goes_through_the_doors(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["carehub", "meter", "decode", "2A19", "64", "--json"])
    assert start.main() == 0
    assert capsys.readouterr().out == '{"percent": 100}\n'


def test_the_module_is_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "carehub", "--version"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("carehub ")
