"""Commands as real processes: the whole main job, a kill in the middle, an interruption."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from carehub import paths
from tests.cli.conftest import PASSPHRASE

LOCK_HELD = """
import sys, time
from carehub.archive import vault
from carehub.archive.store import Archive
from carehub import paths
keys = vault.unlock_with_passphrase(paths.archive(), sys.argv[1])
archive = Archive.open(paths.archive(), keys, 1)
print("open", flush=True)
time.sleep(60)
"""


def carehub(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "carehub", *words],
        input=f"{PASSPHRASE}\n{given}",
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.slow
def test_from_nothing_to_an_alert_and_through_a_kill():
    made = carehub("archive", "create", "--passphrase-stdin", "--json")
    assert made.returncode == 0, made.stderr
    assert (made.stderr, len(json.loads(made.stdout)["recovery_code"])) == ("", 39)
    for file in paths.home().rglob("*"):
        assert file.stat().st_mode & 0o077 == 0, file
    carehub("people", "add", "--name", "王示例", "--passphrase-stdin")
    values = '{"systolic": 205, "diastolic": 100}'
    added = carehub(
        "readings", "add", "--passphrase-stdin", "--values-stdin", "--json", given=values
    )
    assert "L3" in {alert["level"] for alert in json.loads(added.stdout)["alerts"]}
    holder = subprocess.Popen(
        [sys.executable, "-c", LOCK_HELD, PASSPHRASE], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "open\n"
        busy = carehub("readings", "list", "--passphrase-stdin")
        assert busy.returncode == 3
        assert busy.stderr.startswith("CareHub is already open and is using the archive.")
    finally:
        holder.kill()
        holder.wait(timeout=10)
        holder.stdout.close()
    listed = carehub("readings", "list", "--passphrase-stdin", "--json")
    assert [one["systolic"] for one in json.loads(listed.stdout)["readings"]] == ["205"]
    assert carehub("archive", "check", "--passphrase-stdin").returncode == 0


def test_an_interrupted_command_leaves_quietly():
    waiting = subprocess.Popen(
        [sys.executable, "-m", "carehub", "meter", "scan", "--simulated", "--seconds", "30"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONFAULTHANDLER": ""},
    )  # fmt: skip
    time.sleep(3)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=20)
    assert (waiting.returncode, out, err) == (130, "", "")


def test_a_terminal_is_asked_without_showing_the_answer(monkeypatch):
    from carehub.cli import opening

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(opening.sys, "stdin", Terminal())
    monkeypatch.setattr(opening.getpass, "getpass", lambda prompt: f"{prompt}typed")
    assert opening.first_line("Passphrase: ") == "Passphrase: typed"
