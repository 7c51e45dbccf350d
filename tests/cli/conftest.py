"""What the commands' tests share: English words, a passphrase, running a command as a script does."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from carehub.archive.vault import slots
from carehub.cli import main

PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREHUB_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases little, for each command derives its key anew."""
    monkeypatch.setattr(slots, "STRONG", slots.Stretch(memory=64, passes=1, lanes=1))


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def carehub(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command in this process, with a text as its standard input."""

    def run(*words: str, given: str | bytes = "") -> Answer:
        capsys.readouterr()
        octets = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets), encoding="utf-8"))
        code = main([*words])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def unlocked(carehub: Run) -> Run:
    """Run commands on an archive made for this test; the passphrase goes in first, `given` after it."""
    made = carehub("archive", "create", "--passphrase-stdin", given=PASSPHRASE + "\n")
    assert made.code == 0, made.err

    def run(*words: str, given: str = "") -> Answer:
        return carehub(*words, "--passphrase-stdin", given=f"{PASSPHRASE}\n{given}")

    return run
