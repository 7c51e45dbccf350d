"""The three steps of the health archive as things to tick: what is on, what a tick changes; no Qt."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID, uuid5

from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
    MedicineClass,
    Profile,
)
from carehub.i18n import N_, _
from carehub.ui.terms import CONDITIONS, MEDICINE_CLASSES

Entry = Condition | Allergy | Medicine | HistoryLine | EmergencyContact


class Topic(StrEnum):
    """The parts of the health archive that consist of lines."""

    CONDITIONS = "conditions"
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    HISTORY = "history"
    CONTACTS = "contacts"


NONE, UNKNOWN = "none", "unknown"

ABSENT: dict[Topic, HistoryKind] = {
    Topic.CONDITIONS: HistoryKind.NO_CONDITION,
    Topic.ALLERGIES: HistoryKind.NO_ALLERGY,
    Topic.MEDICINES: HistoryKind.NO_MEDICINE,
}

QUESTIONS: dict[Topic, str] = {
    Topic.CONDITIONS: N_("Which of these do you have?"),
    Topic.ALLERGIES: N_("What can you not take or eat?"),
    Topic.MEDICINES: N_("Which medicines do you use?"),
}
OTHERS: dict[Topic, str] = {
    Topic.CONDITIONS: N_("Another illness"),
    Topic.ALLERGIES: N_("Something else"),
    Topic.MEDICINES: N_("Name on the box"),
}
NOTHING: dict[Topic, str] = {
    Topic.CONDITIONS: N_("None of these"),
    Topic.ALLERGIES: N_("No allergies"),
    Topic.MEDICINES: N_("No medicines"),
}

SUBSTANCES = {
    "penicillin": N_("Penicillin"),
    "cephalosporin": N_("Cephalosporins"),
    "sulfonamide": N_("Sulfa drugs"),
    "aspirin": N_("Aspirin"),
    "painkiller": N_("Painkillers"),
    "iodine": N_("Contrast dye"),
    "seafood": N_("Seafood"),
    "peanut": N_("Peanuts"),
    "alcohol": N_("Alcohol"),
    "pollen": N_("Pollen"),
}
"""What people are most often allergic to; kept under its name in the language it was ticked in."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tick."""

    key: str
    words: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """A line that was typed, or that says more than a tick."""

    id: UUID
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PickView:
    """One step: what can be ticked, what was added besides, and whether somebody said none."""

    topic: Topic
    options: tuple[Option, ...]
    others: tuple[Other, ...] = ()
    said: str = ""

    @property
    def any(self) -> bool:
        """Tell whether something is on record."""
        return bool(self.others) or any(option.on for option in self.options)

    @property
    def answered(self) -> bool:
        """Tell whether the person has answered, be it with none or unknown."""
        return self.any or bool(self.said)


@dataclass(frozen=True, slots=True)
class Change:
    """Which lines an act keeps and which it takes out."""

    kept: tuple[Entry, ...] = field(default=(), repr=False)
    gone: tuple[Entry, ...] = field(default=(), repr=False)

    def back(self) -> "Change":
        """Return what takes this change back."""
        return Change(kept=self.gone, gone=self.kept)


def offered(topic: Topic) -> dict[str, str]:
    """Return what can be ticked: key and words."""
    if topic is Topic.CONDITIONS:
        known = {code.value: words for code, words in CONDITIONS.items()}
        known.pop(ConditionCode.OTHER)
    elif topic is Topic.ALLERGIES:
        known = dict(SUBSTANCES)
    else:
        known = {each.value: words for each, words in MEDICINE_CLASSES.items()}
        known.pop(MedicineClass.OTHER)
    return {key: _(words) for key, words in known.items()}


def ticked(profile: Profile, topic: Topic) -> dict[str, Entry]:
    """Return the lines that stand behind the ticks, by key."""
    if topic is Topic.CONDITIONS:
        coded = [each for each in profile.conditions if each.code is not ConditionCode.OTHER]
        return {each.code.value: each for each in coded}
    if topic is Topic.ALLERGIES:
        by_word = {words: key for key, words in offered(topic).items()}
        return {by_word[a.substance]: a for a in profile.allergies if a.substance in by_word}
    plain = offered(topic)
    return {
        m.medicine_class.value: m
        for m in profile.medicines
        if not m.stopped and m.name == plain.get(m.medicine_class.value)
    }


