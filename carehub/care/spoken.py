"""Numbers, readings and moments in words for a voice: 128/82 is 高压一百二十八，低压八十二.

Words follow the language asked for, not the current one, so that a Chinese voice is never given
English words. `carehub.i18n.Language` names the languages.
"""

from datetime import date
from decimal import Decimal

from carehub.care.civil import date_of, local_day, local_minute
from carehub.care.readings import HIGH, Kind, MealContext, Reading, Unit
from carehub.care.series import Series
from carehub.care.units import at_resolution
from carehub.i18n import Language

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_WEEKDAYS = "一二三四五六日"
_EN_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_EN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_PARTS = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
_CONTEXTS = {
    MealContext.FASTING: ("空腹血糖", "fasting glucose"),
    MealContext.BEFORE_MEAL: ("餐前血糖", "glucose before the meal"),
    MealContext.AFTER_MEAL: ("餐后两小时血糖", "glucose two hours after the meal"),
    MealContext.BEDTIME: ("睡前血糖", "glucose at bedtime"),
    MealContext.NIGHT: ("夜间血糖", "glucose at night"),
    MealContext.RANDOM: ("血糖", "glucose"),
}
_LARGEST = 10**15


def number(value: Decimal | int, language: Language) -> str:
    """Return a number in words: 6.1 is 六点一 or "six point one"; a figure stays for huge ones."""
    exact = Decimal(value)
    if not exact.is_finite() or abs(exact) >= _LARGEST:
        return str(value)
    text = f"{abs(exact):f}"
    whole, _dot, decimals = text.partition(".")
    chinese = language == "zh_CN"
    words = _chinese(int(whole)) if chinese else _english(int(whole))
    if decimals:
        spelt = [_DIGITS[int(d)] if chinese else _EN_SMALL[int(d)] for d in decimals]
        words += "点" + "".join(spelt) if chinese else " point " + " ".join(spelt)
    if exact < 0:
        words = "负" + words if chinese else "minus " + words
    return words


def _chinese(whole: int) -> str:
    if whole == 0:
        return _DIGITS[0]
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    words = ""
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += _DIGITS[0]
        words += _chinese_group(group) + _GROUPS[place]
        gap = False
    return words.removeprefix("一") if words.startswith("一十") else words


def _chinese_group(group: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _UNITS[place]
        elif words and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words.rstrip(_DIGITS[0])


def _english(whole: int) -> str:
    if whole == 0:
        return _EN_SMALL[0]
    parts: list[str] = []
    for place in range(len(_EN_GROUPS) - 1, -1, -1):
        group = whole // 1000**place % 1000
        if group:
            parts.append(f"{_english_group(group)} {_EN_GROUPS[place]}".rstrip())
    return " ".join(parts)


def _english_group(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_EN_SMALL[hundreds]} hundred"] if hundreds else []
    if 0 < rest < len(_EN_SMALL):
        words.append(_EN_SMALL[rest])
    elif rest:
        tens, ones = divmod(rest, 10)
        words.append(_EN_TENS[tens] + (f"-{_EN_SMALL[ones]}" if ones else ""))
    return " and ".join(words)


def pressure(systolic: Decimal, diastolic: Decimal, language: Language) -> str:
    """Return a pressure as it is said, in the numbers given: 高压一百二十八，低压八十二."""
    high, low = number(systolic, language), number(diastolic, language)
    if language == "zh_CN":
        return f"高压{high}，低压{low}"
    return f"upper {high}, lower {low}"


def reading(measured: Reading | Series, language: Language) -> str:
    """Return a reading, or the mean of a series, as it is said, in the unit it was measured in.

    Where a number is missing the words are empty.
    """
    one = measured.readings[-1] if isinstance(measured, Series) else measured
    if one.kind is Kind.GLUCOSE:
        return _glucose(one, language)
    series = measured if isinstance(measured, Series) else Series.of((measured,))
    several = len(series.readings) > 1 and series.systolic is not None
    high, low = (series.systolic, series.diastolic) if several else (one.v1, one.v2)
    if high is None or low is None:
        return ""
    unit = Unit.MMHG if several else one.unit
    words = pressure(at_resolution(high, unit), at_resolution(low, unit), language)
    pulse = series.pulse
    if pulse is None:
        return words
    rate = number(at_resolution(pulse, Unit.MMHG), language)
    return words + (f"，脉搏{rate}" if language == "zh_CN" else f", pulse {rate}")


def _glucose(one: Reading, language: Language) -> str:
    chinese, english = _CONTEXTS[one.context]
    zh = language == "zh_CN"
    if one.v1 is not None:
        value = number(at_resolution(one.v1, one.unit), language)
        return f"{chinese}{value}" if zh else f"{english} {value}"
    if not one.text:
        return ""
    high = one.text == HIGH
    if zh:
        return f"{chinese}{'高' if high else '低'}得超出血糖仪的范围"
    return f"{english} {'above' if high else 'below'} what the meter can show"


def day(moment: int, zone_offset: int, language: Language) -> str:
    """Return the civil date as it is said: 一月五日，星期一."""
    return _date(date_of(local_day(moment, zone_offset)), language)


def _date(when: date, language: Language) -> str:
    if language == "zh_CN":
        month, number_of_day = number(when.month, language), number(when.day, language)
        return f"{month}月{number_of_day}日，星期{_WEEKDAYS[when.weekday()]}"
    return f"{_EN_WEEKDAYS[when.weekday()]}, {_EN_MONTHS[when.month - 1]} {when.day}"


def time(moment: int, zone_offset: int, language: Language) -> str:
    """Return the civil time as it is said: 早上七点半, or "7:30 in the morning"."""
    hour, minute = divmod(local_minute(moment, zone_offset), 60)
    if language != "zh_CN":
        part = (
            "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
        )
        return f"{hour % 12 or 12}:{minute:02d} {part}"
    part = next(name for until, name in _PARTS if hour < until)
    clock = hour if hour <= 12 else hour - 12
    said = "两" if clock == 2 else _chinese(clock)
    return f"{part}{said}点{_minutes(minute)}"


def _minutes(minute: int) -> str:
    if minute == 0:
        return ""
    if minute == 30:
        return "半"
    lead = _DIGITS[0] if minute < 10 else ""
    return f"{lead}{_chinese(minute)}分"
