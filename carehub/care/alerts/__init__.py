"""Alerts: what a rule found, how long it stays, and who is told when.

`evaluate` (rules) is a pure function of history, profile, plan and now; `advance` (engine) compares
its findings with the alerts that are open and returns what changes and what is to be told.
"""

from carehub.care.alerts.engine import Step, acknowledge, advance, snooze, snooze_limit
from carehub.care.alerts.model import Alert, Finding, Level, Standing, State
from carehub.care.alerts.notice import Audience, Notice, Reason
from carehub.care.alerts.rules import evaluate, evaluate_unassigned

__all__ = [
    "Alert",
    "Audience",
    "Finding",
    "Level",
    "Notice",
    "Reason",
    "Standing",
    "State",
    "Step",
    "acknowledge",
    "advance",
    "evaluate",
    "evaluate_unassigned",
    "snooze",
    "snooze_limit",
]
