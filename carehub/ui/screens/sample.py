"""Plainly fictional people and views: every page is drawn from them for pictures and for tests."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    Medicine,
    MedicineClass,
    Person,
    Profile,
    Sex,
)
from carehub.config import Config
from carehub.ui import navigation, screens
from carehub.ui.visit import Visit

NOW = 1_795_311_120_000
"""22 November 2026, 9:32 in China."""

PERSON = Person(
    id=UUID(int=1), name="王示例", called="王奶奶", born=date(1946, 3, 8), sex=Sex.FEMALE
)
PROFILE = Profile(
    person=PERSON,
    conditions=(
        Condition(UUID(int=11), PERSON.id, ConditionCode.HYPERTENSION, since=2008),
        Condition(UUID(int=12), PERSON.id, ConditionCode.DIABETES_TYPE_2, since=2015),
    ),
    allergies=(Allergy(UUID(int=21), PERSON.id, "青霉素", "起疹子"),),
    medicines=(
        Medicine(
            UUID(int=31),
            PERSON.id,
            "氨氯地平",
            "5 mg",
            "每天早上 1 片",
            MedicineClass.ANTIHYPERTENSIVE,
        ),
        Medicine(
            UUID(int=32),
            PERSON.id,
            "二甲双胍",
            "0.5 g",
            "每天 2 次，饭后",
            MedicineClass.GLUCOSE_LOWERING,
        ),
    ),
    contacts=(
        EmergencyContact(UUID(int=41), PERSON.id, "王芳", "女儿", "13800000000", 1, alerts=True),
        EmergencyContact(UUID(int=42), PERSON.id, "王强", "儿子", "13900000000", 2),
    ),
)


def sample_visit(config: Config | None = None) -> Visit:
    """Return a visit of the sample person without an archive."""
    given = config or Config(helpline="400-000-0000")
    return Visit(config=given, person=PERSON, profile=PROFILE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page with one view; `view` is built after the language was chosen.

    A page without a view gives None; `what` is what the page is opened with.
    """

    page: str
    name: str
    view: Callable[[], object] = field(default=lambda: None)
    what: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return a name for files and test ids."""
        return f"{self.page}-{self.name}"


def samples_of(folder: str) -> tuple[Sample, ...]:
    """Return the samples of one screen folder; none where it has no `samples` module."""
    module = f"{screens.__name__}.{folder}.samples"
    found: tuple[Sample, ...] = ()
    if find_spec(module) is not None:
        found = import_module(module).SAMPLES
    return found


def all_samples(only: Sequence[str] = ()) -> Iterator[Sample]:
    """Yield the samples whose key begins with one of `only`; all of them where it is empty."""
    for folder in navigation.folders():
        wanted = [start for start in only if re.split(r"[.-]", start)[0] == folder]
        if only and not wanted:
            continue
        for sample in samples_of(folder):
            if not only or sample.key.startswith(tuple(wanted)):
                yield sample
