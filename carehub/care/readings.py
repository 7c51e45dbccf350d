"""One measurement of one person, as measured: its kind, values, unit, time and where it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What was measured."""

    BLOOD_PRESSURE = "blood_pressure"
    GLUCOSE = "glucose"


class Unit(StrEnum):
    """Units as measured; conversion is for display."""

    MMHG = "mmHg"
    KPA = "kPa"
    MMOL_L = "mmol/L"
    MG_DL = "mg/dL"


class MealContext(StrEnum):
    """When a glucose reading was taken; unknown counts as random."""

    FASTING = "fasting"
    BEFORE_MEAL = "before_meal"
    AFTER_MEAL = "after_meal_2h"
    BEDTIME = "bedtime"
    NIGHT = "night"
    RANDOM = "random"


class Setting(StrEnum):
    """Where the reading was taken; thresholds differ."""

    HOME = "home"
    KIOSK = "kiosk"
    CLINIC = "clinic"


class Posture(StrEnum):
    """How the person sat or stood."""

    SITTING = "sitting"
    STANDING_1_MIN = "standing_1_min"
    STANDING_3_MIN = "standing_3_min"


class Source(StrEnum):
    """How the reading came in."""

    METER = "meter"
    KEYPAD = "keypad"
    IMPORT = "import"


class TimeQuality(StrEnum):
    """How far a meter's clock can be trusted."""

    OK = "ok"
    SKEWED = "skewed"
    UNSET = "unset"
    NONE = "none"


class Flag(StrEnum):
    """What the meter said about the quality of the measurement."""

    BODY_MOVEMENT = "body_movement"
    CUFF_LOOSE = "cuff_loose"
    IRREGULAR_PULSE = "irregular_pulse"
    PULSE_OUT_OF_RANGE = "pulse_out_of_range"
    BAD_POSITION = "bad_position"
    CONTROL_SOLUTION = "control_solution"
    SAMPLE_PROBLEM = "sample_problem"


class Symptom(StrEnum):
    """What the person feels now; each is one big button beside a dangerous value."""

    CHEST_PAIN = "chest_pain"
    BREATHLESS = "breathless"
    WEAK_SIDE = "weak_side"
    SPEECH_TROUBLE = "speech_trouble"
    SEVERE_HEADACHE = "severe_headache"
    VISION_LOSS = "vision_loss"
    CONFUSED = "confused"
    SEIZURE = "seizure"
    FAINT = "faint"
    FELL = "fell"
    BLACK_OUT = "black_out"
    SYNCOPE = "syncope"
    CANNOT_SWALLOW = "cannot_swallow"
    VOMITING = "vomiting"
    BELLY_PAIN = "belly_pain"
    DEEP_BREATHING = "deep_breathing"
    DROWSY = "drowsy"
    FEVER = "fever"


HIGH = "HI"
LOW = "LO"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measurement; never edited: a correction is a new reading that `replaces` it.

    Blood pressure: `v1` systolic, `v2` diastolic, `v3` pulse rate (1/min) or None, `mean` the mean
    arterial pressure the cuff sent. Glucose: `v1` the concentration, or `v1` None and `text` HI or LO.
    `taken_at` and `received_at` are UTC milliseconds, `zone_offset` minutes east of UTC.
    `simulated` marks a pretend meter's reading; it never leaves this machine outside the demo.
    """

    id: UUID
    person_id: UUID | None
    kind: Kind
    taken_at: int
    unit: Unit
    v1: Decimal | None = field(repr=False)
    v2: Decimal | None = field(default=None, repr=False)
    v3: Decimal | None = field(default=None, repr=False)
    mean: Decimal | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    context: MealContext = MealContext.RANDOM
    setting: Setting = Setting.HOME
    posture: Posture = Posture.SITTING
    source: Source = Source.KEYPAD
    zone_offset: int = 480
    received_at: int = 0
    time_quality: TimeQuality = TimeQuality.OK
    device_taken_at: str = ""
    flags: frozenset[Flag] = frozenset()
    symptoms: frozenset[Symptom] = field(default=frozenset(), repr=False)
    device_id: str = ""
    user_slot: int | None = None
    sequence: int | None = None
    simulated: bool = False
    replaces: UUID | None = None
    voided: bool = False
    note: str = field(default="", repr=False)

    @property
    def systolic(self) -> Decimal | None:
        """Return the systolic pressure in `unit`."""
        return self.v1 if self.kind is Kind.BLOOD_PRESSURE else None

    @property
    def diastolic(self) -> Decimal | None:
        """Return the diastolic pressure in `unit`."""
        return self.v2 if self.kind is Kind.BLOOD_PRESSURE else None

    @property
    def pulse(self) -> Decimal | None:
        """Return the pulse rate in beats per minute, if the cuff sent one."""
        return self.v3 if self.kind is Kind.BLOOD_PRESSURE else None


def in_force(readings: Iterable[Reading]) -> list[Reading]:
    """Leave out what was voided or corrected; a void and its correction chain stay out for good."""
    kept = list(readings)
    replaced = {reading.replaces for reading in kept if reading.replaces is not None}
    return [r for r in kept if not r.voided and r.id not in replaced]
