"""Two people, six people, and the form of one."""

from datetime import date
from uuid import UUID

from carehub.care.people import Person, Sex
from carehub.ui.screens.people.model import PeopleView, Typed, typed_of, view_of
from carehub.ui.screens.sample import NOW, PERSON, Sample

OTHER = Person(UUID(int=2), "李示范", "李爷爷", date(1944, 9, 1), Sex.MALE)
MORE = tuple(
    Person(UUID(int=n), f"样例{word}", born=date(1950 + n, 1, 2))
    for n, word in enumerate("甲乙丙丁", 3)
)


def two() -> PeopleView:
    """Return a couple."""
    return view_of((PERSON, OTHER), {}, PERSON.id, NOW)


def six() -> PeopleView:
    """Return a large family."""
    return view_of((PERSON, OTHER, *MORE), {}, PERSON.id, NOW)


def known() -> Typed:
    """Return the form of somebody who is known."""
    return typed_of(PERSON)


SAMPLES = (
    Sample("people.choose", "two", two),
    Sample("people.choose", "six", six),
    Sample("people", "two", two),
    Sample("people.edit", "new"),
    Sample("people.edit", "known", known, {"person": PERSON.id}),
    Sample("people.consent", "new"),
)
