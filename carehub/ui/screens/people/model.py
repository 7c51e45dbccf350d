"""The people of this machine as cards and rows, and what is typed about one of them; free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from carehub.care.people import Person, Sex
from carehub.i18n import _
from carehub.ui import phrases
from carehub.ui.terms import SEXES

OLDEST = 130
"""Years; nobody is older."""


@dataclass(frozen=True, slots=True)
class Face:
    """One person to choose: what to call them, their full name and age, and the photo's bytes."""

    id: UUID
    name: str = field(repr=False)
    note: str = field(default="", repr=False)
    photo: bytes = field(default=b"", repr=False)
    here: bool = False


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody whose records are kept here."""

    faces: tuple[Face, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form about a person."""

    name: str = field(default="", repr=False)
    called: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    sex: Sex = Sex.UNKNOWN
    birthday_empty: bool = True

    def name_trouble(self) -> str:
        """Return what is wrong with the name, or nothing."""
        return "" if self.name.strip() else _("Please type a name.")

    def birthday_trouble(self, now: int, zone_offset: int) -> str:
        """Return what is wrong with the birthday, or nothing; it may stay empty."""
        if self.birthday_empty:
            return ""
        if self.born is None:
            return _("There is no such day. Please look again.")
        today = phrases.local(now, zone_offset).date()
        if self.born > today or today.year - self.born.year > OLDEST:
            return _("That birthday cannot be right. Check the year and try again.")
        return ""


def typed_of(person: Person) -> Typed:
    """Return what the form shows of a person."""
    return Typed(person.name, person.called, person.born, person.sex, person.born is None)


def face_of(person: Person, now: int, *, photo: bytes = b"", here: bool = False) -> Face:
    """Return a person's card; the full name stands under what they are called."""
    today = phrases.local(now, person.zone_offset).date()
    age = person.age_on(today)
    words = [person.name] if person.called and person.called != person.name else []
    if person.sex is not Sex.UNKNOWN:
        words.append(_(SEXES[person.sex]))
    if age is not None:
        words.append(_("{age} years old").format(age=age))
    return Face(person.id, person.greeting_name, "  ".join(words), photo, here)


def view_of(
    people: Sequence[Person], photos: dict[UUID, bytes], here: UUID | None, now: int
) -> PeopleView:
    """Return the cards of everybody, in the order in which they were added."""
    return PeopleView(
        tuple(
            face_of(each, now, photo=photos.get(each.id, b""), here=each.id == here)
            for each in people
        )
    )
