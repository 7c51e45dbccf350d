"""The sheet for the doctor: complete, in order, and saying so where nothing is known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carehub import i18n
from carehub.care.alerts.model import Level
from carehub.care.people import Condition, ConditionCode, HistoryLine, Profile, Sex
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Kind
from carehub.ui.screens.consult import samples
from carehub.ui.screens.consult.model import ConsultView, view_of
from carehub.ui.screens.health.picks import NONE, UNKNOWN, Topic, state
from carehub.ui.screens.sample import NOW, PERSON, PROFILE

BARE = Profile(PERSON)


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.set_language("zh_CN")


def lines(view: ConsultView, heading: str) -> tuple[str, ...]:
    return next(part.lines for part in view.parts if part.heading == heading)


def test_everything_that_is_known_stands_on_it() -> None:
    view = samples.full()
    assert view.who == "王示例  女  80 岁"
    assert view.made == "2026年11月22日 整理"
    assert lines(view, "基础疾病") == ("高血压，2008 年起", "2 型糖尿病，2015 年起")
    assert lines(view, "过敏史") == ("青霉素：起疹子",)
    assert lines(view, "正在用的药")[0] == "氨氯地平  5 mg  每天早上 1 片"
    assert lines(view, "血压（近 7 天）") == (
        "平均 133/84 毫米汞柱（在家量）",
        "共 7 次，最高 151/93",
    )
    assert lines(view, "血糖（近 7 天）") == (
        "空腹：6.1–6.8 mmol/L，量了 3 次",
        "糖化 6.8 %，2026年9月21日查",
    )
    assert lines(view, "提醒（近 30 天）")[0].startswith("11月19日")


def test_what_is_not_known_is_said() -> None:
    view = view_of(Profile(replace(PERSON, born=None, sex=Sex.UNKNOWN)), (), (), (), NOW)
    assert view.who == "王示例"
    assert [part.lines for part in view.parts] == [
        ("没有登记",),
        ("没有登记",),
        ("没有登记",),
        ("没有量过",),
        ("没有量过",),
        ("没有",),
    ]


def test_stopped_medicines_and_small_alerts_are_left_out() -> None:
    stopped = tuple(replace(m, stopped=True) for m in PROFILE.medicines)
    alert = replace(samples._alert(), level=Level.L1)  # noqa: SLF001 - a builder of the samples
    view = view_of(replace(PROFILE, medicines=stopped), (), (), (alert,), NOW)
    assert lines(view, "正在用的药") == ("没有登记",)
    assert lines(view, "提醒（近 30 天）") == ("没有",)


def test_a_condition_without_a_code_keeps_its_own_name() -> None:
    named = Condition(PERSON.id, PERSON.id, ConditionCode.OTHER, "痛风")
    bare = Condition(PERSON.id, PERSON.id, ConditionCode.OTHER)
    bare_allergy = replace(PROFILE.allergies[0], reaction="")
    profile = replace(PROFILE, conditions=(named, bare), allergies=(bare_allergy,))
    view = view_of(profile, (), (), (), NOW)
    assert lines(view, "基础疾病") == ("痛风", "其他")
    assert lines(view, "过敏史") == ("青霉素",)


def test_one_glucose_value_is_not_a_span() -> None:
    one = samples._glucose()[:1]  # noqa: SLF001 - a builder of the samples
    assert one[0].kind is Kind.GLUCOSE
    view = view_of(PROFILE, (), one, (), NOW)
    assert lines(view, "血糖（近 7 天）") == ("空腹：6.3 mmol/L，量了 1 次",)


def test_what_was_said_to_be_none_is_not_what_nobody_asked() -> None:
    said = {Topic.CONDITIONS: NONE, Topic.ALLERGIES: UNKNOWN}
    stated = [entry for topic, word in said.items() for entry in state(BARE, topic, word).kept]
    lines = tuple(entry for entry in stated if isinstance(entry, HistoryLine))
    view = view_of(replace(BARE, history=lines), (), (), (), NOW)
    assert [part.lines for part in view.parts][:3] == [
        ("没有（本人说的）",),
        ("本人不清楚",),
        ("没有登记",),
    ]


def test_the_last_hba1c_stands_beside_the_glucose() -> None:
    plan = GlucosePlan(Decimal("6.8"), date(2026, 9, 21), 3)
    view = view_of(BARE, (), (), (), NOW, plan)
    assert lines(view, "血糖（近 7 天）") == ("没有量过", "糖化 6.8 %，2026年9月21日查")
