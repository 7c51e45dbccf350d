"""Every sentence that a rule can say: translated, and free of words that only a doctor may use."""

import ast
import re
from pathlib import Path

import pytest

from carehub import i18n, paths
from tests.helpers.builders import rulebook

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN_ZH = ("诊断为", "您患有", "确诊", "治愈", "停药", "加量", "减量", "换药", "保证", "没事")
FORBIDDEN_EN = (
    "diagnosed with",
    "you have diabetes",
    "you have hypertension",
    "you have high blood pressure",
    "you suffer from",
    "cure",
    "cured",
    "guarantee",
    "guaranteed",
    "stop taking",
    "stop your medicine",
    "increase the dose",
    "reduce the dose",
    "increase your dose",
    "reduce your dose",
    "change your medicine",
    "missed dose now",
    "nothing to worry about",
    "you are fine",
)
CATALOGUES = sorted((paths.resources() / "locale").rglob("*.po"))
SOURCES = sorted((ROOT / "carehub").rglob("*.py")) + sorted(
    (paths.resources() / "rules").glob("*.toml")
)


def sentences() -> list[str]:
    """Return all msgids of the shipped rules."""
    found = [text for rule in rulebook() for text in rule.texts.values()]
    found += [step for rule in rulebook() for steps in rule.advice.values() for step in steps]
    return sorted(set(found))


def offending(text: str) -> list[str]:
    """Return the forbidden words in a text."""
    low = text.lower()
    english = [word for word in FORBIDDEN_EN if re.search(rf"\b{re.escape(word)}\b", low)]
    return [word for word in FORBIDDEN_ZH if word in text] + english


def said(source: str) -> list[str]:
    """Return the strings of a module that are not docstrings."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_the_lint_finds_what_it_should() -> None:
    assert offending("您患有高血压，请停药") == ["您患有", "停药"]
    assert offending("You are fine. Stop taking it.") == ["stop taking", "you are fine"]
    assert not offending("不能替代医生诊断；如有不适请联系医生")


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda f: f.name)
def test_no_catalogue_says_what_only_a_doctor_may(file: Path) -> None:
    assert not offending(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT)))
def test_no_source_says_what_only_a_doctor_may(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not offending(text if file.suffix == ".toml" else "\n".join(said(text)))


def test_every_sentence_of_a_rule_is_in_chinese() -> None:
    i18n.set_language("zh_CN")
    untranslated = [text for text in sentences() if i18n._(text) == text]
    assert not untranslated


def test_the_footer_says_what_it_is_and_what_to_do() -> None:
    i18n.set_language("zh_CN")
    footer = i18n._(rulebook()["ENGINE"].text("footer"))
    assert footer == ("本提示依据公开指南自动生成，仅供参考，不能替代医生诊断；紧急情况请拨打120。")


@pytest.mark.parametrize(
    ("rule", "occasion", "chinese"),
    [
        ("BP-CRIT", "say", "血压明显偏高。请静坐休息并尽快联系医生，今天就医。"),
        ("BP-CRIT-S", "say", "请立即拨打120。"),
        ("BP-HIGH", "say", "近7天平均血压高于目标，建议与医生联系。"),
        ("BP-HIGH", "undiagnosed", "近7天平均血压高于建议范围，请非同日复测3次并咨询医生。"),
        ("BP-HIGH1", "say", "本次偏高，明早再测一次。"),
        ("BP-LOW", "say", "血压偏低，起身慢一点；如头晕请坐下并告诉家人。"),
        ("BP-IHB", "say", "多次提示脉搏不规律，建议做心电图检查。"),
        ("BP-MISS", "say", "该量血压了。"),
    ],
)
def test_the_rules_speak_the_agreed_words(rule: str, occasion: str, chinese: str) -> None:
    i18n.set_language("zh_CN")
    assert i18n._(rulebook()[rule].text(occasion)) == chinese
