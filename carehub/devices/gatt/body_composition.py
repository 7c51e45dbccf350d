"""Body Composition Service 1.0: measurement (2A9C) and feature (2A9B).

A measurement is 16 bits of flags and the body fat percentage (steps of 0.1 %; 0xFFFF: it failed), then
what the flags announce, in the order of their bits. Masses and heights have the steps of the Weight
Scale Service, percentages 0.1 %, the basal metabolism 1 kJ, the impedance 0.1 Ω. Layout: Body
Composition Service 1.0, sections 3.1 and 3.2, and the GATT Specification Supplement. Flag bit 12 says
that the rest comes in another packet; bits 13-15 are reserved and kept.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from carehub.devices.gatt.bits import Bits, Shape, named, single, with_reserved
from carehub.devices.gatt.civil_time import DateTime, shown, unshown
from carehub.devices.gatt.octets import Octets
from carehub.devices.gatt.steps import Stepped, measured, steps, text
from carehub.devices.gatt.weight import (
    HEIGHT_RESOLUTIONS,
    MASS_RESOLUTIONS,
    Measures,
    part,
    resolution,
    unknown_resolution,
)

_IMPERIAL, _TIME, _USER, _METABOLISM, _MUSCLE = 0x0001, 0x0002, 0x0004, 0x0008, 0x0010
_MUSCLE_MASS, _FAT_FREE, _SOFT_LEAN, _WATER = 0x0020, 0x0040, 0x0080, 0x0100
_IMPEDANCE, _WEIGHT, _HEIGHT, _MORE = 0x0200, 0x0400, 0x0800, 0x1000
_RESERVED_FLAGS: Final = 0xE000
_PERCENT_STEP: Final = Decimal("0.1")
_OHM_STEP: Final = Decimal("0.1")
_FEATURE_BITS: Final = 0x07FF
_MASS_CODE, _HEIGHT_CODE, _UNNAMED = (11, 4), (15, 3), 18


class CompositionFeature(StrEnum):
    """What the scale can tell (Body Composition Feature)."""

    TIME_STAMP = "time_stamp"
    MULTIPLE_USERS = "multiple_users"
    BASAL_METABOLISM = "basal_metabolism"
    MUSCLE_PERCENTAGE = "muscle_percentage"
    MUSCLE_MASS = "muscle_mass"
    FAT_FREE_MASS = "fat_free_mass"
    SOFT_LEAN_MASS = "soft_lean_mass"
    BODY_WATER_MASS = "body_water_mass"
    IMPEDANCE = "impedance"
    WEIGHT = "weight"
    HEIGHT = "height"


_FEATURE_PATTERNS: Final = single(*CompositionFeature)


@dataclass(frozen=True, slots=True, repr=False)
class CompositionMeasurement:
    """One 2A9C: masses and height in the units of `measures`; what was not sent is None.

    Percentages are of the body's weight; `more_follows` says that another packet completes this one.
    """

    body_fat_percentage: Stepped
    measures: Measures
    taken_at: DateTime | None = None
    user_id: int | None = None
    basal_metabolism_kj: int | None = None
    muscle_percentage: Decimal | None = None
    muscle_mass: Decimal | None = None
    fat_free_mass: Decimal | None = None
    soft_lean_mass: Decimal | None = None
    body_water_mass: Decimal | None = None
    impedance_ohm: Decimal | None = None
    weight: Decimal | None = None
    height: Decimal | None = None
    more_follows: bool = False
    reserved_flags: int = 0

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9C."""
        return with_reserved(
            {
                "body_fat_percentage": text(self.body_fat_percentage),
                "unit": self.measures.mass,
                "taken_at": shown(self.taken_at),
                "user_id": self.user_id,
                "basal_metabolism_kj": self.basal_metabolism_kj,
                "muscle_percentage": text(self.muscle_percentage),
                "muscle_mass": text(self.muscle_mass),
                "fat_free_mass": text(self.fat_free_mass),
                "soft_lean_mass": text(self.soft_lean_mass),
                "body_water_mass": text(self.body_water_mass),
                "impedance_ohm": text(self.impedance_ohm),
                "weight": text(self.weight),
                "height": text(self.height),
                "height_unit": None if self.height is None else self.measures.height,
                "more_follows": self.more_follows,
            },
            flags=self.reserved_flags or None,
            taken_at=unshown(self.taken_at),
        )


@dataclass(frozen=True, slots=True)
class CompositionFeatures:
    """One 2A9B: what this scale can tell, and the codes of its resolutions (0: not said)."""

    features: Bits[CompositionFeature]
    mass_resolution: int
    height_resolution: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A9B."""
        return with_reserved(
            {
                "features": self.features.listed(),
                "mass_resolution": resolution(MASS_RESOLUTIONS, self.mass_resolution),
                "height_resolution": resolution(HEIGHT_RESOLUTIONS, self.height_resolution),
            },
            features=self.features.unknown,
            mass_resolution=unknown_resolution(MASS_RESOLUTIONS, self.mass_resolution),
            height_resolution=unknown_resolution(HEIGHT_RESOLUTIONS, self.height_resolution),
        )


def measurement(data: bytes) -> CompositionMeasurement:
    """Decode 2A9C Body Composition Measurement, 4 to 30 bytes."""
    octets = Octets(data)
    flags = octets.u16()
    measures = Measures.IMPERIAL if flags & _IMPERIAL else Measures.SI

    def stepped(bit: int, size: Decimal) -> Decimal | None:
        return steps(octets, size) if flags & bit else None

    decoded = CompositionMeasurement(
        measured(octets, _PERCENT_STEP),
        measures,
        DateTime.read(octets) if flags & _TIME else None,
        octets.u8() if flags & _USER else None,
        octets.u16() if flags & _METABOLISM else None,
        stepped(_MUSCLE, _PERCENT_STEP),
        stepped(_MUSCLE_MASS, measures.mass_step),
        stepped(_FAT_FREE, measures.mass_step),
        stepped(_SOFT_LEAN, measures.mass_step),
        stepped(_WATER, measures.mass_step),
        stepped(_IMPEDANCE, _OHM_STEP),
        stepped(_WEIGHT, measures.mass_step),
        stepped(_HEIGHT, measures.height_step),
        bool(flags & _MORE),
        flags & _RESERVED_FLAGS,
    )
    octets.end()
    return decoded


def feature(data: bytes) -> CompositionFeatures:
    """Decode 2A9B Body Composition Feature, exactly 4 bytes."""
    octets = Octets(data)
    value = octets.unsigned(4)
    octets.end()
    known = value & _FEATURE_BITS | value >> _UNNAMED << _UNNAMED
    return CompositionFeatures(
        named(known, _FEATURE_PATTERNS), part(value, *_MASS_CODE), part(value, *_HEIGHT_CODE)
    )
