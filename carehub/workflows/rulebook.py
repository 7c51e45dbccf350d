"""The clinical rules and the measurement protocol, read once from `resources/rules`."""

from functools import cache

from carehub import paths
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.protocol import Protocol

_RULE_FILES = ("blood_pressure.toml", "glucose.toml", "engine.toml", "escalation.toml")


@cache
def rulebook() -> Rulebook:
    """Return the rules this installation ships."""
    folder = paths.resources() / "rules"
    return Rulebook.from_toml(
        *((folder / name).read_text(encoding="utf-8") for name in _RULE_FILES)
    )


@cache
def protocol() -> Protocol:
    """Return how a blood-pressure measurement is guided."""
    text = (paths.resources() / "rules" / "protocol.toml").read_text(encoding="utf-8")
    return Protocol.from_toml(text)
