"""The health archive at a glance, and the lines of one of its parts; free of Qt."""

from dataclasses import dataclass, field
from uuid import UUID

from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.i18n import N_, _
from carehub.ui.screens.health.forms import target_lines
from carehub.ui.screens.health.glucose_plan import HEADING as GLUCOSE_HEADING
from carehub.ui.screens.health.glucose_plan import plan_lines
from carehub.ui.screens.health.picks import NONE, UNKNOWN, Entry, Topic, lines, name_of, said
from carehub.ui.terms import HISTORY_KINDS, MEDICINE_CLASSES

HEADINGS: dict[Topic, str] = {
    Topic.CONDITIONS: N_("Conditions"),
    Topic.ALLERGIES: N_("Allergies"),
    Topic.MEDICINES: N_("Medicines"),
    Topic.HISTORY: N_("History"),
    Topic.CONTACTS: N_("Family contacts"),
}
ICONS: dict[Topic, str] = {
    Topic.CONDITIONS: "heart-pulse",
    Topic.ALLERGIES: "warning",
    Topic.MEDICINES: "pill",
    Topic.HISTORY: "book",
    Topic.CONTACTS: "phone",
}
TARGET_HEADING = N_("The doctor's target")
SHOWN = 3
SHOWN_OF_SEVEN = 2
"""How many lines a card shows; less where a fourth row has to fit."""


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the archive on the overview."""

    key: str
    heading: str
    icon: str
    lines: tuple[str, ...] = field(default=(), repr=False)
    empty: bool = False


@dataclass(frozen=True, slots=True)
class HealthView:
    """The overview."""

    who: str = field(repr=False)
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a part, with what stands under it."""

    id: UUID
    title: str = field(repr=False)
    note: str = field(default="", repr=False)
    struck: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """All lines of one part; `said` where there are none by the person's own word."""

    topic: Topic
    lines: tuple[Line, ...] = ()
    said: str = ""


def view_of(profile: Profile, target: Target, glucose: GlucosePlan | None = None) -> HealthView:
    """Return the overview; the glucose plan stands there for a diabetic, or where there is one."""
    planned = glucose is not None or profile.diabetic
    shown = SHOWN_OF_SEVEN if planned else SHOWN
    cards = [_card(profile, topic, shown) for topic in Topic if topic is not Topic.CONTACTS]
    cards.append(_agreed("target", TARGET_HEADING, "shield", target_lines(target)[:shown]))
    if planned:
        agreed = plan_lines(glucose or GlucosePlan())
        cards.append(_agreed("glucose", GLUCOSE_HEADING, "drop", agreed))
    cards.append(_card(profile, Topic.CONTACTS, shown))
    return HealthView(profile.person.greeting_name, tuple(cards))


def _agreed(key: str, heading: str, icon: str, lines: list[str]) -> Card:
    return Card(key, _(heading), icon, tuple(lines) or (_("Not set"),), not lines)


def _card(profile: Profile, topic: Topic, shown: int) -> Card:
    kept = [line for line in lines(profile, topic) if not _stopped(line)]
    words = [_short(line) for line in kept[:shown]]
    if len(kept) > shown:
        words[-1] = _("and {count} more").format(count=len(kept) - shown + 1)
    if not words:
        words = [nothing(profile, topic)]
    return Card(topic.value, _(HEADINGS[topic]), ICONS[topic], tuple(words), not kept)


def nothing(profile: Profile, topic: Topic) -> str:
    """Return what stands where there are no lines: said to be none, not known, or never asked."""
    words = {NONE: _("None, as you said"), UNKNOWN: _("Not sure, as you said")}
    return words.get(said(profile, topic), _("Nothing recorded yet"))


def _stopped(line: Entry) -> bool:
    return isinstance(line, Medicine) and line.stopped


def _short(line: Entry) -> str:
    name = name_of(line)
    if isinstance(line, EmergencyContact):
        return f"{line.relation} {line.name}".strip()
    if isinstance(line, Medicine) and line.dose:
        return f"{name} {line.dose}"
    return name


def list_of(profile: Profile, topic: Topic) -> ListView:
    """Return the lines of one part."""
    rows = tuple(_line(entry) for entry in lines(profile, topic))
    return ListView(topic, rows, "" if rows else nothing(profile, topic))


def _line(entry: Entry) -> Line:
    if isinstance(entry, EmergencyContact):
        told = _("has agreed to be told") if entry.alerts else _("is not told")
        who = f"{entry.relation} {entry.name}".strip()
        return Line(entry.id, who, " ・ ".join(filter(None, (entry.phone, told))))
    return Line(entry.id, name_of(entry), " ・ ".join(filter(None, _notes(entry))), _stopped(entry))


def _notes(entry: Condition | Allergy | Medicine | HistoryLine) -> list[str]:
    since = _("since {year}")
    if isinstance(entry, Condition):
        return [since.format(year=entry.since)] if entry.since is not None else []
    if isinstance(entry, Allergy):
        return [entry.reaction]
    if isinstance(entry, Medicine):
        kind = _(MEDICINE_CLASSES[entry.medicine_class])
        words = "" if kind == entry.name else kind
        return [_("No longer used") if entry.stopped else "", words, entry.dose, entry.timing]
    year = _("in {year}").format(year=entry.year) if entry.year is not None else ""
    return [_(HISTORY_KINDS[entry.kind]), year]
