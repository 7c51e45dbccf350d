"""Turns what stands on the screen into what a voice can say well; free of Qt.

Voices read 128/82 as a fraction, 138 0000 0000 as a billion and 2008 年 as a quantity.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from carehub.care import spoken
from carehub.i18n import Language

_UNITS = {
    "mmHg": "毫米汞柱",
    "mmol/L": "毫摩尔每升",
    "mg/dL": "毫克每分升",
    "kPa": "千帕",
    "mg": "毫克",
    "g": "克",
    "PDF": "文件",
}
_TELEPHONE = str.maketrans("0123456789", "零幺二三四五六七八九")
_YEAR = str.maketrans("0123456789", "零一二三四五六七八九")

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match], str]]


def _number(found: Match) -> str:
    return spoken.number(Decimal(found[0]), "zh_CN")


def _pressure(language: Language) -> Callable[[Match], str]:
    return lambda found: spoken.pressure(Decimal(found[1]), Decimal(found[2]), language)


def _clock(found: Match) -> str:
    hour, minute = int(found[1]), int(found[2])
    said = "两" if hour == 2 else spoken.number(hour, "zh_CN")
    if minute == 0:
        return f"{said}点"
    if minute == 30:
        return f"{said}点半"
    lead = "零" if minute < 10 else ""
    return f"{said}点{lead}{spoken.number(minute, 'zh_CN')}分"


def _telephone(found: Match) -> str:
    return found[0].translate(_TELEPHONE).replace("-", "，").replace(" ", "，")


_PRESSURE = re.compile(r"(?<![\d.])(\d{2,3})/(\d{2,3})(?![\d/])")
_CHINESE: tuple[Rule, ...] = (
    (_PRESSURE, _pressure("zh_CN")),
    (re.compile(r"(?<!\d)\d{3,4}[- ]\d{3,4}[- ]?\d{3,4}(?!\d)|(?<!\d)\d{7,12}(?!\d)"), _telephone),
    (re.compile(r"(?<=[打拨]) ?1[12][029](?!\d)"), lambda found: found[0].translate(_TELEPHONE)),
    (re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)"), _clock),
    (re.compile(r"(?<!\d)(?:19|20)\d{2}(?= ?年)"), lambda found: found[0].translate(_YEAR)),
    (re.compile(r"(?<=\d) ?[–-] ?(?=\d)"), lambda _found: "到"),
    (
        re.compile(r"(?<![A-Za-z])(mmHg|mmol/L|mg/dL|kPa|mg|g|PDF)(?![A-Za-z])"),
        lambda m: _UNITS[m[1]],
    ),
    (re.compile(r"\d+(?:\.\d+)?"), _number),
    (re.compile(r"\s*・\s*"), lambda _found: "，"),
)
_ENGLISH: tuple[Rule, ...] = (
    (_PRESSURE, _pressure("en")),
    (re.compile(r"(?<=\d)\s*–\s*(?=\d)"), lambda _found: " to "),
    (re.compile(r"\s*・\s*"), lambda _found: ", "),
)


def as_said(sentence: str, language: Language) -> str:
    """Return a sentence of the screen as the voice of this language should be given it."""
    for pattern, say in _CHINESE if language == "zh_CN" else _ENGLISH:
        sentence = pattern.sub(say, sentence)
    return sentence


def joined(sentences: list[str], language: Language) -> str:
    """Return several lines as one text with a pause after each."""
    stop, ends = ("。", "。！？；，") if language == "zh_CN" else (". ", ".!?;,")
    said = [as_said(sentence.strip(), language) for sentence in sentences if sentence.strip()]
    return "".join(line if line[-1] in ends else line + stop for line in said)
