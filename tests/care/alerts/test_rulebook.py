"""The rulebook as data: what is refused, and what the shipped one holds."""

from datetime import date
from decimal import Decimal

import pytest

from carehub.care.alerts import Level
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.readings import Symptom
from carehub.errors import InputError
from tests.helpers.builders import rulebook

RULE = """
[[rule]]
id = "X-1"
version = "1.0"
source = "a guideline"
effective_from = 2026-01-01
clinical_reviewer = ""
level = "L2"
[rule.texts]
say = "Hello."
[rule.advice]
say = ["Sit."]
[rule.numbers]
limit = 3.9
days = 7
[rule.symptoms]
emergency = ["confused"]
"""


def test_a_rule_is_read() -> None:
    rule = Rulebook.from_toml(RULE)["X-1"]
    assert (rule.version, rule.effective_from, rule.level) == ("1.0", date(2026, 1, 1), Level.L2)
    assert (rule.number("limit"), rule.whole("days")) == (Decimal("3.9"), 7)
    assert (rule.text("say"), rule.text("other"), rule.family) == ("Hello.", "Hello.", "X-1")
    assert rule.steps("other") == ("Sit.",)
    assert rule.symptoms["emergency"] == {Symptom.CONFUSED}
    with pytest.raises(InputError, match=r"lacks the number wings of rule X-1"):
        rule.number("wings")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "X-1"', "id = 1"),
        ('id = "X-1"', 'id = ""'),
        ('version = "1.0"', ""),
        ('source = "a guideline"', "source = 3"),
        ("effective_from = 2026-01-01", 'effective_from = "soon"'),
        ('clinical_reviewer = ""', ""),
        ('level = "L2"', 'level = "L9"'),
        ('say = "Hello."', "say = 3"),
        ('say = ["Sit."]', 'say = "Sit."'),
        ('say = ["Sit."]', 'say = [""]'),
        ("limit = 3.9", "limit = true"),
        ("limit = 3.9", 'limit = "3.9"'),
        ('["confused"]', '["dragon"]'),
        ('level = "L2"\n[rule.texts]\nsay = "Hello."', 'level = "L2"\ntexts = 3'),
        ("[[rule]]", "[rule]"),
        ("[[rule]]", "[[rule"),
    ],
)
def test_a_broken_rule_is_refused_in_one_sentence(old: str, new: str) -> None:
    assert old in RULE
    with pytest.raises(InputError, match="rulebook"):
        Rulebook.from_toml(RULE.replace(old, new))


def test_twice_is_refused_and_absent_is_named() -> None:
    with pytest.raises(InputError, match="twice"):
        Rulebook.from_toml(RULE, RULE)
    with pytest.raises(InputError, match="lacks rule Y"):
        Rulebook.from_toml(RULE)["Y"]
    with pytest.raises(InputError, match="rulebook"):
        Rulebook.from_toml("rule = [3]")


def test_the_earlier_rule_goes_first() -> None:
    book = rulebook()
    assert book.rank("BP-EXT") < book.rank("BP-CRIT") < book.rank("nobody knows it")


def test_every_shipped_rule_says_where_it_comes_from_and_that_nobody_has_reviewed_it() -> None:
    for rule in rulebook():
        assert rule.version
        assert rule.source
        assert rule.condition
        assert rule.clinical_reviewer == ""
        assert set(rule.evidence.split("/")) <= set("SKP")


def test_all_rules_of_the_sheet_are_there() -> None:
    pressure = "VAL Q CRIT CRIT-S EXT HIGH HIGH1 LOW ORTH PP IHB HR TREND DROP MORN MISS"
    sugar = "VAL LO2 LO1 LOW-E LOREC HI3 HI-S HI2 HIGH TREND UNDX A1C MISS"
    expected = {f"BP-{name}" for name in pressure.split()} | {f"G-{name}" for name in sugar.split()}
    assert expected <= {rule.id for rule in rulebook()}
