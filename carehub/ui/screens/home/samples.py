"""Views of the home page: a good day, a high one, and somebody new."""

from decimal import Decimal

from carehub.i18n import _
from carehub.ui import phrases
from carehub.ui.screens.home.model import HomeView, Latest, Point
from carehub.ui.screens.sample import NOW, PERSON, Sample

_WEEK = (138, 131, 129, 151, 127, 130, 128)


def _head() -> tuple[str, str]:
    name, zone = PERSON.greeting_name, PERSON.zone_offset
    hello = _("{name}, {greeting}").format(name=name, greeting=phrases.greeting(NOW, zone))
    return hello, phrases.today(NOW, zone)


def _week() -> tuple[Point, ...]:
    last = len(_WEEK) - 1
    return tuple(Point(n / last, Decimal(v), v < 135) for n, v in enumerate(_WEEK))


def good() -> HomeView:
    """Return a day in target."""
    hello, line = _head()
    spoken = _("Last 7 days, upper pressure: {values}").format(values=", ".join(map(str, _WEEK)))
    morning = phrases.when(NOW - 7_320_000, NOW, 480)
    pressure = Latest(
        _("{when} blood pressure").format(when=morning),
        "128/82",
        "in_target",
        _("In target"),
        "mmHg",
        _week(),
        None,
        Decimal(135),
        spoken,
    )
    glucose = Latest(
        _("{when} glucose, {meal}").format(
            when=phrases.when(NOW - 9_000_000, NOW, 480), meal=_("Fasting")
        ),
        "6.3",
        "in_target",
        _("In target"),
        "mmol/L",
    )
    return HomeView(hello, line, pressure, glucose)


def high() -> HomeView:
    """Return a day above target, with nothing known of glucose."""
    good_day = good()
    pressure = Latest(
        good_day.pressure.caption,
        "151/93",
        "high",
        _("Above target"),
        "mmHg",
        good_day.pressure.week,
        None,
        Decimal(135),
        good_day.pressure.week_spoken,
    )
    glucose = Latest(_("Glucose"), words=_("None yet"))
    told = _("{names} got this notice.").format(names="王小样")
    return HomeView(
        good_day.greeting, good_day.date_line, pressure, glucose, simulated=True, told=told
    )


def new() -> HomeView:
    """Return the first day of somebody without readings."""
    hello, line = _head()
    pressure = Latest(_("Blood pressure"), words=_("Sit down for 5 minutes, then measure"))
    return HomeView(hello, line, pressure, Latest(_("Glucose"), words=_("None yet")))


SAMPLES = (
    Sample("home", "good", good),
    Sample("home", "high", high),
    Sample("home", "new", new),
)
