"""A full health archive, an empty one, and each of its pages."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from carehub.care.people import (
    Condition,
    ConditionCode,
    HistoryKind,
    HistoryLine,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan, HealthGroup
from carehub.ui.screens.health.entry_page import Known
from carehub.ui.screens.health.glucose_plan import PlanView
from carehub.ui.screens.health.glucose_plan import view_of as plan_view
from carehub.ui.screens.health.model import HealthView, ListView, list_of
from carehub.ui.screens.health.model import view_of as overview
from carehub.ui.screens.health.picks import NONE, PickView, Topic, state, view_of
from carehub.ui.screens.sample import PERSON, PROFILE, Sample
from carehub.workflows.rulebook import rulebook

_MORE = (
    Condition(UUID(int=13), PERSON.id, ConditionCode.CORONARY_DISEASE),
    Condition(UUID(int=14), PERSON.id, ConditionCode.OTHER, "骨质疏松"),
)
_HISTORY = (HistoryLine(UUID(int=51), PERSON.id, HistoryKind.SURGERY, "胆囊切除", 2003),)
FULL = Profile(
    PERSON,
    (*PROFILE.conditions, *_MORE),
    PROFILE.allergies,
    PROFILE.medicines,
    _HISTORY,
    PROFILE.contacts,
)
TARGET = Target(Decimal(140), Decimal(90), Decimal("4.4"), Decimal("7.8"))

AGREED = GlucosePlan(Decimal("6.8"), date(2026, 9, 21), 3)
NOBODY_KNOWS = GlucosePlan(health_group=HealthGroup.MODERATE, ketone_strips=True)


def planned(plan: GlucosePlan) -> PlanView:
    """Return the page of a glucose plan."""
    return plan_view(plan, rulebook(), date(2026, 11, 22))


def full() -> HealthView:
    """Return an archive with everything."""
    return overview(FULL, TARGET, AGREED)


def empty() -> HealthView:
    """Return the archive of somebody who was asked about allergies only."""
    bare = Profile(PERSON)
    stated = state(bare, Topic.ALLERGIES, NONE).kept
    lines = tuple(each for each in stated if isinstance(each, HistoryLine))
    return overview(Profile(PERSON, history=lines), Target())


def medicines() -> ListView:
    """Return the medicines."""
    return list_of(FULL, Topic.MEDICINES)


def contacts() -> ListView:
    """Return the contacts."""
    return list_of(FULL, Topic.CONTACTS)


def nobody() -> ListView:
    """Return an empty list."""
    return list_of(Profile(PERSON), Topic.HISTORY)


def picked(topic: Topic) -> PickView:
    """Return one page of ticks."""
    return view_of(FULL, topic)


SAMPLES = (
    Sample("health", "full", full),
    Sample("health", "empty", empty),
    Sample("health.list", "medicines", medicines, {"topic": "medicines"}),
    Sample("health.list", "contacts", contacts, {"topic": "contacts"}),
    Sample("health.list", "nothing", nobody, {"topic": "history"}),
    Sample("health.entry", "condition", lambda: Known(FULL.conditions[3]), {"topic": "conditions"}),
    Sample("health.entry", "allergy", lambda: Known(FULL.allergies[0]), {"topic": "allergies"}),
    Sample("health.entry", "medicine", lambda: Known(FULL.medicines[0]), {"topic": "medicines"}),
    Sample("health.entry", "history", lambda: Known(_HISTORY[0]), {"topic": "history"}),
    Sample("health.entry", "contact", lambda: Known(FULL.contacts[0]), {"topic": "contacts"}),
    Sample("health.target", "set", lambda: TARGET),
    Sample("health.glucose", "agreed", lambda: planned(AGREED)),
    Sample("health.glucose", "bare", lambda: planned(NOBODY_KNOWS)),
    Sample("health.hba1c", "known", lambda: planned(AGREED)),
    Sample("health.conditions", "four", lambda: picked(Topic.CONDITIONS)),
    Sample("health.allergies", "one", lambda: picked(Topic.ALLERGIES)),
    Sample("health.medicines", "two", lambda: picked(Topic.MEDICINES)),
)
