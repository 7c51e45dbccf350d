"""Weight Scale Service 1.0: measurement (2A9D) and feature (2A9E).

A measurement is a flags byte and a weight of 16 bits, then what the flags announce: Date Time, user
id, BMI with height. SI: steps of 0.005 kg and 0.001 m; imperial: 0.01 lb and 0.1 in; BMI in steps of
0.1 kg/m². A weight of 0xFFFF says that the measurement failed. Layout: Weight Scale Service 1.0,
sections 3.1 and 3.2, and the GATT Specification Supplement. Flag bits 4-7 are reserved and kept.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from carehub.devices.gatt.bits import Bits, Shape, named, single, with_reserved
from carehub.devices.gatt.civil_time import DateTime, shown, unshown
from carehub.devices.gatt.octets import Octets
from carehub.devices.gatt.steps import Stepped, measured, steps, text

_IMPERIAL, _TIME, _USER, _BMI = 0x01, 0x02, 0x04, 0x08
_RESERVED_FLAGS: Final = 0xF0
_FEATURE_BITS: Final = 0x07
_MASS_CODE, _HEIGHT_CODE, _UNNAMED = (3, 4), (7, 3), 10
BMI_STEP: Final = Decimal("0.1")


class Measures(StrEnum):
    """The system of units a scale sends in."""

    SI = "si"
    IMPERIAL = "imperial"

    @property
    def mass(self) -> str:
        """Return the unit of weights and masses."""
        return "lb" if self is Measures.IMPERIAL else "kg"

    @property
    def height(self) -> str:
        """Return the unit of heights."""
        return "in" if self is Measures.IMPERIAL else "m"

    @property
    def mass_step(self) -> Decimal:
        """Return how much one step of a weight or mass is, in `mass`."""
        return Decimal("0.01" if self is Measures.IMPERIAL else "0.005")

    @property
    def height_step(self) -> Decimal:
        """Return how much one step of a height is, in `height`."""
        return Decimal("0.1" if self is Measures.IMPERIAL else "0.001")


# The codes of Weight Resolution and Height Resolution; 0 means "not said".
MASS_RESOLUTIONS: Final = (
    ("0.5 kg", "1 lb"),
    ("0.2 kg", "0.5 lb"),
    ("0.1 kg", "0.2 lb"),
    ("0.05 kg", "0.1 lb"),
    ("0.02 kg", "0.05 lb"),
    ("0.01 kg", "0.02 lb"),
    ("0.005 kg", "0.01 lb"),
)
HEIGHT_RESOLUTIONS: Final = (("0.01 m", "1 in"), ("0.005 m", "0.5 in"), ("0.001 m", "0.1 in"))


class WeightFeature(StrEnum):
    """What the scale can tell (Weight Scale Feature)."""

    TIME_STAMP = "time_stamp"
    MULTIPLE_USERS = "multiple_users"
    BMI = "bmi"


_FEATURE_PATTERNS: Final = single(*WeightFeature)


@dataclass(frozen=True, slots=True, repr=False)
class WeightMeasurement:
    """One 2A9D: weight and height in the units of `measures`; what was not sent is None.

    `user_id` 255 means that the scale does not know who stood on it.
    """

    weight: Stepped
    measures: Measures
    taken_at: DateTime | None = None
    user_id: int | None = None
    bmi: Decimal | None = None
    height: Decimal | None = None
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9D."""
        return with_reserved(
            {
                "weight": text(self.weight),
                "unit": self.measures.mass,
                "taken_at": shown(self.taken_at),
                "user_id": self.user_id,
                "bmi": text(self.bmi),
                "height": text(self.height),
                "height_unit": None if self.height is None else self.measures.height,
            },
            flags=self.reserved_flags or None,
            taken_at=unshown(self.taken_at),
        )


@dataclass(frozen=True, slots=True)
class WeightFeatures:
    """One 2A9E: what this scale can tell, and the codes of its resolutions (0: not said)."""

    features: Bits[WeightFeature]
    weight_resolution: int
    height_resolution: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9E."""
        return with_reserved(
            {
                "features": self.features.listed(),
                "weight_resolution": resolution(MASS_RESOLUTIONS, self.weight_resolution),
                "height_resolution": resolution(HEIGHT_RESOLUTIONS, self.height_resolution),
            },
            features=self.features.unknown,
            weight_resolution=unknown_resolution(MASS_RESOLUTIONS, self.weight_resolution),
            height_resolution=unknown_resolution(HEIGHT_RESOLUTIONS, self.height_resolution),
        )


def resolution(table: tuple[tuple[str, str], ...], code: int) -> str | None:
    """Return a resolution in both systems ("0.1 kg or 0.2 lb"); None where it is not said."""
    return " or ".join(table[code - 1]) if 0 < code <= len(table) else None


def unknown_resolution(table: tuple[tuple[str, str], ...], code: int) -> int | None:
    """Return a resolution's code that the profile does not name, else None."""
    return code if code > len(table) else None


def part(value: int, first: int, count: int) -> int:
    """Return the number that `count` bits make, from bit `first` on."""
    return value >> first & (1 << count) - 1


def measurement(data: bytes) -> WeightMeasurement:
    """Decode 2A9D Weight Measurement, 3 to 15 bytes."""
    octets = Octets(data)
    flags = octets.u8()
    measures = Measures.IMPERIAL if flags & _IMPERIAL else Measures.SI
    decoded = WeightMeasurement(
        measured(octets, measures.mass_step),
        measures,
        DateTime.read(octets) if flags & _TIME else None,
        octets.u8() if flags & _USER else None,
        steps(octets, BMI_STEP) if flags & _BMI else None,
        steps(octets, measures.height_step) if flags & _BMI else None,
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def feature(data: bytes) -> WeightFeatures:
    """Decode 2A9E Weight Scale Feature, exactly 4 bytes."""
    octets = Octets(data)
    value = octets.unsigned(4)
    octets.end()
    known = value & _FEATURE_BITS | value >> _UNNAMED << _UNNAMED
    return WeightFeatures(
        named(known, _FEATURE_PATTERNS), part(value, *_MASS_CODE), part(value, *_HEIGHT_CODE)
    )
