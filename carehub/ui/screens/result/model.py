"""What was just measured, as one sentence and a few large numbers; free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from carehub.care.alerts.model import Alert, Level
from carehub.care.readings import HIGH, LOW, Kind, Reading, Source
from carehub.care.series import Series
from carehub.care.standing import Judgement, Place
from carehub.care.units import in_mmhg, in_mmol
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.screens.home.model import State
from carehub.ui.terms import MEALS

_STATES: dict[Place, tuple[State, str]] = {
    Place.IN_TARGET: ("in_target", N_("In target")),
    Place.HIGH: ("high", N_("Above target")),
    Place.LOW: ("low", N_("Below target")),
    Place.HIGH_AND_LOW: ("high", N_("One too high, one too low")),
    Place.VERY_LOW: ("crisis", N_("Too low")),
    Place.CRISIS: ("crisis", N_("Very high")),
    Place.UNKNOWN: ("", ""),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number: what it is called, the number, its unit."""

    caption: str
    value: str = field(repr=False)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a sitting stands: its state, the state in words, and the numbers to show with it."""

    state: State = ""
    words: str = ""
    shown: tuple[Decimal, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, judgement: Judgement) -> "Judged":
        """Return a judgement in the words of the screen."""
        state, words = _STATES[judgement.place]
        return cls(state, _(words), judgement.shown)


@dataclass(frozen=True, slots=True)
class ResultView:
    """Everything the page shows; `state` is a state of home's chips, `undo` what can be taken back."""

    sentence: str = field(repr=False)
    state: State = ""
    figures: tuple[Figure, ...] = ()
    detail: str = field(default="", repr=False)
    advice: str = ""
    undo: tuple[UUID, ...] = ()
    simulated: bool = False


def view_of(
    readings: Sequence[Reading], judged: Judged, alerts: Sequence[Alert], zone_offset: int, now: int
) -> ResultView:
    """Return the page of one sitting as it was `judged`; `alerts` are the open ones."""
    if not readings:
        return ResultView(_("Nothing was measured"))
    series = Series.of(readings)
    pressure = series.kind is Kind.BLOOD_PRESSURE
    figures = _pressure_figures(series, judged) if pressure else _glucose_figures(series)
    ids = {reading.id for reading in readings}
    # A mean in target is not contradicted by the notice of a single reading in the same quarter hour.
    least = Level.L2 if judged.state == "in_target" else Level.L0
    about = [a for a in alerts if ids & set(a.readings) and a.level >= least]
    gravest = max(about, key=lambda alert: alert.level, default=None)
    return ResultView(
        sentence=_sentence(series, figures, judged.words),
        state=judged.state,
        figures=figures,
        detail=_detail(series, zone_offset, now),
        advice=_(gravest.text) if gravest is not None else "",
        undo=tuple(r.id for r in readings if r.source is Source.KEYPAD),
        simulated=any(r.simulated for r in readings),
    )


def _sentence(series: Series, figures: Sequence[Figure], words: str) -> str:
    value = "/".join(figure.value for figure in figures[:2])
    if series.kind is Kind.GLUCOSE:
        context = _(MEALS[series.readings[-1].context])
        pattern = (
            _("{context} glucose {value}: {words}") if words else _("{context} glucose {value}")
        )
        return pattern.format(context=context, value=figures[0].value, words=words)
    several = len(series.readings) > 1
    if not words:
        return _("This time {value}").format(value=value)
    pattern = _("Mean this time {value}: {words}") if several else _("This time {value}: {words}")
    return pattern.format(value=value, words=words)


def whole(value: Decimal | None) -> str:
    """Return a mean as people say it, rounded half up; a dash where there is none."""
    return "–" if value is None else str(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tenth(value: Decimal | None) -> str:
    """Return a glucose value with one decimal; a dash where there is none."""
    return "–" if value is None else str(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def _pressure_figures(series: Series, judged: Judged) -> tuple[Figure, ...]:
    means = (series.systolic, series.diastolic)
    upper, lower = judged.shown or means
    figures = (
        Figure(_("Upper"), whole(upper), _("mmHg")),
        Figure(_("Lower"), whole(lower), _("mmHg")),
    )
    if series.pulse is None:
        return figures
    return (*figures, Figure(_("Pulse"), whole(series.pulse), _("per minute")))


def _glucose_figures(series: Series) -> tuple[Figure, ...]:
    last = series.readings[-1]
    shown = value_of(last)
    unit = "" if last.text in (HIGH, LOW) else "mmol/L"
    return (Figure(_("Glucose"), shown, unit),)


def _detail(series: Series, zone_offset: int, now: int) -> str:
    if len(series.readings) == 1:
        return _("Measured {when}").format(when=phrases.when(series.started_at, now, zone_offset))
    parts = []
    for number, reading in enumerate(series.readings, 1):
        time = phrases.clock(phrases.local(reading.taken_at, zone_offset))
        value = value_of(reading)
        pattern = _("Reading {number} at {time}: {value}")
        parts.append(pattern.format(number=number, time=time, value=value))
    return " ・ ".join(parts)


def value_of(reading: Reading) -> str:
    """Return a reading as 128/82, 6.3 or HI, in mmHg or mmol/L."""
    if reading.kind is Kind.BLOOD_PRESSURE:
        values = (reading.v1, reading.v2)
        return "/".join(whole(in_mmhg(v, reading.unit)) for v in values if v is not None)
    if reading.v1 is None:
        return reading.text
    return tenth(in_mmol(reading.v1, reading.unit))
