"""Whether measured numbers can be true of a living person (rules BP-VAL and G-VAL)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from carehub.care.readings import HIGH, LOW, Kind, Unit
from carehub.care.units import compared

if TYPE_CHECKING:
    from carehub.care.alerts.rulebook import Rule, Rulebook


class Measured(Protocol):
    """Anything that carries measured values: a reading, or a measurement that is nobody's yet."""

    @property
    def kind(self) -> Kind:
        """What was measured."""
        ...

    @property
    def unit(self) -> Unit:
        """The unit of its values."""
        ...

    @property
    def v1(self) -> Decimal | None:
        """Systolic pressure or glucose."""
        ...

    @property
    def v2(self) -> Decimal | None:
        """Diastolic pressure."""
        ...

    @property
    def v3(self) -> Decimal | None:
        """Pulse rate."""
        ...

    @property
    def text(self) -> str:
        """HI or LO where there is no number."""
        ...


@dataclass(frozen=True, slots=True)
class Ok:
    """The numbers are believable."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Possible but rare; `reason` is the msgid of the question to ask."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not possible; `reason` is the msgid of what to say."""

    reason: str


Belief = Ok | Doubtful | Refused


def check(measured: Measured, rulebook: "Rulebook") -> Belief:
    """Judge whether a reading or a measurement can be true, by BP-VAL or G-VAL."""
    if measured.kind is Kind.GLUCOSE:
        return _glucose(measured, rulebook["G-VAL"])
    return _pressure(measured, rulebook["BP-VAL"])


@dataclass(frozen=True, slots=True)
class PressureBounds:
    """The limits of BP-VAL in mmHg and beats per minute, looked up once for many readings."""

    systolic: tuple[Decimal, Decimal]
    diastolic: tuple[Decimal, Decimal]
    pulse: tuple[Decimal, Decimal]
    pulse_pressure: Decimal

    @classmethod
    def of(cls, rule: "Rule") -> "PressureBounds":
        """Look them up in BP-VAL."""
        systolic, diastolic, pulse = (
            (rule.number(f"{name}_min"), rule.number(f"{name}_max"))
            for name in ("systolic", "diastolic", "pulse")
        )
        return cls(systolic, diastolic, pulse, rule.number("pulse_pressure_min"))

    def hold(self, systolic: Decimal, diastolic: Decimal, pulse: Decimal | None) -> bool:
        """Tell whether these can be true of a living person."""
        (lowest, highest), (least, most) = self.systolic, self.diastolic
        return (
            lowest <= systolic <= highest
            and least <= diastolic <= most
            and systolic - diastolic >= self.pulse_pressure
            and (pulse is None or self._hold_pulse(pulse))
        )

    def _hold_pulse(self, pulse: Decimal) -> bool:
        slowest, fastest = self.pulse
        return pulse.is_finite() and slowest <= pulse <= fastest


def _pressure(measured: Measured, rule: "Rule") -> Belief:
    systolic = compared(measured.v1, measured.unit, Unit.MMHG)
    diastolic = compared(measured.v2, measured.unit, Unit.MMHG)
    if systolic is None or diastolic is None:
        return Refused(rule.text("missing"))
    if not PressureBounds.of(rule).hold(systolic, diastolic, measured.v3):
        return Refused(rule.text("say"))
    return Doubtful(rule.text("warn")) if systolic > rule.number("systolic_warn") else Ok()


def hba1c_limits(rulebook: "Rulebook") -> tuple[Decimal, Decimal]:
    """Return between what an HbA1c in per cent can be true, by G-A1C."""
    rule = rulebook["G-A1C"]
    return rule.number("percent_min"), rule.number("percent_max")


def _within(rule: "Rule", name: str, value: Decimal) -> bool:
    return rule.number(f"{name}_min") <= value <= rule.number(f"{name}_max")


def _glucose(measured: Measured, rule: "Rule") -> Belief:
    if measured.v1 is None and measured.text in (HIGH, LOW):
        return Ok()
    value = compared(measured.v1, measured.unit, Unit.MMOL_L)
    if value is None:
        return Refused(rule.text("missing"))
    return Ok() if _within(rule, "glucose", value) else Refused(rule.text("say"))
