"""Reading aloud: a port with a real voice (Qt's, an optional extra) and a silent one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from carehub import i18n
from carehub.errors import NoVoice

if TYPE_CHECKING:
    from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

CHINESE = (
    "cmn latn pinyin",
    "latin as pinyin",
    "xiaoxiao",
    "huihui",
    "yaoyao",
    "tingting",
    "ting ting",
)
"""Names of voices that speak Chinese, best first; locales lie, so a voice is never chosen by them.

Debian's `cmn` (Mandarin, latin as English) and `zh` read Chinese by spelling its pinyin in English.
"""
ENGLISH = ("english (america)", "english (great britain)", "english", "samantha", "zira", "david")
SLOWER = -0.15
"""The rate for elders, on Qt's scale from -1 to 1."""


class Voice(Protocol):
    """What can read sentences aloud."""

    def say(self, sentences: Sequence[str]) -> None:
        """Read the sentences, instead of what is being read; raises NoVoice where none is there."""
        ...

    def hush(self) -> None:
        """Stop reading."""
        ...


class SilentVoice:
    """Says nothing and remembers what it was asked to say last."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, sentences: Sequence[str]) -> None:
        """Remember the sentences."""
        self.said = list(sentences)

    def hush(self) -> None:
        """Forget them."""
        self.said = []


def suits(name: str, language: i18n.Language) -> int | None:
    """Return how well a voice of this name suits the language, 0 best; None where it does not."""
    names = CHINESE if language == "zh_CN" else ENGLISH
    plain = name.lower().replace("-", " ").replace("_", " ")
    if "latin as english" in plain:
        return None
    fits = [rank for rank, known in enumerate(names) if known in plain]
    return min(fits, default=None)


class QtVoice:
    """Reads aloud through Qt; the engine is made at the first sentence, which takes a moment."""

    def __init__(self) -> None:
        self._engine: QTextToSpeech | None = None
        self._language: i18n.Language | None = None

    def say(self, sentences: Sequence[str]) -> None:
        """Read the sentences with a voice of the current language; raises NoVoice without one."""
        from carehub.ui import aloud

        engine = self._ready()
        engine.stop()
        engine.say(aloud.joined(list(sentences), i18n.language()))

    def hush(self) -> None:
        """Stop reading."""
        if self._engine is not None:
            self._engine.stop()

    def check(self) -> None:
        """Raise NoVoice where nothing here could read in the current language."""
        self._ready()

    def _ready(self) -> "QTextToSpeech":
        if self._engine is None:
            self._engine = _engine()
            self._engine.setRate(SLOWER)
        language = i18n.language()
        if self._language != language:
            self._engine.setVoice(_voice(self._engine, language))
            self._language = language
        return self._engine


def _engine() -> "QTextToSpeech":
    try:
        from PySide6.QtTextToSpeech import QTextToSpeech
    except ImportError as error:
        raise NoVoice from error
    real = [name for name in QTextToSpeech.availableEngines() if name != "mock"]
    if not real:
        raise NoVoice
    engine = QTextToSpeech(real[0])
    if engine.state() is QTextToSpeech.State.Error:
        raise NoVoice
    return engine


def _voice(engine: "QTextToSpeech", language: i18n.Language) -> "QVoice":
    ranked = []
    for locale in engine.availableLocales():
        engine.setLocale(locale)
        for voice in engine.availableVoices():
            rank = suits(voice.name(), language)
            if rank is not None:
                ranked.append((rank, voice.name(), voice))
    if not ranked:
        raise NoVoice
    return min(ranked, key=lambda found: found[:2])[2]
