"""Each step of the first run, with something typed."""

from datetime import date

from carehub.care.consent import Purpose
from carehub.care.people import Sex
from carehub.ui.screens.first_run.model import Draft
from carehub.ui.screens.health.entry_page import Known
from carehub.ui.screens.health.picks import PickView, Topic, view_of
from carehub.ui.screens.people.model import Typed
from carehub.ui.screens.sample import PROFILE, Sample

CODE = "7K2M-9QXA-B4TN-0HRD-5VWE-J3CP-8ZGS-6FY1"


def typed() -> Draft:
    """Return what an elder typed."""
    who = Typed("王示例", "王奶奶", date(1946, 3, 8), Sex.FEMALE, birthday_empty=False)
    return Draft({Purpose.ARCHIVE}, who)


def conditions() -> PickView:
    """Return the first step with two conditions."""
    return view_of(PROFILE, Topic.CONDITIONS)


def allergies() -> PickView:
    """Return the second step with one allergy."""
    return view_of(PROFILE, Topic.ALLERGIES)


def medicines() -> PickView:
    """Return the third step with two medicines."""
    return view_of(PROFILE, Topic.MEDICINES)


SAMPLES = (
    Sample("first_run", "language"),
    Sample("first_run.size", "large"),
    Sample("first_run.consent", "nothing"),
    Sample("first_run.person", "empty"),
    Sample("first_run.pin", "first"),
    Sample("first_run.passphrase", "empty"),
    Sample("first_run.code", "shown", what={"code": CODE}),
    Sample("first_run.conditions", "two", conditions),
    Sample("first_run.allergies", "one", allergies),
    Sample("first_run.medicines", "two", medicines),
    Sample("first_run.contact", "empty", Known),
)
