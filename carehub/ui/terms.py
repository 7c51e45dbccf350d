"""Words for the codes of care, as screens say them: those that paper and platform say too."""

from carehub.care.terms import (
    CONDITIONS,
    HISTORY_KINDS,
    KINDS,
    LEVELS,
    MEALS,
    MEDICINE_CLASSES,
    SEXES,
)

__all__ = [
    "CONDITIONS",
    "HISTORY_KINDS",
    "KINDS",
    "LEVELS",
    "MEALS",
    "MEDICINE_CLASSES",
    "SEXES",
]
