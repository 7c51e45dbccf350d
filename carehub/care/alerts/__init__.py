"""Alerts: what a rule found, how long it stays, and who is told when.

`evaluate` (rules) is a pure function of history, profile, plan and now; `advance` (engine) compares
its findings with the alerts that are open and returns what changes and what is to be told.
"""

from carehub.care.alerts.engine import Notice, Step, acknowledge, advance, snooze
from carehub.care.alerts.model import Alert, Finding, Level, Standing, State
from carehub.care.alerts.rules import evaluate

__all__ = [
    "Alert",
    "Finding",
    "Level",
    "Notice",
    "Standing",
    "State",
    "Step",
    "acknowledge",
    "advance",
    "evaluate",
    "snooze",
]
