"""Voices are chosen by name, and a machine without one is told of honestly."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from carehub import i18n
from carehub.config import Config
from carehub.errors import NoVoice
from carehub.ui import voice
from carehub.ui.desktop import Desktop
from carehub.ui.voice import QtVoice, SilentVoice, suits
from tests.helpers import pages

if TYPE_CHECKING:
    from PySide6.QtTextToSpeech import QTextToSpeech


@pytest.mark.parametrize(
    "name",
    [
        "Chinese (Mandarin, latin as Pinyin)",
        "cmn-latn-pinyin",
        "Microsoft Huihui Desktop",
        "Ting-Ting",
    ],
)
def test_these_voices_speak_chinese(name: str) -> None:
    assert suits(name, "zh_CN") is not None


@pytest.mark.parametrize(
    "name", ["Chinese (Mandarin, latin as English)", "cmn", "zh", "English (America)", "Bob"]
)
def test_these_voices_do_not(name: str) -> None:
    assert suits(name, "zh_CN") is None


def test_english_is_read_by_an_english_voice() -> None:
    best = min(("English (Caribbean)", "English (America)"), key=lambda n: suits(n, "en") or 0)
    assert best == "English (America)"
    assert suits("Chinese (Mandarin, latin as Pinyin)", "en") is None
    assert suits("Chinese (Mandarin, latin as English)", "en") is None


def test_the_silent_voice_remembers_and_forgets() -> None:
    silent = SilentVoice()
    silent.say(["128/82"])
    assert silent.said == ["128/82"]
    silent.hush()
    assert silent.said == []


def _speech() -> "type[QTextToSpeech]":
    """Return Qt's speech; skip where the extra `voice` is not installed."""
    module = pytest.importorskip(
        "PySide6.QtTextToSpeech", reason="the extra voice is not installed"
    )
    speech: type[QTextToSpeech] = module.QTextToSpeech
    return speech


def test_without_an_engine_it_says_there_is_no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    pages.app()
    monkeypatch.setattr(_speech(), "availableEngines", staticmethod(lambda: ["mock"]))
    with pytest.raises(NoVoice):
        QtVoice().say(["hello"])


def test_an_engine_without_our_language_says_there_is_no_voice(
    mock_engine: "Callable[[], QTextToSpeech]",
) -> None:
    i18n.set_language("zh_CN")
    with pytest.raises(NoVoice):
        QtVoice().say(["你好"])


def test_an_engine_with_a_fitting_voice_reads(
    mock_engine: "Callable[[], QTextToSpeech]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "ENGLISH", ("anne",))
    reader = QtVoice()
    reader.say(["Blood pressure", "in target"])
    engine = mock_engine()
    assert engine.voice().name() == "Anne"
    assert engine.state() is engine.State.Speaking
    reader.hush()
    assert engine.state() is not engine.State.Speaking


@pytest.fixture
def mock_engine(monkeypatch: pytest.MonkeyPatch) -> "Callable[[], QTextToSpeech]":
    """Let the voice use Qt's own mock engine, and return how to get it."""
    pages.app()
    speech = _speech()
    made: list[QTextToSpeech] = []

    def engine() -> "QTextToSpeech":
        made.append(speech("mock"))
        return made[-1]

    monkeypatch.setattr(voice, "_engine", engine)
    return lambda: made[-1]


def test_a_page_can_be_read_aloud_where_notices_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREHUB_HOME", str(tmp_path))
    pages.app()
    desktop = Desktop(Config(voice=False))
    assert isinstance(desktop.shell.voice, QtVoice)
    desktop.shell.close()
    desktop.shell.deleteLater()
    pages.bury()
