"""The rules the platform reads: whom to tell when, and what silence is."""

from functools import cache

from carehub import paths
from carehub.care.alerts.rulebook import Rule, Rulebook

_FILES = ("blood_pressure.toml", "glucose.toml", "engine.toml", "escalation.toml")


@cache
def book() -> Rulebook:
    """Return the shipped rules."""
    folder = paths.resources() / "rules"
    return Rulebook.from_toml(*((folder / name).read_text(encoding="utf-8") for name in _FILES))


def ladder() -> Rule:
    """Return the rule of escalation: its waits, in minutes."""
    return book()["ESCALATION"]
