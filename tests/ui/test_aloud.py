"""What is on the screen becomes what a voice can say well."""

import pytest

from carehub.ui.aloud import as_said, joined


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("128/82", "高压一百二十八，低压八十二"),
        ("今早 7:30 血压", "今早 七点半 血压"),
        ("今天 9:05", "今天 九点零五分"),
        ("空腹：6.1–6.8 mmol/L", "空腹：六点一到六点八 毫摩尔每升"),
        ("女儿 王芳 138 0000 0000", "女儿 王芳 幺三八，零零零零，零零零零"),
        ("客服电话 400-000-0000", "客服电话 四零零，零零零，零零零零"),
        ("马上打 120。", "马上打 幺二零。"),
        ("坐下歇 5 分钟，再量一次", "坐下歇 五 分钟，再量一次"),
        ("高血压，2008 年起", "高血压，二零零八 年起"),
        ("11月22日 星期日 ・ 农历十月十四", "十一月二十二日 星期日，农历十月十四"),
        ("氨氯地平  5 mg", "氨氯地平  五 毫克"),
        ("拨打120", "拨打幺二零"),
        ("高压 120，达标", "高压 一百二十，达标"),
        ("袖带压力 120 毫米汞柱", "袖带压力 一百二十 毫米汞柱"),
    ],
)
def test_chinese_is_said_as_people_say_it(shown: str, said: str) -> None:
    assert as_said(shown, "zh_CN") == said


def test_english_says_a_pressure_as_over() -> None:
    assert "128" not in as_said("Your blood pressure is 128/82", "en").replace("128 over", "")
    assert as_said("6.1–6.8 ・ fasting", "en") == "6.1 to 6.8, fasting"


def test_lines_are_parted_by_a_pause() -> None:
    assert joined(["量好了", " ", "达标。"], "zh_CN") == "量好了。达标。"
    assert joined(["Done", "In target."], "en") == "Done. In target."