def lines(profile: Profile, topic: Topic) -> tuple[Entry, ...]:
    """Return all lines of a topic; statements that there is none are not among them."""
    if topic is Topic.CONDITIONS:
        return profile.conditions
    if topic is Topic.ALLERGIES:
        return profile.allergies
    if topic is Topic.MEDICINES:
        return profile.medicines
    if topic is Topic.CONTACTS:
        return profile.contacts
    return tuple(line for line in profile.history if line.kind not in ABSENT.values())


def name_of(entry: Entry) -> str:
    """Return the name of a line, as the person reads it."""
    if isinstance(entry, Condition):
        plain = entry.code is ConditionCode.OTHER
        return entry.name if plain else _(CONDITIONS[entry.code])
    if isinstance(entry, Allergy):
        return entry.substance
    return entry.text if isinstance(entry, HistoryLine) else entry.name


def said(profile: Profile, topic: Topic) -> str:
    """Return `none` or `unknown` where the person said so, else an empty text."""
    kind = ABSENT.get(topic)
    return next((line.text for line in profile.history if line.kind is kind), "")


def view_of(profile: Profile, topic: Topic) -> PickView:
    """Return one step for a person."""
    on = ticked(profile, topic)
    behind = set(on.values())
    return PickView(
        topic,
        tuple(Option(key, words, key in on) for key, words in offered(topic).items()),
        tuple(Other(e.id, name_of(e)) for e in lines(profile, topic) if e not in behind),
        said(profile, topic),
    )


def tick(profile: Profile, topic: Topic, key: str, *, on: bool) -> Change:
    """Return what ticking, or unticking, `key` changes."""
    behind = ticked(profile, topic).get(key)
    if not on:
        return Change(gone=(behind,) if behind is not None else ())
    if behind is not None:
        return Change()
    return Change((_made(profile.person.id, topic, key),), _statements(profile, topic))


def add(profile: Profile, topic: Topic, words: str, entry_id: UUID) -> Change:
    """Return what adding a line in the person's own words changes; nothing where there are none."""
    text, who = words.strip(), profile.person.id
    if not text:
        return Change()
    made: Entry
    if topic is Topic.CONDITIONS:
        made = Condition(entry_id, who, ConditionCode.OTHER, text)
    elif topic is Topic.ALLERGIES:
        made = Allergy(entry_id, who, text)
    else:
        made = Medicine(entry_id, who, text)
    return Change((made,), _statements(profile, topic))


def remove(profile: Profile, entry_id: UUID) -> Change:
    """Return what taking a line out changes."""
    every = [entry for topic in Topic for entry in lines(profile, topic)]
    return Change(gone=tuple(entry for entry in every if entry.id == entry_id))


def call_later(profile: Profile, entry_id: UUID) -> Change:
    """Return what changes when one contact is called after the next one."""
    contacts = list(profile.contacts)
    place = next((n for n, each in enumerate(contacts) if each.id == entry_id), len(contacts))
    if place + 1 < len(contacts):
        contacts[place], contacts[place + 1] = contacts[place + 1], contacts[place]
    return Change(tuple(replace(each, order=n) for n, each in enumerate(contacts, 1)))


def state(profile: Profile, topic: Topic, word: str) -> Change:
    """Return what saying `none` or `unknown` changes."""
    kind = ABSENT[topic]
    line = HistoryLine(uuid5(profile.person.id, kind), profile.person.id, kind, word)
    return Change(kept=(line,))


def _made(person_id: UUID, topic: Topic, key: str) -> Entry:
    entry_id = uuid5(person_id, f"{topic}.{key}")
    if topic is Topic.CONDITIONS:
        return Condition(entry_id, person_id, ConditionCode(key))
    words = offered(topic)[key]
    if topic is Topic.ALLERGIES:
        return Allergy(entry_id, person_id, words)
    return Medicine(entry_id, person_id, words, medicine_class=MedicineClass(key))


def _statements(profile: Profile, topic: Topic) -> tuple[Entry, ...]:
    kind = ABSENT[topic]
    return tuple(line for line in profile.history if line.kind is kind)
